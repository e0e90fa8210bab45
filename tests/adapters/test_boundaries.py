"""Identity and secrets stay out of a model's reach; async really overlaps; imports stay apart."""

from __future__ import annotations

import asyncio
import json
import pickle
import subprocess
import sys
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_vimeo import get_tools as langchain_tools
from llama_index.tools.vimeo import get_tools as llama_tools

from tests.conftest import Connect
from vimeo_toolkit import InvalidInput, UnknownTool, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.selection import TOOL_CALL
from vimeo_toolkit.catalog.toolsets import DEFAULT
from vimeo_toolkit.sandbox import Sandbox


@pytest.mark.parametrize("name", sorted(catalog()))
def test_no_identity_in_what_a_model_sees(name: str, toolkit: VimeoToolkit) -> None:
    hidden = "tenant-marker-8812"
    lang = langchain_tools(identifier=hidden, toolkit=toolkit, include=[name])[0]
    llama = llama_tools(identifier=hidden, toolkit=toolkit, include=[name])[0]
    shown = [
        json.dumps(convert_to_openai_tool(lang)),
        json.dumps(llama.metadata.to_openai_tool()),
        repr(lang),
        str(lang.args),
        lang.model_dump_json(exclude={"args_schema", "handle_validation_error"}),
        str(lang.metadata),
        repr(llama.metadata),
    ]
    assert not [text for text in shown if hidden in text]


class _Trace(BaseCallbackHandler):
    """Keeps the text of all that a tracer is told about tools."""

    raise_error = True

    def __init__(self) -> None:
        self.told: list[str] = []

    def on_tool_start(self, *args: Any, **kwargs: Any) -> None:
        self.told.append(repr((args, kwargs)))

    def on_tool_end(self, *args: Any, **kwargs: Any) -> None:
        self.told.append(repr((args, kwargs)))

    def on_tool_error(self, *args: Any, **kwargs: Any) -> None:
        self.told.append(repr((args, kwargs)))


@pytest.mark.parametrize("scopes", [None, [], ["public"]], ids=["works", "not connected", "missing scope"])
def test_no_identity_in_traces_and_outputs(
    scopes: list[str] | None, vimeo: Sandbox, toolkit: VimeoToolkit
) -> None:
    hidden, name = "tenant-marker-8812", "vimeo_my_videos_list"
    secret = "no token"
    if scopes != []:
        secret = (vimeo.issue_token(scopes=scopes) if scopes else vimeo.issue_token()).access_token
        toolkit.import_token(identifier=hidden, access_token=secret)
    trace = _Trace()
    call = {"name": name, "args": {"per_page": 1}, "id": "1", "type": "tool_call"}
    lang = langchain_tools(identifier=hidden, toolkit=toolkit, include=[name])[0]
    lang.invoke(call, config={"callbacks": [trace]})
    output = llama_tools(identifier=hidden, toolkit=toolkit, include=[name])[0].call(per_page=1)
    assert len(trace.told) == 2
    assert output.is_error is (scopes is not None)
    assert output.raw_input == {"args": (), "kwargs": {"per_page": 1}}
    for text in (*trace.told, repr(output), output.model_dump_json()):
        assert hidden not in text
        assert secret not in text


def test_a_bug_is_not_shown_to_the_model(toolkit: VimeoToolkit, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**given: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(toolkit, "execute_tool", broken)
    lang = langchain_tools(identifier="u", toolkit=toolkit, include=["vimeo_me_get"])[0]
    llama = llama_tools(identifier="u", toolkit=toolkit, include=["vimeo_me_get"])[0]
    with pytest.raises(ZeroDivisionError):
        lang.invoke({})
    with pytest.raises(ZeroDivisionError):
        llama.call()


@pytest.mark.parametrize("field", ["identifier", "connection_name", "access_token"])
def test_a_model_cannot_change_the_user(
    field: str, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    other = vimeo.add_user("Other")
    connect("mine")
    connect("other", user=other)
    lang = langchain_tools(identifier="mine", toolkit=toolkit, include=["vimeo_me_get"])[0]
    llama = llama_tools(identifier="mine", toolkit=toolkit, include=["vimeo_me_get"])[0]
    call = {"name": "vimeo_me_get", "args": {field: "other"}, "id": "1", "type": "tool_call"}
    assert lang.invoke(call).status == "error"
    assert llama.call(**{field: "other"}).is_error
    assert vimeo.requests == []


async def test_five_slow_calls_overlap(vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect) -> None:
    identifier = connect()
    vimeo.latency = 0.2
    lang = langchain_tools(identifier=identifier, toolkit=toolkit, include=["vimeo_my_videos_list"])[0]
    llama = llama_tools(identifier=identifier, toolkit=toolkit, include=["vimeo_my_videos_list"])[0]
    for call in (lambda size: lang.ainvoke({"per_page": size}), lambda size: llama.acall(per_page=size)):
        vimeo.requests.clear()
        await asyncio.gather(*map(call, range(1, 6)))
        assert max(request.overlapping for request in vimeo.requests) == 5


@pytest.mark.parametrize(
    ("imported", "absent"),
    [
        ("vimeo_toolkit", ("langchain_core", "llama_index.core", "mcp", "starlette", "typer")),
        pytest.param("langchain_vimeo", ("llama_index",), marks=pytest.mark.slow),
        pytest.param("llama_index.readers.vimeo", ("langchain_vimeo",), marks=pytest.mark.slow),
        pytest.param("llama_index.tools.vimeo", ("langchain_vimeo",), marks=pytest.mark.slow),
        pytest.param("vimeo_mcp", ("langchain_core", "llama_index", "typer"), marks=pytest.mark.slow),
    ],
)
def test_imports_stay_apart(imported: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {imported}; print([name for name in {absent!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_both_frameworks_show_the_same_definition(toolkit: VimeoToolkit) -> None:
    lang = [convert_to_openai_tool(tool) for tool in langchain_tools(identifier="u", toolkit=toolkit)]
    llama = [tool.metadata.to_openai_tool() for tool in llama_tools(identifier="u", toolkit=toolkit)]
    assert lang == llama
    for definition in lang:
        text = json.dumps(definition)
        assert '"title"' not in text
        assert '"null"' not in text


def test_choosing_tools(toolkit: VimeoToolkit) -> None:
    def names(**choice: object) -> list[str]:
        return [tool.name for tool in langchain_tools(identifier="u", toolkit=toolkit, **choice)]  # type: ignore[arg-type]

    assert set(names()) == DEFAULT | {TOOL_CALL}
    assert len(names(toolsets="all")) == len(catalog())
    assert names(include=["vimeo_me_get"]) == ["vimeo_me_get"]
    assert "vimeo_me_get" not in names(exclude=["vimeo_me_get"])
    assert set(names(read_only=True)) == {name for name in DEFAULT if catalog()[name].read_only}
    assert set(names(toolsets="webhooks")) == {name for name in catalog() if "webhook" in name}
    with pytest.raises(UnknownTool, match="vimeo_me_get"):
        names(include=["vimeo_me_gte"])
    with pytest.raises(InvalidInput, match="organize"):
        names(toolsets=["organise"])
    with pytest.raises(InvalidInput, match="identifier"):
        langchain_tools(toolkit=toolkit)


def test_hiding_what_was_not_granted(toolkit: VimeoToolkit, connect: Connect) -> None:
    identifier = connect(scopes=["public", "private"])
    shown = langchain_tools(identifier=identifier, toolkit=toolkit, missing_scopes="hide")
    assert {tool.name for tool in shown} == {
        TOOL_CALL,
        *(name for name in DEFAULT if catalog()[name].scopes <= {"public", "private"}),
    }


def test_a_tool_refuses_to_be_pickled_with_its_toolkit(toolkit: VimeoToolkit) -> None:
    tool = langchain_tools(identifier="u", toolkit=toolkit)[0]
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        pickle.dumps(tool)
