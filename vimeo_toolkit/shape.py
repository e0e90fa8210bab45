"""How a result is shown to a model: no nulls, nothing said twice, lists as tables, within a budget.

A list of some length becomes a table: `columns`, rows under `data`, and what all rows share once in `every_row`
(a link that follows from the uri as its pattern, `https://vimeo.com/{id}`). On a page of 25 videos that is a half
of the tokens of the same objects, which are a fiftieth of those of Vimeo's whole answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from vimeo_toolkit.units import named_parts

__all__ = ["items_of", "parts_of", "shaped", "to_json"]

EMPTY: Final = "(empty)"
"""What stands for a text of which there is none: as inputs that clear one have it."""

LONG_IN_ROW: Final = 280
LONG_ALONE: Final = 4_000
"""Characters of one text, in a list and in a single object."""

SHORTEST_TABLE: Final = 4
"""Items; fewer are easier to read as objects, and hardly longer."""

_WHOLE: Final = frozenset({"uri", "link"})
"""Parts that are useless when they are cut."""

_UTC: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.0+)?\+00:00", re.ASCII)
_AFTER_LIST: Final = 400
"""Characters reserved for what stands beside the rows."""


def to_json(value: Any) -> str:
    """Return a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def shaped(
    data: Mapping[str, Any],
    *,
    limit: int,
    rest: str,
    start: int = 0,
    tables: bool = True,
    long_texts: bool = False,
) -> dict[str, Any]:
    """Return a result's JSON for a model.

    Args:
        data: the result; a list under `data` becomes a table.
        limit: characters for all of it, about four a token.
        rest: how to get what had to be left out, a sentence.
        start: the number of the first of the items in a longer list that they are a part of.
        tables: False leaves lists as they are.
        long_texts: leave long texts whole, within the limit.
    """
    items = data.get("data")
    if long_texts and not tables and isinstance(items, list):
        shown = _plain({**data, "data": None}) | {"data": _plain_that_fit(items, limit)}
    else:  # what a dry run would send is shown as it would be sent
        shown = _plain(data, Mapping.items) if "dry_run" in data else _plain(data)
    if not isinstance(shown, dict):
        return {}
    items = shown.get("data")
    cut: set[str] = set()
    told = []
    if not isinstance(items, list):
        shown = shown if long_texts else _cut_texts(shown, LONG_ALONE, cut)
        shown, left_out, too_long = _within(shown, limit)
        told = [f"left out as too long: {', '.join(left_out)}"] if left_out else []
    else:
        nulls, items = items.count(None), [item for item in items if item is not None]
        if not long_texts:
            items = [_cut_texts(item, LONG_IN_ROW, cut) for item in items]
        whole: dict[str, Any] = {"data": items}
        if tables and len(items) >= SHORTEST_TABLE and all(isinstance(item, dict) for item in items):
            whole = min(whole, _table([_flat(item) for item in items]), key=lambda form: len(to_json(form)))
        beside = {key: value for key, value in shown.items() if key != "data"} | whole
        room = limit - _AFTER_LIST - len(to_json(beside | {"data": []}))
        kept, too_long = _that_fit(whole["data"], room)
        shown = beside | {"data": kept}
        if len(kept) < len(items):
            told = [f"{len(kept)} of these {len(items)} are shown, the next is number {start + len(kept)}"]
        if nulls:
            shown["empty_entries"] = nulls
    if cut:
        told.append(f"long texts end in … ({', '.join(sorted(cut))})"[:300])
    if told:
        shown = {**shown, "cut": f"{'; '.join(told)}. {rest}"}
    return _squeezed(shown, limit, rest) if told or too_long else shown


def items_of(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the objects of a list as `shaped` shows it, nested names as `privacy.view`."""
    if "columns" not in shown:
        return [_flat(item) for item in shown.get("data", [])]
    every = dict(shown.get("every_row", {}))
    pattern = every.pop("link", None)
    items = []
    for row in shown["data"]:
        item = {name: value for name, value in zip(shown["columns"], row, strict=False) if value is not None}
        item |= every
        if pattern is not None:
            item["link"] = pattern.replace("{id}", _id_of(item))
        items.append(item)
    return items


def parts_of(whole: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Return only these parts of an object, dots for nesting. What it does not have is left out; a part without a
    value, such as a text that was cleared, is `EMPTY`, because nulls are not shown."""
    parts: dict[str, Any] = {}
    for path in paths:
        *parents, leaf = path.split(".")
        value: Any = whole
        target = parts
        for name in parents:
            value = value.get(name) if isinstance(value, Mapping) else None
            if not isinstance(value, Mapping):
                break
            target = target.setdefault(name, {})
        else:
            if leaf in value:
                target[leaf] = EMPTY if value[leaf] in (None, "") else value[leaf]
    return parts


def _plain(value: Any, parts: Callable[[Mapping[str, Any]], Iterable[tuple[str, Any]]] = named_parts) -> Any:
    """Without nulls and empty parts, UTC times in their short form, units in the names of numbers; `parts` gives
    the names and values of an object."""
    # Exact types first: `isinstance` with `Mapping` is slower than everything else here.
    kind = type(value)
    if kind is str:
        time = _UTC.fullmatch(value) if value.endswith("+00:00") else None
        return value if time is None else f"{time[1]}Z"
    if kind is list or kind is tuple:
        return [_plain(item, parts) for item in value]
    if kind is dict or isinstance(value, Mapping):
        return {
            name: plain
            for name, item in parts(value)
            if item is not None and (plain := _plain(item, parts)) != {}
        }
    return value


def _plain_that_fit(items: list[Any], room: int) -> list[Any]:
    """Return the items, the first ones made plain, as many as fit. Those behind them will not be shown and stay
    as they are: of a hundred whole videos two fit, and making all of them plain would block an event loop for as
    long as the rest of a call."""
    shown: list[Any] = []
    for item in items:
        if room < 0:
            break
        shown.append(_plain(item))
        room -= len(to_json(shown[-1]))
    return shown + items[len(shown) :]


def _flat(item: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in item.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        elif (
            isinstance(value, list)
            and value
            and all(isinstance(each, Mapping) and len(each) == 1 for each in value)
        ):
            (only,) = value[0]
            if all(only in each for each in value):
                flat[f"{prefix}{name}.{only}"] = [each[only] for each in value]
            else:
                flat[f"{prefix}{name}"] = value
        else:
            flat[f"{prefix}{name}"] = value
    return flat


def _table(rows: list[dict[str, Any]]) -> dict[str, Any]:
    rows, every = _shared([dict(row) for row in rows])
    filled: dict[str, int] = {}
    for row in rows:
        for name in row:
            filled[name] = filled.get(name, 0) + 1
    # Columns that all rows have come first, so that a row can end where it has nothing more.
    columns = sorted(filled, key=lambda name: -filled[name])
    lines = []
    for row in rows:
        last = max((place for place, name in enumerate(columns) if name in row), default=-1)
        lines.append([row.get(name) for name in columns[: last + 1]])
    return ({"every_row": every} if every else {}) | {"columns": columns, "data": lines}


def _shared(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Take out what all rows have in common. Changes the rows."""
    every: dict[str, Any] = {}
    for name in list(rows[0]):
        values = [row.get(name) for row in rows]
        if name == "link":
            prefix = _link_prefix(rows)
            if prefix is not None:
                every["link"] = f"{prefix}{{id}}"
        elif name != "uri" and values[0] is not None and all(value == values[0] for value in values):
            every[name] = values[0]
    for row in rows:
        for name in every:
            row.pop(name, None)
    return rows, every


def _link_prefix(rows: list[dict[str, Any]]) -> str | None:
    prefixes = set()
    for row in rows:
        link, own = row.get("link"), _id_of(row)
        if not isinstance(link, str) or not own or not link.endswith(f"/{own}"):
            return None
        prefixes.add(link[: -len(own)])
    return prefixes.pop() if len(prefixes) == 1 else None


def _id_of(row: Mapping[str, Any]) -> str:
    """The last part of the uri as links have it: an unlisted video's `1:hash` is `1/hash` there."""
    return str(row.get("uri", "")).rpartition("/")[2].replace(":", "/")


def _cut_texts(value: Any, longest: int, cut: set[str], name: str = "") -> Any:
    """`value` with its long texts cut; their names are added to `cut`."""
    if isinstance(value, Mapping):
        return {key: _cut_texts(item, longest, cut, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_cut_texts(item, longest, cut, name) for item in value]
    if isinstance(value, str) and len(value) > longest and name not in _WHOLE:
        cut.add(name)
        return f"{value[: longest - 40].rstrip()}…"
    return value


def _within(shown: dict[str, Any], limit: int) -> tuple[dict[str, Any], list[str], bool]:
    """Leave out whole parts, the largest first, until the rest fits. Return their names, and whether it still
    does not fit."""
    sizes = {name: len(to_json(value)) + len(name) + 4 for name, value in shown.items()}
    left_out: list[str] = []
    if sum(sizes.values()) > limit:
        limit = max(limit - _AFTER_LIST, limit // 2)
    while sum(sizes.values()) > limit and len(sizes) > 1:
        largest = max(sizes, key=lambda name: sizes[name])
        del sizes[largest]
        left_out.append(largest)
    names = [name[:40] for name in left_out[:6]]
    return {name: shown[name] for name in sizes}, names, sum(sizes.values()) > limit


def _squeezed(shown: dict[str, Any], limit: int, rest: str) -> dict[str, Any]:
    """Cut anything until it is within the limit: one row or one part alone can be longer than the limit."""
    if len(to_json(shown)) <= limit:
        return shown
    smaller: dict[str, Any]
    for text, entries in ((2_000, 100), (500, 40), (120, 20), (40, 6), (20, 2)):
        smaller = _trimmed(shown, text, entries, 6)
        smaller["cut"] = f"Far too long to be shown whole. {str(shown.get('cut', rest))[:400]}"
        if len(to_json(smaller)) <= limit:
            return smaller
    return {"cut": "Far too long to be shown."}


def _trimmed(value: Any, text: int, entries: int, depth: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= text else f"{value[: text - 1]}…"
    if isinstance(value, int) and value.bit_length() > 256:
        return "…"
    if isinstance(value, Mapping | list) and not depth:
        return "…"
    if isinstance(value, Mapping):
        return {
            name[:text]: _trimmed(item, text, entries, depth - 1)
            for name, item in list(value.items())[:entries]
        }
    if isinstance(value, list):
        return [_trimmed(item, text, entries, depth - 1) for item in value[:entries]]
    return value


def _that_fit(rows: list[Any], room: int) -> tuple[list[Any], bool]:
    """Return the first rows that fit, at least one, and whether that one is too long."""
    kept: list[Any] = []
    for row in rows:
        room -= len(to_json(row)) + 1
        if room < 0 and kept:
            return kept, False
        kept.append(row)
    return kept, room < 0
