"""A network on loopback that forgets connections without a word, as NATs and load balancers do."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from types import TracebackType
from typing import Self

__all__ = ["Nat"]


class _Passage:
    """One connection through it."""

    def __init__(self, here: socket.socket, there: socket.socket) -> None:
        self.ends = (here, there)
        self.forgotten = False
        self.refused = False
        self.swallowed = 0

    def start(self) -> None:
        for source, target in (self.ends, self.ends[::-1]):
            threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if self.forgotten:
                    self.swallowed += 1
                    if self.refused:
                        source.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        source.close()
                else:
                    target.sendall(data)
        if not self.forgotten:
            self.close()

    def close(self) -> None:
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class Nat:
    """Passes on what comes to its port, until it is told to forget the connections that it has."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.passages: list[_Passage] = []
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                there = socket.create_connection(("127.0.0.1", self._to))
                self.passages.append(_Passage(here, there))
                self.passages[-1].start()

    def forget(self, *, refuse: bool = False) -> None:
        """Swallow from now on what comes on the connections that there are. Nobody is told, or only at that moment,
        by a reset, where the far end refuses what it does not know."""
        for passage in self.passages:
            passage.refused = refuse
            passage.forgotten = True

    @property
    def swallowed(self) -> int:
        """How often something came on a forgotten connection."""
        return sum(passage.swallowed for passage in self.passages)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()
        for passage in self.passages:
            passage.close()
