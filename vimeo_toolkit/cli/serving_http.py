"""Serve the tools to clients of the Model Context Protocol over HTTP."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.cli.account_notice import notice_about
from vimeo_toolkit.cli.imported import imported
from vimeo_toolkit.cli.output import err, notice, warn
from vimeo_toolkit.cli.session import Session
from vimeo_toolkit.errors import ConfigurationError, InvalidInput
from vimeo_toolkit.loopback import is_loopback_host
from vimeo_toolkit.secret import Secret

__all__ = ["Users", "serve_http"]

TOKEN = "VIMEO_TOOLKIT_MCP_TOKEN"  # noqa: S105 - the name of a variable
"""What clients of `--http` without `--identify` have to send; one is made when it is not set."""


@dataclass(frozen=True, slots=True)
class Users:
    """Who is served: those whom a function tells apart, whoever signs in with Vimeo, or one user on this machine.

    Args:
        identifier: the one user.
        identify: `module:function`, which names the user of a request.
        public_url: where clients reach the server.
        authorization_server: who gives them tokens that the function knows.
    """

    identifier: str
    identify: str | None = None
    public_url: str | None = None
    authorization_server: str | None = None

    @property
    def sign_in(self) -> bool:
        """Whether they sign in with Vimeo."""
        return self.identify is None and self.public_url is not None


def serve_http(session: Session, rules: dict[str, Any], address: str, users: Users, **chosen: Any) -> None:
    """Serve many users, or one on this machine, whose clients know a token.

    Args:
        rules: those of the toolkit.
        chosen: the tools, as `vimeo_mcp.http_app` takes them.

    Raises:
        InvalidInput: the address is not one.
        ConfigurationError: it would serve one user's account to the network, its port is taken, or `identify` or
            the URLs cannot be used.
    """
    host, port = _address(address)
    if users.identify is None and not users.sign_in and not is_loopback_host(host):
        raise ConfigurationError(
            f"Without --identify or --public-url only this machine is served, and {host} is open to others.",
            hint="Name a function with --identify module:function, let people sign in with Vimeo with --public-url "
            "https://…, or listen on 127.0.0.1.",
        )
    who = imported(users.identify, "--identify") if users.identify is not None else None
    if not is_loopback_host(host):
        chosen.setdefault("allowed_hosts", [host])
    used = session.toolkit(new_store=True, **rules)
    with _listening(host, port) as listener:
        notice(session.where())
        app = _app(session, used, users, who, chosen)
        shown = f"[{host}]" if ":" in host else host
        place = (users.public_url or f"http://{shown}:{port}").rstrip("/")
        notice(f"MCP clients connect to {place}/mcp")

        import uvicorn

        # stderr, so that stdout stays free; no access log, which tells of users.
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listener])


def _app(session: Session, used: VimeoToolkit, users: Users, who: Any, chosen: dict[str, Any]) -> Any:
    import vimeo_mcp

    from vimeo_toolkit.cli.mcp_answers import links_lead_somewhere

    if users.sign_in:
        return vimeo_mcp.sign_in_app(users.public_url or "", toolkit=used, **chosen)
    if not links_lead_somewhere(session):
        chosen["connect_url"] = None
    if who is None:
        writes = not chosen["read_only"]
        about = notice_about(session, used, chosen["connection_name"], users.identifier, writes=writes)
        if about:
            warn(about)
        who = _known_by_token(users.identifier)
    elif users.authorization_server is not None:
        chosen |= {"public_url": users.public_url, "authorization_server": users.authorization_server}
    elif users.public_url is not None:
        raise InvalidInput(
            "--public-url with --identify needs the server that gives your tokens.",
            hint="Add --authorization-server, or leave one of the two out.",
        )
    return vimeo_mcp.http_app(who, toolkit=used, **chosen)


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens there.

    Raises:
        ConfigurationError: the port is taken, or may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    problem = ""
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
    except OSError as error:
        problem = error.strerror or "it is not an address of this machine"
        listener.close()
    if problem:
        raise ConfigurationError(
            f"Nothing can listen at {host}:{port} ({problem}).",
            hint="End the program that does, or name another port: --http 127.0.0.1:8765.",
        )
    return listener


def _address(text: str) -> tuple[str, int]:
    host, found, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not found or not host or not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65536:
        raise InvalidInput(f"{text[:60]!r} is not HOST:PORT.", hint="Write --http 127.0.0.1:8000.")
    return host, int(port)


def _known_by_token(identifier: str) -> Callable[[Any], str | None]:
    """One user; other users of this machine do not know the token."""
    given = os.environ.get(TOKEN)
    token = Secret(given or secrets.token_urlsafe(32))
    if not given:
        err.print("Clients have to send this header:", markup=False)
        err.print(f"Authorization: Bearer {token.reveal()}", markup=False, highlight=False, soft_wrap=True)

    def known(request: Any) -> str | None:
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        return identifier if scheme.lower() == "bearer" and Secret(sent.strip()) == token else None

    return known
