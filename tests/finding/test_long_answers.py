"""Answers about many videos are short for models and whole for programs, and their numbers mean one thing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.finding.conftest import Find
from vimeo_toolkit.catalog.date_ranges import Span
from vimeo_toolkit.catalog.video_order import SORTS
from vimeo_toolkit.catalog.video_search_told import MANY
from vimeo_toolkit.catalog.video_totals import MOST_EMPTY, Calendar, totals
from vimeo_toolkit.sandbox import Sandbox, User
from vimeo_toolkit.sandbox.state import Folder
from vimeo_toolkit.tables import items_of

LINK = {"uri", "name", "link"}


@pytest.fixture
def owner(vimeo: Sandbox) -> User:
    return vimeo.user


@pytest.mark.parametrize(
    ("given", "columns"),
    [
        ({}, ()),
        ({"captions": False}, ("captions",)),
        ({"show": ["plays", "privacy"]}, ("plays", "privacy.view")),
        ({"sort": "longest"}, ("duration_seconds",)),
        ({"sort": "newest"}, ("created_time",)),
        ({"min_duration": 60}, ("duration_seconds",)),
        ({"from_date": "2000", "min_likes": 0}, ("created_time", "likes")),
        ({"from_date": "2000", "by": "modified"}, ("modified_time",)),
    ],
    ids=str,
)
def test_of_many_a_model_is_shown_what_was_asked_about(
    find: Find, given: dict[str, Any], columns: tuple[str, ...]
) -> None:
    result = find(**given)
    shown = result.for_model()
    assert len(shown["data"]) > MANY
    assert {name for item in items_of(shown) for name in item} == {*LINK, *columns}
    (note,) = shown["notes"]
    assert "show=" in note
    assert not any(name in note for name in columns)
    whole = {"uri", "name", "link", "duration", "created_time", "privacy"}
    assert all(whole <= set(video) for video in result["data"]), "a program gets all of it"


def test_of_a_few_it_is_shown_all(find: Find) -> None:
    shown = find(limit=MANY).for_model()
    assert {name for item in items_of(shown) for name in item} == {
        *LINK,
        "duration_seconds",
        "created_time",
        "privacy.view",
    }
    assert "notes" not in shown


def test_every_link_is_right_also_of_unlisted_videos(find: Find, owner: User) -> None:
    unlisted = 0
    for given in ({}, {"limit": 3}, {"privacy": "unlisted"}, {"limit": 1}):
        result = find(**given)
        links = {video["uri"]: video["link"] for video in result["data"]}
        for item in items_of(result.for_model()):
            assert item["link"] == links[item["uri"]]
            number, _, opens = item["uri"].removeprefix("/videos/").partition(":")
            assert item["link"] == f"https://vimeo.com/{number}" + (f"/{opens}" if opens else "")
            unlisted += bool(opens)
    assert unlisted


@pytest.mark.parametrize("sort", sorted(SORTS))
@pytest.mark.parametrize("given", [{}, {"min_likes": 1}], ids=str)
def test_total_is_how_many_there_are_and_shown_how_many_rows(
    find: Find, sort: str, given: dict[str, Any]
) -> None:
    every = find(sort=sort, **given)["total"]
    found = find(sort=sort, limit=3, **given)
    assert found["complete"] is True
    assert found["total"] == every > 3
    assert found["shown"] == len(found["data"]) == 3


def test_where_nobody_knows_how_many_there_are_there_is_no_total(
    find: Find, owner: User, vimeo: Sandbox
) -> None:
    for place in range(150):
        vimeo.world.add_video(owner, f"More {place}", duration=60)
    for given in ({"sort": "newest", "limit": 5, "max_duration": 60}, {"max_requests": 1}):
        found = find(**given)
        assert (found["complete"], found["total"]) == (False, None)
        assert len(found["data"]) <= found["at_least"] <= 100
        assert "total" not in found.for_model()


@pytest.mark.parametrize("more", [{}, {"min_duration": 1}], ids=str)
@pytest.mark.parametrize(("first", "second", "limit"), [(7, 0, 5), (2, 6, 5), (1, 3, 3), (40, 0, 1)])
def test_who_shares_the_last_place_is_counted_and_named(
    find: Find, owner: User, vimeo: Sandbox, more: dict[str, Any], first: int, second: int, limit: int
) -> None:
    others = [user for user in vimeo.users if user is not owner]
    for place, video in enumerate(owner.videos):
        video.liked_by[:] = others[: 3 if place < first else 2 if place < first + second else 0]
    found = find(sort="most_likes", limit=limit, **more)
    last = found["data"][-1]["likes"]
    alike = [video for video in owner.videos if len(video.liked_by) == last]
    shown = [video for video in found["data"] if video["likes"] == last]
    assert found["tied"].startswith(f"{len(alike) - len(shown)} more ")
    assert f" {last} likes" in found["tied"]
    named = {video["uri"] for video in found["tied_videos"]}
    assert named <= {video.uri for video in alike} - {video["uri"] for video in shown}
    assert len(named) == min(10, len(alike) - len(shown))


def test_a_tie_that_goes_on_beyond_what_was_read(find: Find, owner: User, vimeo: Sandbox) -> None:
    for video in owner.videos:
        video.liked_by.clear()
    for place in range(150):
        vimeo.world.add_video(owner, f"More {place}", duration=60)
    found = find(sort="most_likes", limit=5, max_duration=6000)
    assert found["tied"].startswith("at least 95 more have 0 likes")
    found = find(sort="most_likes", limit=100, max_duration=6000)
    assert found["tied"].startswith("Others that were not read may have 0 likes")


def month(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}-01").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "months"),
    [
        (Span(), ["2026-01", "2026-02", "2026-03"]),
        (Span(month("2025-12"), month("2026-05")), ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]),
        (
            Span(month("2026-01"), month("2027-01")),
            ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"],
        ),
        (Span(end=month("2026-05")), ["2026-01", "2026-02", "2026-03", "2026-04"]),
        (None, ["2026-01", "2026-03"]),
    ],
    ids=["all", "past", "this year", "open", "not all known"],
)
def test_months_without_videos_are_among_the_others(span: Span | None, months: list[str]) -> None:
    videos = [{"created_time": f"2026-{number}-10T00:00:00+00:00", "duration": 60} for number in ("01", "03")]
    calendar = Calendar(UTC, span, datetime(2026, 6, 15, tzinfo=UTC))
    rows = totals(videos, "month", calendar)["data"]
    assert [row["month"] for row in rows] == months
    assert all(row["videos"] == (row["month"] in ("2026-01", "2026-03")) for row in rows)
    assert {row["plays"] for row in rows if not row["videos"]} <= {0}


def test_very_many_empty_months_are_counted_only() -> None:
    videos = [{"created_time": f"{year}-01-10T00:00:00+00:00"} for year in (2010, 2026)]
    told = totals(videos, "month", Calendar(UTC, Span()))
    assert len(told["data"]) == 2
    assert told["left_out"] == f"{16 * 12 - 1} months without videos."
    assert len(totals(videos, "year", Calendar(UTC, Span()))["data"]) == 17 <= MOST_EMPTY


def test_no_month_of_a_part_is_called_empty(find: Find, owner: User, vimeo: Sandbox) -> None:
    for place in range(150):
        vimeo.world.add_video(owner, f"More {place}", duration=60)
    rows = find(group_by="month", from_date="2000", max_requests=1)["data"]
    assert all(row["videos"] for row in rows)


def test_folders_within_others_say_that_each_video_is_counted_once(find: Find, owner: User) -> None:
    outer = Folder(901, owner, "Outer", owner.created, owner.created)
    inner = Folder(902, owner, "Inner", owner.created, owner.created, parent=outer)
    owner.folders += [outer, inner]
    for video in owner.videos:
        video.folder = None
    owner.videos[0].folder = outer
    assert "counted" not in find(group_by="folder").data, "there is no folder within another among them"
    owner.videos[1].folder = inner
    told = find(group_by="folder")
    assert "vimeo_" not in told["counted"], "no further call is needed"
    assert {row["folder"]: row["videos"] for row in told["data"] if "O" in row["folder"]} == {
        "Outer": 1,
        "Outer/Inner": 1,
    }
    assert sum(row["videos"] for row in told["data"]) == told["totals"]["videos"]
    assert "counted" not in find(group_by="tag").data
