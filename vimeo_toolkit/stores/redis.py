"""Accounts in Redis or Valkey, for any number of machines.

Such a server keeps its rows in memory: the operator has to give it `appendonly yes` (with `appendfsync always`
no acknowledged write is ever lost; with `everysec` a power cut loses the last second) and
`maxmemory-policy noeviction`, or it throws accounts away when its memory is full. The store warns when it can
see that this is not so.

A row is one string, `version (8 bytes) · sealed value`. A sorted set for each kind has the keys for `scan`.
Every write is one Lua script, and all names share one hash tag, so that a cluster keeps them together.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import struct
import time
from collections.abc import Generator
from typing import Any, Final

from redis import exceptions

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.stores import redis_scripts as scripts
from vimeo_toolkit.stores.clients import Clients
from vimeo_toolkit.stores.key_encoding import behind, from_text, part_to_text, place_of, span, to_text
from vimeo_toolkit.stores.protocol import DAMAGED, Key, Row
from vimeo_toolkit.stores.redis_connections import blocking_client, looped_clients
from vimeo_toolkit.stores.redis_errors import damaged_row, index_lost, typed
from vimeo_toolkit.stores.redis_scripts import Call, Script
from vimeo_toolkit.stores.redis_server import FORMAT, SETTINGS, check_format, parsed, warn_of

__all__ = ["RedisStore"]

_VERSION: Final = struct.Struct(">Q")
_AGAIN: Final = 600.0
"""Seconds after which the server's settings are looked at again: they can be changed while it runs."""
_WHOLE: Final = "!whole"
"""The mark in an index that has all rows; it sorts before every name."""


class RedisStore:
    """Accounts in Redis 6.2 or newer, or Valkey.

    Args:
        url: `redis://`, `rediss://` (TLS), `unix://`, `valkey://` or `valkeys://`. `?prefix=name` keeps several
            toolkits apart on one server.
    """

    shared = True

    def __init__(self, url: str) -> None:
        self._place = place_of(url)
        address, prefix = parsed(url)
        self._rows_at = f"{{{prefix}}}:row:"
        self._index_at = f"{{{prefix}}}:index:"
        self._expiry_at = f"{{{prefix}}}:expiry:"
        self._lease_at = f"{{{prefix}}}:lease:"
        self._fence_at = f"{{{prefix}}}:fence"
        self._format_at = f"{{{prefix}}}:format"
        # In closures and not in attributes: no repr or dump of this object has the password.
        self._clients = Clients(lambda: blocking_client(address), looped_clients(address))
        if not self._well_formed():
            del url, address  # they may have a password, and a traceback's locals are often logged
            raise ConfigurationError(
                "The store's Redis URL is malformed.", hint="Write redis://user:password@host:6379/0."
            )
        self._look_at = 0.0

    def _well_formed(self) -> bool:
        try:
            self._clients.blocking().connection_pool.make_connection()  # connects nowhere yet
        except (ValueError, TypeError):
            return False
        return True

    def __repr__(self) -> str:
        return f"RedisStore({self._place!r})"

    def get(self, key: Key) -> Row | None:
        try:
            client, name = self._client(), self._rows_at + to_text(key)
            try:
                return _row(client.get(name))
            except exceptions.ConnectionError:  # lost on its way: a read may go again
                return _row(client.get(name))
        except (exceptions.RedisError, OSError) as error:
            failure = typed(error)
        raise failure  # outside: the driver's error, with the URL in its frames, is not in the chain of this one

    async def aget(self, key: Key) -> Row | None:
        try:
            client, name = await self._aclient(), self._rows_at + to_text(key)
            try:
                return _row(await client.get(name))
            except exceptions.ConnectionError:
                return _row(await client.get(name))
        except (exceptions.RedisError, OSError) as error:
            failure = typed(error)
        raise failure

    def put(self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None) -> bool:
        return bool(self._run(*self._put(key, value, version, expected, ttl)))

    async def aput(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool:
        return bool(await self._arun(*self._put(key, value, version, expected, ttl)))

    def delete(self, key: Key, *, expected: int) -> bool:
        return bool(self._run(*self._delete(key, expected)))

    async def adelete(self, key: Key, *, expected: int) -> bool:
        return bool(await self._arun(*self._delete(key, expected)))

    def scan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        found = self._run(*self._scan(kind, connection, after, limit), again=True)
        if found is None:
            self.check(kind)
            found = self._run(*self._scan(kind, connection, after, limit, checked=True), again=True)
        return _page(found)

    async def ascan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        found = await self._arun(*self._scan(kind, connection, after, limit), again=True)
        if found is None:
            await self.acheck(kind)
            found = await self._arun(*self._scan(kind, connection, after, limit, checked=True), again=True)
        return _page(found)

    def check(self, kind: str) -> int:
        """Hold the index of a kind against its rows, put what is missing into it, and return how many that were.

        Raises:
            StoreError: it cannot be known: the server allows no look at all rows, or loses the index meanwhile.
        """
        self._look_at = 0.0
        steps = self._checking(kind)
        call = next(steps)
        while True:
            try:
                call = steps.send(self._run(*call))
            except StopIteration as end:
                return int(end.value)

    async def acheck(self, kind: str) -> int:
        """See `check`."""
        self._look_at = 0.0
        steps = self._checking(kind)
        call = next(steps)
        while True:
            answer = await self._arun(*call)
            try:
                call = steps.send(answer)
            except StopIteration as end:
                return int(end.value)

    def _checking(self, kind: str) -> Generator[Call, Any, int]:
        text = part_to_text(kind)
        keys = (self._index_at + text,)
        pattern = re.sub(r"([*?\[\]\\^])", r"\\\1", f"{self._rows_at}{text}/") + "*"
        for _ in range(3):
            mark = yield scripts.CHECK_BEGIN, keys, (_WHOLE, f"!{secrets.token_hex(8)}")
            cursor: Any = 0
            missing: int = 0
            while True:
                cursor, more = yield scripts.CHECK_PAGE, keys, (cursor, pattern, len(self._rows_at))
                missing += int(more)
                if not int(cursor):
                    break
            if (yield scripts.CHECK_END, keys, (_WHOLE, mark)):
                return missing
        raise index_lost()

    def replace(self, key: Key, value: bytes, *, version: int) -> bool:
        """See `stores.protocol.KeepsEnds`."""
        return bool(self._run(*self._replace(key, value, version)))

    async def areplace(self, key: Key, value: bytes, *, version: int) -> bool:
        return bool(await self._arun(*self._replace(key, value, version)))

    def acquire(self, lease: str, owner: str, ttl: float) -> int | None:
        return _fence(self._run(*self._acquire(lease, owner, ttl)))

    async def aacquire(self, lease: str, owner: str, ttl: float) -> int | None:
        return _fence(await self._arun(*self._acquire(lease, owner, ttl)))

    def release(self, lease: str, owner: str) -> None:
        self._run(*self._release(lease, owner))

    async def arelease(self, lease: str, owner: str) -> None:
        await self._arun(*self._release(lease, owner))

    def close(self) -> None:
        """Close the blocking connections. An event loop's own are closed by `aclose` in that loop."""
        client = self._clients.forget_blocking()
        if client is not None:
            client.close()

    async def aclose(self) -> None:
        await self._clients.close_looped()
        self.close()

    def _put(self, key: Key, value: bytes, version: int, expected: int, ttl: float | None) -> Call:
        text = to_text(key)
        was = _VERSION.pack(expected) if expected else b""
        life = "" if ttl is None else _ms(ttl)
        return (
            scripts.PUT,
            self._keys_of(key, text),
            (was, _VERSION.pack(version) + value, text, life, self._rows_at),
        )

    def _delete(self, key: Key, expected: int) -> Call:
        text = to_text(key)
        return scripts.DELETE, self._keys_of(key, text), (_VERSION.pack(expected) if expected else b"", text)

    def _replace(self, key: Key, value: bytes, version: int) -> Call:
        return scripts.REPLACE, (self._rows_at + to_text(key),), (_VERSION.pack(version), value)

    def _keys_of(self, key: Key, text: str) -> tuple[str, ...]:
        kind = part_to_text(key.kind)
        return self._rows_at + text, self._index_at + kind, self._expiry_at + kind

    def _scan(
        self, kind: str, connection: str | None, after: Key | None, limit: int, *, checked: bool = False
    ) -> Call:
        low, high = span(kind, connection)
        bounds = f"[{behind(low, after)}", f"({high}"
        return (
            scripts.SCAN,
            (self._index_at + part_to_text(kind),),
            (*bounds, limit, self._rows_at, _WHOLE, b"1" if checked else b""),
        )

    def _acquire(self, lease: str, owner: str, ttl: float) -> Call:
        keys = self._lease_at + part_to_text(lease), self._fence_at
        return scripts.ACQUIRE, keys, (part_to_text(owner), _ms(ttl))

    def _release(self, lease: str, owner: str) -> Call:
        return scripts.RELEASE, (self._lease_at + part_to_text(lease),), (part_to_text(owner),)

    def _run(
        self, script: Script, keys: tuple[str, ...], values: tuple[Any, ...], *, again: bool = False
    ) -> Any:
        try:
            client = self._client()
            try:
                return client.evalsha(script.sha, len(keys), *keys, *values)
            except exceptions.NoScriptError:
                return client.eval(script.text, len(keys), *keys, *values)
            except exceptions.ConnectionError:  # lost on its way: a read may go again
                if not again:
                    raise
                return client.eval(script.text, len(keys), *keys, *values)
        except (exceptions.RedisError, OSError) as error:
            failure = typed(error)
        raise failure

    async def _arun(
        self, script: Script, keys: tuple[str, ...], values: tuple[Any, ...], *, again: bool = False
    ) -> Any:
        try:
            client = await self._aclient()
            try:
                return await client.evalsha(script.sha, len(keys), *keys, *values)
            except exceptions.NoScriptError:
                return await client.eval(script.text, len(keys), *keys, *values)
            except exceptions.ConnectionError:
                if not again:
                    raise
                return await client.eval(script.text, len(keys), *keys, *values)
        except (exceptions.RedisError, OSError) as error:
            failure = typed(error)
        raise failure

    def _client(self) -> Any:
        client = self._clients.blocking()
        if time.monotonic() >= self._look_at:
            with contextlib.suppress(exceptions.ResponseError):  # a managed server may forbid CONFIG
                warn_of(client.config_get(*SETTINGS))
            check_format(client.get(self._format_at))
            with contextlib.suppress(exceptions.ResponseError):  # it may take no writes now
                client.set(self._format_at, FORMAT, nx=True)
            self._look_at = time.monotonic() + _AGAIN
        return client

    async def _aclient(self) -> Any:
        client = self._clients.looped().client
        if time.monotonic() >= self._look_at:
            with contextlib.suppress(exceptions.ResponseError):
                warn_of(await client.config_get(*SETTINGS))
            check_format(await client.get(self._format_at))
            with contextlib.suppress(exceptions.ResponseError):
                await client.set(self._format_at, FORMAT, nx=True)
            self._look_at = time.monotonic() + _AGAIN
        return client


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _row(blob: bytes | None) -> Row | None:
    if blob is None:
        return None
    if len(blob) < _VERSION.size:
        raise damaged_row()
    return Row(blob[_VERSION.size :], _VERSION.unpack_from(blob)[0])


def _page(flat: list[bytes]) -> list[tuple[Key, Row]]:
    found = zip(flat[::2], flat[1::2], strict=True)
    rows = ((name, _row(blob) if len(blob) >= _VERSION.size else DAMAGED) for name, blob in found)
    return [(from_text(name.decode()), row) for name, row in rows if row is not None]


def _fence(answer: int | None) -> int | None:
    return None if answer is None else int(answer)
