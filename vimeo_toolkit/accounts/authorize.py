"""From an authorization link to an ACTIVE account."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from vimeo_toolkit.accounts import oauth
from vimeo_toolkit.accounts.activating import Asked, activate, emit_refused
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.exchanging import exchange
from vimeo_toolkit.accounts.model import AccountRecord, AuthorizationLink
from vimeo_toolkit.accounts.records import get_or_create_account
from vimeo_toolkit.accounts.waiting import MOST_OFFERS, OFFERED, Offer, bound
from vimeo_toolkit.connection import KNOWN_SCOPES, Connection
from vimeo_toolkit.errors import (
    AuthorizationFailed,
    ConfigurationError,
    InvalidInput,
    RefusalReason,
)
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import Key

__all__ = [
    "STATE_SECONDS",
    "UsedUp",
    "able_to_authorize",
    "authorization_link",
    "checked_scopes",
    "complete_authorization",
    "granted",
    "keep_link",
    "offered_link",
    "refused",
    "used_up",
    "wanted_scopes",
]

STATE_SECONDS: Final = 600.0
"""How long an authorization link can be used, by the store's clock, because the clocks of two machines differ."""


async def authorization_link(
    ctx: Context,
    io: IO,
    identity: Identity,
    *,
    scopes: Sequence[str] | None = None,
    allow_account_change: bool = False,
) -> AuthorizationLink:
    """Return a new link for this user. See `VimeoToolkit.get_authorization_link`."""
    connection = able_to_authorize(ctx, identity.connection_name)
    record = await get_or_create_account(ctx, io, identity)
    wanted = wanted_scopes(connection, scopes)
    made, key = await _keep(ctx, io, identity, wanted, record.created_at, allow_account_change)
    await bound(ctx, io, identity, key.name, STATE_SECONDS)
    return made


def able_to_authorize(ctx: Context, connection_name: str) -> Connection:
    """Return the connection of this name.

    Raises:
        ConfigurationError: there is none, or it cannot make links.
    """
    connection = ctx.connection(connection_name)
    if not connection.can_authorize:
        raise ConfigurationError(
            f"Connection {connection.name!r} cannot make authorization links.",
            hint="Give it client_id, client_secret and redirect_uri from Vimeo's developer page, or bring a "
            "personal access token with import_token.",
        )
    return connection


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
    whose = {
        "identifier": identity.identifier,
        "account_created_at": created_at,
        "allow_account_change": allow_account_change,
    }
    return await keep_link(ctx, io, ctx.connection(identity.connection_name), scopes, whose)


async def keep_link(
    ctx: Context, io: IO, connection: Connection, scopes: tuple[str, ...], whose: Mapping[str, Any]
) -> tuple[AuthorizationLink, Key]:
    """Store what a new link is for; return the link and the key of its row."""
    state = io.random_token()
    verifier = Secret(io.random_token()) if connection.pkce else None
    ends = io.now() + STATE_SECONDS
    key = _state_key(state)
    await ctx.vault.rows.put_json(
        io,
        key,
        {"connection_name": connection.name, "scopes": scopes, "verifier": verifier, **whose},
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
    link = await used_up(ctx, io, callback_url, user)
    pending, connection = link.pending, link.connection
    identity = ctx.identity(connection.name, user.identifier)
    if not hmac.compare_digest(str(pending["identifier"]).encode(), identity.identifier.encode()):
        # Whoever asked for the link may have sent it to somebody else, to have their Vimeo account tied to
        # the sender's user.
        raise refused("This authorization link was made for another user.", link, reason="other_user")
    link.check()
    created_at = pending["account_created_at"]
    # Ask for a token only if the account would take it and it could be saved with the right key.
    current = await ctx.vault.load(io, identity)
    if created_at is not None and (current is None or current.created_at != created_at):
        raise refused(
            "The account was disconnected after this authorization link was made.",
            link,
            reason="disconnected",
        )
    grant = await granted(ctx, io, link)
    if created_at is None:
        created_at = (await get_or_create_account(ctx, io, identity)).created_at
    asked = Asked(
        identity,
        scopes=tuple(pending["scopes"]),
        created_at=float(created_at),
        allow_account_change=bool(pending["allow_account_change"]),
    )
    return await activate(ctx, io, asked, grant)


@dataclass(frozen=True, slots=True)
class UsedUp:
    """An authorization link that was used up by its callback."""

    callback: oauth.Callback = field(repr=False)
    pending: Mapping[str, Any]
    """What was kept for it, without the verifier."""
    verifier: Secret
    connection: Connection
    identifier: str | None
    """Who came back, for errors; None where nobody is known yet."""

    def check(self) -> None:
        """Refuse a callback that arrived elsewhere, or that has no code.

        Raises:
            AuthorizationFailed: the user declined, or Vimeo did.
        """
        if self.callback.path != urlsplit(self.connection.redirect_uri).path:
            raise refused(
                f"This callback did not arrive at the redirect URI of connection {self.connection.name!r}.",
                self,
                reason="malformed",
            )
        if self.callback.code is None:
            denied = self.callback.error == "access_denied"
            raise refused(
                "The user declined the access." if denied else "Vimeo refused the authorization.",
                self,
                reason="denied" if denied else "refused",
            )


async def used_up(ctx: Context, io: IO, callback_url: Secret, user: Identity | None = None) -> UsedUp:
    """Return what was kept for the link that a callback answers, whatever is wrong with the rest of the callback:
    it cannot be used again.

    Raises:
        AuthorizationFailed: it is not a callback, or its link is not known any more.
        ConfigurationError: the link's connection is gone.
    """
    identifier = None if user is None else user.identifier
    callback = oauth.parse_callback(callback_url.reveal())
    if callback is None:
        raise AuthorizationFailed(
            "This is not a callback URL of Vimeo: it has no state, or neither a code nor an error, or has one "
            "of them twice.",
            reason="malformed",
            hint="Pass the whole URL that the browser was sent to, its query included.",
            identifier=identifier,
        )
    pending = await ctx.vault.rows.take_json(io, _state_key(callback.state))
    if pending is None:
        raise AuthorizationFailed(
            "This authorization link is unknown, was used already, or is too old.",
            reason="used",
            hint="Make a new authorization link.",
            connection_name=(user and user.connection_name) or None,
            identifier=identifier,
        )
    verifier = Secret(pending.pop("verifier") or "")
    return UsedUp(callback, pending, verifier, ctx.connection(pending["connection_name"]), identifier)


async def granted(ctx: Context, io: IO, link: UsedUp) -> oauth.Grant:
    """Return the token that Vimeo gives for the code of a callback that was checked.

    Raises:
        AuthorizationFailed, ConfigurationError, VimeoUnavailable: see `exchange`.
    """
    assert link.callback.code is not None  # noqa: S101 - `UsedUp.check`
    response = await exchange(ctx, io, link.connection, link.callback.code, link.verifier)
    grant = oauth.parse_token(response, ctx.now(io))
    if grant is None:
        raise refused("Vimeo's answer to the code has no token.", link)
    return grant


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


def refused(message: str, link: UsedUp, *, reason: RefusalReason = "refused") -> AuthorizationFailed:
    """Return the error for a link that was used up in vain."""
    return AuthorizationFailed(
        message,
        reason=reason,
        hint="Make a new authorization link.",
        connection_name=link.connection.name,
        identifier=link.identifier,
    )
