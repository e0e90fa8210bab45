"""The lines of the demo: how calls and results are told in one each."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from vimeo_toolkit.tables import items_of

__all__ = ["arguments_of", "line", "summary"]


def line(out: Console, beginning: Text, rest: Text) -> None:
    """Print a line. On a terminal it goes on below the rest's first word; in a file it stays one line."""
    if not out.is_terminal:
        out.print(beginning.append_text(rest), soft_wrap=True)
        return
    grid = Table.grid()
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(beginning, rest)
    out.print(grid)


def arguments_of(value: dict[str, Any]) -> str:
    """Return the arguments of a call as they would stand in its brackets."""
    return ", ".join(f"{name}={json.dumps(each, ensure_ascii=False)}" for name, each in value.items())


def summary(content: str) -> str:
    """Return one line that says what a tool's result holds."""
    try:
        result = json.loads(content)
    except ValueError:
        return _cut(content)
    if not isinstance(result, dict):
        return _cut(content)
    if isinstance(result.get("data"), list):
        items = items_of(result)
        names = ", ".join(_item(item) for item in items[:8])
        total = result.get("total")
        of = f" of {total}" if isinstance(total, int) and total != len(items) else ""
        return _cut(f"{len(items)}{of}: {names}" if names else f"{len(items)}{of}", 240)
    if "message" in result:
        return _cut(str(result["message"]))
    if "uri" in result:
        return _cut(" ".join(str(result[name]) for name in ("name", "uri") if result.get(name)))
    return _cut(content)


def _item(item: dict[str, Any]) -> str:
    name = str(item.get("name") or item.get("uri") or "?")
    created = str(item.get("created_time") or "")[:10]
    return f"{name} ({created})" if created else name


def _cut(text: str, limit: int = 160) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
