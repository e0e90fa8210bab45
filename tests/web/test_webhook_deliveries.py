"""The deliveries of webhooks: repeats, slow and failing handlers, memories, and the sandbox over real HTTP."""

from __future__ import annotations

import asyncio
import functools
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from tests.web.hooks import SECRET, Heard, payload, post
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.state import Webhook
from vimeo_toolkit.web import RecentDeliveries, StoredDeliveries, WebhookEvent, webhook_app

# ---- repeats ----


async def test_a_repeat_is_answered_but_not_heard(heard: Heard) -> None:
    app, body = webhook_app(heard, SECRET), payload()
    answers = [await post(app, body) for _ in range(3)]
    assert [answer.json()["status"] for answer in answers] == ["done", "repeated", "repeated"]
    assert len(heard.events) == 1


async def test_of_many_at_once_one_is_heard(heard: Heard) -> None:
    app, body = webhook_app(heard, SECRET), payload()
    answers = await asyncio.gather(*(post(app, body) for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert [answer.json() for answer in answers].count({"status": "done"}) == 1
    assert len(heard.events) == 1


async def test_what_failed_may_come_again(caplog: pytest.LogCaptureFixture) -> None:
    calls = 0

    async def handler(event: WebhookEvent) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise RuntimeError("the database is away")

    app, body = webhook_app(handler, SECRET), payload()
    answer = await post(app, body)
    assert (answer.status_code, answer.json()) == (500, {"error": "handler_failed"})
    assert (await post(app, body)).json() == {"status": "done"}
    assert (await post(app, body)).json() == {"status": "repeated"}
    assert calls == 2
    assert SECRET not in caplog.text


async def test_a_slow_handler_goes_on_and_is_acknowledged_once_it_is_done() -> None:
    free, done = asyncio.Event(), asyncio.Event()

    async def handler(event: WebhookEvent) -> None:
        await free.wait()
        done.set()

    app, body = webhook_app(handler, SECRET, answer_within=0.01), payload()
    for _ in range(2):
        answer = await post(app, body)
        assert (answer.status_code, answer.json()) == (503, {"error": "running"})
        assert int(answer.headers["retry-after"]) > 0
    assert not done.is_set()
    free.set()
    await asyncio.wait_for(done.wait(), 30)
    answer = await post(app, body)
    assert (answer.status_code, answer.json()) == (200, {"status": "repeated"})


@pytest.mark.parametrize("ends", ["fails", "exits", "is cancelled", "stops with the server"])
async def test_what_is_not_done_was_never_acknowledged_and_may_come_again(
    ends: str, caplog: pytest.LogCaptureFixture
) -> None:
    free, calls = asyncio.Event(), 0

    async def handler(event: WebhookEvent) -> None:
        nonlocal calls
        calls += 1
        if calls > 1:
            return
        if ends == "stops with the server":
            await asyncio.Event().wait()
        await free.wait()
        raise {"fails": RuntimeError, "exits": SystemExit, "is cancelled": asyncio.CancelledError}[ends]

    app, body = webhook_app(handler, SECRET, answer_within=0.01), payload()
    async with app.router.lifespan_context(app):
        assert (await post(app, body)).status_code == 503
        if ends == "stops with the server":
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("vimeo_toolkit.web.webhooks.DRAIN", 0.0)
                async with app.router.lifespan_context(app):
                    pass
        free.set()
        for _ in range(1000):
            answer = await post(app, body)
            if answer.status_code != 503:
                break
            await asyncio.sleep(0)
    assert (answer.json(), calls) == ({"status": "done"}, 2)


async def test_running_handlers_are_waited_for_at_shutdown() -> None:
    done = False

    async def handler(event: WebhookEvent) -> None:
        nonlocal done
        for _ in range(20):
            await asyncio.sleep(0)
        done = True

    app = webhook_app(handler, SECRET, answer_within=0)
    async with app.router.lifespan_context(app):
        assert (await post(app, payload())).status_code == 503
    assert done


async def test_a_bounded_number_of_handlers_runs() -> None:
    free = asyncio.Event()

    async def handler(event: WebhookEvent) -> None:
        await free.wait()

    app = webhook_app(handler, SECRET, answer_within=0.01, max_running=2)
    answers = [await post(app, payload(data={"uri": f"/videos/{number}"})) for number in range(3)]
    assert [answer.json()["error"] for answer in answers] == ["running", "running", "too_many"]
    assert answers[2].status_code == 503
    free.set()


def _decorated(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any) -> Any:
        return function(*args)

    return wrapper


class _Callable:
    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, event: WebhookEvent) -> Any:
        return self._function(event)


WRAPPERS: dict[str, Callable[[Callable[..., Any]], Callable[..., Any]]] = {
    "itself": lambda function: function,
    "lambda": lambda function: lambda event: function(event),
    "decorated": _decorated,
    "partial": functools.partial,
    "object": _Callable,
    "method": lambda function: _Callable(function).__call__,
    "future": lambda function: lambda event: asyncio.wait_for(function(event), None),
}


@pytest.mark.parametrize("wrapper", WRAPPERS)
async def test_an_asynchronous_handler_is_awaited_however_it_is_wrapped(wrapper: str) -> None:
    heard = []

    async def handler(event: WebhookEvent) -> None:
        await asyncio.sleep(0)
        heard.append(event.uri)

    answer = await post(webhook_app(WRAPPERS[wrapper](handler), SECRET), payload())
    assert (answer.json(), heard) == ({"status": "done"}, ["/videos/7"])


async def test_a_blocking_handler_does_not_block_the_loop() -> None:
    free = threading.Event()

    def handler(event: WebhookEvent) -> None:
        assert free.wait(30)

    app = webhook_app(handler, SECRET, answer_within=0.01)
    assert (await post(app, payload())).status_code == 503
    free.set()


class _Broken(RecentDeliveries):
    def __init__(self, *broken: str) -> None:
        super().__init__()
        for name in broken:
            setattr(self, name, self._fail)

    async def _fail(self, *args: object) -> Any:
        raise ConnectionError("the shared memory is away")


async def test_a_memory_that_does_not_answer_loses_nothing(heard: Heard) -> None:
    answer = await post(webhook_app(heard, SECRET, memory=_Broken("begin")), payload())
    assert (answer.status_code, answer.json(), heard.events) == (503, {"error": "memory"}, [])
    assert (await post(webhook_app(heard, SECRET, memory=_Broken("done")), payload())).status_code == 200

    def fails(event: WebhookEvent) -> None:
        raise RuntimeError

    assert (await post(webhook_app(fails, SECRET, memory=_Broken("forget")), payload())).status_code == 500


class _FirstRelease:
    """A memory with one state, as the first release's protocol was."""

    def __init__(self) -> None:
        self.known: set[str] = set()

    async def add(self, digest: str, seconds: float) -> bool:
        known = digest in self.known
        self.known.add(digest)
        return not known

    async def forget(self, digest: str) -> None:
        self.known.discard(digest)


async def test_a_memory_with_one_state_still_works(heard: Heard) -> None:
    app: Any = webhook_app(heard, SECRET, memory=_FirstRelease())  # type: ignore[arg-type]
    body = payload()
    assert [(await post(app, body)).json()["status"] for _ in range(2)] == ["done", "repeated"]

    async def slow(event: WebhookEvent) -> None:
        await asyncio.Event().wait()

    app = webhook_app(slow, SECRET, memory=_FirstRelease(), answer_within=0.01)  # type: ignore[arg-type]
    assert [(await post(app, body)).json()["error"] for _ in range(2)] == ["running", "running"]


async def test_several_workers_share_the_store(toolkit: VimeoToolkit) -> None:
    first, second = StoredDeliveries(toolkit), StoredDeliveries(toolkit)
    begun = await asyncio.gather(*(memory.begin("a", 60) for memory in (first, second) for _ in range(5)))
    assert sorted(begun) == ["new", *["running"] * 9]
    await second.forget("a")
    assert await second.begin("a", 60) == "new"
    await first.done("a", 60)
    await first.forget("a")  # what is done stays done
    assert [await memory.begin("a", 60) for memory in (first, second)] == ["done", "done"]
    assert await first.begin("b", 0) == "new"
    assert await first.begin("b", 60) == "new"  # its worker had died


async def test_machines_can_share_a_memory(heard: Heard) -> None:
    memory, body = RecentDeliveries(), payload()
    for expected in ("done", "repeated"):
        answer = await post(webhook_app(heard, SECRET, memory=memory), body)
        assert answer.json() == {"status": expected}


async def test_the_memory_is_bounded_and_forgets_the_oldest() -> None:
    memory = RecentDeliveries(limit=3)
    assert [await memory.add(digest, 60) for digest in "abcd"] == [True] * 4
    assert [await memory.add(digest, 60) for digest in "bcd"] == [False] * 3
    assert await memory.begin("running", 60) == "new"
    assert [await memory.add(digest, 60) for digest in "efgh"] == [True] * 4
    assert await memory.begin("running", 60) == "running"  # what is not done is never forgotten for room
    assert await memory.add("a", 60)
    assert await memory.add("i", 0)
    assert await memory.add("i", 60)


# ---- over real HTTP, from the sandbox ----


@pytest.fixture
def served(heard: Heard) -> Iterator[str]:
    """A product with a receiver at an exact path and one that is mounted."""
    receiver = webhook_app(heard, SECRET)
    product = Starlette(routes=[Route("/exact", receiver), Mount("/mounted", receiver)])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(product, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(30)


def hook(vimeo: Sandbox, url: str, *, secret: str = SECRET, enabled: bool = True) -> Webhook:
    now = vimeo.clock.now()
    made = Webhook(
        id=vimeo.world.next_id(),
        app=vimeo.app,
        url=url,
        type="video-created",
        enabled=enabled,
        created=now,
        modified=now,
        secret=secret,
    )
    vimeo.world.webhooks.append(made)
    return made


def test_the_sandbox_delivers(vimeo: Sandbox, served: str, heard: Heard) -> None:
    hook(vimeo, f"{served}/exact")
    hook(vimeo, f"{served}/mounted/")
    hook(vimeo, f"{served}/exact", secret="another")
    hook(vimeo, f"{served}/exact", enabled=False)
    assert vimeo.deliver("video-created") == [200, 200, 401]
    # The same event for two webhooks of one receiver is one event.
    assert [event.type for event in heard.events] == ["video-created"]
    assert heard.events[0].uri == next(iter(vimeo.world.videos.values())).uri
    assert vimeo.deliver("video-deleted") == []


def test_one_webhook_with_own_data(vimeo: Sandbox, served: str, heard: Heard) -> None:
    webhook = hook(vimeo, f"{served}/exact")
    assert vimeo.deliver(webhook, {"clip_uri": "/videos/99"}) == [200]
    assert vimeo.deliver(webhook, timestamp=1_000) == [400]
    assert [event.uri for event in heard.events] == ["/videos/99"]
