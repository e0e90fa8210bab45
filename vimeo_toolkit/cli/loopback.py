"""Catch one OAuth callback on this machine (RFC 8252, 7.3), with no more of a web server than that needs."""

from __future__ import annotations

import hmac
import html
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from vimeo_toolkit.errors import AuthorizationFailed, ConfigurationError
from vimeo_toolkit.loopback import is_loopback_host, split_url
from vimeo_toolkit.secret import Secret

__all__ = ["CallbackServer", "is_loopback"]

_GLANCE: Final = 0.2
"""Seconds between two looks for the answer."""

_PAGE: Final = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body style="font: 1.1rem system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem">
<main><h1>{title}</h1><p>{text}</p></main></body></html>"""


def is_loopback(url: str) -> bool:
    """Return whether a browser on this machine can be sent to an address: plain HTTP, a loopback host and a
    port."""
    parts = split_url(url)
    return (
        parts is not None and parts.scheme == "http" and bool(parts.port) and is_loopback_host(parts.hostname)
    )


class _Server(ThreadingHTTPServer):
    """A server with one thread for each connection: browsers open some on which they send nothing, and those must
    not delay others."""

    block_on_close = False

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Log nothing: a stranger's broken request is of no use to the person at the terminal."""


def _target(path: str) -> SplitResult:
    try:
        return urlsplit(path)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _has_state(query: str, state: Secret) -> bool:
    given = parse_qs(query).get("state", [])
    return len(given) == 1 and hmac.compare_digest(given[0].encode(), state.reveal().encode())


class CallbackServer:
    """Listens at the redirect URI, which must be of this machine: `with CallbackServer(uri, state) as server`.

    `state` is that of the authorization link. An answer with another one is not for this link: any web page that
    is open in the browser can send one here, and it must not end the wait.

    Raises:
        ConfigurationError: the port is taken.
    """

    def __init__(self, redirect_uri: str, state: Secret) -> None:
        parts = urlsplit(redirect_uri)
        self._uri, self._path = redirect_uri, parts.path or "/"
        self._caught: Secret | None = None
        # Bound by address: "localhost" may mean IPv6 first, and another program may listen there.
        named, port = (parts.hostname or "").removesuffix("."), parts.port or 80
        host = "127.0.0.1" if named == "localhost" else named
        server = self
        names = {f"[{host}]:{port}" if ":" in host else f"{host}:{port}", f"localhost:{port}"}

        class Handler(BaseHTTPRequestHandler):
            timeout = 5.0

            def do_GET(self) -> None:
                target = _target(self.path)
                if self.headers.get("Host") not in names or target.path != server._path:
                    self._answer(404, "Nothing is here", "This address only waits for Vimeo's answer.")
                elif not _has_state(target.query, state):
                    self._answer(400, "That was not Vimeo's answer", "Open the link in the terminal.")
                else:
                    caught = Secret(f"{server._uri}?{target.query}")
                    try:
                        self._answer(200, "Back to the terminal", "You can close this page.")
                    finally:  # afterwards: the process may end with it
                        server._caught = server._caught or caught

            def _answer(self, status: int, title: str, text: str) -> None:
                page = _PAGE.format(title=html.escape(title), text=html.escape(text)).encode()
                self.send_response(status)
                for name, value in (
                    ("Content-Type", "text/html; charset=utf-8"),
                    ("Content-Length", str(len(page))),
                    ("Cache-Control", "no-store"),
                    ("Referrer-Policy", "no-referrer"),
                    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
                    ("Connection", "close"),
                ):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Log nothing: the request line has the code."""

        try:
            self._server = _Server((host, port), Handler)
        except OSError:
            raise ConfigurationError(
                f"Nothing can listen at {host}:{port}, where the redirect URI leads.",
                hint="End the program that does, or connect with --paste.",
            ) from None

    def __enter__(self) -> CallbackServer:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._server.server_close()

    def wait(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> Secret:
        """Wait for the browser and return the whole callback URL.

        Raises:
            AuthorizationFailed: none came within these seconds.
        """
        until = clock() + seconds
        while self._caught is None:
            left = until - clock()
            if left <= 0:
                raise AuthorizationFailed(
                    "Nobody came back from Vimeo's page.",
                    hint="Run it again, and allow the access within ten minutes.",
                )
            self._server.timeout = min(left, _GLANCE)  # the answer arrives in another thread
            self._server.handle_request()
        return self._caught
