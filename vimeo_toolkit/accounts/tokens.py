"""Keep a token valid: refresh it in time where it can be, notice when Vimeo no longer accepts it.

Vimeo issues no refresh tokens today (its schema says so) and its tokens do not expire while they are used; it
deletes unused ones. The refresh below runs where a refresh token and an expiry came with the token.
"""

from __future__ import annotations

import contextlib
from typing import Final

from vimeo_toolkit.accounts import oauth
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.keeping import digest, keep, renewed, save_held
from vimeo_toolkit.accounts.left_libraries import forget_if_over
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.accounts.revoking import former, sweep
from vimeo_toolkit.accounts.vault import disconnected
from vimeo_toolkit.errors import OutcomeUnknown, StoreError, VimeoError, VimeoUnavailable
from vimeo_toolkit.observe.events import Event, EventName
from vimeo_toolkit.runtime.ports import IO, HttpResponse

__all__ = ["ensure_valid_token", "handle_unauthorized"]

ADVISORY_SECONDS: Final = 300.0
"""So many seconds before its end a token is refreshed, and still used if that fails."""

MANDATORY_SECONDS: Final = 30.0
"""So many seconds before its end a token is not used any more: it could expire on the way."""

_AFRESH: Final = 30.0

OTHERS_SECONDS: Final = 5.0
"""Seconds to wait for another process that may have used the refresh token before this one, and then stalled."""

DELETION_SECONDS: Final = 2.0
"""Seconds within which a deletion that has begun is over."""

DEAD: Final = frozenset({"invalid_grant", "invalid_token", "unauthorized_client", "access_denied"})
"""OAuth errors that end a refresh token for good (RFC 6749, 5.2). Anything else, such as 5xx or `invalid_client`,
says nothing about the user's grant."""


async def ensure_valid_token(ctx: Context, io: IO, record: AccountRecord) -> AccountRecord:
    """Return an ACTIVE account whose token can be used now, or the account with its new status when there is no
    such token.

    Raises:
        VimeoUnavailable: the token is at its end, and the server that would refresh it does not answer.
        ConfigurationError: the token is of another API than the connection's.
    """
    if record.status is not AccountStatus.ACTIVE:
        return record
    ctx.home(record)
    record = await save_held(ctx, io, record)
    if record.revoke_at is not None and io.now() >= record.revoke_at:
        tried = record
        record = await io.shielded(lambda io: sweep(ctx, io, tried))
    if record.status is not AccountStatus.ACTIVE or record.expires_at is None:
        return record
    left = record.expires_at - ctx.now(io)
    if left > ADVISORY_SECONDS:
        return record
    if record.refresh_token is None:
        # The clock alone never ends an account: it may be wrong.
        return record if left > 0 else await _single_flight(ctx, io, record, wait=True, unauthorized=True)
    if left > MANDATORY_SECONDS:
        if record.refreshing_since is not None and 0 <= io.now() - record.refreshing_since < _AFRESH:
            return record  # another caller has just tried or is trying
        try:
            return await _single_flight(ctx, io, record, wait=False)
        except (VimeoUnavailable, VimeoError, StoreError) as error:
            # Emit an event, because the call goes on and nobody would notice before the token's end.
            await _tell(io, "account.refresh_failed", record, outcome=error.code)
            return record
    return await _single_flight(ctx, io, record, wait=True)


async def handle_unauthorized(
    ctx: Context, io: IO, used: AccountRecord, *, deadline: float | None = None
) -> AccountRecord:
    """Find out what a 401 means for the account whose token `used` signed the request.

    `deadline`: until when, an `io.monotonic()` time; by default the policy's timeout from now. A refresh has
    its own time: one that is cut short can cost the refresh token.

    Returns the account as it is then: with another token (use that), with the same token and still ACTIVE
    (Vimeo says that the token is good), or REVOKED or EXPIRED.

    Raises:
        VimeoUnavailable: it could not be found out; nothing was changed.
        ConfigurationError: the token is of another API than the connection's.
    """
    ctx.home(used)
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
    """Let one caller renew the token; the others wait and read the result from the store."""
    lease = f"account/{len(used.connection_name)}/{used.connection_name}/{used.identifier}"
    until = io.monotonic() + ctx.policy.timeout if deadline is None else deadline
    pause = 0.02
    while True:
        current = await ctx.vault.load(io, used.identity)
        settled = _settled(current, used, unauthorized)
        if settled is not None:
            return settled
        if unauthorized and _is_being_deleted(current, io.now()) and io.monotonic() < until:
            # Its token is revoked by that: nobody has revoked the connection.
            await io.sleep(pause * (0.5 + io.jitter()))
            continue
        async with io.lease(lease) as free:
            pass
        if free:
            # Shielded together with its lease, so that a caller that gives up loses neither.
            done = await io.shielded(lambda io: _renew(ctx, io, used, lease, unauthorized, until))
            if done is not None:
                return done
        if not wait:
            return used
        if io.monotonic() >= until:
            raise VimeoUnavailable(
                "Another caller is renewing this account's token and has not finished in time.",
                hint="Try again in a moment.",
            )
        await io.sleep(pause * (0.5 + io.jitter()))
        pause = min(pause * 1.5, 0.25)


def _is_being_deleted(current: AccountRecord | None, now: float) -> bool:
    """Return whether somebody is deleting the account right now: one that broke off is not waited for."""
    since = None if current is None else current.deleting_since
    return since is not None and 0 <= now - since < DELETION_SECONDS


def _settled(current: AccountRecord | None, used: AccountRecord, unauthorized: bool) -> AccountRecord | None:
    """Return the stored account if another caller has found out meanwhile what this one wants to know.

    Raises:
        NotConnected: the account is gone.
    """
    if current is None:
        raise disconnected(used.identity)
    if current.status is not AccountStatus.ACTIVE or current.access_token != used.access_token:
        return current
    # Not "later than": the clocks of two machines differ.
    return current if unauthorized and current.verified_at != used.verified_at else None


async def _renew(
    ctx: Context, io: IO, used: AccountRecord, lease: str, unauthorized: bool, until: float
) -> AccountRecord | None:
    """Renew the token while nobody else does; None when somebody else is renewing it."""
    async with io.lease(lease) as mine:
        if not mine:
            return None
        # Read again: the last holder of the lease may have replaced the account.
        current = await ctx.vault.load(io, used.identity)
        settled = _settled(current, used, unauthorized)
        if settled is not None:
            return settled
        assert current is not None  # noqa: S101 - `_settled` raises for it
        if current.refresh_token is not None:
            return await _refresh(ctx, io, current)
        return await _verify(ctx, io, current, until)


async def _refresh(ctx: Context, io: IO, record: AccountRecord) -> AccountRecord:
    assert record.refresh_token is not None  # noqa: S101 - the caller's condition
    request = oauth.refresh_request(ctx.home(record), record.refresh_token)

    # Save the intent before the request is sent: if refresh tokens can be used once and the process crashes here,
    # the token may be lost, and then the account can say why. Each write is at the version that was read, so a
    # caller that stalled notices it when it writes.
    intent = await ctx.vault.save(io, record.replace(refreshing_since=io.now()))
    if intent is None:
        return await _as_stored(ctx, io, record)
    try:
        response = await ctx.ask(io, request)
    except OutcomeUnknown:
        raise _unanswered() from None
    except VimeoUnavailable:
        await _withdraw(ctx, io, intent, record)
        raise _unanswered() from None
    grant = oauth.parse_token(response, ctx.now(io))
    if grant is not None:
        return await _keep(ctx, io, intent, grant)
    if response.status in (400, 401) and oauth.oauth_error(response) in DEAD:
        return await _refused(ctx, io, intent, interrupted=record.refreshing_since is not None)
    if response.status >= 300:
        # Refused for another reason than the user's grant, such as a wrong client secret.
        await _withdraw(ctx, io, intent, record)
    raise VimeoUnavailable(
        f"The token could not be refreshed: the authorization server answered {_kind(response)}.",
        hint="If it goes on, the operator should check the connection's client id and secret.",
        status=response.status,
    )


def _kind(response: HttpResponse) -> str:
    return str(response.status) if response.status >= 300 else f"{response.status} without a token"


def _unanswered() -> VimeoUnavailable:
    return VimeoUnavailable(
        "The token could not be refreshed: the authorization server does not answer.",
        hint="Try again in a minute; nothing about the account has changed.",
    )


async def _withdraw(ctx: Context, io: IO, intent: AccountRecord, record: AccountRecord) -> None:
    """Remove the note of a refresh: the refresh token was not used."""
    await ctx.vault.save(io, intent.replace(refreshing_since=record.refreshing_since))


async def _keep(ctx: Context, io: IO, intent: AccountRecord, grant: oauth.Grant) -> AccountRecord:
    saved = await keep(ctx, io, intent, renewed(intent, grant, io.now()))
    if saved is None or saved.access_token != grant.access_token:
        return await _as_stored(ctx, io, intent)
    await _tell(io, "account.refreshed", saved, status=saved.status.value)
    return await sweep(ctx, io, saved) if saved.former_tokens else saved


async def _refused(ctx: Context, io: IO, intent: AccountRecord, *, interrupted: bool) -> AccountRecord:
    """End the account, because Vimeo refuses its refresh token, unless another process has used that token.

    One whose machine or loop stands still loses its lease, and comes back with the new token.
    """
    if not interrupted:
        return await _expire(ctx, io, intent, "Vimeo does not accept the refresh token any more.")
    until = io.monotonic() + OTHERS_SECONDS
    while io.monotonic() < until:
        await io.sleep(0.25)
        current = await ctx.vault.load(io, intent.identity)
        if current is None or current.access_token != intent.access_token:
            return await _as_stored(ctx, io, intent)
    return await _expire(
        ctx,
        io,
        intent,
        "An earlier refresh was interrupted, and Vimeo does not accept the old refresh token any more.",
    )


async def _verify(ctx: Context, io: IO, record: AccountRecord, deadline: float) -> AccountRecord:
    """Ask Vimeo whether the token still lives, and record the answer."""
    assert record.access_token is not None  # noqa: S101 - ACTIVE accounts have one
    request = oauth.verify_request(ctx.home(record), record.access_token)
    response = await ctx.ask(io, request, deadline=deadline)
    ended = record.expires_at is not None and record.expires_at <= ctx.now(io)
    if oauth.refuses_token(response):
        if ended:
            return await _expire(ctx, io, record, "The token's lifetime has ended.")
        return await _end(
            ctx, io, record, AccountStatus.REVOKED, "Vimeo no longer accepts the token.", "account.revoked"
        )
    grant = oauth.parse_grant(response, ctx.now(io))
    if grant is None:
        raise VimeoUnavailable(
            "Vimeo refused a request, and it could not be found out whether the token is still good.",
            hint="Try again in a minute; nothing about the account has changed.",
            status=response.status,
        )
    verified = record.replace(
        granted_scopes=grant.scopes or record.granted_scopes,
        app_uri=grant.app_uri or record.app_uri,
        expires_at=grant.expires_at if ended or grant.expires_at is not None else record.expires_at,
        verified_at=io.now(),
    )
    return await ctx.vault.save(io, verified) or await _as_stored(ctx, io, record)


async def _expire(ctx: Context, io: IO, record: AccountRecord, reason: str) -> AccountRecord:
    return await _end(ctx, io, record, AccountStatus.EXPIRED, reason, "account.expired")


async def _end(
    ctx: Context, io: IO, record: AccountRecord, status: AccountStatus, reason: str, event: EventName
) -> AccountRecord:
    """Set the status that ends the account. A token that Vimeo may still accept is kept, to be revoked with the
    account."""
    spent = record.refresh_token
    expired = status is AccountStatus.EXPIRED
    ended = record.replace(
        status=status,
        reason=reason,
        access_token=None,
        refresh_token=None,
        refreshing_since=None,
        ended_at=io.now(),
        spent=None if spent is None else digest(spent),
        former_tokens=former(record, record.access_token) if expired and spent else former(record),
    )
    saved = await ctx.vault.save(io, ended)
    if saved is None:
        return await _as_stored(ctx, io, record)
    await _tell(io, event, saved, status=status.value, reason=reason)
    with contextlib.suppress(StoreError):  # a sweep does it later
        await forget_if_over(ctx, io, saved)
    return saved


async def _as_stored(ctx: Context, io: IO, record: AccountRecord) -> AccountRecord:
    return await ctx.vault.update(io, record.identity, lambda _: None)


async def _tell(io: IO, name: EventName, record: AccountRecord, **data: str) -> None:
    await io.emit(Event.about(name, record.identity, data))
