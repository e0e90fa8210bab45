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
import hashlib
import struct
import warnings
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from redis import exceptions

from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError
from vimeo_toolkit.stores.clients import Clients
from vimeo_toolkit.stores.naming import behind, from_text, part_to_text, place_of, span, to_text
from vimeo_toolkit.stores.protocol import Key, Row
from vimeo_toolkit.stores.redis_connections import blocking_client, looped_clients

__all__ = ["RedisStore"]

_VERSION: Final = struct.Struct(">Q")
_SCHEMES: Final = {"valkey": "redis", "valkeys": "rediss"}


class _Script(NamedTuple):
    text: str
    sha: str


_Call = tuple[_Script, tuple[str, ...], tuple[Any, ...]]
"""A script, its keys, its values."""


def _script(text: str) -> _Script:
    return _Script(text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())


# Versions are compared as the bytes they are: Lua's numbers lose digits above 2^53.
_PUT: Final = _script("""
local now = redis.call('GET', KEYS[1])
if ARGV[1] == '' then
  if now then return 0 end
elseif not now or string.sub(now, 1, 8) ~= ARGV[1] then
  return 0
end
redis.call('ZADD', KEYS[2], 0, ARGV[3])
if ARGV[4] == '' then
  redis.call('SET', KEYS[1], ARGV[2])
  return 1
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[4])
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[3], string.format('%.0f', now_ms + ARGV[4]), ARGV[3])
local gone = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', now_ms - 1), 'LIMIT', 0, 20)
for _, name in ipairs(gone) do
  redis.call('ZREM', KEYS[3], name)
  if redis.call('EXISTS', ARGV[5] .. name) == 0 then redis.call('ZREM', KEYS[2], name) end
end
return 1
""")
_DELETE: Final = _script("""
local now = redis.call('GET', KEYS[1])
if not now or string.sub(now, 1, 8) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('ZREM', KEYS[3], ARGV[2])
return 1
""")
# An expired row leaves its name in the index: it is taken out here, in the same atomic step that missed it.
_SCAN: Final = _script("""
local found, low, want = {}, ARGV[1], tonumber(ARGV[3])
while #found < want * 2 do
  local ask = want - #found / 2
  local names = redis.call('ZRANGEBYLEX', KEYS[1], low, ARGV[2], 'LIMIT', 0, ask)
  for _, name in ipairs(names) do
    local row = redis.call('GET', ARGV[4] .. name)
    if row then
      found[#found + 1] = name
      found[#found + 1] = row
    else
      redis.call('ZREM', KEYS[1], name)
    end
    low = '(' .. name
  end
  if #names < ask then break end
end
return found
""")
_ACQUIRE: Final = _script("""
local held = redis.call('GET', KEYS[1])
if held then
  local fence, owner = string.match(held, '^(%d+) (.*)$')
  if owner ~= ARGV[1] then return false end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return tonumber(fence)
end
local fence = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], string.format('%.0f', fence) .. ' ' .. ARGV[1], 'PX', ARGV[2])
return fence
""")
_RELEASE: Final = _script("""
local held = redis.call('GET', KEYS[1])
if held and string.match(held, '^%d+ (.*)$') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
""")


class RedisStore:
    """Accounts in Redis 6.2 or newer, or Valkey.

    Args:
        url: `redis://`, `rediss://` (TLS), `unix://`, `valkey://` or `valkeys://`. `?prefix=name` keeps several
            toolkits apart on one server.
    """

    shared = True

    def __init__(self, url: str) -> None:
        self._place = place_of(url)
        address, prefix = _parsed(url)
        self._rows_at = f"{{{prefix}}}:row:"
        self._index_at = f"{{{prefix}}}:index:"
        self._expiry_at = f"{{{prefix}}}:expiry:"
        self._lease_at = f"{{{prefix}}}:lease:"
        self._fence_at = f"{{{prefix}}}:fence"
        # In closures and not in attributes: no repr or dump of this object has the password.
        self._clients = Clients(lambda: blocking_client(address), looped_clients(address))
        if not self._well_formed():
            del url, address  # they may have a password, and a traceback's locals are often logged
            raise ConfigurationError(
                "The store's Redis URL is malformed.", hint="Write redis://user:password@host:6379/0."
            )
        self._looked = False

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
            failure = _typed(error)
        raise failure  # outside: the driver's error, with the URL in its frames, is not in the chain of this one

    async def aget(self, key: Key) -> Row | None:
        try:
            client, name = await self._aclient(), self._rows_at + to_text(key)
            try:
                return _row(await client.get(name))
            except exceptions.ConnectionError:
                return _row(await client.get(name))
        except (exceptions.RedisError, OSError) as error:
            failure = _typed(error)
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
        return _page(self._run(*self._scan(kind, connection, after, limit), again=True))

    async def ascan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        return _page(await self._arun(*self._scan(kind, connection, after, limit), again=True))

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

    def _put(self, key: Key, value: bytes, version: int, expected: int, ttl: float | None) -> _Call:
        text = to_text(key)
        was = _VERSION.pack(expected) if expected else b""
        life = "" if ttl is None else _ms(ttl)
        return (
            _PUT,
            self._keys_of(key, text),
            (was, _VERSION.pack(version) + value, text, life, self._rows_at),
        )

    def _delete(self, key: Key, expected: int) -> _Call:
        text = to_text(key)
        return _DELETE, self._keys_of(key, text), (_VERSION.pack(expected), text)

    def _keys_of(self, key: Key, text: str) -> tuple[str, ...]:
        kind = part_to_text(key.kind)
        return self._rows_at + text, self._index_at + kind, self._expiry_at + kind

    def _scan(self, kind: str, connection: str | None, after: Key | None, limit: int) -> _Call:
        low, high = span(kind, connection)
        bounds = f"[{behind(low, after)}", f"({high}"
        return _SCAN, (self._index_at + part_to_text(kind),), (*bounds, limit, self._rows_at)

    def _acquire(self, lease: str, owner: str, ttl: float) -> _Call:
        keys = self._lease_at + part_to_text(lease), self._fence_at
        return _ACQUIRE, keys, (part_to_text(owner), _ms(ttl))

    def _release(self, lease: str, owner: str) -> _Call:
        return _RELEASE, (self._lease_at + part_to_text(lease),), (part_to_text(owner),)

    def _run(
        self, script: _Script, keys: tuple[str, ...], values: tuple[Any, ...], *, again: bool = False
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
            failure = _typed(error)
        raise failure

    async def _arun(
        self, script: _Script, keys: tuple[str, ...], values: tuple[Any, ...], *, again: bool = False
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
            failure = _typed(error)
        raise failure

    def _client(self) -> Any:
        client = self._clients.blocking()
        if not self._looked:
            with contextlib.suppress(exceptions.ResponseError):  # a managed server may forbid CONFIG
                _warn_of(client.config_get(*_WANTED))
            self._looked = True
        return client

    async def _aclient(self) -> Any:
        client = self._clients.looped().client
        if not self._looked:
            with contextlib.suppress(exceptions.ResponseError):
                _warn_of(await client.config_get(*_WANTED))
            self._looked = True
        return client


def _parsed(url: str) -> tuple[str, str]:
    """The URL as redis-py takes it, and the prefix of all names."""
    address, _, query = url.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    prefix = options.pop("prefix", "vimeo-toolkit")
    options.pop("decode_responses", None)  # rows are bytes
    scheme, _, rest = address.partition("://")
    address = f"{_SCHEMES.get(scheme, scheme)}://{rest}"
    return f"{address}?{urlencode(options)}" if options else address, part_to_text(prefix)


_WANTED: Final = ("appendonly", "maxmemory-policy")


def _warn_of(settings: dict[Any, Any]) -> None:
    """Warn of a server that forgets."""
    found = {_text(name): _text(value) for name, value in settings.items()}
    policy = found.get("maxmemory-policy", "noeviction")
    if policy != "noeviction":
        warnings.warn(
            f"The store's Redis server has maxmemory-policy {policy}: it throws accounts away when its memory is "
            "full. Set maxmemory-policy noeviction.",
            stacklevel=6,
        )
    if found.get("appendonly", "yes") == "no":
        warnings.warn(
            "The store's Redis server has appendonly no: accounts are lost when it restarts. Set appendonly yes, "
            "and appendfsync always if not even the last second may be lost.",
            stacklevel=6,
        )


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _row(blob: bytes | None) -> Row | None:
    return None if blob is None else Row(blob[_VERSION.size :], _VERSION.unpack_from(blob)[0])


def _page(flat: list[bytes]) -> list[tuple[Key, Row]]:
    found = zip(flat[::2], flat[1::2], strict=True)
    return [(from_text(name.decode()), row) for name, blob in found if (row := _row(blob)) is not None]


def _fence(answer: int | None) -> int | None:
    return None if answer is None else int(answer)


def _typed(error: Exception) -> StoreError | ConfigurationError:
    """Our error for the driver's, whose text could quote a value or the URL."""
    if isinstance(error, exceptions.AuthenticationError | exceptions.AuthorizationError):
        return ConfigurationError(
            "The store's Redis server refused the connection.", hint="Check user and password in its URL."
        )
    if isinstance(error, exceptions.NoPermissionError):
        return ConfigurationError(
            "The store's Redis user may not run what the toolkit needs.",
            hint="Let it read, write and run scripts (+@read +@write +@scripting) on the toolkit's prefix.",
        )
    if isinstance(error, exceptions.OutOfMemoryError):
        return StoreError(
            "The memory of the store's Redis server is full; the change was not saved.",
            hint="Raise maxmemory, then try again.",
        )
    if isinstance(error, exceptions.ReadOnlyError):
        return StoreBusy("The store's Redis server is a replica now.", hint="Try again after its failover.")
    if isinstance(error, exceptions.ConnectionError | exceptions.TimeoutError | OSError):
        return StoreBusy("The store's Redis server does not answer.", hint="Try again in a moment.")
    return StoreError(
        f"The store's Redis server reported {type(error).__name__}.", hint="See the server's log."
    )
