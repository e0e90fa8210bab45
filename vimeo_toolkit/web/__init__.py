"""Web pages to mount into your product (extra `web`): users connect their Vimeo, and Vimeo tells you of events.

`connect_app` has the pages on which a signed-in user connects and disconnects; `webhook_app` takes deliveries of
webhooks, checks them and calls your handler. Both are ASGI applications, for FastAPI, Starlette and others.
"""

from vimeo_toolkit.errors import MissingExtra

try:
    import starlette as _starlette  # noqa: F401
except ImportError:
    raise MissingExtra("vimeo_toolkit.web", "starlette", "web") from None

from vimeo_toolkit.web.connect import connect_app
from vimeo_toolkit.web.deliveries import DeliveryMemory, RecentDeliveries, StoredDeliveries
from vimeo_toolkit.web.events import WebhookEvent
from vimeo_toolkit.web.signature import SignatureFormat
from vimeo_toolkit.web.webhooks import webhook_app

__all__ = [
    "DeliveryMemory",
    "RecentDeliveries",
    "SignatureFormat",
    "StoredDeliveries",
    "WebhookEvent",
    "connect_app",
    "webhook_app",
]
