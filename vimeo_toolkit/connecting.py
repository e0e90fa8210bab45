"""What a user has to do at Vimeo before calls can be made, for frameworks that can wait for it.

for needed in connection_requests([(bound, arguments), …]):
    ...  # show needed.authorization_link to the user, wait until they are back, and look again
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.connection import scope_words
from vimeo_toolkit.errors import (
    AccountError,
    Expired,
    MissingScope,
    NotConnected,
    Revoked,
    UploadNotGranted,
    VimeoToolkitError,
)
from vimeo_toolkit.reply import Reply

if TYPE_CHECKING:
    from vimeo_toolkit.bound import BoundTool

__all__ = [
    "Connect",
    "ConnectionRequest",
    "acall_when_connected",
    "aconnection_requests",
    "connection_requests",
]

UNUSABLE: Final = {kind.code: kind for kind in (NotConnected, Expired, Revoked)}
LACKING: Final = {kind.code: kind for kind in (MissingScope, UploadNotGranted)}


@dataclass(frozen=True, slots=True)
class ConnectionRequest:
    """What one user is asked to do before some calls can be made: connect, connect again, or grant more."""

    error: str
    """The code of the error that the calls would meet: `not_connected`, `missing_scope`, `upload_not_granted`,
    `expired` or `revoked`."""
    message: str
    """What is wrong, a sentence about the user."""
    connection_name: str
    missing_scopes: tuple[str, ...]
    """What the calls need and the user has not granted, of all calls together."""
    calls: tuple[int, ...]
    """Which calls it is about: their places in the list that was asked about."""
    authorization_link: str = field(repr=False)
    """One link for all of it. Show it to that very user, who is logged in to your product, and to no model."""
    expires_at: datetime
    """Until when the link can be used."""

    @property
    def question(self) -> str:
        """What the user is asked to do, a sentence to them."""
        if self.error in LACKING:
            return f"To go on, allow more at Vimeo: {'; '.join(scope_words(self.missing_scopes))}."
        return f"Connect your Vimeo account{'' if self.error == NotConnected.code else ' again'} to go on."

    def to_dict(self) -> dict[str, Any]:
        """Return what a product needs to draw a button, JSON-ready."""
        return {
            "type": "vimeo_connect",
            "error": self.error,
            "message": self.message,
            "question": self.question,
            "connection_name": self.connection_name,
            "missing_scopes": list(self.missing_scopes),
            "authorization_link": self.authorization_link,
            "expires_at": self.expires_at.isoformat(),
        }

    def refused(self, tool_name: str, reason: str | None) -> Reply:
        """Return what a model is told about one of the calls when the user has not done it.

        Args:
            reason: the user's; "" if they merely declined, None if they were asked and have not done it.
        """
        did = "has not done what is needed" if reason is None else "declined"
        message = f"{tool_name} was not called: the user was asked to connect Vimeo or grant more, and {did}."
        message = f"{message} {self.message} Nothing was sent."
        if reason is not None and (said := reason.strip()[:500]):
            message += f" The reason: {said}"
        hint = "Do not call it again unless the user asks for it anew."
        if self.error in LACKING:
            return Reply.of(
                LACKING[self.error](message, hint=hint, needed=self.missing_scopes, tool=tool_name)
            )
        return Reply.of(UNUSABLE.get(self.error, AccountError)(message, hint=hint))


Connect = Callable[[ConnectionRequest], Awaitable[bool | str | None]]
"""Asks a user to connect or to grant more: True when they say that they have, False or the reason when they will
not, None when nobody answered."""


async def acall_when_connected(
    bound: BoundTool, arguments: Any, connect: Connect, call: Callable[[], Awaitable[Reply]]
) -> Reply:
    """Make a call once nothing at the user's account keeps it from being made.

    The account is looked at first, so that nothing has been sent when the user is asked. Their answer grants
    nothing: it is looked at again, and the same want is asked about once.

    Args:
        call: makes the call. It is made again after an error of the account that it found out itself, if it has
            changed nothing.
    """
    asked: set[tuple[str, tuple[str, ...]]] = set()
    refused_scopes: Sequence[str] = ()
    while True:
        needed = await aconnection_requests([(bound, arguments)], refused_scopes=refused_scopes)
        if not needed:
            reply = await call()
            error = reply.error
            if not isinstance(error, AccountError) or not error.authorization_link or error.partly_done:
                return reply.without_link()
            refused_scopes = error.missing if isinstance(error, MissingScope) else ()
            needed = await aconnection_requests([(bound, arguments)], refused_scopes=refused_scopes)
            if not needed:
                return reply.without_link()
        want = (needed[0].error, needed[0].missing_scopes)
        if want in asked:
            return needed[0].refused(bound.name, None)
        asked.add(want)
        answer = await connect(needed[0])
        if answer is not True:
            return needed[0].refused(bound.name, answer if answer is None else answer or "")
        refused_scopes = ()


def connection_requests(
    calls: Sequence[tuple[BoundTool, Any]], *, refused_scopes: Iterable[str] = ()
) -> list[ConnectionRequest]:
    """Return what has to be done before these calls can be made: one request for each user, [] if nothing.

    It looks at the stored accounts alone, and sends nothing. What keeps it from looking is not raised: the calls
    themselves say it.

    Args:
        calls: tools, and what a model wants to call each with, which need not be valid.
        refused_scopes: scopes that Vimeo itself said are missing when these calls were made.

    Raises:
        ConfigurationError: one of the tools is bound to nobody.
    """
    made = []
    for first, places in _by_user(calls):
        places, wanted = _meant(calls, places)
        with suppress(VimeoToolkitError):
            needed = first.toolkit.connection_request(wanted, **first.whose, refused_scopes=refused_scopes)
            if needed is not None:
                made.append(replace(needed, calls=tuple(places[place] for place in needed.calls)))
    return made


async def aconnection_requests(
    calls: Sequence[tuple[BoundTool, Any]], *, refused_scopes: Iterable[str] = ()
) -> list[ConnectionRequest]:
    """See `connection_requests`."""
    made = []
    for first, places in _by_user(calls):
        places, wanted = _meant(calls, places)
        with suppress(VimeoToolkitError):
            needed = await first.toolkit.aconnection_request(
                wanted, **first.whose, refused_scopes=refused_scopes
            )
            if needed is not None:
                made.append(replace(needed, calls=tuple(places[place] for place in needed.calls)))
    return made


def _meant(
    calls: Sequence[tuple[BoundTool, Any]], places: list[int]
) -> tuple[list[int], list[tuple[str, Any]]]:
    """The calls at these places that can be made at all: their places, and the tools and inputs that are meant."""
    meant = [(place, calls[place][0].meant(calls[place][1])) for place in places]
    made = [(place, (each[0].name, each[1])) for place, each in meant if each is not None]
    return [place for place, _ in made], [call for _, call in made]


def _by_user(calls: Sequence[tuple[BoundTool, Any]]) -> list[tuple[BoundTool, list[int]]]:
    """The places of each user's calls, with a tool that is bound to that user."""
    users: dict[Any, tuple[BoundTool, list[int]]] = {}
    for place, (tool, _) in enumerate(calls):
        key = (id(tool.toolkit), *tool.whose.values())
        users.setdefault(key, (tool, []))[1].append(place)
    return list(users.values())
