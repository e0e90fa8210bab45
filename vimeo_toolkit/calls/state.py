"""What one call knows and counts while it runs. Every part of a call reads and writes it; it imports none of
them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.calls.clock import Clock
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.calls.tools_told import ToolsTold
from vimeo_toolkit.catalog.own_tools import NO_TOOLS, Own
from vimeo_toolkit.changes.writes import Writes
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.observe.events import Event, EventName
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.uploads.files import UploadOptions
from vimeo_toolkit.wire.rate_limit import UNKNOWN, RateLimit

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool

__all__ = ["CallState"]

LARGE: Final = 200_000
"""Bytes. Work on a smaller answer takes a few milliseconds at most."""


@dataclass(slots=True, eq=False, repr=False)
class CallState:
    """Hold the state of one call. Its `repr` shows nothing: tokens and passwords are among it."""

    io: IO
    ctx: Context
    spec: CallSpec
    clock: Clock
    """Vimeo's time, as the connection's answers have told it."""
    files: UploadOptions
    """Which files the call may read; after a person was shown one, only that file."""
    own: Own = field(default_factory=lambda: NO_TOOLS)
    """The product's own tools."""
    connection: Connection = field(init=False)
    id: str | None = None
    """The id that all events of this call share; None where nobody listens."""
    deadline: float = 0.0
    """For all requests of this call; each wait for the rate limit moves it."""
    waited: float = 0.0
    """Seconds spent on waits for the rate limit."""
    _awake: float = 0.0
    """The end of its latest wait."""
    requests: int = 0
    status: int | None = None
    """The status of the last answer."""
    rate_limit: RateLimit = UNKNOWN
    reached: bool = False
    """A write may have been carried out, or Vimeo has decided about it."""
    changed: bool = False
    """A write may have been carried out."""
    received: int = 0
    """Bytes of all answers."""
    journaled: bool = False
    """What it changes is noted in a plan."""
    raw: bool = False
    """An answer came in which secrets were left for the tool."""
    objects: tuple[str, ...] = ()
    """The things that the call is about, for events."""
    title: str = field(default="", repr=False)
    """Of the user's own thing that the call changes, where a person was asked about it."""
    notes: list[str] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    """Inputs and upload links that no error may repeat, even if Vimeo's does."""
    _account: AccountRecord | None = field(default=None, init=False)
    _owner: Owner | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.connection = self.ctx.connection(self.spec.identity.connection_name)

    @property
    def tool(self) -> Tool:
        return self.spec.tool

    @property
    def told(self) -> ToolsTold | None:
        """Which tools may be named to the agent that calls; None for a program, which reads of all."""
        spec = self.spec
        return (
            None
            if spec.allowed is None
            else ToolsTold(spec.allowed, spec.at_hand, self.tools, spec.tool.name)
        )

    @property
    def tools(self) -> Own:
        """All tools that there are, by name."""
        from vimeo_toolkit.catalog import catalog

        there = catalog(library=self.ctx.libraries is not None)
        return {**there, **self.own} if self.own else there

    @property
    def account(self) -> AccountRecord:
        """The user's account, as it was read last.

        Before `begin` there is none.
        """
        assert self._account is not None  # noqa: S101 - the call's first step sets it
        return self._account

    @account.setter
    def account(self, account: AccountRecord) -> None:
        """Go on with the same account under a renewed token."""
        self._account = account

    @property
    def owner(self) -> Owner:
        """The owner whose requests are counted and whose results are kept."""
        assert self._owner is not None  # noqa: S101 - set with the account
        return self._owner

    def begin(self, account: AccountRecord) -> None:
        """Continue with this account, and start the call's time."""
        self._account = account
        self._owner = Owner(self.spec.identity, account.generation)
        self.more_time()

    def more_time(self) -> None:
        """Give the requests that follow the time of a whole call."""
        self.deadline = self.io.monotonic() + self.ctx.policy.timeout

    def now(self) -> float:
        """Return Vimeo's time, seconds since the epoch, as far as an answer has told it."""
        return self.clock.now(self.io.now(), self.io.monotonic())

    @property
    def writes(self) -> Writes:
        """What this user's calls changed."""
        return Writes(self.ctx.vault, self.io, self.owner, self.ctx.policy.keep_changes)

    def identity_copy(self) -> Identity:
        """Return the identity for the operator's code: whatever that does to it, the call's own stays as it is."""
        return Identity(self.spec.identity.connection_name, self.spec.identity.identifier)

    def keep_secret(self, values: Iterable[Secret | None]) -> None:
        """Note secrets that no error may repeat."""
        self.secrets.extend(value for value in values if value)

    def all_secrets(self) -> list[Secret]:
        """Return the secrets that an answer of Vimeo may repeat: the noted ones and the token."""
        used = None if self._account is None else self._account.access_token
        return [*self.secrets, *([used] if used else [])]

    async def sleep(self, seconds: float) -> float:
        """Wait, which does not count as the call's time. Return by how many seconds the call got longer: waits at
        the same time count once."""
        end = self.io.monotonic() + seconds
        longer = min(seconds, max(0.0, end - self._awake))
        self._awake = max(self._awake, end)
        await self.io.sleep(seconds)
        self.deadline += longer
        return longer

    async def let_others_run(self) -> None:
        """Let an event loop see to its other tasks between two steps of work on a large answer."""
        if self.received > LARGE:
            await self.io.sleep(0)

    async def emit(self, name: EventName, **data: Any) -> None:
        """Emit an event of this call, if there are listeners."""
        if self.io.has_listeners:
            event = Event.about(name, self.spec.identity, data, tool=self.tool.name, call=self.id)
            await self.io.emit(event)
