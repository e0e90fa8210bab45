from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import postgres_server, postgres_url, redis_server, redis_url, sqlite_url, store_url
from vimeo_toolkit.stores import Store, open_store

__all__ = ["postgres_server", "postgres_url", "redis_server", "redis_url", "sqlite_url", "store_url"]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store of each kind."""
    store = open_store(store_url)
    yield store
    store.close()
