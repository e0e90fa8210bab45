"""What every store promises, as tests: those that the toolkit's own stores pass."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from vimeo_toolkit.stores.protocol import Store, is_in_memory
from vimeo_toolkit.testing.hands import Asynchronous, Hands
from vimeo_toolkit.testing.row_promises import RowPromises
from vimeo_toolkit.testing.sharing_promises import SharingPromises

__all__ = ["StorePromises"]


class StorePromises(RowPromises, SharingPromises):
    """Tests of a store. Make a subclass that pytest collects, and say in it how your store is made:

    ```python
    class TestMyStore(StorePromises):
        @pytest.fixture
        def make_store(self, tmp_path):
            return functools.partial(MyStore, tmp_path / "rows")
    ```

    Each call of `make_store()` opens the same rows, which are empty when a test begins; a store in memory may give
    new ones. What can be sent to another process (a `partial` of a class can) is tried in several processes, too.
    The tests need pytest alone: the asynchronous twins run in event loops of their own.
    """

    @pytest.fixture
    def make_store(self) -> Callable[[], Store]:
        """Return the function that opens your store: a fixture of your subclass, in place of this one.

        Without it, each test fails and says so.
        """
        pytest.fail(
            f"{type(self).__name__} does not say how a store is made: write a fixture make_store in it, which "
            'returns for example functools.partial(MyStore, tmp_path / "rows").',
            pytrace=False,
        )

    @pytest.fixture
    def store(self, make_store: Callable[[], Store]) -> Iterator[Store]:
        """Return an empty store."""
        store = make_store()
        yield store
        store.close()

    @pytest.fixture
    def other(self, store: Store, make_store: Callable[[], Store]) -> Iterator[Store]:
        """Return a second store opened on the same rows; a store in memory, which is opened once, itself."""
        if is_in_memory(store):
            yield store
            return
        other = make_store()
        yield other
        other.close()

    @pytest.fixture(params=["blocking", "asynchronous"])
    def hands(self, request: pytest.FixtureRequest, store: Store) -> Iterator[Hands]:
        """Return the store, called in blocking and in asynchronous style in turn."""
        if request.param == "blocking":
            yield store
            return
        with asyncio.Runner() as runner:
            yield Asynchronous(store, runner)
            runner.run(store.aclose())
