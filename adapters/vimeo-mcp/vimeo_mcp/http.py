"""Streamable HTTP for many users: each request's user is identified before MCP sees it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Unpack

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from vimeo_mcp import elicitation
from vimeo_mcp.connecting import ConnectUrl, authorization_link
from vimeo_mcp.server import server_for
from vimeo_toolkit import (
    Asker,
    ConfigurationError,
    Identity,
    NotConnected,
    ToolOptions,
    VimeoToolkit,
    default_toolkit,
)

__all__ = ["Identify", "http_app"]

_log = logging.getLogger(__name__)

Identify = Callable[[Request], str | Awaitable[str | None] | None]
"""Takes the HTTP request (its headers; the body is MCP's) and gives your product's id of the user who sent it,
by a session or a token that you have checked. None or "" refuses the request."""

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def http_app(
    identify: Identify,
    *,
    toolkit: VimeoToolkit | None = None,
    connection_name: str = "vimeo",
    path: str = "/mcp",
    allowed_hosts: Sequence[str] = LOOPBACK,
    connect_url: ConnectUrl | None = authorization_link,
    **options: Unpack[ToolOptions],
) -> Starlette:
    """Return an ASGI application that serves MCP over streamable HTTP. Run its lifespan when you mount it.

    Args:
        identify: who sends this request, see `Identify`; sync (it is run in a thread) or async, within 30
            seconds. An `HTTPException` of Starlette's becomes that answer; anything else that it raises ends the
            request.
        toolkit: one built by hand; by default the process's own, from the environment.
        connection_name: the registered Vimeo app.
        path: where MCP is served.
        allowed_hosts: names under which clients reach it; a request for another, which a web page could make a
            browser send (DNS rebinding), is refused.
        connect_url: makes the page that a client opens for a user who has to connect, or to grant more, such as
            your own connect page, which checks who opens it; by default Vimeo's. None, and clients that cannot open
            pages: the call's error has the link.
        options: which tools (`include`, `exclude`, `toolsets`, `read_only`), and `detail` of their results; see
            `ToolOptions`.

    Raises:
        InvalidInput: a name or a toolset is unknown.
    """
    tools = (toolkit if toolkit is not None else default_toolkit()).unbound_tools(**options)
    server = server_for(tools, connect_url, lambda request: Identity(connection_name, _identifier(request)))
    hosts = [name for host in allowed_hosts for name in (host, f"{host}:*")]
    app = server.streamable_http_app(
        streamable_http_path=path,
        transport_security=TransportSecuritySettings(
            enable_dns_rebinding_protection=True,
            allowed_hosts=hosts,
            allowed_origins=[f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts],
        ),
    )
    app.add_middleware(_Identified, identify=identify)
    return app


class _Identified:
    """Passes only requests with a known user on, and tells MCP who it is.

    As the SDK's own kind of user: so it answers a session only to the user who began it.
    """

    def __init__(self, app: ASGIApp, identify: Identify) -> None:
        self._app = app
        # In a thread: a session is often looked up in a database, and a blocking look-up stops all users.
        self._asker = Asker(identify)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            found = await self._asker.ask(Request(scope))
        except HTTPException as error:  # as `connect_app` takes it: nobody, or the product's own refusal
            await _refusal(error.status_code, error.headers)(scope, receive, send)
            return
        except ConfigurationError as error:  # logged for the operator, who does not see the answer
            _log.error("A request was refused: %s", error)
            await _refusal(500)(scope, receive, send)
            return
        user = AuthenticatedUser(AccessToken(token="", client_id="", scopes=[], subject=found))
        await self._app({**scope, "user": user}, receive, send)


def _refusal(status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the answer to a request whose user is unknown; a 401 names the scheme, as RFC 9110 (11.6.1) asks."""
    error = {401: "unauthorized", 403: "forbidden"}.get(status, "refused")
    message = "It is not known who sends this request." if status == 401 else "The request was refused."
    named = {name.lower(): value for name, value in (headers or {}).items()}
    if status == 401:
        named.setdefault("www-authenticate", "Bearer")
    return JSONResponse({"error": error, "message": message}, status, named)


def _identifier(request: elicitation.Request) -> str:
    """Return the user of this very request, not of its session.

    Raises:
        NotConnected: nobody is known, which `_Identified` does not let happen.
    """
    user = request.request.scope.get("user") if isinstance(request.request, Request) else None
    found = user.access_token.subject if isinstance(user, AuthenticatedUser) else None
    if not found:
        raise NotConnected(
            "It is not known whose call this is.", hint="Sign in to the product and try again."
        )
    return found
