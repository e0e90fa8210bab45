"""An error stands in the tree of the docstring, in `errors.__all__` and in the package's exports, or in none."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import vimeo_toolkit
from vimeo_toolkit import errors

BRANCH = re.compile(r"^    ((?:│   |    )*)(?:├── |└── )(\w+)", re.MULTILINE)


def classes() -> dict[str, str]:
    """Error → the error that it is one of, by the classes."""
    return {
        name: cls.__bases__[0].__name__
        for name, cls in vars(errors).items()
        if isinstance(cls, type)
        and issubclass(cls, errors.VimeoToolkitError)
        and cls is not errors.VimeoToolkitError
    }


def test_the_tree_of_the_docstring_is_that_of_the_classes() -> None:
    drawn: dict[str, str] = {}
    path = ["VimeoToolkitError"]
    for indent, name in BRANCH.findall(errors.__doc__ or ""):
        del path[len(indent) // 4 + 1 :]
        drawn[name] = path[-1]
        path.append(name)
    assert drawn == classes()


def test_every_error_is_exported() -> None:
    everything = {"VimeoToolkitError", *classes()}
    assert set(errors.__all__) == everything
    assert {name for name in vimeo_toolkit.__all__ if name in vars(errors)} == everything


def test_what_the_root_exports_is_what_type_checkers_see() -> None:
    tree = ast.parse(Path(vimeo_toolkit.__file__).read_text())
    typed = {
        alias.name
        for block in tree.body
        if isinstance(block, ast.If)
        for statement in block.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }
    assert typed == set(vimeo_toolkit.__all__) - {"__version__"}
    for name in vimeo_toolkit.__all__:
        getattr(vimeo_toolkit, name)


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [vars(vars(errors)[name]).get("code") for name in classes()]
    assert None not in codes
    assert len(set(codes)) == len(codes)
