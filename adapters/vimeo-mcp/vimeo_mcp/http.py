"""Streamable HTTP for many users: each request's user is identified before MCP sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack
from urllib.parse import urlsplit

from mcp.server.auth.provider import TokenVerifier
from mcp.server.auth.settings import AuthSettings
from mcp.server.lowlevel import Server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette

from vimeo_mcp.connecting import ConnectUrl, authorization_link
from vimeo_mcp.identified import Identified, Identify, identity_in
from vimeo_mcp.resource import ForResource, Resource, url_of
from vimeo_mcp.server import server_for
from vimeo_toolkit import ConfigurationError, ToolOptions, VimeoToolkit, default_toolkit

__all__ = ["LOOPBACK", "Identify", "app_of", "http_app"]

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def http_app(
    identify: Identify | TokenVerifier,
    *,
    toolkit: VimeoToolkit | None = None,
    connection_name: str = "vimeo",
    path: str = "/mcp",
    allowed_hosts: Sequence[str] = LOOPBACK,
    connect_url: ConnectUrl | None = authorization_link,
    public_url: str | None = None,
    authorization_server: str | None = None,
    **options: Unpack[ToolOptions],
) -> Starlette:
    """Return an ASGI application that serves MCP over streamable HTTP. Run its lifespan when you mount it.

    Args:
        identify: who sends this request, see `Identify`; sync (it is run in a thread) or async, within 30
            seconds. An `HTTPException` of Starlette's becomes that answer; anything else that it raises ends the
            request. With `authorization_server` also a `TokenVerifier` of the SDK's: its `subject` is the user, and
            its `resource` has to be this server's URL.
        toolkit: one built by hand; by default the process's own, from the environment.
        connection_name: the registered Vimeo app.
        path: where MCP is served.
        allowed_hosts: names under which clients reach it beside that of `public_url`; a request for another, which
            a web page could make a browser send (DNS rebinding), is refused.
        connect_url: makes the page that a client opens for a user who has to connect, or to grant more, such as
            your own connect page, which checks who opens it; by default Vimeo's. None, and clients that cannot open
            pages: the call's error has the link.
        public_url: where clients reach this server: https and a host, with the application at its root. With
            `authorization_server` a refusal says where clients get tokens (RFC 9728), so that they sign in.
        authorization_server: the URL of the server of yours that gives tokens (its issuer). `sign_in_app` is for
            those who have none.
        options: which tools (`include`, `exclude`, `toolsets`, `read_only`), and `detail` of their results; see
            `ToolOptions`.

    Raises:
        ConfigurationError: a URL is missing, or cannot be one of a server.
        InvalidInput: a name or a toolset is unknown.
    """
    resource = Resource.of(public_url, path, authorization_server)
    tools = (toolkit if toolkit is not None else default_toolkit()).unbound_tools(**options)
    server = server_for(tools, connect_url, identity_in(connection_name))
    hosts = [*allowed_hosts] if resource is None else [*allowed_hosts, urlsplit(resource.url).netloc]
    if not callable(identify):
        if resource is None:
            raise ConfigurationError(
                "A TokenVerifier needs public_url and authorization_server: tokens are for one server.",
                hint="Give both, or an identify function.",
            )
        settings = AuthSettings(
            issuer_url=url_of(resource.authorization_server),
            resource_server_url=url_of(resource.url),
            validate_token_resource=False,  # by `ForResource`
        )
        verifier = ForResource(identify, resource.url)
        return app_of(server, path, hosts, auth=settings, token_verifier=verifier)
    app = app_of(server, path, hosts, custom_starlette_routes=resource.routes() if resource else [])
    app.add_middleware(
        Identified, identify=identify, metadata_url=resource.metadata_url if resource else None
    )
    return app


def app_of(server: Server[Any], path: str, allowed_hosts: Sequence[str], **how: Any) -> Starlette:
    """Return the SDK's application of a server for these hosts. `how`: what the SDK takes besides."""
    hosts = [name for host in allowed_hosts for name in (host, f"{host}:*")]
    return server.streamable_http_app(
        streamable_http_path=path,
        transport_security=TransportSecuritySettings(
            enable_dns_rebinding_protection=True,
            allowed_hosts=hosts,
            allowed_origins=[f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts],
        ),
        **how,
    )
