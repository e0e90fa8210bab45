"""A test makes errors of the warnings that it means, and of no others."""

from __future__ import annotations

import ast

from tests.rules.imports import ROOT


def _of_every_kind(call: ast.Call) -> bool:
    """Tell whether a call makes an error of each warning, whatever its kind."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in {"simplefilter", "filterwarnings"} or not call.args:
        return False
    first = call.args[0]
    return (
        isinstance(first, ast.Constant)
        and first.value == "error"
        and len(call.args) + len(call.keywords) == 1
    )


def test_no_test_makes_errors_of_all_warnings() -> None:
    """Garbage is collected at any moment: what another test left open (Python 3.13 warns of each connection of
    SQLite) would fail the test that runs just then."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: name the category, for instance UserWarning"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and _of_every_kind(node)
    ]
    assert found == []
    assert _of_every_kind(ast.parse("warnings.simplefilter('error')").body[0].value)  # type: ignore[attr-defined]
