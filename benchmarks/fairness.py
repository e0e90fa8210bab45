"""Tenants that share a process: what slow calls of some cost the others, and who waits longest for a limit."""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from benchmarks.accounts import connected, toolkit_with
from benchmarks.measure import Row, Section
from benchmarks.opened import STORES
from benchmarks.tenants import refused_by, serving
from vimeo_toolkit import Connection, RateLimited, VimeoToolkit, VimeoToolkitError, generate_key

__all__ = ["measure"]

TOOL = "vimeo_me_get"
QUIET = 20
PAUSE = 0.1
"""Seconds between two calls of a quiet tenant."""
SCENES: dict[str, dict[str, int]] = {
    "1 tenant with 190 slow calls": {"slow": 190},
    "1 tenant with 400 slow calls": {"slow": 400},
    "20 tenants with 10 slow calls each": {f"slow_{number}": 10 for number in range(20)},
}
EQUAL, CALLERS = 50, 8
LIMIT = (40, 2.0)

Times = list[float]


def measure(
    rounds: int = 5, seconds: float = 3.0, scenes: int = len(SCENES), demand: float = 4 * LIMIT[1]
) -> Section:
    """Quiet tenants beside slow ones in both worlds, and tenants with equal demand on each store."""
    section = Section("Tenants that share a process")
    looked_at = dict(list(SCENES.items())[:scenes])
    names = [f"user_{number}" for number in range(QUIET)]
    with serving() as url, toolkit_with(QUIET, url, reuse_reads=False) as toolkit:
        for slow in {name for scene in looked_at.values() for name in scene}:
            connected(toolkit, slow)
        _beside(
            section,
            "asynchronous",
            rounds,
            looked_at,
            lambda scene: asyncio.run(_around(toolkit, names, scene, seconds)),
        )
        _beside(
            section, "blocking", rounds, looked_at, lambda scene: _in_threads(toolkit, names, scene, seconds)
        )
    for name, opened in STORES.items():
        _equal(section, name, opened, rounds, demand)
    section.notes.append(
        f"{QUIET} quiet tenants call once in {PAUSE * 1000:.0f} ms; a slow call takes 3 s at the server. Their "
        "99th percentile is compared with that of the same round without slow calls. With equal demand, "
        f"{EQUAL} tenants have {CALLERS} callers each and a limit of {LIMIT[0]} requests in {LIMIT[1]:.0f} s: the "
        "worst tenant's 99th percentile beside the median tenant's. Ratios are medians of interleaved rounds. A "
        "stall is how much later than asked a sleep of 1 ms ends, in the same rounds."
    )
    return section


def _beside(
    section: Section,
    world: str,
    rounds: int,
    scenes: Mapping[str, dict[str, int]],
    run: Callable[[dict[str, int]], tuple[Times, Times]],
) -> None:
    """One row a scene, compared with no slow call at all."""
    run({})  # opens the connections
    found: dict[str, list[float]] = {"": [], **{scene: [] for scene in scenes}}
    stalls: dict[str, list[float]] = {scene: [] for scene in found}
    for _ in range(rounds):
        for scene in found:
            times, lags = run(scenes.get(scene, {}))
            found[scene].append(_p99(times) * 1e3)
            stalls[scene].append(_p99(lags) * 1e3)
    alone = statistics.median(found[""])
    section.rows.append(Row(f"{world}: quiet tenants alone, 99th percentile", alone, "ms"))
    for scene in scenes:
        ratio = statistics.median(a / b for a, b in zip(found[scene], found[""], strict=True))
        value = statistics.median(found[scene])
        section.rows.append(Row(f"{world}: beside {scene}", value, "ms", "alone", ratio, at_most=1.2))
        if any(stalls[scene]):
            lag = statistics.median(stalls[scene])
            section.rows.append(Row(f"{world}: beside {scene}: stall of the loop", lag, "ms"))


async def _around(
    toolkit: VimeoToolkit, names: list[str], scene: dict[str, int], seconds: float
) -> tuple[Times, Times]:
    times: Times = []
    lags: Times = []
    await asyncio.gather(*(_quietly(toolkit, name) for name in names))  # opens their connections
    slow = [
        asyncio.create_task(_quietly(toolkit, name)) for name, calls in scene.items() for _ in range(calls)
    ]
    await asyncio.sleep(0.5)
    watch = asyncio.create_task(_watch(lags))
    until = time.perf_counter() + seconds

    async def quiet(number: int, name: str) -> None:
        await asyncio.sleep(PAUSE * number / QUIET)
        while (start := time.perf_counter()) < until:
            await toolkit.aexecute_tool(identifier=name, tool_name=TOOL)
            times.append(time.perf_counter() - start)
            await asyncio.sleep(PAUSE)

    await asyncio.gather(*(quiet(number, name) for number, name in enumerate(names)))
    watch.cancel()
    await asyncio.gather(*slow)
    return times, lags


async def _quietly(toolkit: VimeoToolkit, name: str) -> None:
    try:
        await toolkit.aexecute_tool(identifier=name, tool_name=TOOL)
    except VimeoToolkitError:  # late, because others of the same tenant were first
        return


async def _watch(lags: Times) -> None:
    while True:
        start = time.perf_counter()
        await asyncio.sleep(0.001)
        lags.append(time.perf_counter() - start - 0.001)


def _in_threads(
    toolkit: VimeoToolkit, names: list[str], scene: dict[str, int], seconds: float
) -> tuple[Times, Times]:
    times: Times = []

    def slow(name: str) -> None:
        try:
            toolkit.execute_tool(identifier=name, tool_name=TOOL)
        except VimeoToolkitError:
            return

    def quiet(number: int, name: str) -> None:
        time.sleep(PAUSE * number / QUIET)
        while (start := time.perf_counter()) < until:
            toolkit.execute_tool(identifier=name, tool_name=TOOL)
            times.append(time.perf_counter() - start)
            time.sleep(PAUSE)

    busy = [
        threading.Thread(target=slow, args=(name,)) for name, calls in scene.items() for _ in range(calls)
    ]
    for thread in busy:
        thread.start()
    time.sleep(0.5)
    until = time.perf_counter() + seconds
    calling = [threading.Thread(target=quiet, args=each) for each in enumerate(names)]
    for thread in calling:
        thread.start()
    for thread in (*calling, *busy):
        thread.join()
    return times, []


def _equal(
    section: Section,
    name: str,
    opened: Callable[[], AbstractContextManager[str]],
    rounds: int,
    seconds: float,
) -> None:
    ratios, worst, stalls, refused = [], [], [], 0
    for _ in range(rounds):
        with opened() as store, serving(LIMIT) as url:
            toolkit = VimeoToolkit(
                [Connection(api_url=url)],
                store=store,
                key=generate_key(),
                timeout=30,
                max_wait=20,
                reuse_reads=False,
            )
            for number in range(EQUAL):
                connected(toolkit, f"user_{number}")
            waits, lags = asyncio.run(_demand(toolkit, seconds))
            toolkit.close()
            refused += refused_by(url)
        each = sorted(_p99(times) for times in waits)
        ratios.append(each[-1] / statistics.median(each))
        worst.append(each[-1] * 1e3)
        stalls.append(_p99(lags) * 1e3)
    what = f"{EQUAL} equal tenants on {name}"
    section.rows += [
        Row(
            f"{what}: the worst tenant's 99th percentile",
            statistics.median(worst),
            "ms",
            "the median tenant's",
            statistics.median(ratios),
            at_most=1.5,
        ),
        Row(f"{what}: requests refused by the server", refused, "requests", at_most=0.0),
        Row(f"{what}: stall of the loop", statistics.median(stalls), "ms"),
    ]


async def _demand(toolkit: VimeoToolkit, seconds: float) -> tuple[list[Times], Times]:
    waits: list[Times] = [[] for _ in range(EQUAL)]
    lags: Times = []
    watch = asyncio.create_task(_watch(lags))
    until = time.perf_counter() + seconds

    async def caller(number: int) -> None:
        while (start := time.perf_counter()) < until:
            try:
                await toolkit.aexecute_tool(identifier=f"user_{number}", tool_name=TOOL)
            except RateLimited:
                continue
            waits[number].append(time.perf_counter() - start)

    await asyncio.gather(*(caller(number) for number in range(EQUAL) for _ in range(CALLERS)))
    watch.cancel()
    await toolkit.aclose()
    return waits, lags


def _p99(times: Times) -> float:
    return sorted(times)[int(len(times) * 0.99)] if times else 0.0
