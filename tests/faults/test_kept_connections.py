"""Connections of HTTP/1.1 over real sockets: whose answer a request gets, and when a new connection is made."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime import loop_connections, process_connections
from vimeo_toolkit.runtime.asynchronous import AsyncIO
from vimeo_toolkit.runtime.blocking import BlockingIO, run_sync
from vimeo_toolkit.runtime.pool_shards import CAPACITY
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest, HttpResponse
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.stores.sqlite import SqliteStore

Answer = Callable[[bytes, int], bytes]
MODES = ["sync", "async"]


def answered(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers, b"", body])


class Server:
    """Answers each request by its target and its number on the connection."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections: list[socket.socket] = []
        self.left = threading.Semaphore(0)
        """Has one for each connection that the client has closed."""
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as received:
            number = 0
            while line := received.readline():
                while received.readline().strip():
                    pass
                number += 1
                connection.sendall(self._answer(line.split()[1], number))
            self.left.release()

    def close(self) -> None:
        self._listener.close()
        for each in self.connections:
            each.close()


@pytest.fixture
def serving() -> Iterator[Callable[[Answer], Server]]:
    running: list[Server] = []

    def serve(answer: Answer) -> Server:
        running.append(Server(answer))
        return running[-1]

    yield serve
    for each in running:
        each.close()


Send = Callable[[HttpRequest], HttpResponse]


@contextlib.contextmanager
def sending(mode: str) -> Iterator[Send]:
    """What sends a request over one process's, or one event loop's, connections."""
    store = SqliteStore(":memory:")
    if mode == "sync":
        io = BlockingIO(store)
        yield lambda request: run_sync(io.send(request, timeout=10.0))
        io.close()
        return
    aio = AsyncIO(store)
    with asyncio.Runner() as runner:
        yield lambda request: runner.run(aio.send(request, timeout=10.0))
        runner.run(aio.aclose())


def gets(url: str, *paths: str) -> list[HttpRequest]:
    return [HttpRequest("GET", f"{url}/{path}", ()) for path in paths]


@pytest.mark.parametrize("mode", MODES)
def test_a_connection_is_used_again(mode: str, serving: Callable[[Answer], Server]) -> None:
    server = serving(lambda target, number: answered(target + b" %d" % number))
    with sending(mode) as send:
        found = [send(each) for each in gets(server.url, "a", "b", "c")]
    assert [each.content for each in found] == [b"/a 1", b"/b 2", b"/c 3"]
    assert len(server.connections) == 1


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("surplus", [b"x", answered(b"of somebody else")])
def test_what_comes_behind_an_answer_is_nobodys(
    mode: str, surplus: bytes, serving: Callable[[Answer], Server]
) -> None:
    server = serving(lambda target, number: answered(target) + surplus)
    with sending(mode) as send:
        found = [send(each) for each in gets(server.url, "a", "b", "c")]
    assert [each.content for each in found] == [b"/a", b"/b", b"/c"]
    assert len(server.connections) == 3


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("told", [True, False])
def test_a_server_may_end_a_connection_behind_an_answer(
    mode: str, told: bool, serving: Callable[[Answer], Server]
) -> None:
    server = serving(lambda target, _: answered(target, *([b"Connection: close"] if told else [])))
    found = []
    with sending(mode) as send:
        for each in gets(server.url, "a", "b"):
            found.append(send(each).content)
            if not told:
                server.connections[-1].shutdown(socket.SHUT_RDWR)
    assert found == [b"/a", b"/b"]
    assert len(server.connections) == 2


@pytest.mark.parametrize("mode", MODES)
def test_a_lost_answer_ends_its_connection_alone(mode: str, serving: Callable[[Answer], Server]) -> None:
    server = serving(lambda target, _: b"HTTP/1.1 2x0 OK\r\n\r\n" if target == b"/bad" else answered(target))
    with sending(mode) as send:
        first, bad, last = gets(server.url, "a", "bad", "b")
        assert send(first).content == b"/a"
        with pytest.raises(AnswerLost):
            send(bad)
        assert send(last).content == b"/b"
    assert len(server.connections) == 2


@pytest.mark.parametrize("mode", MODES)
def test_a_server_that_ends_a_large_request_may_have_said_why(mode: str) -> None:
    """It answers at the headers and reads no further."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(answered(b"too large", b"Connection: close"))
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(5)
                with contextlib.suppress(OSError):
                    while connection.recv(1_000_000):
                        pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with sending(mode) as send:
            assert send(HttpRequest("PATCH", url, (), b"x" * 3_000_000)).content == b"too large"
        thread.join(10)


def test_many_threads_get_their_own_answers_over_few_connections(
    serving: Callable[[Answer], Server],
) -> None:
    server = serving(lambda target, number: answered(target))
    io = BlockingIO(SqliteStore(":memory:"))
    wrong: list[bytes] = []

    def call(name: int) -> None:
        for number in range(30):
            path = f"{name}-{number}"
            found = run_sync(io.send(gets(server.url, path)[0], timeout=10.0))
            if found.content != f"/{path}".encode():
                wrong.append(found.content)

    threads = [threading.Thread(target=call, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    io.close()
    assert wrong == []
    assert len(server.connections) <= 8


def test_with_all_places_taken_connections_are_still_used_again(
    serving: Callable[[Answer], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_connections, "CAPACITY", 2)
    monkeypatch.setattr(loop_connections, "CAPACITY", 2)
    server, other = (serving(lambda target, _: answered(target)) for _ in range(2))

    def call(io: BlockingIO, number: int) -> None:
        for each in gets(server.url, *map(str, range(20))):
            run_sync(io.send(replace(each, user=Identity("vimeo", f"u{number}")), timeout=30.0))

    io = BlockingIO(SqliteStore(":memory:"))
    run_sync(io.send(gets(other.url, "a")[0], timeout=10.0))
    threads = [threading.Thread(target=call, args=(io, number)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    io.close()
    assert len(server.connections) <= 4

    async def calls() -> None:
        aio = AsyncIO(SqliteStore(":memory:"))
        await aio.send(gets(other.url, "a")[0], timeout=10.0)
        users = [Identity("vimeo", f"u{number}") for number in range(40)]
        await asyncio.gather(
            *(aio.send(replace(gets(server.url, "a")[0], user=user), timeout=30.0) for user in users)
        )
        await aio.aclose()

    server.connections.clear()
    asyncio.run(calls())
    assert len(server.connections) <= 4


@pytest.mark.parametrize("mode", MODES)
def test_a_proxy_that_cannot_be_used_is_told_as_that(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not as a request that was sent and whose answer was lost."""
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "socksio", None)
    with sending(mode) as send, pytest.raises(ImportError, match="SOCKS"):
        send(HttpRequest("POST", "https://127.0.0.1:9/", ()))


def test_a_connection_in_use_while_all_are_closed_is_closed_behind_its_answer(
    serving: Callable[[Answer], Server],
) -> None:
    asked, closed = threading.Event(), threading.Event()

    def answer(target: bytes, number: int) -> bytes:
        asked.set()
        assert closed.wait(10)
        return answered(target)

    server = serving(answer)
    io = BlockingIO(SqliteStore(":memory:"))
    found: list[bytes] = []
    request = gets(server.url, "a")[0]
    thread = threading.Thread(target=lambda: found.append(run_sync(io.send(request, timeout=10.0)).content))
    thread.start()
    assert asked.wait(10)
    io.close()
    closed.set()
    thread.join()
    assert found == [b"/a"]
    assert server.left.acquire(timeout=10)
    assert run_sync(io.send(request, timeout=10.0)).content == b"/a"  # and those that follow are kept
    assert run_sync(io.send(request, timeout=10.0)).content == b"/a"
    assert len(server.connections) == 2
    io.close()


async def test_a_loops_connection_in_use_while_all_are_closed_is_closed_behind_its_answer(
    serving: Callable[[Answer], Server],
) -> None:
    asked, closed = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def answer(target: bytes, number: int) -> bytes:
        loop.call_soon_threadsafe(asked.set)
        assert closed.wait(10)
        return answered(target)

    server = serving(answer)
    io = AsyncIO(SqliteStore(":memory:"))
    request = asyncio.create_task(io.send(gets(server.url, "a")[0], timeout=10.0))
    await asked.wait()
    await io.aclose()
    closed.set()
    assert (await request).content == b"/a"
    assert await asyncio.to_thread(server.left.acquire, timeout=10)
    await io.aclose()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Only POSIX systems fork.")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_makes_its_own_connection(vimeo: Sandbox) -> None:
    io = BlockingIO(SqliteStore(":memory:"))
    request = gets(vimeo.url, "me")[0]
    assert run_sync(io.send(request, timeout=10.0)).status == 401
    mine = io._connected()
    child = os.fork()
    if not child:
        os._exit(0 if io._connected() is not mine else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert io._connected() is mine
    io.close()


def test_places_bound_the_connections_that_are_open(vimeo: Sandbox) -> None:
    io = BlockingIO(SqliteStore(":memory:"))
    assert run_sync(io.send(gets(vimeo.url, "me")[0], timeout=10.0)).status == 401
    assert io._connected().shares.free == CAPACITY
    assert sum(map(len, io._connected()._kept._idle.values())) == 1
    io.close()
    assert not io._connected()._kept._idle
