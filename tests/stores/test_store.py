"""What every store promises (`vimeo_toolkit.testing`), over each of ours, and what ours have besides."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.store_promises import QuickPromises
from tests.stores.helpers import key
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.stores import Row, Store, open_store


# Python 3.12 warns of statements that 3.14 refuses.
@pytest.mark.filterwarnings("error::DeprecationWarning:vimeo_toolkit", "error::DeprecationWarning:sqlitedict")
class TestOurStores(QuickPromises):
    processes = 8
    threads_each = 16

    @pytest.fixture
    def make_store(self, store_url: str) -> Callable[[], Store]:
        return partial(open_store, store_url)


def test_a_store_is_taken_as_it_is(store: Store) -> None:
    assert isinstance(store, Store)
    assert open_store(store) is store


def test_too_long_names_are_refused_alike(store: Store) -> None:
    with pytest.raises(InvalidInput):
        store.put(key("x" * 1_000_000), b"a", version=1, expected=0)
    with pytest.raises(InvalidInput):
        store.acquire("x" * 1_000_000, "me", 1)


def test_works_again_after_close(store: Store, store_url: str) -> None:
    assert store.put(key(), b"a", version=1, expected=0)
    store.close()
    store.close()
    assert store.get(key()) == (None if store_url.endswith(":memory:") else Row(b"a", 1))


def test_each_store_in_memory_has_rows_of_its_own() -> None:
    one, other = open_store("sqlite:///:memory:"), open_store("sqlite:///:memory:")
    assert one.put(key(), b"a", version=1, expected=0)
    assert other.get(key()) is None
    one.close()
    other.close()
