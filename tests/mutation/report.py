"""What came of the mutants, as a page."""

from __future__ import annotations

import math
import subprocess
from collections import Counter
from dataclasses import dataclass

from tests.mutation.mutants import Mutant

__all__ = ["Tried", "report"]

_HEAD = """# Mutation score

Of {tried} small changes of the code, made one at a time at commit {commit}, this many made a test fail.
`scripts/mutation` chose {share:.0%} of each module's mutants at random (seed {seed}) and ran the tests that
CONTRIBUTING.md names for the module and that reach the changed line. Texts for people are not changed. Equivalent:
no test can notice, for the reason in `tests/mutation/equivalent.toml`; these do not count. The score has the limits
of its 95 % confidence interval (Wilson).

| | mutants | tried | killed | survived | equivalent | score | from | to |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """A mutant and what came of it."""

    mutant: Mutant
    verdict: str
    reason: str | None
    """Why no test can notice it, where that is so."""


def report(tried: list[Tried], sample: list[Mutant], whole: dict[str, int], share: float, seed: str) -> str:
    """Return the page: a row for each package and one for each module."""
    text = _HEAD.format(tried=len(tried), commit=_commit(), share=share, seed=seed)
    packages = sorted({path.rpartition("/")[0] for path in whole})
    for package in packages:
        text += _row(f"**{package}**", [each for each in tried if each.mutant.path.startswith(f"{package}/")],
                     sum(count for path, count in whole.items() if path.startswith(f"{package}/")))  # fmt: skip
    for path, count in whole.items():
        if count:
            text += _row(f"`{path}`", [each for each in tried if each.mutant.path == path], count)
    left = len(sample) - len(tried)
    return text + (f"\nNot all that were chosen were tried: {left} are left.\n" if left else "")


def _row(name: str, tried: list[Tried], whole: int) -> str:
    count = Counter("equivalent" if each.reason else each.verdict for each in tried)
    survived = count["survived"]
    killed = len(tried) - survived - count["equivalent"]
    score = "| | | |"
    if killed + survived:
        low, high = _wilson(killed, killed + survived)
        score = f"| {killed / (killed + survived):.0%} | {low:.0%} | {high:.0%} |"
    return f"| {name} | {whole} | {len(tried)} | {killed} | {survived} | {count['equivalent']} {score}\n"


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
