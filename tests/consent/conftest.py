from __future__ import annotations

from tests.observe.conftest import call, join, run

__all__ = ["call", "join", "run"]
