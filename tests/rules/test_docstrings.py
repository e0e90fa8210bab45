"""Docstrings begin with a verb, and everything public has one."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator

import pytest

from tests.rules.imports import ROOT

SOURCES = [
    *(ROOT / "vimeo_toolkit").rglob("*.py"),
    *(path for path in (ROOT / "adapters").rglob("*.py") if not {"tests", ".venv"} & set(path.parts)),
]
PUBLIC = ("", ".web", ".testing", ".observe", ".sandbox", ".sandbox.tasks", ".evaluation")
"""The packages whose `__all__` is public, below `vimeo_toolkit`."""

_VERBS = """
Acquire Add Allow Answer Apply Approve Ask Begin Bind Break Bring Build Call Cancel Carry Change Check Choose
Clear Close Collect Compare Complete Compute Connect Continue Convert Copy Count Create Cut Decide Declare Decode
Decrypt Defer Delete Describe Disconnect Do Drop Emit Encode Encrypt End Ensure Execute Extend Fetch Fill Find
Finish Follow Forget Format Get Give Go Hand Handle Hide Hold Import Iterate Keep Learn Leave Lend Let List
Load Look Make Map Mark Measure Merge Move Name Note Open Parse Pass Pick Play Post Print Project Put Queue Raise
Read Receive Record Refresh Refuse Register Release Remember Remove Rename Render Repeat Replace Report
Require Reserve Reset Resolve Restore Resume Retry Return Revoke Rotate Run Save Say Scan Score Seal Search See
Select Send Serve Set Show Sign Skip Sleep Sort Split Start Stop Store Switch Take Tell Test Trim Try Turn
Pause Undo Update Upload Use Validate Verify Wait Walk Warn Watch Wrap Write Yield
"""
VERBS = set(_VERBS.split())
PROPERTIES = {"property", "cached_property", "setter"}
COMMANDS = {"command", "callback"}
"""Decorators of Typer's: such a docstring is a help text."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def decorators(function: Function) -> set[str]:
    found = set()
    for node in function.decorator_list:
        target = node.func if isinstance(node, ast.Call) else node
        found.add(target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", ""))
    return found


def public_functions(node: ast.AST) -> Iterator[Function]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
            yield from public_functions(child)
        elif isinstance(child, Function) and not child.name.startswith("_"):
            yield child


def bad_beginnings(tree: ast.AST) -> Iterator[str]:
    for function in public_functions(tree):
        text = ast.get_docstring(function)
        if text is None or decorators(function) & (PROPERTIES | COMMANDS):
            continue
        first = text.split()[0].rstrip(".,:;")
        if first not in VERBS:
            yield f"line {function.lineno}: the docstring of {function.name}() begins with {first!r}"


def test_docstrings_begin_with_a_verb() -> None:
    problems = [
        f"{path.relative_to(ROOT)}, {problem}"
        for path in SOURCES
        for problem in bad_beginnings(ast.parse(path.read_text()))
    ]
    assert not problems, (
        "\n".join(problems) + "\nBegin with an imperative, such as `Return`, `Send` or `Refuse`, and say what is "
        "returned. If the word is a verb already, add it to VERBS in this file."
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["The row, or None.", "Returns the row.", "Whether it is over.", "`x` as JSON."]
)
def test_another_beginning_is_found(text: str) -> None:
    assert list(bad_beginnings(ast.parse(f'def shown():\n    """{text}"""')))


def without_docstring(module: str) -> Iterator[str]:
    package = importlib.import_module(module)
    for name in package.__all__:
        thing = getattr(package, name)
        if inspect.isfunction(thing) and not thing.__doc__:
            yield f"{module}.{name}"
        if not inspect.isclass(thing):
            continue
        for base in thing.__mro__:
            if not base.__module__.startswith("vimeo_toolkit"):
                continue
            for member, value in list(vars(base).items()):
                function = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
                own = inspect.isfunction(function) and not member.startswith(("_", "test_"))
                if own and not inspect.getdoc(getattr(base, member)):
                    yield f"{base.__module__}.{base.__qualname__}.{member}"


@pytest.mark.parametrize("package", PUBLIC)
def test_everything_public_has_a_docstring(package: str) -> None:
    missing = sorted(set(without_docstring("vimeo_toolkit" + package)))
    assert not missing, (
        f"Say what goes in and out, and what is raised, in a docstring of: {', '.join(missing)}"
    )


def exported(tree: ast.Module) -> set[str]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return set(ast.literal_eval(node.value))  # type: ignore[attr-defined]
    return set()


def test_everything_public_of_the_adapters_has_a_docstring() -> None:
    missing = []
    for path in SOURCES:
        if "adapters" not in path.relative_to(ROOT).parts:
            continue
        tree = ast.parse(path.read_text())
        names = exported(tree)
        for node in tree.body:
            if isinstance(node, ast.ClassDef | Function) and node.name in names:
                inside = list(public_functions(node)) if isinstance(node, ast.ClassDef) else []
                missing += [
                    f"{path.name}: {each.name}" for each in [node, *inside] if not ast.get_docstring(each)
                ]
    assert not missing, (
        f"Say what goes in and out, and what is raised, in a docstring of: {', '.join(missing)}"
    )
