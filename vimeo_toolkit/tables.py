"""Lists of objects as tables, which is how a model is shown them, and the objects of such a table.

Names of columns are those of the objects, nested ones joined by dots, `privacy.view`; `tags.name` where each has a
list of objects with nothing but a name. Every row has all columns, with null for what an object does not have. What
is the same in all of several rows stands once in `every_row`. Links that follow from the URI, or from the second
that they play from, stand once, as their pattern.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

__all__ = ["items_of", "link_pattern", "names_of", "table_of"]

_CONNECTION: Final = "metadata.connections."
"""Where Vimeo's objects have what belongs to them. A table has `videos` for how many there are, as the tools that
count have it, and `parent_folder.uri` for where a folder is."""
DEEPEST: Final = 8
"""Levels of nesting that become columns; what is deeper stays an object in its cell."""

_PLAIN_ID, _ANY_ID = "{last part of uri}", "{last part of uri, / for :}"
"""In a link's pattern. An unlisted video has a colon in its URI and a slash in its link: `1:hash`, `1/hash`."""
_ID: Final = re.compile(r"\{last part of uri(?:, / for :)?\}")
_START: Final = "{start_seconds}"
"""In the pattern of links that play from a moment: the second in the column of this name."""

Column = tuple[str, list[Any]]


def table_of(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return `columns`, and rows under `data`; before them `link_pattern` and `every_row`, where there is something
    for them."""
    columns = _columns(items)
    table: dict[str, Any] = {}
    if len(items) > 1:
        if pattern := link_pattern(dict(columns)):
            table["link_pattern"] = pattern
            columns = [column for column in columns if column[0] != "link"]
        every = {name: values[0] for name, values in columns if name != "uri" and _all_same(values)}
        if every:
            table["every_row"] = every
            columns = [column for column in columns if column[0] not in every]
    rows = [[values[place] for _, values in columns] for place in range(len(items))]
    return table | {"columns": [name for name, _ in columns], "data": rows}


def items_of(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the objects of a list as a model is shown it, named as its columns are, without nulls.

    Args:
        shown: what `ToolResult.for_model` or the JSON of a tool's text has. The objects of a list that is not a
            table are returned as they are.
    """
    listed = shown.get("data", [])
    if "columns" not in shown:
        return [dict(item) for item in listed]
    pattern = shown.get("link_pattern")
    items = []
    for row in listed:
        item = dict(zip(shown["columns"], row, strict=True)) | shown.get("every_row", {})
        item = {name: value for name, value in item.items() if value is not None}
        if pattern is not None:
            own = _id_of(item.get("uri", ""))
            link = _ID.sub(lambda _, own=own: own, pattern)  # type: ignore[misc]
            item["link"] = link.replace(_START, str(item.get("start_seconds")))
        items.append(item)
    return items


def _columns(items: Sequence[Mapping[str, Any]]) -> list[Column]:
    names = dict.fromkeys(name for item in items for name in item)
    whole = [(name, [item.get(name) for item in items]) for name in names]
    columns = [column for name, values in whole for column in _split(name, values, DEEPEST)]
    # A name with a dot may be that of a nested one: then nothing is taken apart.
    if len({name for name, _ in columns}) < len(columns):
        return [(name, [_cell(value) for value in values]) for name, values in whole]
    short = [_short(name) for name, _ in columns]
    return (
        columns
        if len(set(short)) < len(short)
        else list(zip(short, (values for _, values in columns), strict=True))
    )


def _short(name: str) -> str:
    """Return a column's name without where Vimeo's objects have what belongs to them."""
    return name.removeprefix(_CONNECTION).removesuffix(".total") if name.startswith(_CONNECTION) else name


def names_of(column: str) -> tuple[str, ...]:
    """Return the names that a column of this name may have in the objects, the likeliest first."""
    return column, f"{_CONNECTION}{column}.total", f"{_CONNECTION}{column}"


def _split(name: str, values: list[Any], levels: int) -> Iterator[Column]:
    """Give a column for each leaf under a name; one alone where the values are not all of one kind."""
    there = [value for value in values if value is not None]
    if there and levels and all(isinstance(value, Mapping) for value in there):
        inner = dict.fromkeys(each for value in there for each in value)
        if inner and not any("." in each for each in inner):
            for each in inner:
                part = [None if value is None else value.get(each) for value in values]
                yield from _split(f"{name}.{each}", part, levels - 1)
            return
    only = _only_name(there)
    if only is None:
        yield name, [_cell(value) for value in values]
    else:
        yield (
            f"{name}.{only}",
            [None if value is None else [each[only] for each in value] for value in values],
        )


def _cell(value: Any) -> Any:
    """An object that stays one: without nulls, and null where that leaves nothing."""
    if not isinstance(value, Mapping):
        return value
    parts = {name: _cell(each) for name, each in value.items()}
    return {name: each for name, each in parts.items() if each is not None} or None


def _only_name(values: Sequence[Any]) -> str | None:
    """The one name that all objects of these lists have; None where they have others or are not such lists."""
    if not all(isinstance(value, list) for value in values):
        return None
    names: set[str] = set()
    for each in (each for value in values for each in value):
        if not isinstance(each, Mapping) or len(each) != 1:
            return None
        names |= each.keys()
    (name, *others) = names or ("",)
    return None if others or not name or "." in name else name


def _all_same(values: Sequence[Any]) -> bool:
    first = values[0]
    if any(value != first for value in values):
        return False
    # To Python 1, 1.0 and True are the same, also within lists.
    return first is None or isinstance(first, str) or len({json.dumps(value) for value in values}) == 1


def link_pattern(columns: Mapping[str, Sequence[Any]]) -> str | None:
    """Return the pattern that all links follow; None where one does not. `columns`: with `link`, and with what they
    may follow from, `uri` and `start_seconds`."""
    pages, moment = _pages(columns)
    if moment and "uri" not in columns:
        return f"{pages[0]}{moment}" if len(set(pages)) == 1 and "{" not in pages[0] else None
    beginnings, colon = set(), False
    for uri, link in zip(columns.get("uri", ()), pages, strict=False):
        if not isinstance(uri, str) or not isinstance(link, str) or "{" in link:
            return None
        own = _id_of(uri)
        if not own or not link.endswith(f"/{own}"):
            return None
        beginnings.add(link[: -len(own)])
        colon = colon or ":" in uri.rpartition("/")[2]
    return f"{beginnings.pop()}{_ANY_ID if colon else _PLAIN_ID}{moment}" if len(beginnings) == 1 else None


def _pages(columns: Mapping[str, Sequence[Any]]) -> tuple[Sequence[Any], str]:
    """Return the links without the moment that they play from, and its pattern; as they are, and "", where not
    all of them have one."""
    links, starts = columns.get("link", ()), columns.get("start_seconds", ())
    ends = [f"#t={start}s" for start in starts if type(start) is int]
    if not links or len(ends) != len(links):
        return links, ""
    if not all(isinstance(link, str) and link.endswith(end) for link, end in zip(links, ends, strict=True)):
        return links, ""
    return [link.removesuffix(end) for link, end in zip(links, ends, strict=True)], f"#t={_START}s"


def _id_of(uri: str) -> str:
    return uri.rpartition("/")[2].replace(":", "/")
