"""Each user's request budget as this process knows it. All of it comes from Vimeo's headers.

What is left of a window is one small record a user, the `Window`, in the store when other processes use it too. A
process reserves a block of it by compare-and-set and hands out single requests from that block, so that most calls
cost no round trip. All times here are those of `IO.monotonic`; what is kept in the store is in Vimeo's time.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from vimeo_toolkit.calls.background import GIVES_WAY, REMEMBERED, Use, others, pause
from vimeo_toolkit.calls.clock import Clock
from vimeo_toolkit.calls.window import FIRST_LOCKOUT, Told, Window, corrects
from vimeo_toolkit.identity import Identity, Owner

__all__ = ["Budgets"]

_REMEMBERED: Final = 20_000
"""How many users are remembered. About a forgotten one the store still knows, or the next answer says it."""

_AT_ONCE: Final = 5.0
"""Seconds within which calls count as made at once."""


@dataclass(slots=True)
class _Local:
    """One process's share of one user's window."""

    block: int = 0
    window: Window = field(default_factory=Window)
    """As this process saw it last; others may have changed it since."""
    version: int = 0
    known: bool = False
    """Whether nobody else has changed the row in the store since this process saw it last, as far as it knows."""
    queue: list[int] = field(default_factory=list)
    """Tickets of those who wait, oldest first."""
    busy: bool = False
    turn: int = 1
    """The number of the window, as this process counts them."""
    flying: int = 0
    """Requests of this window that are under way."""
    owed: int = 0
    """Requests of former windows that are under way still: Vimeo may count them in this one."""
    least: int | None = None
    """The least number of requests left that an answer has told of this window."""
    told: tuple[float, float] | None = None
    """When a caller was told last to wait for longer than the others before, and for how many seconds."""
    ahead: float = -math.inf
    """The time of the user's row in the store less `IO.monotonic`."""
    mine: int = 0
    """Requests of this window that went to work in the background, which one process at a time does for a user."""
    before: tuple[int, ...] = ()
    """How many the user's other calls used of each of the windows before."""

    def use(self) -> Use:
        return Use(self.window.remaining + self.block, self.mine, self.before)


class Budgets:
    """The budgets as one process knows them. Each method is a short computation under a lock."""

    def __init__(self) -> None:
        self._users: OrderedDict[Owner, _Local] = OrderedDict()
        self._guard = threading.RLock()  # reentrant: a signal handler may run while it is held
        self._clocks: dict[str, Clock] = {}
        self._tickets = 0

    def clock(self, connection: str) -> Clock:
        """Return the clock of a connection, which keeps Vimeo's time as the answers tell it."""
        return self._clocks.setdefault(connection, Clock())

    def _local(self, owner: Owner) -> _Local:
        local = self._users.get(owner)
        if local is None:
            local = self._users[owner] = _Local()
            if len(self._users) > _REMEMBERED:
                self._users.popitem(last=False)
        else:
            self._users.move_to_end(owner)
        return local

    def forget(self, identity: Identity) -> None:
        """Let go of what is remembered of this user, whatever Vimeo account was connected."""
        with self._guard:
            for owner in [owner for owner in list(self._users) if owner.identity == identity]:
                self._users.pop(owner, None)

    def ticket(self, owner: Owner) -> int:
        """Return a place in the queue of those who wait for this user's budget."""
        with self._guard:
            self._tickets += 1
            ticket = self._tickets  # here, before a signal handler can take the next one
            self._local(owner).queue.append(ticket)
            return ticket

    def leave(self, owner: Owner, ticket: int) -> None:
        """Give the place back, whether it was waited for or not."""
        with self._guard:
            queue = self._local(owner).queue
            if ticket in queue:
                queue.remove(ticket)

    def wanted(self, owner: Owner) -> int:
        """Return how many requests this process can use now: one for each caller that waits, with those that are
        held back."""
        with self._guard:
            local = self._local(owner)
            return max(1, len(local.queue)) + local.owed

    def take(self, owner: Owner, now: float, ticket: int | None = None) -> int:
        """Take one request from this process's block and return its window's number, which `land` gets. Return 0
        when the block is used up or over, or when others came first.

        For each request of a former window that is under way, one of the block is held back until it is answered:
        the answer says which window it counts in.
        """
        with self._guard:
            local = self._local(owner)
            if local.window.ends is not None and now >= local.window.ends:
                local.block = 0
            waiting = local.queue
            before = len(waiting) if ticket is None else waiting.index(ticket) if ticket in waiting else 0
            if local.block <= before + local.owed or local.window.blocked(now):
                return 0
            local.block -= 1
            local.flying += 1
            return local.turn

    def background_pause(self, owner: Owner, now: float) -> float:
        """Return the seconds that work in the background waits, for others of this user who wait or may come;
        0.0 when it may take a request."""
        with self._guard:
            local = self._local(owner)
            return GIVES_WAY if local.queue else pause(local.window, local.use(), now)

    def took_in_background(self, owner: Owner) -> None:
        """Note that a request was taken by work in the background."""
        with self._guard:
            self._local(owner).mine += 1

    def land(self, owner: Owner, turn: int) -> None:
        """Note that a request is not under way any more, and that what its answer said was learned."""
        with self._guard:
            local = self._local(owner)
            if turn == local.turn:
                local.flying = max(0, local.flying - 1)
            else:
                local.owed = max(0, local.owed - 1)

    def holds_back(self, owner: Owner) -> bool:
        """Return whether requests of this process's block wait only for those of former windows to be answered."""
        with self._guard:
            local = self._local(owner)
            return local.block > 0 and local.owed > 0

    def begin(self, owner: Owner) -> bool:
        """Return True to the one caller of this process that may change the user's window now; it then calls `end`.

        Callers of one process are not to lose races for one row against each other.
        """
        with self._guard:
            local = self._local(owner)
            if local.busy:
                return False
            local.busy = True
            return True

    def last_seen(self, owner: Owner) -> tuple[Window, int]:
        """Return the window and its version as this process saw them last."""
        with self._guard:
            local = self._local(owner)
            return local.window, local.version

    def unchanged(self, owner: Owner) -> tuple[Window, int] | None:
        """Return the same while nobody else seems to change the row in the store; else None."""
        with self._guard:
            local = self._local(owner)
            return (local.window, local.version) if local.known else None

    def looked(self, owner: Owner, version: int) -> None:
        """Note the version of the row that was read just now."""
        with self._guard:
            local = self._local(owner)
            local.known = local.version in (0, version)

    def doubt(self, owner: Owner) -> None:
        """Note that the row may be another one than this process saw last."""
        with self._guard:
            self._local(owner).known = False

    def swap(self, owner: Owner, version: int, window: Window, new: int) -> bool:
        """Replace a window by compare-and-set, where no other process shares it; return whether it was
        replaced."""
        with self._guard:
            local = self._local(owner)
            if local.version != version:
                return False
            _take_over(local, window, new)
            return True

    def end(self, owner: Owner) -> None:
        """Let another caller of this process change the user's window."""
        with self._guard:
            self._local(owner).busy = False

    def reserved(self, owner: Owner, window: Window, version: int, block: int) -> None:
        """Take over a reservation that succeeded: its window and its block of requests."""
        with self._guard:
            local = self._local(owner)
            if not _same(local.window, window):
                local.block = 0
            local.block += block
            _take_over(local, window, version)

    def is_news(self, owner: Owner, told: Told, now: float, sent: float) -> bool:
        """Return whether an answer says something that the window as last seen does not hold yet."""
        with self._guard:
            local = self._local(owner)
            window = local.window
            if told.remaining is not None and (window.opened is None or sent >= window.opened):
                local.least = told.remaining if local.least is None else min(local.least, told.remaining)
            if told.refused is not None or not window.limit or window.lockout:
                return True
            if window.opened is not None and sent < window.opened:
                return True  # the answer may count in a window for which it was not reserved
            if told.limit is not None and told.limit != window.limit:
                return True
            if told.remaining is not None and told.remaining < window.remaining:
                return True
            return corrects(window, told, now)

    def commit(self, owner: Owner, window: Window, version: int, block: int) -> None:
        """Take over what an answer changed: the window after it, and how much of this process's block is still
        good."""
        with self._guard:
            local = self._local(owner)
            local.block = min(local.block, block)
            _take_over(local, window, version)

    def give_back(self, owner: Owner) -> bool:
        """Lend a request anew after an answer without rate-limit headers. While the limit is unknown, somebody of
        this process who waits may use the request that the answer has freed. Return False when nobody waits or
        the limit is known: then the request goes back to the window, where other processes find it."""
        with self._guard:
            local = self._local(owner)
            if local.window.limit or not local.queue:
                return False
            local.block += 1
            return True

    def most(self, owner: Owner, now: float) -> float:
        """Return seconds after which a request can go out again, as far as this process knows."""
        with self._guard:
            return self._local(owner).window.most(now)

    def same_wait(self, owner: Owner, seconds: float, now: float) -> float:
        """Return how many seconds a caller is told to wait: as many as those who were told just before, so that
        calls that are made at once agree; a moment longer than it has to be, and never less."""
        with self._guard:
            local = self._local(owner)
            if local.told is not None:
                moment, former = local.told
                if now - moment <= _AT_ONCE and seconds <= former <= seconds + _AT_ONCE:
                    return former
            local.told = now, seconds
            return seconds

    def banned(self, owner: Owner) -> bool:
        """Return whether Vimeo refuses requests without saying for how long, or for longer than it said."""
        with self._guard:
            return self._local(owner).window.lockout >= FIRST_LOCKOUT

    def block(self, owner: Owner) -> int:
        """Return what this process has reserved and not used."""
        with self._guard:
            return self._local(owner).block

    def elsewhere(self, owner: Owner, window: Window) -> int | None:
        """Return how many requests of this window other processes may have reserved that Vimeo has not counted yet,
        at most; None while no answer has told of it."""
        with self._guard:
            local = self._local(owner)
            if local.least is None or not window.limit or not _same(local.window, window):
                return None
            return max(0, local.least - window.remaining - local.block - local.flying)

    def row_time(self, owner: Owner, now: float, monotonic: float, written: float = 0.0) -> float:
        """Return the time of a user's row: Vimeo's, and never before it was written last.

        Two machines may disagree about the time before an answer has told them. The later one counts, so that
        what one of them wrote is over for the other after as many seconds as the first one meant; and for one
        process it goes on as `monotonic` does or leaps ahead, so that nothing in the row comes nearer again.

        Args:
            owner: whose row.
            now: Vimeo's time as far as this process knows.
            monotonic: the time that nobody sets.
            written: when the row that was read just now was written, by its writer's word.
        """
        with self._guard:
            local = self._local(owner)
            local.ahead = max(local.ahead, now - monotonic, written - monotonic)
            return monotonic + local.ahead


def _take_over(local: _Local, window: Window, version: int) -> None:
    if not _same(local.window, window):
        local.turn, local.owed, local.flying = local.turn + 1, local.owed + local.flying, 0
        local.least = None
        if local.window.limit:
            local.before = (*local.before, others(local.window, local.use()))[-REMEMBERED:]
        local.mine = 0
    local.window, local.version = window, version


def _same(first: Window, second: Window) -> bool:
    """Whether they are the same window of a user. Its times differ a little after their way over the store."""
    if first.opened is None or second.opened is None:
        return first.opened is second.opened
    return abs(first.opened - second.opened) < 1.0
