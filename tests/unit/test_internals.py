"""Private names of other libraries: all in one module, looked up, and never done without in silence."""

from __future__ import annotations

import ast
import asyncio
import logging
import socket
import threading
from asyncio.trsock import TransportSocket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest

import vimeo_toolkit
from vimeo_toolkit.runtime import asynchronous, blocking, driver_parts, internals
from vimeo_toolkit.runtime.asynchronous import AsyncIO
from vimeo_toolkit.runtime.blocking import BlockingIO, run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.stores.sqlite import SqliteStore

ROOT = Path(vimeo_toolkit.__file__).parent


def test_none_is_missing() -> None:
    assert internals.missing() == ()


def _gone(self: Any) -> Any:
    raise AttributeError


GONE = property(_gone, lambda self, value: None)


@pytest.mark.parametrize(
    ("owner", "name", "told"),
    [
        (httpx.AsyncClient, "_transport", "AsyncClient._transport"),
        (httpx.Client, "_transport_for_url", "Client._transport_for_url"),
        (httpx.HTTPTransport, "_pool", "HTTPTransport._pool"),
        (httpx.AsyncHTTPTransport, "_pool", "AsyncHTTPTransport._pool"),
        (httpcore.ConnectionPool, "_network_backend", "ConnectionPool._network_backend"),
        (httpcore.AsyncHTTPProxy, "_network_backend", "AsyncHTTPProxy._network_backend"),
        (TransportSocket, "_sock", "TransportSocket._sock"),
    ],
)
def test_what_is_missing_is_named_and_told(
    owner: type,
    name: str,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if name == "_sock":
        monkeypatch.setattr(internals, "_SOCKET", "_moved")
        told = "TransportSocket._moved"
    else:
        monkeypatch.setattr(owner, name, GONE, raising=False)
    internals.missing.cache_clear()
    try:
        assert told in internals.missing()
        assert list(internals.pools(httpx.Client(trust_env=False))) == []
        internals.missing()
    finally:
        internals.missing.cache_clear()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]  # once
    assert told in caplog.text


def test_no_other_module_does_without_a_private_name() -> None:
    """`getattr(x, "_name", None)` on somebody else's object switches a promise off when the name moves."""
    found = []
    for path in ROOT.rglob("*.py"):
        if path.name == "internals.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(
                    func=ast.Name(id="getattr" | "hasattr"),
                    args=[ast.Name(id=of), ast.Constant(value=str(name)), *_],
                ) if name.startswith("_") and not name.startswith("__") and of not in ("self", "server"):
                    found.append(f"{path.name}: {of}.{name}")
    assert found == []


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (blocking, asynchronous, internals):
        monkeypatch.setattr(module, "missing", lambda: ("Client._transport",))


@pytest.fixture
def dripping() -> Iterator[str]:
    """A server that sends a byte now and then, for ever."""
    over = threading.Event()

    def serve() -> None:
        client, _ = listener.accept()
        with client:
            client.recv(4096)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not over.wait(0.02):
                client.sendall(b" ")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        over.set()


@pytest.mark.usefixtures("plain")
def test_without_them_a_deadline_holds(dripping: str) -> None:
    with pytest.raises(AnswerLost):
        run_sync(BlockingIO(SqliteStore(":memory:")).send(HttpRequest("GET", dripping, ()), timeout=0.2))


@pytest.mark.usefixtures("plain")
def test_without_them_requests_are_sent_and_not_logged(
    vimeo: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    store = SqliteStore(":memory:")
    request = HttpRequest("GET", f"{vimeo.url}/me?secret=1", (), private=True)
    assert run_sync(BlockingIO(store).send(request, timeout=10.0)).status == 401

    async def send() -> int:
        io = AsyncIO(store)
        try:
            return (await io.send(request, timeout=10.0)).status
        finally:
            await io.aclose()

    assert asyncio.run(send()) == 401
    assert "secret" not in caplog.text
    httpx.get(f"{vimeo.url}/me?other=1")  # somebody else's request is logged as ever
    assert "other" in caplog.text


@pytest.mark.usefixtures("plain")
def test_without_them_a_failure_is_one_of_ours() -> None:
    request = HttpRequest("GET", "http://127.0.0.1:9/", ())
    with pytest.raises(Exception, match="ConnectError"):
        run_sync(BlockingIO(SqliteStore(":memory:")).send(request, timeout=5.0))


def test_the_operators_proxies_are_read_once_and_apply_to_every_client(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "http://user:pass@127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "inside.example")
    kinds: Any = ((httpx.Client, httpx.HTTPTransport), (httpx.AsyncClient, httpx.AsyncHTTPTransport))
    for client, kind in kinds:
        usual = client()
        make = driver_parts.clients(client, kind)
        with monkeypatch.context() as later:
            later.delenv("https_proxy")
            made = [make(), make()]
        for url in ("https://api.vimeo.com/me", "https://inside.example/", "http://api.vimeo.com/"):
            ways = [type(internals.pool(each, httpx.URL(url))) for each in (usual, *made)]
            assert len(set(ways)) == 1, url
            assert ("Proxy" in ways[0].__name__) is (url == "https://api.vimeo.com/me")
        assert made[0]._transport is not made[1]._transport
