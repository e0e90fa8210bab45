"""The asynchronous world's own connections: TLS, large bodies, connections that are used again or end early."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest

from tests.faults.tls import trust
from vimeo_toolkit.runtime import driver_parts
from vimeo_toolkit.runtime.asynchronous import AsyncIO
from vimeo_toolkit.runtime.idleness import Doubts
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest, NotSent
from vimeo_toolkit.runtime.streams import Stream, _Protocol
from vimeo_toolkit.stores.sqlite import SqliteStore

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Plain and TLS, with the test's certificate trusted."""
    trust(certificate, monkeypatch)
    return str(request.param)


@asynccontextmanager
async def server(scheme: str, certificate: Path, serve: Serve) -> AsyncIterator[str]:
    context = None
    if scheme == "https":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    running = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield f"{scheme}://127.0.0.1:{running.sockets[0].getsockname()[1]}/"
    finally:
        running.close()


async def request_of(reader: asyncio.StreamReader) -> bytes:
    """The body of the next request."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return await reader.readexactly(int(length or 0))


async def test_large_bodies_both_ways_on_one_connection(scheme: str, certificate: Path) -> None:
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        try:
            while True:
                body = await request_of(reader)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            writer.close()

    content = bytes(range(256)) * 16_000
    async with server(scheme, certificate, serve) as url:
        io = AsyncIO(SqliteStore(":memory:"))
        for _ in range(3):
            answer = await io.send(HttpRequest("PUT", url, (), content), timeout=30)
            assert answer.content == content
        await io.aclose()
    assert connections == 1


async def test_an_answer_before_the_end_of_the_request_is_read(scheme: str, certificate: Path) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno")
        await writer.drain()
        await reader.read()
        writer.close()

    async with server(scheme, certificate, serve) as url:
        io = AsyncIO(SqliteStore(":memory:"))
        answer = await io.send(HttpRequest("PUT", url, (), b"x" * 200_000), timeout=30)
        assert (answer.status, answer.content) == (413, b"no")
        await io.aclose()


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"])
async def test_a_connection_that_ends_early(scheme: str, certificate: Path, sent: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(sent)
        writer.close()

    async with server(scheme, certificate, serve) as url:
        io = AsyncIO(SqliteStore(":memory:"))
        with pytest.raises(AnswerLost):
            await io.send(HttpRequest("GET", url, ()), timeout=30)
        await io.aclose()


async def test_an_idle_connection_that_was_closed_is_not_used(scheme: str, certificate: Path) -> None:
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()
        ended.set()

    async with server(scheme, certificate, serve) as url:
        io = AsyncIO(SqliteStore(":memory:"))
        for _ in range(3):
            ended.clear()
            assert (await io.send(HttpRequest("POST", url, ()), timeout=30)).content == b"ok"
            await ended.wait()
        await io.aclose()


async def test_others_go_on_between_the_parts_of_what_came_at_once() -> None:
    """A body of a thousand chunks takes long to read, and its deadline may come meanwhile."""
    protocol = _Protocol()
    protocol.data_received(b"x" * 200_000)
    stream = Stream(cast(asyncio.Transport, None), protocol, Doubts())
    others: list[int] = []
    lengths = []
    for number in range(4):
        asyncio.get_running_loop().call_soon(others.append, number)
        lengths.append(len(await stream.read(64 * 1024)))
    assert sum(lengths) == 200_000
    assert others == [0, 1, 2, 3]


async def test_a_certificate_that_nobody_trusts(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_tls", "_tls_for_both"):
        monkeypatch.setattr(driver_parts, name, ssl.create_default_context)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with server("https", certificate, serve) as url:
        io = AsyncIO(SqliteStore(":memory:"))
        with pytest.raises(NotSent):
            await io.send(HttpRequest("GET", url, ()), timeout=30)
        await io.aclose()


async def test_nobody_listens() -> None:
    io = AsyncIO(SqliteStore(":memory:"))
    with pytest.raises(NotSent):
        await io.send(HttpRequest("GET", "http://127.0.0.1:1/", ()), timeout=30)
    await io.aclose()
