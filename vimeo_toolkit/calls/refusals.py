"""Errors about the user's account and its scopes, each with a link by which the user can solve the problem.

The product's own id of the user stays out of their texts, which a model reads; it is on the error.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from vimeo_toolkit.accounts.authorize import offered_link
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.errors import (
    AccountError,
    Expired,
    Forbidden,
    MissingScope,
    NotConnected,
    Revoked,
    UploadNotGranted,
)

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool

__all__ = [
    "account_changed",
    "linkable",
    "means_no_upload",
    "missing_scope",
    "no_upload",
    "unusable",
    "what_is_wrong",
]

_NO_UPLOAD: Final = ("unable to upload", "can't upload", "cannot upload", "not allowed to upload")

_LINKABLE: Final = frozenset(
    {"private", "create", "edit", "delete", "interact", "upload", "stats", "video_files", "purchased"}
)
"""Scopes that an authorization link can ask for."""


async def unusable(call: CallState, account: AccountRecord | None) -> AccountError:
    """Return the error for a user whose account is not connected, or not any more."""
    link = await _link(call)
    cls, message = what_is_wrong(account)
    return cls(
        message,
        hint="Ask the user to open the authorization link and allow the access."
        if link
        else "Ask the operator to import an access token: `vimeo-toolkit connect ID --token` (import_token in "
        "Python). `vimeo-toolkit config` shows which settings and which store are read.",
        connection_name=call.spec.identity.connection_name,
        identifier=call.spec.identity.identifier,
        authorization_link=link,
    )


def what_is_wrong(account: AccountRecord | None) -> tuple[type[AccountError], str]:
    """Return the error for an account that cannot be used, and what it says."""
    cls: type[AccountError]
    if account is None or account.status is AccountStatus.PENDING:
        cls, message = NotConnected, "The user has not connected a Vimeo account yet."
    elif account.status is AccountStatus.EXPIRED:
        cls, message = Expired, f"The user's Vimeo connection has expired. {account.reason or ''}"
    else:
        cls, message = Revoked, f"The user's Vimeo connection was revoked. {account.reason or ''}"
    return cls, message.strip()


def account_changed(call: CallState) -> NotConnected:
    """Return the error for a call under which another Vimeo account was connected."""
    return NotConnected(
        "Another Vimeo account was connected for this user while the call ran.",
        hint="It was stopped. Call it again if it shall be done for the account connected now.",
        connection_name=call.spec.identity.connection_name,
        identifier=call.spec.identity.identifier,
    )


async def missing_scope(call: CallState, needed: frozenset[str], *, sent: bool) -> MissingScope:
    """Return the error for scopes that were not granted.

    Args:
        needed: what the call needs.
        sent: Vimeo said so; else the call was not sent.
    """
    granted = call.account.granted_scopes
    missing = sorted(needed.difference(granted)) or sorted(needed)
    # With what is granted already: a new token has only what its link asks for.
    link = await _link(call, frozenset(granted).union(missing))
    names = ", ".join(f'"{scope}"' for scope in missing)
    word = "scope" if len(missing) == 1 else "scopes"
    hint = f"The user has to grant the {names} {word}: " + (
        "ask them to open the authorization link."
        if link
        else "make a new access token with it on your app's page on Vimeo's developer site, and import it."
    )
    cls: type[MissingScope] = MissingScope
    if "upload" in missing:
        cls = UploadNotGranted
        hint += " Upload access is granted to an app separately: request it on the app's page first."
    told = "Vimeo says that the" if sent else "The"
    return cls(
        f"{told} user's token lacks the {names} {word} that {call.tool.name} needs."
        + ("" if sent else " Nothing was sent."),
        hint=hint,
        needed=needed,
        granted=granted,
        tool=call.tool.name,
        connection_name=call.spec.identity.connection_name,
        identifier=call.spec.identity.identifier,
        authorization_link=link,
    )


def means_no_upload(tool: Tool, error: Forbidden) -> bool:
    """Return whether Vimeo refuses a call because the app or the user may upload nothing."""
    # The code does not tell: 3200 is also a plan or a role. A quota error is another class.
    said = error.message.lower()
    return "upload" in tool.scopes and any(words in said for words in _NO_UPLOAD)


def no_upload(call: CallState, error: Forbidden) -> UploadNotGranted:
    """Return the error for a user who may upload nothing, with Vimeo's own words: the token has the scope all the
    same, or the call would not have been sent."""
    return UploadNotGranted(
        error.message,
        hint="Upload access is granted to an app separately: the operator requests it on the app's page at "
        "Vimeo. If the app has it, the user's plan or role does not allow uploads.",
        needed=["upload"],
        granted=call.account.granted_scopes,
        tool=call.tool.name,
        connection_name=call.spec.identity.connection_name,
        identifier=call.spec.identity.identifier,
    )


def linkable(scopes: Iterable[str]) -> list[str]:
    """Return those of the scopes that an authorization link can ask for."""
    return sorted(scope for scope in scopes if scope in _LINKABLE)


async def _link(call: CallState, scopes: frozenset[str] = frozenset()) -> str | None:
    """Return a new authorization link; None where the connection cannot make one."""
    if not call.connection.can_authorize:
        return None
    made = await offered_link(call.ctx, call.io, call.spec.identity, scopes=linkable(scopes))
    return made.link
