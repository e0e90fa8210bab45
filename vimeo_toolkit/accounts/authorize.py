"""From an authorization link to an ACTIVE account, and away again."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from vimeo_toolkit.accounts import oauth
from vimeo_toolkit.accounts.context import Context, checked_identifier
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.connection import KNOWN_SCOPES, Connection
from vimeo_toolkit.errors import (
    AuthorizationFailed,
    ConfigurationError,
    InvalidInput,
    NotConnected,
    RefusalReason,
    StoreBusy,
    VimeoUnavailable,
)
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.ports import IO, HttpResponse
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import Key
from vimeo_toolkit.wire.sending import send

__all__ = [
    "activate",
    "authorization_link",
    "checked_scopes",
    "complete_authorization",
    "delete_account",
    "get_account",
    "get_or_create_account",
    "import_token",
    "list_accounts",
    "tell_refused",
    "wrong_client",
]

STATE_SECONDS: Final = 600.0
"""How long an authorization link can be used."""

_PAGE = 500


async def get_account(ctx: Context, io: IO, connection_name: str, identifier: str) -> AccountRecord:
    """The account.

    Raises:
        NotConnected: there is none.
    """
    ctx.connection(connection_name)
    record = await ctx.vault.load(io, connection_name, checked_identifier(identifier))
    if record is None:
        raise NotConnected(
            f"{identifier!r} has no account on connection {connection_name!r}.",
            hint="Make one with get_or_create_connected_account, or list those that exist.",
            connection_name=connection_name,
            identifier=identifier,
        )
    return record


async def get_or_create_account(ctx: Context, io: IO, connection_name: str, identifier: str) -> AccountRecord:
    """The account; a new one is PENDING."""
    connection = ctx.connection(connection_name)
    checked_identifier(identifier)
    for _ in range(5):
        record = await ctx.vault.load(io, connection_name, identifier)
        if record is not None:
            return record
        created = await ctx.vault.save(
            io,
            AccountRecord(
                connection_name=connection_name,
                identifier=identifier,
                requested_scopes=tuple(connection.scopes),
                reason="The user has not connected a Vimeo account yet.",
            ),
        )
        if created is not None:
            return created
    raise StoreBusy("The account is being made and deleted at once.", hint="Try again.")


async def list_accounts(ctx: Context, io: IO, connection_name: str | None) -> list[AccountRecord]:
    """All accounts (of one connection), by connection and identifier."""
    if connection_name is not None:
        ctx.connection(connection_name)
    records: list[AccountRecord] = []
    after: Key | None = None
    while True:
        page = await ctx.vault.page(io, connection_name, after=after, limit=_PAGE)
        records.extend(record for _, record in page)
        if len(page) < _PAGE:
            return records
        after = page[-1][0]


async def authorization_link(
    ctx: Context,
    io: IO,
    connection_name: str,
    identifier: str,
    *,
    scopes: Sequence[str] | None = None,
    allow_account_change: bool = False,
    create: bool = True,
) -> tuple[str, float]:
    """A new link for this identifier, and when it ends. See `VimeoToolkit.get_authorization_link`.

    `create`: make the account when there is none; without, it is made when the link is completed, so that a
    call which merely offers a link leaves no trace of a user who has disconnected.
    """
    connection = ctx.connection(connection_name)
    if not connection.can_authorize:
        raise ConfigurationError(
            f"Connection {connection_name!r} cannot make authorization links.",
            hint="Give it client_id, client_secret and redirect_uri from Vimeo's developer page, or bring a "
            "personal access token with import_token.",
        )
    record = (
        await get_or_create_account(ctx, io, connection_name, identifier)
        if create
        else await ctx.vault.load(io, connection_name, identifier)
    )
    wanted = tuple(dict.fromkeys([*connection.scopes, *checked_scopes(scopes or ())]))
    state = io.random_token()
    verifier = Secret(io.random_token()) if connection.pkce else None
    ends = io.now() + STATE_SECONDS
    await ctx.vault.put_json(
        io,
        _state_key(state),
        {
            "connection_name": connection_name,
            "identifier": identifier,
            "account_created_at": record.created_at if record is not None else None,
            "scopes": wanted,
            "verifier": verifier,
            "ends": ends,
            "allow_account_change": allow_account_change,
        },
        ttl=STATE_SECONDS,
    )
    return oauth.authorize_url(connection, wanted, state, verifier), ends


async def complete_authorization(
    ctx: Context, io: IO, callback_url: Secret, identifier: str
) -> AccountRecord:
    """See `VimeoToolkit.complete_authorization`."""
    checked_identifier(identifier)
    try:
        return await _completed(ctx, io, callback_url, identifier)
    except AuthorizationFailed as error:
        await tell_refused(io, error, identifier, "callback")
        raise


async def _completed(ctx: Context, io: IO, callback_url: Secret, identifier: str) -> AccountRecord:
    callback = oauth.parse_callback(callback_url.reveal())
    if callback is None:
        raise AuthorizationFailed(
            "This is no callback URL of Vimeo: it has no state, or neither a code nor an error, or has one "
            "of them twice.",
            reason="malformed",
            hint="Pass the whole URL that the browser was sent to, its query included.",
            identifier=identifier,
        )
    # Taken before anything else is looked at: whatever is wrong with the callback, its state is used up.
    pending = await ctx.vault.take_json(io, _state_key(callback.state))
    if pending is None:
        raise _refused(
            "This authorization link is unknown, was used already, or is too old.", identifier, reason="used"
        )
    verifier = Secret(pending.pop("verifier") or "")
    connection = ctx.connection(pending["connection_name"])
    if not hmac.compare_digest(str(pending["identifier"]).encode(), identifier.encode()):
        # Whoever asked for the link may have sent it to somebody else, to have their Vimeo account tied to
        # the sender's user.
        raise _refused(
            "This authorization link was made for another user.",
            identifier,
            connection.name,
            reason="other_user",
        )
    if io.now() >= pending["ends"]:
        raise _refused("This authorization link is too old.", identifier, connection.name, reason="expired")
    if callback.path != urlsplit(connection.redirect_uri).path:
        raise _refused(
            f"This callback did not arrive at the redirect URI of connection {connection.name!r}.",
            identifier,
            connection.name,
            reason="malformed",
        )
    if callback.code is None:
        denied = callback.error == "access_denied"
        raise _refused(
            "The user declined the access." if denied else "Vimeo refused the authorization.",
            identifier,
            connection.name,
            reason="denied" if denied else "refused",
        )
    response = await _exchange(ctx, io, connection, callback.code, verifier)
    grant = oauth.parse_grant(response, io.now())
    if grant is None or grant.access_token is None:
        raise _refused("Vimeo's answer to the code has no token.", identifier, connection.name)
    created_at = pending["account_created_at"]
    if created_at is None:
        created_at = (await get_or_create_account(ctx, io, connection.name, identifier)).created_at
    return await activate(
        ctx,
        io,
        connection,
        identifier,
        grant,
        requested=tuple(pending["scopes"]),
        created_at=float(created_at),
        allow_account_change=bool(pending["allow_account_change"]),
    )


async def import_token(
    ctx: Context, io: IO, connection_name: str, identifier: str, token: Secret, *, allow_account_change: bool
) -> AccountRecord:
    """See `VimeoToolkit.import_token`."""
    connection = ctx.connection(connection_name)
    checked_identifier(identifier)
    try:
        return await _imported(ctx, io, connection, identifier, token, allow_account_change)
    except AuthorizationFailed as error:
        await tell_refused(io, error, identifier, "import")
        raise


async def _imported(
    ctx: Context,
    io: IO,
    connection: Connection,
    identifier: str,
    token: Secret,
    allow_account_change: bool,
) -> AccountRecord:
    connection_name = connection.name
    if not oauth.is_token(token.reveal()):
        raise InvalidInput(
            "The access token is empty or has characters that no token has.",
            hint="Copy it anew from your app's page on Vimeo's developer site, under Authentication.",
        )
    response = await send(io, oauth.verify_request(connection, token), ctx.policy)
    if response.status == 401:
        raise AuthorizationFailed(
            "Vimeo does not accept this access token.",
            hint="Make a new one on your app's page on Vimeo's developer site, under Authentication.",
            connection_name=connection_name,
            identifier=identifier,
        )
    grant = oauth.parse_grant(response, io.now()) if response.status == 200 else None
    if grant is None:
        raise VimeoUnavailable(
            "Vimeo did not say whether the access token is good.", hint="Try again in a minute."
        )
    if grant.user_uri is None:
        raise AuthorizationFailed(
            "This access token belongs to no user: it can read public data only.",
            hint='Make a token of the kind "Authenticated (you)" on your app\'s page.',
            connection_name=connection_name,
            identifier=identifier,
        )
    record = await get_or_create_account(ctx, io, connection_name, identifier)
    imported = oauth.Grant(
        token, None, grant.expires_at, grant.scopes, grant.user_uri, grant.user_name, grant.app_uri
    )
    return await activate(
        ctx,
        io,
        connection,
        identifier,
        imported,
        requested=grant.scopes,
        created_at=record.created_at,
        allow_account_change=allow_account_change,
        revoke_if_refused=False,
    )


async def delete_account(
    ctx: Context, io: IO, connection_name: str, identifier: str, *, revoke: bool = True
) -> bool:
    """See `VimeoToolkit.delete_connected_account`."""
    connection = ctx.connection(connection_name)
    checked_identifier(identifier)
    while True:
        record = await ctx.vault.load(io, connection_name, identifier)
        if record is None:
            return False
        if revoke and record.access_token is not None:
            await _revoke(ctx, io, connection, record.access_token)
        # A refresh that finished meanwhile has changed the row: then its new token is revoked, too.
        if await ctx.vault.remove(io, record):
            revoked = revoke and record.access_token is not None
            await io.emit(Event("account.deleted", connection_name, identifier, None, {"revoked": revoked}))
            return True


async def _exchange(
    ctx: Context, io: IO, connection: Connection, code: Secret, verifier: Secret
) -> HttpResponse:
    try:
        response = await send(io, oauth.exchange_request(connection, code, verifier), ctx.policy)
    except VimeoUnavailable:
        raise VimeoUnavailable(
            "Vimeo did not answer when the code was exchanged for a token; nothing was changed.",
            hint="Make a new authorization link: a code can be used only once.",
        ) from None
    if response.status == 200:
        return response
    error = oauth.oauth_error(response)
    if response.status == 401 or error == "invalid_client":
        raise wrong_client(connection)
    known = f" ({error})" if error else f" (status {response.status})"
    raise AuthorizationFailed(
        f"Vimeo refused the code{known}: it is wrong, too old or was used already.",
        hint="Make a new authorization link and try again; the redirect URI must equal the registered one.",
        connection_name=connection.name,
    )


def wrong_client(connection: Connection) -> ConfigurationError:
    return ConfigurationError(
        f"Vimeo does not accept the client id and secret of connection {connection.name!r}.",
        hint="Compare them with your app's page on Vimeo's developer site.",
    )


async def activate(
    ctx: Context,
    io: IO,
    connection: Connection,
    identifier: str,
    grant: oauth.Grant,
    *,
    requested: tuple[str, ...],
    created_at: float,
    allow_account_change: bool,
    revoke_if_refused: bool = True,
) -> AccountRecord:
    """Put a new token into the account, unless the account is gone or is another Vimeo user's."""
    assert grant.access_token is not None  # noqa: S101 - the callers' condition
    refusal = ""
    hint = ""
    reason: RefusalReason = "disconnected"

    def change(current: AccountRecord) -> AccountRecord | None:
        nonlocal refusal, hint, reason
        other = current.vimeo_uri is not None and current.vimeo_uri != grant.user_uri
        if current.created_at != created_at:
            refusal = "The account was disconnected after this authorization link was made."
            reason = "disconnected"
            hint = "Make a new authorization link."
            return None
        if other and not allow_account_change:
            refusal = (
                f"{identifier!r} was connected as {current.vimeo_name or current.vimeo_uri}, and this is "
                f"{grant.user_name or grant.user_uri}: a different Vimeo account."
            )
            reason = "other_account"
            hint = (
                "Ask the user which one they want. To switch, make the link (or import the token) with "
                "allow_account_change=True."
            )
            return None
        refusal = ""
        return current.replace(
            status=AccountStatus.ACTIVE,
            reason=None,
            access_token=grant.access_token,
            refresh_token=grant.refresh_token,
            expires_at=grant.expires_at,
            refreshing_since=None,
            granted_scopes=grant.scopes,
            requested_scopes=requested,
            vimeo_uri=grant.user_uri,
            vimeo_name=grant.user_name,
            app_uri=grant.app_uri,
            verified_at=io.now(),
        )

    try:
        saved = await ctx.vault.update(io, connection.name, identifier, change)
    except NotConnected:
        refusal, reason = (
            "The account was disconnected after this authorization link was made.",
            "disconnected",
        )
        hint = "Make a new authorization link."
    if refusal:
        if revoke_if_refused:
            with contextlib.suppress(VimeoUnavailable):  # the refusal is what the caller must hear
                await _revoke(ctx, io, connection, grant.access_token)
        raise AuthorizationFailed(
            refusal, reason=reason, hint=hint, connection_name=connection.name, identifier=identifier
        )
    told = {"status": saved.status.value, "scopes": sorted(grant.scopes)}
    await io.emit(Event("account.connected", connection.name, identifier, None, told))
    return saved


async def tell_refused(io: IO, error: AuthorizationFailed, identifier: str, by: str) -> None:
    """`by`: "callback", "import" or "device"."""
    told = {"outcome": error.code, "by": by}
    await io.emit(Event("account.refused", error.connection_name or "", identifier, None, told))


async def _revoke(ctx: Context, io: IO, connection: Connection, token: Secret) -> None:
    """`DELETE /tokens`. 401 means that the token is dead already.

    Raises:
        VimeoUnavailable: Vimeo did not confirm it.
    """
    response = await send(io, oauth.revoke_request(connection, token), ctx.policy)
    # An empty answer confirms it: a page with status 200 is not Vimeo's, and the token would live on unseen.
    confirmed = response.status < 300 and not response.content
    if not confirmed and not oauth.refuses_token(response):
        raise VimeoUnavailable(
            f"Vimeo did not revoke the token (status {response.status}); the account was kept.",
            hint="Try again, or delete it with revoke=False and revoke it in Vimeo's settings.",
            status=response.status,
        )


def _state_key(state: str) -> Key:
    # The store holds a digest only: who reads it cannot make a callback from what they see.
    return Key("state", "", hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest())


def checked_scopes(scopes: Sequence[str]) -> Sequence[str]:
    """The same, known to be Vimeo's.

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


def _refused(
    message: str, identifier: str, connection_name: str | None = None, *, reason: RefusalReason = "refused"
) -> AuthorizationFailed:
    return AuthorizationFailed(
        message,
        reason=reason,
        hint="Make a new authorization link.",
        connection_name=connection_name,
        identifier=identifier,
    )
