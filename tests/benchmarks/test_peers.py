"""Each way to do the peers' tasks does them, also where the user's limit is used up on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from benchmarks.peers.run import Figures
    from benchmarks.peers.stage import Stage

pytestmark = pytest.mark.slow  # PyVimeo is in the group `benchmarks`

FREE = 25
"""Requests a minute without `fields`."""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    from benchmarks.peers.stage import staged

    with staged() as running:
        yield running


def done(stage: Stage, number: int, way: str, *, approval: bool = False) -> Figures:
    """Do a task on a Free plan; raises where what became of it is not right."""
    from benchmarks.peers.run import figures_of
    from benchmarks.peers.tasks import TASKS

    task = TASKS[number]
    return asyncio.run(
        figures_of(
            stage,
            task.ways[way],
            task.right,
            library=task.library,
            plan="free",
            latency=0.0,
            approval=approval,
        )
    )


@pytest.mark.parametrize("number", range(4))
def test_every_way_does_the_task_on_a_free_plan(stage: Stage, number: int) -> None:
    from benchmarks.peers.tasks import OURS, TASKS

    task = TASKS[number]
    for way in task.ways:
        figures = done(stage, number, way)
        assert figures.requests >= task.least or way == f"{OURS}, library indexed"
        assert figures.turns <= max(figures.calls, 1)
        if figures.requests > 2 * FREE:
            assert figures.waits
            assert figures.seconds > 30.0
    ours = done(stage, number, OURS)
    assert not ours.refused, "the budget is known, so nothing is sent beyond it"


@pytest.mark.parametrize("number", [0, 1])
def test_a_person_is_asked_once_for_all_of_a_change(stage: Stage, number: int) -> None:
    from benchmarks.peers.tasks import OURS

    assert done(stage, number, OURS, approval=True).questions == 1
