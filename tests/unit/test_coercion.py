"""What models send for an input, and what is validated in its place."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from tests.hostile.world import call
from tests.unit.inputs import minimal
from vimeo_toolkit import InvalidInput
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.coercion import EMPTY

NAMES = list(catalog())


def _sent(name: str, given: Mapping[str, Any]) -> tuple[Any, ...]:
    """The input as it was understood, and the requests that it made."""
    understood = catalog()[name].validate(given)
    _, requests = call(name, given)
    return (understood, *((sent.method, sent.url, sent.content) for sent in requests))


def _optional(name: str) -> list[str]:
    fields = catalog()[name].input_model.model_fields
    return [field for field in fields if not fields[field].is_required() and field not in minimal(name)]


# ---- left out ----


@pytest.mark.parametrize("name", NAMES)
def test_every_optional_input_may_be_filled_with_nothing(name: str) -> None:
    """As models in strict mode do, which have to give every input, and as careless ones do in words."""
    plain = _sent(name, minimal(name))
    for nothing in (None, "null", "None", "none", " undefined ", "'null'"):
        words = [field for field in _optional(name) if nothing != "none" or not _is_enumeration(name, field)]
        given = {**minimal(name), **dict.fromkeys(words, nothing)}
        before = copy.copy(given)
        assert _sent(name, given) == plain, nothing
        assert given == before
    blanks: list[Any] = ["", "  ", '""', []]
    for blank in blanks:
        filled = catalog()[name].arguments({**minimal(name), **dict.fromkeys(_optional(name), blank)})
        assert filled == minimal(name)


def _is_enumeration(name: str, field: str) -> bool:
    described = catalog()[name].input_schema["properties"][field]
    return "enum" in described or "const" in described


@pytest.mark.parametrize("name", NAMES)
def test_what_is_required_cannot_be_nothing(name: str) -> None:
    for field in catalog()[name].input_schema.get("required", ()):
        for nothing in (None, "null", "None", "undefined", ""):
            with pytest.raises(InvalidInput) as raised:
                catalog()[name].validate(catalog()[name].arguments({**minimal(name), field: nothing}))
            assert field in {problem["field"] for problem in raised.value.problems}


# ---- clearing ----


def _clearable(name: str) -> list[str]:
    """The inputs that Vimeo may be told to empty."""

    def takes_none(field: str) -> bool:
        try:
            catalog()[name].validate({**minimal(name), field: ""})
        except InvalidInput:
            return False
        return True

    return [field for field in catalog()[name].input_model.model_fields if takes_none(field)]


CLEARABLE = [
    (name, field) for name in NAMES if catalog()[name].method == "PATCH" for field in _clearable(name)
]


@pytest.mark.parametrize(("name", "field"), CLEARABLE)
def test_clearing_a_text_is_explicit(name: str, field: str) -> None:
    """`(empty)` from a model, as the schema says; "" from code. "" from a model leaves the text as it is."""
    tool, given = catalog()[name], minimal(name)
    assert EMPTY in tool.input_schema["properties"][field]["description"]
    cleared = _sent(name, {**given, field: ""})
    assert cleared != _sent(name, given)
    for written in (EMPTY, " (Empty)", '"(empty)"'):
        assert _sent(name, tool.arguments({**given, field: written})) == cleared
        assert _sent(name, tool.arguments(tool.arguments({**given, field: written}))) == cleared
    assert _sent(name, tool.arguments({**given, field: ""})) == _sent(name, given)


def test_what_cannot_be_empty_is_not_named_so() -> None:
    assert set(CLEARABLE) == {
        ("vimeo_video_edit", "description"),
        ("vimeo_showcase_edit", "description"),
        ("vimeo_user_update", "bio"),
        ("vimeo_user_update", "location"),
        ("vimeo_user_update", "custom_url"),
    }
    with pytest.raises(InvalidInput, match="name: "):
        catalog()["vimeo_video_edit"].validate({"video_id": "1", "name": EMPTY})
