"""A toolkit that asks before it deletes, for frameworks that may not be beside LangChain and LlamaIndex."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox


@pytest.fixture
def guarded(connection: Connection, vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    """A toolkit that asks before it deletes, with a user who granted all and one who granted little."""
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive") as made:
        made.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        little = vimeo.issue_token(scopes=["public"]).access_token
        made.import_token(identifier="reads_only", access_token=little)
        vimeo.requests.clear()
        yield made
