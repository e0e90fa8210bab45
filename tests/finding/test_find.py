"""Finding videos: what is found, and with how many requests."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import Connect
from tests.finding.conftest import MONTH, Find
from vimeo_toolkit import InvalidInput, NotFound, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox, User, Video


def uris(result: Any) -> list[str]:
    return [video["uri"] for video in result["data"]]


def expected(owner: User, keep: Callable[[Video], bool]) -> set[str]:
    return {video.uri for video in owner.videos if keep(video)}


def test_this_month_is_one_call(find: Find, owner: User, vimeo: Sandbox) -> None:
    found = find(period="this_month")
    assert set(uris(found)) == expected(owner, lambda video: video.created >= MONTH)
    assert found["total"] == 100
    assert found["complete"] is True
    assert found["uploaded"] == {"from": "2026-11-01T00:00:00+00:00", "before": "2026-12-01T00:00:00+00:00"}
    # The hundred fill a page, so that only the next one tells that there are no more.
    assert len(vimeo.requests) == found.requests == 2
    assert {request.query["per_page"] for request in vimeo.requests} == {"100"}
    assert vimeo.requests[0].query["fields"] == "uri,name,link,duration,created_time,privacy.view"


def test_a_hundred_known_to_be_wanted_are_one_request(find: Find, vimeo: Sandbox) -> None:
    found = find(period="this_month", limit=100)
    assert len(set(uris(found))) == 100
    assert found["complete"] is False
    assert found["incomplete"] == "Stopped at limit: there may be more."
    assert len(vimeo.requests) == 1


def test_a_hundred_into_a_new_showcase_are_three_requests_and_a_look(
    find: Find, toolkit: VimeoToolkit, vimeo: Sandbox, owner: User
) -> None:
    found = find(period="this_month", limit=100)
    toolkit.execute_tool(
        identifier="busy",
        tool_name="vimeo_showcase_create",
        tool_input={"name": "November", "videos": uris(found)},
    )
    assert [request.method for request in vimeo.requests] == ["GET", "POST", "PUT", "GET"]
    assert {video.uri for video in owner.showcases[-1].videos} == set(uris(found))
    assert len(owner.showcases[-1].videos) == 100


def test_99_of_a_month_are_one_request(find: Find, owner: User, vimeo: Sandbox) -> None:
    vimeo.world.remove_video(owner.videos[0])
    found = find(period="this_month")
    assert (found["total"], found["complete"], len(vimeo.requests)) == (99, True, 1)


def test_a_library_that_fits_a_page_is_one_request(
    toolkit: VimeoToolkit, vimeo: Sandbox, connect: Connect
) -> None:
    user = vimeo.add_user("New", videos=100)
    found = toolkit.execute_tool(
        identifier=connect(user=user), tool_name="vimeo_my_videos_find", tool_input={"period": "this_month"}
    )
    assert (found["total"], found["complete"], len(vimeo.requests)) == (100, True, 1)


@pytest.mark.parametrize(
    ("period", "first", "end"),
    [
        ("today", "2026-11-23", "2026-11-24"),
        ("yesterday", "2026-11-22", "2026-11-23"),
        ("this_week", "2026-11-23", "2026-11-30"),
        ("last_week", "2026-11-16", "2026-11-23"),
        ("this_month", "2026-11-01", "2026-12-01"),
        ("last_month", "2026-10-01", "2026-11-01"),
        ("last_7_days", "2026-11-17", "2026-11-24"),
        ("last_30_days", "2026-10-25", "2026-11-24"),
        ("this_year", "2026-01-01", "2027-01-01"),
        ("last_year", "2025-01-01", "2026-01-01"),
    ],
)
@pytest.mark.parametrize("date", ["uploaded", "modified"])
def test_date_ranges(date: str, period: str, first: str, end: str, find: Find, owner: User) -> None:
    low, high = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (first, end))
    attribute = "created" if date == "uploaded" else "modified"
    found = find(period=period, by=date)
    assert set(uris(found)) == expected(owner, lambda video: low <= getattr(video, attribute) < high)
    assert found["complete"] is True
    assert found[date] == {"from": low.isoformat(), "before": high.isoformat()}


def test_a_day_is_the_users_day_where_a_time_zone_is_given(find: Find, owner: User) -> None:
    # Two o'clock in the morning of the 1st in Tokyo is still October in UTC.
    start = MONTH - timedelta(hours=9)
    found = find(period="this_month", timezone="Asia/Tokyo")
    assert found["uploaded"]["from"] == "2026-11-01T00:00:00+09:00"
    assert set(uris(found)) == expected(owner, lambda video: video.created >= start)
    assert found["total"] > 100


def test_until_is_a_whole_day_and_a_time_is_exact(find: Find, owner: User) -> None:
    day = find(until_date="2026-10-31", from_date="2026-10-31")
    start = MONTH - timedelta(days=1)
    assert set(uris(day)) == expected(owner, lambda video: start <= video.created < MONTH)
    exact = find(from_date="2026-11-01T00:00:01Z", until_date="2026-11-01T00:00:02Z")
    assert uris(exact) == [owner.videos[1].uri]


def test_the_clock_is_vimeos(find: Find, vimeo: Sandbox) -> None:
    vimeo.clock.set(datetime(2027, 2, 1, 0, 0, 30, tzinfo=UTC))
    assert find(period="this_month")["total"] == 0
    vimeo.clock.set(datetime(2026, 10, 31, 23, 59, 0, tzinfo=UTC))
    assert find(period="last_month")["uploaded"]["from"] == "2026-09-01T00:00:00+00:00"


def test_what_is_long_ago_is_leapt_to(toolkit: VimeoToolkit, vimeo: Sandbox, connect: Connect) -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    vimeo.clock.set(start)
    details = [{"created": start - timedelta(hours=6 * place + 1)} for place in range(3000)]
    user = vimeo.add_user("Prolific", plan="enterprise", videos=details)
    found = toolkit.execute_tool(
        identifier=connect(user=user),
        tool_name="vimeo_my_videos_find",
        tool_input={"from_date": "2025-03-01", "until_date": "2025-03-31"},
    )
    low, high = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC)
    assert set(uris(found)) == expected(user, lambda video: low <= video.created < high)
    assert found["total"] == 124
    pages = [int(request.query.get("page", "1")) for request in vimeo.requests]
    assert len(pages) == len(set(pages)) <= 10
    assert found["complete"] is True


def test_the_longest_come_first_and_end_the_reading(find: Find, owner: User, vimeo: Sandbox) -> None:
    found = find(min_duration=3500)
    assert set(uris(found)) == expected(owner, lambda video: video.duration >= 3500)
    assert len(vimeo.requests) == 1
    vimeo.requests.clear()
    assert set(uris(find(max_duration=100))) == expected(owner, lambda video: video.duration <= 100)
    assert len(vimeo.requests) == 1
    assert vimeo.requests[0].query["direction"] == "asc"


def test_words_and_folder_are_vimeos_own_filters(
    toolkit: VimeoToolkit, vimeo: Sandbox, connect: Connect
) -> None:
    folder = vimeo.user.folders[0]
    words = folder.videos[0].name.split(":")[0]
    found = toolkit.execute_tool(
        identifier=connect(),
        tool_name="vimeo_my_videos_find",
        tool_input={"folder_id": folder.uri, "query": words, "by": "modified", "from_date": "2001-01-01"},
    )
    assert vimeo.requests[0].path == f"/me/projects/{folder.id}/videos"
    assert vimeo.requests[0].query["query"] == words
    assert set(uris(found)) == {
        video.uri for video in folder.videos if words in f"{video.name} {video.description}"
    }
    assert all("modified_time" in video for video in found["data"])


def test_a_folder_that_is_not_there(find: Find) -> None:
    with pytest.raises(NotFound):
        find(folder_id="999")


def test_the_cap_stops_it_and_says_how_to_go_on(find: Find, owner: User, vimeo: Sandbox) -> None:
    first = find(privacy="nobody", max_requests=1)
    assert first["complete"] is False
    assert first["next_page"] == 2
    assert first["incomplete"] == "1 requests used. To go on, repeat with page=2."
    rest = find(privacy="nobody", page=first["next_page"])
    assert rest["complete"] is True
    assert set(uris(first)) | set(uris(rest)) == expected(owner, lambda video: video.view == "nobody")
    assert len(vimeo.requests) == 3


def test_what_was_found_is_given_when_the_budget_ends(
    toolkit: VimeoToolkit, vimeo: Sandbox, connect: Connect
) -> None:
    user = vimeo.add_user("Free", plan="free", videos=300)
    identifier = connect(user=user)
    user.window.ends, user.window.used = vimeo.clock.seconds() + 59, 49
    found = toolkit.execute_tool(identifier=identifier, tool_name="vimeo_my_videos_find", tool_input={})
    assert (found["total"], found["at_least"]) == (None, 100)
    assert found["complete"] is False
    assert found["next_page"] == 2
    assert "limit at Vimeo is used up" in found["incomplete"]


def test_totals_of_what_the_budget_let_be_read_do_not_pretend(
    toolkit: VimeoToolkit, vimeo: Sandbox, connect: Connect
) -> None:
    user = vimeo.add_user("Free", plan="free", videos=300)
    identifier = connect(user=user)
    user.window.ends, user.window.used = vimeo.clock.seconds() + 59, 49
    whole = toolkit.execute_tool(
        identifier=identifier, tool_name="vimeo_my_videos_find", tool_input={"group_by": "privacy"}
    )
    assert (whole["complete"], whole["totals"]["videos"]) == (False, 100)
    assert "next_page" not in whole.data
    assert "those of the first 100 videos" in whole["incomplete"]
    assert "max_requests" not in whole["incomplete"]


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5])
def test_a_leap_that_is_cut_short_can_go_on(
    most: int, toolkit: VimeoToolkit, vimeo: Sandbox, connect: Connect
) -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    vimeo.clock.set(start)
    details = [{"created": start - timedelta(days=place + 1)} for place in range(1200)]
    identifier = connect(user=vimeo.add_user("Steady", plan="enterprise", videos=details))
    wanted: dict[str, Any] = {"from_date": "2024-06-01", "until_date": "2024-06-30", "max_requests": most}
    found: set[str] = set()
    for _ in range(12):
        result = toolkit.execute_tool(
            identifier=identifier, tool_name="vimeo_my_videos_find", tool_input=wanted
        )
        found |= set(uris(result))
        if result["complete"]:
            break
        wanted["page"] = result["next_page"]
    assert len(found) == 30
    assert result["complete"] is True


def test_its_uris_go_into_another_tool(find: Find, toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    for uri in uris(find(period="today", privacy="unlisted")):
        got = toolkit.execute_tool(
            identifier="busy", tool_name="vimeo_video_get", tool_input={"video_id": uri}
        )
        assert got["uri"] == uri


@pytest.mark.parametrize(
    ("conditions", "problem"),
    [
        ({"period": "this_month", "from_date": "2026-01-01"}, "give period, or"),
        ({"from_date": "2026-02-01", "until_date": "2026-01-01"}, "from_date is after"),
        ({"by": "modified"}, "by needs period"),
        ({"from_date": "1st of May"}, "write a day as"),
        ({"from_date": "2026-13-01"}, "write a day as"),
        ({"timezone": "Middle/Earth"}, "Europe/Stockholm"),
        ({"timezone": "../../etc/passwd"}, "Europe/Stockholm"),
        ({"min_duration": 60, "max_duration": 59}, "min_duration is more"),
        ({"period": "next_month"}, "period"),
    ],
)
def test_wrong_conditions(conditions: dict[str, Any], problem: str, find: Find, vimeo: Sandbox) -> None:
    with pytest.raises(InvalidInput, match=problem):
        find(**conditions)
    assert vimeo.requests == []


@pytest.mark.parametrize("seed", range(12))
def test_any_conditions_find_what_a_whole_reading_does(seed: int, find: Find, owner: User) -> None:
    dice = random.Random(seed)
    days = sorted(datetime(2024, 12, 1, tzinfo=UTC) + timedelta(days=dice.randint(0, 720)) for _ in range(2))
    conditions: dict[str, Any] = {}
    date, attribute = dice.choice((("uploaded", "created"), ("modified", "modified")))
    tests: list[Callable[[Video], bool]] = []
    if dice.random() < 0.7:
        conditions["from_date"] = days[0].date().isoformat()
        tests.append(lambda video: getattr(video, attribute) >= days[0])
    if dice.random() < 0.7:
        conditions["until_date"] = days[1].date().isoformat()
        tests.append(lambda video: getattr(video, attribute) < days[1] + timedelta(days=1))
    if conditions:
        conditions["by"] = date
    if dice.random() < 0.5:
        conditions["min_duration"] = shortest = dice.randint(0, 2000)
        tests.append(lambda video: video.duration >= shortest)
    if dice.random() < 0.5:
        conditions["max_duration"] = longest = dice.randint(2000, 4000)
        tests.append(lambda video: video.duration <= longest)
    if dice.random() < 0.5:
        conditions["privacy"] = view = dice.choice(("anybody", "nobody", "unlisted"))
        tests.append(lambda video: video.view == view)
    found = find(**conditions)
    assert set(uris(found)) == expected(owner, lambda video: all(test(video) for test in tests))
    assert len(uris(found)) == len(set(uris(found))) == found["total"]
    assert found["complete"] is True
