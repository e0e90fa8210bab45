"""What child processes do in the concurrency tests; importable, because they are started by `spawn`."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from vimeo_toolkit import Connection, RateLimited, VimeoToolkit, VimeoToolkitError

__all__ = ["call_many", "make_toolkit", "spend"]


def make_toolkit(settings: dict[str, Any]) -> VimeoToolkit:
    return VimeoToolkit(
        [Connection(**settings["connection"])],
        store=settings["store"],
        key=settings["key"],
        timeout=settings.get("timeout", 60.0),
        max_wait=settings.get("max_wait", 15.0),
        reuse_reads=False,  # each of many equal calls is to be sent
    )


def call_many(settings: dict[str, Any], asynchronous: bool, barrier: Any, results: Any) -> None:
    """64 callers at once, as tasks or as threads; puts the names of their outcomes."""
    toolkit = make_toolkit(settings)

    def outcome_of(error: VimeoToolkitError | None) -> str:
        return "ok" if error is None else f"{type(error).__name__}: {error}"

    def one(_: int) -> str:
        try:
            toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")
        except VimeoToolkitError as error:
            return outcome_of(error)
        return outcome_of(None)

    async def one_async() -> str:
        try:
            await toolkit.aexecute_tool(identifier="u", tool_name="vimeo_me_get")
        except VimeoToolkitError as error:
            return outcome_of(error)
        return outcome_of(None)

    async def all_async() -> list[str]:
        return list(await asyncio.gather(*(one_async() for _ in range(64))))

    barrier.wait(60)
    if asynchronous:
        results.put(asyncio.run(all_async()))
    else:
        with ThreadPoolExecutor(64) as pool:
            results.put(list(pool.map(one, range(64))))


def spend(settings: dict[str, Any], seconds: float, threads: int, barrier: Any, results: Any) -> None:
    """Call as fast as the budget allows for so long; puts (calls, refusals by patience)."""
    toolkit = make_toolkit(settings)
    barrier.wait(60)
    until = time.monotonic() + seconds

    def one(_: int) -> tuple[int, int, list[str]]:
        done, impatient, failures = 0, 0, []
        while time.monotonic() < until:
            try:
                toolkit.execute_tool(identifier=settings["identifier"], tool_name="vimeo_me_get")
                done += 1
            except RateLimited:
                impatient += 1
            except VimeoToolkitError as error:
                failures.append(f"{type(error).__name__}: {error}")
        return done, impatient, failures

    with ThreadPoolExecutor(threads) as pool:
        results.put(list(pool.map(one, range(threads))))
