"""A file of its own for each test of the embedded store."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from vimeo_toolkit.stores.sqlite import SqliteStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "accounts.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    yield store
    store.close()


@pytest.fixture
def quiet() -> Iterator[None]:
    """sqlitedict logs the errors that these tests provoke in it."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
