"""The recipes of CONTRIBUTING.md, read and carried out in a copy of the project."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.docs.blocks import blocks_of
from tests.rules.imports import ROOT

__all__ = ["Recipe", "Step", "copy_of_the_project", "recipes", "run"]

Where = Literal["new", "at its end", "after", "before", "in place of"]

STEP = re.compile(
    r"^`(?P<path>[\w./-]+)`, (?P<where>new|at its end|after|before|in place of)(?: `(?P<anchor>[^\n]+)`)?"
    r"(?:, the first Python block of `(?P<page>[\w./-]+)`\.$|:\n\n```\w+\n(?P<text>.*?)^```$)",
    re.DOTALL | re.MULTILINE,
)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LEFT_OUT = (
    ".git",
    ".venv",
    "__pycache__",
    ".*_cache",
    ".hypothesis",
    "node_modules",
    "site",
    ".long",
    ".mutation",
    "*.db",
)
"""Of the project's folder, when it is copied."""


@dataclass(frozen=True)
class Step:
    """One addition: to which file, where, and what."""

    path: str
    where: Where
    anchor: str
    text: str

    def apply(self, folder: Path) -> None:
        """Make the addition in a copy of the project."""
        file = folder / self.path
        if self.where == "new":
            assert not file.exists(), f"{self.path} is there"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.text)
            return
        assert file.exists(), f"{self.path} is not there"
        lines = file.read_text().splitlines(keepends=True)
        at = len(lines)
        if self.anchor:
            found = [place for place, line in enumerate(lines) if line.rstrip("\n") == self.anchor]
            found += [place for place, line in enumerate(lines) if line.startswith(f"{self.anchor} ")]
            assert found, f"{self.path} has no line {self.anchor!r}"
            at = found[0] + (self.where == "after")
        end = at + (self.where == "in place of")
        file.write_text("".join([*lines[:at], self.text, *lines[end:]]))


@dataclass(frozen=True)
class Recipe:
    """How to add one thing: what is written where, and what is run then."""

    name: str
    steps: tuple[Step, ...]
    commands: tuple[str, ...]


def recipes() -> dict[str, Recipe]:
    """Return the recipes by name, such as "tool"."""
    found = {}
    text = (
        (ROOT / "CONTRIBUTING.md").read_text().partition("\n## Recipes\n")[2].partition("\n## Commits\n")[0]
    )
    for recipe in re.split(r"^### Add an? ", text, flags=re.MULTILINE)[1:]:
        name = recipe.partition("\n")[0]
        steps = tuple(_step(match) for match in STEP.finditer(recipe))
        commands = tuple(line for block in COMMANDS.findall(recipe) for line in block.splitlines())
        found[name] = Recipe(name, steps, commands)
    return found


def _step(found: re.Match[str]) -> Step:
    text = found["text"]
    if found["page"]:
        text = next(block.code for block in blocks_of(ROOT / found["page"]) if block.language == "python")
    return Step(found["path"], found["where"], found["anchor"] or "", text)  # type: ignore[arg-type]


def copy_of_the_project(folder: Path) -> Path:
    """Return a copy of the working tree, without what is made of it."""
    shutil.copytree(ROOT, folder / "copy", ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    return folder / "copy"


def run(commands: Iterable[str], folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the tests that commands name in a copy, in one process, with what is installed for this interpreter."""
    given: dict[str, str] = {}
    named: list[str] = []
    for command in commands:
        words = shlex.split(command)
        while "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            given[name] = value
        assert words[:3] == ["uv", "run", "pytest"], command
        named += words[3:]
    roots = [folder, *(folder / "adapters").iterdir()]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, roots)), **given}
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS"):
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *options, *named],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
