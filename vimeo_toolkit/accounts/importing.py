"""Connect a user with a personal access token from Vimeo's developer page."""

from __future__ import annotations

from vimeo_toolkit.accounts import oauth
from vimeo_toolkit.accounts.activating import Asked, activate, emit_refused
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.accounts.records import get_or_create_account
from vimeo_toolkit.errors import AuthorizationFailed, InvalidInput, VimeoUnavailable
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret

__all__ = ["import_token"]


async def import_token(
    ctx: Context, io: IO, identity: Identity, token: Secret, *, allow_account_change: bool
) -> AccountRecord:
    """See `VimeoToolkit.import_token`."""
    try:
        grant = await _verified(ctx, io, identity, token)
        return await io.shielded(lambda io: _taken(ctx, io, identity, grant, allow_account_change))
    except AuthorizationFailed as error:
        await emit_refused(io, error, identity, "import")
        raise


async def _verified(ctx: Context, io: IO, identity: Identity, token: Secret) -> oauth.Grant:
    """Verify the token and return what Vimeo says about it."""
    connection = ctx.connection(identity.connection_name)
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
            identifier=identity.identifier,
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
            identifier=identity.identifier,
        )
    return oauth.Grant(
        token, None, grant.expires_at, grant.scopes, grant.user_uri, grant.user_name, grant.app_uri
    )


async def _taken(
    ctx: Context, io: IO, identity: Identity, grant: oauth.Grant, allow_account_change: bool
) -> AccountRecord:
    record = await get_or_create_account(ctx, io, identity)
    asked = Asked(
        identity,
        scopes=grant.scopes or tuple(ctx.connection(identity.connection_name).scopes),
        created_at=record.created_at,
        allow_account_change=allow_account_change,
    )
    return await activate(ctx, io, asked, grant, ours=False)
