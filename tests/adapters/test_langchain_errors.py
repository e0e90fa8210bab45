"""An error of a LangChain tool: text for the model, and the whole of it for a product that draws a button."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain_core.messages import ToolMessage
from langchain_core.tools import BaseToolkit, ToolException
from langchain_vimeo import VimeoTools, get_tools

from tests.conftest import Connect
from tests.examples import example_input
from vimeo_toolkit import Connection, InvalidInput, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.sandbox import Sandbox

LIST, DELETE = "vimeo_my_videos_list", "vimeo_video_delete"


def _call(name: str, given: Any) -> dict[str, Any]:
    return {"name": name, "args": given, "id": "1", "type": "tool_call"}


async def _answers(toolkit: VimeoToolkit, name: str, given: Any, who: str = "user_1") -> list[ToolMessage]:
    (tool,) = get_tools(identifier=who, toolkit=toolkit, include=[name])
    return [tool.invoke(_call(name, given)), await tool.ainvoke(_call(name, given))]


async def test_each_error_is_whole_in_the_artifact(
    connection: Connection, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    connect(scopes=["public", "private"])
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive") as careful:
        careful.import_token(identifier="user_1", access_token=vimeo.issue_token().access_token)
        given = example_input(DELETE, vimeo)
        for kit, who, name, args, code, keys in (
            (toolkit, "nobody", LIST, {}, "not_connected", {"authorization_link"}),
            (
                toolkit,
                "user_1",
                DELETE,
                given,
                "missing_scope",
                {"authorization_link", "missing_scopes", "needed_scopes", "granted_scopes"},
            ),
            (toolkit, "user_1", LIST, {"per_page": "many"}, "invalid_input", {"problems"}),
            (toolkit, "user_1", LIST, "per_page=3", "invalid_input", {"problems"}),
            (
                careful,
                "user_1",
                DELETE,
                given,
                "approval_required",
                {"approval_id", "question", "description", "changes"},
            ),
        ):
            for message in await _answers(kit, name, args, who):
                assert message.status == "error"
                assert message.artifact["error"] == json.loads(str(message.content))["error"] == code
                assert {"message", "hint", *keys} <= message.artifact.keys()
                assert json.loads(json.dumps(message.artifact)) == message.artifact
                assert message.model_copy(update={"id": "x"}).artifact == message.artifact


def test_text_where_there_is_no_call_to_answer(toolkit: VimeoToolkit) -> None:
    (tool,) = get_tools(identifier="nobody", toolkit=toolkit, include=[LIST])
    assert json.loads(tool.invoke({}))["error"] == "not_connected"
    assert json.loads(tool.run({}))["error"] == "not_connected"
    assert tool.run({}, tool_call_id="7").tool_call_id == "7"


def test_who_handles_errors_otherwise_may(toolkit: VimeoToolkit) -> None:
    (tool,) = get_tools(identifier="nobody", toolkit=toolkit, include=[LIST])
    tool.handle_tool_error = False
    with pytest.raises(ToolException, match="not_connected"):
        tool.invoke(_call(LIST, {}))
    tool.handle_tool_error = "Ask somebody."
    assert tool.invoke(_call(LIST, {})).content == "Ask somebody."


def test_the_toolkit_of_langchain(toolkit: VimeoToolkit, connect: Connect) -> None:
    made = VimeoTools(identifier=connect(), toolkit=toolkit, toolsets="all", read_only=True)
    assert isinstance(made, BaseToolkit)
    names = [tool.name for tool in made.get_tools()]
    assert sorted(names) == sorted(name for name, tool in catalog().items() if tool.read_only)
    assert "user_1" not in repr(made)
    (tool,) = VimeoTools("vimeo", lambda config: "user_1", toolkit=toolkit, include=[LIST]).get_tools()
    assert tool.invoke(_call(LIST, {})).status == "success"
    with pytest.raises(InvalidInput):
        VimeoTools(toolkit=toolkit)
