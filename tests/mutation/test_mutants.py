"""What the mutants of a module are, and that those listed as equivalent have a reason."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mutation.command import equivalent
from tests.mutation.mutants import build, mutants
from tests.relevant import ROOT

SOURCE = '''
"""A module."""
from typing import TYPE_CHECKING, Final
if TYPE_CHECKING:
    import os
__all__ = ["double"]
LIMIT: Final = 3

def double(text: str, *, twice: bool = True) -> str:
    """Double it."""
    if not text or len(text) > LIMIT:
        raise ValueError("that is too long")
    return f"{text * 2} of them" if twice else text
'''

EXPECTED = [
    ("", "3 → 4"),
    ("", "True → False"),
    ("double", "not text or len(text) > LIMIT → not text and len(text) > LIMIT"),
    ("double", "not text → text"),
    ("double", "len(text) > LIMIT → len(text) >= LIMIT"),
    ("double", "raise ValueError('that is too long') → pass"),
    ("double", "return f'{text * 2} of them' if twice else text → return None"),
    ("double", "f'{text * 2} of them' if twice else text → f'{text * 2} of them'"),
    ("double", "f'{text * 2} of them' if twice else text → text"),
    ("double", "text * 2 → text / 2"),
    ("double", "2 → 3"),
]


def test_the_mutants_of_a_module() -> None:
    assert [(each.where, each.change) for each in mutants("some.py", SOURCE)] == EXPECTED
    assert [each.at_import for each in mutants("some.py", SOURCE)] == [True] * 2 + [False] * 9


def test_a_mutant_is_built_with_its_change_and_no_other() -> None:
    by_change = {each.change: each for each in mutants("some.py", SOURCE)}
    names: dict[str, Any] = {}
    exec(build(by_change["2 → 3"], SOURCE, "some.py"), names)  # noqa: S102 - the text above
    assert names["double"]("a") == "aaa of them"
    with pytest.raises(ValueError, match="too long"):
        names["double"]("long")


def test_every_equivalent_mutant_has_a_reason_and_its_module() -> None:
    """Whether the mutant is still there is told by `scripts/mutation`: its function may be written anew any day."""
    for name, reason in equivalent().items():
        assert " " in reason, f"{name} needs a reason"
        assert (ROOT / name.partition("::")[0]).is_file()
