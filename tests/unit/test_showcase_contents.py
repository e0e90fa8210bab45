"""Filling a showcase at a Vimeo that errs: no video is lost, and no success is told that nobody looked at."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.world import one_by_one
from vimeo_toolkit import (
    EffectMismatch,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    VimeoToolkitError,
    VimeoUnavailable,
)
from vimeo_toolkit.catalog.showcase_contents import read
from vimeo_toolkit.catalog.showcase_filling import add, replace
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.rate_limit import UNKNOWN

PATH = "/me/albums/1/videos"

UNREADABLE = ("null entry", "no uri", "not an object")
LISTS = ("good", "total too low", "total too high", "no total", "short next", "says nothing", *UNREADABLE)
"""What is wrong with lists."""
PUTS = (
    "good",
    "empties",
    "drops the last",
    "does nothing",
    "appends",
    "fails and does it",
    "fails and does not",
)
"""What a list of all does."""


def uri(number: int) -> str:
    return f"/videos/{number}"


class Vimeo:
    """One showcase, as an `Api` of one call sees it."""

    planning = False
    rate_limit = UNKNOWN

    def __init__(self, held: list[int], lists: str = "good", puts: str = "good") -> None:
        self.held = list(held)
        self.lists, self.puts = lists, puts
        self.refused: set[int] = set()
        self.notes: list[str] = []
        self.sent: list[ApiRequest] = []
        self.slept = 0
        self.stranger: list[int] | None = None
        """What somebody else puts in its place while a first look is thought about."""
        self.lagging: list[list[int]] = []
        """What the next lists show instead."""
        self.dies_after: int | None = None

    beside = staticmethod(one_by_one)

    async def send(self, request: ApiRequest) -> Any:
        self.sent.append(request)
        if self.dies_after is not None and len(self.sent) > self.dies_after:
            raise VimeoUnavailable("Vimeo cannot be used right now.", hint="Later.")
        assert len(self.sent) < 1000
        if request.method == "GET":
            return self._page(request)
        if request.path == PATH:
            return self._put([int(each.rpartition("/")[2]) for each in request.body["videos"].split(",")])
        number = int(request.path.rpartition("/")[2])
        if number in self.refused:
            raise Forbidden("No.", status=403)
        if request.method == "PUT" and number not in self.held:
            self.held.append(number)
        elif request.method == "DELETE":
            self.held.remove(number)
        return None

    def _page(self, request: ApiRequest) -> Any:
        shown = self.lagging.pop(0) if self.lagging else self.held
        page = int(request.query["page"])
        part: list[Any] = [{"uri": uri(number)} for number in shown[(page - 1) * 100 : page * 100]]
        more = page * 100 < len(shown)
        if part and self.lists in UNREADABLE:
            part[-1] = {"null entry": None, "no uri": {"name": "x"}, "not an object": "x"}[self.lists]
        link = (
            {"page": str(page + 1)}
            if self.lists == "short next"
            else {**request.query, "page": str(page + 1)}
        )
        listed: dict[str, Any] = {
            "data": part,
            "paging": {"next": f"/users/7/albums/1/videos?{urlencode(link)}" if more else None},
        }
        total = {"total too low": min(len(shown), 100), "total too high": len(shown) + 50}
        if self.lists != "no total":
            listed["total"] = total.get(self.lists, len(shown))
        return {"data": part} if self.lists == "says nothing" else listed

    def _put(self, numbers: list[int]) -> None:
        kept = [number for number in numbers if number not in self.refused]
        if self.puts == "empties":
            self.held = []
        elif self.puts == "drops the last":
            self.held = kept[:-1]
        elif self.puts == "appends":
            self.held += [number for number in kept if number not in self.held]
        elif self.puts not in ("does nothing", "fails and does not"):
            self.held = kept
        if self.puts.startswith("fails"):
            raise VimeoUnavailable("Vimeo cannot be used right now.", hint="Later.")

    async def sleep(self, seconds: float) -> None:
        self.slept += 1
        if self.stranger is not None:
            self.held = self.stranger

    def more_time(self) -> None: ...

    def note(self, text: str) -> None:
        self.notes.append(text)

    def set(self, numbers: list[int], *, may_read: bool = True) -> Any:
        return run_sync(replace(self, PATH, map(uri, numbers), may_read=may_read))  # type: ignore[arg-type]

    def add(self, numbers: list[int]) -> Any:
        return run_sync(add(self, PATH, map(uri, numbers)))  # type: ignore[arg-type]


HELD = st.sampled_from([0, 1, 5, 30, 100, 101, 150, 230]).map(lambda count: list(range(1, count + 1)))
WANTED = st.lists(st.integers(90, 130), min_size=1, max_size=30, unique=True)
RELAXED = settings(max_examples=150, deadline=None, derandomize=True, database=None)


@RELAXED
@given(held=HELD, wanted=WANTED, lists=st.sampled_from(LISTS), puts=st.sampled_from(PUTS))
def test_adding_loses_nothing(held: list[int], wanted: list[int], lists: str, puts: str) -> None:
    vimeo = Vimeo(held, lists, puts)
    result = vimeo.add(wanted)
    assert set(held) | set(wanted) == set(vimeo.held)
    assert result["success"]
    assert vimeo.held[: len(held)] == held or puts != "good"


@RELAXED
@given(held=HELD, wanted=WANTED, lists=st.sampled_from(LISTS), puts=st.sampled_from(PUTS))
def test_setting_does_it_or_puts_back(held: list[int], wanted: list[int], lists: str, puts: str) -> None:
    vimeo = Vimeo(held, lists, puts)
    readable = lists not in UNREADABLE
    refusal: VimeoToolkitError | None = None
    result: Any = None
    try:
        result = vimeo.set(wanted)
    except VimeoToolkitError as error:
        refusal = error
    if refusal is not None:
        assert not readable or vimeo.held == held
        if not isinstance(refusal, EffectMismatch):
            assert puts.startswith("fails")
            return
        assert refusal.restored or not readable
        assert refusal.asked == list(map(uri, wanted))
        assert str(len(wanted)) in refusal.message
    elif result["success"] and readable:
        assert vimeo.held == wanted
    elif readable:
        assert set(held) <= set(vimeo.held)
        assert vimeo.notes


@pytest.mark.parametrize("puts", ["empties", "drops the last"])
@pytest.mark.parametrize("count", [3, 150])
def test_nothing_is_put_back_while_somebody_else_changes_it(puts: str, count: int) -> None:
    held = list(range(1, count + 1))
    vimeo = Vimeo(held, puts=puts)
    vimeo.stranger = [777]
    with pytest.raises(EffectMismatch, match="Somebody else") as caught:
        vimeo.set([200, 201])
    assert vimeo.held == [777]
    assert not caught.value.restored
    assert caught.value.before == list(map(uri, held))
    assert caught.value.found == ["/videos/777"]
    assert "/videos/1" in str(caught.value)
    assert "/videos/777" in str(caught.value)
    assert caught.value.to_dict()["before"][0] == "/videos/1"
    vimeo = Vimeo(held, puts=puts)
    vimeo.stranger = [777]
    with pytest.raises(EffectMismatch, match="Somebody else"):
        vimeo.add(list(range(200, 230)))
    assert vimeo.held == [777]


def test_a_list_that_lags_behind_is_looked_at_twice() -> None:
    vimeo = Vimeo([1, 2])
    vimeo.lagging = [[1, 2], []]
    assert vimeo.set([3, 4])["success"]
    assert vimeo.held == [3, 4]
    assert vimeo.slept == 1


def test_videos_that_vimeo_does_not_take() -> None:
    vimeo = Vimeo([])
    vimeo.refused = {2}
    result = vimeo.set([1, 2, 3])
    assert (result["success"], result["missing"]) == (False, ["/videos/2"])
    assert "3 videos were asked for, and 2 are in the showcase: /videos/2" in vimeo.notes[0]
    vimeo = Vimeo([9])
    vimeo.refused = {2}
    result = vimeo.add([1, 2, 3])
    assert (result["success"], result["added"], result["missing"]) == (False, 2, ["/videos/2"])
    assert vimeo.held == [9, 1, 3]
    vimeo.refused = {4, 5, 6, 7}
    with pytest.raises(Forbidden):
        vimeo.add([4, 5, 6, 7])
    assert vimeo.held == [9, 1, 3]


def test_what_was_there_is_told_when_it_cannot_be_looked_at() -> None:
    vimeo = Vimeo([1, 2], puts="empties")
    vimeo.dies_after = 2
    with pytest.raises(OutcomeUnknown, match="Before, it held /videos/1, /videos/2"):
        vimeo.set([3])
    vimeo = Vimeo([1, 2])
    vimeo.dies_after = 3
    with pytest.raises(VimeoUnavailable, match="2 videos were added before this"):
        vimeo.add([3, 4, 5])


def test_a_token_that_may_not_look() -> None:
    vimeo = Vimeo([1, 2])
    result = vimeo.set([3], may_read=False)
    assert [request.method for request in vimeo.sent] == ["PUT"]
    assert "holds" not in result["message"]
    assert "not looked at" in vimeo.notes[0]


@pytest.mark.parametrize("error", [NotFound("Past the end.", status=404)])
def test_a_page_past_the_end_is_an_end(error: VimeoToolkitError) -> None:
    vimeo = Vimeo(list(range(150)))
    page = vimeo._page

    def ends(request: ApiRequest) -> Any:
        if request.query["page"] == "2":
            raise error
        return page(request)

    vimeo._page = ends  # type: ignore[method-assign]
    contents = run_sync(read(vimeo, PATH))  # type: ignore[arg-type]
    assert (len(contents.videos), contents.whole) == (100, False)


LINKS: tuple[Any, ...] = ("https://elsewhere.example/x?page=2", "?page=1&per_page=100", "", 7, [], None)


@pytest.mark.parametrize("following", LINKS)
def test_a_link_leads_nowhere_else_and_ends(following: Any) -> None:
    vimeo = Vimeo([1])
    page = vimeo._page
    vimeo._page = lambda request: {**page(request), "paging": {"next": following}}  # type: ignore[method-assign]
    contents = run_sync(read(vimeo, PATH))  # type: ignore[arg-type]
    assert list(contents.videos) == ["1"]
    assert {request.path for request in vimeo.sent} == {PATH}
    assert len(vimeo.sent) <= 3


@pytest.mark.parametrize("breaks", ["404", "empty"])
def test_a_list_that_breaks_off_is_no_verdict(breaks: str) -> None:
    """What cannot be seen was perhaps set as asked: nothing is put back or taken out."""
    held, wanted = list(range(1, 151)), list(range(151, 281))
    vimeo = Vimeo(held)
    page = vimeo._page

    def broken(request: ApiRequest) -> Any:
        if request.query["page"] == "2":
            if breaks == "404":
                raise NotFound("Past the end.", status=404)
            return {"data": [], "paging": {"next": f"{PATH}?page=3"}}
        return page(request)

    vimeo._page = broken  # type: ignore[method-assign]
    with pytest.raises(OutcomeUnknown, match="breaks off"):
        vimeo.set(wanted)
    assert vimeo.held == wanted
    with pytest.raises(OutcomeUnknown):
        vimeo.add(list(range(300, 320)))
    assert vimeo.held == [*wanted, *range(300, 320)]
