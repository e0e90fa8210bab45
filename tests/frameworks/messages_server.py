"""A server on this machine in the place of Anthropic's API, whose model makes the calls that it is given."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.frameworks.driving import Calls

__all__ = ["Served", "messages_server"]


@dataclass
class Served:
    """Where it is, and the bodies of what it was asked."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def messages_server(calls: Calls) -> Iterator[Served]:
    """Run the server on a free port."""
    served, turns = Served(), [*calls]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            served.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            said: dict[str, Any] = {"type": "text", "text": "Done."}
            if turns:
                name, given = turns.pop(0)
                said = {"type": "tool_use", "id": f"t{len(turns)}", "name": name, "input": given}
            body = {
                "id": "m",
                "type": "message",
                "role": "assistant",
                "model": "m",
                "content": [said],
                "stop_reason": "end_turn" if said["type"] == "text" else "tool_use",
                "stop_sequence": None,
                "usage": {"input_tokens": 1, "output_tokens": 1},
            }
            text = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
