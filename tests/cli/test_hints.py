"""The library's hints, over all of them: on the command line none speaks of Python."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import vimeo_toolkit
from vimeo_toolkit.cli.failures import translated

ROOMS = ("accounts", "stores", "calls", "wire", "uploads", "runtime", "settings")
PYTHON = re.compile(
    r"\w\(\)|\b[a-z_]+=(?!\w*://)|import_token|get_[a-z_]+|[a-z_]+\.[a-z_]+\(|open\(|new authorization link"
)
NEVER_THERE = (
    "accounts/signing_in.py",  # a product's own page
    "calls/modify.py",  # code of the operator's own
    "runtime/loops.py",  # event loops
    "stores/completeness.py",  # a store of one's own
    "uploads/sources.py",  # streams
)
BY_THEIR_CLASS = ("get_or_create_connected_account", "Connect it again with get_authorization_link")
"""Hints of `NotConnected`, which the command line replaces as a whole (`failures.advice`)."""


def test_no_hint_speaks_of_python() -> None:
    root = Path(vimeo_toolkit.__file__).parent
    hints = {}
    for room in ROOMS:
        for path in (root / room).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.keyword) and node.arg == "hint":
                    texts = [each.value for each in ast.walk(node.value) if isinstance(each, ast.Constant)]
                    text = "".join(each for each in texts if isinstance(each, str))
                    hints[f"{room}/{path.name}", node.value.lineno] = text
    assert len(hints) > 100
    for (where, line), text in hints.items():
        if where not in NEVER_THERE and not any(each in text for each in BY_THEIR_CLASS):
            assert not PYTHON.search(translated(text)), (where, line, translated(text))
