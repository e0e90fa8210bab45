"""How a call uses its user's request budget: take one request, wait for one, learn from the answer.

What one process knows is in `budget.py`, what processes share in `windows.py`, and the arithmetic in `window.py`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final, NamedTuple

from vimeo_toolkit.accounts.rows import Seal
from vimeo_toolkit.calls.budget import Budgets
from vimeo_toolkit.calls.clock import Clock, read_rate_limit
from vimeo_toolkit.calls.fewer import fewer_requests
from vimeo_toolkit.calls.response import is_ban
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.calls.window import Told, Window, observe, reserve
from vimeo_toolkit.calls.windows import Windows
from vimeo_toolkit.errors import RateLimited, StoreError
from vimeo_toolkit.identity import Owner
from vimeo_toolkit.runtime.ports import IO, HttpResponse
from vimeo_toolkit.wire.rate_limit import UNKNOWN, RateLimit
from vimeo_toolkit.wire.sending import in_seconds, retry_after

__all__ = ["Quota", "Wait"]

_ATTEMPTS: Final = 20
_SHORT: Final = 0.004
"""Seconds to wait for another caller of this process who is at the store right now: at first."""
_SLOWER: Final = 1.5
"""How many times as long each further wait is."""
_LONG: Final = 0.25
_LONGEST_LOOK: Final = 5.0
"""Seconds after which work in the background looks again whether there is room for it."""


class Wait(NamedTuple):
    """Why a caller cannot send yet."""

    seconds: float
    """Seconds to wait before the next try; 0.0 to try at once."""
    limited: bool = True
    """False when the caller only waits for another caller's turn and not for the user's limit."""


class Quota:
    """The budgets of one toolkit.

    Args:
        seal: seals the rows that other processes share.
        kept: keep windows in the store, where other processes see them; else in this process alone.
    """

    def __init__(self, seal: Seal, *, kept: bool) -> None:
        self.budgets = Budgets()
        self._kept = kept
        self.windows = Windows(self.budgets, seal, kept=kept)

    def clock(self, connection_name: str) -> Clock:
        """Return the clock of this connection, which keeps Vimeo's time."""
        return self.budgets.clock(connection_name)

    async def permit(self, call: CallState) -> int:
        """Take one request from the user's budget, and wait for it within the call's patience. Return the number
        of its window, which `Budgets.land` gets once the request is answered, or has failed.

        Raises:
            RateLimited: that would take longer.
        """
        if call.spec.background:
            return await self._permit_last(call)
        io, owner = call.io, call.owner
        ticket: int | None = None
        turns = 0
        try:
            while not (turn := self.budgets.take(owner, io.monotonic(), ticket)):
                wait = await self.refill(io, owner)
                if wait.seconds <= 0:
                    continue
                ticket = self.budgets.ticket(owner) if ticket is None else ticket
                if wait.limited:
                    await self.wait(call, wait.seconds)
                elif io.monotonic() < call.deadline:
                    # The slower the store is, the less often: many callers who look would stop the loop.
                    await io.sleep(max(wait.seconds, _pause(turns)))
                    turns += 1
                else:
                    raise self.limited(call, wait.seconds)
        finally:
            if ticket is not None:
                self.budgets.leave(owner, ticket)
        return turn

    async def _permit_last(self, call: CallState) -> int:
        """Take one request that no other call of the user needs, and wait for one as long as it takes."""
        io, owner = call.io, call.owner
        while True:
            await self._look(io, owner)
            seconds = self.budgets.background_pause(owner, io.monotonic())
            if not seconds:
                if turn := self.budgets.take(owner, io.monotonic()):
                    self.budgets.took_in_background(owner)
                    return turn
                seconds = (await self.refill(io, owner)).seconds
            if seconds:
                await call.sleep(min(seconds, _LONGEST_LOOK) + _SHORT * io.jitter())

    async def _look(self, io: IO, owner: Owner) -> None:
        """See what other processes have used of the user's window."""
        if self._kept and self.budgets.begin(owner):
            try:
                window, version = await self.windows.load(io, owner)
                self.budgets.reserved(owner, window, version, 0)
            except StoreError:
                pass  # what this process knows has to do
            finally:
                self.budgets.end(owner)

    async def wait(self, call: CallState, seconds: float, *, status: int | None = None) -> None:
        """Sleep until the user's limit allows another request, if the call's patience does.

        Raises:
            RateLimited: it does not.
        """
        own = call.tool.input_model.patience
        patience = call.ctx.policy.max_wait if own is None else min(own, call.ctx.policy.max_wait)
        patience = math.inf if call.spec.background else patience
        if call.waited + seconds > patience:
            # The caller may look again soon; before this time nothing can be expected.
            most = self.budgets.most(call.owner, call.io.monotonic())
            raise self.limited(call, max(seconds, most), status=status)
        # A little more than asked for, and not all at the same moment.
        pause = seconds + 0.05 * call.io.jitter()
        if seconds >= 0.1:
            remaining = call.rate_limit.remaining
            await call.emit("call.waited", seconds=seconds, status=status, remaining=remaining)
        call.waited += await call.sleep(pause)

    def limited(self, call: CallState, seconds: float, *, status: int | None = None) -> RateLimited:
        """Return the error of a call that would have to wait for too long. Calls that are made at once are told the
        same.

        Args:
            call: the call.
            seconds: after which it is worth trying again.
            status: 429 where Vimeo refused a request.
        """
        told = max(1.0, float(math.ceil(seconds - 0.001)))
        told = self.budgets.same_wait(call.owner, told, call.io.monotonic())
        window, _ = self.budgets.last_seen(call.owner)
        if call.rate_limit == UNKNOWN and window.limit:
            call.rate_limit = RateLimit(window.limit, 0, call.io.now() + told)
        indexed = call.ctx.libraries is not None
        way = fewer_requests(call.tool, call.spec.allowed, call.account.granted_scopes, library=indexed)
        when = in_seconds(told)
        if self.budgets.banned(call.owner):
            message = "Vimeo refuses all of the user's requests for now."
        elif status is None and window.awaits_answers(call.io.monotonic()):
            message = (
                "As many of the user's requests are under way as can be before Vimeo has told their limit."
            )
            when = f"when they are answered, {when} at the latest"
        else:
            message = "The user's request limit at Vimeo is used up, for all tools."
        return RateLimited(
            message,
            hint=f"Try again {when}. {way}".rstrip(),
            retry_after=told,
            status=status,
        )

    async def refill(self, io: IO, owner: Owner) -> Wait:
        """Reserve a block for this process."""
        if not self.budgets.begin(owner):
            return Wait(_SHORT, limited=False)

        def reserved(window: Window) -> tuple[Window, tuple[int, float]]:
            changed, block, wait = reserve(window, io.monotonic(), self.budgets.wanted(owner))
            return changed if block else window, (block, wait)

        try:
            done = await self.windows.exchange(io, owner, reserved)
        except StoreError:
            # When the budget cannot be shared now, the call goes on with less knowledge.
            seen, version = self.budgets.last_seen(owner)
            window, block, wait = reserve(seen, io.monotonic())
            self.budgets.reserved(owner, window, version, min(block, 1))
            return Wait(wait)
        else:
            if done is None:
                return Wait(_SHORT * io.jitter(), limited=False)
            window, version, (block, wait) = done
            self.budgets.reserved(owner, window, version, block)
            if wait and self.budgets.holds_back(owner):
                return Wait(_SHORT, limited=False)
            return Wait(wait)
        finally:
            self.budgets.end(owner)

    async def hear(
        self, io: IO, owner: Owner, response: HttpResponse, sent: float
    ) -> tuple[RateLimit, float]:
        """Learn what an answer says of the user's budget. When it refuses all requests for now, return the
        seconds until it is worth trying again (else 0.0).

        A 429 refuses, and so does a page of HTML with 403: so Vimeo bans, without a header that says for how
        long (recorded in 2015). A store that fails costs knowledge, not the call.

        Args:
            response: the answer.
            sent: when its request was sent, by `IO.monotonic`.
        """
        wall, now = io.now(), io.monotonic()
        clock = self.clock(owner.identity.connection_name)
        clock.sync_clock(response.headers, sent, now)
        told = read_rate_limit(
            response.headers, clock.now(wall, now), proven=clock.proven, took=max(0.0, now - sent)
        )
        if response.status == 429 or is_ban(response):
            asked = retry_after(response)
            told = replace(told, refused=-1.0 if asked is None else asked)
        await self.learn(io, owner, told, sent=sent, arrived=now)
        shown = UNKNOWN
        if told.limit is not None or told.remaining is not None:
            shown = RateLimit(told.limit, told.remaining, None if told.left is None else wall + told.left)
        return shown, 0.0 if told.refused is None else max(self.budgets.most(owner, io.monotonic()), 0.05)

    async def learn(self, io: IO, owner: Owner, told: Told, *, sent: float, arrived: float) -> None:
        """Learn what an answer said.

        Args:
            io: what the flow acts through.
            owner: whose budget it is.
            told: what the answer says, its times as seconds after it arrived.
            sent: when its request was sent, by `IO.monotonic`.
            arrived: when it arrived. The store may be slow, and others may be first: what the answer said does not
                become later by that.
        """
        budgets = self.budgets
        if told.remaining is None and told.refused is None and budgets.give_back(owner):
            return
        if not budgets.is_news(owner, told, arrived, sent):
            return
        try:
            for attempt in range(_ATTEMPTS):
                if attempt:
                    await io.sleep(_pause(attempt) * io.jitter())
                    if not budgets.is_news(owner, told, arrived, sent):
                        return  # another answer of this process has told the same meanwhile
                if budgets.begin(owner) and await self._learned(io, owner, told, sent=sent, arrived=arrived):
                    return
        except StoreError:
            pass
        # It cannot be shared now, so only this process acts on it.
        window, version = budgets.last_seen(owner)
        changed, block = observe(window, told, arrived, sent=sent, block=budgets.block(owner))
        budgets.commit(owner, changed, version, block)

    async def _learned(self, io: IO, owner: Owner, told: Told, *, sent: float, arrived: float) -> bool:
        """Change the window by what an answer said, and return False when another process was faster."""

        def observed(window: Window) -> tuple[Window, int]:
            block, elsewhere = self.budgets.block(owner), self.budgets.elsewhere(owner, window)
            return observe(window, told, arrived, sent=sent, block=block, elsewhere=elsewhere)

        try:
            done = await self.windows.exchange(io, owner, observed, unseen=True)
            if done is not None:
                self.budgets.commit(owner, *done)
            return done is not None
        finally:
            self.budgets.end(owner)


def _pause(turns: int) -> float:
    """Return the seconds until another look, for a caller that has already looked so many times."""
    return min(_SHORT * _SLOWER**turns, _LONG)
