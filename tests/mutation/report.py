"""What came of the mutants, as a page."""

from __future__ import annotations

import math
import re
import subprocess
from collections import Counter
from dataclasses import dataclass

from tests.mutation.mutants import Mutant

__all__ = ["Tried", "report"]

_HEAD = """# Mutation score

Small changes of the code, made one at a time: how many made a test fail, by package and by module, at which commit.
`scripts/mutation` chose a part of each module's mutants at random (by the seed) and ran the tests that
CONTRIBUTING.md names for the module and that reach the changed line. Texts for people are not changed. Equivalent:
no test can notice, for the reason in `tests/mutation/equivalent.toml`; these do not count. The score has the limits
of its 95 % confidence interval (Wilson). A new measurement of a package takes the place of its rows alone.

| | mutants | tried | killed | survived | equivalent | score | from | to | commit | seed |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---|---|
"""
_ROW = re.compile(r"\| (?:\*\*|`)([\w/]+?)(?:/\w+\.py)?(?:\*\*|`) \|")
_LEFT = re.compile(r"Of `([\w/]+)`")


@dataclass(frozen=True, slots=True)
class Tried:
    """A mutant and what came of it."""

    mutant: Mutant
    verdict: str
    reason: str | None
    """Why no test can notice it, where that is so."""


def report(tried: list[Tried], sample: list[Mutant], whole: dict[str, int], seed: str, before: str) -> str:
    """Return the page: a row for each package, then one for each module.

    Args:
        tried: what was tried, of the packages that were measured now.
        sample: what was chosen, of the same.
        whole: how many mutants each of their modules has.
        seed: by which they were chosen.
        before: the page as it was: the rows of other packages are kept.
    """
    end = f"{_commit()} | {seed} |"
    packages = sorted({_package(path) for path in whole})
    kept = [line for line in before.splitlines() if (found := _of(line)) and found not in packages]
    rows = [line for line in kept if line.startswith("| **")]
    modules = [line for line in kept if line.startswith("| `")]
    notes = [line for line in kept if line.startswith("Of ")]
    for package in packages:
        mine = [each for each in tried if _package(each.mutant.path) == package]
        mutants = sum(count for path, count in whole.items() if _package(path) == package)
        rows.append(_row(f"**{package}**", mine, mutants, end))
        if left := sum(_package(each.path) == package for each in sample) - len(mine):
            notes.append(f"Of `{package}`, {left} that were chosen were not tried.")
    for path, count in whole.items():
        if count:
            modules.append(
                _row(f"`{path}`", [each for each in tried if each.mutant.path == path], count, end)
            )
    table = "\n".join([*sorted(rows), *sorted(modules)])
    return _HEAD + table + "\n" + ("\n" + "\n".join(sorted(notes)) + "\n" if notes else "")


def _package(path: str) -> str:
    return path.rpartition("/")[0]


def _of(line: str) -> str | None:
    """Return the package that a line of the page is about."""
    found = _ROW.match(line) or _LEFT.match(line)
    return found[1] if found else None


def _row(name: str, tried: list[Tried], whole: int, end: str) -> str:
    count = Counter("equivalent" if each.reason else each.verdict for each in tried)
    survived = count["survived"]
    killed = len(tried) - survived - count["equivalent"]
    score = "| | | |"
    if killed + survived:
        low, high = _wilson(killed, killed + survived)
        score = f"| {killed / (killed + survived):.0%} | {low:.0%} | {high:.0%} |"
    return f"| {name} | {whole} | {len(tried)} | {killed} | {survived} | {count['equivalent']} {score} {end}"


def _wilson(good: int, of: int) -> tuple[float, float]:
    z = 1.96
    share = good / of
    middle = share + z * z / (2 * of)
    spread = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - spread) / (1 + z * z / of), (middle + spread) / (1 + z * z / of)


def _commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=True
    )
    return found.stdout.strip()
