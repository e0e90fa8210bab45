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


def page(*days: str, next_page: int | None = None) -> dict[str, Any]:
    """A page of videos uploaded on these days, numbered by their day."""
    body: dict[str, Any] = {
        "data": [
            {"uri": f"/videos/{day.replace('-', '')}", "name": day, "created_time": f"{day}T10:00:00+00:00"}
            for day in days
        ]
    }
    return body if next_page is None else {**body, "next_page": next_page}


def test_reads_on_while_the_last_video_is_of_this_month() -> None:
    said = conversation(page("2031-05-20", "2031-05-09", next_page=2))
    assert [call["name"] for call in said.tool_calls] == ["vimeo_my_videos_list"]
    assert said.tool_calls[0]["args"]["page"] == 2


def test_stops_reading_at_the_first_older_video() -> None:
    said = conversation(page("2031-05-20", "2031-04-30", next_page=2))
    assert [call["name"] for call in said.tool_calls] == ["vimeo_showcase_create"]
    assert said.tool_calls[0]["args"]["name"] == "May 2031"


def test_stops_reading_at_the_last_page() -> None:
    said = conversation(page("2031-05-20"))
    assert [call["name"] for call in said.tool_calls] == ["vimeo_showcase_create"]


def test_adds_what_it_found_to_the_showcase_it_made() -> None:
    said = conversation(
        page("2031-05-20", "2031-05-09", next_page=2),
        page("2031-05-02", "2031-03-01", next_page=3),
        {"uri": "/users/1/albums/77"},
    )
    assert {call["name"] for call in said.tool_calls} == {"vimeo_showcase_video_add"}
    assert [call["args"]["video_id"] for call in said.tool_calls] == [
        "/videos/20310520",
        "/videos/20310509",
        "/videos/20310502",
    ]
    assert {str(call["args"]["album_id"]).split("/")[-1] for call in said.tool_calls} == {"77"}
    assert len({call["id"] for call in said.tool_calls}) == 3


def test_makes_no_showcase_for_no_videos() -> None:
    said = conversation(page("2031-04-30"))
    assert said.tool_calls == []


def test_stops_at_an_error() -> None:
    said = conversation({"error": "forbidden", "message": "No."}, status="error")
    assert said.tool_calls == []
    assert "vimeo_my_videos_list" in str(said.content)
