"""What a user waits for where each request takes 150 ms: a library of 10,000 videos, and a call beside it."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable

import httpx

from benchmarks.accounts import toolkit_with
from benchmarks.measure import Row, Section
from benchmarks.server import PER_PAGE, serving_pages
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.wire.format import ACCEPT

__all__ = ["measure"]

LIST = "vimeo_my_videos_list"
LATENCY = 0.15
ITEMS = 10_000
PAUSE = 0.05
"""Seconds between two calls of the agent beside it."""


def measure(rounds: int = 3, latency: float = LATENCY) -> Section:
    """Seconds beside bare httpx, one page after the other, and an agent's calls meanwhile."""
    section = Section("A library at 150 ms of latency")
    with serving_pages(ITEMS, delay=(latency, latency)) as url, toolkit_with(2, url) as toolkit:
        found: dict[str, list[float]] = {name: [] for name in ("bare", "blocking", "asynchronous", "find")}
        alone: list[float] = []
        beside: dict[str, list[float]] = {"user_0": [], "user_1": []}
        for _ in range(rounds):
            found["bare"].append(_seconds(lambda: _bare(url)))
            found["blocking"].append(_seconds(lambda: _blocking(toolkit)))
            found["asynchronous"].append(_seconds(lambda: asyncio.run(_iterate(toolkit))))
            found["find"].append(_seconds(lambda: _find(toolkit)))
            alone.append(asyncio.run(_agent(toolkit, "user_0", lambda: asyncio.sleep(3.0))))
            for who, times in beside.items():
                times.append(asyncio.run(_agent(toolkit, who, lambda: _iterate(toolkit))))
    floor = "httpx, one page after the other"
    section.rows.append(Row(f"{ITEMS:,} items, {floor}", statistics.median(found["bare"]), "s"))
    for name, what in (
        ("blocking", "`iterate`"),
        ("asynchronous", "`aiterate`"),
        ("find", "`vimeo_my_videos_find`, totals"),
    ):
        ratios = [a / b for a, b in zip(found[name], found["bare"], strict=True)]
        value = statistics.median(found[name])
        row = Row(f"{ITEMS:,} items, {what}", value, "s", floor, statistics.median(ratios), at_most=1 / 6)
        section.rows.append(row)
    section.rows.append(Row("an agent's call alone, 99th percentile", statistics.median(alone) * 1e3, "ms"))
    for who, what in (("user_0", "of the same user"), ("user_1", "of another user")):
        ratios = [a / b for a, b in zip(beside[who], alone, strict=True)]
        value = statistics.median(beside[who]) * 1e3
        row = Row(
            f"an agent's call beside `aiterate`, {what}",
            value,
            "ms",
            "alone",
            statistics.median(ratios),
            at_most=1.2,
        )
        section.rows.append(row)
    section.notes.append(
        f"A server answers each request after {latency * 1e3:.0f} ms, a hundred videos to a page. The agent calls "
        f"`vimeo_video_get` {PAUSE * 1e3:.0f} ms after its last answer, in the same event loop."
    )
    return section


def _seconds(function: Callable[[], int]) -> float:
    start = time.perf_counter()
    count = function()
    if count != ITEMS:
        raise RuntimeError(f"{count} items came.")
    return time.perf_counter() - start


def _bare(url: str) -> int:
    headers, count = {"Authorization": "bearer token-user_0", "Accept": ACCEPT}, 0
    with httpx.Client(base_url=url, headers=headers) as client:
        for page in range(1, ITEMS // PER_PAGE + 1):
            count += len(client.get("/me/videos", params={"page": page, "per_page": PER_PAGE}).json()["data"])
    return count


def _blocking(toolkit: VimeoToolkit) -> int:
    return sum(1 for _ in toolkit.iterate(LIST, identifier="user_0"))


async def _iterate(toolkit: VimeoToolkit) -> int:
    count = 0
    async for _ in toolkit.aiterate(LIST, identifier="user_0"):
        count += 1
    return count


def _find(toolkit: VimeoToolkit) -> int:
    found = toolkit.execute_tool(
        identifier="user_0", tool_name="vimeo_my_videos_find", tool_input={"group_by": "all"}
    )
    return int(found["total"])


async def _agent(toolkit: VimeoToolkit, who: str, beside: Callable[[], Awaitable[object]]) -> float:
    """The 99th percentile of an agent's calls while something else goes on, in seconds."""
    times: list[float] = []
    await toolkit.aexecute_tool(identifier=who, tool_name="vimeo_video_get", tool_input={"video_id": "1000"})

    async def agent() -> None:
        while True:
            start = time.perf_counter()
            await toolkit.aexecute_tool(
                identifier=who, tool_name="vimeo_video_get", tool_input={"video_id": "1000"}
            )
            times.append(time.perf_counter() - start)
            await asyncio.sleep(PAUSE)

    calls = asyncio.create_task(agent())
    await beside()
    calls.cancel()
    await asyncio.gather(calls, return_exceptions=True)
    await toolkit.aclose()
    return sorted(times)[int(0.99 * len(times))]
