"""Code blocks of Markdown pages, and what checks those that are commands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any, NamedTuple

import typer.main

from vimeo_toolkit.cli.app import app

__all__ = ["ROOT", "Block", "blocks_of", "check_commands"]

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)

INSTALLS = ("pip install ", "uv run pytest", "pip install uv && uv run ")
"""Beginnings of the commands that are not `vimeo-toolkit`: they install, or are run by CI itself."""


class Block(NamedTuple):
    language: str
    code: str


def blocks_of(page: Path) -> list[Block]:
    return [Block(*found) for found in _BLOCK.findall(page.read_text())]


def check_commands(code: str) -> int:
    """Check each line's command, sub-command and options against the real command line; how many there were."""
    count = 0
    for line in code.splitlines():
        text = line.removeprefix("$ ").partition("  #")[0].strip()
        if not text or text.startswith("#"):
            continue
        count += 1
        if "vimeo-toolkit" not in text or text.startswith(INSTALLS):
            assert text.startswith(INSTALLS), f"neither ours nor an installation: {text}"
            continue
        for one in _alternatives(text):
            _check(one)
    return count


def _alternatives(text: str) -> list[str]:
    """`accounts list | show ID` names two commands, and `[ID]` may be left out."""
    text = text.replace("[", "").replace("]", "")
    first, *others = text.split(" | ")
    stem = first.rsplit(" ", 1)[0]
    return [first, *(f"{stem} {other}" for other in others)]


def _check(text: str) -> None:
    words = shlex.split(text, comments=True)
    words = words[words.index("vimeo-toolkit") + 1 :]
    command: Any = typer.main.get_command(app)
    while getattr(command, "commands", None) and words:
        name = words.pop(0)
        assert name in command.commands, f"no such command: {text}"
        command = command.commands[name]
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    for word in words:
        if word.startswith("-"):
            assert word.partition("=")[0] in known, f"{text}: {word} is not an option of it"
