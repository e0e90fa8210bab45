"""Look at what a user has to do before calls can be made. Nothing is sent: the stored account alone tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from vimeo_toolkit.accounts.authorize import offered_link
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountStatus
from vimeo_toolkit.calls.consent import Consent
from vimeo_toolkit.calls.preview import looks_of
from vimeo_toolkit.calls.refusals import linkable, what_is_wrong
from vimeo_toolkit.connecting import ConnectionRequest
from vimeo_toolkit.errors import InvalidInput, MissingScope, UploadNotGranted
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import IO

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool

__all__ = ["connection_request"]


async def connection_request(
    ctx: Context,
    io: IO,
    identity: Identity,
    wanted: Sequence[tuple[Tool, Any]],
    consent: Consent,
    refused_scopes: Iterable[str] = (),
) -> ConnectionRequest | None:
    """See `VimeoToolkit.connection_request`."""
    connection = ctx.connection(identity.connection_name)
    scopes_of = [_needed(tool, given, consent) for tool, given in wanted]
    needs = {place: scopes for place, scopes in enumerate(scopes_of) if scopes is not None}
    if not needs or not connection.can_authorize:
        return None
    account = await ctx.vault.load(io, identity)
    active = account is not None and account.status is AccountStatus.ACTIVE
    granted = frozenset(account.granted_scopes if account is not None and active else ())
    refused = frozenset(refused_scopes)
    if active:
        lacking = {place: (scopes - granted) | refused for place, scopes in needs.items()}
        lacking = {place: scopes for place, scopes in lacking.items() if scopes}
        if not lacking:
            return None
    else:
        # The new token will have what the connection asks for by itself.
        lacking = {place: scopes - frozenset(connection.scopes) for place, scopes in needs.items()}
    missing = frozenset[str]().union(*lacking.values())
    if active:
        error = UploadNotGranted.code if "upload" in missing else MissingScope.code
        message = f"The user has not granted {', '.join(sorted(missing))}."
    else:
        kind, message = what_is_wrong(account)
        error = kind.code
    # With what is granted already, because a new token has only what its link asks for.
    link = await offered_link(ctx, io, identity, scopes=linkable(granted | missing))
    return ConnectionRequest(
        error=error,
        message=message,
        connection_name=identity.connection_name,
        missing_scopes=tuple(sorted(missing)),
        calls=tuple(lacking),
        authorization_link=link.link,
        expires_at=link.expires_at,
    )


def _needed(tool: Tool, given: Any, consent: Consent) -> frozenset[str] | None:
    """Return the scopes that a call needs; None if it ends before it needs any."""
    if consent.read_only and not tool.read_only:
        return None
    from vimeo_toolkit.catalog.names import names_in, scopes_of  # needs pydantic, which loads slowly

    try:
        values = tool.validate(tool.arguments(given))
    except InvalidInput:
        return None
    finally:
        del given  # it may hold a password, and a traceback's locals are often logged
    looks = looks_of(tool, values) if consent.concerns(tool) else ()
    return values.needed_scopes().union(scopes_of(names_in(values)), *(look.scopes for look in looks))
