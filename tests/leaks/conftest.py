from __future__ import annotations

from tests.servers import postgres_server, postgres_url, redis_server, redis_url, sqlite_url, store_url

__all__ = ["postgres_server", "postgres_url", "redis_server", "redis_url", "sqlite_url", "store_url"]
