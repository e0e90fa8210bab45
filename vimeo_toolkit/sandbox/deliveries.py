"""Posts a webhook's event to its receiver."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from vimeo_toolkit.sandbox.state import Webhook

__all__ = ["deliver"]


def deliver(webhook: Webhook, data: dict[str, Any], timestamp: int) -> int:
    """Return the status that the receiver answered.

    Raises:
        OSError: it does not answer.
    """
    payload = {"webhook_type": webhook.type, "data": data, "timestamp": timestamp}
    body = json.dumps(payload).encode()
    headers = {"Content-Type": "application/json"}
    if webhook.secret:
        headers["X-Webhook-Signature"] = hmac.new(webhook.secret.encode(), body, hashlib.sha256).hexdigest()
    to = urlsplit(webhook.url)
    kind = http.client.HTTPSConnection if to.scheme == "https" else http.client.HTTPConnection
    connection = kind(to.netloc, timeout=30)
    try:
        connection.request("POST", (to.path or "/") + (f"?{to.query}" if to.query else ""), body, headers)
        return connection.getresponse().status
    finally:
        connection.close()
