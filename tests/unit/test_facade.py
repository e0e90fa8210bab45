"""The blocking methods of the toolkit are generated from the asynchronous ones, and read the same."""

from __future__ import annotations

import inspect
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.toolkit import Library

SCRIPT = Path(__file__).parents[2] / "scripts" / "generate_blocking.py"

CLASSES = (VimeoToolkit, Library)
ALONE = {"bind_library", "connection", "from_env", "library", "needs_approval", "own_tools", "unbound_tools"}
"""What waits for nothing."""


def _public(cls: type) -> list[str]:
    return [name for name in dir(cls) if not name.startswith("_")]


def _pairs(cls: type) -> list[tuple[str, str]]:
    """Return the names of blocking methods and of their twins, of which one has another name: `async sync` is not
    a name."""
    names = _public(cls)
    return [(name, twin) for name in names for twin in (f"a{name}", f"async_{name}") if twin in names]


PAIRS = [pair for cls in CLASSES for pair in _pairs(cls)]


def _plain(text: str) -> str:
    """Return the text as the blocking method has it."""
    for blocking, asynchronous in PAIRS:
        text = re.sub(rf"\b{asynchronous}\b", blocking, text)
    return text.replace("AsyncIterator", "Iterator")


def _parameters(method: Any) -> list[tuple[str, Any, Any, str]]:
    """Return names, kinds, defaults and annotations, in their order."""
    return [
        (each.name, each.kind, each.default, str(each.annotation))
        for each in inspect.signature(method).parameters.values()
    ]


def test_the_blocking_methods_are_generated_from_the_asynchronous_ones() -> None:
    script = runpy.run_path(str(SCRIPT))
    assert script["TARGET"].read_text() == script["generated"](), f"run {SCRIPT.name}"


def test_every_public_method_has_a_twin() -> None:
    in_pairs = {name for pair in PAIRS for name in pair}
    assert {name for cls in CLASSES for name in _public(cls)} - in_pairs == ALONE


@pytest.mark.parametrize(
    ("cls", "blocking", "asynchronous"), [(cls, *pair) for cls in CLASSES for pair in _pairs(cls)]
)
def test_twins_agree(cls: type, blocking: str, asynchronous: str) -> None:
    one, other = getattr(cls, blocking), getattr(cls, asynchronous)
    assert _parameters(one) == _parameters(other)
    returned = [str(inspect.signature(each).return_annotation) for each in (one, other)]
    assert returned[0] == _plain(returned[1])
    assert not inspect.iscoroutinefunction(one)
    assert inspect.iscoroutinefunction(other) or inspect.signature(other).return_annotation.startswith(
        "Async"
    )
    documentation = _plain(inspect.getdoc(one) or "")
    assert documentation == _plain(inspect.getdoc(other) or "")
    assert len(documentation.split()) > 5


def test_twins_stand_in_the_same_order() -> None:
    for cls in (*VimeoToolkit.__mro__[1:-1], *Library.__mro__[1:-1]):
        mine = [name for name in vars(cls) if not name.startswith("_") and name not in ALONE]
        partners = dict(PAIRS)
        if blocking := [name for name in mine if name in partners]:
            source = next(base for base in cls.__mro__[1:] if partners[blocking[0]] in vars(base))
            assert [partners[name] for name in blocking] == [
                name for name in vars(source) if name in partners.values()
            ]


def test_the_uploads_of_the_toolkit_name_tools_that_are_there() -> None:
    source = (SCRIPT.parents[1] / "vimeo_toolkit" / "facade" / "uploads.py").read_text()
    named = set(re.findall(r'identity, "(\w+)"', source))
    assert len(named) == 4
    assert named <= set(catalog())
