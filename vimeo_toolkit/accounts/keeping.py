"""Save a refreshed token. It cannot be had again: the refresh token that brought it is used up."""

from __future__ import annotations

import hashlib
from typing import Final

from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus, FormerToken
from vimeo_toolkit.accounts.oauth import Grant
from vimeo_toolkit.accounts.revoking import discard
from vimeo_toolkit.connection import DEFAULT_API_URL
from vimeo_toolkit.errors import StoreBusy, StoreError
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret

__all__ = ["PAUSES", "digest", "keep", "renewed", "save_all_held", "save_held"]

PAUSES: Final = (0.2, 0.4, 0.8, 1.6)
"""Seconds between attempts to save in a store that does not answer."""

_AGAIN: Final = 5.0
"""Seconds between attempts to save held tokens: a full disk must not slow down every call."""


def digest(token: Secret) -> str:
    """Return a hash that identifies a token and from which nobody can read it."""
    return hashlib.sha256(b"vimeo-toolkit spent " + token.reveal().encode()).hexdigest()


def renewed(record: AccountRecord, grant: Grant, now: float) -> AccountRecord:
    """Return the account with the result of a refresh. What the answer does not mention stays (RFC 6749, 6)."""
    return record.activated(
        access_token=grant.access_token,
        refresh_token=grant.refresh_token or record.refresh_token,
        expires_at=grant.expires_at,
        granted_scopes=grant.scopes or record.granted_scopes,
        verified_at=now,
    )


def _taken_over(stored: AccountRecord, base: AccountRecord, new: AccountRecord) -> AccountRecord | None:
    """Return `stored` with the new token, if nothing happened to the account that the renewal itself does not
    explain.

    While this process stood still another one may have taken its lease, noted an intent of its own, and been told
    that the refresh token is used up: it was, by us.
    """
    if stored.created_at != base.created_at or base.refresh_token is None:
        return None
    ended = stored.status is AccountStatus.EXPIRED and stored.spent == digest(base.refresh_token)
    if not ended and stored.refresh_token != base.refresh_token:
        return None
    return stored.activated(
        access_token=new.access_token,
        refresh_token=new.refresh_token,
        expires_at=new.expires_at,
        granted_scopes=new.granted_scopes,
        verified_at=new.verified_at,
    )


async def keep(
    ctx: Context, io: IO, base: AccountRecord, new: AccountRecord, *, patient: bool = True
) -> AccountRecord | None:
    """Save `new`, the result of refreshing `base`, even while the store fails; return the account to use.

    A store that cannot be written keeps nobody from using the token: it is held in memory and saved later. Who
    finds the row changed looks before it acts: what only the renewal changed is taken over; an account that was
    disconnected or reconnected meanwhile wins, and then the new token is revoked, unless the row holds it.

    Returns None when the account is gone.
    """
    pauses = iter(PAUSES if patient else ())
    while True:
        try:
            saved = await ctx.vault.save(io, new)
            if saved is not None:
                return saved
            stored = await ctx.vault.load(io, base.identity)
        except StoreError as error:
            pause = next(pauses, None) if isinstance(error, StoreBusy) else None
            if pause is not None:
                await io.sleep(pause)
                continue
            ctx.vault.hold(base, new, again=io.monotonic() + _AGAIN)
            return new
        if stored is not None and stored.access_token == new.access_token:
            return stored
        next_try = None if stored is None else _taken_over(stored, base, new)
        if next_try is None:
            ctx.vault.release(base)
            assert new.access_token is not None  # noqa: S101 - `renewed` puts one in
            unused = FormerToken(new.access_token, base.api_url or DEFAULT_API_URL)
            await discard(ctx, io, base.identity, unused)
            return stored
        new = next_try


async def save_held(ctx: Context, io: IO, record: AccountRecord) -> AccountRecord:
    """Save the token that is held in memory for this account, if the store can be written now."""
    held = ctx.vault.held(record)
    if held is None or io.monotonic() < held.again:
        return record
    return await io.shielded(lambda io: keep(ctx, io, held.base, held.record, patient=False)) or record


async def save_all_held(ctx: Context, io: IO) -> None:
    """Save all tokens that are held in memory, before the process may end."""
    for held in ctx.vault.all_held():
        await keep(ctx, io, held.base, held.record, patient=False)
