"""A server that gives one recorded answer, and enough around it for a flow to get there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

__all__ = ["GRANT", "Stub", "serve"]

SCOPES = "public private create edit delete interact upload stats"
GRANT = {
    "scope": SCOPES,
    "access_token": "issued-to-the-stub",
    "token_type": "bearer",
    "user": {"uri": "/users/7", "name": "Somebody", "link": "https://vimeo.com/user7"},
    "app": {"uri": "/apps/9", "name": "An app"},
}
NOT_SENT = frozenset({"content-length", "transfer-encoding", "content-encoding", "connection"})


class Stub:
    """What is served, and what came."""

    def __init__(self) -> None:
        self.url = ""
        self.route: tuple[str, str] = ("", "")
        """Method and path of the request that is answered with `answer`."""
        self.answer: tuple[int, dict[str, str], bytes] = (200, {}, b"{}")
        self.revoked = False
        self.asked: list[tuple[str, str]] = []

    def show(self, recording: dict[str, Any], path: str | None = None) -> None:
        """Serve this recording from now on, to its own path or another."""
        response, request = recording["response"], recording["request"]
        body = response["body"]
        content = (body if isinstance(body, str) else json.dumps(body)).encode() if body else b""
        headers = {
            name: value
            for name, value in (response["headers"] or {}).items()
            if name.lower() not in NOT_SENT and isinstance(value, str)
        }
        self.route = (request["method"], path or urlsplit(request["path"]).path)
        self.answer = (response["status"], headers, content)
        self.revoked = response["status"] == 401
        self.asked.clear()

    def respond(self, method: str, path: str) -> tuple[int, dict[str, str], bytes]:
        if (method, path) == self.route:
            return self.answer
        if path == "/oauth/verify" and not self.revoked:
            return 200, {}, json.dumps(GRANT).encode()
        if path == "/me" and not self.revoked:
            return 200, {}, b'{"uri":"/users/7","upload_quota":{"space":{"free":9000000000}}}'
        status = 401 if self.revoked else 404
        return status, {}, b'{"error":"There is nothing else here."}'


@contextmanager
def serve() -> Iterator[Stub]:
    """A stub on a free port."""
    stub = Stub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # a body is written behind its head, and would wait 40 ms

        def handle_any(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urlsplit(self.path).path
            stub.asked.append((self.command, path))
            status, headers, content = stub.respond(self.command, path)
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if status != 204:
                self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            pass

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"):
        setattr(Handler, f"do_{method}", Handler.handle_any)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stub.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
