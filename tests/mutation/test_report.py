"""The page of the mutation score: a package that is measured anew takes the place of its own rows alone."""

from __future__ import annotations

from typing import Final

import pytest

from tests.mutation import report as module
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.report import Tried, report
from tests.mutation.running import HUNG, KILLED, SURVIVED
from tests.relevant import ROOT

SOURCE: Final = "def f(x):\n    return x + 1\n"


def _mutants(path: str) -> list[Mutant]:
    return mutants(path, SOURCE)


def _page(package: str, verdicts: list[str], seed: str, before: str) -> str:
    path = f"{package}/one.py"
    sample = _mutants(path)
    tried = [Tried(each, verdict, None) for each, verdict in zip(sample, verdicts, strict=False)]
    return report(tried, sample, {path: len(sample), f"{package}/empty.py": 0}, seed, before)


def test_the_rows_of_other_packages_are_kept_with_their_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_commit", lambda: "first")
    page = _page("a/stores", [KILLED], "s1", "")
    page = _page("a/calls", [KILLED, HUNG, SURVIVED], "s1", page)
    monkeypatch.setattr(module, "_commit", lambda: "later")
    page = _page("a/stores", [KILLED, KILLED, KILLED], "s2", page)
    _, _, table = page.partition("|---|---|\n")
    assert table.splitlines() == [
        "| **a/calls** | 3 | 3 | 2 | 1 | 0 | 67% | 21% | 94% | first | s1 |",
        "| **a/stores** | 3 | 3 | 3 | 0 | 0 | 100% | 44% | 100% | later | s2 |",
        "| `a/calls/one.py` | 3 | 3 | 2 | 1 | 0 | 67% | 21% | 94% | first | s1 |",
        "| `a/stores/one.py` | 3 | 3 | 3 | 0 | 0 | 100% | 44% | 100% | later | s2 |",
    ]
    assert page.count("# Mutation score") == 1


def test_what_was_chosen_and_not_tried_is_told_of_each_package() -> None:
    page = _page("a/stores", [KILLED], "s1", _page("a/calls", [], "s1", ""))
    assert page.endswith(
        "\nOf `a/calls`, 3 that were chosen were not tried.\nOf `a/stores`, 2 that were chosen were not tried.\n"
    )
    page = _page("a/stores", [KILLED] * 3, "s1", page)
    assert page.endswith("\nOf `a/calls`, 3 that were chosen were not tried.\n")


def test_the_page_that_is_there_can_be_read() -> None:
    """Or its rows would be lost with the next measurement."""
    page = (ROOT / "benchmarks" / "results" / "mutation.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    again = _page("a/stores", [], "s1", page)
    assert rows
    assert all(row in again for row in rows)
