"""Which test shows the outcome of which fault of accounts, stores and clocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from vimeo_toolkit.sandbox.faults import FAULTS

__all__ = ["COVERED", "covers"]

COVERED: set[str] = set()
Test = TypeVar("Test", bound=Callable[..., Any])


def covers(*faults: str) -> Callable[[Test], Test]:
    """Mark a test as the one that asserts what comes of these faults."""
    for fault in faults:
        assert fault in FAULTS, fault
    COVERED.update(faults)
    return lambda test: test
