"""What a process keeps of accounts and event loops that have come and gone: memory and descriptors."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import NamedTuple

from benchmarks.local_process import in_process
from benchmarks.measure import Row, Section
from benchmarks.opened import STORES
from benchmarks.server import VIDEO, answer_of, serve_answers
from vimeo_toolkit import Connection, VimeoToolkit, generate_key

__all__ = ["measure"]

TOOL = "vimeo_video_get"
INPUT = {"video_id": "123456789"}
GRANT = {
    "scope": "public private",
    "user": {"uri": "/users/7", "name": "Somebody"},
    "app": {"uri": "/apps/9", "name": "An app"},
}
WARMING = 10
"""A tenth of what is measured goes before it, so that caches are as full as they get and pools as large."""


class Held(NamedTuple):
    """What a process holds."""

    traced: int
    """Bytes of Python's objects."""
    resident: int
    """Bytes of memory, as the system counts them."""
    descriptors: int


def measure(accounts: int = 10_000, loops: int = 100_000, fewer: int = 10) -> Section:
    """Accounts that connect, call and disconnect, and a loop for each call, on each store. On the servers a
    `fewer`-th of both, because each waits for the disk many times."""
    section = Section("Accounts and loops that come and go")
    for name, opened in STORES.items():
        share = fewer if name in ("PostgreSQL", "Valkey") else 1
        with opened() as store, _serving() as url:
            toolkit = VimeoToolkit([Connection(api_url=url)], store=store, key=generate_key())
            _grown(section, f"{name}: accounts that came and went", accounts // share, _a_life(toolkit))
            _grown(section, f"{name}: event loops with a call", loops // share, _a_loop(toolkit))
            toolkit.close()
    section.notes.append(
        "An account is connected, called for in both worlds and disconnected; a loop is an `asyncio.run` with one "
        "call. A tenth as many go before. Growth is per thousand, of Python's objects (tracemalloc, after a "
        "collection) and of the process as the system counts it. Some 35 KB come in any case, "
        "however many there are: what was made before it was traced is made anew."
    )
    return section


def _a_life(toolkit: VimeoToolkit) -> Callable[[int], None]:
    """Return what connects a user, makes two calls for them and disconnects them."""

    def live(number: int) -> None:
        who = f"user_{number}"
        toolkit.import_token(identifier=who, access_token=f"token-{number}")
        toolkit.execute_tool(identifier=who, tool_name=TOOL, tool_input=INPUT)
        asyncio.run(_called(toolkit, who))
        toolkit.delete_connected_account(identifier=who)

    return live


def _a_loop(toolkit: VimeoToolkit) -> Callable[[int], None]:
    """Return what makes one call in an event loop of its own."""
    toolkit.import_token(identifier="user", access_token="token")  # noqa: S106 - no real one
    return lambda _: asyncio.run(_called(toolkit, "user"))


async def _called(toolkit: VimeoToolkit, who: str) -> None:
    await toolkit.aexecute_tool(identifier=who, tool_name=TOOL, tool_input=INPUT)


def _grown(section: Section, what: str, times: int, once: Callable[[int], None]) -> None:
    """Do it so many times and add what the process holds more of."""
    for number in range(times // WARMING):
        once(number)
    tracemalloc.start()
    try:
        for number in range(times // WARMING):
            once(number)
        before = _held()
        for number in range(times):
            once(times + number)
        after = _held()
    finally:
        tracemalloc.stop()
    thousands = times / 1000
    traced, resident = after.traced - before.traced, after.resident - before.resident
    section.rows += [
        Row(
            f"{what}, {times:,}: objects, growth per thousand", traced / thousands / 1024, "KB", at_most=64.0
        ),
        Row(f"{what}, {times:,}: memory, growth per thousand", resident / thousands / 1024, "KB"),
        Row(f"{what}, {times:,}: descriptors more", after.descriptors - before.descriptors, "", at_most=0.0),
    ]


def _held() -> Held:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return Held(
        tracemalloc.get_traced_memory()[0],
        pages * os.sysconf("SC_PAGE_SIZE"),
        len(os.listdir("/proc/self/fd")),
    )


def _serve(told: Pipe) -> None:
    verified, revoked = answer_of(json.dumps(GRANT).encode()), answer_of(b"")
    video = answer_of(json.dumps(VIDEO).encode())

    def answer(head: bytes) -> bytes:
        if head.startswith(b"GET /oauth/verify"):
            return verified
        return revoked if head.startswith(b"DELETE /tokens") else video

    serve_answers(told, answer, (0.0, 0.0))


@contextmanager
def _serving() -> Iterator[str]:
    """The URL of a server that knows every token until it is revoked."""
    with in_process(_serve) as url:
        yield url
