"""Takes deliveries of Vimeo's webhooks, checks them and calls your handler."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import inspect
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.observe.callables import is_async
from vimeo_toolkit.observe.worker import in_own_thread
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.web.deliveries import DeliveryMemory, RecentDeliveries, two_states
from vimeo_toolkit.web.events import WebhookEvent, event_of
from vimeo_toolkit.web.intake import Intake
from vimeo_toolkit.web.signature import SignatureFormat, is_signed, secrets_of

__all__ = ["WebhookEvent", "WebhookHandler", "webhook_app"]

log = logging.getLogger("vimeo_toolkit.web")

_DAY: Final = 86_400.0

RUNNING: Final = 600.0
"""Seconds that a handler may take. After that it is cancelled, and the delivery may begin again."""

DRAIN: Final = 25.0
"""Seconds that handlers get at shutdown: most supervisors kill after 30."""

GRACE: Final = 3.0
"""Seconds that handlers get after that to react to their cancellation."""

AGAIN: Final = "30"
"""The `Retry-After` seconds for a sender whose delivery is not done yet."""

WebhookHandler = Callable[[WebhookEvent], Awaitable[object]] | Callable[[WebhookEvent], object]

_REFUSALS: Final = {"too_large": 413, "too_slow": 408, "too_many": 503, "gone": 400}


def webhook_app(
    handler: WebhookHandler,
    secret: str | Secret | Iterable[str | Secret],
    *,
    signature: SignatureFormat = SignatureFormat(),  # noqa: B008 - frozen
    max_age: float | None = _DAY,
    max_bytes: int = 262_144,
    answer_within: float = 5.0,
    memory: DeliveryMemory | None = None,
    max_running: int = 64,
) -> Starlette:
    """Make an ASGI application that takes POSTs from Vimeo at any path.

    Give it an exact path, as Vimeo is not known to follow a redirect to the same path with a slash:
    `app.router.routes.append(Route("/hooks/vimeo", webhook_app(on_event, secret)))`; when you use
    `app.mount("/hooks/vimeo", …)`, register the URL with a slash at its end. Run its lifespan within your
    application's: then handlers that are running get 25 seconds when the server stops.

    200 means that the handler is done, now or when the delivery came before. Everything else lets the sender
    send it again: 500 the handler failed; 503 with `Retry-After` it is still running (after `answer_within`
    seconds, or when the delivery comes again meanwhile), too many are running, or the memory does not answer.
    Refused are: 401 a wrong signature, 400 no event or one too old, 413 too large, 408 too slow.

    Args:
        handler: is given each `WebhookEvent`; sync (it is run in a thread of its own) or async. After ten
            minutes it is cancelled and the delivery may come again (a plain function cannot be stopped: it goes
            on, and counts as running). Make it short: put the event into a queue.
        secret: what the webhook was made with; several while you change it.
        signature: where the signature is and how it is written, see `SignatureFormat`.
        max_age: how many seconds the event's timestamp may differ from now, a day by default, so that an event
            can still come after you were down. The name and form of the timestamp are not verified
            (`timestamp`, Unix time or ISO 8601, are read): None switches the check off.
        max_bytes: the largest body.
        answer_within: how long Vimeo is kept waiting for the handler, in seconds.
        memory: remembers deliveries: `RecentDeliveries()` in this process by default; for several workers
            `StoredDeliveries(toolkit)`, or one of your own.
        max_running: how many handlers may run at once.

    Raises:
        ConfigurationError: a secret is empty, or a number cannot work.
    """
    try:
        secrets = secrets_of(secret)
    finally:
        del secret  # a traceback's locals are often logged
    if max_bytes < 1 or answer_within < 0 or max_running < 1 or (max_age is not None and max_age <= 0):
        raise ConfigurationError(
            "max_bytes, max_running and max_age must be above 0, and answer_within not below 0."
        )
    # A repeat older than this is refused by its timestamp, which may lie as far ahead as behind.
    kept = _DAY if max_age is None else 2 * max_age
    desk = _Desk(
        handler, two_states(RecentDeliveries() if memory is None else memory, kept), kept, max_running
    )
    intake = Intake(max_bytes)

    async def receive(request: Request) -> Response:
        signed = request.headers.get(signature.header, "")
        if not signed:  # checked before any of the body is held
            return _refusal(401, "bad_signature")
        body = await intake.read(request)
        if isinstance(body, str):
            return _refusal(_REFUSALS[body], body)
        if not is_signed(body, signed, secrets, signature):
            return _refusal(401, "bad_signature")
        event = event_of(body)
        if event is None:
            return _refusal(400, "no_event")
        if max_age is not None and (
            event.timestamp is None or abs(time.time() - event.timestamp.timestamp()) > max_age
        ):
            return _refusal(400, "too_old")
        return await desk.take(event, hashlib.sha256(body).hexdigest(), answer_within)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await desk.drain(DRAIN)

    return Starlette(routes=[Route("/{path:path}", receive, methods=["POST"])], lifespan=lifespan)


class _Desk:
    """Runs the handler once for each delivery, and knows which ones are running."""

    def __init__(self, handler: WebhookHandler, memory: DeliveryMemory, kept: float, most: int) -> None:
        self._handler = handler
        self._memory = memory
        self._kept = kept
        self._most = most
        self._running: set[asyncio.Task[Response]] = set()
        # Including handlers that were given up and cannot be stopped: plain functions that go on in their
        # threads.
        self._in_threads: set[asyncio.Future[Any]] = set()

    async def take(self, event: WebhookEvent, digest: str, patience: float) -> Response:
        """Handle a delivery, and return the answer."""
        if max(len(self._running), len(self._in_threads)) >= self._most:
            return _later("too_many")
        task = asyncio.create_task(self._deal(event, digest))
        # The loop itself holds tasks only weakly. From here on: a slot is taken before the memory is asked.
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        done, _ = await asyncio.wait({task}, timeout=patience)
        # It was cancelled at shutdown, or the handler itself raised CancelledError.
        return _later("running") if not done or task.cancelled() else task.result()

    async def _deal(self, event: WebhookEvent, digest: str) -> Response:
        try:
            begun = await self._memory.begin(digest, RUNNING)
        except Exception:
            log.exception(
                "The memory of webhook deliveries does not answer; the sender is asked to try again."
            )
            return _later("memory")
        if begun != "new":
            return JSONResponse({"status": "repeated"}) if begun == "done" else _later("running")
        try:
            async with asyncio.timeout(RUNNING):
                await self._call(event)
        except BaseException as error:  # after a cancellation or a SystemExit the event is not done either
            await self._remember(self._memory.forget(digest))
            if isinstance(error, (asyncio.CancelledError, KeyboardInterrupt)):
                raise
            log.error("The webhook handler failed on an event of type %r.", event.type, exc_info=error)
            return _refusal(500, "handler_failed")
        await self._remember(self._memory.done(digest, self._kept))
        return JSONResponse({"status": "done"})

    async def _call(self, event: WebhookEvent) -> None:
        if is_async(self._handler):
            given: Any = self._handler(event)
        else:
            given = await self._threaded(event)
        # Decided by its result and not by its signature: a lambda around an async function returns a coroutine,
        # too.
        if inspect.isawaitable(given):
            await given

    async def _threaded(self, event: WebhookEvent) -> Any:
        # Own threads, not asyncio's: otherwise foreign work that fills those would stop the events, and the other
        # way round.
        begun = asyncio.wrap_future(in_own_thread(partial(self._handler, event), "vimeo-toolkit-webhook"))
        self._in_threads.add(begun)
        begun.add_done_callback(self._in_threads.discard)
        # Not cancelled with the call: only its end says that the thread is free.
        return await asyncio.shield(begun)

    async def _remember(self, noting: Awaitable[None]) -> None:
        """Tell the memory. Shielded: a server that stops must not leave a delivery half noted."""
        try:
            await asyncio.shield(asyncio.ensure_future(noting))
        except Exception:
            log.exception("The memory of webhook deliveries could not note how one ended.")

    async def drain(self, seconds: float) -> None:
        """Wait for the running handlers; after `seconds` cancel them, which lets their deliveries come again."""
        running = set(self._running)
        if running:
            await asyncio.wait(running, timeout=seconds)
        left = [task for task in running if not task.done()]
        for task in left:
            task.cancel()
        if left:  # one that will not be cancelled does not keep the server from stopping
            await asyncio.wait(left, timeout=GRACE)


def _refusal(status: int, error: str) -> Response:
    headers = {"Retry-After": AGAIN} if status == 503 else None
    return JSONResponse({"error": error}, status, headers)


def _later(why: str) -> Response:
    return _refusal(503, why)
