"""A toolkit that asks before it deletes, for frameworks that may not be beside LangChain and LlamaIndex."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the frameworks, which the tests import, from telling their makers of each run."""
    for name in ("AGNO_TELEMETRY", "HAYSTACK_TELEMETRY_ENABLED"):
        monkeypatch.setenv(name, "false")
    for name in ("CREWAI_DISABLE_TELEMETRY", "OPENAI_AGENTS_DISABLE_TRACING"):
        monkeypatch.setenv(name, "true")


@pytest.fixture
def guarded(connection: Connection, vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    """A toolkit that asks before it deletes, with a user who granted all and one who granted little."""
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive") as made:
        made.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        little = vimeo.issue_token(scopes=["public"]).access_token
        made.import_token(identifier="reads_only", access_token=little)
        vimeo.requests.clear()
        yield made
