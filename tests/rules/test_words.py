"""Plain English, as far as a search finds what is not: "is not a", where a text would say that X "is no" Y."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.imports import ROOT

KINDS = {".py", ".md", ".ipynb", ".toml"}
LEFT_OUT = {"build", "dist", "node_modules", "site-packages", "__pycache__"}

IS_NO = re.compile(r"\b(?:[Ii]s|[Aa]re|[Ww]as|[Ww]ere) (?:no|none)\b(?! longer\b| more\b)(?!['\"`])")
THERE = re.compile(r"[Tt]here\W*$")
LINE_END = re.compile(r"\n[\s#>]*")


def texts() -> Iterator[tuple[str, str]]:
    for folder in sorted(path for path in ROOT.iterdir() if not path.name.startswith(".")):
        for path in [folder] if folder.is_file() else sorted(folder.rglob("*")):
            inside = path.relative_to(ROOT)
            hidden = any(part.startswith(".") or part in LEFT_OUT for part in inside.parts)
            if path.suffix in KINDS and not hidden and path != Path(__file__):
                yield str(inside), path.read_text(encoding="utf-8")


def found(text: str) -> list[str]:
    text = LINE_END.sub(" ", text)
    return [
        text[max(0, match.start() - 30) : match.end() + 30]
        for match in IS_NO.finditer(text)
        if not THERE.search(text[max(0, match.start() - 10) : match.start()])
    ]


def test_nothing_is_no_something() -> None:
    problems = [f"{path}: …{part}…" for path, text in texts() for part in found(text)]
    assert not problems, "\n".join(problems) + '\nWrite "is not a …", or say what it is.'


@pytest.mark.parametrize(
    "text",
    ["The store is no URL.", "what is none", "# These are\n    # no captions", "The answer\nwas no JSON."],
)
def test_such_a_text_is_found(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text", ["There is no such tool.", "It is no longer sent.", "there are none", "is not a URL"]
)
def test_another_text_is_not(text: str) -> None:
    assert not found(text)
