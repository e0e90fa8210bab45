"""Takes deliveries of Vimeo's webhooks, checks them and calls your handler."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.observe.callables import is_async
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.web.deliveries import DeliveryMemory, RecentDeliveries
from vimeo_toolkit.web.signature import SignatureFormat, is_signed, secrets_of

__all__ = ["WebhookEvent", "WebhookHandler", "webhook_app"]

log = logging.getLogger("vimeo_toolkit.web")

_DAY: Final = 86_400.0
_MILLISECONDS: Final = 1e11
"""A Unix time above this is in milliseconds: in seconds it would be in the year 5138."""


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """One event. The field names of a payload are known from a second-hand source only: `data` has all of it.

    Attributes:
        type: one of Vimeo's, such as `video-transcode-complete`; a new one is passed on as it is.
        uri: what it is about, such as `/videos/123`: the payload's `video_uri` or `clip_uri`, else the first
            other `…uri`; None where there is none.
        timestamp: when Vimeo made it; None where the payload has none (then `max_age` is None, too).
        data: the payload's `data`.
    """

    type: str
    uri: str | None
    timestamp: datetime | None
    data: Mapping[str, Any] = field(hash=False)


WebhookHandler = Callable[[WebhookEvent], Awaitable[object]] | Callable[[WebhookEvent], object]


def webhook_app(
    handler: WebhookHandler,
    secret: str | Secret | Iterable[str | Secret],
    *,
    signature: SignatureFormat = SignatureFormat(),  # noqa: B008 - frozen
    max_age: float | None = 300.0,
    max_bytes: int = 262_144,
    answer_within: float = 5.0,
    memory: DeliveryMemory | None = None,
) -> Starlette:
    """An ASGI application that takes POSTs from Vimeo at any path.

    Give it an exact path, as Vimeo is not known to follow a redirect to the same path with a slash:
    `app.router.routes.append(Route("/hooks/vimeo", webhook_app(on_event, secret)))`; when you use
    `app.mount("/hooks/vimeo", …)`, register the URL with a slash at its end.

    A delivery is answered with 200 once the handler is done, or after `answer_within` seconds, when the handler
    goes on in the background. A handler that fails before that makes the answer 500, and the delivery may come
    again; what fails later is logged and may come again, too. One that was dealt with and comes again is
    answered with 200, and the handler does not hear of it. Anything else is refused: 401 a wrong signature,
    400 no event or one too old, 413 too large.

    Args:
        handler: is given each `WebhookEvent`; sync (it is run in a thread) or async.
        secret: what the webhook was made with; several while you change it.
        signature: where the signature is and how it is written, see `SignatureFormat`.
        max_age: how many seconds the event's timestamp may differ from now. The name and form of the timestamp
            are not verified (`timestamp`, Unix time or ISO 8601, are read): None switches the check off.
        max_bytes: the largest body.
        answer_within: how long Vimeo is kept waiting for the handler.
        memory: remembers deliveries; `RecentDeliveries()` by default, one of your own for several machines.

    Raises:
        ConfigurationError: a secret is empty, or a number cannot work.
    """
    try:
        secrets = secrets_of(secret)
    finally:
        del secret  # a traceback's locals are often logged
    if max_bytes < 1 or answer_within < 0 or (max_age is not None and max_age <= 0):
        raise ConfigurationError("max_bytes and max_age must be above 0, and answer_within not below 0.")
    seen = RecentDeliveries() if memory is None else memory
    # A repeat older than this is refused by its timestamp, which may lie as far ahead as behind.
    kept = _DAY if max_age is None else 2 * max_age
    running: set[asyncio.Task[bool]] = set()

    async def handle(event: WebhookEvent, digest: str) -> bool:
        """Whether the handler did it. Only then the delivery stays remembered."""
        try:
            if is_async(handler):
                await handler(event)  # type: ignore[misc]
            else:
                await asyncio.to_thread(handler, event)
        except BaseException as error:
            await seen.forget(digest)
            if not isinstance(error, Exception):
                raise
            log.exception("The webhook handler failed on an event of type %r.", event.type)
            return False
        return True

    async def receive(request: Request) -> Response:
        body = await _body(request, max_bytes)
        if body is None:
            return _refusal(413, "too_large")
        if not is_signed(body, request.headers.get(signature.header, ""), secrets, signature):
            return _refusal(401, "bad_signature")
        event = _event(body)
        if event is None:
            return _refusal(400, "no_event")
        if max_age is not None and (
            event.timestamp is None or abs(time.time() - event.timestamp.timestamp()) > max_age
        ):
            return _refusal(400, "too_old")
        digest = hashlib.sha256(body).hexdigest()
        if not await seen.add(digest, kept):
            return JSONResponse({"status": "repeated"})
        task = asyncio.create_task(handle(event, digest))
        running.add(task)  # the loop itself holds tasks only weakly
        task.add_done_callback(running.discard)
        await asyncio.wait({task}, timeout=answer_within)
        if not task.done():
            return JSONResponse({"status": "accepted"})
        return JSONResponse({"status": "done"}) if task.result() else _refusal(500, "handler_failed")

    return Starlette(routes=[Route("/{path:path}", receive, methods=["POST"])])


def _refusal(status: int, error: str) -> Response:
    return JSONResponse({"error": error}, status)


async def _body(request: Request, limit: int) -> bytes | None:
    """The raw body, None when it is larger: no more than the limit is ever held."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        return None
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                return None
    except ClientDisconnect:
        return b""  # nobody hears the answer; what has come is not signed
    return bytes(body)


def _event(body: bytes) -> WebhookEvent | None:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(payload, dict) or not isinstance(payload.get("webhook_type"), str):
        return None
    data = payload.get("data")
    if not isinstance(data, dict):
        data = {}
    return WebhookEvent(payload["webhook_type"], _uri(data), _moment(payload.get("timestamp")), data)


def _uri(data: Mapping[str, Any]) -> str | None:
    others = (name for name in data if name.endswith("uri"))
    found = (data.get(name) for name in ("video_uri", "clip_uri", *others))
    return next((uri for uri in found if isinstance(uri, str) and uri), None)


def _moment(value: object) -> datetime | None:
    """Unix time in seconds or milliseconds, or ISO 8601 (without a zone, UTC)."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        seconds = float(value)
    except OverflowError:
        return None
    except ValueError:
        return _iso(str(value))
    if not math.isfinite(seconds):
        return None
    try:
        return datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS else seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
