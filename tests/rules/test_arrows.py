"""ARCHITECTURE.md says which part of the project may import which; the source is held against it."""

from __future__ import annotations

import re
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.rules.imports import PACKAGE, ROOT, SOURCES, When, imports, room

BLOCK = re.compile(r"```arrows\n(.*?)```", re.DOTALL)
LINE = re.compile(r"(\S+) +(->|~>|\.\.>) +(\S+(?: \S+)*)")

Arrows = dict[tuple[str, str], set[str]]
"""A room and the kind of arrow → what it imports, rooms or modules of them."""


def stated() -> Arrows:
    found = BLOCK.search((ROOT / "ARCHITECTURE.md").read_text())
    assert found is not None, "ARCHITECTURE.md has no block of arrows"
    arrows: Arrows = {}
    for line in found[1].splitlines():
        read = LINE.fullmatch(line)
        assert read is not None, f"not an arrow: {line!r}"
        arrows[read[1], read[2]] = set(read[3].split())
    return arrows


KINDS: dict[When, str] = {"at import": "->", "later": "~>", "types": "..>"}
"""From the strongest; a weaker arrow is not drawn beside a stronger one between the same two."""


def real() -> Arrows:
    found: Arrows = defaultdict(set)
    drawn: set[tuple[str, str]] = set()
    for when, kind in KINDS.items():
        now = [each for each in imports() if each.when == when and room(each.source) != room(each.target)]
        for each in now:
            if (room(each.source), room(each.target)) not in drawn:
                found[room(each.source), kind].add(each.target)
        drawn |= {(room(each.source), room(each.target)) for each in now}
    return found


def covers(name: str, module: str) -> bool:
    """Whether a name in an arrow, `stores` or `stores.protocol`, stands for the module."""
    return name in (room(module), module.removeprefix(f"{PACKAGE}."))


def test_the_arrows_of_the_architecture_are_the_imports() -> None:
    said, done = stated(), real()
    problems = []
    for (source, kind), modules_ in sorted(done.items()):
        names = said.get((source, kind), set())
        new = sorted({room(module) for module in modules_ if not any(covers(name, module) for name in names)})
        if new:
            problems.append(f"not in ARCHITECTURE.md: {source} {kind} {' '.join(new)}")
    for (source, kind), names in sorted(said.items()):
        used = done.get((source, kind), set())
        idle = sorted(name for name in names if not any(covers(name, module) for module in used))
        if idle:
            problems.append(f"in ARCHITECTURE.md and not in the source: {source} {kind} {' '.join(idle)}")
    assert not problems, "\n".join(problems)


def test_every_adapter_is_in_the_wheel() -> None:
    folders = {path.relative_to(ROOT / "adapters").parts[0] for path in (ROOT / "adapters").rglob("*.py")}
    packed = {
        path.relative_to(ROOT / "adapters").parts[0] for path in SOURCES.values() if "adapters" in path.parts
    }
    assert folders == packed


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
        assert not crossing or room(each.source) == "cli", each
