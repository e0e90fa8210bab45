from __future__ import annotations

from tests.observe.conftest import call, join, run
from tests.servers import postgres_server, postgres_url, redis_server, redis_url, sqlite_url, store_url

__all__ = [
    "call",
    "join",
    "postgres_server",
    "postgres_url",
    "redis_server",
    "redis_url",
    "run",
    "sqlite_url",
    "store_url",
]
