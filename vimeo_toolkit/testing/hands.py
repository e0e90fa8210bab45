"""Helpers of the promises: blocking and asynchronous stores behind one set of methods, and work for other
processes."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import pickle
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import pytest

from vimeo_toolkit.stores.protocol import Key, Row, Store

__all__ = [
    "ODD_TEXTS",
    "Asynchronous",
    "Hands",
    "a_short_life",
    "add_one",
    "all_names",
    "count_up",
    "fill",
    "in_processes",
    "in_threads",
    "key",
    "take_turns",
]

_PATIENCE = 110.0

ODD_TEXTS = ("", "a/b", "a%2Fb", "B", "b ", "b\x00", "\n", "é", "e\u0301", "😀", "\ud83d", "!", "*", "'; --")
"""Texts that may be part of a key or a lease's name."""


class Hands(Protocol):
    """The store methods that the tests call, blocking or asynchronous."""

    def get(self, key: Key) -> Row | None: ...
    def put(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool: ...
    def delete(self, key: Key, *, expected: int) -> bool: ...
    def scan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]: ...
    def acquire(self, lease: str, owner: str, ttl: float) -> bool: ...
    def release(self, lease: str, owner: str) -> None: ...


class Asynchronous:
    """A store's asynchronous twins under the blocking names, each run to its end in one event loop."""

    def __init__(self, store: Store, runner: asyncio.Runner) -> None:
        def waited(method: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
            return lambda *args, **kwargs: runner.run(method(*args, **kwargs))

        self.get, self.put, self.delete = waited(store.aget), waited(store.aput), waited(store.adelete)
        self.scan, self.acquire, self.release = (
            waited(store.ascan),
            waited(store.aacquire),
            waited(store.arelease),
        )


def key(name: str = "u", *, kind: str = "account", connection: str = "vimeo") -> Key:
    """Return the key of a row."""
    return Key(kind, connection, name)


def fill(hands: Hands, names: list[str], **where: str) -> None:
    """Write a row of each name, its name in it."""
    for name in names:
        assert hands.put(key(name, **where), name.encode(), version=1, expected=0)


def all_names(
    hands: Hands, kind: str = "account", connection: str | None = None, limit: int = 500
) -> list[str]:
    """Return the names on all pages."""
    names: list[str] = []
    after: Key | None = None
    while page := hands.scan(kind, connection, after=after, limit=limit):
        assert len(page) <= limit
        names += [found.name for found, _ in page]
        after = page[-1][0]
    return names


def add_one(hands: Hands, *, times: int = 1) -> None:
    """Read the number in a row and write the next one, again after each lost race."""
    while times:
        row = hands.get(key())
        assert row is not None
        value = b"%d" % (int(row.value) + 1)
        times -= hands.put(key(), value, version=row.version + 1, expected=row.version)


def a_short_life(write: Callable[[float], bool], change: Callable[[], bool]) -> float:
    """Write a row that ends soon, change it before it ends, and return how long it was to last.

    A longer life is tried where this machine was too busy for a short one.
    """
    for life in (0.05, 0.25, 1.0, 5.0):
        assert write(life)
        if change():
            return life
        time.sleep(life)
    raise AssertionError("a row cannot be changed before it ends")


def count_up(make_store: Callable[[], Store], times: int) -> None:
    """Add so many to the number in a row; runs in a process of its own."""
    store = make_store()
    add_one(store, times=times)
    store.close()


def take_turns(make_store: Callable[[], Store], inside: Path, threads: int, times: int) -> int:
    """Take and give back one lease in many threads; runs in a process of its own.

    Whoever has the lease makes the file `inside` and takes it away, which fails where somebody else is there.
    Returns how often it was had.
    """
    store = make_store()

    def work(number: int) -> int:
        owner, had = f"{os.getpid()}-{number}", 0
        until = time.monotonic() + _PATIENCE / 2
        while had < times and time.monotonic() < until:
            if not store.acquire("turns", owner, 60):
                time.sleep(0.005)
                continue
            os.close(os.open(inside, os.O_CREAT | os.O_EXCL))
            time.sleep(0.001)
            inside.unlink()
            store.release("turns", owner)
            had += 1
        return had

    with ThreadPoolExecutor(threads) as pool:
        had = sum(pool.map(work, range(threads)))
    store.close()
    return had


def in_processes(count: int, function: Callable[..., Any], *arguments: Any) -> list[Any]:
    """Run a function in so many new processes at once and return what it gives.

    Skips the test where its arguments cannot be sent to a process.
    """
    try:
        pickle.dumps((function, arguments))
    except (pickle.PicklingError, AttributeError, TypeError):
        pytest.skip("make_store cannot be sent to another process: return functools.partial(MyStore, …)")
    with multiprocessing.get_context("spawn").Pool(count) as pool:
        pending = [pool.apply_async(function, arguments) for _ in range(count)]
        return [each.get(timeout=_PATIENCE) for each in pending]


def in_threads(count: int, work: Callable[[], None]) -> None:
    """Run `work` in so many threads at once, with many switches between them; raises what one of them raised."""
    raised: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(count)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    if raised:
        raise raised[0]
