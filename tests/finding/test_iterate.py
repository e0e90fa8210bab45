"""Iterating over lists in Python, a page at a time."""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import Any

import pytest

from tests.conftest import Connect
from vimeo_toolkit import InvalidInput, MissingScope, NotConnected, NotFound, UnknownTool, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox, User

LIST = "vimeo_my_videos_list"


@pytest.fixture
def busy(vimeo: Sandbox, connect: Connect) -> User:
    user = vimeo.add_user("Busy", plan="enterprise", videos=250)
    connect("busy", user=user)
    return user


def collected(
    toolkit: VimeoToolkit, asynchronous: bool, tool: str = LIST, given: Any = None, **more: Any
) -> list[Any]:
    if not asynchronous:
        return list(toolkit.iterate(tool, given, identifier="busy", **more))

    async def collect() -> list[Any]:
        return [item async for item in toolkit.aiterate(tool, given, identifier="busy", **more)]

    return asyncio.run(collect())


both = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])


@both
def test_all_items(asynchronous: bool, toolkit: VimeoToolkit, busy: User, vimeo: Sandbox) -> None:
    items = collected(toolkit, asynchronous)
    assert [item["uri"] for item in items] == [video.uri for video in reversed(busy.videos)]
    assert sorted((each.query["page"], each.query["per_page"]) for each in vimeo.requests) == [
        ("1", "100"),
        ("2", "100"),
        ("3", "100"),
    ]


@both
@pytest.mark.parametrize(
    ("most", "sizes"),
    [(0, []), (1, ["1"]), (100, ["100"]), (101, ["51"] * 2), (250, ["84"] * 3), (900, ["100"] * 3)],
)
def test_no_more_than_wanted(
    asynchronous: bool, most: int, sizes: list[str], toolkit: VimeoToolkit, busy: User, vimeo: Sandbox
) -> None:
    items = collected(toolkit, asynchronous, max_items=most)
    assert [item["uri"] for item in items] == [video.uri for video in reversed(busy.videos)][:most]
    assert [each.query["per_page"] for each in vimeo.requests] == sizes


@both
def test_the_callers_own_paging(
    asynchronous: bool, toolkit: VimeoToolkit, busy: User, vimeo: Sandbox
) -> None:
    items = collected(toolkit, asynchronous, given={"per_page": 40, "page": 3}, max_items=90)
    assert [item["uri"] for item in items] == [video.uri for video in reversed(busy.videos)][80:170]
    assert sorted(each.query["page"] for each in vimeo.requests) == ["3", "4", "5"]


@both
def test_pages_come_when_they_are_asked_for(
    asynchronous: bool, toolkit: VimeoToolkit, busy: User, vimeo: Sandbox
) -> None:
    if asynchronous:

        async def some() -> list[Any]:
            found = []
            async for item in toolkit.aiterate(LIST, identifier="busy"):
                found.append(item)
                if len(found) == 100:
                    break
            return found

        assert len(asyncio.run(some())) == 100
    else:
        iterator = toolkit.iterate(LIST, identifier="busy")
        assert vimeo.requests == []
        assert len(list(islice(iterator, 100))) == 100
    assert len(vimeo.requests) == 1


@both
def test_a_list_that_shrinks_ends(
    asynchronous: bool, toolkit: VimeoToolkit, busy: User, vimeo: Sandbox
) -> None:
    async def shrink() -> int:
        count = 0
        async for _ in toolkit.aiterate(LIST, identifier="busy"):
            count += 1
            if count == 100:
                busy.videos[:] = busy.videos[:50]
        return count

    if asynchronous:
        assert asyncio.run(shrink()) == 100
    else:
        iterator = toolkit.iterate(LIST, identifier="busy")
        assert len(list(islice(iterator, 100))) == 100
        busy.videos[:] = busy.videos[:50]
        assert list(iterator) == []
    assert {each.status for each in vimeo.requests[1:]} == {400}, "as many pages as the first one promised"


@both
def test_what_is_not_there_at_all_is_an_error(asynchronous: bool, toolkit: VimeoToolkit, busy: User) -> None:
    with pytest.raises(NotFound):
        collected(toolkit, asynchronous, "vimeo_folder_videos_list", {"folder_id": "9"})


@pytest.mark.parametrize("iterate", ["iterate", "aiterate"])
@pytest.mark.parametrize(
    ("tool", "given", "most", "error"),
    [
        ("vimeo_me_get", None, None, InvalidInput),
        ("vimeo_my_videos_find", {}, None, InvalidInput),
        ("vimeo_video_delete", {"video_id": "1"}, None, InvalidInput),
        ("vimeo_nothing_list", None, None, UnknownTool),
        (LIST, {"sort": "beauty"}, None, InvalidInput),
        (LIST, None, -1, InvalidInput),
    ],
)
def test_wrong_calls_are_refused_at_once(
    iterate: str, tool: str, given: Any, most: Any, error: Any, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    with pytest.raises(error):
        getattr(toolkit, iterate)(tool, given, identifier="busy", max_items=most)
    assert vimeo.requests == []


def test_the_account_is_looked_at_as_ever(toolkit: VimeoToolkit, connect: Connect) -> None:
    with pytest.raises(NotConnected):
        next(toolkit.iterate(LIST, identifier="nobody"))
    connect("little", scopes=["public"])
    with pytest.raises(MissingScope):
        next(toolkit.iterate(LIST, identifier="little"))


def test_an_error_of_the_consumers_own_is_not_taken_for_an_end(
    toolkit: VimeoToolkit, busy: User, vimeo: Sandbox
) -> None:
    iterator: Any = toolkit.iterate(LIST, identifier="busy")
    next(iterator)
    with pytest.raises(NotFound):
        iterator.throw(NotFound("mine"))
    assert len(vimeo.requests) == 1
