"""The same input makes the same request and the same result or error, through both adapters, sync and async."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from langchain_vimeo import get_tools as langchain_tools
from llama_index.tools.vimeo import get_tools as llama_tools

from tests.examples import UPLOADS, example_input, keep_example
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.sandbox import Sandbox

TOOLS = sorted(catalog())
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SCOPES = ("public", "private", "create", "edit", "delete", "interact", "upload", "stats", "video_files")

Seen = tuple[list[tuple[Any, ...]], Any, bool]


def _langchain(toolkit: VimeoToolkit, name: str, arguments: dict[str, Any], who: str) -> tuple[str, bool]:
    call = {"name": name, "args": arguments, "id": "1", "type": "tool_call"}
    message = langchain_tools(identifier=who, toolkit=toolkit, include=[name])[0].invoke(call)
    return message.content, message.status == "error"


def _langchain_async(
    toolkit: VimeoToolkit, name: str, arguments: dict[str, Any], who: str
) -> tuple[str, bool]:
    call = {"name": name, "args": arguments, "id": "1", "type": "tool_call"}
    tool = langchain_tools(identifier=who, toolkit=toolkit, include=[name])[0]
    message = asyncio.run(tool.ainvoke(call))
    return message.content, message.status == "error"


def _llama(toolkit: VimeoToolkit, name: str, arguments: dict[str, Any], who: str) -> tuple[str, bool]:
    output = llama_tools(identifier=who, toolkit=toolkit, include=[name])[0].call(**arguments)
    return output.content, output.is_error


def _llama_async(toolkit: VimeoToolkit, name: str, arguments: dict[str, Any], who: str) -> tuple[str, bool]:
    tool = llama_tools(identifier=who, toolkit=toolkit, include=[name])[0]
    output = asyncio.run(tool.acall(**arguments))
    return output.content, output.is_error


WAYS = (_langchain, _langchain_async, _llama, _llama_async)
Way = Callable[..., tuple[str, bool]]


@contextmanager
def _world() -> Iterator[tuple[Sandbox, VimeoToolkit]]:
    """A sandbox and a toolkit with two users: `u`, who granted all, and `public`, who granted only that."""
    with Sandbox(now=NOW) as vimeo:
        connection = Connection(api_url=vimeo.url)
        with VimeoToolkit([connection], store="sqlite:///:memory:", upload_folders=[UPLOADS]) as toolkit:
            for identifier, scopes in (("u", SCOPES), ("public", ("public",))):
                token = vimeo.issue_token(scopes=scopes).access_token
                toolkit.import_token(identifier=identifier, access_token=token)
            keep_example(toolkit, "u")
            yield vimeo, toolkit


def _ask(
    world: tuple[Sandbox, VimeoToolkit], way: Way, name: str, change: dict[str, Any] | None, who: str = "u"
) -> Seen:
    """What the API saw and the model got."""
    vimeo, toolkit = world
    arguments = {**example_input(name, vimeo), **(change or {})}
    vimeo.requests.clear()
    content, failed = way(toolkit, name, arguments, who)
    requests = [(each.method, each.path, each.query, str(each.body)) for each in vimeo.requests]
    return requests, _timeless(json.loads(content)), failed


def _seen(way: Way, name: str, change: dict[str, Any] | None) -> Seen:
    """The same in a world of its own: the call may change what is in it."""
    with _world() as world:
        return _ask(world, way, name, change)


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[Sandbox, VimeoToolkit]]:
    """One world for all calls that nothing is sent of."""
    with _world() as made:
        yield made


def _timeless(value: Any) -> Any:
    """Without what differs between two sandboxes that ran a moment apart."""
    if isinstance(value, dict):
        return {
            name: _timeless(item)
            for name, item in value.items()
            if not name.endswith(("_time", "_on", "_link", "webhook_url", "resets", "plan_id", "when"))
            and (name != "message" or value.get("error") == "invalid_input")
        }
    return [_timeless(item) for item in value] if isinstance(value, list) else value


def _asked(*two: Way, first: int) -> list[Any]:
    """Return every other tool, beginning with this one, two ways; the slow run asks all of them in all ways."""
    return [
        *(pytest.param(name, two, id=f"{name}-two ways") for name in TOOLS[first::2]),
        *(pytest.param(name, WAYS, id=f"{name}-all ways", marks=pytest.mark.slow) for name in TOOLS),
    ]


@pytest.mark.parametrize(("name", "ways"), _asked(_langchain, _llama_async, first=0))
def test_same_request_and_result(name: str, ways: tuple[Way, ...]) -> None:
    first, *others = (_seen(way, name, None) for way in ways)
    assert bool(first[0]) != catalog()[name].local
    assert not first[2]
    for other in others:
        assert other == first


@pytest.mark.parametrize(("name", "ways"), _asked(_langchain_async, _llama, first=1))
def test_nulls_mean_left_out(name: str, ways: tuple[Way, ...]) -> None:
    optional = [
        field for field, info in catalog()[name].input_model.model_fields.items() if not info.is_required()
    ]
    keep = {"name", "url", "password", "privacy", "title", "path", "text", "active", "videos", "set_name"}
    keep |= {"video_id", "comment_id", "timecode"}
    nulls = {field: None for field in optional if field not in keep}
    first, *others = (_seen(way, name, nulls) for way in ways)
    assert not first[2], first[1]
    for other in others:
        assert other == first
    for _, _, query, body in first[0]:
        assert "None" not in str(query)
        assert "None" not in body or body == "None"


UNKNOWN = [("no_such_input", "x"), ("no_such_input", None), ("identifier", None), ("self", "x")]


@pytest.mark.parametrize("name", TOOLS)
def test_same_error_for_an_unknown_input(name: str, world: tuple[Sandbox, VimeoToolkit]) -> None:
    for field, value in UNKNOWN:
        for way in WAYS:
            requests, problem, failed = _ask(world, way, name, {field: value})
            assert failed, (field, value)
            assert requests == []
            assert f"{field}: this tool has no such input" in problem["message"]
            assert "problems" not in problem, "nothing is said twice"


REQUIRED = [
    (name, field)
    for name in TOOLS
    for field, info in catalog()[name].input_model.model_fields.items()
    if info.is_required()
]


@pytest.mark.parametrize(("name", "field"), REQUIRED)
def test_same_error_for_a_null_in_a_required_input(
    name: str, field: str, world: tuple[Sandbox, VimeoToolkit]
) -> None:
    first, *others = (_ask(world, way, name, {field: None}) for way in WAYS)
    assert first[2]
    assert first[0] == []
    assert f" was not called: {field}: " in first[1]["message"]
    assert "problems" not in first[1]
    for other in others:
        assert other == first


@pytest.mark.parametrize("name", [name for name in TOOLS if catalog()[name].scopes])
def test_same_error_for_a_missing_scope(name: str, world: tuple[Sandbox, VimeoToolkit]) -> None:
    needed = catalog()[name].validate(example_input(name, world[0])).needed_scopes()
    for way in WAYS:
        requests, problem, failed = _ask(world, way, name, None, who="public")
        assert failed
        assert requests == []
        assert problem["error"] in ("missing_scope", "upload_not_granted")
        assert problem["missing_scopes"] == sorted(needed)
