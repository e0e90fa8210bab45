"""Users' windows where they are kept: as sealed rows that processes share, or in this process alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final, TypeVar

from vimeo_toolkit.accounts.rows import Seal, own_key
from vimeo_toolkit.calls.budget import Budgets
from vimeo_toolkit.calls.budget_row import from_row, to_row
from vimeo_toolkit.calls.window import Window
from vimeo_toolkit.errors import WrongKey
from vimeo_toolkit.identity import Owner
from vimeo_toolkit.runtime.ports import IO

__all__ = ["Windows"]

T = TypeVar("T")

_TTL: Final = 86_400.0


class Windows:
    """Read and change the users' windows.

    Args:
        budgets: what this process knows of them.
        seal: seals the rows.
        kept: keep windows in the store, where other processes see them; else in this process alone.
    """

    def __init__(self, budgets: Budgets, seal: Seal, *, kept: bool) -> None:
        self._budgets = budgets
        self._seal = seal
        self._kept = kept

    async def exchange(
        self, io: IO, owner: Owner, change: Callable[[Window], tuple[Window, T]], *, unseen: bool = False
    ) -> tuple[Window, int, T] | None:
        """Change the user's window. Return it with its version and what `change` says of it, or None when another
        process was faster.

        Args:
            io: what the flow acts through.
            owner: whose window it is.
            change: returns the changed window for the one that is there.
            unseen: change the window that this process wrote last without another look, as long as nobody else
                changes it: compare-and-set tells. Not to reserve requests: a process that makes many calls would be
                faster than each one that has to look first, and leave it none.

        Raises:
            StoreError: the store cannot be read or written.
        """
        known = self._budgets.unchanged(owner) if unseen else None
        if known is not None:
            window, version = known
            changed, said = change(window)
            if changed != window and (swapped := await self.swap(io, owner, version, changed)):
                return changed, swapped, said
        window, version = await self.load(io, owner)
        changed, said = change(window)
        swapped = version if changed == window else await self.swap(io, owner, version, changed)
        return None if swapped is None else (changed, swapped, said)

    async def load(self, io: IO, owner: Owner) -> tuple[Window, int]:
        """Read a user's window, and the version that it is at; 0 where there is none.

        Raises:
            StoreError: the store cannot be read.
        """
        if not self._kept:
            return self._budgets.last_seen(owner)
        key = own_key("budget", owner.identity)
        row = await io.store.aget(key)
        self._budgets.looked(owner, 0 if row is None else row.version)
        if row is None:
            return Window(), 0
        clock = self._budgets.clock(owner.identity.connection_name)
        try:
            body = json.loads(self._seal.open(key, row.version, row.value))
            if body["generation"] != owner.generation:
                return Window(), row.version  # the budget of another Vimeo user, who was connected before
            if body["wrong"] is not None:
                clock.hint(float(body["wrong"]))
            window, written = from_row(body)
        except (WrongKey, ValueError, TypeError, KeyError, OverflowError):
            return Window(), row.version  # a budget that cannot be read is learned anew
        monotonic = io.monotonic()
        moment = self._budgets.row_time(owner, clock.now(io.now(), monotonic), monotonic, written)
        return window.moved(monotonic - moment), row.version

    async def swap(self, io: IO, owner: Owner, version: int, window: Window) -> int | None:
        """Replace the window that is at this version, and return the new one's; None where it is not at it.

        Raises:
            StoreError: the store cannot be written.
        """
        wall, monotonic = io.now(), io.monotonic()
        new = max(version + 1, int(wall * 1_000_000))
        if not self._kept:
            return new if self._budgets.swap(owner, version, window, new) else None
        clock = self._budgets.clock(owner.identity.connection_name)
        moment = self._budgets.row_time(owner, clock.now(wall, monotonic), monotonic)
        body = to_row(window.moved(moment - monotonic), moment)
        body |= {"generation": owner.generation, "wrong": clock.wrong(wall, monotonic)}
        key = own_key("budget", owner.identity)
        sealed = self._seal.seal(key, new, json.dumps(body).encode())
        ttl = _TTL + window.blocked(monotonic)
        done = False
        try:
            done = await io.store.aput(key, sealed, version=new, expected=version, ttl=ttl)
        finally:
            if not done:
                self._budgets.doubt(owner)
        return new if done else None
