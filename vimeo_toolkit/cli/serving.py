"""Serve the tools to clients of the Model Context Protocol, over stdio or HTTP."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import Callable
from typing import Any

from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.cli.account_notice import notice_about
from vimeo_toolkit.cli.imported import imported
from vimeo_toolkit.cli.output import err, notice, warn
from vimeo_toolkit.cli.session import Session
from vimeo_toolkit.errors import ConfigurationError, InvalidInput
from vimeo_toolkit.loopback import is_loopback_host
from vimeo_toolkit.secret import Secret

__all__ = ["serve_http", "serve_stdio"]

TOKEN = "VIMEO_TOOLKIT_MCP_TOKEN"  # noqa: S105 - the name of a variable
"""What clients of `--http` without `--identify` have to send; one is made when it is not set."""


def serve_stdio(session: Session, rules: dict[str, Any], identifier: str, **chosen: Any) -> None:
    """Serve one user over stdin and stdout, on which nothing else may be written, until stdin ends or Ctrl+C.

    What stands in the way of the account (there is none, it may not write) is told on stderr and to the client.

    Args:
        rules: those of the toolkit.
        chosen: the tools, as `vimeo_mcp.create_server` takes them.

    Raises:
        ConfigurationError: the settings cannot work, or the extra is not installed.
    """
    import vimeo_mcp

    from vimeo_toolkit.cli.mcp_answers import advise, links_lead_somewhere

    if not links_lead_somewhere(session):
        chosen["connect_url"] = None
    used = session.toolkit(new_store=True, **rules)
    # The SDK waits for stdin in a thread that nothing can interrupt. Between two messages there is nothing to
    # save, and what is under way apart (a token's renewal) is finished when the toolkit is closed.
    signal.signal(signal.SIGINT, lambda *_: _end(used))
    connection = chosen["connection_name"]
    about = notice_about(session, used, connection, identifier, writes=not chosen["read_only"])
    notice(session.where())
    if about:
        warn(about)
    server = vimeo_mcp.create_server(identifier, toolkit=used, **chosen)
    advise(server, session, identifier, about)
    asyncio.run(_serve(vimeo_mcp, used, server))


async def _serve(vimeo_mcp: Any, used: VimeoToolkit, server: Any) -> None:
    async with used:
        await vimeo_mcp.run_stdio(server)


def _end(used: VimeoToolkit) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    used.close()
    os._exit(130)


def serve_http(
    session: Session,
    rules: dict[str, Any],
    address: str,
    identifier: str,
    identify: str | None,
    **chosen: Any,
) -> None:
    """Serve many users, whom `identify` tells apart, or one on this machine, whose clients know a token.

    Raises:
        InvalidInput: the address is not one.
        ConfigurationError: it would serve one user's account to the network, its port is taken, or `identify`
            cannot be used.
    """
    import vimeo_mcp

    from vimeo_toolkit.cli.mcp_answers import links_lead_somewhere

    if not links_lead_somewhere(session):
        chosen["connect_url"] = None
    host, port = _address(address)
    if identify is None and not is_loopback_host(host):
        raise ConfigurationError(
            f"Without --identify only this machine is served, and {host} is open to others.",
            hint="Name a function with --identify module:function, or listen on 127.0.0.1.",
        )
    who = imported(identify, "--identify") if identify is not None else None
    if chosen.get("allowed_hosts") is None:
        chosen.pop("allowed_hosts", None)
        if not is_loopback_host(host):
            chosen["allowed_hosts"] = [host]
    used = session.toolkit(new_store=True, **rules)
    with _listening(host, port) as listener:
        notice(session.where())
        if who is None:
            about = notice_about(
                session, used, chosen["connection_name"], identifier, writes=not chosen["read_only"]
            )
            if about:
                warn(about)
            who = _known_by_token(identifier)
        app = vimeo_mcp.http_app(who, toolkit=used, **chosen)
        shown = f"[{host}]" if ":" in host else host
        notice(f"MCP clients connect to http://{shown}:{port}/mcp")

        import uvicorn

        # stderr, so that stdout stays free; no access log, which tells of users.
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listener])


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
