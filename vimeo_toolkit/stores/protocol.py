"""What a store must do: keep versioned rows of bytes, and hand out leases.

A store knows nothing of accounts, tokens or encryption: values are sealed before they reach it. It promises
three things on which the flows rely: a write that was acknowledged survives a crash, compare-and-set is
atomic over threads and processes, and a lease has one owner at a time.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol, runtime_checkable


class Key(NamedTuple):
    """The address of a row. All three are compared exactly; any text is allowed in each."""

    kind: str
    """What the row is: `account`, `state` (a pending authorization), `budget`, …"""
    connection: str
    """The connection's name."""
    name: str
    """The identifier of a user, or a hash of a state."""


EPHEMERAL_KINDS = frozenset({"budget"})
"""Kinds whose loss in a power cut does no harm: a store need not wait for the disk for them."""


class Row(NamedTuple):
    value: bytes
    version: int


@runtime_checkable
class Store(Protocol):
    """Blocking methods and their `a`-prefixed async twins. All may raise `StoreError` or `StoreBusy`."""

    shared: bool
    """True where other machines see the same rows (PostgreSQL, Redis): then a key must be given."""

    def get(self, key: Key) -> Row | None:
        """The row, or None."""
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
        """Up to `limit` rows of a kind (of one connection), in key order, from behind `after`."""
        ...

    def acquire(self, lease: str, owner: str, ttl: float) -> int | None:
        """Take the lease for `ttl` seconds, or extend it when `owner` has it already.

        Returns a fencing number that grows with each new owner (an extension keeps it), or None when
        someone else holds it. Time is the store's own clock.
        """
        ...

    def release(self, lease: str, owner: str) -> None:
        """Give the lease back; nothing happens when `owner` does not hold it."""
        ...

    def close(self) -> None:
        """Release connections and files. A later call may open them again."""
        ...

    async def aget(self, key: Key) -> Row | None: ...

    async def aput(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool: ...

    async def adelete(self, key: Key, *, expected: int) -> bool: ...

    async def ascan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]: ...

    async def aacquire(self, lease: str, owner: str, ttl: float) -> int | None: ...

    async def arelease(self, lease: str, owner: str) -> None: ...

    async def aclose(self) -> None: ...
