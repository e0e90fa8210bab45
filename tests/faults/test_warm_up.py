"""What a process does before its first call, so that nobody waits for it."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.forgetful import Nat
from tests.faults.http2_server import Server, serving, until
from tests.faults.tls import trust
from vimeo_toolkit import ConfigurationError, Connection, StoreError, VimeoToolkit
from vimeo_toolkit.runtime import loop_connections
from vimeo_toolkit.runtime.asynchronous import AsyncIO
from vimeo_toolkit.runtime.blocking import BlockingIO, run_sync
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse, NotSent
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.stores.sqlite import SqliteStore

MODES = ("sync", "async")


async def warm(toolkit: VimeoToolkit, mode: str, **options: Any) -> bool:
    return toolkit.warm_up(**options) if mode == "sync" else await toolkit.awarm_up(**options)


@pytest.mark.parametrize("mode", MODES)
async def test_the_first_call_finds_a_connection(lasting: Sandbox, mode: str) -> None:
    with (
        Nat(int(lasting.url.rpartition(":")[2])) as nat,
        VimeoToolkit(
            [Connection(api_url=f"http://127.0.0.1:{nat.port}")], store="sqlite:///:memory:"
        ) as toolkit,
    ):
        lasting.requests.clear()
        assert await warm(toolkit, mode)
        assert await warm(toolkit, mode)  # again, as in each task of a worker: it finds one connection
        token = lasting.issue_token().access_token
        assert not lasting.requests
        if mode == "sync":
            toolkit.import_token(identifier="u", access_token=token)
            toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")
        else:
            await toolkit.aimport_token(identifier="u", access_token=token)
            await toolkit.aexecute_tool(identifier="u", tool_name="vimeo_me_get")
        assert len(nat.passages) == 1
        await toolkit.aclose()


@pytest.mark.parametrize("mode", MODES)
async def test_what_is_away_is_told_to_the_log_alone(
    mode: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = SqliteStore(":memory:")

    def away(key: Any) -> None:
        raise StoreError("The store is away.")

    async def aaway(key: Any) -> None:
        away(key)

    monkeypatch.setattr(store, "get", away)
    monkeypatch.setattr(store, "aget", aaway)
    with (
        VimeoToolkit([Connection(api_url="http://127.0.0.1:1")], store=store) as toolkit,
        caplog.at_level(logging.WARNING, logger="vimeo_toolkit.warm_up"),
    ):
        assert not await warm(toolkit, mode)
        assert [record.getMessage() for record in caplog.records] == [
            "The store cannot be used yet: The store is away.",
            "There is no connection to http://127.0.0.1:1 yet: nothing listens there.",
        ]
        with pytest.raises(ConfigurationError):
            await warm(toolkit, mode, connection_name="other")


Io = AsyncIO | BlockingIO
Send = Callable[[str, str], Awaitable[HttpResponse]]


@pytest.fixture(params=["sync", "http/1.1", "h2"])
def io(request: pytest.FixtureRequest, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Io:
    trust(certificate, monkeypatch)
    monkeypatch.setattr(loop_connections, "installed", lambda: request.param == "h2")
    store = SqliteStore(":memory:")
    return BlockingIO(store) if request.param == "sync" else AsyncIO(store)


async def _connect(io: Io, url: str, timeout: float = 30.0) -> None:  # noqa: ASYNC109
    if isinstance(io, BlockingIO):
        await asyncio.to_thread(lambda: run_sync(io.connect(url, timeout=timeout)))
    else:
        await io.connect(url, timeout=timeout)


async def _send(io: Io, url: str, method: str = "GET") -> HttpResponse:
    request = HttpRequest(method, url, (), b"x" if method == "POST" else b"")
    if isinstance(io, BlockingIO):
        return await asyncio.to_thread(lambda: run_sync(io.send(request, timeout=30.0)))
    return await io.send(request, timeout=30.0)


async def _close(io: Io) -> None:
    if isinstance(io, BlockingIO):
        await asyncio.to_thread(io.close)
    else:
        await io.aclose()


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_tls_is_there_and_nothing_was_sent(io: Io, certificate: Path, method: str) -> None:
    async with serving(Server(), certificate) as server:
        await _connect(io, server.url)
        await until(lambda: server.connections == 1)
        assert (server.named, server.by_http1) == ([], [])
        assert (await _send(io, f"{server.url}/", method)).status == 200
        assert server.connections == 1
        await _close(io)


async def test_a_connection_that_the_server_has_closed_is_not_used(io: Io, certificate: Path) -> None:
    async with serving(Server(), certificate) as server:
        await _connect(io, server.url)
        await until(lambda: server.connections == 1)
        server.hang_up()
        await asyncio.sleep(0.05)
        assert (await _send(io, f"{server.url}/", "POST")).status == 200
        assert server.connections == 2
        await _close(io)


async def test_nobody_answers(io: Io, certificate: Path) -> None:
    """A server that accepts and says nothing does not hold a start for longer than it may take."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(NotSent) as caught:
            await _connect(io, url, 0.05)
        assert caught.value.reason == "it took too long"
    await _close(io)
