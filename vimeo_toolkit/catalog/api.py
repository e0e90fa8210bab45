"""The `Api` that a tool's `run` is given: sending to Vimeo, and the facts of the call."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Hashable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from vimeo_toolkit.accounts.model import AccountRecord
    from vimeo_toolkit.catalog.tool import Tool
    from vimeo_toolkit.changes.rows import Plans
    from vimeo_toolkit.changes.writes import Writes
    from vimeo_toolkit.library.of_user import UserLibrary
    from vimeo_toolkit.runtime.ahead import Ahead
    from vimeo_toolkit.secret import Secret
    from vimeo_toolkit.uploads.sending import Uploader
    from vimeo_toolkit.wire.api_request import ApiRequest
    from vimeo_toolkit.wire.rate_limit import RateLimit

__all__ = ["Api", "CachedResult", "ResultSlice", "Sends"]

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CachedResult:
    """One earlier result, with what is needed to show parts of it."""

    data: dict[str, Any]
    untrusted_fields: tuple[str, ...]
    size: int
    """The memory in bytes that it is counted with."""
    until: float


@dataclass(frozen=True, slots=True)
class ResultSlice:
    """What `run` returns for a part of an earlier result, instead of JSON."""

    data: dict[str, Any]
    of: CachedResult
    handle: str
    start: int = 0
    """Number of its first item in the whole."""


class Sends(Protocol):
    """The part of an `Api` that those need who only send."""

    async def send(self, request: ApiRequest) -> Any:
        """Send with the user's token; return the answer's JSON, None for an empty one.

        Raises:
            VimeoToolkitError: anything but success.
        """
        ...

    def beside(self, flow: Callable[[K], Coroutine[Any, Any, T]]) -> Ahead[K, T]:
        """Return what runs flows of this call side by side, those that come next before their turn, as far as the
        user's budget leaves room. Close it.

        Args:
            flow: makes the flow of a key, such as `send`, for requests that are GETs.
        """
        ...


class Api(Sends, Protocol):
    """What the `run` of a tool is given."""

    @property
    def account(self) -> AccountRecord:
        """Return the user's account: `identifier` is your product's id of the user, `vimeo_uri` their URI at Vimeo,
        and `granted_scopes` what they have granted."""
        ...

    async def read(self, request: ApiRequest) -> Any:
        """Send a GET as `send` does, whose answer may be that of an equal one of this user's which is under way,
        or, of what Vimeo itself has written, one of the hour before. For what an agent asks for, and never for a
        look that decides about a change.

        Raises:
            VimeoToolkitError: anything but success.
        """
        ...

    async def send_raw(self, request: ApiRequest) -> Any:
        """Send as `send` does, and leave secrets in the answer; they are taken out of the call's result.

        Raises:
            VimeoToolkitError: anything but success.
        """
        ...

    def hand_over(self, secrets: Iterable[Secret]) -> None:
        """Give secrets to the program that makes the call, if it asked for them. No result has them."""
        ...

    @property
    def allow_private_urls(self) -> bool:
        """The operator lets URLs point into a network (see `catalog.urls`)."""
        ...

    @property
    def max_tokens(self) -> int:
        """How much of a result a model is shown."""
        ...

    @property
    def rate_limit(self) -> RateLimit:
        """The user's budget, by the last answer of this call."""
        ...

    @property
    def tools(self) -> Mapping[str, Tool]:
        """The tools that this caller may use, by name."""
        ...

    @property
    def at_hand(self) -> Collection[str]:
        """The names of the tools that the agent has been shown, where it is shown others once it finds them."""
        ...

    def seconds_until(self, moment: float) -> float:
        """Return the seconds until a moment of this machine's clock, such as the end of `rate_limit`'s window."""
        ...

    def now(self) -> float:
        """Return the seconds since the epoch, by Vimeo's clock as far as an answer has told it."""
        ...

    def monotonic(self) -> float:
        """Return seconds on a clock that nobody sets, to tell how long ago something was."""
        ...

    @property
    def uploader(self) -> Uploader:
        """Uploads files to Vimeo."""
        ...

    @property
    def planning(self) -> bool:
        """It is only found out what the call would send: it ends at the first request, so that reads which it can
        do without are left out."""
        ...

    def alone(self, what: str) -> AbstractAsyncContextManager[bool]:
        """Try to be this user's only call that does something; enters with whether it is. See `IO.lease`."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait, which does not count as the call's time."""
        ...

    def more_time(self) -> None:
        """Give the following requests the time of a whole call, so that a repair does not run out of it."""
        ...

    def time_left(self) -> float:
        """Return the seconds that the call still has for requests."""
        ...

    async def progress(self, done: int, of: int) -> None:
        """Tell the caller's program how far a long call is."""
        ...

    def name_objects(self, uris: Iterable[str]) -> None:
        """Name things that the call changed and its input does not name, for events and the audit log."""
        ...

    def cached_result(self, handle: str) -> CachedResult:
        """Return an earlier result of this user that was too large to show.

        Raises:
            InvalidInput: it is not kept (any more).
        """
        ...

    @property
    def plans(self) -> Plans:
        """The user's plans of many videos' changes. What a call does by one is noted there alone."""
        ...

    @property
    def writes(self) -> Writes:
        """What the user's other calls changed."""
        ...

    @property
    def library(self) -> UserLibrary | None:
        """The index of the user's library; None where the operator has none made."""
        ...

    def note(self, text: str) -> None:
        """Add a sentence to the result that the model should know."""
        ...
