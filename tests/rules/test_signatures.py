"""Inside, a user is one `Identity`, and what a call passes on is few things that belong together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from tests.rules.imports import PACKAGE, modules

INNER = ("accounts", "calls", "catalog", "observe", "runtime", "stores", "uploads", "wire")
"""The rooms behind the front door. `facade` has the public methods."""

MOST = 6

OF_THE_OPERATOR = {"Context.identity"}
"""Takes the two names from outside, and makes one thing of them."""

MANY_OPTIONS = {"ToolResult.__init__"}
"""What a result is made of: options by keyword, most of them left out."""


def _functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield every function with its parameters, but for `self` and `cls`."""
    for node in ast.iter_child_nodes(tree):
        inside = within
        if isinstance(node, ast.ClassDef):
            inside = f"{node.name}."
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = [each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            yield f"{within}{node.name}", [each for each in given if each not in ("self", "cls")]
        yield from _functions(node, inside)


@cache
def _inner() -> list[tuple[str, str, list[str]]]:
    return [
        (module, name, parameters)
        for module, path in modules().items()
        if module.split(".")[0] == PACKAGE and module.split(".")[1:2] and module.split(".")[1] in INNER
        for name, parameters in _functions(ast.parse(path.read_text()))
    ]


def test_a_user_is_passed_on_as_one_identity() -> None:
    found = {name for _, name, parameters in _inner() if {"connection_name", "identifier"} <= set(parameters)}
    assert found == OF_THE_OPERATOR


def test_no_function_behind_the_front_door_takes_many_things() -> None:
    found = {name for _, name, parameters in _inner() if len(parameters) > MOST}
    assert found == MANY_OPTIONS


def test_the_private_methods_of_the_front_door_take_few_things() -> None:
    for module, path in modules().items():
        if module.startswith(f"{PACKAGE}.facade"):
            for name, parameters in _functions(ast.parse(path.read_text())):
                if name.partition(".")[2].startswith("_"):
                    assert len(parameters) <= MOST, name
                    assert not {"connection_name", "identifier"} & set(parameters), name
