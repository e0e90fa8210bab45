"""What people read of every input: plain sentences with units, limits, and what happens without it."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any

import pytest
from pydantic import Field

from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.input_help import input_help, type_words
from vimeo_toolkit.catalog.marks import Help, IgnoredParam
from vimeo_toolkit.catalog.tool import Tool, ToolInput

INPUTS = [(tool, name) for tool in catalog(library=True).values() for name in tool.whole_schema["properties"]]

MOST = 200

NOT_PLAIN = {
    *(
        "added",
        "added_first",
        "added_last",
        "appears",
        "arranged",
        "asc",
        "by",
        "by-nc-nd",
        "by-sa",
        "captions",
    ),
    *(
        "CC",
        "CC-BY",
        "CC0",
        "cc0",
        "cold_privacy",
        "cold_storage",
        "contacts",
        "created_time",
        "default",
        "desc",
    ),
    *(
        "descriptions",
        "device_type",
        "disable",
        "embed_domain",
        "embed_only",
        "following",
        "live_event",
        "manual",
    ),
    *(
        "metadata",
        "modified",
        "moderated",
        "nobody",
        "no_placeholder",
        "nolive",
        "none",
        "ondemand_publish",
        "password",
    ),
    *("pinned_on", "relevant", "subscribed", "subtitles", "team", "total", "unlisted", "uploaded", "users"),
    *("whitelist", "audiotracks", "texttracks"),
}
"""Values of enumerations whose word alone does not say what it means."""


def described(tool: Tool, name: str) -> dict[str, Any]:
    found: dict[str, Any] = tool.whole_schema["properties"][name]
    return found


def help_of(tool: Tool, name: str) -> str:
    return tool.input_help[name]


def wrong(check: Any) -> dict[str, str]:
    """The inputs whose text does not pass, with it."""
    return {
        f"{tool.name}.{name}": help_of(tool, name)
        for tool, name in INPUTS
        if not check(tool, name, help_of(tool, name))
    }


def test_there_is_one_for_each_input() -> None:
    assert len(INPUTS) > 300
    tools = catalog(library=True).values()
    assert all(set(tool.input_help) == set(tool.whole_schema["properties"]) for tool in tools)


def test_they_are_sentences() -> None:
    sentence = re.compile(r"[A-Z][^\n]*[^.]\.")
    assert (
        wrong(lambda tool, name, text: sentence.fullmatch(text) and "  " not in text and len(text) <= MOST)
        == {}
    )


def test_they_say_more_than_the_name() -> None:
    def more(tool: Tool, name: str, text: str) -> bool:
        said = set(re.findall(r"[a-z0-9]+", text.lower()))
        known = {
            *name.split("_"),
            *tool.name.split("_"),
            "a",
            "an",
            "the",
            "of",
            "is",
            "it",
            "to",
            "this",
            "for",
        }
        return len(said - known) >= 5

    assert wrong(more) == {}


def test_what_is_optional_says_what_happens_without_it() -> None:
    def told(tool: Tool, name: str, text: str) -> bool:
        without = re.search(r"left out\.|Give either this or|It has no effect\.", text)
        return (without is None) == (name in tool.input_schema.get("required", []))

    assert wrong(told) == {}


def test_what_is_left_out_of_a_change_stays() -> None:
    def stays(tool: Tool, name: str, text: str) -> bool:
        required = name in tool.input_schema.get("required", [])
        return required or tool.method != "PATCH" or text.endswith("It stays as it is when left out.")

    assert wrong(stays) == {}


def test_units_and_forms_are_named() -> None:
    forms = (
        (r"_id$|^user_id$|_uri$|^videos$|^category$", r"\bid\b|URI"),
        (r"seconds|duration|^time$|^timecode$", "second"),
        (r"_date$|^since$|^until$", r"2026-11|as from_date is"),
        (r"^domain$", "example.com"),
        (r"^path$", "path on the machine"),
        (r"language", "code such as en"),
        (r"tokens", "letters"),
    )

    def named(tool: Tool, name: str, text: str) -> bool:
        return all(re.search(form, text) for names, form in forms if re.search(names, name))

    assert wrong(named) == {}


def test_limits_that_a_model_is_told_are_in_them() -> None:
    def limited(tool: Tool, name: str, text: str) -> bool:
        most = [described(tool, name).get(limit) for limit in ("maximum", "maxItems")]
        # Of seven ratings all are named.
        return all(f"{limit:,}" in text for limit in most if limit is not None and limit != 7)

    assert wrong(limited) == {}


def test_values_that_are_not_plain_are_explained() -> None:
    def explained(tool: Tool, name: str, text: str) -> bool:
        schema = described(tool, name)
        values = schema.get("enum") or schema.get("items", {}).get("enum") or []
        words = set(re.findall(r"[\w-]+", text))
        parts = (
            words | {f"by-{word}" for word in words} | {"by-nc-nd"}
        )  # a license is put together of its parts
        return name in tool.unsent or NOT_PLAIN.intersection(values) <= parts

    assert wrong(explained) == {}


def test_how_a_text_is_cleared_is_said_to_people_too() -> None:
    def said(tool: Tool, name: str, text: str) -> bool:
        return ("(empty)" in text) == ("(empty)" in described(tool, name).get("description", ""))

    assert wrong(said) == {}


def test_no_tool_is_named() -> None:
    """An agent with a few tools may be shown them."""
    assert wrong(lambda tool, name, text: "vimeo_" not in text) == {}


def test_models_are_sent_none_of_it() -> None:
    for tool, name in INPUTS:
        assert len(described(tool, name).get("description", "")) < 80


@pytest.mark.parametrize("tool", catalog(library=True).values(), ids=list(catalog(library=True)))
def test_a_schema_with_all_of_it(tool: Tool) -> None:
    before = json.dumps(tool.input_schema)
    full = tool.described_schema
    assert {name: each.pop("description") for name, each in full["properties"].items()} == tool.input_help
    bare = json.loads(json.dumps(tool.whole_schema))
    for each in bare["properties"].values():
        each.pop("description", None)
    assert full == bare
    full["properties"].clear()
    assert json.dumps(tool.input_schema) == before


def test_a_bound_tool_has_them(toolkit: VimeoToolkit) -> None:
    (bound,) = toolkit.bind_tools(identifier="u", include=["vimeo_video_edit"])
    assert bound.input_help["privacy_view"].startswith("Who may watch: anybody, nobody (but the owner)")
    assert bound.described_schema["properties"]["name"]["description"] == bound.input_help["name"]


def test_what_stands_nearest_is_taken() -> None:
    own = Annotated[int, Field(ge=1), Help("Of the type.", "Without it, one.")]

    class Input(ToolInput):
        of_type: own
        optional: own | None = None
        nearer: Annotated[own | None, Help("Of the input.")] = None
        ignored: Annotated[own | None, IgnoredParam("Vimeo has none.")] = None
        documented: int
        listed: list[own]

    docs = {"documented": "Of the docstring.", "of_type": "Of the docstring."}
    assert input_help(Input.model_fields, docs, changes=False) == {
        "of_type": "Of the type.",
        "optional": "Of the type. Without it, one.",
        "nearer": "Of the input.",
        "ignored": "It has no effect. Vimeo has none.",
        "documented": "Of the docstring.",
        "listed": "",
    }
    assert input_help(Input.model_fields, docs, changes=True)["optional"] == (
        "Of the type. It stays as it is when left out."
    )


def test_types_in_words() -> None:
    assert type_words({"type": "integer"}) == "integer"
    assert type_words({"enum": ["asc", "desc"], "type": "string"}, "`") == "one of `asc`, `desc`"
    assert type_words({"const": "online", "type": "string"}) == "only online"
    assert type_words({"type": "array", "items": {"enum": ["a", "b"]}}) == "list of one of a, b"
    assert type_words({"anyOf": [{"type": "string"}, {"type": "null"}]}) == "string or null"
