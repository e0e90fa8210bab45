"""Four tasks by us, by the hosted connector's tools and by PyVimeo, where each request takes 150 ms."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Iterator
from typing import Final

from benchmarks.measure import Row, Section
from benchmarks.peers.notes import notes
from benchmarks.peers.run import Figures, figures_of
from benchmarks.peers.stage import Stage, staged
from benchmarks.peers.tasks import BY_HAND, HOSTED, OURS, TASKS, Task
from vimeo_toolkit.evaluation.tokens import counter

__all__ = ["measure"]

ROOMY: Final = "enterprise"
"""A plan whose limit holds each of the tasks."""
MANY: Final = 10
"""Where more requests than these are needed, sending them side by side has to save half of the time."""

Rounds = list[Figures]


def measure(rounds: int = 3, latency: float = 0.15, *, free: bool = True) -> Section:
    """Calls, turns, requests, seconds and tokens of each way to do a task, on a roomy plan and, once, on a Free
    one."""
    count, how = counter()
    section = Section("The same tasks by peers")
    head = ("Task", "By", "Calls", "Turns", "Requests", "At least", "Seconds", f"Tokens, {how}")
    section.table.append((*head, "Seconds on a Free plan") if free else head)
    asked: dict[str, tuple[Figures, Figures]] = {}
    with staged() as stage:
        for task in TASKS:
            found: dict[str, Rounds] = {who: [] for who in task.ways}
            for who in rounds * tuple(task.ways):
                found[who].append(_done(stage, task, who, latency))
            tokens = {who: each[-1].tokens(count) for who, each in found.items()}
            for who, each in found.items():
                line = _line(task, who, each, tokens[who])
                last = (f"{_done(stage, task, who, latency, plan='free').seconds:.1f}",) if free else ()
                section.table.append(line + last)
            section.rows += _rows(task, found, tokens)
            if task.changes:
                asked[task.name] = _done(stage, task, OURS, 0.0, approval=True), found[OURS][-1]
    section.notes += notes(asked, latency)
    return section


def _done(
    stage: Stage, task: Task, who: str, latency: float, plan: str = ROOMY, *, approval: bool = False
) -> Figures:
    return asyncio.run(
        figures_of(
            stage,
            task.ways[who],
            task.right,
            library=task.library,
            plan=plan,
            latency=latency,
            approval=approval,
        )
    )


def _median(rounds: Rounds) -> float:
    return statistics.median(each.seconds for each in rounds)


def _line(task: Task, who: str, rounds: Rounds, tokens: int) -> tuple[str, ...]:
    last = rounds[-1]
    numbers = map(str, (last.calls, last.turns, last.requests, task.least))
    return (task.name, who, *numbers, f"{_median(rounds):.2f}", f"{tokens:,}")


def _rows(task: Task, found: dict[str, Rounds], tokens: dict[str, int]) -> Iterator[Row]:
    """Ours beside the fewest requests, the hosted connector's tools and PyVimeo by hand."""
    ours, requests = found[OURS], found[OURS][-1].requests
    yield Row(
        f"{task.name}, requests", requests, "requests", "the fewest", requests / task.least, at_most=1.0
    )
    for peer, most in ((HOSTED, 0.2), (BY_HAND, 0.5 if task.least > MANY else 1.0)):
        if peer in found:
            ratios = [a.seconds / b.seconds for a, b in zip(ours, found[peer], strict=True)]
            yield Row(
                f"{task.name}, seconds", _median(ours), "s", peer, statistics.median(ratios), at_most=most
            )
    if HOSTED in found:
        compared = tokens[OURS] / tokens[HOSTED]
        yield Row(f"{task.name}, tokens", tokens[OURS], "tokens", HOSTED, compared, at_most=0.1)
