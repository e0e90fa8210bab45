"""Work in the background beside a user's calls: they wait no longer than without it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from tests.library.beside import Beside, p99
from vimeo_toolkit.calls.background import Use, pause
from vimeo_toolkit.calls.window import Window

MINUTE = 60.0
FREE = 50
"""Requests a minute with `fields`."""


def evenly(a_minute: int, minutes: int) -> Iterator[float]:
    yield from (MINUTE * number / a_minute for number in range(a_minute * minutes))


def by_chance(a_minute: int, minutes: int) -> Iterator[float]:
    dice, now = random.Random(a_minute), 0.0
    while (now := now + dice.expovariate(a_minute / MINUTE)) < minutes * MINUTE:
        yield now


def in_bursts(size: int, every: float, minutes: int) -> Iterator[float]:
    dice, now = random.Random(size), 0.0
    while (now := now + dice.uniform(0.5, 1.5) * every) < minutes * MINUTE:
        yield from [now] * size


def waits(moments: Iterator[float], minutes: int, *, beside: bool, kept: bool = False) -> tuple[float, int]:
    """How long calls at these moments wait, and how much is done in the background meanwhile."""
    world, waited = Beside("free", kept=kept), list[float]()
    for moment in moments:
        world.start(world.waiting(waited), moment)
    if beside:
        world.start(world.background(), 0.01)
    world.run((minutes + 10) * MINUTE)
    assert world.refused == 0
    return p99(waited), world.in_background


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize(
    ("moments", "at_least"),
    [
        (lambda minutes: evenly(40, minutes), 10),
        (lambda minutes: in_bursts(10, 40, minutes), 60),
    ],
    ids=["evenly", "in bursts"],
)
def test_no_call_waits_for_the_background(
    moments: Callable[[int], Iterator[float]], at_least: int, *, kept: bool
) -> None:
    without, _ = waits(moments(6), 6, beside=False, kept=kept)
    beside, done = waits(moments(6), 6, beside=True, kept=kept)
    assert beside <= 1.2 * without + 0.2
    assert done >= at_least, "which is done all the same"


@pytest.mark.slow
@pytest.mark.parametrize(
    "moments",
    [
        *(lambda minutes, count=count: evenly(count, minutes) for count in (10, 30, 48, 50, 55)),
        *(lambda minutes, count=count: by_chance(count, minutes) for count in (5, 20, 35, 45)),
        *(lambda minutes, size=size: in_bursts(size, 3 * size, minutes) for size in (5, 10, 20, 40)),
    ],
)
def test_nor_at_the_limit(moments: Callable[[int], Iterator[float]]) -> None:
    without, _ = waits(moments(30), 30, beside=False)
    beside, _ = waits(moments(30), 30, beside=True)
    assert beside <= 1.2 * without + 0.2


def test_an_idle_user_leaves_half_of_a_free_plan_to_it() -> None:
    world = Beside("free")
    world.start(world.background())
    world.run(20 * MINUTE)
    assert world.in_background >= 10 * FREE // 2
    assert world.refused == 0


def test_a_large_plan_is_not_held_back() -> None:
    world = Beside("enterprise")
    world.start(world.background())
    world.run(MINUTE)
    assert world.in_background >= 390, "one after another, 0.15 seconds each"


def test_who_waits_goes_first() -> None:
    window = Window(limit=50, remaining=50, ends=160.0, opened=100.0)
    assert pause(window, Use(left=50, mine=0), 101.0) == 0.0
    assert pause(window, Use(left=49, mine=1), 101.0) == pytest.approx(0.2), "not all of it at once"
    assert pause(window, Use(left=30, mine=0, before=(45,) * 10), 130.0) > 0, "what they used before is left"
    assert pause(window, Use(left=26, mine=4, before=(5,) * 10), 130.0) > 0, "what they use now, too"
    assert pause(window, Use(left=40, mine=5, before=(5,) * 10), 130.0) == 0.0
    assert pause(window, Use(left=25, mine=25, before=(0,) * 10), 159.0) > 0, "and half in any case"
    assert pause(window, Use(left=50, mine=0), 161.0) == pytest.approx(1.0), (
        "the next window is the others' first"
    )
    assert pause(Window(), Use(left=10, mine=0), 5.0) == 0.0
