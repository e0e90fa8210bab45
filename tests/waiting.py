"""Waiting that takes no time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from vimeo_toolkit import VimeoToolkit

__all__ = ["hurry", "quicken"]


def hurry(toolkit: VimeoToolkit, *, still: bool = False) -> None:
    """Let a toolkit's waits be over at once: what it would sleep moves its clocks instead.

    `still`: nothing else moves them.
    """
    passed = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    async def asleep(seconds: float) -> None:
        await sleep(seconds)
        await asyncio.sleep(0)

    io: Any
    for io, instead in ((toolkit._blocking, sleep), (toolkit._async, asleep)):
        now, monotonic = io.now, io.monotonic
        if still:
            now, monotonic = _stopped(now), _stopped(monotonic)
        io.sleep = instead
        io.now = lambda now=now: now() + passed
        io.monotonic = lambda monotonic=monotonic: monotonic() + passed


def quicken(toolkit: VimeoToolkit, times: float) -> None:
    """Let a toolkit's waits in an event loop be so many times shorter, where one caller waits for the work of
    another, which takes the time that it takes."""

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / times)

    io: Any = toolkit._async
    io.sleep = sleep


def _stopped(clock: Callable[[], float]) -> Callable[[], float]:
    at = clock()
    return lambda: at
