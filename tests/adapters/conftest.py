"""A library for retrievers and loaders, toolkits with several users, and a server of MCP to sign in at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.adapters.library_world import indexed_world
from tests.toolkits import guarded, users
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

if TYPE_CHECKING:
    from tests.adapters.signing_in import Site

__all__ = ["guarded", "here", "store", "users", "world"]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, VimeoToolkit]]:
    """A sandbox and a toolkit in which its talks are indexed. Tests leave it as it was."""
    with indexed_world(tmp_path_factory.mktemp("library")) as made:
        yield made


@pytest.fixture
def store(tmp_path: Path) -> str:
    """One that several servers share."""
    return f"sqlite:///{tmp_path / 'accounts.db'}"


@pytest.fixture
def here(vimeo: Sandbox) -> Iterator[Site]:
    """A server of MCP at which people sign in with Vimeo."""
    from tests.adapters.signing_in import site  # of MCP, which most tests do not need

    with site(vimeo) as made:
        yield made
