"""Keep a token valid: refresh it in time where it can be, notice when Vimeo no longer accepts it.

Vimeo issues no refresh tokens today (its schema says so) and its tokens do not expire while they are used; it
deletes unused ones. The refresh below runs where a refresh token and an expiry came with the token.
"""

from __future__ import annotations

import contextlib
from typing import Final

from vimeo_toolkit.accounts import oauth
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.errors import NotConnected, StoreBusy, StoreError, VimeoError, VimeoUnavailable
from vimeo_toolkit.observe.events import Event, EventName
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.wire.sending import send

__all__ = ["after_unauthorized", "fresh"]

ADVISORY_SECONDS: Final = 300.0
"""From so long before its end a token is refreshed, but still used when that fails."""

MANDATORY_SECONDS: Final = 30.0
"""From so long before its end a token is not used any more: it could expire on the way."""

_SAVES: Final = 5

DEAD: Final = frozenset({"invalid_grant", "invalid_token", "unauthorized_client", "access_denied"})
"""OAuth errors by which a server refuses the refresh token for good (RFC 6749, 5.2). Anything else, such as
5xx or `invalid_client`, says nothing about the user's grant."""


async def fresh(ctx: Context, io: IO, record: AccountRecord) -> AccountRecord:
    """An ACTIVE account whose token can be used now, or the account with the status that it has come to.

    Raises:
        VimeoUnavailable: the token is at its end, and the server that would refresh it does not answer.
    """
    if record.status is not AccountStatus.ACTIVE or record.expires_at is None:
        return record
    left = record.expires_at - io.now()
    if left > ADVISORY_SECONDS:
        return record
    if record.refresh_token is None:
        return record if left > 0 else await _expire(ctx, io, record, "The token's lifetime has ended.")
    if left > MANDATORY_SECONDS:
        try:
            return await _single_flight(ctx, io, record, wait=False)
        except (VimeoUnavailable, VimeoError, StoreError) as error:
            # The call goes on, so nobody would hear of it before the token's end.
            await _tell(io, "account.refresh_failed", record, outcome=error.code)
            return record
    return await _single_flight(ctx, io, record, wait=True)


async def after_unauthorized(
    ctx: Context, io: IO, used: AccountRecord, *, deadline: float | None = None
) -> AccountRecord:
    """Find out what a 401 means for the account whose token `used` signed the request.

    `deadline`: until when, an `io.monotonic()` time; by default the policy's timeout from now. A refresh has
    its own time: one that is cut short can cost the refresh token.

    Returns the account as it is then: with another token (use that), with the same token and still ACTIVE
    (Vimeo says that the token is good), or REVOKED or EXPIRED.

    Raises:
        VimeoUnavailable: it could not be found out; nothing was changed.
    """
    return await _single_flight(ctx, io, used, wait=True, unauthorized=True, deadline=deadline)


async def _single_flight(
    ctx: Context,
    io: IO,
    used: AccountRecord,
    *,
    wait: bool,
    unauthorized: bool = False,
    deadline: float | None = None,
) -> AccountRecord:
    """Let one caller renew the token; the others wait for its result and re-read."""
    lease = f"account/{len(used.connection_name)}/{used.connection_name}/{used.identifier}"
    until = io.monotonic() + ctx.policy.timeout if deadline is None else deadline
    pause = 0.02
    while True:
        current = await ctx.vault.load(io, used.connection_name, used.identifier)
        if current is None:
            raise NotConnected(
                "The user's Vimeo account was disconnected meanwhile.",
                hint="Connect it again with get_authorization_link.",
                connection_name=used.connection_name,
                identifier=used.identifier,
            )
        if current.status is not AccountStatus.ACTIVE or current.access_token != used.access_token:
            return current
        if unauthorized and current.verified_at > used.verified_at:
            return current
        async with io.lease(lease) as mine:
            if mine:
                # What was read before the lease was taken may be what its last holder has just replaced.
                current = await ctx.vault.load(io, used.connection_name, used.identifier)
                if (
                    current is not None
                    and current.status is AccountStatus.ACTIVE
                    and current.access_token == used.access_token
                    and not (unauthorized and current.verified_at > used.verified_at)
                ):
                    if current.refresh_token is not None:
                        return await _refresh(ctx, io, current)
                    return await _verify(ctx, io, current, until)
                continue
        if not wait:
            return used
        if io.monotonic() >= until:
            raise VimeoUnavailable(
                "Another caller is renewing this account's token and has not finished in time.",
                hint="Try again in a moment.",
            )
        await io.sleep(pause * (0.5 + io.jitter()))
        pause = min(pause * 1.5, 0.25)


async def _refresh(ctx: Context, io: IO, record: AccountRecord) -> AccountRecord:
    assert record.refresh_token is not None  # noqa: S101 - the caller's condition
    connection = ctx.connection(record.connection_name)
    interrupted = record.refreshing_since is not None

    # The intent is on disk before the request is sent: under single-use rotation a crash in between may cost
    # the refresh token, and then the account can say so instead of failing without a word.
    started = io.now()
    intent = await ctx.vault.save(io, record.replace(refreshing_since=started))
    if intent is None:
        return await _as_stored(ctx, io, record)
    try:
        response = await send(io, oauth.refresh_request(connection, record.refresh_token), ctx.policy)
    except VimeoUnavailable:
        raise VimeoUnavailable(
            "The token could not be refreshed: the authorization server does not answer.",
            hint="Try again in a minute; nothing about the account has changed.",
        ) from None
    if response.status == 200 and (grant := oauth.parse_grant(response, io.now())) and grant.access_token:
        renewed = intent.replace(
            access_token=grant.access_token,
            refresh_token=grant.refresh_token or intent.refresh_token,
            expires_at=grant.expires_at,
            granted_scopes=grant.scopes or intent.granted_scopes,
            refreshing_since=None,
            reason=None,
            verified_at=io.now(),
        )
        saved = await _save_surely(ctx, io, renewed)
        if saved is None:
            # Disconnected or reconnected meanwhile: that wins, and nobody keeps the new token, so it must not
            # live on at Vimeo either.
            with contextlib.suppress(VimeoUnavailable, VimeoError):
                await send(io, oauth.revoke_request(connection, grant.access_token), ctx.policy)
            return await _as_stored(ctx, io, record)
        await _tell(io, "account.refreshed", saved, status=saved.status.value)
        return saved
    if response.status in (400, 401) and oauth.oauth_error(response) in DEAD:
        reason = (
            "An earlier refresh was interrupted, and Vimeo does not accept the old refresh token any more."
            if interrupted
            else "Vimeo does not accept the refresh token any more."
        )
        return await _expire(ctx, io, intent, reason)
    # Refused for a reason that says nothing about the user's grant, a wrong client secret for example.
    await ctx.vault.save(io, intent.replace(refreshing_since=record.refreshing_since))
    raise VimeoUnavailable(
        f"The token could not be refreshed: the authorization server answered {response.status}.",
        hint="If it goes on, the operator should check the connection's client id and secret.",
        status=response.status,
    )


async def _save_surely(ctx: Context, io: IO, renewed: AccountRecord) -> AccountRecord | None:
    """Save what cannot be had again: the old refresh token is used up, so a store that is busy is asked again
    and again for a while."""
    for attempt in range(_SAVES):
        try:
            return await ctx.vault.save(io, renewed)
        except StoreBusy:
            if attempt == _SAVES - 1:
                raise
            await io.sleep(0.2 * (attempt + 1))
    raise AssertionError("the loop returns or raises")


async def _verify(ctx: Context, io: IO, record: AccountRecord, deadline: float) -> AccountRecord:
    """Ask Vimeo whether the token still lives, and record the answer."""
    assert record.access_token is not None  # noqa: S101 - ACTIVE accounts have one
    connection = ctx.connection(record.connection_name)
    request = oauth.verify_request(connection, record.access_token)
    response = await send(io, request, ctx.policy, deadline=deadline)
    if oauth.refuses_token(response):
        return await _end(
            ctx, io, record, AccountStatus.REVOKED, "Vimeo no longer accepts the token.", "account.revoked"
        )
    grant = oauth.parse_grant(response, io.now()) if response.status == 200 else None
    if grant is None:
        raise VimeoUnavailable(
            "Vimeo refused a request, and it could not be found out whether the token is still good.",
            hint="Try again in a minute; nothing about the account has changed.",
            status=response.status,
        )
    verified = record.replace(
        granted_scopes=grant.scopes, app_uri=grant.app_uri or record.app_uri, verified_at=io.now()
    )
    return await ctx.vault.save(io, verified) or await _as_stored(ctx, io, record)


async def _expire(ctx: Context, io: IO, record: AccountRecord, reason: str) -> AccountRecord:
    return await _end(ctx, io, record, AccountStatus.EXPIRED, reason, "account.expired")


async def _end(
    ctx: Context, io: IO, record: AccountRecord, status: AccountStatus, reason: str, event: EventName
) -> AccountRecord:
    ended = record.replace(
        status=status, reason=reason, access_token=None, refresh_token=None, refreshing_since=None
    )
    saved = await ctx.vault.save(io, ended)
    if saved is None:
        return await _as_stored(ctx, io, record)
    await _tell(io, event, saved, status=status.value, reason=reason)
    return saved


async def _as_stored(ctx: Context, io: IO, record: AccountRecord) -> AccountRecord:
    return await ctx.vault.update(io, record.connection_name, record.identifier, lambda _: None)


async def _tell(io: IO, name: EventName, record: AccountRecord, **data: str) -> None:
    await io.emit(Event(name, record.connection_name, record.identifier, None, data))
