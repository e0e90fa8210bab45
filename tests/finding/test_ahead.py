"""Pages that are read side by side: which, how many at once, and that what comes of it is the same."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Connect
from tests.finding.test_comments_find import comment
from tests.unit.world import World
from vimeo_toolkit import VimeoToolkit, VimeoUnavailable, WrongUser
from vimeo_toolkit.catalog.video_search import MyVideosFind
from vimeo_toolkit.catalog.video_search_pages import MORE, PER_PAGE, PageSearch, Reading
from vimeo_toolkit.runtime.ahead import AT_ONCE, Ahead, room_in
from vimeo_toolkit.runtime.asynchronous import AsyncIO
from vimeo_toolkit.runtime.beside import Beside, whose_turn
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.sandbox import Sandbox, User
from vimeo_toolkit.sandbox.state import Comment
from vimeo_toolkit.stores import open_store
from vimeo_toolkit.wire.rate_limit import RateLimit

LIST = "vimeo_my_videos_list"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("remaining", "room"), [(None, 1), (0, 1), (15, 1), (16, 2), (24, 3), (900, AT_ONCE)]
)
def test_an_eighth_of_the_budget_and_no_more_than_eight(remaining: int | None, room: int) -> None:
    assert room_in(RateLimit(1000, remaining)) == room


class Asked(World):
    """A world that notes which reads are under way."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way: list[int] = []
        self.most = 0

    def begin(self, flow: Callable[[], Any]) -> Any:
        begun = super().begin(flow)
        self.under_way.append(flow.args[0])  # type: ignore[attr-defined]
        self.most = max(self.most, len(self.under_way))
        return begun


@given(
    st.lists(st.tuples(st.integers(1, 12), st.lists(st.integers(1, 12))), max_size=8),
    st.lists(st.integers(1, AT_ONCE), min_size=1),
)
def test_each_read_is_made_once_and_never_more_than_there_is_room(
    turns: list[tuple[int, list[int]]], rooms: list[int]
) -> None:
    world, made = Asked(), list[int]()
    spare = iter(rooms)

    async def read(key: int) -> int:
        made.append(key)
        return key * 10

    room = [1]
    ahead = Ahead(world, read, lambda: room[0])
    for key, following in turns:
        room[0] = next(spare, room[0])
        held = len(world.under_way)
        assert run_sync(ahead.result(key, following)) == key * 10
        assert len(world.under_way) + (key not in world.under_way) <= max(held + 1, room[0])
        if key in world.under_way:
            world.under_way.remove(key)
    assert sorted(made) == sorted(key for key, _ in turns)


def test_an_error_comes_when_its_turn_comes() -> None:
    async def read(key: int) -> int:
        if key == 3:
            raise VimeoUnavailable("Out.")
        return key

    ahead = Ahead(World(), read, lambda: 4)
    assert run_sync(ahead.result(1, [2, 3, 4])) == 1
    assert run_sync(ahead.result(2, [3, 4])) == 2
    with pytest.raises(VimeoUnavailable):
        run_sync(ahead.result(3, [4]))
    assert run_sync(ahead.result(4)) == 4


def test_what_a_process_began_before_a_fork_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = count()
    read = Beside(lambda: next(numbers), start=True)
    assert run_sync(read.result()) == 0
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert run_sync(read.result()) == 1
    monkeypatch.undo()

    def refuse(*_: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", refuse)
    assert run_sync(Beside(lambda: "here", start=True).result()) == "here"


@pytest.fixture
def busy(vimeo: Sandbox, connect: Connect) -> User:
    vimeo.clock.set(NOW)
    user = vimeo.add_user("Busy", plan="enterprise", videos=850)
    connect("busy", user=user)
    return user


def items_of(
    toolkit: VimeoToolkit, asynchronous: bool, each: Callable[[int], None] = lambda number: None
) -> list[str]:
    found = []

    async def collect() -> None:
        async for item in toolkit.aiterate(LIST, identifier="busy"):
            found.append(item["uri"])
            each(len(found))

    if asynchronous:
        asyncio.run(collect())
    else:
        for item in toolkit.iterate(LIST, identifier="busy"):
            found.append(item["uri"])
            each(len(found))
    return found


both = pytest.mark.parametrize("asynchronous", [False, True], ids=["blocking", "asynchronous"])


@both
def test_a_library_that_changes_meanwhile_gives_each_item_once(
    asynchronous: bool, toolkit: VimeoToolkit, busy: User, vimeo: Sandbox
) -> None:
    """Videos that are added move the others to later pages, where they come again."""
    before = [video.uri for video in reversed(busy.videos)]

    def add(number: int) -> None:
        if number == 150:
            for place in range(130):
                vimeo.add_video(busy, f"New {place}", created=NOW + timedelta(seconds=place))

    found = items_of(toolkit, asynchronous, add)
    assert len(found) == len(set(found))
    assert set(before) <= set(found)
    assert [uri for uri in found if uri in set(before)] == before


@pytest.mark.parametrize("tool", [LIST, "vimeo_my_videos_find"])
@pytest.mark.parametrize("added_after", [2, 3, 6, 9])
async def test_a_page_that_was_read_before_the_list_changed_is_read_again(
    tool: str,
    added_after: int,
    toolkit: VimeoToolkit,
    busy: User,
    vimeo: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of the pages that are read beside each other the last ones are answered first, and in between videos are
    added, which move the others to later pages."""
    before = [video.uri for video in reversed(busy.videos)]
    cls: Any = type(toolkit._async)
    send, answered = cls.send, [0]

    async def late(self: Any, request: Any, *, timeout: float) -> Any:  # noqa: ASYNC109
        page = int(parse_qs(urlsplit(request.url).query).get("page", ["1"])[0])
        for _ in range(40 * (10 - page) if page > 1 else 0):
            await asyncio.sleep(0)
        response = await send(self, request, timeout=timeout)
        answered[0] += 1
        if answered[0] == added_after:
            for place in range(130):
                vimeo.add_video(busy, f"New {place}", created=NOW + timedelta(seconds=place))
        return response

    monkeypatch.setattr(cls, "send", late)
    if tool == LIST:
        found = [item["uri"] async for item in toolkit.aiterate(LIST, identifier="busy")]
    else:
        result = await toolkit.aexecute_tool(identifier="busy", tool_name=tool, tool_input={"limit": 10_000})
        found = [item["uri"] for item in result.data["data"]]
    assert len(found) == len(set(found))
    assert set(before) <= set(found)
    await toolkit.aclose()


@pytest.mark.parametrize("sort", ["modified_time", "plays", "likes", "last_user_action_event_date"])
def test_a_list_in_which_things_move_is_read_in_turn(
    sort: str, toolkit: VimeoToolkit, busy: User, vimeo: Sandbox
) -> None:
    list(toolkit.iterate(LIST, {"sort": sort}, identifier="busy"))
    assert [int(each.query["page"]) for each in vimeo.requests] == list(range(1, 10))


@both
def test_no_request_more_than_there_are_pages(
    asynchronous: bool, toolkit: VimeoToolkit, busy: User, vimeo: Sandbox
) -> None:
    assert len(items_of(toolkit, asynchronous)) == 850
    assert sorted(int(each.query["page"]) for each in vimeo.requests) == list(range(1, 10))
    assert {each.status for each in vimeo.requests} == {200}


@both
def test_pages_are_under_way_at_the_same_time(
    asynchronous: bool, toolkit: VimeoToolkit, busy: User, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each read that is begun waits until all that there is room for are under way."""
    vimeo.latency = 0.05
    held: list[int] = []
    most = [0]
    cls: Any = type(toolkit._engine)
    run = cls.run

    async def watched(self: Any, *given: Any) -> Any:
        held.append(1)
        most[0] = max(most[0], len(held))
        try:
            return await run(self, *given)
        finally:
            held.pop()

    monkeypatch.setattr(cls, "run", watched)
    assert len(items_of(toolkit, asynchronous)) == 850
    assert 2 < most[0] <= AT_ONCE


@both
def test_who_stops_early_has_asked_for_a_window_more_and_leaves_nothing_running(
    asynchronous: bool, toolkit: VimeoToolkit, busy: User, vimeo: Sandbox
) -> None:
    async def some() -> None:
        pages = toolkit.aiterate(LIST, identifier="busy")
        async for _ in islice_of(pages, 150):
            pass
        await pages.aclose()  # type: ignore[attr-defined]
        await all_ended()

    if asynchronous:
        asyncio.run(some())
    else:
        iterator = toolkit.iterate(LIST, identifier="busy")
        assert len(list(islice(iterator, 150))) == 150
        iterator.close()  # type: ignore[attr-defined]
    assert 2 <= len(vimeo.requests) <= 1 + AT_ONCE


async def all_ended() -> None:
    """Wait for the reads that were dropped: they were cancelled, so that this takes no time."""
    reads = [task for task in asyncio.all_tasks() if task.get_name() == "vimeo-toolkit-beside"]
    assert all(task.cancelling() for task in reads)
    if reads:
        await asyncio.wait(reads)


async def islice_of(items: Any, number: int) -> Any:
    left = number
    async for item in items:
        yield item
        left -= 1
        if not left:
            return


def test_a_cancelled_caller_cancels_what_it_began(toolkit: VimeoToolkit, busy: User, vimeo: Sandbox) -> None:
    async def run() -> None:
        began = asyncio.Event()

        async def walk() -> None:
            async for _ in toolkit.aiterate(LIST, identifier="busy"):
                began.set()

        task = asyncio.create_task(walk())
        await began.wait()
        vimeo.latency = 30.0
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await all_ended()
        await toolkit.aclose()

    asyncio.run(run())


@both
def test_pages_of_another_account_that_is_connected_meanwhile_are_refused(
    asynchronous: bool, toolkit: VimeoToolkit, busy: User, vimeo: Sandbox
) -> None:
    other = vimeo.add_user("Other", videos=400)
    token = vimeo.issue_token(other).access_token
    found: list[str] = []

    def took(item: dict[str, Any]) -> None:
        if not found:
            toolkit.import_token(identifier="busy", access_token=token, allow_account_change=True)
        found.append(item["uri"])

    async def awalk() -> None:
        async for item in toolkit.aiterate(LIST, identifier="busy"):
            took(item)

    def walk() -> None:
        if asynchronous:
            asyncio.run(awalk())
        else:
            for item in toolkit.iterate(LIST, identifier="busy"):
                took(item)

    with pytest.raises(WrongUser) as refused:
        walk()
    assert not set(found) & {video.uri for video in other.videos}
    assert "begin anew" in refused.value.hint
    assert "page=" not in refused.value.hint


@both
def test_a_free_plan_is_read_an_eighth_at_a_time_and_to_its_end(
    asynchronous: bool, toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox
) -> None:
    connect("busy", user=vimeo.add_user("Free", plan="free", videos=650))
    assert len(set(items_of(toolkit, asynchronous))) == 650
    assert {each.status for each in vimeo.requests} == {200}


@pytest.mark.parametrize(
    ("tool", "given", "requests", "found"),
    [
        ("vimeo_my_videos_find", {"group_by": "all"}, 9, 850),
        ("vimeo_my_comments_find", {"max_requests": 90}, 49, 40),
        ("vimeo_my_comments_find", {"max_requests": 20}, 20, 11),
    ],
)
def test_a_tool_sends_as_many_requests_as_one_after_the_other(
    tool: str,
    given: dict[str, Any],
    requests: int,
    found: int | None,
    toolkit: VimeoToolkit,
    busy: User,
    vimeo: Sandbox,
) -> None:
    for number, video in enumerate(busy.videos[20:60]):
        comment(vimeo, video, f"Fine {number}.", days=1, by=vimeo.user)
    result = toolkit.execute_tool(identifier="busy", tool_name=tool, tool_input=given)
    assert result.get("total") == found
    assert len(vimeo.requests) == result.requests == requests


# ---- which pages: the search itself, without any I/O ----


def pages_of(videos: list[dict[str, Any]], page: int) -> dict[str, Any]:
    part = videos[(page - 1) * PER_PAGE : page * PER_PAGE]
    more = page * PER_PAGE < len(videos)
    link = f"/me/videos?page={page + 1}" if more else None
    return {"total": len(videos), "page": page, "per_page": PER_PAGE, "data": part, "paging": {"next": link}}


def walk(search: PageSearch, videos: list[dict[str, Any]], *, ahead: bool) -> Iterator[int]:
    """Drive a search, and yield the pages that are asked for."""
    begun = set[int]()
    while search.page is not None and not search.stopped:
        for page in (search.page, *(search.ahead() if ahead else ())):
            if page not in begun:
                begun.add(page)
                yield page
        search.take(pages_of(videos, search.page), NOW)


CONDITIONS: list[tuple[dict[str, Any], int | None, Callable[[dict[str, Any]], Any]]] = [
    ({"period": "this_month"}, None, lambda video: video["created_time"]),
    ({"from_date": "2025-06"}, None, lambda video: video["created_time"]),
    ({"from_date": "2025-06"}, 130, lambda video: video["created_time"]),
    ({"name_contains": "7"}, 60, lambda video: video["created_time"]),
    ({}, 250, lambda video: video["created_time"]),
    ({"min_duration": 1000}, None, lambda video: video["duration"]),
    ({"name_contains": "7"}, None, lambda video: video["created_time"]),
]


@settings(max_examples=25)
@given(st.sampled_from(CONDITIONS), st.integers(0, 1800), st.sampled_from([30, 600, 9000]), st.booleans())
def test_at_most_two_pages_too_many_and_the_same_is_found(
    asked: tuple[dict[str, Any], int | None, Callable[[dict[str, Any]], Any]],
    number: int,
    apart: int,
    bursts: bool,
) -> None:
    conditions, limit, key = asked
    minutes = [place * apart if not bursts or place % 300 < 250 else place for place in range(number)]
    videos = [
        {
            "uri": f"/videos/{place + 1}",
            "name": f"Video {place}",
            "created_time": (NOW - timedelta(minutes=each)).isoformat(),
            "duration": (place * 37) % 4000,
        }
        for place, each in enumerate(minutes)
    ]
    videos.sort(key=key, reverse=True)

    def search() -> PageSearch:
        return PageSearch(MyVideosFind(**conditions), Reading("uri", limit), None, most_requests=100)

    alone, beside = search(), search()
    needed, begun = list(walk(alone, videos, ahead=False)), list(walk(beside, videos, ahead=True))
    assert set(needed) <= set(begun)
    assert len(begun) == len(set(begun)) <= len(needed) + MORE
    assert list(beside.found) == list(alone.found)
    assert beside.found_so_far() == alone.found_so_far()


def test_a_users_other_calls_do_not_wait_for_what_is_read_ahead() -> None:
    seen: list[Any] = []
    read = Beside(lambda: seen.append(whose_turn("user")), start=True)
    run_sync(read.result())

    async def look() -> None:
        seen.append(whose_turn("user"))

    async def run() -> None:
        await AsyncIO(open_store("sqlite:///:memory:")).begin(look).result()

    asyncio.run(run())
    assert seen == [("beside", "user")] * 2
    assert whose_turn("user") == "user"


def test_the_replies_under_a_pages_comments_are_read_side_by_side(
    toolkit: VimeoToolkit, busy: User, vimeo: Sandbox
) -> None:
    video = busy.videos[0]
    for number in range(20):
        asked = comment(vimeo, video, f"Question {number}?", days=1, by=vimeo.user)
        asked.replies.append(Comment(vimeo.world.next_id(), video, busy, "Yes.", vimeo.world.now()))
    vimeo.latency = 0.005
    tool, given = "vimeo_my_comments_find", {"replies": True}
    result = toolkit.execute_tool(identifier="busy", tool_name=tool, tool_input=given)
    assert (result["total"], result.requests) == (40, 9 + 1 + 20)
    replies = [each for each in vimeo.requests if each.path.endswith("/replies")]
    assert len({each.path for each in replies}) == len(replies) == 20
    assert 2 < max(each.overlapping for each in replies) <= AT_ONCE


def test_hundreds_of_videos_and_their_lists_of_sites_are_looked_at_side_by_side(
    toolkit: VimeoToolkit, busy: User, vimeo: Sandbox
) -> None:
    for video in busy.videos[:20]:
        video.embed, video.embed_domains = "whitelist", ["example.com"]
    vimeo.latency = 0.005
    given = {"videos": [video.uri for video in busy.videos], "add_embed_domains": ["example.org"]}
    plan = toolkit.execute_tool(identifier="busy", tool_name="vimeo_videos_change", tool_input=given)
    assert plan.requests == len(vimeo.requests) == 9 + 20
    for kind in ("/videos", "/privacy/domains"):
        looks = [each.overlapping for each in vimeo.requests if each.path.endswith(kind)]
        assert 2 < max(looks) <= AT_ONCE
