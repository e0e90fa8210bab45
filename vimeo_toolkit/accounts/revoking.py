"""Revoke tokens at Vimeo: those of a deleted account, and those that were replaced."""

from __future__ import annotations

import contextlib
from typing import Final

from vimeo_toolkit.accounts import oauth
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord, FormerToken
from vimeo_toolkit.connection import DEFAULT_API_URL
from vimeo_toolkit.errors import NotConnected, StoreError, VimeoError, VimeoUnavailable
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret

__all__ = ["discard", "former", "revoke", "sweep"]

_MOST: Final = 20
"""How many former tokens are kept to be revoked later; Vimeo does not refuse to revoke one for long."""

SECONDS: Final = 10.0
"""Seconds for one attempt to revoke former tokens, which nobody waits for."""

AGAIN: Final = 900.0


async def revoke(ctx: Context, io: IO, token: FormerToken, *, deadline: float | None = None) -> None:
    """Revoke a token by `DELETE /tokens` at the API that issued it. A 401 means that the token is dead already.

    Raises:
        VimeoUnavailable: Vimeo did not confirm it.
        UnexpectedResponse: the answer is larger than any of Vimeo's.
    """
    response = await ctx.ask(io, oauth.revoke_request(token.api_url, token.token), deadline=deadline)
    # An empty answer confirms it: a page with status 200 is not Vimeo's, and the token would live on unseen.
    confirmed = response.status < 300 and not response.content
    if not confirmed and not oauth.refuses_token(response):
        raise VimeoUnavailable(
            f"Vimeo did not revoke the token (status {response.status}).",
            hint="Try again in a minute.",
            status=response.status,
        )


def former(
    record: AccountRecord, *more: Secret | None, keep: Secret | None = None
) -> tuple[FormerToken, ...]:
    """Return the account's former tokens and these, without `keep`, the one that stays in use."""
    api_url = record.api_url or DEFAULT_API_URL
    tokens = [*record.former_tokens, *(FormerToken(token, api_url) for token in more if token is not None)]
    return tuple(dict.fromkeys(each for each in tokens if each.token != keep))[-_MOST:]


async def sweep(ctx: Context, io: IO, record: AccountRecord) -> AccountRecord:
    """Revoke the account's former tokens, as far as Vimeo confirms it; the others are tried again later.

    Never raises what the network or the store does: what it is called after has been done.
    """
    gone: set[FormerToken] = set()
    until = io.monotonic() + SECONDS
    for each in record.former_tokens:
        try:
            if each.token != record.access_token:
                await revoke(ctx, io, each, deadline=until)
            gone.add(each)
        except (VimeoUnavailable, VimeoError):
            continue
    left = len(record.former_tokens) - len(gone)

    def change(current: AccountRecord) -> AccountRecord | None:
        rest = tuple(each for each in current.former_tokens if each not in gone)
        if rest == current.former_tokens and not rest:
            return None
        return current.replace(former_tokens=rest, revoke_at=io.now() + AGAIN if rest else None)

    if record.former_tokens:
        # What cannot be noted now is revoked once more later, which does no harm.
        with contextlib.suppress(StoreError, NotConnected):
            record = await ctx.vault.update(io, record.identity, change)
    if left:
        await _tell_left(io, record.identity, left)
    return record


async def _tell_left(io: IO, identity: Identity, left: int) -> None:
    await io.emit(Event.about("account.revoke_failed", identity, {"left": left}))


async def discard(ctx: Context, io: IO, identity: Identity, token: FormerToken) -> None:
    """Revoke a token that came for this account and was not taken, unless the account holds it after all.

    Where Vimeo does not confirm it now, the account keeps it among its former tokens, to try again.
    """

    def change(current: AccountRecord) -> AccountRecord | None:
        if current.access_token == token.token:
            return None
        return current.replace(former_tokens=(*current.former_tokens, token)[-_MOST:])

    try:
        record = await ctx.vault.update(io, identity, change)
    except (NotConnected, StoreError):
        try:
            await revoke(ctx, io, token, deadline=io.monotonic() + SECONDS)
        except (VimeoUnavailable, VimeoError):
            await _tell_left(io, identity, 1)
        return
    await sweep(ctx, io, record)
