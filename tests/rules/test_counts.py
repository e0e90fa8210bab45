"""How many tools there are is counted and never written by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.docs.test_generated import GENERATED
from tests.rules.imports import ROOT
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.toolsets import DEFAULT

TEXTS = ("*.md", "*.toml", "docs/**/*.md", "adapters/**/*.md", "adapters/**/*.toml", "notebooks/*.ipynb")
CODE = ("vimeo_toolkit/**/*.py", "adapters/**/*.py", "tests/**/*.py", "examples/**/*.py", "scripts/**/*.py")
HISTORY = {"CHANGELOG.md"}
"""What a release had stays as it was."""


def files() -> Iterator[Path]:
    for pattern in (*TEXTS, *CODE):
        yield from (path for path in ROOT.glob(pattern) if path.name not in HISTORY)


def test_the_count_of_tools_is_never_written_by_hand() -> None:
    numbers = f"(?:{len(catalog())}|{len(DEFAULT)}|{len(catalog()) - len(DEFAULT)})"
    of_tools = re.compile(
        rf"(?<![\d.,:/]){numbers}(?![\d.,:])\W+(?:\w+\W+){{0,2}}?(?:tools?|definitions)\b"
        rf"|\b(?:any|all|each|one) (?:of )?(?:the )?{numbers}\b"
        rf"|len\((?:catalog\(\)|DEFAULT|tools)\) == \d+",
        re.IGNORECASE,
    )
    found = [
        f"{path.relative_to(ROOT)}: {match[0]!r}"
        for path in files()
        for match in of_tools.finditer(GENERATED.sub("", path.read_text(encoding="utf-8")))
    ]
    assert not found, "\n".join(found)
