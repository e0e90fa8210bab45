"""The bodies of webhooks: what an event says, how old it may be, what is refused, and what nobody has signed."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from tests.web.hooks import SECRET, Heard, payload, post
from vimeo_toolkit.web import webhook_app
from vimeo_toolkit.web.intake import Intake

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
