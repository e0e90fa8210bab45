"""Interleaved rounds, medians, and the rows that become the report."""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

__all__ = ["Row", "Section", "ainterleaved", "interleaved", "ratio", "seconds"]

Seconds = dict[str, list[float]]


@dataclass(frozen=True)
class Row:
    """One figure beside its floor."""

    what: str
    value: float
    unit: str
    floor: str = ""
    """What it is compared with; empty for a figure that stands alone."""
    ratio: float | None = None
    at_most: float | None = None
    """The target for the ratio, or for the value where there is no floor."""
    at_least: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        shown = self.value if self.ratio is None else self.ratio
        if self.at_most is not None:
            return shown <= self.at_most
        if self.at_least is not None:
            return shown >= self.at_least
        return None


@dataclass
class Section:
    """A chapter of the report."""

    title: str
    table: list[tuple[str, ...]] = field(default_factory=list)
    """Figures that have columns of their own: the head, then the lines. The first two columns are words."""
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    text: str = ""
    """Shown as it is, such as a profile."""


def interleaved(functions: Mapping[str, Callable[[], object]], *, rounds: int, calls: int) -> Seconds:
    """Seconds a call of each, one figure a round. The functions take turns, so that what the machine does
    meanwhile falls on all of them."""
    found: Seconds = {name: [] for name in functions}
    for function in functions.values():
        for _ in range(calls):
            function()
    gc.collect()
    for _ in range(rounds):
        for name, function in functions.items():
            start = time.perf_counter()
            for _ in range(calls):
                function()
            found[name].append((time.perf_counter() - start) / calls)
    return found


def ainterleaved(
    functions: Mapping[str, Callable[[], Awaitable[object]]], *, rounds: int, calls: int
) -> Awaitable[Seconds]:
    """The same for coroutine functions, one after the other on the running loop."""

    async def run() -> Seconds:
        found: Seconds = {name: [] for name in functions}
        for function in functions.values():
            for _ in range(calls):
                await function()
        gc.collect()
        for _ in range(rounds):
            for name, function in functions.items():
                start = time.perf_counter()
                for _ in range(calls):
                    await function()
                found[name].append((time.perf_counter() - start) / calls)
                await asyncio.sleep(0)
        return found

    return run()


def seconds(function: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def ratio(found: Seconds, name: str, floor: str) -> float:
    """The median of the rounds' own ratios: what slowed a round slowed both."""
    return statistics.median(a / b for a, b in zip(found[name], found[floor], strict=True))
