"""The browser that some slow tests drive, where the machine has one."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

__all__ = ["LAUNCH", "needs_chromium"]

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Chromium has no sandbox of its own for root; /dev/shm is small in containers.
_ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]

LAUNCH: dict[str, Any] = {"executable_path": _CHROMIUM, "args": _ARGUMENTS, "timeout": 120_000}
"""What Playwright's `chromium.launch` takes."""

needs_chromium = pytest.mark.skipif(
    _CHROMIUM is None, reason="no Chromium is installed: apt-get install chromium"
)
