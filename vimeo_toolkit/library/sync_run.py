"""What one sync knows, counts and sends while it is at work. Each of its steps reads and writes it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.library.index import Index, Stamp
from vimeo_toolkit.library.listing import Marks
from vimeo_toolkit.library.model import Change
from vimeo_toolkit.library.sync_report import SyncOptions, SyncReport
from vimeo_toolkit.runtime.ahead import AT_ONCE, Ahead, room_in, share_of
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["TIME", "Counts", "Listed", "Pause", "Run"]

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
U = TypeVar("U")

TIME: Final = 2.0
"""Seconds that a call has to have left for another request."""


class Pause(Exception):
    """The work ends here for now; the text says why."""


class Listed(NamedTuple):
    """What is needed of a video while a sync goes on."""

    marks: Marks
    checked: float
    silent: bool
    """It is known to have no text tracks."""

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.marks.stamp, self.checked)


@dataclass(slots=True)
class Counts:
    new: int = 0
    removed: int = 0
    read: int = 0
    rechecked: int = 0
    requests: int = 0
    embedded: int = 0
    unembedded: int = 0


@dataclass(slots=True)
class Run:
    """One sync at work."""

    api: Api
    io: IO
    index: Index
    options: SyncOptions
    known: dict[str, Stamp] = field(default_factory=dict)
    """What the index has."""
    listed: dict[str, Listed] = field(default_factory=dict)
    """What Vimeo has shown, by URI."""
    state: dict[str, Any] = field(default_factory=dict)
    """What earlier syncs noted."""
    counts: Counts = field(default_factory=Counts)
    changed: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    why: str = ""
    unanswered: bool = False
    """Of some videos Vimeo did not answer, or not to the end."""
    left: int = 0
    """Videos of which something is still to be read."""
    ended: bool = False
    """Nothing more is sent: what was begun beside others and dropped stops at its next request."""

    @property
    def first(self) -> bool:
        """No sync has seen the whole library yet: what is found has been there, and nothing of it has changed."""
        return "synced" not in self.state

    def told(self, changes: Sequence[Change]) -> Sequence[Change]:
        """Return the changes that are kept, and count the videos that are others than before."""
        if self.first:
            return ()
        self.changed.update(change.uri for change in changes if change.kind not in ("new", "deleted"))
        return changes

    def unread(self, uris: Sequence[str], why: str, *, answered: bool = True) -> None:
        """Note that videos could not be read. `answered`: Vimeo has decided so."""
        if uris:
            self.failed += uris
            self.why = why
            self.unanswered |= not answered

    async def send(self, request: ApiRequest) -> Any:
        """Send, unless the work is to end here for now.

        Raises:
            Pause: it is.
            VimeoToolkitError: anything but success.
        """
        if self.ended:
            raise Pause("The sync has ended.")
        if self.api.time_left() < TIME:
            raise Pause("The call's time is over.")
        most = self.options.requests
        if most is not None and self.counts.requests >= most:
            raise Pause(f"{most} requests were sent, as many as were allowed.")
        self.counts.requests += 1
        return await self.api.send(request)

    def beside(self, flow: Callable[[K], Coroutine[Any, Any, U]]) -> Ahead[K, U]:
        """See `Sends`. Where only so many requests are allowed, an eighth of those that are left is the bound, too:
        what is begun can be read to its end."""

        def room() -> int:
            most = self.options.requests
            allowed = AT_ONCE if most is None else share_of(most - self.counts.requests)
            return min(allowed, room_in(self.api.rate_limit))

        return Ahead(self.io, flow, room)

    async def call(self, function: Callable[..., T], *given: Any) -> T:
        """Call a function that blocks."""
        return await self.io.call(partial(function, *given))

    async def note(self, *, ended: bool = False) -> None:
        """Note how far the work on the whole library is, for others to read. `ended`: it was all looked at."""
        if self.options.videos is not None:
            return
        of = len(self.listed)
        state = {**self.state, "done": of - self.left, "of": of}
        if ended:
            full = {"full": self.state["full"]} if self.unanswered and "full" in self.state else {}
            state = {"synced": self.api.now(), **full}
        await self.call(self.index.note, state)

    def report(self, *, complete: bool, seconds: float) -> SyncReport:
        """Return what was done."""
        counts = self.counts
        return SyncReport(
            complete=complete and not self.unanswered,
            done=len(self.listed) - self.left,
            of=len(self.listed),
            new=counts.new,
            changed=len(self.changed),
            removed=counts.removed,
            read=counts.read,
            rechecked=counts.rechecked,
            failed=tuple(self.failed),
            why=self.why,
            requests=counts.requests,
            embedded=counts.embedded,
            unembedded=counts.unembedded,
            seconds=seconds,
        )
