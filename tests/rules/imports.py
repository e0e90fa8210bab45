"""Who imports whom, read from the source: what is imported when a module is, later, or for its types only."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "vimeo_toolkit"


def _sources() -> Iterator[tuple[str, Path]]:
    """Yield the packages of the wheel by their dotted names, each where its first module is."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    for package in wheel["packages"]:
        folder = ROOT / package
        name = folder.name
        while not (folder / "__init__.py").exists():  # a part of a name that others have packages under, too
            (folder,) = (each for each in folder.iterdir() if each.is_dir() and each.name != "__pycache__")
            name += f".{folder.name}"
        yield name, folder


SOURCES = dict(_sources())

When = Literal["at import", "later", "types"]


@dataclass(frozen=True)
class Import:
    """One module that names another of ours."""

    source: str
    target: str
    when: When


def modules() -> dict[str, Path]:
    """Return every module of the package and the adapters, by its dotted name."""
    found: dict[str, Path] = {}
    for root, folder in SOURCES.items():
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            found[".".join((root, *(part for part in parts if part != "__init__")))] = path
    return found


@cache
def imports() -> list[Import]:
    """Return each import of a module of ours by another one of ours."""
    known = modules()
    return [
        Import(source, target, when)
        for source, path in known.items()
        for target, when in _of(ast.parse(path.read_text()), known, "at import")
        if target != source
    ]


def _of(node: ast.AST, known: dict[str, Path], when: When) -> Iterator[tuple[str, When]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ImportFrom):
            assert not child.level, "imports name the whole module"
            for alias in child.names:
                whole = f"{child.module}.{alias.name}"
                target = whole if whole in known else str(child.module)
                if target in known:
                    yield target, when
        elif isinstance(child, ast.Import):
            yield from ((alias.name, when) for alias in child.names if alias.name in known)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for statement in child.body:
                yield from _of(ast.Module([statement], []), known, "types")
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _of(child, known, when if when == "types" else "later")
        elif isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield from _of(child, known, when)


def room(module: str) -> str:
    """Return the part of the project that a module is in: a folder or module of the package, or an adapter."""
    for root in SOURCES:
        if root != PACKAGE and module.startswith(root):
            return root
    return module.split(".")[1] if "." in module else PACKAGE
