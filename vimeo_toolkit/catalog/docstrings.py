"""The docstrings of a model's fields, read when a schema is made.

pydantic reads them when a class is declared, each from the source anew: for this catalogue that is two thirds of
its loading, and a program that only calls tools needs none of them.
"""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise

from pydantic import BaseModel

__all__ = ["field_docstrings"]


def field_docstrings(model: type[BaseModel]) -> dict[str, str]:
    """Return field name → its docstring, those of its bases included; empty where there is no source."""
    found: dict[str, str] = {}
    for cls in reversed(model.__mro__):
        if issubclass(cls, BaseModel) and cls is not BaseModel:
            found |= _of_module(cls.__module__).get(cls.__qualname__, {})
    return found


@cache
def _of_module(name: str) -> dict[str, dict[str, str]]:
    try:
        tree = ast.parse(inspect.getsource(sys.modules[name]))
    except (OSError, TypeError, KeyError, SyntaxError):
        return {}
    found: dict[str, dict[str, str]] = {}
    _collect(tree.body, "", found)
    return found


def _collect(body: list[ast.stmt], prefix: str, found: dict[str, dict[str, str]]) -> None:
    for statement in body:
        match statement:
            case ast.ClassDef():
                found[prefix + statement.name] = _fields(statement.body)
                _collect(statement.body, f"{prefix}{statement.name}.", found)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                _collect(statement.body, f"{prefix}{statement.name}.<locals>.", found)


def _fields(body: list[ast.stmt]) -> dict[str, str]:
    found = {}
    for before, after in pairwise(body):
        match before, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = inspect.cleandoc(text)
    return found
