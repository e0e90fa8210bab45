"""Equal reads at the same time, in threads and in tasks, over HTTP: counted by the sandbox's log of requests."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conftest import Connect
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.calls import reads
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.deadline import until
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse
from vimeo_toolkit.sandbox import Sandbox

ME, MANY = "vimeo_me_get", 6
MOST = 20_000
"""How often it is looked whether it has come to what a test waits for."""
Send = Callable[..., Awaitable[HttpResponse]]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, the reads of a test meet."""
    monkeypatch.setattr(reads, "TOGETHER", 600.0)


def _waiting(io: Any) -> int:
    return sum(len(each._waiting) for each in list(io.reads_under_way.values()))


async def _until(ready: Callable[[], object]) -> None:
    for _ in range(MOST):
        if ready():
            return
        await asyncio.sleep(0.001)
    pytest.fail("It did not come to that.")


def _until_blocking(ready: Callable[[], object]) -> None:
    for _ in range(MOST):
        if ready():
            return
        time.sleep(0.001)
    pytest.fail("It did not come to that.")


def _held(io: Any, ready: Callable[[], bool]) -> None:
    """Let the requests wait until it has come to what the test waits for."""
    send: Send = io.send
    come = threading.Event()

    def has_come() -> bool:
        if ready():
            come.set()  # for the others, too, who may look when it has passed
        return come.is_set()

    async def held(request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        if io.may_await:
            await _until(has_come)
        else:
            _until_blocking(has_come)
        return await send(request, timeout=timeout)

    io.send = held


def test_threads_of_each_user_share_one_request(
    vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    users = [connect(name, vimeo.add_user(name)) for name in ("ana", "ben")]
    vimeo.requests.clear()
    io = toolkit._blocking
    _held(io, lambda: _waiting(io) == 2 * (MANY - 1))
    with ThreadPoolExecutor(2 * MANY) as pool:
        found = list(
            pool.map(lambda who: toolkit.execute_tool(identifier=who, tool_name=ME), [*users] * MANY)
        )
    assert [each["name"] for each in found] == ["ana", "ben"] * MANY
    assert len({id(each.data) for each in found}) == 2 * MANY
    assert sorted(each.requests for each in found) == [0] * (2 * MANY - 2) + [1, 1]
    assert len(vimeo.requests) == 2
    assert not io.reads_under_way


async def test_tasks_of_each_user_share_one_request(
    vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    users = [connect(name, vimeo.add_user(name)) for name in ("ana", "ben")]
    vimeo.requests.clear()
    io = toolkit._async
    _held(io, lambda: _waiting(io) == 2 * (MANY - 1))
    calls = [toolkit.aexecute_tool(identifier=who, tool_name=ME) for who in [*users] * MANY]
    found = await asyncio.gather(*calls)
    assert [each["name"] for each in found] == ["ana", "ben"] * MANY
    assert len(vimeo.requests) == 2
    assert not io.reads_under_way


async def test_a_task_that_is_cancelled_takes_nothing_from_the_others(
    vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    identifier, io, go = connect(), toolkit._async, asyncio.Event()
    _held(io, go.is_set)
    tasks = [
        asyncio.create_task(toolkit.aexecute_tool(identifier=identifier, tool_name=ME)) for _ in range(3)
    ]
    await _until(lambda: _waiting(io) == 2)
    tasks[0].cancel()
    go.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert [each.requests for each in found[1:] if not isinstance(each, BaseException)] == [1, 1]


def test_loops_and_threads_do_not_wait_for_each_other(toolkit: VimeoToolkit, connect: Connect) -> None:
    """What one loop has under way may be held up by whatever else that loop does."""
    identifier, begun, over = connect(), threading.Semaphore(0), threading.Event()
    io, send = toolkit._async, toolkit._async.send

    async def held(request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        begun.release()
        await _until(over.is_set)
        return await send(request, timeout=timeout)

    io.send = held  # type: ignore[method-assign]
    with ThreadPoolExecutor(2) as pool:
        try:
            loops = []
            for _ in range(2):
                loops.append(pool.submit(lambda: asyncio.run(_aread(toolkit, identifier))))
                assert begun.acquire(timeout=60), "it has a request of its own"
            assert toolkit.execute_tool(identifier=identifier, tool_name=ME).requests == 1
        finally:
            over.set()
        assert [each.result() for each in loops] == [1, 1]


async def _aread(toolkit: VimeoToolkit, identifier: str) -> int:
    return (await toolkit.aexecute_tool(identifier=identifier, tool_name=ME)).requests


def test_a_loop_that_was_closed_in_the_midst_of_a_read_holds_nobody_up(
    vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    identifier, io = connect(), toolkit._async
    held, send = True, io.send

    async def never(request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        if held:
            await asyncio.Event().wait()
        return await send(request, timeout=timeout)

    io.send = never  # type: ignore[method-assign]

    async def begin() -> None:
        calls = [toolkit.aexecute_tool(identifier=identifier, tool_name=ME) for _ in range(2)]
        left.extend(map(asyncio.ensure_future, calls))
        await _until(lambda: _waiting(io))

    left: list[Any] = []
    loop = asyncio.new_event_loop()
    loop.run_until_complete(begin())
    loop.close()
    held = False
    assert asyncio.run(_aread(toolkit, identifier)) == 1
    for task in left:
        task._log_destroy_pending = False
    left.clear()
    gc.collect()


def test_a_signal_handler_does_not_wait_for_the_request_that_it_interrupts(toolkit: VimeoToolkit) -> None:
    with until(time.monotonic() + 60.0):
        run_sync(toolkit._blocking.signal().wait(600.0))


@pytest.mark.parametrize("tool", ["vimeo_my_videos_list", "vimeo_video_get"])
def test_what_a_call_changed_is_there_for_the_next(
    vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect, tool: str
) -> None:
    """A read of before is still under way when the change is over."""
    user = vimeo.add_user("Ana", videos=1)
    identifier = connect("ana", user)
    uri = toolkit.execute_tool(identifier=identifier, tool_name="vimeo_my_videos_list")["data"][0]["uri"]
    given = {} if tool == "vimeo_my_videos_list" else {"video_id": uri}
    io: Any = toolkit._blocking
    send: Send = io.send
    asked, go = threading.Event(), threading.Event()

    async def held(request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        answer = await send(request, timeout=timeout)
        asked.set()
        go.wait(60)
        return answer

    def read() -> str:
        result = toolkit.execute_tool(identifier=identifier, tool_name=tool, tool_input=given)
        return str((result.data.get("data") or [result.data])[0]["name"])

    io.send = held
    with ThreadPoolExecutor(1) as pool:
        before = pool.submit(read)
        try:
            assert asked.wait(60)
            io.send = send
            changed = {"video_id": uri, "name": "A new name"}
            toolkit.execute_tool(identifier=identifier, tool_name="vimeo_video_edit", tool_input=changed)
            assert read() == "A new name"
        finally:
            go.set()
        assert before.result() != "A new name"
