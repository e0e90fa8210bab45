"""Sealed rows of any kind, between the store and what is in them. No account is read here: see `vault`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any, Final, Protocol

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.errors import StoreBusy, StoreError, WrongKey
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import DAMAGED, Key, Row

__all__ = ["CAS_ATTEMPTS", "Rows", "Seal", "own_key"]

CAS_ATTEMPTS: Final = 50
_TAKEN: Final = {"taken": True}
_TAKEN_SECONDS: Final = 60.0
_PAGE: Final = 500
_FEW: Final = 50
"""Rows of a kind that may be large."""


def own_key(kind: str, user: Identity | AccountRecord) -> Key:
    """Return the key of a row of a kind of which each user has one."""
    return Key(kind, user.connection_name, user.identifier)


class Seal(Protocol):
    """Authenticated encryption that binds a value to its key and version (`stores.cipher.Cipher`)."""

    @property
    def key_id(self) -> str: ...
    def key_id_of(self, sealed: bytes) -> str: ...
    def is_foreign(self, sealed: bytes) -> bool: ...
    def is_damaged(self, sealed: bytes) -> bool: ...
    def seal(self, key: Key, version: int, plaintext: bytes) -> bytes: ...
    def open(self, key: Key, version: int, sealed: bytes) -> bytes: ...


class Rows:
    """Reads and writes sealed rows. Holds no connection: the flow's `IO` brings the store."""

    def __init__(self, cipher: Seal) -> None:
        self.cipher = cipher

    async def envelope(self, io: IO, key: Key) -> Row | None:
        """Return a row whatever is in it; `DAMAGED` for one that the store itself cannot read.

        Raises:
            StoreBusy: the store does not answer.
        """
        try:
            return await io.store.aget(key)
        except StoreBusy:
            raise
        except StoreError:
            return DAMAGED

    async def drop(self, io: IO, key: Key) -> None:
        """Delete a row, whatever is in it.

        Raises:
            StoreError: it is still there, as far as could be seen.
        """
        for _ in range(CAS_ATTEMPTS):
            row = await self.envelope(io, key)
            if row is None or await io.store.adelete(key, expected=row.version):
                return
            if row == DAMAGED:
                await io.store.aget(key)  # the store itself failed: raise its error

    def is_current(self, row: Row) -> bool:
        """Return whether a row says that it is sealed with the newest key."""
        return self.cipher.key_id_of(row.value) == self.cipher.key_id

    def check(self, key: Key, row: Row) -> None:
        """Open a row and forget what is in it.

        Raises:
            WrongKey: it does not open.
        """
        self.cipher.open(key, row.version, row.value)

    async def reseal(self, io: IO, key: Key, row: Row, *, ttl: float | None) -> bool:
        """Seal a row that was read under the newest key. Its version and its end stay, so whoever has read it can
        still change it or use it up.

        `ttl`: see `SureStore.areplace`. False, with nothing changed, where the row has changed since.

        Raises:
            WrongKey: it does not open.
        """
        opened = self.cipher.open(key, row.version, row.value)
        sealed = self.cipher.seal(key, row.version, opened)
        return await io.store.areplace(key, sealed, version=row.version, ttl=_left(opened, io=io, most=ttl))

    async def copy(self, key: Key, row: Row, target: Rows, target_io: IO, *, ttl: float | None) -> bool:
        """Put a row that was read into another store, under that one's key; False where that has one already.

        Raises:
            WrongKey: it does not open.
        """
        opened = self.cipher.open(key, row.version, row.value)
        sealed = target.cipher.seal(key, row.version, opened)
        ttl = _left(opened, io=target_io, most=ttl)
        return await target_io.store.aput(key, sealed, version=row.version, expected=0, ttl=ttl)

    async def put_json(
        self, io: IO, key: Key, body: Mapping[str, Any], *, ttl: float, expected: int = 0
    ) -> bool:
        """Keep a small sealed row, such as a pending authorization, if the one that is there is at version
        `expected` (0: none). May hold `Secret`s. False, with nothing changed, when it is not."""
        return await self.write_json(io, key, body, ttl=ttl, expected=expected) is not None

    async def write_json(
        self, io: IO, key: Key, body: Mapping[str, Any], *, ttl: float, expected: int = 0
    ) -> int | None:
        """Keep a row as `put_json` does, and return the version that it is at now; None where nothing changed."""
        version = max(expected + 1, int(io.now() * 1_000_000))
        sealed = self.cipher.seal(key, version, json.dumps(dict(body), default=Secret.reveal).encode())
        done = await io.store.aput(key, sealed, version=version, expected=expected, ttl=ttl)
        return version if done else None

    async def read_json(self, io: IO, key: Key, *, void: bool = False) -> tuple[dict[str, Any], int] | None:
        """Return such a row, which must hold no secret, and its version; None when there is none.

        `void`: a row that does not open counts as empty, to be written over by whoever has something to write.

        Raises:
            WrongKey: it does not open.
        """
        row = await (self.envelope(io, key) if void else io.store.aget(key))
        if row is None:
            return None
        if void and row == DAMAGED:
            await self.drop(io, key)
            return None
        body: dict[str, Any] = {}
        try:
            body = dict(json.loads(self.cipher.open(key, row.version, row.value)))
        except (WrongKey, ValueError, TypeError):
            if not void:
                raise
        if body == _TAKEN:  # used up by somebody who could not delete it any more
            await io.store.adelete(key, expected=row.version)
            return None
        return body, row.version

    async def take(self, io: IO, key: Key, version: int) -> bool:
        """Use up such a row that was read at this version. Of many callers at once exactly one gets True.

        The row is marked and then deleted: of a deletion whose answer was lost, nobody could say whose it was.
        """
        marked = await self.write_json(io, key, _TAKEN, ttl=_TAKEN_SECONDS, expected=version)
        if marked is None:
            return False
        with contextlib.suppress(StoreError):
            await io.store.adelete(key, expected=marked)
        return True

    async def take_json(self, io: IO, key: Key) -> dict[str, Any] | None:
        """Read and use up such a row. Of many callers at once exactly one gets it."""
        row = await io.store.aget(key)
        if row is None:
            return None
        body = Secret(self.cipher.open(key, row.version, row.value).decode())
        if json.loads(body.reveal()) == _TAKEN or not await self.take(io, key, row.version):
            return None
        return dict(json.loads(body.reveal()))

    async def named(self, io: IO, kind: str, identity: Identity) -> list[tuple[Key, Row]]:
        """Return the rows of a kind whose names begin with this user's digest, in the order of their names."""
        found: list[tuple[Key, Row]] = []
        after = Key(kind, identity.connection_name, identity.digest)
        while True:
            rows = await io.store.ascan(kind, identity.connection_name, after=after, limit=_FEW)
            found += [each for each in rows if each[0].name.startswith(identity.digest)]
            if len(rows) < _FEW or not rows[-1][0].name.startswith(identity.digest):
                return found
            after = rows[-1][0]

    def opened(self, key: Key, row: Row) -> dict[str, Any]:
        """Return what is in such a row, which must hold no secret.

        Raises:
            WrongKey, ValueError: it does not open, or holds something else.
        """
        return dict(json.loads(self.cipher.open(key, row.version, row.value)))

    async def forget_named(self, io: IO, kind: str, identity: Identity) -> None:
        """Delete the rows of a kind whose names begin with this user's digest, whatever is in them.

        Raises:
            StoreError: they are still there, as far as could be seen.
        """
        for key, _ in await self.named(io, kind, identity):
            await self.drop(io, key)

    async def forget(self, io: IO, kind: str, identity: Identity, *, of_any: bool = False) -> None:
        """Delete such rows of a kind that say inside that they are this user's, as far as they can be read.

        `of_any`: their addresses name no connection.
        """
        connection = "" if of_any else identity.connection_name
        after: Key | None = None
        while True:
            rows = await io.store.ascan(kind, connection, after=after, limit=_PAGE)
            for key, row in rows:
                if self._says(key, row, identity):
                    await io.store.adelete(key, expected=row.version)
            if len(rows) < _PAGE:
                return
            after = rows[-1][0]

    def _says(self, key: Key, row: Row, identity: Identity) -> bool:
        try:
            body = json.loads(self.cipher.open(key, row.version, row.value))
            connection = key.connection or body["connection_name"]
            return bool((connection, body["identifier"]) == (identity.connection_name, identity.identifier))
        except (WrongKey, ValueError, KeyError, TypeError):
            return False


def _left(opened: bytes, *, io: IO, most: float | None) -> float | None:
    """Return the seconds that a row has left: what it says itself (`ends`, since the epoch), else `most`."""
    try:
        body = json.loads(opened)
        ends = body.get("ends") if isinstance(body, dict) else None
    except ValueError:
        return most
    if most is None or isinstance(ends, bool) or not isinstance(ends, int | float):
        return most
    return min(most, max(1.0, ends - io.now()))
