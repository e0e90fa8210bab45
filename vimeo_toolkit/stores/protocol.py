"""What a store must do: keep versioned rows of bytes, and hand out leases.

A store knows nothing of accounts, tokens or encryption: values are sealed before they reach it. It promises
three things on which the flows rely: a write that was acknowledged survives a crash, compare-and-set is
atomic over threads and processes, and a lease has one owner at a time.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

from vimeo_toolkit.stores.kinds import KINDS

__all__ = ["DAMAGED", "EPHEMERAL_KINDS", "Checked", "KeepsEnds", "Key", "Row", "Store", "is_in_memory"]


class Key(NamedTuple):
    """The address of a row. All three are compared exactly; any text is allowed in each."""

    kind: str
    """What the row is: one of `stores.kinds.KINDS`."""
    connection: str
    """The connection's name."""
    name: str
    """The identifier of a user, or a hash of a state."""


EPHEMERAL_KINDS = frozenset(name for name, kind in KINDS.items() if kind.ephemeral)
"""Kinds whose loss in a power cut does no harm: a store need not wait for the disk for them."""


class Row(NamedTuple):
    """What a store keeps under a key."""

    value: bytes
    """Sealed: any bytes, from none to some hundred thousand."""
    version: int
    """A number of up to 63 bits that whoever writes the row chooses."""


DAMAGED = Row(b"", 0)
"""The value in a scan for a row that no store wrote."""


@runtime_checkable
class Store(Protocol):
    """Blocking methods and their `a`-prefixed async twins. All may raise `StoreError` or `StoreBusy`.

    A row that no store wrote (its envelope is broken) spoils no other: `get` of it raises `StoreError`, `scan`
    gives it as `DAMAGED`, and `delete` with `expected=0` takes it away.

    `shared` and `path` say how long rows last. Where they outlive the process, an encryption key must be given:
    with a new one in each process nobody could open them.

    A store may have more: see `KeepsEnds` and `Checked`. `vimeo_toolkit.testing.StorePromises` are the tests of all
    this.
    """

    @property
    def shared(self) -> bool:
        """True where a server keeps the rows, and other machines see the same ones (PostgreSQL, Redis)."""
        ...

    @property
    def path(self) -> Path | None:
        """The file or folder in which rows outlive the process, which is never uploaded; None for a store in the
        process's memory, or where `shared` is True."""
        ...

    def get(self, key: Key) -> Row | None:
        """Return the row, or None."""
        ...

    def put(self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None) -> bool:
        """Write `value` as `version` if the row's version is `expected` (0: there is no row).

        Returns False, with nothing changed, when it is not. `ttl`: seconds after which the row may vanish.
        Durable on return, except for `EPHEMERAL_KINDS`.
        """
        ...

    def delete(self, key: Key, *, expected: int) -> bool:
        """Delete the row if its version is `expected`; False when it is not (or is gone)."""
        ...

    def scan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        """Return up to `limit` rows of a kind (of one connection), in key order, those after `after`."""
        ...

    def acquire(self, lease: str, owner: str, ttl: float) -> bool:
        """Take the lease for `ttl` seconds from now by the store's own clock, or extend it when `owner` has it.

        Returns whether `owner` has it now; False when somebody else does. One that has ended is anybody's. A holder
        that stood still does not know that it lost its lease, so what must not happen twice is guarded by
        compare-and-set as well.
        """
        ...

    def release(self, lease: str, owner: str) -> None:
        """Give the lease back; nothing happens when `owner` does not hold it."""
        ...

    def close(self) -> None:
        """Release connections and files. A later call may open them again."""
        ...

    async def aget(self, key: Key) -> Row | None:
        """Read as `get` does, without holding up the event loop."""
        ...

    async def aput(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool:
        """Write as `put` does, without holding up the event loop."""
        ...

    async def adelete(self, key: Key, *, expected: int) -> bool:
        """Delete as `delete` does, without holding up the event loop."""
        ...

    async def ascan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        """Scan as `scan` does, without holding up the event loop."""
        ...

    async def aacquire(self, lease: str, owner: str, ttl: float) -> bool:
        """Acquire as `acquire` does, without holding up the event loop."""
        ...

    async def arelease(self, lease: str, owner: str) -> None:
        """Release as `release` does, without holding up the event loop."""
        ...

    async def aclose(self) -> None:
        """Close as `close` does, without holding up the event loop."""
        ...


def is_in_memory(store: Store) -> bool:
    """Return whether a store's rows are gone with the process."""
    return not store.shared and store.path is None


@runtime_checkable
class KeepsEnds(Protocol):
    """An optional part of a store: write a row without changing its end (`ttl`).

    Without it, a row that is sealed anew gets the longest life of its kind.
    """

    def replace(self, key: Key, value: bytes, *, version: int) -> bool:
        """Write `value` if the row is at `version`, which it stays at; False, with nothing changed, if not."""
        ...

    async def areplace(self, key: Key, value: bytes, *, version: int) -> bool:
        """Write as `replace` does, without holding up the event loop."""
        ...


@runtime_checkable
class Checked(Protocol):
    """An optional part of a store whose `scan` reads an index that can differ from the rows."""

    def check(self, kind: str) -> int:
        """Compare the index that `scan` reads with the rows of a kind, and repair it; return how many rows were
        missing.

        Raises:
            StoreError: it cannot be known.
        """
        ...

    async def acheck(self, kind: str) -> int:
        """Check as `check` does, without holding up the event loop."""
        ...
