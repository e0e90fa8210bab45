from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.library.syncing import Stage
from tests.servers import postgres_schema, postgres_server, postgres_url
from vimeo_toolkit.sandbox import Sandbox

__all__ = ["postgres_schema", "postgres_server", "postgres_url", "stage"]


@pytest.fixture
def stage(vimeo: Sandbox, tmp_path: Path) -> Iterator[Stage]:
    """A user whose library syncs are looked at."""
    made = Stage(vimeo, tmp_path / "library")
    with made.toolkit:
        yield made
