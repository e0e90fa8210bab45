"""What ARCHITECTURE.md names on the ways through a call is there."""

from __future__ import annotations

import ast
import re

from tests.rules.imports import ROOT, modules


def test_every_step_of_the_ways_through_is_there() -> None:
    table = (ROOT / "ARCHITECTURE.md").read_text().partition("Five ways through")[2].partition("\n\nSteps")[0]
    steps = re.findall(r"`([\w.]+)`", table)
    assert len(steps) > 20
    defined = set()
    for path in modules().values():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                defined.add(node.name)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                defined.add(node.target.id)
    assert [step for step in steps if step.rpartition(".")[2] not in defined] == []
