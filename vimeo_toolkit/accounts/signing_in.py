"""Sign in with Vimeo: nobody says who comes, Vimeo does, and the account is that person's own.

The identifier is made of the Vimeo user's number, so the same person is the same identifier in every browser.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Final

from vimeo_toolkit.accounts.activating import Asked, activate, emit_refused
from vimeo_toolkit.accounts.authorize import (
    able_to_authorize,
    granted,
    keep_link,
    refused,
    used_up,
    wanted_scopes,
)
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord, AuthorizationLink, FormerToken
from vimeo_toolkit.accounts.records import get_or_create_account
from vimeo_toolkit.accounts.revoking import discard
from vimeo_toolkit.errors import AuthorizationFailed, InvalidInput
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret

__all__ = ["complete_sign_in", "sign_in_link"]

_USER: Final = re.compile(r"/users/([0-9]{1,20})")
_PREFIX: Final = "vimeo:"

_SHORTEST: Final = 20
"""Characters of what tells a browser: what could be guessed would tie a visitor to somebody else's sign-in."""


async def sign_in_link(
    ctx: Context, io: IO, connection_name: str, *, browser: Secret, scopes: Sequence[str] | None = None
) -> AuthorizationLink:
    """Return a new link for whoever opens it in this browser. See `VimeoToolkit.get_sign_in_link`."""
    connection = able_to_authorize(ctx, connection_name)
    whose = {
        "identifier": "",
        "browser": _digest(browser),
        "account_created_at": None,
        "allow_account_change": False,
    }
    made, _ = await keep_link(ctx, io, connection, wanted_scopes(connection, scopes), whose)
    return made


async def complete_sign_in(ctx: Context, io: IO, callback_url: Secret, browser: Secret) -> AccountRecord:
    """See `VimeoToolkit.complete_sign_in`."""
    try:
        # Shielded, because a link and a code can be used only once.
        return await io.shielded(lambda io: _completed(ctx, io, callback_url, browser))
    except AuthorizationFailed as error:
        await emit_refused(io, error, Identity("", error.identifier or "unknown"), "callback")
        raise


async def _completed(ctx: Context, io: IO, callback_url: Secret, browser: Secret) -> AccountRecord:
    link = await used_up(ctx, io, callback_url)
    asked_for = str(link.pending["identifier"])
    if "browser" in link.pending:
        # Or a stranger's callback would sign this browser in as the stranger.
        right = hmac.compare_digest(str(link.pending["browser"]), _digest(browser))
    else:
        # A link that a failing call offered to somebody who had signed in: whoever opens it can connect nobody
        # but themselves, because the account has to be theirs.
        right = asked_for.startswith(_PREFIX)
    if not right:
        raise refused("This sign-in was begun in another browser.", link, reason="other_user")
    link.check()
    grant = await granted(ctx, io, link)
    user = _USER.fullmatch(grant.user_uri or "")
    if user is None:
        raise refused("Vimeo's answer does not say who signed in.", link)
    identity = ctx.identity(link.connection.name, f"{_PREFIX}{user[1]}")
    if asked_for and asked_for != identity.identifier:
        assert grant.access_token is not None  # noqa: S101 - `granted`
        await discard(ctx, io, identity, FormerToken(grant.access_token, link.connection.api_url))
        raise refused("The link was made for another Vimeo account.", link, reason="other_account")
    account = await get_or_create_account(ctx, io, identity)
    asked = Asked(
        identity,
        scopes=tuple(link.pending["scopes"]),
        created_at=account.created_at,
        allow_account_change=False,
    )
    return await activate(ctx, io, asked, grant)


def _digest(browser: Secret) -> str:
    if len(browser.reveal()) < _SHORTEST:
        raise InvalidInput(
            f"What tells a browser has at least {_SHORTEST} characters.",
            hint="Pass an unguessable text that you have put into a cookie of this browser, such as "
            "secrets.token_urlsafe(32).",
        )
    return hashlib.sha256(browser.reveal().encode("utf-8", "surrogatepass")).hexdigest()
