"""Streamable HTTP for people who add one URL to their client, and sign in with Vimeo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack
from urllib.parse import urlsplit

from mcp.server.auth.handlers.metadata import MetadataHandler
from mcp.server.auth.routes import build_metadata, cors_middleware, create_auth_routes
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions, RevocationOptions
from starlette.applications import Starlette
from starlette.routing import Route

from vimeo_mcp.guard import Guarded
from vimeo_mcp.http import LOOPBACK, app_of
from vimeo_mcp.identified import identity_in
from vimeo_mcp.provider import Provider
from vimeo_mcp.resource import SCOPE, ForResource, url_of
from vimeo_mcp.server import server_for
from vimeo_mcp.steady import Steady
from vimeo_toolkit import AuthorizationServer, ToolOptions, VimeoToolkit, default_toolkit

__all__ = ["sign_in_app"]

_METADATA = "/.well-known/oauth-authorization-server"


def sign_in_app(
    public_url: str,
    *,
    toolkit: VimeoToolkit | None = None,
    connection_name: str = "vimeo",
    path: str = "/mcp",
    allowed_hosts: Sequence[str] = LOOPBACK,
    **options: Unpack[ToolOptions],
) -> Starlette:
    """Return an ASGI application that serves MCP to whoever signs in with Vimeo.

    It is its own authorization server: clients register themselves, a person allows a client on a page of this
    server and then at Vimeo, and the client gets tokens of our own, for this server alone. Several machines with
    one store are one server; `http_app` is for products that know their users themselves.

    Args:
        public_url: where browsers and clients reach this server: https, a host and no path. The application has to
            be mounted at the root. On this machine it may be plain http.
        toolkit: one built by hand; by default the process's own, from the environment. Its rules are those of all
            who sign in: with `approval="destructive"` what deletes asks them first.
        connection_name: the registered Vimeo app. Its redirect URI has to lead to `public_url`, such as
            `https://mcp.example.com/vimeo/callback`, and no product that names users itself should share it.
        path: where MCP is served.
        allowed_hosts: names under which clients reach it beside that of `public_url`.
        options: which tools, and `detail` of their results; see `ToolOptions`.

    Raises:
        ConfigurationError: the URL cannot be one of a server, or the connection does not lead back to it.
        InvalidInput: a name of a tool or a toolset is unknown.
        MissingExtra: a package that pages need is not installed.
    """
    used = toolkit if toolkit is not None else default_toolkit()
    origin = AuthorizationServer.checked_origin(public_url)
    server = AuthorizationServer(
        used, public_url=origin, resource=f"{origin}{path}", connection_name=connection_name
    )
    provider = Provider(server)
    tools = server_for(
        used.unbound_tools(**options),
        lambda asked: server.connect_page(asked.missing_scopes),
        identity_in(connection_name),
    )
    settings = AuthSettings(
        issuer_url=url_of(origin),
        resource_server_url=url_of(server.resource),
        required_scopes=[SCOPE],
        validate_token_resource=False,  # by `ForResource`
    )
    app = app_of(
        tools,
        path,
        [*allowed_hosts, urlsplit(origin).netloc],
        auth=settings,
        token_verifier=ForResource(provider, server.resource),
        custom_starlette_routes=[*_endpoints(server, provider), *server.routes()],
    )
    app.add_middleware(Steady)
    return app


def _endpoints(server: AuthorizationServer, provider: Provider) -> list[Route]:
    """Return the SDK's endpoints, guarded, and metadata that say what they really do."""
    issuer = url_of(server.issuer)
    registration, revocation = ClientRegistrationOptions(enabled=True), RevocationOptions(enabled=True)
    routes: list[Any] = create_auth_routes(
        provider, issuer, client_registration_options=registration, revocation_options=revocation
    )
    metadata = build_metadata(issuer, None, registration, revocation)
    # Clients without a secret are those of most people, and the SDK takes them.
    methods = ["none", "client_secret_post", "client_secret_basic"]
    metadata.token_endpoint_auth_methods_supported = methods
    metadata.revocation_endpoint_auth_methods_supported = methods
    metadata.authorization_response_iss_parameter_supported = True
    metadata.scopes_supported = [SCOPE]
    about = cors_middleware(MetadataHandler(metadata).handle, ["GET", "OPTIONS"])
    return [
        Route(_METADATA, about, methods=["GET", "OPTIONS"]),
        *(
            Route(each.path, Guarded(each.app, server, each.path), methods=sorted(each.methods))
            for each in routes
            if each.path != _METADATA
        ),
    ]
