from __future__ import annotations

import json
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from vimeo_toolkit.cli.scripted_model import ScriptedOrganizer

MODEL = ScriptedOrganizer(month="2031-05", showcase="May 2031")


def conversation(*results: dict[str, Any], status: str = "success") -> AIMessage:
    """Play the model, answering its calls with these results in turn; its next message."""
    messages: list[BaseMessage] = [HumanMessage("Organize my videos.")]
    left = list(results)
    while True:
        said = MODEL.invoke(messages)
        assert isinstance(said, AIMessage)
        if not left:
            return said
        messages.append(said)
        for call in said.tool_calls:
            body = json.dumps(left.pop(0))
            messages.append(
                ToolMessage(
                    body,
                    name=call["name"],
                    tool_call_id=str(call["id"]),
                    status="error" if status == "error" else "success",
                )
            )


def found(*days: str) -> dict[str, Any]:
    """Videos uploaded on these days, numbered by their day."""
    return {"data": [{"uri": f"/videos/{day.replace('-', '')}", "name": day} for day in days]}


def test_asks_for_the_month() -> None:
    said = conversation()
    assert [call["name"] for call in said.tool_calls] == ["vimeo_my_videos_find"]
    assert said.tool_calls[0]["args"] == {"from_date": "2031-05", "until_date": "2031-05"}


def test_makes_a_showcase_of_what_it_found() -> None:
    said = conversation(found("2031-05-20", "2031-05-09"))
    assert [call["name"] for call in said.tool_calls] == ["vimeo_showcase_create"]
    assert said.tool_calls[0]["args"]["name"] == "May 2031"
    assert said.tool_calls[0]["args"]["videos"] == ["/videos/20310520", "/videos/20310509"]


def test_reads_back_the_showcase_that_it_made() -> None:
    said = conversation(found("2031-05-20"), {"uri": "/users/1/albums/77"})
    assert [call["name"] for call in said.tool_calls] == ["vimeo_my_videos_find"]
    assert str(said.tool_calls[0]["args"]["showcase_id"]).split("/")[-1] == "77"


def test_makes_no_showcase_for_no_videos() -> None:
    said = conversation(found())
    assert said.tool_calls == []


def test_stops_at_an_error() -> None:
    said = conversation({"error": "forbidden", "message": "No."}, status="error")
    assert said.tool_calls == []
    assert "vimeo_my_videos_find" in str(said.content)
