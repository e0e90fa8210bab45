"""The events that hooks receive: one table of their names and of the data of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from vimeo_toolkit.identity import Identity

__all__ = ["EVENTS", "Event", "EventName"]

EventName = Literal[
    "call.started",
    "call.retried",
    "call.waited",
    "call.finished",
    "account.connected",
    "account.refused",
    "account.refreshed",
    "account.refresh_failed",
    "account.expired",
    "account.revoked",
    "account.deleted",
    "account.revoke_failed",
    "account.unreadable",
    "client.allowed",
    "client.ended",
    "library.synced",
    "library.forgotten",
]

EVENTS: Final[Mapping[EventName, Mapping[str, str]]] = {
    # A tool is called. Every `call.started` is followed by one `call.finished`, invalid input and
    # cancellation included.
    "call.started": {
        "read_only": "True for a tool that changes nothing at Vimeo",
        "objects": "what its input names, such as `video 123`, as the caller wrote it",
    },
    # A request is about to be sent again.
    "call.retried": {
        "attempt": "the number of the attempt that failed, from 1",
        "cause": "why, one of a few fixed sentences such as `status 503`",
        "remaining": "requests left in the user's window, None while unknown",
    },
    # The call is about to wait for the user's rate limit, a tenth of a second or longer.
    "call.waited": {
        "seconds": "how long",
        "status": "429 when Vimeo refused a request, None when none was sent",
        "remaining": "requests left in the user's window, None while unknown",
    },
    "call.finished": {
        "outcome": "`ok`, the error's code (`not_found`, `invalid_input`…), `cancelled`, or `error` for a bug",
        "error_type": "the class of what was raised, None for ok",
        "status": "the last HTTP status, None when no answer came or nothing was sent",
        "seconds": "how long the call took, waits included",
        "requests": "requests sent, repeats included; 0 where the answer was that of an equal read",
        "remaining": "requests left in the user's window, None while unknown",
        "read_only": "True for a tool that changes nothing at Vimeo",
        "objects": "what it was about, such as `video 123`: what its input named, and what it made",
    },
    # A token was put into an account, by a callback or by `import_token`.
    "account.connected": {
        "status": "`ACTIVE`",
        "scopes": "what the user granted, sorted names",
    },
    # A callback or a token was refused and the account left as it was: denied, replayed, too old, another
    # user's link, another Vimeo account. Many of them may be an attack.
    "account.refused": {
        "outcome": "the error's code: `authorization_failed`",
        "by": "`callback`, `import` or `device`",
    },
    "account.refreshed": {
        "status": "`ACTIVE`",
    },
    # A refresh ahead of time did not succeed; the old token is used on. When it cannot be, the call fails.
    "account.refresh_failed": {
        "outcome": "the error's code, such as `vimeo_unavailable`",
    },
    # The token's lifetime has ended, or its refresh token was refused.
    "account.expired": {
        "status": "`EXPIRED`",
        "reason": "one of a few fixed sentences",
    },
    # Vimeo does not accept the token any more.
    "account.revoked": {
        "status": "`REVOKED`",
        "reason": "one of a few fixed sentences",
    },
    "account.deleted": {
        "revoked": "True when Vimeo confirmed that every token of the account is revoked, and it had one",
    },
    # Tokens that were replaced, or not taken, could not be revoked at Vimeo; it is tried again where the account
    # is still there.
    "account.revoke_failed": {
        "left": "how many live on",
    },
    # A stored row does not open: it was gone past while accounts were listed, sealed anew, copied or deleted.
    "account.unreadable": {
        "kind": "what the row is: `account`, `upload`, `approval`…",
        "cause": "`key` where it was sealed with a key that is not among those given, else `damaged`",
    },
    # A user allowed a client of the authorization server to work with their account.
    "client.allowed": {
        "client_id": "whom",
    },
    # What a user allowed a client ended before its time.
    "client.ended": {
        "client_id": "whose",
        "cause": "`revoked` by the client itself, or `reused`: a code or a refresh token came a second time",
    },
    # The index of a user's library was brought up to date: what is said in their videos is kept in clear there.
    "library.synced": {
        "videos": "how many the library has",
        "read": "of how many the words were read",
        "removed": "how many went out of the index",
    },
    # The index of a user's library was deleted: with the account, by `library.forget`, or some time after the
    # account's end.
    "library.forgotten": {
        "cause": "`account` where it was deleted or is another Vimeo user's now, `asked`, `ended`, or `unowned` "
        "where there was no account: then it is not known whose it was",
    },
}
"""Event name → key of `Event.data` → its meaning. An event has all of its keys, and no others."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something worth observing. It holds no token, no secret and no text that a user or a model wrote."""

    name: EventName
    connection_name: str
    """Empty for a refused callback, and for an unreadable row or an index that does not say whose it is."""
    identifier: str
    """Your product's own id of the user: personal data, as far as you made it so."""
    tool: str | None
    """None for account events."""
    data: Mapping[str, Any]
    """See `EVENTS`."""
    call: str | None = None
    """A random id that the events of one call share; None for account events."""

    @classmethod
    def about(
        cls,
        name: EventName,
        identity: Identity,
        data: Mapping[str, Any],
        *,
        tool: str | None = None,
        call: str | None = None,
    ) -> Event:
        """Return the event of something that was done for this user."""
        return cls(name, identity.connection_name, identity.identifier, tool, data, call)

    def to_dict(self) -> dict[str, Any]:
        """Return the event as one flat, JSON-ready dict; its name is under `event`."""
        return {
            "event": self.name,
            "connection_name": self.connection_name,
            "identifier": self.identifier,
            "tool": self.tool,
            "call": self.call,
            **self.data,
        }
