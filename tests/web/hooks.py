"""Webhooks as Vimeo sends them, and a handler that keeps what it is given."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import httpx
from starlette.applications import Starlette

from vimeo_toolkit.web import WebhookEvent

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
