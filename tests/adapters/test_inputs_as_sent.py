"""The same call in the words of many models: each ends in the request of the plain one, or in an error that names
the input."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache, partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from mcp import Client
from vimeo_mcp import create_server

from tests.adapters.test_odd_inputs import kit, tools
from tests.hostile.world import call, ready
from tests.properties import examples
from tests.unit.inputs import described, minimal
from vimeo_toolkit import InvalidInput, VimeoToolkitError
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.objects import kinds_of_inputs

INPUTS = [(name, field) for name, tool in catalog().items() for field in tool.input_model.model_fields]

NOTHINGS: list[Any] = [None, "null", "None", "undefined", "", " ", "'null'", '""', []]
NOT_NOTHING = {"time_interval": NOTHINGS[1:], "folder_id": ["None"]}
"""Inputs where some of them are a value: "none", and no folder."""

TEXTS = ["Sea, sand, sun", '["a", "b"]', "5", "true", "nobody", "Null", "a\nb", "'90s", "(draft)", "x" * 90]

PLAIN: dict[str, list[Any]] = {
    "name_contains": ["harbour"],
    "new_folder": TEXTS[:-1],
    "new_showcase": TEXTS[:-1],
    "album_id": ["123"],
    "bio": TEXTS,
    "brand_color": ["112233", "#aabbcc"],
    "by": ["uploaded", "modified"],
    "containing_uri": ["123"],
    "custom_url": ["ana"],
    "description": TEXTS,
    "domain": ["example.com"],
    "file_link": ["https://files.example.com/a.mp4"],
    "from_date": ["2026-10-01"],
    "language": ["en", "en-US"],
    "location": TEXTS,
    "name": TEXTS[:-1],
    "offset": ["abc"],
    "password": ["hunter, 2", "secret"],
    "path": ["harbour.mp4"],
    "plan_id": ["p0000feed"],
    "privacy": ["nobody", "anybody"],
    "period": ["this_month"],
    "query": TEXTS,
    "result": ["r1"],
    "since": ["2026-10-01"],
    "start": ["123"],
    "tag": ["sea"],
    "text": TEXTS,
    "timezone": ["UTC", "Europe/Vienna"],
    "set_description": TEXTS,
    "set_name": TEXTS[:-1],
    "title": TEXTS[:-1],
    "until": ["2026-11-01"],
    "until_date": ["2026-11-01"],
    "url": ["https://hooks.example.com/x"],
    "word": ["sea"],
}
LISTS: dict[str, list[Any]] = {
    "event_types": ["video-created", "video.upload.complete"],
    "fields": ["uri", "name"],
    "content_filter": ["drugs", "nudity"],
    "privacy": ["nobody", "password"],
    "show": ["plays", "tags"],
    "tags": ["deep sea", "fog"],
    "videos": ["123", "45"],
    "comments": ["/videos/123/comments/45", "/videos/123/comments/46"],
    "texts": ["Thank you", "Well done"],
    "timecodes": ["0:00", "1:30"],
    "titles": ["Intro", "Questions"],
    "add_tags": ["deep sea", "fog"],
    "remove_tags": ["deep sea", "fog"],
    "add_to_showcases": ["123", "45"],
    "remove_from_showcases": ["123", "45"],
    "add_embed_domains": ["example.com", "example.org"],
    "remove_embed_domains": ["example.com", "example.org"],
}


def _plain(name: str, field: str) -> list[Any]:
    """Values of an input as a careful caller writes them."""
    told = described(name, field)
    if field == "content_rating":
        return ["drugs", "safe"]
    if field == "filter" and told == {"type": "string", "description": "Ignored."}:
        return ["playable"]
    if "enum" in told:
        return list(told["enum"])
    kind = told["type"]
    if kind == "array":
        return [LISTS[field], LISTS[field][:1]]
    if kind == "boolean":
        return [True, False]
    if kind in ("integer", "number"):
        return [1, 100]
    return ["123"] if field in kinds_of_inputs(catalog()[name].input_model) else PLAIN[field]


def _is_list(name: str, field: str) -> bool:
    return bool(catalog()[name].whole_schema["properties"][field].get("type") == "array")


def _as_sent(name: str, field: str, value: Any) -> Iterator[Any]:
    """The same value as models write it: each has to be understood."""
    told = described(name, field)
    if "enum" in told:
        yield from _enumerated(value, told["enum"])
    elif told["type"] == "array":
        yield from (json.dumps(value), repr(value), ", ".join(value), tuple(value), f" {json.dumps(value)}\n")
        yield "\n".join(f"- {item}" for item in value)
        yield from (
            f"```json\n{json.dumps(value)}\n```",
            f"`{json.dumps(value)}`",
            f"```\n{', '.join(value)}\n```",
        )
        yield [f" {item}\n" for item in value]
        if field == "videos":
            yield from (" ".join(value), [int(item) for item in value], [f"<{item}>" for item in value])
    elif isinstance(value, bool):
        yield from (str(value), str(value).upper(), int(value), f" '{value}' ", "yes" if value else "no")
    elif isinstance(value, int):
        yield from (str(value), float(value), f"{value}.0", f" {value}", f'"{value}"')
    elif field in kinds_of_inputs(catalog()[name].input_model):
        yield from (
            int(value),
            float(value),
            f"'{value}'",
            f'"{value}"',
            f"<{value}>",
            f" {value}\n",
            f"{value}.0",
        )
    else:
        yield value
    yield copy.deepcopy(value)


def _enumerated(value: str, values: list[str]) -> Iterator[str]:
    for written in (
        value.upper(),
        value.title(),
        value.replace("-", "_"),
        value.replace("_", "-"),
        f" '{value}'",
    ):
        if written not in (*values, "None"):
            yield written
    for word, meant in (("private", "nobody"), ("Public", "anybody")):
        if value == meant and word.lower() not in values:
            yield word


def _doubtful(value: Any) -> list[Any]:
    """What may be understood as the value, or else is refused."""
    text = str(value)
    return [
        [value], {"value": value}, f"[{text}", f"{text},", f"{text};", f"**{text}**", f"`{text}`", text.encode(),
        f"{text}?", {text}, json.dumps(text), json.dumps(json.dumps(text)), f"[{text}]({text})", [[value]],
    ]  # fmt: skip


Outcome = tuple[str, list[tuple[str, str, bytes | None]]]


def _outcome(name: str, arguments: Any) -> tuple[VimeoToolkitError | None, Outcome]:
    result, sent = call(name, arguments)
    error = result if isinstance(result, VimeoToolkitError) else None
    return error, (str(error), [(request.method, request.url, request.content) for request in sent])


@cache
def _expected(name: str, written: str) -> Outcome:
    return _outcome(name, json.loads(written))[1]


def _check(name: str, plain: dict[str, Any], sent: dict[str, Any], *, certain: bool = True) -> None:
    """`certain`: what was sent has to be understood."""
    before = copy.deepcopy(sent)
    expected = _expected(name, json.dumps(plain))
    error, outcome = _outcome(name, catalog()[name].arguments(sent))
    assert sent == before
    if outcome == expected:
        return
    assert not certain, (sent, error)
    assert isinstance(error, InvalidInput), (sent, error)
    assert outcome[1] == []
    named = {problem["field"].partition(".")[0] for problem in error.problems}
    assert named & {field for field in sent if field not in plain or sent[field] != plain[field]}, (
        sent,
        error,
    )


@pytest.mark.parametrize("name", catalog())
def test_one_input_in_other_words(name: str) -> None:
    for field in catalog()[name].input_model.model_fields:
        for value in _plain(name, field):
            plain = {**minimal(name), field: value}
            for written in _as_sent(name, field, value):
                _check(name, plain, {**plain, field: written})


DOUBTS = ("vimeo_video_edit", "vimeo_showcase_videos_set", "vimeo_webhook_create", "vimeo_my_videos_find")


@pytest.mark.parametrize(
    "name", [*DOUBTS, *(pytest.param(name, marks=pytest.mark.slow) for name in catalog())]
)
def test_one_input_that_may_not_be_understood(name: str) -> None:
    tool = catalog()[name]
    for field in tool.input_model.model_fields:
        is_text = field in PLAIN or field in ("tags", "fields")
        is_text = is_text and "enum" not in described(name, field)
        for value in _plain(name, field) if not is_text else []:
            plain = {**minimal(name), field: value}
            for written in _doubtful(value):
                _check(name, plain, {**plain, field: written}, certain=False)


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, Any], str]:
    """A tool, its plain arguments, the same as a model sends them, and how they are packed."""
    name = draw(st.sampled_from(list(catalog())))
    fields = catalog()[name].input_model.model_fields
    plain = minimal(name)
    chosen = draw(st.lists(st.sampled_from(list(fields)), max_size=5, unique=True)) if fields else []
    plain |= {field: draw(st.sampled_from(_plain(name, field))) for field in chosen}
    sent = {
        field: draw(st.sampled_from(list(_as_sent(name, field, value)))) if field in chosen else value
        for field, value in plain.items()
    }
    for field in fields:
        if field not in plain and draw(st.booleans()):
            words = [word for word in NOTHINGS if word not in NOT_NOTHING.get(field, ())]
            words = [*words, "[]"] if _is_list(name, field) else words
            sent[field] = draw(st.sampled_from(words))
    packing = draw(st.sampled_from(["plain", "json", "twice", "python", "input", "call"]))
    return name, plain, sent, packing


def _packed(name: str, sent: dict[str, Any], packing: str) -> Any:
    as_json = {field: list(value) if isinstance(value, tuple) else value for field, value in sent.items()}
    return {
        "plain": sent,
        "json": f"```json\n{json.dumps(as_json)}\n```",
        "twice": json.dumps(json.dumps(as_json)),
        "python": repr(sent),
        "input": {"input": sent},
        "call": {"name": name, "arguments": json.dumps(as_json)},
    }[packing]


@examples(40, 6000, list(HealthCheck))
@given(made=calls())
def test_a_whole_call_in_other_words(made: tuple[str, dict[str, Any], dict[str, Any], str]) -> None:
    """By the core, and by the frameworks' own tool classes."""
    name, plain, sent, packing = made
    given_ = _packed(name, sent, packing)
    before = copy.deepcopy(given_)
    error, expected = _outcome(name, plain)
    told, outcome = _outcome(name, catalog()[name].arguments(given_))
    assert outcome == expected, (told, error)
    lang, llama = (each[name] for each in tools())
    ways = [partial(lang.invoke, given_), partial(llama.call, given_)]
    if isinstance(given_, dict):
        ways.append(partial(llama.call, **given_))  # as its agents do
    for way in ways:
        ready()[0].sent.clear()
        way()
        assert [(each.method, each.url, each.content) for each in ready()[0].sent] == expected[1]
    assert given_ == before


async def test_a_call_in_other_words_over_mcp() -> None:
    """The server's library does not hold arguments to the schema before the tool reads them."""
    plain = {
        "video_id": "123",
        "privacy_view": "nobody",
        "privacy_add": False,
        "content_rating": "drugs,nudity",
    }
    sent = {
        "video_id": 123.0,
        "privacy_view": "Private",
        "privacy_add": "no",
        "content_rating": ["Drugs", "nudity"],
        "name": "null",
        "description": "",
    }
    expected = _outcome("vimeo_video_edit", plain)[1][1]
    async with Client(create_server("u", toolkit=kit(), include=["vimeo_video_edit"])) as client:
        ready()[0].sent.clear()
        await client.call_tool("vimeo_video_edit", sent)
    assert [(each.method, each.url, each.content) for each in ready()[0].sent] == expected
