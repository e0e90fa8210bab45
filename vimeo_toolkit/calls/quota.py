"""The flow that takes one request from a user's budget, and the one that learns from an answer."""

from __future__ import annotations

import json
from typing import Final

from vimeo_toolkit.accounts.vault import Seal
from vimeo_toolkit.calls.budget import Budgets, User, Window, observe, reserve
from vimeo_toolkit.calls.result import RateLimit
from vimeo_toolkit.errors import StoreError, WrongKey
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.protocol import Key

__all__ = ["Quota"]

_TTL: Final = 86_400.0
_ATTEMPTS: Final = 20
_SHORT: Final = 0.004
"""Seconds to wait for another caller of this process who is reserving right now."""


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

    async def refill(self, io: IO, user: User) -> float:
        """Reserve a block for this process. Seconds to wait first, 0.0 to try `take` again."""
        if not self.budgets.begin_reserving(user):
            return _SHORT
        try:
            window, version = await self._load(io, user)
            changed, block, wait = reserve(window, self.budgets.now(io.now()))
            if block:
                swapped = await self._swap(io, user, version, changed)
                if swapped is None:
                    return _SHORT * io.jitter()
                window, version = changed, swapped
        except StoreError:
            # A budget that cannot be shared right now costs knowledge, not the call.
            seen, version = self.budgets.last_seen(user)
            window, block, wait = reserve(seen, self.budgets.now(io.now()))
            self.budgets.reserved(user, window, version, min(block, 1))
            return wait
        else:
            self.budgets.reserved(user, window, version, block)
            return wait
        finally:
            self.budgets.gave_up(user)

    async def learn(self, io: IO, user: User, seen: RateLimit, blocked_for: float | None) -> None:
        """Take in what an answer said. A store that fails costs knowledge, not the call."""
        budgets = self.budgets
        if seen.remaining is None and blocked_for is None and budgets.give_back(user):
            return
        if not budgets.concerns(user, seen, blocked_for is not None):
            return
        try:
            for _ in range(_ATTEMPTS):
                window, version = await self._load(io, user)
                changed, block = observe(
                    window,
                    seen,
                    budgets.now(io.now()),
                    blocked_for=blocked_for,
                    block=budgets.block(user),
                )
                swapped = version if changed == window else await self._swap(io, user, version, changed)
                if swapped is not None:
                    budgets.learned(user, changed, swapped, block)
                    return
                await io.sleep(_SHORT * io.jitter())
        except StoreError:
            return

    async def _load(self, io: IO, user: User) -> tuple[Window, int]:
        if not self._kept:
            return self.budgets.last_seen(user)
        key = Key("budget", *user)
        row = await io.store.aget(key)
        if row is None:
            return Window(), 0
        try:
            return Window.from_json(json.loads(self._seal.open(key, row.version, row.value))), row.version
        except (WrongKey, ValueError, TypeError):
            return Window(), row.version  # a budget that cannot be read is learned anew

    async def _swap(self, io: IO, user: User, version: int, window: Window) -> int | None:
        new = max(version + 1, int(io.now() * 1_000_000))
        if not self._kept:
            return new if self.budgets.swap(user, version, window, new) else None
        key = Key("budget", *user)
        sealed = self._seal.seal(key, new, json.dumps(window.to_json()).encode())
        done = await io.store.aput(key, sealed, version=new, expected=version, ttl=_TTL)
        return new if done else None
