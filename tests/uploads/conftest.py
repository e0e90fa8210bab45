from __future__ import annotations

from pathlib import Path

import pytest

from tests.uploads.attempts import Fixture


@pytest.fixture
def fixture(tmp_path: Path) -> Fixture:
    return Fixture(tmp_path / "film.mp4")
