"""Toolkits with several users, for the tests of adapters and of further frameworks, which may not be installed
beside each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

__all__ = ["guarded", "users"]


@pytest.fixture
def guarded(connection: Connection, vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    """A toolkit that asks before it deletes, with a user who granted all and one who granted little."""
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive") as made:
        made.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        little = vimeo.issue_token(scopes=["public"]).access_token
        made.import_token(identifier="reads_only", access_token=little)
        vimeo.requests.clear()
        yield made


@pytest.fixture
def users(connection: Connection, vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    """A toolkit with three users, who have one, two and three videos."""
    with VimeoToolkit([connection], store="sqlite:///:memory:") as made:
        for videos in (1, 2, 3):
            token = vimeo.issue_token(vimeo.add_user(f"u{videos}", videos=videos)).access_token
            made.import_token(identifier=f"u{videos}", access_token=token)
        vimeo.requests.clear()
        yield made
