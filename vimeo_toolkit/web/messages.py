"""What the pages say: outcomes of connecting and disconnecting, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vimeo_toolkit.accounts.model import AccountStatus
from vimeo_toolkit.errors import (
    AuthorizationFailed,
    ConfigurationError,
    InvalidInput,
    StoreError,
    VimeoToolkitError,
)

__all__ = ["OUTCOMES", "STATUSES", "Outcome", "outcome_of"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One result page. `action` is the page's main button: connect, status or continue."""

    status: int
    title: str
    text: str
    next_step: str
    action: str = "connect"


OUTCOMES: Final[dict[str, Outcome]] = {
    "connected": Outcome(
        200,
        "{brand} is connected",
        "Your account is ready to use here.",
        "You can disconnect it at any time.",
        "continue",
    ),
    "disconnected": Outcome(
        200,
        "{brand} is disconnected",
        "The access was taken back at {brand}, and the account was forgotten here.",
        "You can connect again whenever you like.",
    ),
    "forgotten": Outcome(
        200,
        "{brand} is disconnected",
        "Nothing of the account is kept here. There was no access in use any more that could be taken back at "
        "{brand}.",
        "If you want to be sure, look at the connected apps in your settings at {brand}. You can connect again "
        "whenever you like.",
    ),
    "denied": Outcome(
        403,
        "You declined access",
        "{brand} asked for your permission, and you said no. Nothing was changed.",
        "If that was a mistake, try again and choose Allow.",
    ),
    "expired": Outcome(
        410,
        "That took too long",
        "For your safety the link to {brand} works for ten minutes, and they have passed. Nothing was changed.",
        "Start again; it takes a few seconds.",
    ),
    "used": Outcome(
        410,
        "This link is used up",
        "Each link to {brand} works once, for ten minutes, and until you disconnect. This one was used before, "
        "or is too old. "
        "Nothing was changed.",
        "Look at whether you are connected, and start again if you are not.",
        "status",
    ),
    "other_user": Outcome(
        403,
        "This link is not yours",
        "Somebody else asked for this link, or you have signed in as a different user since. "
        "Nothing was changed.",
        "If somebody sent it to you, do not use it. To connect your own account, start here.",
    ),
    "other_account": Outcome(
        409,
        "That is a different {brand} account",
        "The account that you chose at {brand} is not the one that you connected here before. "
        "Nothing was changed.",
        "Sign in to {brand} with the account from before and try again. To switch to the other one, "
        "disconnect first.",
        "status",
    ),
    "disconnected_meanwhile": Outcome(
        409,
        "You disconnected meanwhile",
        "The account was disconnected after this link was made, so the link no longer counts.",
        "Start again to connect.",
    ),
    "malformed": Outcome(
        400,
        "There is nothing to finish here",
        "This page expects you to come back from {brand}, and the address has not what {brand} adds to it.",
        "Start from the beginning.",
    ),
    "refused": Outcome(
        400,
        "{brand} did not accept the approval",
        "Something went wrong between you and {brand}, and the account was not connected. "
        "Nothing was changed.",
        "Start again. If it happens twice, tell us.",
    ),
    "unavailable": Outcome(
        503,
        "{brand} does not answer",
        "{brand} cannot be reached at the moment. Nothing was changed.",
        "Wait a minute and start again.",
    ),
    "not_disconnected": Outcome(
        503,
        "Still connected",
        "{brand} did not confirm that the access was taken back, so the account was kept.",
        "Wait a minute and try again.",
        "status",
    ),
    "busy": Outcome(
        503,
        "We cannot get at your account",
        "The place where we keep accounts does not answer at the moment.",
        "Wait a minute and try again.",
        "status",
    ),
    "misconfigured": Outcome(
        500,
        "This is our mistake",
        "Connecting to {brand} is not set up correctly on our side. You have done nothing wrong.",
        "Please tell us; trying again will not help until it is repaired.",
        "continue",
    ),
    "failed": Outcome(
        502,
        "That did not work",
        "{brand} answered with something unexpected. Nothing was changed.",
        "Wait a minute and try again.",
        "status",
    ),
    "sign_in": Outcome(
        401,
        "Sign in first",
        "You are not signed in, so we do not know whose {brand} account this is.",
        "Sign in and come back.",
        "continue",
    ),
    "cross_site": Outcome(
        403,
        "Not from this page",
        "The request to disconnect came from another website and was not carried out. Nothing was changed.",
        "To disconnect, use the button here.",
        "status",
    ),
    "not_found": Outcome(
        404, "No such page", "There is no page at this address.", "Go to the page of your account.", "status"
    ),
    "not_allowed": Outcome(
        405,
        "Not like this",
        "This address does not take that kind of request.",
        "Go to the page of your account.",
        "status",
    ),
}

STATUSES: Final[dict[AccountStatus | None, str]] = {
    None: "Not connected",
    AccountStatus.PENDING: "Not connected yet",
    AccountStatus.ACTIVE: "Connected",
    AccountStatus.EXPIRED: "Expired: connect again",
    AccountStatus.REVOKED: "Access withdrawn: connect again",
}


def outcome_of(error: VimeoToolkitError) -> str:
    """Return the name in `OUTCOMES` that tells the user what this error means."""
    if isinstance(error, AuthorizationFailed):
        return "disconnected_meanwhile" if error.reason == "disconnected" else error.reason
    # What the pages pass on is the product's: the user's name above all.
    if isinstance(error, ConfigurationError | InvalidInput):
        return "misconfigured"
    if isinstance(error, StoreError):
        return "busy"
    # Everything else that Vimeo can do wrong: no answer, a limit, an unexpected answer.
    return "unavailable" if error.code in ("vimeo_unavailable", "rate_limited") else "failed"
