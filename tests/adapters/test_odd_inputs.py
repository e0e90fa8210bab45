"""What agents write where arguments belong, through the frameworks' own tool classes: never a raw exception, and
never more text for the model than it can use."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from langchain_vimeo import get_tools as langchain_tools
from llama_index.core.tools.calling import acall_tool, call_tool
from llama_index.tools.vimeo import get_tools as llama_tools
from mcp import Client
from vimeo_mcp import create_server

from tests.examples import UPLOADS
from tests.hostile.values import ANYTHING
from tests.hostile.world import call as execute
from tests.hostile.world import ready
from tests.properties import examples
from tests.unit.inputs import minimal
from vimeo_toolkit import Connection, ToolResult, VimeoToolkit, VimeoToolkitError
from vimeo_toolkit import errors as declared
from vimeo_toolkit.catalog import catalog

INPUTS = [(name, field) for name, tool in catalog().items() for field in tool.input_model.model_fields]
MOST = 10_000
"""Characters of an error that a model may be shown."""


def _nested(depth: int) -> Any:
    value: Any = 1
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


EXTREMES: list[Any] = [
    float("nan"), float("inf"), -1e308, 10**400, -(10**5000), 2**63, True, None, [], {}, [None], [[["x"]]],
    "\ud800", ["x\udfff"], "9999-12-31", "0001-01-01", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59",
    "99999-01-01", "2026-11-30T24:00:00", "nan", "1" * 5000, "x" * 100_000, "\x00", b"x", object(), {"x": object()},
    (1, 2), set(), complex(1, 1), range(3), [float("nan")], _nested(4_000), {f"x{n}": n for n in range(300)},
    [f"video {n}" for n in range(3_000)],
]  # fmt: skip


class _Kit(VimeoToolkit):
    """A toolkit whose calls reach a scripted Vimeo."""

    def execute_tool(self, **call: Any) -> ToolResult:
        outcome, _ = execute(call["tool_name"], call["tool_input"])
        if isinstance(outcome, VimeoToolkitError):
            raise outcome
        return outcome

    async def aexecute_tool(self, **call: Any) -> ToolResult:
        return self.execute_tool(**call)


@cache
def kit() -> _Kit:
    connection = Connection(client_id="id", client_secret="secret", redirect_uri="http://127.0.0.1/cb")
    return _Kit([connection], store="sqlite:///:memory:", upload_folders=[UPLOADS])


@cache
def tools() -> tuple[dict[str, Any], dict[str, Any]]:
    lang: dict[str, Any] = {
        tool.name: tool for tool in langchain_tools(identifier="u", toolkit=kit(), toolsets="all")
    }
    llama: dict[str, Any] = {
        tool.metadata.get_name(): tool for tool in llama_tools(identifier="u", toolkit=kit(), toolsets="all")
    }
    return lang, llama


def _texts(name: str, given: Any) -> Iterator[str]:
    """What a model is told, by every way in which frameworks call a tool with one thing."""
    lang, llama = (each[name] for each in tools())
    yield str(lang.invoke(given))
    yield str(lang.run(given))
    yield lang.invoke({"type": "tool_call", "id": "1", "name": name, "args": given}).content
    yield llama.call(given).content
    if isinstance(given, dict) and all(isinstance(key, str) for key in given):
        yield llama.call(**given).content


def _holds(name: str, given: Any) -> None:
    for text in _texts(name, given):
        assert len(text) <= 25_000
        if text.startswith('{"error"'):
            assert len(text) <= MOST
            assert json.loads(text)["error"] in ("invalid_input", "unexpected_response", "effect_mismatch")


@pytest.mark.parametrize("place", range(len(EXTREMES)))
def test_extremes_in_place_of_arguments_and_in_an_argument(place: int) -> None:
    """Each value on its own, and in one of every few tools' inputs, others each time."""
    for turn, name in enumerate(catalog()):
        if turn % 10 == place % 10:
            _holds(name, EXTREMES[place])
        fields = list(catalog()[name].input_model.model_fields)
        if fields and turn % 5 == place % 5:
            _holds(name, {**minimal(name), fields[(turn + place) % len(fields)]: EXTREMES[place]})


@examples(40, 1000, list(HealthCheck))
@given(pair=st.sampled_from(INPUTS), value=ANYTHING | st.sampled_from(EXTREMES), alone=st.booleans())
def test_anything_in_any_input_of_any_tool(pair: tuple[str, str], value: Any, alone: bool) -> None:
    name, field = pair
    _holds(name, value if alone else {**minimal(name), field: value})


@pytest.mark.slow
@pytest.mark.parametrize(("name", "field"), INPUTS)
def test_every_extreme_in_every_input(name: str, field: str) -> None:
    for value in EXTREMES:
        _holds(name, {**minimal(name), field: value})


ONE = [name for name in catalog() if len(catalog()[name].input_schema.get("required", [])) == 1]


@pytest.mark.parametrize("name", ONE)
def test_agents_that_write_text(name: str) -> None:
    """The only argument without its name, or the arguments as JSON, is what was meant."""
    (field,) = catalog()[name].input_schema["required"]
    value = minimal(name)[field]
    tool = catalog()[name]
    as_json = json.dumps({field: value})
    in_python = repr({field: value})
    for written in (
        as_json, f" {as_json}\n", f"```{as_json}```", {field: value},
        f"```json\n{as_json}\n```", json.dumps(as_json), f"{as_json}\nObservation: done",
        in_python, f"```\n{in_python}\n```\nThought: next",
    ):  # fmt: skip
        assert tool.arguments(written) == {field: value}
    if isinstance(value, str) and name != "vimeo_video_captions_add":
        execute(name, {field: value})
        expected = [(sent.url, sent.content) for sent in ready()[0].sent]
        for way in (tools()[0][name].invoke, tools()[1][name].call):
            ready()[0].sent.clear()
            way(value)
            assert [(sent.url, sent.content) for sent in ready()[0].sent] == expected


def test_what_text_cannot_say_is_told_by_name() -> None:
    told = json.loads(tools()[0]["vimeo_showcase_video_add"].invoke("123"))
    assert all(f"{field}: " in told["message"] for field in ("album_id", "video_id", "input"))
    assert tools()[0]["vimeo_me_get"].invoke("") == tools()[0]["vimeo_me_get"].invoke({})


def test_llamaindex_gives_the_only_argument_without_its_name() -> None:
    """As its own helpers do, for tools with one property."""
    tool = tools()[1]["vimeo_video_get"]
    for output in (call_tool(tool, {"video_id": "123"}), asyncio.run(acall_tool(tool, {"video_id": "123"}))):
        assert not output.is_error, output.content


# ---- what a model is told is bounded ----

FLOOD = "flood " * 20_000
CLASSES = [getattr(declared, name) for name in declared.__all__]


def _flooded(cls: type[VimeoToolkitError]) -> VimeoToolkitError:
    more: dict[str, Any] = {
        "problems": [{"field": FLOOD, "problem": FLOOD}] * 900,
        "fields": [FLOOD] * 900,
        "needed": [f"{n}{FLOOD}" for n in range(900)],
        "asked": [FLOOD] * 900,
        "before": [FLOOD] * 900,
        "found": [f"/videos/{n}" for n in range(900)],
        "granted": [f"{n}{FLOOD}" for n in range(900)],
        "tool": FLOOD,
        "authorization_link": f"https://api.vimeo.com/oauth/authorize?x={'x' * 900}",
        "approval_id": FLOOD,
        "planned": SimpleNamespace(
            tool_name="vimeo_me_get",
            question=FLOOD,
            describe=lambda: FLOOD,
            changes=[{"input": FLOOD, "before": FLOOD, "after": FLOOD}] * 900,
            kind="change",
            title=FLOOD,
        ),
        "retry_after": 1.0,
        "status": 403,
        "error_code": 3200,
        "reason": FLOOD,
        "identifier": FLOOD,
    }
    if cls is declared.MissingExtra:
        return cls(FLOOD, FLOOD, FLOOD)  # it makes its hint itself
    known = inspect.signature(cls).parameters
    return cls(FLOOD, hint=FLOOD, **{name: value for name, value in more.items() if name in known})


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
async def test_every_error_is_bounded_in_every_adapter(
    cls: type[VimeoToolkitError], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = _flooded(cls)
    assert len(str(error)) < 3_000
    assert len(json.dumps(error.to_dict())) < MOST
    link = getattr(error, "authorization_link", None)
    assert error.to_dict().get("authorization_link") == link  # half a link is not a link

    def failing(**call: Any) -> ToolResult:
        raise error

    async def afailing(**call: Any) -> ToolResult:
        raise error

    monkeypatch.setattr(kit(), "execute_tool", failing)
    monkeypatch.setattr(kit(), "aexecute_tool", afailing)
    lang, llama = (each["vimeo_me_get"] for each in tools())
    call = {"type": "tool_call", "id": "1", "name": "vimeo_me_get", "args": {}}
    assert len(lang.invoke(call).content) < MOST
    output = llama.call()
    assert len(output.content) < MOST
    # What a product's page needs stands beside it; no model is sent that.
    assert len(json.dumps(output.raw_output)) < 2 * MOST
    if cls is declared.ApprovalRequired:
        return  # MCP asks the person
    async with Client(create_server("u", toolkit=kit(), include=["vimeo_me_get"])) as client:
        result = await client.call_tool("vimeo_me_get", {})
    assert result.is_error
    assert len(result.model_dump_json()) < MOST * 2


def test_what_is_left_out_of_an_error_is_counted() -> None:
    told = _flooded(declared.InvalidInput).to_dict()
    assert len(told["problems"]) + told["problems_left_out"] == 900
    wrong = {"album_id": "1", "videos": [f"video {n}" for n in range(500)]}
    text = tools()[0]["vimeo_showcase_videos_set"].invoke(wrong)
    assert len(text) < 6_000
    assert "and 492 more" in json.loads(text)["message"]
    unknown = {"video_id": "1", **{f"x{n}": 1 for n in range(5_000)}}
    assert len(tools()[0]["vimeo_video_get"].invoke(unknown)) < 6_000


def test_a_plan_that_a_model_is_shown_is_bounded() -> None:
    videos = [str(n) for n in range(1, 500)]
    made = ToolResult({"dry_run": True, "requests": [{"body": {"videos": videos * 50}}]}, detail="full")
    assert len(made.to_text()) <= 24_000
