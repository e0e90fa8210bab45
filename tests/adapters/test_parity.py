"""The same input makes the same request and the same result or error, through both adapters, sync and async."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
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
SCOPES = ("public", "private", "create", "edit", "delete", "interact", "upload", "stats")

Seen = tuple[list[tuple[Any, ...]], Any, bool]


def _langchain(toolkit: VimeoToolkit, name: str, arguments: dict[str, Any]) -> tuple[str, bool]:
    call = {"name": name, "args": arguments, "id": "1", "type": "tool_call"}
    message = langchain_tools(identifier="u", toolkit=toolkit, include=[name])[0].invoke(call)
    return message.content, message.status == "error"


def _langchain_async(toolkit: VimeoToolkit, name: str, arguments: dict[str, Any]) -> tuple[str, bool]:
    call = {"name": name, "args": arguments, "id": "1", "type": "tool_call"}
    tool = langchain_tools(identifier="u", toolkit=toolkit, include=[name])[0]
    message = asyncio.run(tool.ainvoke(call))
    return message.content, message.status == "error"


def _llama(toolkit: VimeoToolkit, name: str, arguments: dict[str, Any]) -> tuple[str, bool]:
    output = llama_tools(identifier="u", toolkit=toolkit, include=[name])[0].call(**arguments)
    return output.content, output.is_error


def _llama_async(toolkit: VimeoToolkit, name: str, arguments: dict[str, Any]) -> tuple[str, bool]:
    tool = llama_tools(identifier="u", toolkit=toolkit, include=[name])[0]
    output = asyncio.run(tool.acall(**arguments))
    return output.content, output.is_error


WAYS = (_langchain, _langchain_async, _llama, _llama_async)


def _seen(
    way: Callable[..., tuple[str, bool]], name: str, change: dict[str, Any] | None, **granted: Any
) -> Seen:
    """What the API saw and the model got, in a world of its own."""
    with Sandbox(now=NOW) as vimeo:
        with VimeoToolkit(
            [Connection(api_url=vimeo.url)], store="sqlite:///:memory:", upload_folders=[UPLOADS]
        ) as toolkit:
            token = vimeo.issue_token(scopes=granted.get("scopes", SCOPES))
            toolkit.import_token(identifier="u", access_token=token.access_token)
            keep_example(toolkit, "u")
            arguments = {**example_input(name, vimeo), **(change or {})}
            vimeo.requests.clear()
            content, failed = way(toolkit, name, arguments)
        requests = [(each.method, each.path, each.query, str(each.body)) for each in vimeo.requests]
    return requests, _timeless(json.loads(content)), failed


def _timeless(value: Any) -> Any:
    """Without what differs between two sandboxes that ran a moment apart."""
    if isinstance(value, dict):
        return {
            name: _timeless(item)
            for name, item in value.items()
            if not name.endswith(("_time", "_on", "_link", "webhook_url", "resets")) and name != "message"
        }
    return [_timeless(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", TOOLS)
def test_same_request_and_result(name: str) -> None:
    first, *others = (_seen(way, name, None) for way in WAYS)
    assert bool(first[0]) != catalog()[name].local
    assert not first[2]
    for other in others:
        assert other == first


@pytest.mark.parametrize("name", TOOLS)
def test_nulls_mean_left_out(name: str) -> None:
    optional = [
        field for field, info in catalog()[name].input_model.model_fields.items() if not info.is_required()
    ]
    keep = {"name", "url", "password", "privacy", "title", "path", "text", "active"}
    nulls = {field: None for field in optional if field not in keep}
    first, *others = (_seen(way, name, nulls) for way in WAYS)
    assert not first[2], first[1]
    for other in others:
        assert other == first
    for _, _, query, body in first[0]:
        assert "None" not in str(query)
        assert "None" not in body or body == "None"


@pytest.mark.parametrize(
    ("field", "value"),
    [("no_such_input", "x"), ("no_such_input", None), ("identifier", None), ("self", "x")],
)
@pytest.mark.parametrize("name", TOOLS)
def test_same_error_for_an_unknown_input(name: str, field: str, value: object) -> None:
    first, *others = (_seen(way, name, {field: value}) for way in WAYS)
    assert first[2]
    assert first[0] == []
    assert first[1]["problems"] == [{"field": field, "problem": "this tool has no such input"}]
    for other in others:
        assert other == first


REQUIRED = [
    (name, field)
    for name in TOOLS
    for field, info in catalog()[name].input_model.model_fields.items()
    if info.is_required()
]


@pytest.mark.parametrize(("name", "field"), REQUIRED)
def test_same_error_for_a_null_in_a_required_input(name: str, field: str) -> None:
    first, *others = (_seen(way, name, {field: None}) for way in WAYS)
    assert first[2]
    assert first[0] == []
    assert [problem["field"] for problem in first[1]["problems"]] == [field]
    for other in others:
        assert other == first


@pytest.mark.parametrize("name", [name for name in TOOLS if catalog()[name].scopes])
def test_same_error_for_a_missing_scope(name: str) -> None:
    for way in WAYS:
        requests, problem, failed = _seen(way, name, None, scopes=["public"])
        assert failed
        assert requests == []
        assert problem["error"] in ("missing_scope", "upload_not_granted")
        assert problem["missing_scopes"] == sorted(catalog()[name].scopes)
