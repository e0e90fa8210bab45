"""Compare-and-set over a store whose answers can be lost."""

from __future__ import annotations

from vimeo_toolkit.errors import StoreError
from vimeo_toolkit.runtime.ports import CheckedPort, EndsPort, StorePort
from vimeo_toolkit.stores.protocol import EPHEMERAL_KINDS, Key, Row

__all__ = ["SureStore"]


class SureStore:
    """A store that finds out whether a write was made when its answer was lost.

    A server may commit a write and die before it says so, and a client may then send the write again: the
    repeat loses against itself. What was written is recognised by its version and its sealed bytes, which no
    other writer can have made.
    """

    def __init__(self, rows: StorePort) -> None:
        self._rows = rows
        self.aget = rows.aget
        self.ascan = rows.ascan

    async def aput(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool:
        """See `stores.protocol.Store.put`.

        Raises:
            StoreError: the row is not written, as far as could be seen.
        """
        try:
            done = await self._rows.aput(key, value, version=version, expected=expected, ttl=ttl)
        except StoreError as error:
            failure: StoreError | None = error
        else:
            if done or key.kind in EPHEMERAL_KINDS:
                return done
            failure = None
        return await self._written(key, value, version, expected, failure)

    async def areplace(self, key: Key, value: bytes, *, version: int, ttl: float | None) -> bool:
        """Write `value` in place of the row's at `version`, which it stays at; see `stores.protocol.KeepsEnds`.

        The row's end stays as well; where the store cannot do that, it becomes `ttl` seconds from now.

        Raises:
            StoreError: the row is not written, as far as could be seen.
        """
        if ttl is None or not isinstance(self._rows, EndsPort):
            return await self.aput(key, value, version=version, expected=version, ttl=ttl)
        try:
            done = bool(await self._rows.areplace(key, value, version=version))
        except StoreError as error:
            failure: StoreError | None = error
        else:
            if done:
                return True
            failure = None
        return await self._written(key, value, version, version, failure)

    async def acheck(self, kind: str) -> int:
        """See `stores.protocol.Checked`; 0 from a store that has nothing to check."""
        return int(await self._rows.acheck(kind)) if isinstance(self._rows, CheckedPort) else 0

    async def _written(
        self, key: Key, value: bytes, version: int, expected: int, failure: StoreError | None
    ) -> bool:
        row = await self._looked(key, failure)
        if row is not None and row.version == version and row.value == value:
            return True
        if failure is not None and (0 if row is None else row.version) == expected:
            raise failure
        return False

    async def adelete(self, key: Key, *, expected: int) -> bool:
        """See `stores.protocol.Store.delete`; True as well when the row is gone after an answer that was lost.

        Who must know that nobody else deleted it uses `accounts.rows.Rows.take`.

        Raises:
            StoreError: the row is still there, as far as could be seen.
        """
        try:
            return await self._rows.adelete(key, expected=expected)
        except StoreError as error:
            failure = error
        row = await self._looked(key, failure)
        if row is not None and row.version == expected:
            raise failure
        return row is None

    async def _looked(self, key: Key, failure: StoreError | None) -> Row | None:
        try:
            return await self._rows.aget(key)
        except StoreError:
            if failure is None:
                raise
        raise failure
