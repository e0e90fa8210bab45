"""ARCHITECTURE.md says which part of the project may import which; the source is held against it."""

from __future__ import annotations

import re
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.rules.arrows import real, stated
from tests.rules.imports import PACKAGE, ROOT, imports, room


def test_the_arrows_of_the_architecture_are_the_imports() -> None:
    said, done = stated(), real()
    problems = []
    for source, kind in sorted(said.keys() | done.keys()):
        here, there = said.get((source, kind), set()), done.get((source, kind), set())
        if new := sorted(there - here):
            problems.append(f"not in ARCHITECTURE.md: {source} {kind} {' '.join(new)}")
        if idle := sorted(here - there):
            problems.append(f"in ARCHITECTURE.md and not in the source: {source} {kind} {' '.join(idle)}")
    # Where an arrow is meant to be there: uv run python -m tests.rules.arrows
    assert not problems, "\n".join(problems)


def test_every_room_is_drawn() -> None:
    """The tree at the top of ARCHITECTURE.md has each folder and module of the package, and no other."""
    tree = (ROOT / "ARCHITECTURE.md").read_text().partition("```\n")[2].partition("adapters/")[0]
    drawn = set(re.findall(r"^  ([\w.]+)/? ", tree, re.MULTILINE))
    there = {
        path.name
        for path in (ROOT / PACKAGE).iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert drawn == there - {"__init__.py", "_version.py"}


def test_the_arrows_go_one_way() -> None:
    """A single module that two rooms know of each other stands for itself."""
    try:
        TopologicalSorter(
            {source: names for (source, kind), names in stated().items() if kind == "->"}
        ).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


def test_no_import_closes_a_circle() -> None:
    graph: dict[str, set[str]] = defaultdict(set)
    for each in imports():
        if each.when == "at import":
            graph[each.source].add(each.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_the_sandbox_and_the_toolkit_know_nothing_of_each_other() -> None:
    for each in imports():
        crossing = {room(each.source) == "sandbox", room(each.target) == "sandbox"} == {True, False}
        assert not crossing or room(each.source) in ("cli", "evaluation"), each
