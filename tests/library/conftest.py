from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.library.syncing import Stage
from vimeo_toolkit.sandbox import Sandbox


@pytest.fixture
def stage(vimeo: Sandbox, tmp_path: Path) -> Iterator[Stage]:
    """A user whose library syncs are looked at."""
    made = Stage(vimeo, tmp_path / "library")
    with made.toolkit:
        yield made
