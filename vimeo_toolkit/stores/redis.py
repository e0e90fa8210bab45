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
import time
from typing import Any, Final

from redis import exceptions

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.stores.clients import Clients
from vimeo_toolkit.stores.key_encoding import place_of
from vimeo_toolkit.stores.protocol import Key, Row
from vimeo_toolkit.stores.redis_calls import Calls, page_of, row_of
from vimeo_toolkit.stores.redis_connections import blocking_client, looped_clients
from vimeo_toolkit.stores.redis_errors import typed
from vimeo_toolkit.stores.redis_scripts import Script
from vimeo_toolkit.stores.redis_server import FORMAT, SETTINGS, check_format, parsed, warn_of

__all__ = ["RedisStore"]

_AGAIN: Final = 600.0
"""Seconds after which the server's settings are checked again: they can change while it runs."""


class RedisStore:
    """Accounts in Redis 6.2 or newer, or Valkey.

    Args:
        url: `redis://`, `rediss://` (TLS), `unix://`, `valkey://` or `valkeys://`. `?prefix=name` keeps several
            toolkits apart on one server.
    """

    shared = True
    path = None

    def __init__(self, url: str) -> None:
        self._place = place_of(url)
        address, prefix = parsed(url)
        self._calls = Calls(prefix)
        # Kept in closures, so that no repr or dump of this object shows the password.
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
            client, name = self._client(), self._calls.row_name(key)
            try:
                return row_of(client.get(name))
            except exceptions.ConnectionError:  # the connection was lost: a read may be repeated
                return row_of(client.get(name))
        except (exceptions.RedisError, OSError) as error:
            failure = typed(error)
        raise failure  # raised outside of the `except`: the driver's error has the URL in its frames

    async def aget(self, key: Key) -> Row | None:
        try:
            client, name = await self._aclient(), self._calls.row_name(key)
            try:
                return row_of(await client.get(name))
            except exceptions.ConnectionError:
                return row_of(await client.get(name))
        except (exceptions.RedisError, OSError) as error:
            failure = typed(error)
        raise failure

    def put(self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None) -> bool:
        return bool(self._run(*self._calls.put(key, value, version, expected, ttl)))

    async def aput(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool:
        return bool(await self._arun(*self._calls.put(key, value, version, expected, ttl)))

    def delete(self, key: Key, *, expected: int) -> bool:
        return bool(self._run(*self._calls.delete(key, expected)))

    async def adelete(self, key: Key, *, expected: int) -> bool:
        return bool(await self._arun(*self._calls.delete(key, expected)))

    def scan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        found = self._run(*self._calls.scan(kind, connection, after, limit), again=True)
        if found is None:
            self.check(kind)
            found = self._run(*self._calls.scan(kind, connection, after, limit, checked=True), again=True)
        return page_of(found)

    async def ascan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        found = await self._arun(*self._calls.scan(kind, connection, after, limit), again=True)
        if found is None:
            await self.acheck(kind)
            found = await self._arun(
                *self._calls.scan(kind, connection, after, limit, checked=True), again=True
            )
        return page_of(found)

    def check(self, kind: str) -> int:
        """Compare the index of a kind with its rows, add what is missing, and return how many rows that were.

        Raises:
            StoreError: it cannot be known: the server allows no look at all rows, or loses the index meanwhile.
        """
        self._look_at = 0.0
        steps = self._calls.checking(kind)
        call = next(steps)
        while True:
            try:
                call = steps.send(self._run(*call))
            except StopIteration as end:
                return int(end.value)

    async def acheck(self, kind: str) -> int:
        """See `check`."""
        self._look_at = 0.0
        steps = self._calls.checking(kind)
        call = next(steps)
        while True:
            answer = await self._arun(*call)
            try:
                call = steps.send(answer)
            except StopIteration as end:
                return int(end.value)

    def replace(self, key: Key, value: bytes, *, version: int) -> bool:
        """See `stores.protocol.KeepsEnds`."""
        return bool(self._run(*self._calls.replace(key, value, version)))

    async def areplace(self, key: Key, value: bytes, *, version: int) -> bool:
        return bool(await self._arun(*self._calls.replace(key, value, version)))

    def acquire(self, lease: str, owner: str, ttl: float) -> bool:
        return bool(self._run(*self._calls.acquire(lease, owner, ttl)))

    async def aacquire(self, lease: str, owner: str, ttl: float) -> bool:
        return bool(await self._arun(*self._calls.acquire(lease, owner, ttl)))

    def release(self, lease: str, owner: str) -> None:
        self._run(*self._calls.release(lease, owner))

    async def arelease(self, lease: str, owner: str) -> None:
        await self._arun(*self._calls.release(lease, owner))

    def close(self) -> None:
        """Close the blocking connections. An event loop's own are closed by `aclose` in that loop."""
        client = self._clients.forget_blocking()
        if client is not None:
            client.close()

    async def aclose(self) -> None:
        await self._clients.close_looped()
        self.close()

    def _run(
        self, script: Script, keys: tuple[str, ...], values: tuple[Any, ...], *, again: bool = False
    ) -> Any:
        try:
            client = self._client()
            try:
                return client.evalsha(script.sha, len(keys), *keys, *values)
            except exceptions.NoScriptError:
                return client.eval(script.text, len(keys), *keys, *values)
            except exceptions.ConnectionError:  # the connection was lost: a read may be repeated
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
            check_format(client.get(self._calls.format_at))
            with contextlib.suppress(exceptions.ResponseError):  # the server may be read-only now
                client.set(self._calls.format_at, FORMAT, nx=True)
                client.delete(self._calls.left_over)
            self._look_at = time.monotonic() + _AGAIN
        return client

    async def _aclient(self) -> Any:
        client = self._clients.looped().client
        if time.monotonic() >= self._look_at:
            with contextlib.suppress(exceptions.ResponseError):
                warn_of(await client.config_get(*SETTINGS))
            check_format(await client.get(self._calls.format_at))
            with contextlib.suppress(exceptions.ResponseError):
                await client.set(self._calls.format_at, FORMAT, nx=True)
                await client.delete(self._calls.left_over)
            self._look_at = time.monotonic() + _AGAIN
        return client
