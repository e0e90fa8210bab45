"""Code blocks of Markdown pages, and what checks those that are commands or other programs' files."""

from __future__ import annotations

import ast
import builtins
import configparser
import re
import shlex
from pathlib import Path
from typing import Any, NamedTuple

import typer.main

from vimeo_toolkit.cli.app import app

__all__ = ["ROOT", "Block", "blocks_of", "check_commands", "check_file", "names_from_elsewhere"]

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)

INSTALLS = ("pip install ", "uv run pytest", "pip install uv && uv run ")
"""Beginnings of the commands that install, or are run by CI itself."""
OTHERS = (
    "uvicorn ",
    "docker ",
    "sudo systemctl ",
    "sudo chmod 600 ",
    "chmod 600 ",
    "pg_dump ",
    "redis-cli ",
    "python -c ",
)
"""Beginnings of other programs' commands that the guides for operators have."""


class Block(NamedTuple):
    language: str
    code: str


def blocks_of(page: Path) -> list[Block]:
    return [Block(*found) for found in _BLOCK.findall(page.read_text())]


def names_from_elsewhere(page: Path) -> set[str]:
    """The names that a page's Python uses and neither makes nor imports."""
    made, foreign = set(dir(builtins)), set()
    for block in blocks_of(page):
        if block.language == "python":
            used: set[str] = set()
            for node in ast.walk(ast.parse(block.code)):
                match node:
                    case ast.Name(id=name, ctx=ast.Load()):
                        used.add(name)
                    case ast.Name(id=name) | ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                        made.add(name)
                    case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                        made.add(node.name)
                    case ast.alias(name=name, asname=alias):
                        made.add(alias or name.partition(".")[0])
            foreign |= used - made
    return foreign


def check_commands(code: str) -> int:
    """Check each line's command, sub-command and options against the real command line; how many there were."""
    count = 0
    for line in code.splitlines():
        text = line.removeprefix("$ ").partition("  #")[0].strip()
        if not text or text.startswith("#"):
            continue
        count += 1
        if text.startswith(INSTALLS + OTHERS):
            continue
        assert "vimeo-toolkit" in text, f"neither ours nor one of those that are known: {text}"
        for one in _alternatives(_SUBSTITUTED.sub(r"\1", text)):
            _check(one)
    return count


_SUBSTITUTED = re.compile(r'^eval "\$\((.+)\)"$')
"""A command whose output the shell is to carry out."""


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
    while getattr(command, "commands", None) and words and not words[0].startswith("-"):
        name = words.pop(0)
        assert name in command.commands, f"no such command: {text}"
        command = command.commands[name]
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    for word in words:
        if word.startswith("-"):
            assert word.partition("=")[0] in known, f"{text}: {word} is not an option of it"


INSTRUCTIONS = {"FROM", "RUN", "WORKDIR", "COPY", "USER", "VOLUME", "EXPOSE", "CMD", "ENV"}


def check_file(language: str, code: str) -> None:
    """Check a file of another program for what can be seen without it."""
    match language:
        case "dockerfile":
            assert {line.split()[0] for line in code.splitlines()} <= INSTRUCTIONS
        case "ini":
            unit = configparser.ConfigParser(strict=False)
            unit.read_string(code)
            assert {"Unit", "Service", "Install"} == set(unit.sections())
        case "nginx":
            assert code.count("{") == code.count("}")
            assert all(line.rstrip().endswith(("{", "}", ";")) for line in code.splitlines() if line.strip())
        case other:
            assert other == "text", f"a block in {other} is not checked: {code[:80]}"
