"""From an authorization link to an ACTIVE account."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from vimeo_toolkit.accounts import oauth
from vimeo_toolkit.accounts.activating import Asked, activate, emit_refused, wrong_client
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord, AuthorizationLink
from vimeo_toolkit.accounts.records import get_or_create_account
from vimeo_toolkit.accounts.waiting import MOST_OFFERS, OFFERED, Offer, bound
from vimeo_toolkit.connection import KNOWN_SCOPES, Connection
from vimeo_toolkit.errors import (
    AuthorizationFailed,
    ConfigurationError,
    InvalidInput,
    OutcomeUnknown,
    RefusalReason,
    VimeoUnavailable,
)
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import IO, HttpResponse
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import Key
from vimeo_toolkit.wire.format import json_object

__all__ = [
    "authorization_link",
    "checked_scopes",
    "complete_authorization",
    "offered_link",
    "wanted_scopes",
]

STATE_SECONDS: Final = 600.0
"""How long an authorization link can be used, by the store's clock, because the clocks of two machines differ."""

REPLAY_SECONDS: Final = 10.0
"""For sending a code once more after the answer to it was lost."""


async def authorization_link(
    ctx: Context,
    io: IO,
    identity: Identity,
    *,
    scopes: Sequence[str] | None = None,
    allow_account_change: bool = False,
) -> AuthorizationLink:
    """Return a new link for this user. See `VimeoToolkit.get_authorization_link`."""
    connection = ctx.connection(identity.connection_name)
    if not connection.can_authorize:
        raise ConfigurationError(
            f"Connection {connection.name!r} cannot make authorization links.",
            hint="Give it client_id, client_secret and redirect_uri from Vimeo's developer page, or bring a "
            "personal access token with import_token.",
        )
    record = await get_or_create_account(ctx, io, identity)
    wanted = wanted_scopes(connection, scopes)
    made, key = await _keep(ctx, io, identity, wanted, record.created_at, allow_account_change)
    await bound(ctx, io, identity, key.name, STATE_SECONDS)
    return made


async def offered_link(
    ctx: Context, io: IO, identity: Identity, *, scopes: Sequence[str] | None = None
) -> AuthorizationLink:
    """Return a link for a call that fails for want of an account or a scope.

    An agent may repeat such a call as often as it likes. The user has the first link before them, so it is given
    again while it can be used and half of its time is left; and what calls offer is counted by itself, so that it
    takes no link away that the user asked for. The account is made when the link is completed: a call that merely
    offers one leaves no trace of a user who has disconnected.

    Args:
        identity: whose call. Their connection can make links.
        scopes: what the link is to ask for beside the connection's own.
    """
    record = await ctx.vault.load(io, identity)
    created_at = None if record is None else record.created_at
    wanted = wanted_scopes(ctx.connection(identity.connection_name), scopes)
    purpose = (identity, wanted, created_at)
    offer = ctx.offers.get(purpose)
    if offer is not None and io.monotonic() < offer.until:
        waits = await ctx.vault.rows.read_json(io, offer.key, void=True)
        if waits is not None:
            return offer.link
    made, key = await _keep(ctx, io, identity, wanted, created_at)
    await bound(ctx, io, identity, key.name, STATE_SECONDS, to=OFFERED)
    for oldest in list(ctx.offers)[: max(0, len(ctx.offers) - MOST_OFFERS + 1)]:
        ctx.offers.pop(oldest, None)
    ctx.offers[purpose] = Offer(made, key, io.monotonic() + STATE_SECONDS / 2)
    return made


def wanted_scopes(connection: Connection, scopes: Sequence[str] | None) -> tuple[str, ...]:
    """Return the connection's own scopes and these, each once.

    Raises:
        InvalidInput: one of them is not a scope of Vimeo's.
    """
    return tuple(dict.fromkeys([*connection.scopes, *checked_scopes(scopes or ())]))


async def _keep(
    ctx: Context,
    io: IO,
    identity: Identity,
    scopes: tuple[str, ...],
    created_at: float | None,
    allow_account_change: bool = False,
) -> tuple[AuthorizationLink, Key]:
    """Store what a new link is for; return the link and the key of its row."""
    connection = ctx.connection(identity.connection_name)
    state = io.random_token()
    verifier = Secret(io.random_token()) if connection.pkce else None
    ends = io.now() + STATE_SECONDS
    key = _state_key(state)
    await ctx.vault.rows.put_json(
        io,
        key,
        {
            "connection_name": identity.connection_name,
            "identifier": identity.identifier,
            "account_created_at": created_at,
            "scopes": scopes,
            "verifier": verifier,
            "allow_account_change": allow_account_change,
        },
        ttl=STATE_SECONDS,
    )
    link = oauth.authorize_url(connection, scopes, state, verifier)
    return AuthorizationLink(link, datetime.fromtimestamp(ends, UTC)), key


async def complete_authorization(ctx: Context, io: IO, callback_url: Secret, user: Identity) -> AccountRecord:
    """See `VimeoToolkit.complete_authorization`. `user`: who is logged in; the link knows of which connection."""
    try:
        # Shielded, because a link and a code can be used only once.
        return await io.shielded(lambda io: _completed(ctx, io, callback_url, user))
    except AuthorizationFailed as error:
        await emit_refused(io, error, user, "callback")
        raise


async def _completed(ctx: Context, io: IO, callback_url: Secret, user: Identity) -> AccountRecord:
    callback = oauth.parse_callback(callback_url.reveal())
    if callback is None:
        raise AuthorizationFailed(
            "This is not a callback URL of Vimeo: it has no state, or neither a code nor an error, or has one "
            "of them twice.",
            reason="malformed",
            hint="Pass the whole URL that the browser was sent to, its query included.",
            identifier=user.identifier,
        )
    # The state is used up first, whatever is wrong with the rest of the callback.
    pending = await ctx.vault.rows.take_json(io, _state_key(callback.state))
    if pending is None:
        raise _refused(
            "This authorization link is unknown, was used already, or is too old.", user, reason="used"
        )
    verifier = Secret(pending.pop("verifier") or "")
    identity = ctx.identity(pending["connection_name"], user.identifier)
    connection = ctx.connection(identity.connection_name)
    if not hmac.compare_digest(str(pending["identifier"]).encode(), identity.identifier.encode()):
        # Whoever asked for the link may have sent it to somebody else, to have their Vimeo account tied to
        # the sender's user.
        raise _refused(
            "This authorization link was made for another user.",
            identity,
            reason="other_user",
        )
    if callback.path != urlsplit(connection.redirect_uri).path:
        raise _refused(
            f"This callback did not arrive at the redirect URI of connection {connection.name!r}.",
            identity,
            reason="malformed",
        )
    if callback.code is None:
        denied = callback.error == "access_denied"
        raise _refused(
            "The user declined the access." if denied else "Vimeo refused the authorization.",
            identity,
            reason="denied" if denied else "refused",
        )
    created_at = pending["account_created_at"]
    # Ask for a token only if the account would take it and it could be saved with the right key.
    current = await ctx.vault.load(io, identity)
    if created_at is not None and (current is None or current.created_at != created_at):
        raise _refused(
            "The account was disconnected after this authorization link was made.",
            identity,
            reason="disconnected",
        )
    response = await _exchange(ctx, io, connection, callback.code, verifier)
    grant = oauth.parse_token(response, ctx.now(io))
    if grant is None:
        raise _refused("Vimeo's answer to the code has no token.", identity)
    if created_at is None:
        created_at = (await get_or_create_account(ctx, io, identity)).created_at
    asked = Asked(
        identity,
        scopes=tuple(pending["scopes"]),
        created_at=float(created_at),
        allow_account_change=bool(pending["allow_account_change"]),
    )
    return await activate(ctx, io, asked, grant)


async def _exchange(
    ctx: Context, io: IO, connection: Connection, code: Secret, verifier: Secret
) -> HttpResponse:
    """Send the code, and once more when the answer is lost.

    Either the first attempt was not carried out, and the second brings the token; or the server refuses the
    second and, as RFC 6749 (4.1.2) asks of it, revokes the token that nobody has received.
    """
    request = oauth.exchange_request(connection, code, verifier)
    lost = False
    try:
        response = await ctx.ask(io, request)
    except OutcomeUnknown:
        lost = True
    except VimeoUnavailable:
        raise _unanswered() from None
    if lost:
        try:
            response = await ctx.ask(io, request, deadline=io.monotonic() + REPLAY_SECONDS)
        except VimeoUnavailable:
            raise _unanswered() from None
    if 200 <= response.status < 300:
        return response
    if oauth.refuses_client(response):
        raise wrong_client(connection)
    if lost or json_object(response.content) is None:
        raise _unanswered(response.status)  # an HTML page is not Vimeo's answer
    error = oauth.oauth_error(response)
    known = f" ({error})" if error else f" (status {response.status})"
    raise AuthorizationFailed(
        f"Vimeo refused the code{known}: it is wrong, too old or was used already.",
        hint="Make a new authorization link and try again; the redirect URI must equal the registered one.",
        connection_name=connection.name,
    )


def _unanswered(status: int | None = None) -> VimeoUnavailable:
    return VimeoUnavailable(
        "Vimeo gave no usable answer when the code was exchanged for a token; nothing was changed.",
        hint="Make a new authorization link: a code can be used only once.",
        status=status,
    )


def _state_key(state: str) -> Key:
    # The store has only a digest, so that its readers cannot make a callback.
    return Key("state", "", hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest())


def checked_scopes(scopes: Sequence[str]) -> Sequence[str]:
    """Return the scopes as given, once each is known to be one of Vimeo's.

    Raises:
        InvalidInput: one of them is not.
    """
    names = scopes.split() if isinstance(scopes, str) else scopes
    unknown = sorted(set(names) - KNOWN_SCOPES)
    if unknown:
        raise InvalidInput(
            f"Vimeo has no scopes named {', '.join(unknown)}.",
            hint=f"Vimeo's scopes are {', '.join(sorted(KNOWN_SCOPES))}.",
        )
    return names


def _refused(message: str, identity: Identity, *, reason: RefusalReason = "refused") -> AuthorizationFailed:
    return AuthorizationFailed(
        message,
        reason=reason,
        hint="Make a new authorization link.",
        connection_name=identity.connection_name or None,
        identifier=identity.identifier,
    )
