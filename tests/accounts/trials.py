"""Interrupt a flow at its n-th effect, in every way in which one can be, and look at what is left.

The effects are requests, reads and writes of the store, and leases. `Trial` runs over any `StorePort`; by default
over one in memory.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from enum import Enum, auto
from typing import Any, TypeVar

from tests.accounts.fake_vimeo import FakeVimeo
from tests.unit.world import World
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.errors import StoreBusy
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import IO, AnswerLost, HttpRequest, HttpResponse, StorePort
from vimeo_toolkit.runtime.sure import SureStore
from vimeo_toolkit.stores.cipher import Cipher, generate_key
from vimeo_toolkit.stores.protocol import Key, Row

__all__ = ["Crash", "How", "MemoryRows", "Trial"]

T = TypeVar("T")


class How(Enum):
    """What happens at the effect. The last two kill the process: nothing that is in memory survives."""

    CANCEL = auto()
    ANSWER_LOST = auto()
    REPEATED = auto()
    """A client repeats the write on its own, and reports that it lost against itself."""
    CRASH_BEFORE = auto()
    CRASH_AFTER = auto()

    @property
    def crash(self) -> bool:
        return self in (How.CRASH_BEFORE, How.CRASH_AFTER)


class Crash(BaseException):
    """The process ends here."""


class MemoryRows:
    """A `StorePort` over a dict."""

    def __init__(self) -> None:
        self.rows: dict[Key, Row] = {}

    async def aget(self, key: Key) -> Row | None:
        return self.rows.get(key)

    async def aput(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool:
        row = self.rows.get(key)
        if (0 if row is None else row.version) != expected:
            return False
        self.rows[key] = Row(value, version)
        return True

    async def adelete(self, key: Key, *, expected: int) -> bool:
        row = self.rows.get(key)
        if row is None or row.version != expected:
            return False
        del self.rows[key]
        return True

    async def ascan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        found = sorted(
            (key, row)
            for key, row in self.rows.items()
            if key.kind == kind and connection in (None, key.connection) and (after is None or key > after)
        )
        return found[:limit]


class _Rows:
    """The trial's store: each of its calls is an effect."""

    def __init__(self, rows: StorePort, trial: Trial) -> None:
        self._rows = rows
        self._trial = trial

    async def aget(self, key: Key) -> Row | None:
        return await self._trial.effect(lambda: self._rows.aget(key), _gone())

    async def aput(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool:
        async def work() -> bool:
            self._trial.unsaved.clear()
            return await self._rows.aput(key, value, version=version, expected=expected, ttl=ttl)

        return await self._trial.effect(work, _gone(), repeated=False)

    async def adelete(self, key: Key, *, expected: int) -> bool:
        return await self._trial.effect(
            lambda: self._rows.adelete(key, expected=expected),
            StoreBusy("The store is gone."),
            repeated=False,
        )

    async def ascan(
        self, kind: str, connection: str | None = None, *, after: Key | None = None, limit: int = 500
    ) -> list[tuple[Key, Row]]:
        return await self._trial.effect(
            lambda: self._rows.ascan(kind, connection, after=after, limit=limit), _gone()
        )


def _gone() -> StoreBusy:
    return StoreBusy("The store is gone.")


class Trial(World):
    """A world in which the effect number `at` goes wrong, once it is armed."""

    def __init__(self, rows: StorePort | None = None) -> None:
        super().__init__()
        self.vimeo = FakeVimeo()
        self.rows = rows or MemoryRows()
        self.store = SureStore(_Rows(self.rows, self))
        self.cipher = Cipher([generate_key()])
        self.effects = 0
        self._at: int | None = None
        self._how = How.CANCEL
        self._shields = 0
        self._cancelled = False
        self.unsaved: set[str] = set()
        """Tokens that came and since which nothing was written."""
        self.unheard: set[str] = set()
        """Tokens that only the server knows: their answer was lost, or the process with it."""
        self.struck: str | None = None
        """What the effect was, when it was reached."""

    def arm(self, at: int, how: How) -> None:
        self.effects, self._at, self._how = 0, at, how

    def disarm(self) -> None:
        """Nothing goes wrong any more."""
        if self._at is not None and self._how.crash:
            self.unheard |= self.unsaved
        self._at = None

    def restart(self) -> Context:
        """A new process: nothing is left but the store. Leases have lapsed."""
        self.disarm()
        self.leases.clear()
        return self.context()

    async def effect(
        self, work: Callable[[], Coroutine[Any, Any, T]], lost: Exception, *, repeated: T | None = None
    ) -> T:
        """Do it, unless it is the one that goes wrong."""
        self.effects += 1
        if self.effects - 1 != self._at:
            return await work()
        self.struck = "request" if isinstance(lost, AnswerLost) else "store"
        match self._how:
            case How.CRASH_BEFORE:
                raise Crash
            case How.CANCEL if self._shields:
                self._cancelled = True  # the caller's world hears it; what runs apart does not
                return await work()
            case How.CANCEL:
                raise asyncio.CancelledError
        done = await work()
        match self._how:
            case How.CRASH_AFTER:
                raise Crash
            case How.REPEATED:
                return done if repeated is None else repeated
        raise lost

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        self.sent.append(request)

        async def work() -> HttpResponse:
            before = set(self.vimeo.tokens)
            response = self.vimeo.handle(request, self.time)
            issued = set(self.vimeo.tokens) - before
            self.unsaved |= issued
            if self._how is How.ANSWER_LOST and self.effects - 1 == self._at:
                self.unheard |= issued
            return response

        return await self.effect(work, AnswerLost("reset"))

    @asynccontextmanager
    async def lease(self, name: str) -> AsyncIterator[bool]:
        async def nothing() -> None:
            return None

        await self.effect(nothing, _gone())
        async with super().lease(name) as mine:
            yield mine

    async def shielded(self, flow: Callable[[IO], Coroutine[Any, Any, T]]) -> T:
        self._shields += 1
        try:
            done = await flow(self)
        finally:
            self._shields -= 1
        if self._cancelled and not self._shields:
            self._cancelled = False
            raise asyncio.CancelledError
        return done

    def run(self, flow: Coroutine[Any, Any, Any]) -> BaseException | None:
        """Run it to whatever end: what it raised."""
        try:
            run_sync(flow)
        except (Exception, asyncio.CancelledError, Crash) as error:
            return error
        return None

    def stored(self, ctx: Context, identifier: str = "u") -> AccountRecord | None:
        return run_sync(ctx.vault.load(self, Identity("vimeo", identifier)))

    def kept_tokens(self, ctx: Context) -> set[str]:
        """Every token that an account holds, those that are to be revoked included."""
        found: set[str] = set()
        for _, record in run_sync(ctx.vault.page(self, None, after=None, limit=500)):
            assert isinstance(record, AccountRecord)
            with contextlib.suppress(AttributeError):
                found.add(record.access_token.reveal())  # type: ignore[union-attr]
            found.update(each.token.reveal() for each in record.former_tokens)
        return found

    def orphans(self, ctx: Context) -> set[str]:
        """Tokens that live at Vimeo and that nobody holds, without those that only the server ever knew."""
        return self.vimeo.alive(self.time) - self.kept_tokens(ctx) - self.unheard
