"""Many users in one process, on each store: calls a second and a CPU-second, stalls of the event loop, memory."""

from __future__ import annotations

import asyncio
import gc
import random
import statistics
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

import httpx

from benchmarks.accounts import toolkit_with
from benchmarks.measure import Row, Section
from benchmarks.opened import DURABLE, STORES
from benchmarks.server import serving
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.wire.format import ACCEPT

__all__ = ["Rate", "at_once", "measure", "rate_rows"]

TOOL = "vimeo_video_get"
HEADERS = {"Authorization": "bearer token", "Accept": ACCEPT}


class Rate(NamedTuple):
    """Calls a second."""

    wall: float
    cpu: float
    """Calls a second of the processor, in all threads of the process."""


def measure(users: int = 10_000, in_flight: int = 200, calls: int = 4_000, rounds: int = 5) -> Section:
    """200 calls at a time of 10,000 users, beside a bare client with as many."""
    section = Section("Many users in one process")
    for name in DURABLE:
        with (
            STORES[name]() as store,
            serving() as url,
            toolkit_with(users, url, store, reuse_reads=False) as toolkit,
        ):
            rates, _ = asyncio.run(_throughput(toolkit, url, users, in_flight, calls, rounds))
        target = 0.85 if name == "SQLite" else None
        section.rows += rate_rows(f"{name}: {in_flight} in flight over {users:,} users", rates, target)
    # A server that takes as long as Vimeo does: below saturation, where what is late is a stall, no queue.
    with serving(delay=(0.1, 0.7)) as url, toolkit_with(500, url, reuse_reads=False) as toolkit:
        _, stalls = asyncio.run(_throughput(toolkit, url, 500, in_flight, min(1_500, 3 * calls), 2))
        section.rows += [
            Row("stall of the event loop, 99th percentile, bare httpx", _p99(stalls["bare"]), "ms"),
            Row("stall of the event loop, 99th percentile, core", _p99(stalls["ours"]), "ms", at_most=5.0),
        ]
    with serving() as url, toolkit_with(users, url) as toolkit:
        idle, active = _memory(toolkit, users)
        section.rows += [
            Row("memory for each connected user who is idle", idle, "bytes", at_most=4096),
            Row("memory for each user who has called, budget and all", active, "bytes"),
        ]
    section.notes.append(
        "The accounts are in the store, sealed; every call loads and opens its user's, and their budget is shared "
        "with other processes. The servers and the client share the machine's cores; a CPU-second is one of the "
        "client's process. A stall is how much later than asked a sleep of 1 ms ends, while the same calls are in "
        "flight to a server that takes 0.1 to 0.7 s for each."
    )
    return section


async def _throughput(
    toolkit: VimeoToolkit, url: str, users: int, in_flight: int, calls: int, rounds: int
) -> tuple[dict[str, list[Rate]], dict[str, list[float]]]:
    whose = random.Random(7)  # noqa: S311 - who calls next needs no secrecy
    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    query = {"fields": catalog()[TOOL].fields}
    async with httpx.AsyncClient(limits=limits) as client:

        async def bare() -> None:
            (await client.get(f"{url}/videos/123456789", params=query, headers=HEADERS)).json()

        async def ours() -> None:
            await toolkit.aexecute_tool(
                identifier=f"user_{whose.randrange(users)}",
                tool_name=TOOL,
                tool_input={"video_id": "123456789"},
            )

        rates: dict[str, list[Rate]] = {"bare": [], "ours": []}
        stalls: dict[str, list[float]] = {"bare": [], "ours": []}
        for number in range(rounds + 1):
            for name, function in (("bare", bare), ("ours", ours)):
                gc.collect()
                lags: list[float] = []
                watch = asyncio.create_task(_watch(lags))
                rate = await at_once(function, in_flight, calls)
                watch.cancel()
                if number:  # the first opens the connections
                    rates[name].append(rate)
                    stalls[name] += lags
    return rates, stalls


async def at_once(function: Callable[[], Awaitable[None]], in_flight: int, calls: int) -> Rate:
    """Make so many calls, so many at a time."""
    left = iter(range(calls))

    async def worker() -> None:
        for _ in left:
            await function()

    start, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(worker() for _ in range(in_flight)))
    return Rate(calls / (time.perf_counter() - start), calls / (time.process_time() - used))


def rate_rows(what: str, rates: Mapping[str, list[Rate]], at_least: float | None = None) -> list[Row]:
    """What bare httpx and the core do in a second and in a second of the processor, round by round.

    `at_least`: the target for both ratios.
    """
    rows = []
    for number, unit in enumerate(("calls/s", "calls/CPU-s")):
        bare, ours = ([rate[number] for rate in rates[who]] for who in ("bare", "ours"))
        kept = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
        rows += [
            Row(f"{what}: bare httpx", statistics.median(bare), unit),
            Row(f"{what}: core", statistics.median(ours), unit, "bare httpx", kept, at_least=at_least),
        ]
    return rows


async def _watch(lags: list[float]) -> None:
    while True:
        start = time.perf_counter()
        await asyncio.sleep(0.001)
        lags.append(time.perf_counter() - start - 0.001)


def _p99(lags: list[float]) -> float:
    return sorted(lags)[int(len(lags) * 0.99)] * 1e3


def _memory(toolkit: VimeoToolkit, users: int) -> tuple[float, float]:
    """Bytes that this process holds for one more user: connected, and after a call."""
    toolkit.execute_tool(identifier="user_0", tool_name=TOOL, tool_input={"video_id": "1"})
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    some = range(1, min(users, 1_001))
    for number in some:
        toolkit.get_connected_account(identifier=f"user_{number}")
    gc.collect()
    idle = tracemalloc.get_traced_memory()[0]
    for number in some:
        toolkit.execute_tool(identifier=f"user_{number}", tool_name=TOOL, tool_input={"video_id": "1"})
    gc.collect()
    active = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return max(0.0, (idle - before) / len(some)), max(0.0, (active - idle) / len(some))
