"""A line that breaks: it forwards bytes to a server and cuts the connection where it was told to."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any, Self

__all__ = ["CuttingProxy"]


class CuttingProxy:
    """Stands in front of a server on loopback.

    Args:
        url: the server.
        cuts: after how many bytes from clients, all in all, a connection is cut.

    Attributes:
        passed: bytes from clients so far.
        left: cuts to come.
    """

    def __init__(self, url: str, cuts: list[int]) -> None:
        host, _, port = url.rpartition("//")[2].partition(":")
        self._target = (host, int(port))
        self.left = sorted(cuts)
        self.passed = 0
        self._guard = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            threading.Thread(target=self._forward, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._forward, args=(server, client, False), daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
                if counted and self._cut(len(data)):
                    break
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _cut(self, count: Any) -> bool:
        with self._guard:
            self.passed += count
            if self.left and self.passed >= self.left[0]:
                self.left.pop(0)
                return True
            return False
