"""A proxy in front of a sandbox that breaks the connections and answers of chosen requests.

    from vimeo_toolkit.sandbox import FAULTS, FaultProxy, Sandbox

    with Sandbox() as vimeo, FaultProxy(vimeo) as proxy:
        toolkit = VimeoToolkit([Connection(..., api_url=proxy.url)])
        proxy.inject(FAULTS["reset-in-body"], times=2, match=lambda method, path: method == "GET")
        ...                                      # let the agent work
        assert proxy.count("POST") == 1          # nothing was sent twice

Every fault of `faults.FAULTS` that strikes a connection, headers, a body or an answer can be injected; what the
others do to a test's own account, file or clock is described with them.
"""

from __future__ import annotations

import contextlib
import http.client
import select
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from vimeo_toolkit.sandbox.exchange import Exchange, RawAnswer, RawRequest, reset
from vimeo_toolkit.sandbox.faults import CLOSED_ON_ACCEPT, CONNECTION_REFUSED, Fault, Where

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.server import Sandbox

__all__ = ["FaultProxy", "Match"]

Match = Callable[[str, str], bool]
"""Takes the method and the path with its query."""

_HOP_BY_HOP = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive", "host"})


@dataclass(slots=True)
class _Injected:
    fault: Fault
    times: int
    match: Match | None


class FaultProxy:
    """Stands in front of a running sandbox, on loopback.

    Args:
        vimeo: the sandbox; its `url` is where requests go on to.

    Attributes:
        received: method and path of every request that arrived here, in order.
        forwarded: of those, the ones that the sandbox was given to carry out.
        strayed: headers of every request that reached the second server, to which redirects lead: a client
            that follows one shows here whether it took its token along.
        connections: how many connections were accepted.
    """

    def __init__(self, vimeo: Sandbox) -> None:
        target = urlsplit(vimeo.url)
        self._target = (str(target.hostname), int(target.port or 80))
        self.received: list[tuple[str, str]] = []
        self.forwarded: list[tuple[str, str]] = []
        self.strayed: list[dict[str, str]] = []
        self.connections = 0
        self._injected: list[_Injected] = []
        self._guard = threading.Lock()
        self._over = threading.Event()
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self._port = 0
        self._elsewhere: socket.socket | None = None

    @property
    def url(self) -> str:
        """What to use as `api_url`, such as `http://127.0.0.1:49153`."""
        if not self._port:
            raise RuntimeError("The proxy is not running: use it in a with statement.")
        return f"http://127.0.0.1:{self._port}"

    def inject(self, fault: Fault, times: int = 1, match: Match | None = None) -> None:
        """Let the next `times` requests that match meet this fault; several faults strike in order.

        A fault of a connection strikes connections, whatever is sent over them: those that are open are
        closed. A refusal lasts until `clear`.

        Raises:
            ValueError: the fault does not happen on the way.
        """
        if fault is CONNECTION_REFUSED:
            self._stop_listening()
        elif fault is not CLOSED_ON_ACCEPT and fault.strike is None:
            raise ValueError(f"{fault.name} strikes the {fault.where.value}, not what passes a proxy.")
        else:
            with self._guard:
                self._injected.append(_Injected(fault, times, match))
        if fault.where is Where.CONNECTION:
            self._drop_connections()

    def clear(self) -> None:
        """Take all faults back."""
        with self._guard:
            self._injected.clear()
        if self._listener is None:
            self._listen()

    def count(self, method: str) -> int:
        """Return how many requests of this method arrived here."""
        return sum(1 for received, _ in self.received if received == method)

    def __enter__(self) -> Self:
        self._elsewhere = _listening(0)
        _in_thread(self._accept, self._elsewhere, self._stray)
        self._listen()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._over.set()
        self._stop_listening()
        if self._elsewhere is not None:
            _shut(self._elsewhere)
        self._drop_connections()

    def _listen(self) -> None:
        listener = _listening(self._port)
        self._port = listener.getsockname()[1]
        self._listener = listener
        _in_thread(self._accept, listener, self._serve)

    def _stop_listening(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            _shut(listener)

    def _drop_connections(self) -> None:
        with self._guard:
            dropped = list(self._open)
        for connection in dropped:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket, serve: Callable[[socket.socket], None]) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            _in_thread(self._attend, client, serve)

    def _attend(self, client: socket.socket, serve: Callable[[socket.socket], None]) -> None:
        with self._guard:
            self._open.add(client)
        try:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            serve(client)
        except OSError:
            pass  # the client went away in the middle: that is its right
        finally:
            with self._guard:
                self._open.discard(client)
            client.close()

    def _serve(self, client: socket.socket) -> None:
        self.connections += 1
        if self._due(lambda injected: injected.fault is CLOSED_ON_ACCEPT):
            # Not sooner than the client sends: a reset at once looks to some clients like a refusal.
            select.select([client], [], [], 1.0)
            reset(client)
            return
        while (request := RawRequest.read(client)) is not None and not self._over.is_set():
            self.received.append((request.method, request.path))
            fault = self._due(
                lambda injected: (
                    injected.fault.strike is not None
                    and (injected.match is None or injected.match(request.method, request.path))
                )
            )
            exchange = Exchange(client, request, self._forward, self._elsewhere_url, self._over)
            if fault is None or fault.strike is None:
                exchange.answer(exchange.forward())
            else:
                fault.strike(exchange)
            if not exchange.reusable:
                return

    def _due(self, concerns: Callable[[_Injected], bool]) -> Fault | None:
        with self._guard:
            for injected in self._injected:
                if injected.times > 0 and concerns(injected):
                    injected.times -= 1
                    return injected.fault
        return None

    def _forward(self, request: RawRequest) -> RawAnswer:
        self.forwarded.append((request.method, request.path))
        upstream = http.client.HTTPConnection(*self._target, timeout=30)
        try:
            headers = {name: value for name, value in request.headers.items() if name not in _HOP_BY_HOP}
            upstream.request(request.method, request.path, request.body or None, headers)
            answer = upstream.getresponse()
            body = answer.read()
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP]
            return RawAnswer(answer.status, kept, body)
        finally:
            upstream.close()

    @property
    def _elsewhere_url(self) -> str:
        assert self._elsewhere is not None  # noqa: S101 - set while running
        # Another name than the proxy's: a client may not take it for the same host.
        return f"http://localhost:{self._elsewhere.getsockname()[1]}"

    def _stray(self, client: socket.socket) -> None:
        while (request := RawRequest.read(client)) is not None:
            self.strayed.append(request.headers)
            client.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
            )


def _listening(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    return listener


def _shut(listener: socket.socket) -> None:
    with contextlib.suppress(OSError):  # wakes the thread that accepts; some systems only do so on close
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def _in_thread(function: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=function, args=arguments, name="vimeo-fault-proxy", daemon=True).start()
