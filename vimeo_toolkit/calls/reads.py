"""Plain reads that need no request of their own, because an equal one of the same user is under way, or because
what they read does not change within an hour.

Only what a tool sends by `Api.read` is answered so, in a call by `execute_tool`. A look before a consent or a
plan, a look at what a change did, a wait, and a check of the connection need to know what is there now: `Api.send`
sends them. Nor does a walk through a list share its pages: each is asked for after the one before, or both may
lack what moved meanwhile.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.calls.result_cache import Limits, ResultCache
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.runtime.ports import IO, HttpResponse, Signal
from vimeo_toolkit.wire.rate_limit import UNKNOWN

if TYPE_CHECKING:
    from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["Reads", "changed"]

LASTING: Final = frozenset(
    {
        "vimeo_categories_list",
        "vimeo_category_get",
        "vimeo_content_ratings_list",
        "vimeo_languages_list",
    }
)
"""Tools that read what Vimeo itself has written, and by their projections nothing else: no user can change that. A
whole category also says whether the user follows it (as Vimeo's own SDK has recorded it). Embed presets are not
among them: their owner changes them on vimeo.com and expects an agent to see that."""

KEPT: Final = Limits(seconds=3_600.0, per_user=16, user_bytes=500_000, total_bytes=16_000_000)

TOGETHER: Final = 2.0
"""Seconds for which others may wait for a read that is under way. After that they send their own: a connection that
hangs holds up one call only, and no answer is of before a change that another process made longer ago."""


_WITHIN: Final[ContextVar[bool]] = ContextVar("vimeo_toolkit_within_read", default=False)
"""What runs here does so within a read that others may wait for, as a hook or a signal handler does. It would
wait for itself."""


class _Changes:
    """The changes that this process's calls made, whichever of its toolkits they were of."""

    latest: object = object()
    """Stands for the last one: a new object after each, so that threads need no lock."""


def changed() -> None:
    """Note that something was changed, or may have been: what is read from now on is asked for from now on."""
    _Changes.latest = object()


class _Read:
    """One read that is under way, and who waits for its answer."""

    __slots__ = ("_over", "_waiting", "answer", "changes", "key", "rate_limit", "until")

    def __init__(self, key: Any, until: float) -> None:
        self.key = key
        self.changes = _Changes.latest
        self.until = until
        self.answer: HttpResponse | None = None
        self.rate_limit = UNKNOWN
        self._over = False
        self._waiting: list[Signal] = []

    async def wait(self, io: IO, seconds: float) -> None:
        """Wait for its end, so many seconds at most."""
        mine = io.signal()
        self._waiting.append(mine)
        try:
            if not self._over:
                await mine.wait(seconds)
        finally:
            with suppress(ValueError):  # it was given
                self._waiting.remove(mine)
            if self._over:
                self._next()

    def end(self) -> None:
        """Let those go on who wait, one after the other: many answers at once would hold up an event loop."""
        self._over = True
        self._next()

    def _next(self) -> None:
        if self._waiting:
            with suppress(IndexError):  # another thread was faster
                self._waiting.pop(0).give()


class Reads:
    """What the plain reads of one toolkit share. Nothing of one user is shared with another."""

    def __init__(self) -> None:
        self.kept = ResultCache(KEPT)
        """What does not change within an hour, redacted, for each user."""

    def find(self, call: CallState, request: ApiRequest) -> Any:
        """Return the answer that is kept for this user, which the call has received then; None where none is."""
        if not _lasts(call, request):
            return None
        found = self.kept.find(call.owner, _name(request), call.io.monotonic())
        if found is None:
            return None
        call.received += found.data["bytes"]
        return found.data["answer"]

    def keep(self, call: CallState, request: ApiRequest, answer: Any) -> None:
        """Keep the answer that the call has received, if it may be given again."""
        if _lasts(call, request):
            kept = {"answer": answer, "bytes": call.received}
            self.kept.keep(call.owner, _name(request), kept, (), call.io.monotonic())

    async def together(
        self, call: CallState, request: ApiRequest, send: Callable[[], Awaitable[HttpResponse]]
    ) -> HttpResponse:
        """Return the answer of an equal read of the user's that is under way, or `send` this one and give its
        answer to those that come meanwhile. What fails is sent by each of them.

        Raises:
            VimeoToolkitError: what `send` raises.
        """
        if _WITHIN.get():
            return await send()
        _WITHIN.set(True)
        try:
            return await _together(call, request, send)
        finally:
            _WITHIN.set(False)  # not `reset`: a flow may be thrown away from within another context


async def _together(
    call: CallState, request: ApiRequest, send: Callable[[], Awaitable[HttpResponse]]
) -> HttpResponse:
    io = call.io
    under_way: dict[int, _Read] = io.reads_under_way
    key = (call.owner, call.account.access_token, request)
    place = hash(key)  # once: it takes longer than all else here
    now = io.monotonic()
    mine = _Read(key, now + TOGETHER)
    other = under_way.setdefault(place, mine)
    if other is not mine:
        if other.key == key and other.changes is _Changes.latest and now < other.until:
            # Half of the call's time at most, or none would be left to send its own.
            await other.wait(io, min(other.until - now, (call.deadline - now) / 2.0))
            if other.answer is None:
                return await send()
            call.rate_limit, call.status = other.rate_limit, other.answer.status
            return other.answer
        under_way[place] = mine
    try:
        answer = await send()
        if answer.status == 200:
            mine.answer, mine.rate_limit = answer, call.rate_limit
        return answer
    finally:
        if under_way.get(place) is mine:
            under_way.pop(place, None)
        mine.end()


def _lasts(call: CallState, request: ApiRequest) -> bool:
    """Return whether the answer is the same for an hour: what the tool asks for by itself, and no more."""
    return call.tool.name in LASTING and request.fields == call.tool.fields


def _name(request: ApiRequest) -> str:
    return f"{request.path} {sorted(request.query.items())}"
