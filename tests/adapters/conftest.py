"""The library that retrievers and loaders are tested on; a toolkit that asks before it deletes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adapters.library_world import indexed_world
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, VimeoToolkit]]:
    """A sandbox and a toolkit in which its talks are indexed. Tests leave it as it was."""
    with indexed_world(tmp_path_factory.mktemp("library")) as made:
        yield made


@pytest.fixture
def guarded(connection: Connection, vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    """A toolkit that asks before it deletes, with a user who granted all and one who granted little."""
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive") as made:
        made.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        little = vimeo.issue_token(scopes=["public"]).access_token
        made.import_token(identifier="reads_only", access_token=little)
        vimeo.requests.clear()
        yield made
