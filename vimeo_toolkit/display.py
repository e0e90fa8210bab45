"""How toolkits, accounts, results and tools show themselves in a notebook.

Titles, names and comments are written by anybody: every text is escaped, and a link is one only to Vimeo by HTTPS.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from vimeo_toolkit.accounts.model import ConnectedAccount
    from vimeo_toolkit.calls.result import ToolResult
    from vimeo_toolkit.connection import Connection

__all__ = ["Table", "account_html", "result_html", "toolkit_html", "tools_table"]

ROWS: Final = 50
"""Rows of a list that are shown."""
_CELL: Final = 300
# Python and browsers read some addresses differently (a backslash, a user before the host): what is not plainly
# one of Vimeo's stays text. An image is even fetched without a click.
_OURS: Final = re.compile(
    r"https://(?:[a-z0-9-]+\.)*(vimeo\.com|vimeocdn\.com)(?:[/?#][!#-;=?-\[\]_a-z~%]*)?", re.I
)


class Table:
    """Rows that a notebook shows as a table, and a terminal as text."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[Any]], caption: str = "") -> None:
        self.columns, self.rows, self.caption = columns, rows, caption

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{_text(name)}</th>' for name in self.columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{_cell(value)}</td>' for value in row)}</tr>" for row in self.rows[:ROWS]
        )
        more = len(self.rows) - ROWS
        left = f"<p>{more} more are not shown.</p>" if more > 0 else ""
        caption = f"<caption>{_text(self.caption)}</caption>" if self.caption else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{left}"

    def __repr__(self) -> str:
        return "\n".join(
            [" | ".join(self.columns), *(" | ".join(str(value)[:60] for value in row) for row in self.rows)]
        )


def tools_table(tools: Iterable[Any]) -> Table:
    """Return the tools of the core, of LangChain or of LlamaIndex, with what each does and needs.

    Raises:
        UnknownTool: one is not of this toolkit.
    """
    from vimeo_toolkit.catalog.selection import find_tool

    names = (getattr(tool, "name", None) or tool.metadata.get_name() for tool in tools)
    rows = []
    for name in names:
        tool = find_tool(name)
        scopes = ", ".join(sorted(tool.scopes)) or "any token"
        rows.append((name, tool.description, scopes, tool.effect))
    return Table(("Tool", "What it does", "Scopes", ""), rows, f"{len(rows)} tools")


def account_html(account: ConnectedAccount) -> str:
    """Return a table of what is known of an account. It has no token to show."""
    rows = [
        ("Status", account.status.value),
        ("Vimeo user", account.vimeo_name or "-"),
        ("Granted", ", ".join(sorted(account.granted_scopes)) or "-"),
        ("Not granted", ", ".join(sorted(account.missing_scopes)) or "-"),
        *([("Why", account.reason)] if account.reason else []),
    ]
    return _facts(rows, f"{account.identifier} on {account.connection_name}")


def toolkit_html(connections: Iterable[Connection], store: str) -> str:
    """Return a table of a toolkit's connections and the kind of its store; neither client ids nor secrets.

    Args:
        store: what kind it is. Not its address, which may name a user and a machine.
    """
    rows = [
        (each.name, ", ".join(each.scopes), each.api_url, store)
        for each in sorted(connections, key=lambda one: one.name)
    ]
    return Table(("Connection", "Scopes", "API", "Accounts kept in"), rows, "Vimeo toolkit")._repr_html_()


def result_html(result: ToolResult) -> str:
    """Return the HTML of a result: a list as a table, anything else by its parts, then the notes and the
    remaining budget."""
    items = result.data.get("data")
    if isinstance(items, list) and items and all(isinstance(item, Mapping) for item in items):
        flat = [_flat(item) for item in items]
        columns = list(dict.fromkeys(name for item in flat for name in item))
        rows = [[item.get(name) for name in columns] for item in flat]
        total = result.pages.total if result.pages is not None else None
        caption = f"{len(items)} of {total}" if total is not None else f"{len(items)}"
        shown = Table(columns, rows, caption)._repr_html_()
    else:
        shown = _facts(list(_flat(result.data).items()), "")
    notes = [*result.notes]
    if result.rate_limit.remaining is not None:
        notes.append(f"{result.rate_limit.remaining} requests are left to this user.")
    return shown + "".join(f"<p>{_text(note)}</p>" for note in notes)


def _facts(rows: Sequence[tuple[str, Any]], caption: str) -> str:
    head = f"<caption>{_text(caption)}</caption>" if caption else ""
    body = "".join(
        f'<tr><th scope="row">{_text(name)}</th><td>{_cell(value)}</td></tr>' for name, value in rows
    )
    return f"<table>{head}<tbody>{body}</tbody></table>"


def _flat(item: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested names joined by dots; lists stay in one cell."""
    found: dict[str, Any] = {}
    for name, value in item.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{name}.")
        elif value is not None:
            found[f"{prefix}{name}"] = value
    return found


def _cell(value: Any) -> str:
    ours = _OURS.fullmatch(value) if isinstance(value, str) and len(value) <= _CELL else None
    if ours is None:
        return _text(value)
    if ours[1].lower() == "vimeocdn.com":
        return f'<img src="{_text(value)}" alt="thumbnail" width="160">'
    return f'<a href="{_text(value)}" rel="noreferrer">{_text(value)}</a>'


def _text(value: Any) -> str:
    text = "" if value is None else str(value)
    # JSON can hold half a character, which cannot be sent to the notebook.
    text = text.encode(errors="replace").decode()
    return html.escape(text if len(text) <= _CELL else f"{text[:_CELL]}…")
