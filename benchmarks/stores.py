"""The three stores with few and many accounts, in turns: what a row costs must not grow with their number."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from benchmarks.accounts import connected
from benchmarks.measure import Row, Seconds, Section, interleaved, ratio
from benchmarks.opened import DURABLE, STORES
from vimeo_toolkit import Connection, VimeoToolkit, generate_key
from vimeo_toolkit.stores import open_store
from vimeo_toolkit.stores.protocol import Key, Store

__all__ = ["measure"]

VALUE = b"x" * 700
"""About what a sealed account is."""


def measure(sizes: tuple[int, ...] = (1_000, 100_000), most: int = 1_000_000, rounds: int = 31) -> Section:
    """Get, put, compare-and-set and lease at each size, then listing and rotating keys."""
    section = Section("Stores")
    for name in DURABLE:
        with ExitStack() as open_now:
            stores: dict[int, Store] = {}
            for size in (*sizes, most) if name == "PostgreSQL" else sizes:
                url = open_now.enter_context(STORES[name]())
                stores[size] = open_store(url)
                open_now.callback(stores[size].close)
                _fill(stores[size], size)
            for operation, found in _operations(stores, rounds).items():
                _rows(section, f"{name}: {operation}", found, gets=operation == "get")
            if name == "Valkey":
                found = interleaved(
                    {str(size): _bare(store, size) for size, store in stores.items()},
                    rounds=rounds,
                    calls=200,
                )
                _rows(section, f"{name}: get by the bare client", found)
    _whole(section)
    section.notes.append(
        "Stores with few and many rows are files and servers of their own, which take turns. PostgreSQL and "
        "Valkey are real servers on this machine, reached over a socket; a write waits for the disk in all three. "
        "Rows are 700 bytes, about what a sealed account is; reads are of a thousand users spread over all of the "
        "rows, as some of all users are active. The bare client is redis-py's, asked for the same strings."
    )
    return section


def _rows(section: Section, what: str, found: Seconds, *, gets: bool = False) -> None:
    """One row a size, the further ones compared with the first."""
    first = next(iter(found))
    for size, seconds in found.items():
        row = Row(f"{what}, {int(size):,} accounts", statistics.median(seconds) * 1e6, "µs")
        if size != first:
            most = 1.2 if gets and size == "100000" else None
            compared = ratio(found, size, first)
            row = Row(row.what, row.value, "µs", f"{int(first):,} accounts", compared, at_most=most)
        section.rows.append(row)


def _key(number: int) -> Key:
    return Key("account", "vimeo", f"user_{number}")


def _fill(store: Store, size: int) -> None:
    """Bring the store to this many rows. Many writers at a time: a store commits together what waits together."""

    def part(begin: int) -> None:
        for number in range(begin, min(begin + 1_000, size)):
            store.put(_key(number), VALUE, version=1, expected=0)

    with ThreadPoolExecutor(8) as pool:
        for _ in pool.map(part, range(0, size, 1_000)):
            pass


def _operations(stores: dict[int, Store], rounds: int) -> dict[str, Seconds]:
    """Seconds of each operation by the number of rows. The stores take turns."""
    # Reads by themselves: after each write SQLite's readers begin with an empty cache, and writes are rare.
    reads = {str(size): _getting(store, size) for size, store in stores.items()}
    found = {"get": interleaved(reads, rounds=rounds, calls=200)}
    functions = {
        f"{operation}/{size}": function
        for size, store in stores.items()
        for operation, function in _writing(store, size).items()
    }
    for name, seconds in interleaved(functions, rounds=rounds, calls=20).items():
        operation, _, size = name.partition("/")
        found.setdefault(operation, {})[size] = seconds
    return found


def _spread(size: int) -> Callable[[], Key]:
    """Return what names one of a thousand users after the other."""
    numbers = itertools.cycle(range(0, size, max(1, size // 997)))
    return lambda: _key(next(numbers))


def _getting(store: Store, size: int) -> Callable[[], None]:
    asked = _spread(size)

    def get() -> None:
        if store.get(asked()) is None:
            raise RuntimeError("A row is missing.")

    return get


def _bare(store: Any, size: int) -> Callable[[], None]:
    asked, client, name_of = _spread(size), store._clients.blocking(), store._calls.row_name

    def get() -> None:
        if client.get(name_of(asked())) is None:
            raise RuntimeError("A row is missing.")

    return get


def _writing(store: Store, size: int) -> dict[str, Callable[[], None]]:
    fresh, versions = itertools.count(size * 10), itertools.count(2)
    owner = "owner"

    def put() -> None:
        if not store.put(_key(next(fresh)), VALUE, version=1, expected=0):
            raise RuntimeError("A row is there already.")

    def swap() -> None:
        version = next(versions)
        if not store.put(_key(0), VALUE, version=version, expected=version - 1):
            raise RuntimeError("Somebody else writes.")

    def lease() -> None:
        if not store.acquire("lease", owner, 3.0):
            raise RuntimeError("Somebody else holds it.")
        store.release("lease", owner)

    return {"put": put, "compare-and-set": swap, "lease and release": lease}


def _whole(section: Section, users: int = 2_000) -> None:
    """What goes through all accounts: listing them, and sealing them under a new key."""
    for name in DURABLE:
        old, new = generate_key(), generate_key()
        with STORES[name]() as url:
            with VimeoToolkit([Connection()], store=url, key=old) as toolkit:
                for number in range(users):
                    connected(toolkit, f"user_{number}")
                start = time.perf_counter()
                listed = len(toolkit.list_connected_accounts())
                section.rows.append(
                    Row(f"{name}: accounts listed", listed / (time.perf_counter() - start), "a second")
                )
            with VimeoToolkit([Connection()], store=url, key=[new, old]) as toolkit:
                start = time.perf_counter()
                sealed = toolkit.rotate_key().changed
                section.rows.append(
                    Row(f"{name}: accounts sealed anew", sealed / (time.perf_counter() - start), "a second")
                )
