"""Edits of several videos at the same time: whatever happens in what order, each is made once."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from itertools import count as iter_count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.changes.interleaving import Films, Steps, api_of, run_in_steps
from tests.changes.library import Library
from tests.properties import examples
from vimeo_toolkit.changes.applying import apply
from vimeo_toolkit.changes.model import Edit, Plan, PlannedVideo
from vimeo_toolkit.runtime.ahead import AT_ONCE
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse
from vimeo_toolkit.sandbox import Video

COUNT = 11


def renamed(video: Video) -> tuple[Edit, ...]:
    return (Edit("name", video.name, f"{video.name} (2026)"),)


def edits_of(name: str) -> tuple[Edit, ...]:
    return (Edit("name", name, f"{name}!"), Edit("tag", False, True, "new"))


Ends = list[tuple[int, bool]]


class Stage:
    """A plan for a few films, of each of which a title and a tag are changed."""

    def __init__(self, count: int, lost: Iterable[int] = (), refused: Iterable[int] = ()) -> None:
        self.films = Films(count, self.sent_of, refused)
        renames, unheard = iter_count(), set(lost)
        self.world = Steps(self.films, lambda sent: sent.method == "PATCH" and next(renames) in unheard)
        self.ctx = self.world.context()
        self.world.account(self.ctx)
        named = self.films.names.items()
        videos = tuple(PlannedVideo(f"/videos/{number}", name, edits_of(name)) for number, name in named)
        plans = api_of(self.world, self.ctx).plans
        plan = Plan(plans.new_id(), "asked", "Change the films?", 1.0, videos)
        run_sync(plans.save(plan))
        self.plan_id = plan.id

    def videos(self) -> dict[str, PlannedVideo]:
        plan = run_sync(api_of(self.world, self.ctx).plans.load(self.plan_id))
        return {video.uri.rpartition("/")[2]: video for video in plan.videos}

    def sent_of(self, number: str) -> None:
        assert self.videos()[number].state == "begun", "its row says so before anything of it is sent"

    async def apply(self, order: Iterator[int], end: int | None = None, *, cancelled: bool = False) -> Any:
        self.world.dead = False
        flow = apply(api_of(self.world, self.ctx), self.plan_id)
        return await run_in_steps(self.world, flow, order, end, cancelled=cancelled)


@examples(12, 400)
@given(
    orders=st.lists(st.integers(0, 50), max_size=80),
    ends=st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=4),
    lost=st.sets(st.integers(0, COUNT - 1), max_size=2),
    refused=st.sets(st.integers(0, COUNT - 1), max_size=2),
)
def test_whatever_ends_it_and_whenever(
    orders: list[int], ends: Ends, lost: set[int], refused: set[int]
) -> None:
    """Processes that die and calls that are cancelled at any step, answers that are lost, and limits."""
    stage = Stage(COUNT, lost, refused)
    films, world = stage.films, stage.world
    order: Iterator[int] = chain(orders, iter_count())

    async def all_of_it() -> Any:
        for end, cancelled in ends:
            await stage.apply(order, end, cancelled=cancelled)
        for _ in range(6):
            account = await stage.apply(order)
            noted = {
                (number, "tags" if edit.kind == "tag" else edit.kind)
                for number, video in stage.videos().items()
                for edit in video.edits
                if edit.done
            }
            assert noted <= set(films.carried_out)
            assert lost or noted == set(films.carried_out), "what was under way at the end was heard"
            if account["state"] == "done":
                break
            world.time += 60
        return account

    account = asyncio.run(all_of_it())
    assert (account["done"], account["state"]) == (COUNT, "done")
    assert list(films.names.values()) == [f"Film {number}!" for number in range(1, COUNT + 1)]
    assert list(films.tags.values()) == [["new"]] * COUNT
    assert set(Counter(films.carried_out).values()) == {1}, "nothing is done twice"
    for number in films.names:
        sent = [what for film, what in films.carried_out if film == number]
        assert sent == ["name", "tags"] or lost, "in its order"
    assert 1 < world.most <= AT_ONCE


class Interrupted:
    """An `IO` in which the caller is interrupted while other videos' requests are under way."""

    def __init__(self, io: Any) -> None:
        self._io = io
        self._caller = threading.current_thread()
        self._others = threading.Barrier(AT_ONCE)
        self._go_on = threading.Event()
        self.answered: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._io, name)

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        if request.method == "GET":
            return await self._io.send(request, timeout=timeout)  # type: ignore[no-any-return]
        if not self._go_on.is_set():
            self._others.wait(20)
        if threading.current_thread() is self._caller:
            threading.Timer(0.05, self._go_on.set).start()
            raise KeyboardInterrupt
        self._go_on.wait(20)
        answer: HttpResponse = await self._io.send(request, timeout=timeout)
        self.answered.append(request.url)
        return answer


def test_who_interrupts_waits_for_what_is_under_way_and_nothing_follows(library: Library) -> None:
    videos = library.fill(2 * AT_ONCE)
    plan_id = library.plan(lambda video: (*renamed(video), Edit("tag", False, True, "new")))
    io: Any = Interrupted(library.toolkit._blocking)
    with pytest.raises(KeyboardInterrupt):
        library.apply(plan_id, io)
    assert len(io.answered) == AT_ONCE - 1
    assert {thread.name for thread in threading.enumerate()} & {"vimeo-toolkit-beside"} == set()
    assert not [video for video in videos if video.tags], "no second request of a video was sent"
    assert library.apply(plan_id)["done"] == len(videos)
    assert set(library.sent().values()) == {1}


async def test_a_cancelled_task_ends_what_it_has_begun(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    videos = library.fill(40)
    plan_id = library.plan(renamed)
    cls: Any = type(library.toolkit._async)
    send, sent = cls.send, [0]

    async def counted(self: Any, request: HttpRequest, *, timeout: float) -> Any:  # noqa: ASYNC109
        response = await send(self, request, timeout=timeout)
        sent[0] += request.method == "PATCH"
        if sent[0] == 12:
            task.cancel()
        return response

    monkeypatch.setattr(cls, "send", counted)
    task = asyncio.create_task(library.toolkit.aapply_plan(plan_id, identifier="user_1"))
    with pytest.raises(asyncio.CancelledError):
        await task
    monkeypatch.undo()
    assert not [each for each in asyncio.all_tasks() if each.get_name() == "vimeo-toolkit-beside"]
    assert {video.state for video in library.load(plan_id).videos} == {"begun"}
    account = await library.toolkit.aapply_plan(plan_id, identifier="user_1")
    assert account["done"] == len(videos)
    assert [video.name[-6:] for video in videos] == ["(2026)"] * len(videos)
    await library.toolkit.aclose()


def test_a_list_in_the_order_of_its_entries_keeps_the_plans_order(library: Library) -> None:
    videos = library.fill(12)
    library.apply(library.plan(lambda video: (Edit("watch_later", False, True), Edit("like", False, True))))
    sent = [each.path for each in library.vimeo.requests if each.method == "PUT"]
    kinds = ("watchlater", "likes")
    assert sent == [f"/me/{kind}/{video.id}" for video in videos for kind in kinds]
    assert library.vimeo.user.watchlater[-12:] == videos


def test_of_a_small_budget_one_at_a_time(library: Library) -> None:
    library.vimeo.user.plan = "free"
    library.fill(20)
    library.vimeo.user.window.ends, library.vimeo.user.window.used = library.vimeo.clock.seconds() + 40, 27
    assert library.apply(library.plan(renamed))["done"] == 20
    writes = [each for each in library.vimeo.requests if each.method == "PATCH"]
    assert max(each.overlapping for each in writes) <= 2
    assert not [each for each in library.vimeo.requests if each.status == 429]


def test_an_answer_between_those_that_are_lost_keeps_the_work_going() -> None:
    stage = Stage(24, lost=range(0, 24, 6))
    account = asyncio.run(stage.apply(repeat(0)))
    assert (account["done"], account["state"]) == (24, "done")
