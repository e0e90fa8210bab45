"""Lists of objects as tables: every row has all columns, and what is read back is what was there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vimeo_toolkit.shape import shaped, to_json
from vimeo_toolkit.tables import items_of


def _shown(items: list[Any]) -> dict[str, Any]:
    return shaped({"data": items}, limit=10**9, rest="", long_texts=True)


NAMES = st.sampled_from(["uri", "link", "start_seconds", "name", "a", "b", "tags"])
LEAF = st.none() | st.booleans() | st.integers(-2, 2) | st.floats(allow_nan=False) | st.text(max_size=8)
URI = st.sampled_from(["/videos/1", "/videos/2:ab", "/videos/3", "", "3", None])
LINK = st.sampled_from(
    [
        "https://vimeo.com/1",
        "https://vimeo.com/1#t=1s",
        "https://vimeo.com/2/ab",
        "https://vimeo.com/{x}",
        None,
    ]
)


def _objects(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(NAMES, values, max_size=4)


JSON = st.recursive(
    LEAF,
    lambda inner: _objects(inner) | st.lists(inner, max_size=3) | st.lists(_objects(inner), max_size=3),
    max_leaves=6,
)
ITEM = st.tuples(_objects(JSON), URI, LINK).map(lambda each: {**each[0], "uri": each[1], "link": each[2]})
ITEMS = st.lists(ITEM | _objects(JSON), min_size=1, max_size=8)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        plain = {name: _without_nulls(each) for name, each in value.items() if each is not None}
        return {name: each for name, each in plain.items() if each != {}}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


def _at(item: Any, steps: list[str]) -> Any:
    """What is under a name of a column; of a list, what is there in each of its objects."""
    if not steps or item is None:
        return item
    if isinstance(item, list):
        return [_at(each, steps) for each in item]
    name, *others = steps
    return _at(item.get(name), others) if isinstance(item, Mapping) else None


def _leaves(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        for each, inner in value.items():
            yield from _leaves(inner, f"{name}.{each}" if name else each)
    else:
        yield name


@given(ITEMS)
def test_rows_read_back_are_the_plain_objects(items: list[dict[str, Any]]) -> None:
    read = items_of(json.loads(to_json(_shown(items))))
    assert len(read) == len(items)
    for plain, row in zip(map(_without_nulls, items), read, strict=True):
        for name, value in row.items():
            there = _at(plain, name.split("."))
            assert json.dumps(there) == json.dumps(value)
        for leaf in _leaves(plain) if plain else ():
            assert any(f"{leaf}.".startswith(f"{name}.") or name.startswith(f"{leaf}.") for name in row)


@given(ITEMS)
def test_every_row_has_all_columns_and_what_all_share_is_true_of_each(items: list[dict[str, Any]]) -> None:
    shown = _shown(items)
    columns, every = shown["columns"], shown.get("every_row", {})
    assert all(len(row) == len(columns) for row in shown["data"])
    assert len({*columns, *every}) == len(columns) + len(every)
    for name, value in every.items():
        for item in map(_without_nulls, items):
            there = _at(item, name.split("."))
            assert json.dumps(there) == json.dumps(value)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 25])
def test_a_list_has_one_form_however_long_it_is(count: int) -> None:
    items = [{"uri": f"/videos/{number}", "name": f"n{number}", "stats": {}} for number in range(count)]
    shown = _shown(items)
    assert shown["columns"] == (["uri", "name"] if count > 1 else ["uri", "name", "stats"])
    assert shown["data"][0][:2] == ["/videos/0", "n0"]
    assert shown.get("every_row") == ({"stats": None} if count > 1 else None)


def test_what_is_not_there_is_null_and_what_is_empty_is_empty() -> None:
    tags = [{"name": "a"}, {"name": "b"}]
    shown = _shown([{"n": 1, "tags": tags}, {"n": 2, "tags": []}, {"n": 3, "tags": None}, {"n": 4}])
    assert shown == {"columns": ["n", "tags.name"], "data": [[1, ["a", "b"]], [2, []], [3, None], [4, None]]}
    assert _shown([{"n": 1, "tags": []}, {"n": 2}])["columns"] == ["n", "tags"]


def test_a_thing_that_is_an_object_here_and_none_there_has_its_columns_once() -> None:
    folder = {"uri": "/me/projects/1", "name": "Archive"}
    shown = _shown([{"n": 1, "folder": folder}, {"n": 2, "folder": None}, {"n": 3, "folder": {}}])
    assert shown["columns"] == ["n", "folder.uri", "folder.name"]
    assert shown["data"][1:] == [[2, None, None], [3, None, None]]


def test_values_that_only_python_takes_for_the_same_are_not_shared() -> None:
    assert "every_row" not in _shown([{"a": 1}, {"a": True}])
    assert "every_row" not in _shown([{"a": [1.0]}, {"a": [1]}])
    assert _shown([{"a": [1]}, {"a": [1]}])["every_row"] == {"a": [1]}


def test_a_link_follows_from_the_uri_or_stands_in_its_row() -> None:
    public = {"uri": "/videos/1", "link": "https://vimeo.com/1"}
    unlisted = {"uri": "/videos/2:ab", "link": "https://vimeo.com/2/ab"}
    assert _shown([public, public])["link_pattern"] == "https://vimeo.com/{last part of uri}"
    assert _shown([public, unlisted])["link_pattern"] == "https://vimeo.com/{last part of uri, / for :}"
    assert items_of(_shown([public, unlisted])) == [public, unlisted]
    assert _shown([unlisted])["data"] == [[*unlisted.values()]]
    own = {"uri": "/videos/3", "link": "https://vimeo.com/a-name-of-its-own"}
    assert _shown([public, own])["columns"] == ["uri", "link"]


@pytest.mark.parametrize(
    ("items", "pattern"),
    [
        (
            [
                {"uri": uri, "start_seconds": start, "link": f"https://vimeo.com/1#t={start}s"}
                for uri, start in two
            ],
            "https://vimeo.com/{last part of uri}#t={start_seconds}s",
        )
        for two in ([("/videos/1", 5), ("/videos/1", 72)], [("/videos/1", 7)] * 2)
    ]
    + [
        (
            [
                {"uri": "/videos/2:ab", "start_seconds": start, "link": f"https://vimeo.com/2/ab#t={start}s"}
                for start in (1, 2)
            ],
            "https://vimeo.com/{last part of uri, / for :}#t={start_seconds}s",
        ),
        (
            [{"start_seconds": start, "link": f"https://vimeo.com/2/ab#t={start}s"} for start in (1, 2)],
            "https://vimeo.com/2/ab#t={start_seconds}s",
        ),
        ([{"start_seconds": 1, "link": f"https://vimeo.com/{page}#t=1s"} for page in (1, 2)], None),
        ([{"start_seconds": start, "link": "https://vimeo.com/1#t=2s"} for start in (1, 2)], None),
        ([{"start_seconds": start, "link": f"https://vimeo.com/1#t={start}s"} for start in (1.0, 2.0)], None),
        ([{"start_seconds": start, "link": f"https://vimeo.com/{{x}}#t={start}s"} for start in (1, 2)], None),
    ],
)
def test_links_that_play_from_a_moment_follow_from_its_second(
    items: list[dict[str, Any]], pattern: str | None
) -> None:
    shown = _shown(items)
    assert shown.get("link_pattern") == pattern
    assert items_of(shown) == items


def test_what_belongs_to_things_has_short_names() -> None:
    def folder(name: str, videos: int, above: str | None = None) -> dict[str, Any]:
        connections = {"videos": {"total": videos}, "parent_folder": {"uri": above}}
        return {"name": name, "metadata": {"connections": connections}}

    shown = _shown([folder("A", 6), folder("B", 7, "/me/projects/1")])
    assert shown["columns"] == ["name", "videos", "parent_folder.uri"]
    assert shown["data"] == [["A", 6, None], ["B", 7, "/me/projects/1"]]
    assert _shown([folder("A", 6), folder("B", 6)])["every_row"]["videos"] == 6
    taken = _shown([{**folder("A", 6), "videos": ["/videos/1"]}])
    assert taken["columns"][1] == "metadata.connections.videos.total"
    assert _shown([{"n": {"total": 1}}])["columns"] == ["n.total"]


def test_a_name_with_a_dot_is_not_taken_for_a_nested_one() -> None:
    items = [{"a.b": 1, "a": {"b": 2}}, {"a": {"b": 3}}]
    assert _shown(items)["columns"] == ["a.b", "a"]
    assert items_of(_shown(items)) == items
