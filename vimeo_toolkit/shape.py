"""How a result is shown to a model: nothing said twice, lists as tables, within a budget of tokens.

A list of objects is a table from its first item on, see `tables`: a page of 25 videos has half of the tokens of
the same objects, which have a fiftieth of those of Vimeo's whole answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from vimeo_toolkit.tables import table_of
from vimeo_toolkit.token_estimate import fits, tokens_in
from vimeo_toolkit.units import named_parts

__all__ = ["parts_of", "shaped", "to_json"]

EMPTY: Final = "(empty)"
"""What stands for a text of which there is none: as inputs that clear one have it."""

LONG_IN_ROW: Final = 280
LONG_ALONE: Final = 4_000
"""Characters of one text, in a list and in a single object."""

_WHOLE: Final = frozenset({"uri", "link"})
"""Parts that are useless when they are cut."""

_UTC: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.0+)?\+00:00", re.ASCII)
_SECONDS: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\dZ", re.ASCII)
MANY: Final = 20
"""Rows up to which times have seconds."""
_AFTER_LIST: Final = 110
"""Tokens reserved for what stands beside the rows."""


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
        data: the result; a list of objects under `data` becomes a table.
        limit: tokens for all of it, see `token_estimate`.
        rest: how to get what had to be left out, a sentence.
        start: the number of the first of the items in a longer list that they are a part of.
        tables: False leaves lists as they are.
        long_texts: leave long texts whole, within the limit.
    """
    items = data.get("data")
    if not isinstance(items, list):
        cut: set[str] = set()
        # What a dry run would send is shown as it would be sent.
        shown = _plain(data, Mapping.items) if "dry_run" in data else _plain(data)
        shown = shown if long_texts else _cut_texts(shown, LONG_ALONE, cut)
        shown, left_out, too_long = _within(shown, limit)
        told = [f"left out as too long: {', '.join(left_out)}"] if left_out else []
    else:
        shown, told, cut, too_long = _list_within(
            data, items, limit, start, tables=tables, long_texts=long_texts
        )
    if cut:
        told.append(f"long texts end in … ({', '.join(sorted(cut))})"[:300])
    if told:
        shown = {**shown, "cut": f"{'; '.join(told)}. {rest}"}
    return _squeezed(shown, limit, rest) if told or too_long else shown


def _list_within(
    data: Mapping[str, Any], items: list[Any], limit: int, start: int, *, tables: bool, long_texts: bool
) -> tuple[dict[str, Any], list[str], set[str], bool]:
    """Return a list as it is shown, what to say of what is not, names of the texts that were cut, and whether what
    is left may be longer than the limit."""
    cut: set[str] = set()
    kept = [item for item in items if item is not None]
    if tables and kept and all(isinstance(item, Mapping) for item in kept):
        rows = [_plain(item, nulls=True) or {} for item in kept]
        rows = [_to_minutes(row) for row in rows] if len(rows) > MANY else rows
        whole = table_of(rows if long_texts else [_cut_texts(row, LONG_IN_ROW, cut) for row in rows])
    else:
        plain = _plain_that_fit(kept, limit) if long_texts else [_plain(item) for item in kept]
        whole = {"data": plain if long_texts else [_cut_texts(item, LONG_IN_ROW, cut) for item in plain]}
    shown = _plain({name: value for name, value in data.items() if name != "data"}) | whole
    rows, too_long = _that_fit(shown["data"], limit - tokens_in(to_json(shown | {"data": []})))
    told = []
    if len(rows) < len(kept):
        told = [f"{len(rows)} of these {len(kept)} are shown, the next is number {start + len(rows)}"]
    empty = {"empty_entries": len(items) - len(kept)} if len(kept) < len(items) else {}
    return shown | {"data": rows} | empty, told, cut, too_long


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


Parts = Callable[[Mapping[str, Any]], Iterable[tuple[str, Any]]]


def _plain(value: Any, parts: Parts = named_parts, *, nulls: bool = False) -> Any:
    """Without nulls and empty parts, UTC times in their short form, units in the names of numbers.

    `parts`: gives the names and values of an object.
    `nulls`: keep the names of what is null or has no parts, in an object and those within it: a row has them all.
    """
    # Exact types first: `isinstance` with `Mapping` is slower than everything else here.
    kind = type(value)
    if kind is str:
        time = _UTC.fullmatch(value) if value.endswith("+00:00") else None
        return value if time is None else f"{time[1]}Z"
    if kind is list or kind is tuple:
        return [_plain(item, parts) for item in value]
    if kind is not dict and not isinstance(value, Mapping):
        return value
    if nulls:
        return {name: _plain(item, parts, nulls=True) for name, item in parts(value)} or None
    return {
        name: plain
        for name, item in parts(value)
        if item is not None and (plain := _plain(item, parts)) != {}
    }


def _to_minutes(value: Any) -> Any:
    """`value` with its times to the minute."""
    if type(value) is str:
        return time[1] + "Z" if len(value) == 20 and (time := _SECONDS.fullmatch(value)) else value
    return {name: _to_minutes(part) for name, part in value.items()} if type(value) is dict else value


def _plain_that_fit(items: list[Any], room: int) -> list[Any]:
    """Return the items, the first ones made plain, as many as fit. Those behind them will not be shown and stay
    as they are: of a hundred whole videos two fit, and making all of them plain would block an event loop for as
    long as the rest of a call."""
    shown: list[Any] = []
    for item in items:
        if room < 0:
            break
        shown.append(_plain(item))
        room -= tokens_in(to_json(shown[-1]))
    return shown + items[len(shown) :]


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
    left_out: list[str] = []
    if fits(to_json(shown), limit):
        return shown, left_out, False
    sizes = {name: tokens_in(to_json({name: value})) for name, value in shown.items()}
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
    if fits(to_json(shown), limit):
        return shown
    smaller: dict[str, Any]
    for text, entries in ((2_000, 100), (500, 40), (120, 20), (40, 6), (20, 2)):
        smaller = _trimmed(shown, text, entries, 6)
        smaller["cut"] = f"Far too long to be shown whole. {str(shown.get('cut', rest))[:400]}"
        if fits(to_json(smaller), limit):
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
    """Return the first rows that fit, at least one, and whether that one is too long. Where not all do, room is
    left for what has to be said then."""
    if _surely_fit(rows, room):
        return rows, False
    sizes: list[int] = []
    for row in rows:
        sizes.append(tokens_in(to_json(row)) + 1)
        room -= sizes[-1]
        if room < 0:
            room -= _AFTER_LIST
            break
    while room < 0 and len(sizes) > 1:
        room += sizes.pop()
    return rows[: len(sizes)], room < 0


def _surely_fit(rows: list[Any], room: int) -> bool:
    """Whether no count is needed: no token is shorter than a byte, which up to four of are a character."""
    for row in rows:
        text = to_json(row)
        room -= 1 + (len(text) if text.isascii() else 4 * len(text))
        if room < 0:
            return False
    return True
