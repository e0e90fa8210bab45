"""The receiver of webhooks: what it believes, what it refuses, and when it answers."""

from __future__ import annotations

import asyncio
import base64
import functools
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount, Route

from vimeo_toolkit import ConfigurationError, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.state import Webhook
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.web import RecentDeliveries, SignatureFormat, StoredDeliveries, WebhookEvent, webhook_app
from vimeo_toolkit.web.intake import Intake
from vimeo_toolkit.web.signature import is_signed, secrets_of

SECRET = "hook-secret"


def mac(body: bytes, secret: str = SECRET) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def payload(**changes: Any) -> bytes:
    body = {
        "webhook_type": "video-transcode-complete",
        "data": {"clip_uri": "/videos/7", "state": "done"},
        "timestamp": int(time.time()),
    }
    body.update(changes)
    return json.dumps(body).encode()


async def post(app: Starlette, body: bytes, signature: str | None = None, path: str = "/") -> httpx.Response:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://hooks") as client:
        headers = {"X-Webhook-Signature": mac(body).hex() if signature is None else signature}
        return await client.post(path, content=body, headers=headers)


class Heard:
    """A handler that keeps what it is given."""

    def __init__(self) -> None:
        self.events: list[WebhookEvent] = []

    def __call__(self, event: WebhookEvent) -> None:
        self.events.append(event)


@pytest.fixture
def heard() -> Heard:
    return Heard()


# ---- signatures ----

FORMS = SignatureFormat()
ENCODINGS: dict[str, Callable[[bytes], str]] = {
    "hex": lambda digest: digest.hex(),
    "HEX": lambda digest: digest.hex().upper(),
    "base64": lambda digest: base64.b64encode(digest).decode(),
}


@given(
    body=st.binary(max_size=200),
    secrets=st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1, max_size=3),
    place=st.integers(0, 2),
    encoding=st.sampled_from(list(ENCODINGS)),
    prefix=st.sampled_from(FORMS.prefixes),
)
def test_a_right_signature_is_believed_in_every_form(
    body: bytes, secrets: list[str], place: int, encoding: str, prefix: str
) -> None:
    signing = secrets[place % len(secrets)]
    signature = prefix + ENCODINGS[encoding](mac(body, signing))
    assert is_signed(body, signature, secrets_of(secrets), FORMS)


@given(
    body=st.binary(min_size=1, max_size=200),
    bit=st.integers(min_value=0),
    encoding=st.sampled_from(list(ENCODINGS)),
    prefix=st.sampled_from(FORMS.prefixes),
)
def test_one_bit_of_the_body_makes_it_wrong(body: bytes, bit: int, encoding: str, prefix: str) -> None:
    signature = prefix + ENCODINGS[encoding](mac(body))
    bit %= len(body) * 8
    changed = bytearray(body)
    changed[bit // 8] ^= 1 << bit % 8
    assert not is_signed(bytes(changed), signature, secrets_of(SECRET), FORMS)


@given(body=st.binary(max_size=50), signature=st.text(max_size=100))
def test_anything_else_is_not_believed(body: bytes, signature: str) -> None:
    assert not is_signed(body, signature, secrets_of(SECRET), FORMS)


@given(body=st.binary(max_size=50), secret=st.text(st.characters(codec="utf-8"), min_size=1))
def test_another_secret_is_not_believed(body: bytes, secret: str) -> None:
    assert is_signed(body, mac(body, secret).hex(), secrets_of(SECRET), FORMS) is (secret == SECRET)


async def test_the_format_can_be_narrowed(heard: Heard) -> None:
    narrow = SignatureFormat(header="X-Other", prefixes=("v1=",), encodings=("base64",))
    app, body = webhook_app(heard, SECRET, signature=narrow), payload()
    transport = httpx.ASGITransport(app=app)
    good = "v1=" + base64.b64encode(mac(body)).decode()
    async with httpx.AsyncClient(transport=transport, base_url="http://hooks") as client:
        for headers, status in (
            ({"X-Webhook-Signature": good}, 401),
            ({"X-Other": "v1=" + mac(body).hex()}, 401),
            ({"X-Other": good.removeprefix("v1=")}, 401),
            ({"X-Other": good}, 200),
        ):
            assert (await client.post("/", content=body, headers=headers)).status_code == status
    assert len(heard.events) == 1


@pytest.mark.parametrize("secret", ["", [], ["good", ""], Secret("")])
def test_an_empty_secret_is_refused(heard: Heard, secret: str | Sequence[str]) -> None:
    with pytest.raises(ConfigurationError, match="secret"):
        webhook_app(heard, secret)


@pytest.mark.parametrize(
    "numbers", [{"max_age": 0}, {"max_bytes": 0}, {"answer_within": -1}, {"max_running": 0}]
)
def test_numbers_that_cannot_work_are_refused(heard: Heard, numbers: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        webhook_app(heard, SECRET, **numbers)


def test_the_secret_does_not_show_itself(heard: Heard) -> None:
    app = webhook_app(heard, [SECRET, "older-secret"])
    shown = repr(app) + repr(vars(app)) + repr(app.routes)
    assert SECRET not in shown
    assert "older-secret" not in shown


# ---- events ----


async def test_an_event_reaches_the_handler(heard: Heard) -> None:
    moment = int(time.time())
    answer = await post(webhook_app(heard, ["new", SECRET]), payload(timestamp=moment))
    assert (answer.status_code, answer.json()) == (200, {"status": "done"})
    (event,) = heard.events
    assert event.type == "video-transcode-complete"
    assert event.uri == "/videos/7"
    assert event.timestamp == datetime.fromtimestamp(moment, UTC)
    assert event.data == {"clip_uri": "/videos/7", "state": "done"}
    with pytest.raises(AttributeError):
        event.type = "other"  # type: ignore[misc]
    assert isinstance(hash(event), int)


@pytest.mark.parametrize(
    ("data", "uri"),
    [
        ({"video_uri": "/videos/1", "clip_uri": "/videos/2"}, "/videos/1"),
        ({"folder_uri": "/users/1/projects/2", "clip_uri": "/videos/2"}, "/videos/2"),
        ({"live_event_uri": "/live_events/3"}, "/live_events/3"),
        ({"uri": "/videos/4"}, "/videos/4"),
        ({"clip_uri": 5}, None),
        ({}, None),
        (None, None),
    ],
)
async def test_what_an_event_is_about(heard: Heard, data: object, uri: str | None) -> None:
    assert (await post(webhook_app(heard, SECRET), payload(data=data))).status_code == 200
    assert heard.events[0].uri == uri


def _times(now: float) -> list[object]:
    moment = datetime.fromtimestamp(now, UTC)
    return [
        now,
        int(now),
        str(int(now)),
        int(now * 1000),
        moment.isoformat(),
        moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        moment.replace(tzinfo=None).isoformat(),
        (moment + timedelta(seconds=60)).isoformat(),
    ]


@pytest.mark.parametrize("place", range(8))
async def test_forms_of_the_timestamp(heard: Heard, place: int) -> None:
    body = payload(timestamp=_times(time.time())[place])
    assert (await post(webhook_app(heard, SECRET), body)).status_code == 200
    assert len(heard.events) == 1


@pytest.mark.parametrize(
    "timestamp",
    [-1, 0, "yesterday", "", None, True, [], {}, 1e400, "nan", 10**400, -(10**20), "1999-12-31T00:00:00Z"],
)
async def test_a_timestamp_that_is_old_or_none(heard: Heard, timestamp: object) -> None:
    answer = await post(webhook_app(heard, SECRET), payload(timestamp=timestamp))
    assert (answer.status_code, answer.json()) == (400, {"error": "too_old"})
    assert heard.events == []


@pytest.mark.parametrize("seconds", [-310, 310])
async def test_too_far_from_now(heard: Heard, seconds: int) -> None:
    body = payload(timestamp=int(time.time()) + seconds)
    assert (await post(webhook_app(heard, SECRET, max_age=300), body)).status_code == 400
    assert (await post(webhook_app(heard, SECRET, max_age=None), body)).status_code == 200


async def test_without_a_timestamp_when_none_is_wanted(heard: Heard) -> None:
    app = webhook_app(heard, SECRET, max_age=None)
    assert (await post(app, payload(timestamp=None))).status_code == 200
    assert heard.events[0].timestamp is None


# ---- what is refused ----


@pytest.mark.parametrize("signature", ["", "sha256=", "0" * 64, "v1=" + "0" * 64])
async def test_a_wrong_signature(heard: Heard, signature: str) -> None:
    answer = await post(webhook_app(heard, SECRET), payload(), signature)
    assert (answer.status_code, answer.json()) == (401, {"error": "bad_signature"})
    assert heard.events == []


async def test_nothing_is_parsed_before_the_signature_is_right(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*args: object, **kwargs: object) -> None:
        raise AssertionError("parsed")

    monkeypatch.setattr("vimeo_toolkit.web.events.json.loads", never)
    assert (await post(webhook_app(heard, SECRET), payload(), "0" * 64)).status_code == 401


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b"\xff", b"{}", b'{"webhook_type": 7}', b"[" * 100_000]
)
async def test_a_signed_body_that_is_no_event(heard: Heard, body: bytes) -> None:
    assert (await post(webhook_app(heard, SECRET), body)).status_code == 400
    assert heard.events == []


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_that_is_too_large(heard: Heard, announced: bool) -> None:
    app = webhook_app(heard, SECRET, max_bytes=1000)
    read = 0

    async def chunks() -> Any:
        nonlocal read
        for _ in range(50):
            read += 100
            yield b"x" * 100

    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://hooks") as client:
        headers = {"X-Webhook-Signature": "0" * 64, **({"Content-Length": "5000"} if announced else {})}
        answer = await client.post("/", content=chunks(), headers=headers)
    assert answer.status_code == 413
    assert read == (0 if announced else 1100)


async def test_only_posts(heard: Heard) -> None:
    transport = httpx.ASGITransport(app=webhook_app(heard, SECRET))
    async with httpx.AsyncClient(transport=transport, base_url="http://hooks") as client:
        assert (await client.get("/")).status_code == 405


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


# ---- bodies that nobody has signed ----


async def _raw(app: Starlette, chunks: Any, headers: dict[str, str]) -> int:
    """Send a body in pieces by plain ASGI; the answer's status."""
    sent: list[Any] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }

    async def receive() -> Any:
        return await anext(chunks)

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return int(sent[0]["status"])


async def _pieces(*sizes: int, then: asyncio.Event | None = None) -> Any:
    for size in sizes:
        yield {"type": "http.request", "body": b"x" * size, "more_body": True}
    if then is not None:
        await then.wait()
    yield {"type": "http.request", "body": b"", "more_body": False}


async def test_without_a_signature_no_byte_is_read(heard: Heard) -> None:
    async def never() -> Any:
        raise AssertionError("read")
        yield

    assert await _raw(webhook_app(heard, SECRET), never(), {}) == 401


async def test_a_body_that_drips_is_given_up(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimeo_toolkit.web.webhooks.Intake", lambda limit: Intake(limit, seconds=0.01))
    app = webhook_app(heard, SECRET)
    assert await _raw(app, _pieces(5, then=asyncio.Event()), {"X-Webhook-Signature": "0" * 64}) == 408


async def test_all_unsigned_bodies_together_are_bounded_and_small_ones_always_pass() -> None:
    intake, held = Intake(limit=262_144, most_held=500_000), asyncio.Event()

    async def read(chunks: Any) -> Any:
        return await intake.read(Request({"type": "http", "headers": []}, lambda: anext(chunks)))

    slow = [asyncio.create_task(read(_pieces(*[50_000] * 5, then=held))) for _ in range(2)]
    for _ in range(20):
        await asyncio.sleep(0)
    assert intake._held == 2 * (250_000 - 16_384)
    assert await read(_pieces(200_000)) == "too_many"
    assert await read(_pieces(10_000)) == b"x" * 10_000
    held.set()
    assert [len(body) for body in await asyncio.gather(*slow)] == [250_000, 250_000]
    assert intake._held == 0
    assert len(await read(_pieces(200_000))) == 200_000


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
