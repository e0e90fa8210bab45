"""Tests for what you write yourself: `StorePromises` for a store. Needs pytest, which nothing else here imports."""

import pytest

pytest.register_assert_rewrite(
    *(f"{__name__}.{part}" for part in ("hands", "row_promises", "sharing_promises"))
)

from vimeo_toolkit.testing.store_promises import StorePromises  # noqa: E402 - after its asserts are made to tell

__all__ = ["StorePromises"]
