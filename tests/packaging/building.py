"""Build the distributions, and make environments for them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

__all__ = ["NAMES", "ROOT", "Environment", "build", "find_uv"]

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("vimeo-toolkit", *sorted(folder.parent.name for folder in ROOT.glob("adapters/*/pyproject.toml")))


def find_uv() -> str:
    found = shutil.which("uv")
    if found is None:
        pytest.skip("needs uv")
    return found


def build(folder: Path, *arguments: str) -> list[Path]:
    """Run `uv build` and give back what it made."""
    command = [find_uv(), "build", "--out-dir", str(folder), *arguments, str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return sorted(path for path in folder.iterdir() if path.suffix in (".whl", ".gz"))


class Environment:
    """A virtual environment with nothing in it but what is installed here."""

    def __init__(self, folder: Path, python: str = sys.executable) -> None:
        self._uv = find_uv()
        self._folder = folder
        scripts = folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = scripts / "python"
        self.scripts = scripts
        self._run(self._uv, "venv", "--quiet", "--python", python, str(folder))

    def install(self, *requirements: str, resolution: str = "highest") -> None:
        options = ("--quiet", "--resolution", resolution, "--python", str(self.python))
        self._run(self._uv, "pip", "install", *options, *requirements)

    def versions(self) -> dict[str, str]:
        """What is installed."""
        listed = self._run(self._uv, "pip", "list", "--format", "json", "--python", str(self.python))
        return {each["name"]: each["version"] for each in json.loads(listed)}

    def uninstall(self, *names: str) -> None:
        self._run(self._uv, "pip", "uninstall", "--quiet", "--python", str(self.python), *names)

    def run(self, code: str, cwd: Path, **variables: str) -> str:
        """Run Python code in it, with nothing of this process's environment but the variables given."""
        return self._run(str(self.python), "-I", "-c", code, cwd=cwd, env=variables)

    def _run(self, *command: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
        given = None if env is None else {"PATH": str(self.scripts), **env}
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=given)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout
