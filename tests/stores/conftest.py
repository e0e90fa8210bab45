from __future__ import annotations

from collections.abc import Iterator

import pytest

from vimeo_toolkit.stores import Store, open_store


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store of each kind."""
    store = open_store(store_url)
    yield store
    store.close()
