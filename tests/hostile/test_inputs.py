"""Whatever stands where an id or a text belongs: a typed error, or exactly the request that was meant."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import zlib
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.conftest import Connect
from tests.hostile.values import ANYTHING, JSON, TEXTS, many
from tests.hostile.world import SEVERAL, call, check_request, looks_up, route
from tests.properties import examples
from tests.unit.inputs import minimal
from vimeo_toolkit import (
    EffectMismatch,
    InvalidInput,
    NotFound,
    ToolResult,
    UnexpectedResponse,
    VimeoToolkit,
    VimeoToolkitError,
)
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.ids import is_no_folder
from vimeo_toolkit.errors import UnknownTool
from vimeo_toolkit.sandbox import Sandbox

RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
INPUTS = [(name, field) for name, tool in catalog().items() for field in tool.input_model.model_fields]
TEXT_INPUTS = [
    (name, field)
    for name, field in INPUTS
    if catalog()[name].input_schema["properties"].get(field, {}).get("type") == "string"
    and "enum" not in catalog()[name].input_schema["properties"][field]
]
BY_TITLE = {("vimeo_my_comments_find", "videos")}
"""Inputs whose titles are looked for in the list that the tool reads by itself, too."""


def _own(tool: str, sent: list[Any]) -> list[Any]:
    """The requests but for those by which names are looked up, at most two here."""
    own = [each for each in sent if not looks_up(tool, each.method, urlsplit(each.url).path)]
    assert len(sent) - len(own) <= 2
    return own


def _holds(tool: str, field: str, value: Any) -> None:
    arguments = {**minimal(tool), field: value}
    outcome, sent = call(tool, arguments)
    sent = _own(tool, sent)
    if tool == "vimeo_video_wait_ready":
        sent = sent[:1]  # it asks the same again until its time is over
    # Each video that is not in a showcase afterwards is put in again by a request of its own.
    again = len(value) if field == "videos" and isinstance(value, list | set | tuple) else 0
    assert len(sent) <= (6 + again if tool in SEVERAL else 1)
    for request in sent:
        check_request(tool, arguments, request)
    if tool in SEVERAL and isinstance(outcome, EffectMismatch):
        return  # the showcase stays empty here, whatever was sent
    if tool == "vimeo_video_captions_add" and isinstance(outcome, UnexpectedResponse):
        return  # the answer here names no track whose file could be sent
    if tool == "vimeo_folder_video_add" and is_no_folder(arguments["folder_id"]):
        # The answer here names no video to take out of its folder; what languages write for nothing is refused.
        assert isinstance(outcome, NotFound | InvalidInput)
        return
    if isinstance(outcome, VimeoToolkitError):
        assert isinstance(outcome, InvalidInput)
        assert not sent or (tool, field) in BY_TITLE
        assert str(outcome).isprintable()
        json.dumps(outcome.to_dict()).encode()
        return
    if tool in SEVERAL:
        return
    assert len(sent) == (0 if catalog()[tool].local else 1)
    if not sent:
        return
    body = json.loads(sent[0].content) if sent[0].content else {}
    if (
        isinstance(value, str)
        and (tool, field) in TEXT_INPUTS
        and field in body
        and not field.endswith("uri")
    ):
        kept = [value, [word.strip() for word in value.split(",")]]  # as data; a list of ratings is split
        assert body[field] in kept


@pytest.mark.parametrize(("tool", "field"), INPUTS)
@examples(3, 100, RELAXED)
@given(value=ANYTHING)
def test_no_value_leaves_its_place(tool: str, field: str, value: Any) -> None:
    _holds(tool, field, value)


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan"), 1e308, -1e308])
def test_numbers_at_the_end_of_numbers(number: float) -> None:
    for tool, field in INPUTS:
        with contextlib.suppress(InvalidInput):  # whatever else is raised is a bug
            catalog()[tool].validate({**minimal(tool), field: number})


@pytest.mark.slow
@pytest.mark.parametrize(("tool", "field"), TEXT_INPUTS)
def test_two_thousand_values_each(tool: str, field: str) -> None:
    count = 0
    for value in many(2_000, zlib.crc32(f"{tool}.{field}".encode())):
        _holds(tool, field, value)
        count += 1
    assert count == 2_000


@examples(80, 1000, RELAXED)
@given(tool=st.sampled_from(sorted(catalog())), arguments=JSON | st.dictionaries(TEXTS | st.integers(), JSON))
def test_any_arguments_at_all(tool: str, arguments: Any) -> None:
    outcome, sent = call(tool, arguments)
    if isinstance(outcome, VimeoToolkitError):
        assert not _own(tool, sent)
        assert str(outcome).isprintable()


@examples(60, 1500, RELAXED)
@given(name=ANYTHING)
def test_any_name_of_a_tool(name: Any) -> None:
    from vimeo_toolkit.catalog.selection import find_tool

    if isinstance(name, str) and name in catalog():
        return
    with pytest.raises(UnknownTool) as caught:
        find_tool(name)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(("tool", "field"), [pair for pair in INPUTS if "password" in pair[1]])
@pytest.mark.parametrize(
    "value", ["hunter-marker-22-that-is-longer-than-32-characters", ["hunter-marker-22"]]
)
def test_a_refused_password_is_not_echoed(tool: str, field: str, value: Any) -> None:
    outcome, sent = call(tool, {**minimal(tool), field: value})
    assert isinstance(outcome, InvalidInput)
    assert not sent
    assert "hunter" not in json.dumps(outcome.to_dict())
    assert outcome.__cause__ is None
    assert outcome.__context__ is None


async def test_over_http(vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect) -> None:
    """The same with a real client and a real server, which both parse the address again."""
    identifier = connect()
    ids = [pair for pair in TEXT_INPUTS if pair[1].endswith(("_id", "_uri"))]
    for value, (tool, field) in zip(many(360, 7), itertools.cycle(ids), strict=False):
        vimeo.requests.clear()
        vimeo.user.window.used = 0
        try:
            result = await toolkit.aexecute_tool(
                identifier=identifier, tool_name=tool, tool_input={**minimal(tool), field: value}
            )
            assert isinstance(result, ToolResult)
        except VimeoToolkitError:
            pass
        own = [each for each in vimeo.requests if not looks_up(tool, each.method, each.path)]
        for request in own:
            assert request.method == catalog()[tool].method or (tool in SEVERAL and request.method == "GET")
            assert re.fullmatch(route(tool), request.path, re.ASCII)
            assert "x-injected" not in request.headers
        assert len(own) <= (6 if tool in SEVERAL else 1)
