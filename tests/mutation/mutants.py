"""Every small change of a module that a test should notice.

A mutant is one change of one node of the syntax tree. What people read is left alone: texts with a space in them,
docstrings, annotations. So is what Python or mypy checks: imports, decorators, type variables.
"""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any, TypeVar

__all__ = ["Mutant", "build", "mutants"]

_SWAPPED: dict[type[ast.AST], type[Any]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_UNTOUCHED = frozenset({"annotation", "returns", "decorator_list", "type_params", "format_spec"})
"""Fields of nodes that only a reader, Python or mypy looks at."""

_TYPES = frozenset({"TypeVar", "ParamSpec", "NewType", "cast"})
_SAME_EITHER_WAY = frozenset(
    {"isinstance", "issubclass", "min", "max", "getattr", "hasattr", "setattr", "suppress"}
)
"""Calls whose arguments are not swapped: the result is the same, or an error at once."""

_SHOWN = 70

Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module."""

    path: str
    where: str
    """The function or class it is in, by its qualified name; empty for the module itself."""
    change: str
    """What becomes of what; with a number where the same change is possible several times."""
    node: int
    """The place of the changed node in the order of `_nodes`."""
    choice: int
    """Which of the node's changes it is."""
    first: int
    last: int
    """The lines of the statement, or of a compound statement's head."""
    at_import: bool
    """Whether it is outside all functions, and so runs when the module is imported."""
    text: str
    """A digest of the function's text: a result counts as long as it stays."""

    @property
    def name(self) -> str:
        """What names it as long as its function's text stays the same."""
        return f"{self.path}::{self.where}: {self.change}"


def mutants(path: str, source: str) -> list[Mutant]:
    """Return all mutants of a module, in the order of its text."""
    found: list[Mutant] = []
    seen: Counter[tuple[str, str]] = Counter()
    lines = source.splitlines(keepends=True)
    for number, (node, _, scope, statement) in enumerate(_nodes(ast.parse(source))):
        for choice, change in enumerate(_changes(node, scope)):
            where = ".".join(each.name for each in scope)
            seen[where, label := _label(node, change)] += 1
            if seen[where, label] > 1:
                label = f"{label} #{seen[where, label]}"
            around = scope[-1] if scope else statement
            text = "".join(lines[around.lineno - 1 : around.end_lineno])
            digest = hashlib.sha256(text.encode()).hexdigest()[:16]
            at_import = all(isinstance(each, ast.ClassDef) for each in scope)
            found.append(Mutant(path, where, label, number, choice, *_lines(statement), at_import, digest))
    return found


def build(mutant: Mutant, source: str, filename: str) -> CodeType:
    """Compile the module with the change in it."""
    tree = ast.parse(source)
    for number, (node, put, scope, _) in enumerate(_nodes(tree)):
        if number == mutant.node:
            put(_changes(node, scope)[mutant.choice])
            break
    return compile(ast.fix_missing_locations(tree), filename, "exec", dont_inherit=True)


_Scope = tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, ...]
_Found = tuple[ast.AST, Callable[[ast.AST], None], _Scope, ast.stmt]


def _nodes(tree: ast.Module) -> Iterator[_Found]:
    """Each node that may be changed: itself, what puts another in its place, its scope and its statement."""
    for position, statement in enumerate(tree.body):
        if not _only_for_types(statement):
            yield from _below(statement, _putter(tree, "body", position), (), statement)


def _below(
    node: ast.AST, put: Callable[[ast.AST], None], scope: _Scope, statement: ast.stmt
) -> Iterator[_Found]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring, or `...`
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TYPES:
        return
    if isinstance(node, ast.JoinedStr) and _prose(node):
        for index, part in enumerate(node.values):
            if isinstance(part, ast.FormattedValue):
                yield from _below(part, _putter(node, "values", index), scope, statement)
        return
    if isinstance(node, ast.stmt):
        statement = node
    yield node, put, scope, statement
    for field, value in ast.iter_fields(node):
        if field in _UNTOUCHED:
            continue
        inside = scope
        if field == "body" and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inside = (*scope, node)
        if isinstance(value, ast.AST):
            yield from _below(value, _putter(node, field), inside, statement)
        elif isinstance(value, list):
            for index, each in enumerate(value):
                if isinstance(each, ast.AST):
                    yield from _below(each, _putter(node, field, index), inside, statement)


def _putter(parent: ast.AST, field: str, index: int | None = None) -> Callable[[ast.AST], None]:
    def put(new: ast.AST) -> None:
        old = getattr(parent, field) if index is None else getattr(parent, field)[index]
        if hasattr(old, "lineno"):
            ast.copy_location(new, old)
        if index is None:
            setattr(parent, field, new)
        else:
            getattr(parent, field)[index] = new

    return put


def _only_for_types(statement: ast.stmt) -> bool:
    """Whether it is an import, `__all__` or what only mypy reads."""
    if isinstance(statement, ast.If):
        return ast.unparse(statement.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0]) in ("__all__", "__slots__")
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _changes(node: ast.AST, scope: _Scope) -> list[ast.AST]:
    """Return what may stand in the place of a node."""
    found: list[ast.AST] = []
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                swapped = _copy(node)
                swapped.ops[place] = _SWAPPED[type(operator)]()
                found.append(swapped)
        case ast.BoolOp() | ast.BinOp() | ast.AugAssign():
            # At the top of a module `|` joins flags or types, which Python itself would complain of.
            if type(node.op) in _SWAPPED and (scope or not isinstance(node.op, ast.BitOr)):
                swapped_op = _copy(node)
                swapped_op.op = _SWAPPED[type(node.op)]()
                found.append(swapped_op)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            found.append(node.operand)
        case ast.Constant():
            found += [ast.Constant(value) for value in _other_values(node)]
        case ast.If() | ast.While() if not _changed_itself(node.test):
            negated = _copy(node)
            negated.test = ast.UnaryOp(ast.Not(), node.test)
            found.append(negated)
        case ast.comprehension():
            for place, condition in enumerate(node.ifs):
                if not _changed_itself(condition):
                    negated_if = _copy(node)
                    negated_if.ifs[place] = ast.UnaryOp(ast.Not(), condition)
                    found.append(negated_if)
        case ast.IfExp():
            found += [node.body, node.orelse]
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            found.append(ast.Return(ast.Constant(None)))
        case ast.Raise() | ast.Expr(value=ast.Call() | ast.Await(value=ast.Call())):
            found.append(ast.Pass())
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) if (
            scope and scope[-1].name != "__init__"
        ):
            found.append(ast.Pass())
        case ast.Break():
            found.append(ast.Continue())
        case ast.Continue():
            found.append(ast.Break())
        case ast.Call():
            found += _calls(node)
        case ast.Dict():
            for place in (place for place, key in enumerate(node.keys) if key):
                shorter = _copy(node)
                del shorter.keys[place], shorter.values[place]
                found.append(shorter)
        case ast.ExceptHandler(type=ast.Tuple() as types):
            for place in range(len(types.elts)):
                fewer = _copy(node)
                fewer.type = ast.copy_location(
                    ast.Tuple([*types.elts[:place], *types.elts[place + 1 :]], ast.Load()), types
                )
                found.append(fewer)
    return found


def _calls(node: ast.Call) -> Iterator[ast.Call]:
    """Calls without one of the named arguments, or with two neighbours swapped."""
    for place, keyword in enumerate(node.keywords):
        if keyword.arg is not None and not _prose(keyword.value):
            without = _copy(node)
            del without.keywords[place]
            yield without
    if ast.unparse(node.func).rpartition(".")[2] in _SAME_EITHER_WAY:
        return
    for place, (one, other) in enumerate(zip(node.args, node.args[1:], strict=False)):
        plain = not isinstance(one, ast.Starred) and not isinstance(other, ast.Starred)
        if plain and ast.dump(one) != ast.dump(other):
            swapped = _copy(node)
            swapped.args[place], swapped.args[place + 1] = other, one
            yield swapped


def _other_values(node: ast.Constant) -> list[Any]:
    match node.value:
        case bool(value):
            return [not value]
        case int(value) | float(value):
            return [value + 1]
        case str(value) if not _prose(node):
            return ["XX" + value]
        case bytes(value) if b" " not in value.strip():
            return [b"XX" + value]
    return []


def _prose(node: ast.AST) -> bool:
    """Whether it is a text for people: one with a space in it."""
    if isinstance(node, ast.JoinedStr):
        return any(_prose(part) for part in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip()


def _changed_itself(condition: ast.expr) -> bool:
    """Whether a condition has changes of its own that do as much as its negation."""
    return isinstance(condition, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant)


def _copy(node: Node) -> Node:
    """A copy whose lists can be changed."""
    fields = (
        (name, value.copy() if isinstance(value, list) else value) for name, value in ast.iter_fields(node)
    )
    return ast.copy_location(type(node)(**dict(fields)), node)


def _label(before: ast.AST, after: ast.AST) -> str:
    """What becomes of what, in one line; of a thing that has many parts, only the part."""
    match before, after:
        case ast.Dict(), ast.Dict():
            gone = next(key for key in before.keys if key and key not in after.keys)
            return f"{{{_shown(gone)}: …}} → without"
        case ast.Call(), ast.Call() if len(after.keywords) < len(before.keywords):
            gone_word = next(word for word in before.keywords if word not in after.keywords)
            return f"{_shown(before.func)}({_shown(gone_word)}) → without"
        case ((ast.If() | ast.While()), _):
            return f"if {_shown(before.test)} → if not"
        case ast.comprehension(), ast.comprehension():
            return " → ".join(" ".join(f"if {_shown(test)}" for test in each.ifs) for each in (before, after))
        case ast.ExceptHandler(type=ast.expr() as known), ast.ExceptHandler(type=ast.expr() as less):
            return f"except {_shown(known)} → except {_shown(less)}"
    return f"{_shown(before)} → {_shown(after)}"


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _lines(statement: ast.stmt) -> tuple[int, int]:
    """The lines of a statement; of a compound one, of its head."""
    body = getattr(statement, "body", None)
    last = statement.end_lineno or statement.lineno
    return statement.lineno, max(statement.lineno, body[0].lineno - 1) if body else last
