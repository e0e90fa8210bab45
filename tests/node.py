"""Packages of npm, for tests with clients that are written in JavaScript."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

__all__ = ["install"]


def install(folder: Path, *packages: str, seconds: float) -> None:
    """Install packages into a folder; skip the test where that cannot be done, or takes longer than this."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("needs node and npm")
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), *packages]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not install {', '.join(packages)} in time")
    if done.returncode:
        pytest.skip(f"npm cannot install {', '.join(packages)} here")
