"""The flow that takes one request from a user's budget, and the one that learns from an answer."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from typing import Any, Final, NamedTuple

from vimeo_toolkit.accounts.vault import Seal
from vimeo_toolkit.calls.budget import Budgets, Told, User, Window, observe, read_rate_limit, reserve
from vimeo_toolkit.calls.window import LONGEST_LOCKOUT, LONGEST_WINDOW
from vimeo_toolkit.errors import StoreError, WrongKey
from vimeo_toolkit.runtime.ports import IO, HttpResponse
from vimeo_toolkit.stores.protocol import Key
from vimeo_toolkit.wire.format import json_object
from vimeo_toolkit.wire.rate_limit import RateLimit
from vimeo_toolkit.wire.sending import LONGEST_ASKED, retry_after

__all__ = ["Quota", "Wait"]

_TTL: Final = 86_400.0
_ATTEMPTS: Final = 20
_SHORT: Final = 0.004
"""Seconds to wait for another caller who is reserving right now."""


class Wait(NamedTuple):
    """What stands between a caller and the next request."""

    seconds: float
    """To wait before the next try; 0.0 to try at once."""
    limited: bool = True
    """False where only another caller's turn is waited for, not the user's limit."""


class Quota:
    """The budgets of one toolkit.

    Args:
        seal: seals the rows that other processes share.
        kept: keep windows in the store, where other processes see them; else in this process alone.
    """

    def __init__(self, seal: Seal, *, kept: bool) -> None:
        self.budgets = Budgets()
        self._seal = seal
        self._kept = kept

    def now(self, io: IO, connection: str) -> float:
        """Vimeo's time, as far as an answer over this connection has told it."""
        return self.budgets.clock(connection).now(io.now(), io.monotonic())

    async def refill(self, io: IO, user: User) -> Wait:
        """Reserve a block for this process."""
        if not self.budgets.begin_reserving(user):
            return Wait(_SHORT, limited=False)
        try:
            window, version = await self._load(io, user)
            changed, block, wait = reserve(window, io.monotonic())
            if block:
                swapped = await self._swap(io, user, version, changed)
                if swapped is None:
                    return Wait(_SHORT * io.jitter(), limited=False)
                window, version = changed, swapped
        except StoreError:
            # A budget that cannot be shared right now costs knowledge, not the call.
            seen, version = self.budgets.last_seen(user)
            window, block, wait = reserve(seen, io.monotonic())
            self.budgets.reserved(user, window, version, min(block, 1))
            return Wait(wait)
        else:
            self.budgets.reserved(user, window, version, block)
            return Wait(wait)
        finally:
            self.budgets.gave_up(user)

    async def hear(self, io: IO, user: User, response: HttpResponse, sent: float) -> tuple[RateLimit, float]:
        """Take in an answer: what it says of the user's budget, and, when it refuses all requests for now, the
        seconds until it is worth trying again (else 0.0).

        A 429 refuses, and so does a page of HTML with 403: so Vimeo bans, without a header that says for how
        long (recorded in 2015). A store that fails costs knowledge, not the call.

        Args:
            response: the answer.
            sent: when its request was sent, by `IO.monotonic`.
        """
        wall, now = io.now(), io.monotonic()
        clock = self.budgets.clock(user.connection)
        clock.heard(response.headers, sent, now)
        told = read_rate_limit(
            response.headers, clock.now(wall, now), proven=clock.proven, took=max(0.0, now - sent)
        )
        refused: float | None = None
        if response.status == 429 or _is_ban(response):
            asked = retry_after(response)
            refused = -1.0 if asked is None else asked
        await self.learn(io, user, told, refused, sent=sent)
        shown = RateLimit()
        if told.limit is not None or told.remaining is not None:
            shown = RateLimit(told.limit, told.remaining, None if told.left is None else wall + told.left)
        return shown, 0.0 if refused is None else max(self.budgets.most(user, io.monotonic()), 0.05)

    async def learn(self, io: IO, user: User, told: Told, refused: float | None, *, sent: float) -> None:
        """Take in what an answer said. `refused`: see `window.observe`."""
        budgets = self.budgets
        if told.remaining is None and refused is None and budgets.give_back(user):
            return
        if not budgets.concerns(user, told, refused is not None, io.monotonic(), sent):
            return
        try:
            for _ in range(_ATTEMPTS):
                window, version = await self._load(io, user)
                now, block = io.monotonic(), budgets.block(user)
                changed, block = observe(window, told, now, sent=sent, refused=refused, block=block)
                swapped = version if changed == window else await self._swap(io, user, version, changed)
                if swapped is not None:
                    budgets.learned(user, changed, swapped, block)
                    return
                await io.sleep(_SHORT * io.jitter())
        except StoreError:
            pass
        # It cannot be shared now; this process at least acts on it.
        window, version = budgets.last_seen(user)
        now, block = io.monotonic(), budgets.block(user)
        changed, block = observe(window, told, now, sent=sent, refused=refused, block=block)
        budgets.learned(user, changed, version, block)

    async def _load(self, io: IO, user: User) -> tuple[Window, int]:
        if not self._kept:
            return self.budgets.last_seen(user)
        key = Key("budget", user.connection, user.identifier)
        row = await io.store.aget(key)
        if row is None:
            return Window(), 0
        try:
            body = json.loads(self._seal.open(key, row.version, row.value))
            if body["generation"] != user.generation:
                return Window(), row.version  # another Vimeo user's, who was connected before
            if body["wrong"] is not None:
                self.budgets.clock(user.connection).hint(float(body["wrong"]))
            window, written = _from_row(body)
        except (WrongKey, ValueError, TypeError, KeyError, OverflowError):
            return Window(), row.version  # a budget that cannot be read is learned anew
        monotonic = io.monotonic()
        moment = self.budgets.row_time(user, self.now(io, user.connection), monotonic, written)
        return window.moved(monotonic - moment), row.version

    async def _swap(self, io: IO, user: User, version: int, window: Window) -> int | None:
        wall, monotonic = io.now(), io.monotonic()
        new = max(version + 1, int(wall * 1_000_000))
        if not self._kept:
            return new if self.budgets.swap(user, version, window, new) else None
        clock = self.budgets.clock(user.connection)
        moment = self.budgets.row_time(user, clock.now(wall, monotonic), monotonic)
        body = _to_row(window.moved(moment - monotonic), moment)
        body |= {"generation": user.generation, "wrong": clock.wrong(wall, monotonic)}
        key = Key("budget", user.connection, user.identifier)
        sealed = self._seal.seal(key, new, json.dumps(body).encode())
        ttl = _TTL + window.blocked(monotonic)
        done = await io.store.aput(key, sealed, version=new, expected=version, ttl=ttl)
        return new if done else None


def _is_ban(response: HttpResponse) -> bool:
    """Whether a page of HTML refuses, whatever type it is sent as; JSON that is called HTML is an answer."""
    if response.status != 403:
        return False
    if response.content[:1000].lstrip(_SPACE).lower().startswith((b"<html", b"<!doctype html")):
        return True
    return (
        "html" in response.headers.get("content-type", "").lower() and json_object(response.content) is None
    )


_SPACE: Final = BOM_UTF8 + b" \t\r\n"

_TIMES: Final = {
    "ends": LONGEST_WINDOW,
    "blocked_until": LONGEST_ASKED,
    "opened": 0.0,
    "tried": 0.0,
    "since": 0.0,
}
"""The times of a window, and how far after it was written each can lie."""


def _to_row(window: Window, moment: float) -> dict[str, Any]:
    """The row's JSON: its times as seconds after it was written."""
    body: dict[str, Any] = {"written": moment, "limit": window.limit, "remaining": window.remaining}
    body |= {"lockout": window.lockout, "figure": window.figure}
    for name in _TIMES:
        time = getattr(window, name)
        body[name] = None if time is None else time - moment
    return body


def _from_row(body: dict[str, Any]) -> tuple[Window, float]:
    written = float(body["written"])
    times = {
        name: None if body[name] is None else written + min(float(body[name]), most)
        for name, most in _TIMES.items()
    }
    lockout = min(float(body["lockout"]), LONGEST_LOCKOUT)
    figure = None if body["figure"] is None else float(body["figure"])
    window = Window(int(body["limit"]), int(body["remaining"]), lockout=lockout, figure=figure, **times)
    return window, written
