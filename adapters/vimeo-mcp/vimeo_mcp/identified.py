"""Who sends a request: a product's function says it before MCP sees the request."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from vimeo_mcp import elicitation
from vimeo_toolkit import Asker, ConfigurationError, Identity, NotConnected

__all__ = ["Identified", "Identify", "identity_in"]

_log = logging.getLogger(__name__)

Identify = Callable[[Request], str | Awaitable[str | None] | None]
"""Takes the HTTP request (its headers; the body is MCP's) and gives your product's id of the user who sent it,
by a session or a token that you have checked. None or "" refuses the request."""


class Identified:
    """Passes only requests with a known user on, and tells MCP who it is.

    As the SDK's own kind of user: so it answers a session only to the user who began it.
    """

    def __init__(self, app: ASGIApp, identify: Identify, metadata_url: str | None) -> None:
        self._app = app
        self._metadata_url = metadata_url
        # In a thread: a session is often looked up in a database, and a blocking look-up stops all users.
        self._asker = Asker(identify)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_metadata(scope):
            await self._app(scope, receive, send)
            return
        try:
            found = await self._asker.ask(Request(scope))
        except HTTPException as error:  # as `connect_app` takes it: nobody, or the product's own refusal
            refusal = _refusal(error.status_code, error.headers, self._metadata_url)
            await refusal(scope, receive, send)
            return
        except ConfigurationError as error:  # logged for the operator, who does not see the answer
            _log.error("A request was refused: %s", error)
            await _refusal(500)(scope, receive, send)
            return
        user = AuthenticatedUser(AccessToken(token="", client_id="", scopes=[], subject=found))
        await self._app({**scope, "user": user}, receive, send)

    def _is_metadata(self, scope: Scope) -> bool:
        """Return whether a request asks where to get a token, which is for everybody."""
        asked = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
        return self._metadata_url is not None and asked == urlsplit(self._metadata_url).path


def _refusal(
    status: int, headers: Mapping[str, str] | None = None, metadata_url: str | None = None
) -> JSONResponse:
    """Return the answer to a request whose user is unknown; a 401 names the scheme, as RFC 9110 (11.6.1) asks, and
    where to get a token (RFC 9728, 5.1)."""
    error = {401: "unauthorized", 403: "forbidden"}.get(status, "refused")
    message = "It is not known who sends this request." if status == 401 else "The request was refused."
    named = {name.lower(): value for name, value in (headers or {}).items()}
    if status == 401:
        told = "Bearer" if metadata_url is None else f'Bearer resource_metadata="{metadata_url}"'
        named.setdefault("www-authenticate", told)
    return JSONResponse({"error": error, "message": message}, status, named)


def identity_in(connection_name: str) -> Callable[[elicitation.Request], Identity]:
    """Return the function that names the user of a request on this connection."""
    return lambda request: Identity(connection_name, _identifier(request))


def _identifier(request: elicitation.Request) -> str:
    """Return the user of this very request, not of its session.

    Raises:
        NotConnected: nobody is known, which `Identified` does not let happen.
    """
    user = request.request.scope.get("user") if isinstance(request.request, Request) else None
    found = user.access_token.subject if isinstance(user, AuthenticatedUser) else None
    if not found:
        raise NotConnected(
            "It is not known whose call this is.", hint="Sign in to the product and try again."
        )
    return found
