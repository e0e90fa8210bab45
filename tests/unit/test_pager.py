"""The pages of an iteration: which is asked for next, and when to stop."""

from __future__ import annotations

from typing import Any

import pytest

from vimeo_toolkit import (
    BadRequest,
    InvalidInput,
    NotFound,
    ToolResult,
    UnexpectedResponse,
)
from vimeo_toolkit.calls.paging import Pager
from vimeo_toolkit.calls.result import Pages
from vimeo_toolkit.catalog import catalog

READS = "vimeo_me_get"
PRIVATE_WRITE = next(
    name
    for name, tool in catalog().items()
    if not (tool.read_only or tool.destructive or tool.visible_to_others or tool.local)
)

LIST = catalog()["vimeo_my_videos_list"]


def page(items: Any, pages: Pages | None) -> ToolResult:
    return ToolResult({"data": items}, pages=pages)


def _next(pager: Pager) -> dict[str, Any] | None:
    return None if pager.page is None else pager.input_of(pager.page)


def items_of(pager: Pager, items: Any, pages: Pages | None) -> list[Any]:
    return list(pager.items_of(page(items, pages)))


@pytest.mark.parametrize(("most", "size"), [(None, 100), (1, 1), (100, 100), (101, 51), (250, 84), (0, 100)])
def test_as_few_pages_as_can_be_and_no_larger_ones_than_it_takes(most: int | None, size: int) -> None:
    pager = Pager(LIST, None, most)
    asked = _next(pager)
    assert asked == (None if most == 0 else {"per_page": size, "page": 1})


def test_where_an_iteration_begins_is_the_callers_choice() -> None:
    assert _next(Pager(LIST, {"page": 3, "per_page": 7}, 250)) == {"per_page": 7, "page": 3}


@pytest.mark.parametrize("most", [-1, True])
def test_a_number_of_items_is_a_number(most: int) -> None:
    with pytest.raises(InvalidInput, match="0 or more"):
        Pager(LIST, None, most)


@pytest.mark.parametrize("name", [READS, PRIVATE_WRITE])
def test_only_lists_are_iterated(name: str) -> None:
    with pytest.raises(InvalidInput, match=f"{name} "):
        Pager(catalog()[name], None, None)


@pytest.mark.parametrize(
    ("items", "pages", "following"),
    [
        ([1], Pages(1, 1, 9, 2), 2),
        ([1], Pages(1, 1, 9, 5), 5),
        ([1], Pages(1, 1, 9, 1), 2),
        ([1], Pages(1, 1, 9, None), None),
        ([], Pages(1, 1, 9, 2), 2),
        ([], Pages(1, 1, 1, 2), None),
        ([], Pages(1, 1, None, 2), None),
        ([None], Pages(1, 1, 9, 2), 2),
        ([1], None, 2),
        ([1, 2], None, None),
        ([], None, None),
    ],
)
def test_which_page_follows(items: list[Any], pages: Pages | None, following: int | None) -> None:
    pager = Pager(LIST, {"per_page": 1}, None)
    assert items_of(pager, items, pages) == [item for item in items if item]
    asked = _next(pager)
    assert (None if asked is None else asked["page"]) == following


def test_empty_pages_in_a_row_end_a_list_and_others_do_not() -> None:
    pager = Pager(LIST, {"per_page": 1}, None)
    for number in range(1, 4):
        items_of(pager, [], Pages(number, 1, 99, number + 1))
    assert _next(pager) is not None
    items_of(pager, [1], Pages(4, 1, 99, 5))
    for number in range(5, 8):
        items_of(pager, [], Pages(number, 1, 99, number + 1))
    assert _next(pager) is not None
    items_of(pager, [], Pages(8, 1, 99, 9))
    assert _next(pager) is None


def test_an_empty_page_past_the_total_is_the_last() -> None:
    pager = Pager(LIST, {"per_page": 2, "page": 2}, None)
    assert items_of(pager, [], Pages(2, 2, 3, 3)) == []
    assert _next(pager) is None
    pager = Pager(LIST, {"per_page": 2, "page": 2}, None)
    items_of(pager, [], Pages(2, 2, 5, 3))
    assert _next(pager) is not None


def test_as_many_items_as_are_wanted() -> None:
    pager = Pager(LIST, None, 3)
    assert items_of(pager, [1, 2], Pages(1, 2, 9, 2)) == [1, 2]
    assert items_of(pager, [3, 4], Pages(2, 2, 9, 3)) == [3]
    assert _next(pager) is None


def test_the_same_page_again_is_the_end() -> None:
    pager = Pager(LIST, None, None)
    assert items_of(pager, [1], Pages(1, 1, 9, 2)) == [1]
    assert items_of(pager, [1], Pages(2, 1, 9, 3)) == []
    assert _next(pager) is None


@pytest.mark.parametrize(("name", "followed"), [("vimeo_feed_list", True), ("vimeo_my_videos_list", False)])
def test_an_offset_is_followed_where_the_list_takes_one(name: str, followed: bool) -> None:
    pager = Pager(catalog()[name], None, None)
    items_of(pager, [1], Pages(1, 1, 9, 2, "abc"))
    asked = _next(pager)
    assert asked is not None
    assert asked.get("offset") == ("abc" if followed else None)
    with pytest.raises(BadRequest) as caught:
        pager.failed(BadRequest("No.", hint="Wait."))
    place = ", offset=abc" if followed else ""
    assert caught.value.hint == f"Wait. 1 items came before; go on with page=2{place}."
    assert _next(pager) is None


def test_a_first_page_that_fails_is_an_error_as_it_is() -> None:
    pager = Pager(LIST, None, None)
    with pytest.raises(BadRequest) as caught:
        pager.failed(BadRequest("No.", hint="Wait."))
    assert caught.value.hint == "Wait."


def test_what_is_not_a_list_is_an_error() -> None:
    pager = Pager(LIST, None, None)
    with pytest.raises(UnexpectedResponse):
        pager.items_of(ToolResult({"data": {}}))
    pager = Pager(LIST, None, None)
    assert pager.items_of(ToolResult({})) == []
    assert _next(pager) is None


def test_not_found_ends_an_iteration_that_has_begun() -> None:
    pager = Pager(LIST, None, None)
    items_of(pager, [1], Pages(1, 1, 9, 2))
    pager.failed(NotFound("No.", status=404, error_code=2286))
    assert _next(pager) is None
