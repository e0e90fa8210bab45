"""The library that retrievers and loaders are tested on, and toolkits with several users."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adapters.library_world import indexed_world
from tests.toolkits import guarded, users
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

__all__ = ["guarded", "users", "world"]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, VimeoToolkit]]:
    """A sandbox and a toolkit in which its talks are indexed. Tests leave it as it was."""
    with indexed_world(tmp_path_factory.mktemp("library")) as made:
        yield made
