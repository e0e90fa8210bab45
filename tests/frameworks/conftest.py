"""Toolkits with several users, and frameworks that tell nobody of their runs."""

from __future__ import annotations

import pytest

from tests.toolkits import guarded, users

__all__ = ["guarded", "users"]


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the frameworks, which the tests import, from telling their makers of each run."""
    for name in ("AGNO_TELEMETRY", "HAYSTACK_TELEMETRY_ENABLED"):
        monkeypatch.setenv(name, "false")
    for name in ("CREWAI_DISABLE_TELEMETRY", "OPENAI_AGENTS_DISABLE_TRACING"):
        monkeypatch.setenv(name, "true")
