"""The `fields` parameter: dots for nesting, a parent brings all its children."""

from __future__ import annotations

from typing import Any

__all__ = ["parse_fields", "project"]

Tree = dict[str, Any]


def parse_fields(text: str) -> Tree:
    """`uri,user.name` → `{"uri": {}, "user": {"name": {}}}`; an empty dict takes everything below."""
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


def project(value: Any, tree: Tree) -> Any:
    """`value` with only what the tree names; lists are projected item by item."""
    if not tree or value is None:
        return value
    if isinstance(value, list):
        return [project(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: project(value[name], below) for name, below in tree.items() if name in value}
