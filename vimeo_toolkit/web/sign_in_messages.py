"""What the pages of the authorization server say when there is nothing to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["MESSAGES", "Message"]


@dataclass(frozen=True, slots=True)
class Message:
    """One page: its status, its title and its text."""

    status: int
    title: str
    text: str


_AGAIN: Final = "Go back to the app that sent you here, and connect from there again."

MESSAGES: Final[dict[str, Message]] = {
    "connected": Message(
        200, "Vimeo is connected", "You can close this page and go back to the app that sent you here."
    ),
    "gone": Message(
        410, "There is nothing to decide here", f"This page was used before, or is too old. {_AGAIN}"
    ),
    "cross_site": Message(
        403,
        "Not from this page",
        f"The answer did not come from this page in this browser, and counts for nothing. Cookies have to be "
        f"allowed here. {_AGAIN}",
    ),
    "denied": Message(403, "You declined access", f"Nothing was changed. If that was a mistake: {_AGAIN}"),
    "used": Message(
        410, "This link is used up", f"It works once, for ten minutes. Nothing was changed. {_AGAIN}"
    ),
    "malformed": Message(400, "There is nothing to finish here", _AGAIN),
    "other_user": Message(
        403,
        "This sign-in is not yours",
        "It was begun in another browser. If somebody sent you the link, do not use it. Nothing was changed.",
    ),
    "other_account": Message(
        409,
        "That is a different Vimeo account",
        f"The link was made for another account than the one that you chose. Nothing was changed. {_AGAIN}",
    ),
    "disconnected_meanwhile": Message(409, "The account was disconnected meanwhile", _AGAIN),
    "refused": Message(400, "Vimeo did not accept the approval", f"Nothing was changed. {_AGAIN}"),
    "unavailable": Message(503, "Vimeo does not answer", f"Nothing was changed. Wait a minute. {_AGAIN}"),
    "too_many": Message(429, "Too many at once", f"Wait ten minutes. {_AGAIN}"),
    "busy": Message(503, "We cannot get at your account", f"Wait a minute. {_AGAIN}"),
    "misconfigured": Message(
        500,
        "This is our mistake",
        "Signing in with Vimeo is not set up correctly on this server. Please tell whoever runs it.",
    ),
    "failed": Message(502, "That did not work", f"Nothing was changed. Wait a minute. {_AGAIN}"),
}
