"""Connect a user by a personal access token of Vimeo's developer page."""

from __future__ import annotations

from vimeo_toolkit.accounts import oauth
from vimeo_toolkit.accounts.activating import activate, tell_refused
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.accounts.records import get_or_create_account
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.errors import AuthorizationFailed, InvalidInput, VimeoUnavailable
from vimeo_toolkit.identity import checked_identifier
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret

__all__ = ["import_token"]


async def import_token(
    ctx: Context, io: IO, connection_name: str, identifier: str, token: Secret, *, allow_account_change: bool
) -> AccountRecord:
    """See `VimeoToolkit.import_token`."""
    connection = ctx.connection(connection_name)
    checked_identifier(identifier)
    try:
        grant = await _verified(ctx, io, connection, identifier, token)
        return await io.shielded(
            lambda io: _taken(ctx, io, connection, identifier, grant, allow_account_change)
        )
    except AuthorizationFailed as error:
        await tell_refused(io, error, identifier, "import")
        raise


async def _verified(
    ctx: Context, io: IO, connection: Connection, identifier: str, token: Secret
) -> oauth.Grant:
    """What Vimeo says of the token."""
    if not oauth.is_token(token.reveal()):
        raise InvalidInput(
            "The access token is empty or has characters that no token has.",
            hint="Copy it anew from your app's page on Vimeo's developer site, under Authentication.",
        )
    response = await ctx.ask(io, oauth.verify_request(connection, token))
    if oauth.refuses_token(response):
        raise AuthorizationFailed(
            "Vimeo does not accept this access token.",
            hint="Make a new one on your app's page on Vimeo's developer site, under Authentication.",
            connection_name=connection.name,
            identifier=identifier,
        )
    grant = oauth.parse_grant(response, ctx.now(io))
    if grant is None:
        raise VimeoUnavailable(
            "Vimeo did not say whether the access token is good.", hint="Try again in a minute."
        )
    if grant.user_uri is None:
        raise AuthorizationFailed(
            "This access token belongs to no user: it can read public data only.",
            hint='Make a token of the kind "Authenticated (you)" on your app\'s page.',
            connection_name=connection.name,
            identifier=identifier,
        )
    return oauth.Grant(
        token, None, grant.expires_at, grant.scopes, grant.user_uri, grant.user_name, grant.app_uri
    )


async def _taken(
    ctx: Context,
    io: IO,
    connection: Connection,
    identifier: str,
    grant: oauth.Grant,
    allow_account_change: bool,
) -> AccountRecord:
    record = await get_or_create_account(ctx, io, connection.name, identifier)
    return await activate(
        ctx,
        io,
        connection,
        identifier,
        grant,
        requested=grant.scopes or tuple(connection.scopes),
        created_at=record.created_at,
        allow_account_change=allow_account_change,
        ours=False,
    )
