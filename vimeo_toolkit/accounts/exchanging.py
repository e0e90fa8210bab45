"""Exchange the code of a callback for a token."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.accounts import oauth
from vimeo_toolkit.accounts.activating import wrong_client
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.errors import AuthorizationFailed, OutcomeUnknown, VimeoUnavailable
from vimeo_toolkit.runtime.ports import IO, HttpResponse
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.format import json_object

__all__ = ["exchange"]

REPLAY_SECONDS: Final = 10.0
"""For sending a code once more after the answer to it was lost."""


async def exchange(
    ctx: Context, io: IO, connection: Connection, code: Secret, verifier: Secret
) -> HttpResponse:
    """Send the code, and once more when the answer is lost; return Vimeo's answer.

    Either the first attempt was not carried out, and the second brings the token; or the server refuses the
    second and, as RFC 6749 (4.1.2) asks of it, revokes the token that nobody has received.

    Raises:
        AuthorizationFailed: Vimeo refused the code.
        ConfigurationError: it does not accept the app's id and secret.
        VimeoUnavailable: there is no usable answer.
    """
    request = oauth.exchange_request(connection, code, verifier)
    lost = False
    try:
        response = await ctx.ask(io, request)
    except OutcomeUnknown:
        lost = True
    except VimeoUnavailable:
        raise _unanswered() from None
    if lost:
        try:
            response = await ctx.ask(io, request, deadline=io.monotonic() + REPLAY_SECONDS)
        except VimeoUnavailable:
            raise _unanswered() from None
    if 200 <= response.status < 300:
        return response
    if oauth.refuses_client(response):
        raise wrong_client(connection)
    if lost or json_object(response.content) is None:
        raise _unanswered(response.status)  # an HTML page is not Vimeo's answer
    error = oauth.oauth_error(response)
    known = f" ({error})" if error else f" (status {response.status})"
    raise AuthorizationFailed(
        f"Vimeo refused the code{known}: it is wrong, too old or was used already.",
        hint="Make a new authorization link and try again; the redirect URI must equal the registered one.",
        connection_name=connection.name,
    )


def _unanswered(status: int | None = None) -> VimeoUnavailable:
    return VimeoUnavailable(
        "Vimeo gave no usable answer when the code was exchanged for a token; nothing was changed.",
        hint="Make a new authorization link: a code can be used only once.",
        status=status,
    )
