"""HTTP/2: many calls on one connection, none of which harms another, whatever the server does."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from h2.errors import ErrorCodes
from hpack import Encoder

from tests.faults.forgetful import Nat
from tests.faults.http2_server import Peer, Request, Server, serving, until
from tests.faults.tls import hypercorn, trust
from vimeo_toolkit.runtime import connecting, http2, idleness, loop_connections
from vimeo_toolkit.runtime.asynchronous import AsyncIO
from vimeo_toolkit.runtime.idleness import FRESH
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest, HttpResponse, NotSent, TooLarge
from vimeo_toolkit.stores.sqlite import SqliteStore

TOKEN = "bearer secret-token"


@pytest.fixture
async def io(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncIO]:
    trust(certificate, monkeypatch)
    made = AsyncIO(SqliteStore(":memory:"))
    yield made
    await made.aclose()


def ask(
    io: AsyncIO, url: str, method: str = "GET", content: bytes = b"", timeout: float = 30.0
) -> asyncio.Task[HttpResponse]:
    request = HttpRequest(method, url, (("Authorization", TOKEN), ("Accept", "application/json")), content)
    return asyncio.create_task(io.send(request, timeout=timeout))


class App:
    """Answers with what it was sent, and notes what came."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Any, str, bytes]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        path = scope["path"] + "?" + scope["query_string"].decode()
        self.seen.append((scope["http_version"], scope["client"], f"{scope['method']} {path}", body))
        headers = [(b"x-authorization", dict(scope["headers"]).get(b"authorization", b""))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def app() -> App:
    return App()


@pytest.fixture(scope="module")
def real(app: App, certificate: Path) -> Iterator[str]:
    """hypercorn, which takes ten requests at the same time on a connection."""
    with hypercorn(app, certificate, h2_max_concurrent_streams=10) as url:
        yield url


async def test_a_real_server(io: AsyncIO, app: App, real: str) -> None:
    app.seen.clear()
    content = bytes(range(256)) * 1200
    answer = await ask(io, f"{real}/files/a%20b?x=%C3%A4", "PATCH", content)
    assert (answer.status, answer.content) == (200, content)
    assert answer.headers["x-authorization"] == TOKEN
    await ask(io, f"{real}/me")
    assert [(version, what) for version, _, what, _ in app.seen] == [
        ("2", "PATCH /files/a b?x=%C3%A4"),
        ("2", "GET /me?"),
    ]
    assert len({client for _, client, _, _ in app.seen}) == 1


async def test_nothing_of_a_request_is_logged(
    io: AsyncIO, real: str, caplog: pytest.LogCaptureFixture
) -> None:
    """hpack, below h2, tells each header at DEBUG. The server here has it too, in a thread of its own."""
    with caplog.at_level(logging.DEBUG, "hpack"):
        await ask(io, f"{real}/secret-link", "POST", b"x")
        ours = [each for each in caplog.records if each.thread == threading.get_ident()]
        assert "secret" not in "".join(each.getMessage() for each in ours)
        assert not any(each.name.startswith("hpack") for each in ours)
        Encoder().encode([("x-theirs", "1")])
        assert "x-theirs" in caplog.text


@pytest.mark.parametrize(("method", "count"), [("POST", 20), ("GET", 60)])
async def test_a_burst_beyond_what_the_server_takes(
    io: AsyncIO, app: App, real: str, method: str, count: int
) -> None:
    """On a cold connection, too: what must not be sent twice waits until the server has said how much it takes."""
    app.seen.clear()
    tasks = [ask(io, f"{real}/{number}", method, b"x") for number in range(count)]
    done = await asyncio.gather(*tasks, return_exceptions=True)
    lost = [each for each in done if isinstance(each, BaseException)]
    if method == "POST":
        assert not lost
        assert len(app.seen) == count
    assert all(isinstance(each, AnswerLost) for each in lost)
    again = await asyncio.gather(*(ask(io, f"{real}/again") for _ in range(count)))
    assert {answer.status for answer in again} == {200}


async def test_cancelled_calls_leave_the_others_and_no_stream(io: AsyncIO, certificate: Path) -> None:
    held: list[tuple[Peer, Request]] = []

    def answer(peer: Peer, request: Request) -> None:
        if request.named[1] == "/held":
            held.append((peer, request))
        else:
            peer.respond(request)

    async with serving(Server(answer, limit=5), certificate) as server:
        await ask(io, f"{server.url}/first")
        waiting = ask(io, f"{server.url}/held")
        for _ in range(12):
            given_up = ask(io, f"{server.url}/held")
            await until(lambda: len(held) == len(server.peers[0].reset) + 2)
            given_up.cancel()
            await asyncio.gather(given_up, return_exceptions=True)
            await until(lambda: held[-1][1].number in server.peers[0].reset)
        assert len(server.peers) == 1
        peer, request = held[0]
        peer.respond(request, b"still here")
        assert (await waiting).content == b"still here"


async def test_closing_waits_for_no_call_and_ends_none(io: AsyncIO, certificate: Path) -> None:
    held: list[tuple[Peer, Request]] = []
    async with serving(Server(lambda *each: held.append(each)), certificate) as server:
        task = ask(io, f"{server.url}/held")
        await until(lambda: bool(held))
        multiplexed = io._connections.get().multiplexed
        assert multiplexed is not None
        (connections,) = multiplexed._of.values()
        (connection,) = connections._connections
        await io.aclose()
        peer, request = held[0]
        peer.respond(request)
        assert (await task).status == 200
        await until(connection._transport.is_closing)


@pytest.mark.parametrize("value", ["a\r\nx: y", "a\n", "a\0b"])
async def test_a_header_that_would_be_two_is_not_sent(io: AsyncIO, certificate: Path, value: str) -> None:
    asked: list[Any] = []
    async with serving(Server(lambda *each: asked.append(each)), certificate) as server:
        request = HttpRequest("POST", f"{server.url}/a", (("Authorization", value),))
        with pytest.raises(NotSent):
            await io.send(request, timeout=5.0)
    assert not asked


async def test_a_call_that_runs_out_of_time_is_lost_alone(io: AsyncIO, certificate: Path) -> None:
    def answer(peer: Peer, request: Request) -> None:
        if request.named[1] != "/held":
            peer.respond(request)

    async with serving(Server(answer), certificate) as server:
        await ask(io, f"{server.url}/")
        with pytest.raises(AnswerLost):
            await ask(io, f"{server.url}/held", timeout=0.02)
        assert (await ask(io, f"{server.url}/")).status == 200
        assert len(server.peers) == 1


async def test_a_server_that_goes_answers_what_it_has_taken(io: AsyncIO, certificate: Path) -> None:
    """What it has not taken is sent once more on another connection, whatever it is."""
    first: list[tuple[Peer, Request]] = []

    def answer(peer: Peer, request: Request) -> None:
        if len(server.peers) > 1 or request.named[1] == "/settle":
            peer.respond(request)
            return
        first.append((peer, request))
        if len(first) == 3:
            peer.go_away(first[0][1].number)
            asyncio.get_running_loop().call_later(0.01, peer.respond, first[0][1], b"taken")

    server = Server()
    server.answer = answer
    async with serving(server, certificate):
        await ask(io, f"{server.url}/settle")
        tasks = [ask(io, f"{server.url}/{number}", "POST", b"x") for number in range(3)]
        answers = [each.content for each in await asyncio.gather(*tasks)]
        assert answers == [b"taken", b"{}", b"{}"]
        assert len(server.peers) == 2
        await ask(io, f"{server.url}/")
        assert len(server.peers) == 2


@pytest.mark.parametrize(("times", "outcome"), [(1, None), (100, NotSent)])
async def test_what_is_refused_was_not_sent(
    io: AsyncIO, certificate: Path, times: int, outcome: type[Exception] | None
) -> None:
    def answer(peer: Peer, request: Request) -> None:
        if len(server.requests) <= times:
            peer.refuse(request)
        else:
            peer.respond(request)

    server = Server()
    server.answer = answer
    async with serving(server, certificate):
        if outcome is None:
            assert (await ask(io, f"{server.url}/", "POST", b"x")).status == 200
        else:
            with pytest.raises(outcome):
                await ask(io, f"{server.url}/", "POST", b"x")


def _breaks(peer: Peer, request: Request) -> None:
    peer.refuse(request, ErrorCodes.INTERNAL_ERROR)


def _half(peer: Peer, request: Request) -> None:
    peer.h2.send_headers(request.number, [(":status", "200"), ("content-length", "99")])
    peer.h2.send_data(request.number, b"half")
    peer.flush()
    peer.transport.close()


def _nonsense(peer: Peer, request: Request) -> None:
    peer.transport.write(b"\xff" * 100)


def _abort(peer: Peer, request: Request) -> None:
    peer.transport.abort()


@pytest.mark.parametrize("fault", [_breaks, _half, _nonsense, _abort])
async def test_an_answer_that_is_lost(
    io: AsyncIO, certificate: Path, fault: Callable[[Peer, Request], None]
) -> None:
    """The next request finds a connection that works, and no error tells of the token."""

    def answer(peer: Peer, request: Request) -> None:
        if request.named[1] == "/lost":
            fault(peer, request)
        else:
            peer.respond(request)

    async with serving(Server(answer), certificate) as server:
        await ask(io, f"{server.url}/")
        with pytest.raises(AnswerLost) as caught:
            await ask(io, f"{server.url}/lost", "POST", b"x")
        assert "secret" not in repr(caught.getrepr(showlocals=True))
        assert (await ask(io, f"{server.url}/")).status == 200
        assert len([name for name in server.named if name == ("POST", "/lost")]) == 1


async def test_an_answer_that_is_too_large(io: AsyncIO, certificate: Path) -> None:
    def answer(peer: Peer, request: Request) -> None:
        if request.named[1] == "/large":
            peer.h2.send_headers(request.number, [(":status", "200"), ("content-length", "999999999")])
            peer.flush()
        else:
            peer.respond(request)

    async with serving(Server(answer), certificate) as server:
        with pytest.raises(TooLarge):
            await ask(io, f"{server.url}/large")
        assert (await ask(io, f"{server.url}/")).status == 200
        assert [len(peer.reset) for peer in server.peers] == [1]


async def test_an_upload_that_is_not_read_holds_nobody(io: AsyncIO, certificate: Path) -> None:
    """It waits for room, and can be given up; an answer that comes before its end is the answer."""
    async with serving(Server(window=1000, reads=False), certificate) as server:
        upload = ask(io, f"{server.url}/upload", "PATCH", b"x" * 500_000)
        assert (await ask(io, f"{server.url}/")).status == 200
        (peer,) = server.peers
        await until(lambda: any(request.body for request in peer.streams.values()))
        request = next(request for request in peer.streams.values() if request.body)
        peer.h2.send_headers(request.number, [(":status", "413")], end_stream=True)
        peer.flush()
        assert (await upload).status == 413
        given_up = ask(io, f"{server.url}/upload", "PATCH", b"x" * 500_000)
        await until(lambda: len(peer.streams) == 3)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        assert (await ask(io, f"{server.url}/")).status == 200
        assert len(server.peers) == 1


async def test_a_server_that_wants_http_1(io: AsyncIO, certificate: Path) -> None:
    def answer(peer: Peer, request: Request) -> None:
        peer.refuse(request, ErrorCodes.HTTP_1_1_REQUIRED)

    async with serving(Server(answer), certificate) as server:
        for _ in range(2):
            assert (await ask(io, f"{server.url}/", "POST", b"x")).status == 200
        assert len(server.requests) == 1
        assert len(server.by_http1) == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_server_that_agrees_and_cannot(io: AsyncIO, certificate: Path, method: str) -> None:
    async with serving(Server(hangs_up=True), certificate) as server:
        if method == "GET":  # sent at once; its caller repeats it
            with pytest.raises(AnswerLost):
                await ask(io, f"{server.url}/", method)
        assert (await ask(io, f"{server.url}/", method)).status == 200
        assert len(server.peers) == 1


async def test_without_h2_it_is_http_1(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trust(certificate, monkeypatch)
    monkeypatch.setattr(loop_connections, "installed", lambda: False)
    io = AsyncIO(SqliteStore(":memory:"))
    async with serving(Server(), certificate) as server:
        assert (await ask(io, f"{server.url}/")).status == 200
        assert (len(server.peers), len(server.by_http1)) == (0, 1)
    await io.aclose()


async def test_behind_a_proxy_it_is_http_1(
    io: AsyncIO, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which the operator's proxy may not let through; here it is away."""
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    async with serving(Server(), certificate) as server:
        with pytest.raises(NotSent):
            await ask(io, f"{server.url}/")
        assert (server.peers, server.by_http1) == ([], [])


async def test_each_server_has_connections_of_its_own(io: AsyncIO, certificate: Path) -> None:
    async with serving(Server(), certificate) as one, serving(Server(), certificate) as other:
        await asyncio.gather(*(ask(io, f"{server.url}/") for server in (one, other) for _ in range(5)))
        for server in (one, other):
            assert len(server.peers) == 1
            assert {request.headers[":authority"] for request in server.requests} == {server.url[8:]}


@pytest.fixture
def think(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    passed = 0.0

    def thought() -> None:
        nonlocal passed
        passed += FRESH + 5.0

    for module in (idleness, http2):
        monkeypatch.setattr(module, "clock", lambda: time.monotonic() + passed)
    return thought


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_kept_connection_is_asked_and_used(
    io: AsyncIO, certificate: Path, think: Callable[[], None], method: str
) -> None:
    async with serving(Server(), certificate) as server:
        await ask(io, f"{server.url}/")
        think()
        await asyncio.gather(*(ask(io, f"{server.url}/", method) for _ in range(3)))
        assert len(server.peers) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_forgotten_connection_is_noticed(
    io: AsyncIO, certificate: Path, think: Callable[[], None], method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(Server(), certificate) as server:
        with Nat(server.port) as nat:
            url = f"https://127.0.0.1:{nat.port}/"
            await ask(io, url)
            await asyncio.sleep(0.05)
            nat.forget()
            think()
            with monkeypatch.context() as hurried:
                hurried.setattr(http2, "PING_ANSWER", 0.05)
                asked = ask(io, url, method)
                await until(lambda: nat.swallowed > 0)
            if method == "GET":  # its caller repeats it
                with pytest.raises(AnswerLost):
                    await asked
                asked = ask(io, url, method)
            assert (await asked).status == 200
            assert len(server.requests) == 2


async def test_a_connection_that_dies_under_a_call(
    io: AsyncIO, certificate: Path, think: Callable[[], None]
) -> None:
    """It is found out by a ping, so that later calls do not go there."""
    async with serving(Server(), certificate) as server:
        with Nat(server.port) as nat:
            url = f"https://127.0.0.1:{nat.port}/"
            await ask(io, url)
            await asyncio.sleep(0.05)
            nat.forget()
            asked = ask(io, url, "POST")
            await until(lambda: nat.swallowed > 0)
            think()
            multiplexed = io._connections.get().multiplexed
            assert multiplexed is not None
            (connection,) = multiplexed._of["127.0.0.1", nat.port]._connections
            connection._look()  # what its timer does after some silence
            await until(lambda: nat.swallowed == 2)
            assert not asked.done()
            connection._look()
            with pytest.raises(AnswerLost):
                await asked
            assert (await ask(io, url)).status == 200


def test_loops_come_and_go(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has connections of its own and leaves none behind."""
    trust(certificate, monkeypatch)
    io = AsyncIO(SqliteStore(":memory:"))
    servers = []

    async def one() -> None:
        async with serving(Server(), certificate) as server:
            servers.append(server)
            await asyncio.gather(*(ask(io, f"{server.url}/") for _ in range(3)))
            await io.aclose()
            await until(lambda: server.peers[0].transport.is_closing())

    for _ in range(3):
        asyncio.run(one())
    assert [len(server.peers) for server in servers] == [1, 1, 1]


@pytest.mark.parametrize("count", [1, 250])
@pytest.mark.parametrize("error", [ConnectionRefusedError(), ValueError()])
async def test_a_burst_that_finds_no_server_is_told_at_once(
    io: AsyncIO, monkeypatch: pytest.MonkeyPatch, count: int, error: Exception
) -> None:
    """Several connections are tried for it, and fail in the same moment."""

    async def fails(*_: Any, **__: Any) -> Any:
        await asyncio.sleep(0)
        raise error

    monkeypatch.setattr(connecting, "connect", fails)
    tasks = [ask(io, "https://127.0.0.1:9/", "POST") for _ in range(count)]
    done = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 10)
    assert all(isinstance(each, NotSent) for each in done)
