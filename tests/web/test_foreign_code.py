"""The product's own functions on the web side: whatever they do, the server goes on and can be stopped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from tests.web.hooks import SECRET, payload, post
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.web import WebhookEvent, connect_app, webhook_app

ENDS = (SystemExit, KeyboardInterrupt, asyncio.CancelledError, GeneratorExit, StopIteration)
ASYNC_ENDS = (SystemExit, asyncio.CancelledError)


@pytest.fixture
def free() -> Iterator[threading.Event]:
    """What a hanging function waits for; set at the end, so that no thread is left."""
    event = threading.Event()
    yield event
    event.set()


async def _get(app: Starlette, path: str = "/") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x") as browser:
        return await browser.get(path)


# ---- identify ----


@pytest.mark.parametrize("raised", ENDS)
@pytest.mark.parametrize("kind", ["plain", "asynchronous"])
async def test_an_identify_that_exits(toolkit: VimeoToolkit, raised: type[BaseException], kind: str) -> None:
    def identify(request: Request) -> str | None:
        raise raised

    async def aidentify(request: Request) -> str | None:
        raise raised

    if kind == "asynchronous" and raised not in ASYNC_ENDS:
        return  # there they are the loop's own, or the language's
    answer = await _get(connect_app(toolkit, identify if kind == "plain" else aidentify))
    assert answer.status_code == 500
    assert "This is our mistake" in answer.text


@pytest.mark.parametrize("named", ["", "  ", None])
async def test_nobody(toolkit: VimeoToolkit, named: str | None) -> None:
    assert (await _get(connect_app(toolkit, lambda request: named))).status_code == 401


@pytest.mark.parametrize("named", ["\ud800", "x" * 100_000, b"ana", True, ["ana"]])
async def test_a_name_that_is_none_is_our_mistake(toolkit: VimeoToolkit, named: Any) -> None:
    answer = await _get(connect_app(toolkit, lambda request: named), "/connect")
    assert answer.status_code == 500
    assert "This is our mistake" in answer.text


@pytest.mark.parametrize("kind", ["plain", "asynchronous"])
async def test_an_identify_that_hangs(
    toolkit: VimeoToolkit, free: threading.Event, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("vimeo_toolkit.asking.PATIENCE", 0.02)

    def identify(request: Request) -> str | None:
        free.wait(30)
        return "ana"

    async def aidentify(request: Request) -> str | None:
        await asyncio.Event().wait()
        return "ana"

    app = connect_app(toolkit, identify if kind == "plain" else aidentify)
    # More than there are threads for it: those that never got one do not stay behind.
    answers = await asyncio.gather(*(_get(app) for _ in range(60)))
    assert {answer.status_code for answer in answers} == {503}
    assert answers[0].headers["retry-after"]
    free.set()


# ---- handlers ----


@pytest.mark.parametrize("raised", ENDS)
async def test_a_plain_handler_that_exits(raised: type[BaseException]) -> None:
    calls = 0

    def handler(event: WebhookEvent) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise raised

    app, body = webhook_app(handler, SECRET), payload()
    assert [(await post(app, body)).status_code for _ in range(3)] == [500, 200, 200]
    assert calls == 2


async def test_a_handler_that_cancels_itself_is_answered() -> None:
    async def handler(event: WebhookEvent) -> None:
        raise asyncio.CancelledError

    assert (await post(webhook_app(handler, SECRET), payload())).status_code == 503


async def test_plain_handlers_that_never_end_are_bounded_and_hold_up_no_shutdown(
    free: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("DRAIN", 0.0), ("GRACE", 0.0), ("RUNNING", 0.01)):
        monkeypatch.setattr(f"vimeo_toolkit.web.webhooks.{name}", value)
    begun: list[threading.Thread] = []

    def handler(event: WebhookEvent) -> None:
        begun.append(threading.current_thread())
        free.wait(30)

    app = webhook_app(handler, SECRET, answer_within=5.0, max_running=2)
    async with app.router.lifespan_context(app):
        answers = [await post(app, payload(number=number)) for number in range(5)]
    # What is given up still has its thread.
    assert [answer.status_code for answer in answers] == [500, 500, 503, 503, 503]
    assert answers[-1].json() == {"error": "too_many"}
    assert [thread.daemon for thread in begun] == [True, True], "the interpreter does not wait for them"


async def test_a_handler_that_will_not_be_cancelled_holds_up_no_shutdown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("vimeo_toolkit.web.webhooks.DRAIN", 0.0)
    monkeypatch.setattr("vimeo_toolkit.web.webhooks.GRACE", 0.0)
    free = asyncio.Event()

    async def handler(event: WebhookEvent) -> None:
        while not free.is_set():
            try:
                await free.wait()
            except asyncio.CancelledError:
                continue

    app = webhook_app(handler, SECRET, answer_within=0)
    async with app.router.lifespan_context(app):
        assert (await post(app, payload())).status_code == 503
    free.set()
