"""One deadline for all that a call sends, and for each read of the blocking driver."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
import httpx
import pytest

from tests.unit.world import World, answer, execute
from vimeo_toolkit import VimeoUnavailable
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.deadline import Backend, enforce, until
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest, HttpResponse

UNAUTHORIZED = answer(401, b'{"error_code":8003}')
VERIFIED = answer(200, b'{"scope":"public private","user":{"uri":"/users/7"},"app":{"uri":"/apps/9"}}')


EVENTS = ["video.upload.complete", "video.transcode.complete", "video.privacy.change"]


class Slow(World):
    """Every answer takes so many seconds, or the whole timeout."""

    seconds = 4.0

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        took = min(self.seconds, timeout)
        self.time += took
        if took == timeout:
            self.sent.append(request)
            raise AnswerLost("timeout")
        return await super().send(request, timeout=timeout)


def _call(world: World, tool: str, arguments: dict[str, Any]) -> None:
    ctx = world.context(timeout=10.0)
    world.account(ctx)
    started = world.monotonic()
    with pytest.raises(VimeoUnavailable):
        run_sync(execute(ctx, world, tool, arguments))
    assert world.monotonic() - started <= 10.0


def test_a_verification_takes_from_the_calls_time() -> None:
    """401 after 4 s, verified after 8 s; the repeat has 2 s left."""
    _call(Slow(UNAUTHORIZED, VERIFIED), "vimeo_me_get", {})


def test_a_tool_of_several_requests_has_one_deadline() -> None:
    """4 s, 4 s, and the third has 2 s left; what was made is told."""
    world = Slow(answer(201, b'{"uri":"/apps/9/webhooks/1"}'), answer(201, b'{"uri":"/apps/9/webhooks/2"}'))
    ctx = world.context(timeout=10.0)
    world.account(ctx)
    started = world.monotonic()
    arguments = {"url": "https://hooks.example.com/x", "event_types": EVENTS}
    result = run_sync(execute(ctx, world, "vimeo_webhook_create", arguments))
    assert world.monotonic() - started <= 10.0
    assert [hook["uri"][-1] for hook in result["data"]] == ["1", "2"]
    assert [error["error"] for error in result["errors"]] == ["outcome_unknown"]


def test_what_was_made_is_told_when_the_token_ends_in_between() -> None:
    made = answer(201, b'{"uri":"/apps/9/webhooks/1"}')
    world = World(made, UNAUTHORIZED, UNAUTHORIZED, UNAUTHORIZED)
    ctx = world.context()
    world.account(ctx)
    arguments = {"url": "https://hooks.example.com/x", "event_types": EVENTS}
    result = run_sync(execute(ctx, world, "vimeo_webhook_create", arguments))
    assert result["total"] == 1
    assert [error["error"] for error in result["errors"]] == ["revoked", "revoked"]
    assert result["errors"][0]["authorization_link"]


def _served(serve: Callable[[socket.socket], None]) -> tuple[str, socket.socket]:
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        client, _ = listener.accept()
        with client:
            serve(client)

    threading.Thread(target=accept, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/", listener


def test_a_reader_that_hardly_reads() -> None:
    """A large body is written in parts, each within what is left."""
    over = threading.Event()

    def serve(client: socket.socket) -> None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        while not over.wait(0.02):
            client.recv(512)

    url, listener = _served(serve)
    with listener, enforce(httpx.Client(timeout=5.0, trust_env=False), Backend()) as client:
        started = time.monotonic()
        with pytest.raises(httpx.TimeoutException), until(time.monotonic() + 0.5):
            client.post(url, content=b"x" * 16_000_000)
        assert time.monotonic() - started < 15
    over.set()


def test_without_a_deadline_nothing_changes() -> None:
    def serve(client: socket.socket) -> None:
        client.recv(4096)
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    url, listener = _served(serve)
    with listener, enforce(httpx.Client(trust_env=False), Backend()) as client:
        assert client.get(url).content == b"{}"


def test_every_way_out_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections through a proxy of the operator's, too. Breaks when httpx moves what `enforce` replaces."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with enforce(httpx.Client(), Backend()) as client:
        for url in ("https://api.vimeo.com/", "http://127.0.0.1/"):
            transport = client._transport_for_url(httpx.URL(url))
            with pytest.raises(httpx.ConnectTimeout), until(time.monotonic() - 1):
                transport.handle_request(httpx.Request("GET", url))


def test_tls_keeps_it() -> None:
    class Raw(httpcore.NetworkStream):
        def start_tls(
            self,
            ssl_context: ssl.SSLContext,
            server_hostname: str | None = None,
            timeout: float | None = None,
        ) -> httpcore.NetworkStream:
            return self

        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            assert timeout is not None
            assert timeout <= 5
            return b"x"

        def close(self) -> None: ...

        def get_extra_info(self, info: str) -> Any:
            return info

    class Inner(httpcore.NetworkBackend):
        def connect_tcp(
            self,
            host: str,
            port: int,
            timeout: float | None = None,
            local_address: str | None = None,
            socket_options: Iterable[Any] | None = None,
        ) -> httpcore.NetworkStream:
            return Raw()

    stream = Backend(Inner()).connect_tcp("127.0.0.1", 443).start_tls(ssl.create_default_context())
    with until(time.monotonic() + 5):
        assert stream.read(1, 60.0) == b"x"
    with until(time.monotonic() - 1), pytest.raises(httpcore.ReadTimeout):
        stream.read(1, 60.0)
    with until(time.monotonic() - 1), pytest.raises(httpcore.WriteTimeout):
        stream.write(b"x", 60.0)
    assert stream.get_extra_info("x") == "x"
    stream.close()
