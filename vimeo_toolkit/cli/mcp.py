"""`vimeo-toolkit mcp`: the tools for clients of the Model Context Protocol."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from vimeo_toolkit.cli.common import err, toolkit
from vimeo_toolkit.errors import ConfigurationError, InvalidInput
from vimeo_toolkit.loopback import is_loopback_host
from vimeo_toolkit.secret import Secret

__all__ = ["serve_http", "serve_stdio"]

TOKEN = "VIMEO_TOOLKIT_MCP_TOKEN"  # noqa: S105 - the name of a variable
"""What clients of `--http` without `--identify` have to send; one is made when it is not set."""


def serve_stdio(rules: dict[str, Any], identifier: str, **chosen: Any) -> None:
    """Serve one user over stdin and stdout, on which nothing else may be written, until stdin ends.

    `rules` are those of the toolkit.
    """
    vimeo_mcp = _adapter()
    used = toolkit(**rules)
    server = vimeo_mcp.create_server(identifier, toolkit=used, **chosen)

    async def serve() -> None:
        async with used:
            await vimeo_mcp.run_stdio(server)

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())


def serve_http(
    rules: dict[str, Any],
    address: str,
    identifier: str,
    identify: str | None,
    allowed_hosts: list[str] | None,
    **chosen: Any,
) -> None:
    """Serve many users, whom `identify` tells apart, or one on this machine, whose clients know a token.

    Raises:
        InvalidInput: the address is none.
        ConfigurationError: it would serve one user's account to the network, or `identify` cannot be used.
    """
    vimeo_mcp = _adapter()
    host, port = _address(address)
    if identify is None and not is_loopback_host(host):
        raise ConfigurationError(
            f"Without --identify only this machine is served, and {host} is open to others.",
            hint="Name a function with --identify module:function, or listen on 127.0.0.1.",
        )
    who = _imported(identify) if identify is not None else _known_by_token(identifier)
    if allowed_hosts is None and not is_loopback_host(host):
        allowed_hosts = [host]
    if allowed_hosts is not None:
        chosen["allowed_hosts"] = allowed_hosts
    app = vimeo_mcp.http_app(who, toolkit=toolkit(**rules), **chosen)

    import uvicorn

    # stderr, so that stdout stays free; no access log, which tells of users.
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)


def _adapter() -> Any:
    try:
        import vimeo_mcp
    except ImportError as missing:
        # mcp_types is not in the 1.x releases.
        if (missing.name or "").partition(".")[0] not in ("mcp", "mcp_types", "vimeo_mcp"):
            raise
    else:
        return vimeo_mcp
    raise ConfigurationError(
        "The MCP server needs its extra.", hint='Install it: pip install "vimeo-toolkit[mcp]"'
    )


def _address(text: str) -> tuple[str, int]:
    host, found, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not found or not host or not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65536:
        raise InvalidInput(f"{text[:60]!r} is no HOST:PORT.", hint="Write --http 127.0.0.1:8000.")
    return host, int(port)


def _imported(name: str) -> Callable[..., Any]:
    module, found, function = name.partition(":")
    sys.path.insert(0, os.getcwd())  # as uvicorn does for the application that it serves
    try:
        made = getattr(import_module(module), function, None) if found and module else None
    except ImportError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise  # it is there, and something that it needs is not
        made = None
    if not callable(made):
        raise ConfigurationError(
            f"{name[:80]!r} names no function.",
            hint="Write --identify module:function, importable from here.",
        )
    return made  # type: ignore[no-any-return]


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
