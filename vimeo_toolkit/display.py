"""How toolkits, accounts, results and tools show themselves in a notebook.

Titles, names and comments are written by anybody: every text is escaped, and a link is one only to Vimeo by HTTPS.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from vimeo_toolkit.accounts.model import ConnectedAccount, ConnectedAccounts
    from vimeo_toolkit.calls.result import ToolResult
    from vimeo_toolkit.catalog.tool import Tool
    from vimeo_toolkit.connection import Connection

__all__ = ["Table", "account_html", "accounts_html", "result_html", "toolkit_html", "tools_table"]

ROWS, COLUMNS = 50, 10
"""Rows and columns of a list that are shown: more columns are wider than a notebook."""
WITH_A_TEXT: Final = 8
"""Columns beside which a description fits."""
_FIRST: Final = ("name", "title", "text", "text_excerpt")
"""By what a person knows an item; the first of these that there is comes first."""
_CELL: Final = 300
# Python and browsers read some addresses differently (a backslash, a user before the host): what is not plainly
# one of Vimeo's stays text. An image is even fetched without a click.
_OURS: Final = re.compile(
    r"https://(?:[a-z0-9-]+\.)*(vimeo\.com|vimeocdn\.com)(?:[/?#][!#-;=?-\[\]_a-z~%]*)?", re.I
)


_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?(?:Z|\+00:00)", re.ASCII)
_WORD: Final = re.compile(r"[\w./:+-]{1,32}", re.ASCII)
# Notebooks align all cells to the right and break them anywhere.
_LEFT, _LINE, _NUMBER = "text-align:left", "text-align:left;white-space:nowrap", "text-align:right"
_NAME, _PATH = "text-align:left;min-width:11em", "text-align:left;min-width:7em;overflow-wrap:anywhere"


@dataclass(frozen=True, slots=True)
class _Linked:
    """A text, and where it leads: a link only where that is Vimeo."""

    text: Any
    link: Any


class Table:
    """Rows that a notebook shows as a table, and a terminal as text."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[Any]], caption: str = "") -> None:
        self.columns, self.rows, self.caption = columns, rows, caption

    def _repr_html_(self) -> str:
        shown = self.rows[:ROWS]
        utc = {place for row in shown for place, value in enumerate(row) if _is_time(value)}
        head = "".join(
            f'<th scope="col" style="{_LEFT}">{_breakable(name)}{" (UTC)" if place in utc else ""}</th>'
            for place, name in enumerate(self.columns)
        )
        body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in shown)
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
    rows = []
    for tool in map(_core_tool, tools):
        name = tool.name
        scopes = ", ".join(sorted(tool.scopes)) or "any token"
        rows.append((name, tool.description, scopes, tool.effect))
    return Table(("Tool", "What it does", "Scopes", "Effect"), rows, f"{len(rows)} tools")


def _core_tool(given: Any) -> Tool:
    """Return the tool of the core that a framework's tool stands for."""
    from vimeo_toolkit.catalog.selection import find_tool
    from vimeo_toolkit.catalog.tool import Tool

    given = getattr(given, "bound", given)  # of an adapter's tool
    given = getattr(given, "tool", given)
    if isinstance(given, Tool):
        return given
    return find_tool(getattr(given, "name", None) or given.metadata.get_name())


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


def accounts_html(accounts: ConnectedAccounts) -> str:
    """Return a table of accounts, one a row, and what is stored and does not open below it."""
    rows = [
        (
            each.identifier,
            each.connection_name,
            each.vimeo_name or "-",
            each.status.value,
            ", ".join(sorted(each.granted_scopes)) or "-",
            ", ".join(sorted(each.missing_scopes)) or "-",
        )
        for each in accounts
    ]
    columns = ("User", "Connection", "Vimeo user", "Status", "Granted", "Not granted")
    count = "1 account" if len(rows) == 1 else f"{len(rows)} accounts"
    notes = [f"{each.identifier or each.name}: {each.reason}" for each in accounts.unreadable]
    return Table(columns, rows, count)._repr_html_() + "".join(f"<p>{_text(note)}</p>" for note in notes)


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
    if isinstance(items, list) and items and all(item and isinstance(item, Mapping) for item in items):
        flat = [_flat(item) for item in items]
        names = list(dict.fromkeys(name for item in flat for name in item))
        if all(_address(item["link"]) for item in flat if "link" in item):
            names = [name for name in names if name != "link"]  # the item's name leads there
        columns = _ordered(names)
        rows = [
            [_Linked(item.get(columns[0]), item.get("link")), *(item.get(name) for name in columns[1:])]
            for item in flat
        ]
        total = result.pages.total if result.pages is not None else None
        caption = f"{len(items)} of {total}" if total is not None else f"{len(items)}"
        shown = Table(columns, rows, caption)._repr_html_()
        if left_out := [name for name in names if name not in columns]:
            shown += f"<p>{len(left_out)} more fields are in the data: {_text(', '.join(left_out))}</p>"
    else:
        shown = _facts(list(_flat(result.data).items()), "")
    notes = [*result.notes]
    if result.rate_limit.remaining is not None:
        notes.append(f"{result.rate_limit.remaining} requests are left to this user.")
    return shown + "".join(f"<p>{_text(note)}</p>" for note in notes)


def _ordered(names: Sequence[str]) -> list[str]:
    """The columns that fit: by the first of them a person knows an item, by the last code does."""
    first = next((name for name in (*_FIRST, *names) if name in names), "")
    last = ["uri"] if "uri" in names and first != "uri" else []
    # A long text leaves no room for many others.
    between = [
        name
        for name in names
        if name not in (first, "uri") and (name != "description" or len(names) <= WITH_A_TEXT)
    ]
    return [first, *between[: COLUMNS - 1 - len(last)], *last]


def _facts(rows: Sequence[tuple[str, Any]], caption: str) -> str:
    head = f"<caption>{_text(caption)}</caption>" if caption else ""
    body = "".join(
        f'<tr><th scope="row" style="{_LINE}">{_text(name)}</th>{_cell(value)}</tr>' for name, value in rows
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
    return f'<td style="{_look(value)}">{_content(value)}</td>'


def _look(value: Any) -> str:
    if isinstance(value, _Linked):
        return _NAME
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _NUMBER
    if not isinstance(value, str) or _WORD.fullmatch(value) is None:
        return _LEFT
    return _PATH if value.startswith("/") else _LINE


def _content(value: Any) -> str:
    if isinstance(value, _Linked):
        own = _address(value.link)
        return _anchor(own, value.text) if own and value.text is not None else _content(value.text)
    if _is_time(value):
        date, time = _TIME.fullmatch(value).groups()  # type: ignore[union-attr]
        return f"{date}&nbsp;{time}"
    if own := _address(value):
        if _OURS.fullmatch(own)[1].lower() == "vimeocdn.com":  # type: ignore[index]
            return f'<img src="{_text(own)}" alt="thumbnail" width="160">'
        return _anchor(own, own)
    return _text(value)


def _anchor(address: str, text: Any) -> str:
    return f'<a href="{_text(address)}" rel="noreferrer">{_text(text)}</a>'


def _address(value: Any) -> str | None:
    """An address that is plainly one of Vimeo's, and nothing else."""
    return value if isinstance(value, str) and len(value) <= _CELL and _OURS.fullmatch(value) else None


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def _breakable(name: str) -> str:
    """The text of a name that may go on in a second line after each of its parts."""
    return re.sub(r"[._](?=\w)", r"\g<0><wbr>", _text(name))


def _text(value: Any) -> str:
    text = "" if value is None else str(value)
    # JSON can hold half a character, which cannot be sent to the notebook.
    text = text.encode(errors="replace").decode()
    return html.escape(text if len(text) <= _CELL else f"{text[:_CELL]}…")
