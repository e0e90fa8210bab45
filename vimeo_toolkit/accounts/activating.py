"""Put a new token into an account: the last step of every way to connect."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Final

from vimeo_toolkit.accounts import oauth
from vimeo_toolkit.accounts.belongings import forget_belongings
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.keeping import PAUSES
from vimeo_toolkit.accounts.model import AccountRecord, FormerToken
from vimeo_toolkit.accounts.revoking import discard, former, sweep
from vimeo_toolkit.accounts.vault import Change
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.errors import (
    AuthorizationFailed,
    ConfigurationError,
    NotConnected,
    RefusalReason,
    StoreBusy,
    StoreError,
)
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.ports import IO

__all__ = ["Asked", "activate", "emit_refused", "wrong_client"]


@dataclass(frozen=True, slots=True)
class _Refusal:
    message: str
    reason: RefusalReason
    hint: str = "Make a new authorization link."


_DISCONNECTED: Final = _Refusal(
    "The account was disconnected after this authorization link was made.", "disconnected"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a token was requested for: the account, and the scopes that the user should grant.

    Args:
        identity: whose account.
        scopes: what was asked for.
        created_at: when the account was made; another one of the same name does not take the token.
        allow_account_change: the token may be another Vimeo user's than the one before.
    """

    identity: Identity
    scopes: tuple[str, ...]
    created_at: float
    allow_account_change: bool


async def activate(
    ctx: Context, io: IO, asked: Asked, grant: oauth.Grant, *, ours: bool = True
) -> AccountRecord:
    """Put a new token into the account, unless the account is gone or is another Vimeo user's.

    The token that it replaces is revoked afterwards. `ours`: the token was made for us, and is revoked as well
    when it is refused or cannot be kept.

    Raises:
        AuthorizationFailed: the account does not take it.
        StoreError: it could not be kept.
    """
    identity, connection = asked.identity, ctx.connection(asked.identity.connection_name)
    assert grant.access_token is not None  # noqa: S101 - the callers' condition
    token = FormerToken(grant.access_token, connection.api_url)
    refusal: _Refusal | None = None
    before: AccountRecord | None = None

    def change(current: AccountRecord) -> AccountRecord | None:
        nonlocal refusal, before
        refusal = _refusal(current, grant, asked)
        if refusal is not None:
            return None
        if before is None or current.access_token != token.token:
            before = current
        return _connected(current, connection, grant, asked.scopes, io.now())

    try:
        saved = await _kept(ctx, io, identity, change)
    except NotConnected:
        refusal = _DISCONNECTED
    except StoreError:
        if ours and await _is_without(ctx, io, identity, grant):
            await discard(ctx, io, identity, token)
        raise
    if refusal is not None:
        if ours:
            await discard(ctx, io, identity, token)
        raise AuthorizationFailed(
            refusal.message,
            reason=refusal.reason,
            hint=refusal.hint,
            connection_name=identity.connection_name,
            identifier=identity.identifier,
        )
    told = {"status": saved.status.value, "scopes": sorted(saved.granted_scopes)}
    await io.emit(Event.about("account.connected", identity, told))
    if before is not None and before.vimeo_uri not in (None, saved.vimeo_uri):
        with contextlib.suppress(StoreError):  # rows that stay are bound to the former Vimeo user, and expire
            await forget_belongings(ctx, io, identity)
    return await sweep(ctx, io, saved) if saved.former_tokens else saved


def _refusal(current: AccountRecord, grant: oauth.Grant, asked: Asked) -> _Refusal | None:
    if current.created_at != asked.created_at:
        return _DISCONNECTED
    other = current.vimeo_uri is not None and current.vimeo_uri != grant.user_uri
    if other and not asked.allow_account_change:
        return _Refusal(
            f"{current.identifier!r} was connected as {current.vimeo_name or current.vimeo_uri}, and this is "
            f"{grant.user_name or grant.user_uri}: a different Vimeo account.",
            "other_account",
            "Ask the user which one they want. To switch, make the link (or import the token) with "
            "allow_account_change=True.",
        )
    return None


def _connected(
    current: AccountRecord,
    connection: Connection,
    grant: oauth.Grant,
    requested: tuple[str, ...],
    now: float,
) -> AccountRecord:
    return current.activated(
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        api_url=connection.api_url,
        expires_at=grant.expires_at,
        former_tokens=former(current, current.access_token, keep=grant.access_token),
        deleting_since=None,
        # If the answer names no scopes, they are those that were requested (RFC 6749, 5.1).
        granted_scopes=grant.scopes or tuple(sorted(requested)),
        requested_scopes=requested,
        vimeo_uri=grant.user_uri,
        vimeo_name=grant.user_name,
        app_uri=grant.app_uri,
        verified_at=now,
    )


async def _kept(ctx: Context, io: IO, identity: Identity, change: Change) -> AccountRecord:
    """Save the account, and try again for a while if the store does not answer: the token cannot be had again."""
    for pause in PAUSES:
        try:
            return await ctx.vault.update(io, identity, change)
        except StoreBusy:
            await io.sleep(pause)
    return await ctx.vault.update(io, identity, change)


async def _is_without(ctx: Context, io: IO, identity: Identity, grant: oauth.Grant) -> bool:
    """Return whether the account is known not to hold the token. An account that cannot be read may hold it."""
    try:
        stored = await ctx.vault.load(io, identity)
    except (StoreError, ConfigurationError):
        return False
    return stored is None or stored.access_token != grant.access_token


async def emit_refused(io: IO, error: AuthorizationFailed, identity: Identity, by: str) -> None:
    """Tell the operator's hooks. `by`: "callback", "import" or "device"."""
    told = {"outcome": error.code, "by": by}
    await io.emit(Event("account.refused", error.connection_name or "", identity.identifier, None, told))


def wrong_client(connection: Connection) -> ConfigurationError:
    """Return the error for an app's id and secret that Vimeo does not accept."""
    return ConfigurationError(
        f"Vimeo does not accept the client id and secret of connection {connection.name!r}.",
        hint="Compare them with your app's page on Vimeo's developer site.",
    )
