"""Connect a user whose browser is on another machine: the device code (RFC 8628), as Vimeo has it.

The endpoints are those that clients of Vimeo use; what Vimeo answers while the user has not entered the code is not
verified, so that whatever neither grants nor refuses counts as "not yet".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from vimeo_toolkit.accounts import oauth
from vimeo_toolkit.accounts.activating import Asked, activate, emit_refused, wrong_client
from vimeo_toolkit.accounts.authorize import wanted_scopes
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.accounts.records import get_or_create_account
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.errors import AuthorizationFailed, ConfigurationError, OutcomeUnknown, VimeoUnavailable
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.loopback import is_confidential
from vimeo_toolkit.runtime.ports import IO, HttpResponse
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.format import json_object, one_line, seconds

__all__ = ["DeviceAuthorization", "complete_device_authorization", "start_device_authorization"]

INTERVAL: Final = 5.0
"""Seconds between two questions, where the answer names none (RFC 8628, 3.5)."""
LIFETIME: Final = 600.0
SLOWER: Final = 5.0
_LONGEST: Final = 3600.0


@dataclass(frozen=True, slots=True)
class DeviceAuthorization:
    """What to show the user: enter `user_code` on the page `activate_link`, before `expires_at`."""

    user_code: str
    activate_link: str
    expires_at: datetime
    connection_name: str
    identifier: str
    interval: float = field(repr=False)
    device_code: Secret = field(repr=False)
    requested_scopes: tuple[str, ...] = field(repr=False)
    account_created_at: float = field(repr=False)
    allow_account_change: bool = field(repr=False)
    ends: float = field(repr=False)
    """When it expires on the monotonic clock; `expires_at` is for people."""


async def start_device_authorization(
    ctx: Context,
    io: IO,
    identity: Identity,
    *,
    scopes: Sequence[str] | None = None,
    allow_account_change: bool = False,
) -> DeviceAuthorization:
    """See `VimeoToolkit.start_device_authorization`."""
    connection = ctx.connection(identity.connection_name)
    if not connection.client_id or not connection.secret:
        raise ConfigurationError(
            f"Connection {connection.name!r} cannot ask for a device code.",
            hint="Give it client_id and client_secret from Vimeo's developer page, or bring a personal access "
            "token with import_token.",
        )
    wanted = wanted_scopes(connection, scopes)
    record = await get_or_create_account(ctx, io, identity)
    try:
        response = await ctx.ask(io, oauth.device_request(connection, wanted))
    except OutcomeUnknown:
        raise VimeoUnavailable(
            "Vimeo did not answer when a device code was asked for.", hint="Try again in a minute."
        ) from None
    told = _told(connection, response)
    lifetime = min(seconds(told.get("expires_in")) or LIFETIME, _LONGEST)
    return DeviceAuthorization(
        user_code=one_line(told["user_code"], 40),
        activate_link=told["activate_link"],
        expires_at=datetime.fromtimestamp(io.now() + lifetime, UTC),
        connection_name=identity.connection_name,
        identifier=identity.identifier,
        interval=min(seconds(told.get("interval")) or INTERVAL, 60.0),
        device_code=Secret(told["device_code"]),
        requested_scopes=wanted,
        account_created_at=record.created_at,
        allow_account_change=allow_account_change,
        ends=io.monotonic() + lifetime,
    )


async def complete_device_authorization(ctx: Context, io: IO, device: DeviceAuthorization) -> AccountRecord:
    """See `VimeoToolkit.complete_device_authorization`."""
    identity = ctx.identity(device.connection_name, device.identifier)
    try:
        return await _granted(ctx, io, ctx.connection(identity.connection_name), device)
    except AuthorizationFailed as error:
        await emit_refused(io, error, identity, "device")
        raise


async def _granted(
    ctx: Context, io: IO, connection: Connection, device: DeviceAuthorization
) -> AccountRecord:
    """Poll at the interval that Vimeo named, until the user has decided or the code has expired."""
    interval = device.interval
    while io.monotonic() + interval < device.ends:
        await io.sleep(interval)
        # Poll and save the token without interruption: a code brings only one token.
        answer = await io.shielded(lambda io: _asked(ctx, io, connection, device))
        if isinstance(answer, AccountRecord):
            return answer
        if answer is None:
            continue  # the code stays valid, so polling again loses nothing
        error = oauth.oauth_error(answer)
        if oauth.refuses_client(answer):
            raise wrong_client(connection)
        if error == "access_denied":
            raise _failed("The user declined the access.", device)
        if error in ("expired_token", "invalid_grant"):
            break
        if error == "slow_down" or answer.status == 429:
            interval += SLOWER
    raise _failed("The device code is too old, or was used already.", device)


async def _asked(
    ctx: Context, io: IO, connection: Connection, device: DeviceAuthorization
) -> AccountRecord | HttpResponse | None:
    """Return the account if the user has entered the code, else Vimeo's answer, or None when there was none."""
    request = oauth.device_poll_request(connection, device.user_code, device.device_code)
    try:
        response = await ctx.ask(io, request)
    except VimeoUnavailable:
        return None
    grant = oauth.parse_token(response, ctx.now(io))
    if grant is None:
        return response
    asked = Asked(
        ctx.identity(connection.name, device.identifier),
        scopes=device.requested_scopes,
        created_at=device.account_created_at,
        allow_account_change=device.allow_account_change,
    )
    return await activate(ctx, io, asked, grant)


def _told(connection: Connection, response: HttpResponse) -> dict[str, Any]:
    if oauth.refuses_client(response):
        raise wrong_client(connection)
    told = json_object(response.content) or {}
    names = ("user_code", "device_code", "activate_link")
    if not 200 <= response.status < 300 or not all(
        isinstance(told.get(name), str) and told[name] for name in names
    ):
        raise AuthorizationFailed(
            f"Vimeo gave no device code (status {response.status}).",
            hint="Connect in the browser (get_authorization_link), or bring a personal access token "
            "(import_token).",
            connection_name=connection.name,
        )
    if not oauth.is_token(told["device_code"]) or not is_confidential(told["activate_link"]):
        raise AuthorizationFailed(
            "Vimeo's device code cannot be used.",
            hint="Connect in the browser.",
            connection_name=connection.name,
        )
    return told


def _failed(message: str, device: DeviceAuthorization) -> AuthorizationFailed:
    return AuthorizationFailed(
        message,
        hint="Start again: ask for a new device code.",
        connection_name=device.connection_name,
        identifier=device.identifier,
    )
