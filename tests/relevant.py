"""Which tests are about which module, by the table in CONTRIBUTING.md.

python -m tests.relevant vimeo_toolkit/calls/window.py        the tests of its row, for pytest's command line
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

__all__ = ["ROOT", "relevant_tests", "rows"]

ROOT = Path(__file__).resolve().parents[1]
_ROW = re.compile(r"^\| (.+?) \| (.+?) \|$", re.MULTILINE)
_PATH = re.compile(r"`((?:[\w.-]+/)*[\w.-]+/?)`")


def rows() -> list[tuple[list[str], list[str]]]:
    """Return the table: what was changed and the tests of it, as paths from the top of the checkout."""
    _, _, text = (ROOT / "CONTRIBUTING.md").read_text().partition("**Which tests to run**")
    table = text.split("\n\n")[1]
    return [
        ([_from_the_top(path) for path in _PATH.findall(changed)], _PATH.findall(tests))
        for changed, tests in _ROW.findall(table)[1:]
    ]


def relevant_tests(path: str, *, every_row: bool = False) -> list[str]:
    """Return the tests of a module: those of the row that names it most closely, or of every row that fits."""
    if path.startswith("tests/"):
        return [path]
    fitting = [
        (len(place), tests)
        for changed, tests in rows()
        for place in changed
        if path == place or (place.endswith("/") and path.startswith(place))
    ]
    closest = max((length for length, _ in fitting), default=0)
    chosen = [test for length, tests in fitting if every_row or length == closest for test in tests]
    return list(dict.fromkeys(chosen))


def _from_the_top(path: str) -> str:
    return path if (ROOT / path).exists() else f"vimeo_toolkit/{path}"


if __name__ == "__main__":
    sys.stdout.write(
        " ".join(dict.fromkeys(test for path in sys.argv[1:] for test in relevant_tests(path))) + "\n"
    )
