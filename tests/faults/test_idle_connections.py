"""A connection that was idle between an agent's thoughts, and one that a NAT has forgotten meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpcore
import pytest

from tests.faults.forgetful import Nat
from tests.waiting import hurry
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.runtime import idleness
from vimeo_toolkit.runtime.asynchronous import AsyncIO
from vimeo_toolkit.runtime.blocking import BlockingIO, run_sync
from vimeo_toolkit.runtime.deadline import Stream
from vimeo_toolkit.runtime.idleness import FRESH, KEPT, Doubts, Idleness
from vimeo_toolkit.runtime.ports import HttpRequest
from vimeo_toolkit.sandbox import Sandbox, User
from vimeo_toolkit.stores.sqlite import SqliteStore

THINKING = (FRESH + KEPT) / 2


@pytest.fixture
def nat(lasting: Sandbox) -> Iterator[Nat]:
    with Nat(int(lasting.url.rpartition(":")[2])) as running:
        yield running


@pytest.fixture
def user(lasting: Sandbox) -> User:
    return lasting.add_user(videos=1)


@pytest.fixture
def toolkit(lasting: Sandbox, nat: Nat, user: User) -> Iterator[VimeoToolkit]:
    connection = Connection(api_url=f"http://127.0.0.1:{nat.port}")
    with VimeoToolkit(
        [connection],
        store="sqlite:///:memory:",
        timeout=30.0,
        reuse_reads=False,  # each has a connection
    ) as made:
        made.import_token(identifier="u", access_token=lasting.issue_token(user).access_token)
        hurry(made)
        yield made


@pytest.fixture
def think(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let so much time pass for connections that they are in doubt."""
    passed = 0.0

    def thought() -> None:
        nonlocal passed
        passed += THINKING

    monkeypatch.setattr(idleness, "clock", lambda: time.monotonic() + passed)
    return thought


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find out at once that nothing comes on a connection in doubt."""
    monkeypatch.setattr(idleness, "FIRST_BYTES", 0.02)


Call = Callable[[str], Awaitable[Any]]


def _caller(toolkit: VimeoToolkit, user: User, mode: str) -> Call:
    video = str(user.videos[0].id)
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "read": ("vimeo_me_get", {}),
        "put": ("vimeo_watchlater_add", {"video_id": video}),
        "post": ("vimeo_video_comment_add", {"video_id": video, "text": "What a view!"}),
    }

    async def call(kind: str) -> Any:
        name, given = calls[kind]
        if mode == "sync":
            return toolkit.execute_tool(identifier="u", tool_name=name, tool_input=given)
        return await toolkit.aexecute_tool(identifier="u", tool_name=name, tool_input=given)

    return call


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, toolkit: VimeoToolkit, user: User) -> Call:
    return _caller(toolkit, user, request.param)


@pytest.mark.parametrize(("kind", "connections"), [("read", 0), ("put", 0), ("post", 1)])
async def test_a_kept_connection_is_used_for_what_may_be_repeated(
    nat: Nat, call: Call, think: Callable[[], None], kind: str, connections: int
) -> None:
    await call("read")
    before = len(nat.passages)
    think()
    await call(kind)
    assert len(nat.passages) - before == connections


@pytest.mark.parametrize("kind", ["read", "put", "post"])
async def test_a_connection_that_was_idle_for_too_long_is_used_for_nothing(
    nat: Nat, call: Call, think: Callable[[], None], kind: str
) -> None:
    await call("read")
    before = len(nat.passages)
    think()
    think()
    await call(kind)
    assert len(nat.passages) - before == 1


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("kind", "swallowed"), [("read", 1), ("put", 1), ("post", 0)])
async def test_a_forgotten_connection_is_noticed(
    lasting: Sandbox,
    nat: Nat,
    user: User,
    call: Call,
    think: Callable[[], None],
    kind: str,
    swallowed: int,
) -> None:
    """What may be repeated is sent again on a new connection; what may not never goes out on the old one."""
    await call("read")
    nat.forget()
    think()
    lasting.requests.clear()
    assert (await call(kind)).requests
    assert nat.swallowed == swallowed
    assert len([request for request in lasting.requests if request.user == user.uri]) == 1


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("refuse", [False, True])
async def test_of_many_forgotten_connections_one_is_tried(
    toolkit: VimeoToolkit, user: User, nat: Nat, think: Callable[[], None], refuse: bool
) -> None:
    call = _caller(toolkit, user, "async")
    await asyncio.gather(*(call("read") for _ in range(8)))
    assert len(nat.passages) >= 4
    nat.forget(refuse=refuse)
    think()
    await call("read")
    assert nat.swallowed == 1
    await asyncio.gather(*(call("read") for _ in range(8)))
    assert nat.swallowed == 1
    await toolkit.aclose()


class _Forgotten(httpcore.NetworkStream):
    def __init__(self, end: Exception | None) -> None:
        self._end = end

    def write(self, buffer: bytes, timeout: float | None = None) -> None: ...

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._end is not None:
            raise self._end
        return b""


@pytest.mark.parametrize("end", [httpcore.ReadTimeout(), httpcore.ReadError(), None])
def test_however_a_connection_in_doubt_ends_blocking_calls_use_no_other_one(
    end: Exception | None, think: Callable[[], None]
) -> None:
    doubts = Doubts()
    tried, other = Stream(_Forgotten(end), doubts), Idleness(doubts)
    think()
    assert other.usable(repeatable=True)
    tried.write(b"GET")
    with contextlib.suppress(httpcore.ReadTimeout, httpcore.ReadError):
        tried.read(1)
    assert not other.usable(repeatable=True)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("mode", ["sync", "async"])
async def test_a_body_that_takes_long_to_write_is_answered_as_late_as_any(
    mode: str, think: Callable[[], None]
) -> None:
    """While a part of a file goes out by a slow line nothing is heard, and the line is not in doubt for that."""
    content = bytes(8 * 1024 * 1024)

    def slow() -> None:
        line, _ = listener.accept()
        head = rest = b""
        while not rest:
            head += line.recv(65536)
            rest = head.partition(b"\r\n\r\n")[2]
        think()
        received = len(rest)
        while received < len(content):
            received += len(line.recv(1024 * 1024))
        time.sleep(0.2)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=slow, daemon=True).start()
        asked = HttpRequest("PATCH", f"http://127.0.0.1:{listener.getsockname()[1]}/", (), content)
        if mode == "sync":
            blocking = BlockingIO(SqliteStore(":memory:"))
            answer = await asyncio.to_thread(run_sync, blocking.send(asked, timeout=10.0))
            blocking.close()
        else:
            io = AsyncIO(SqliteStore(":memory:"))
            answer = await io.send(asked, timeout=10.0)
            await io.aclose()
    assert answer.content == b"{}"
