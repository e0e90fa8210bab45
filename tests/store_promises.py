"""The promises of a store as the default run tries them: what takes several processes is left to the slow run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vimeo_toolkit.stores import Store
from vimeo_toolkit.testing import StorePromises

__all__ = ["QuickPromises"]


class QuickPromises(StorePromises):
    @pytest.mark.slow
    def test_processes_lose_no_update(
        self, store: Store, other: Store, make_store: Callable[[], Store]
    ) -> None:
        super().test_processes_lose_no_update(store, other, make_store)

    @pytest.mark.slow
    def test_a_lease_has_one_holder_over_processes_and_threads(
        self, store: Store, other: Store, make_store: Callable[[], Store], tmp_path: Path
    ) -> None:
        super().test_a_lease_has_one_holder_over_processes_and_threads(store, other, make_store, tmp_path)
