"""The `fields` parameter: dots for nesting, a parent brings all its children. Source: Vimeo's guide to its common
formats.

A representation may hold a callable wherever a part of it is costly (`later`): it is made only where it is asked
for, so that a list of names does not pay for a list of players.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

__all__ = ["later", "parse_fields", "project", "rendered"]

Tree = dict[str, Any]


def parse_fields(text: str) -> Tree:
    """Return the tree of a `fields` text: `uri,user.name` → `{"uri": {}, "user": {"name": {}}}`; an empty dict
    takes everything below."""
    tree: Tree = {}
    for path in text.split(","):
        node: Tree | None = tree
        parts = [part for part in path.strip().split(".") if part]
        for position, part in enumerate(parts):
            if node is None:
                break
            if part in node and not node[part]:
                node = None  # its parent was already asked for whole
            elif position == len(parts) - 1:
                node[part] = {}
                node = None
            else:
                node = node.setdefault(part, {})
    return tree


def later(make: Callable[..., Any], *arguments: Any, **named: Any) -> Callable[[], Any]:
    """Defer a part of a representation until it is needed, and return what stands for it."""
    return partial(make, *arguments, **named)


def rendered(value: Any) -> Any:
    """Return what a deferred part stands for: `json.dumps(…, default=rendered)`.

    Raises:
        TypeError: it is neither JSON nor such a part.
    """
    if not callable(value):
        raise TypeError(f"{type(value).__name__} cannot be part of a representation")
    return value()


def project(value: Any, tree: Tree) -> Any:
    """Return `value` with only what the tree names; lists are projected item by item."""
    if tree and callable(value):
        value = value()
    if not tree or value is None:
        return value
    if isinstance(value, list):
        return [project(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: project(value[name], below) for name, below in tree.items() if name in value}
