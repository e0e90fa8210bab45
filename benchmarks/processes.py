"""Many users of eight processes that share a store: calls a CPU-second, and what a server with limits refuses."""

from __future__ import annotations

import asyncio
import random
from contextlib import ExitStack
from multiprocessing.connection import Connection as Pipe

import httpx

from benchmarks.accounts import connect_all
from benchmarks.local_process import process_of
from benchmarks.measure import Row, Section
from benchmarks.opened import DURABLE, STORES
from benchmarks.tenants import Limit, refused_by, serving
from benchmarks.users import HEADERS, Rate, at_once, rate_rows
from vimeo_toolkit import Connection, VimeoToolkit, generate_key
from vimeo_toolkit.catalog import catalog

__all__ = ["measure"]

TOOL = "vimeo_me_get"
BUSY = 20
"""Users of whom each second call is, so that all processes want what is left of the same limits."""
LIMIT: Limit = (40, 4.0)


def measure(
    users: int = 10_000, in_flight: int = 200, processes: int = 8, calls: int = 4_000, rounds: int = 5
) -> Section:
    """So many calls a round by all processes together, on each store."""
    section = Section("Many users in eight processes")
    for name in DURABLE:
        with STORES[name]() as store, serving() as free, serving(LIMIT) as limited:
            key = generate_key()
            with VimeoToolkit([Connection(api_url=limited)], store=store, key=key) as toolkit:
                connect_all(toolkit, users)
            share = (users, in_flight // processes, calls // processes)
            with ExitStack() as running:
                pipes = [
                    running.enter_context(process_of(_work, store, key, limited, free, number, *share))
                    for number in range(processes)
                ]
                rates = _rounds(pipes, rounds)
            what = f"{name}: {processes} processes, {in_flight} in flight over {users:,} users"
            section.rows += rate_rows(what, rates)
            section.rows.append(
                Row(f"{what}: requests refused", refused_by(limited), "requests", at_most=0.0)
            )
    section.notes.append(
        f"Each second call is of one of {BUSY} users, all others of any; the server lets each user make {LIMIT[0]} "
        f"requests in {LIMIT[1]:.0f} s, and calls wait for that. Bare httpx asks a server without limits. A "
        "CPU-second is one of all client processes together."
    )
    return section


def _rounds(pipes: list[Pipe], rounds: int) -> dict[str, list[Rate]]:
    """Let all processes do the same at the same time; the two ways take turns."""
    rates: dict[str, list[Rate]] = {"bare": [], "ours": []}
    for pipe in pipes:
        pipe.recv()
    for number in range(rounds + 1):
        for who, found in rates.items():
            for pipe in pipes:
                pipe.send(who)
            each: list[Rate] = [pipe.recv() for pipe in pipes]
            if number:  # the first opens the connections
                found.append(Rate(sum(rate.wall for rate in each), _together([rate.cpu for rate in each])))
    return rates


def _together(rates: list[float]) -> float:
    """Return what equal numbers of calls at these rates are in a second of all."""
    return len(rates) / sum(1 / rate for rate in rates)


def _work(
    pipe: Pipe,
    store: str,
    key: str,
    limited: str,
    free: str,
    number: int,
    users: int,
    in_flight: int,
    calls: int,
) -> None:
    """Make so many calls each time that the pipe says in which way."""

    async def obey() -> None:
        whose = random.Random(number)  # noqa: S311 - who calls next needs no secrecy
        toolkit = VimeoToolkit(
            [Connection(api_url=limited)], store=store, key=key, timeout=60, max_wait=60, reuse_reads=False
        )
        limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
        query = {"fields": catalog()[TOOL].fields}
        async with httpx.AsyncClient(limits=limits) as client:

            async def bare() -> None:
                (await client.get(f"{free}/me", params=query, headers=HEADERS)).json()

            async def ours() -> None:
                user = whose.randrange(BUSY if whose.random() < 0.5 else users)
                await toolkit.aexecute_tool(identifier=f"user_{user}", tool_name=TOOL)

            ways = {"bare": bare, "ours": ours}
            pipe.send("ready")
            while True:
                pipe.send(await at_once(ways[pipe.recv()], in_flight, calls))

    asyncio.run(obey())
