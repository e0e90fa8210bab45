"""A server that answers every request in one wrong way, and repeats what it was sent wherever it can."""

from __future__ import annotations

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.leaks.markers import TOKEN

__all__ = ["WAYS", "Faults"]

WAYS = [
    "refused",
    "reset",
    "cut",
    "slow",
    "500",
    "html",
    "empty",
    "echo400",
    "echo403",
    "401",
    "302",
    "text",
    "list",
]


class _Handler(BaseHTTPRequestHandler):
    server: Faults
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a body is written behind its head, and would wait 40 ms

    def _any(self) -> None:
        sent = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        echo = f"{self.headers.get('authorization')} {sent}"
        grant = json.dumps(
            {"access_token": f"{TOKEN}-cut", "refresh_token": f"{TOKEN}-cut", "scope": "public"}
        )
        match self.server.way:
            case "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                self.close_connection = True
            case "cut":
                self._answer(200, grant, length=10_000)
                self.close_connection = True
            case "slow":
                time.sleep(0.6)
                self.close_connection = True
            case "500":
                self._answer(500, json.dumps({"error": echo}))
            case "html":
                self._answer(200, f"<html>{echo}</html>", kind="text/html")
            case "empty":
                self._answer(200, "")
            case "echo400":
                problems = [{"field": "password", "error": f"{echo} is wrong"}]
                self._answer(400, json.dumps({"error": f"Bad {echo}", "invalid_parameters": problems}))
            case "echo403":
                self._answer(403, json.dumps({"error": f"No {echo}"}))
            case "401":
                self._answer(401, json.dumps({"error": echo}))
            case "302":
                self._answer(302, echo, location="https://evil.test/")
            case "text":
                self._answer(200, json.dumps(echo))
            case "list":
                self._answer(200, grant[:-5])

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 - http.server's names

    def _answer(
        self,
        status: int,
        body: str,
        *,
        kind: str = "application/json",
        length: int | None = None,
        **headers: str,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode()) if length is None else length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None: ...


class Faults(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.way = "500"
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Faults:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, *_: Any) -> None: ...
