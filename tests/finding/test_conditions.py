"""Each condition finds the videos that meet it and no others, and each answer shows what chose and sorted it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from tests.conftest import Connect
from tests.finding.conftest import Find
from vimeo_toolkit import InvalidInput, VimeoToolkit
from vimeo_toolkit.catalog.video_columns import COLUMNS, matched
from vimeo_toolkit.catalog.video_conditions import ASKED
from vimeo_toolkit.catalog.video_order import SORTS
from vimeo_toolkit.catalog.video_search import MyVideosFind
from vimeo_toolkit.catalog.video_search_pages import PageSearch, Reading
from vimeo_toolkit.catalog.video_totals import GROUP_FIELDS, Calendar, totals
from vimeo_toolkit.sandbox import Sandbox, User, Video


@pytest.fixture
def owner(vimeo: Sandbox) -> User:
    return vimeo.user


def in_showcases(owner: User, video: Video) -> bool:
    return any(video in showcase.videos for showcase in owner.showcases)


CONDITIONS: list[tuple[dict[str, Any], Callable[[User, Video], bool], str]] = [
    ({"name_contains": "trailer"}, lambda owner, video: "trailer" in video.name.lower(), "name"),
    ({"tag": "Short Film"}, lambda owner, video: "short film" in video.tags, "tags"),
    ({"tag": "shortfilm"}, lambda owner, video: "short film" in video.tags, "tags"),
    ({"privacy": "nobody"}, lambda owner, video: video.view == "nobody", "privacy"),
    ({"min_duration": "20:00"}, lambda owner, video: video.duration >= 1200, "duration"),
    ({"max_plays": 50}, lambda owner, video: video.plays <= 50, "plays"),
    ({"min_plays": 1000}, lambda owner, video: video.plays >= 1000, "plays"),
    ({"min_likes": 3}, lambda owner, video: len(video.liked_by) >= 3, "likes"),
    ({"max_likes": 0}, lambda owner, video: not video.liked_by, "likes"),
    ({"captions": True}, lambda owner, video: bool(video.texttracks), "captions"),
    ({"captions": False}, lambda owner, video: not video.texttracks, "captions"),
    ({"has_description": True}, lambda owner, video: bool(video.description), "description"),
    ({"in_folder": False}, lambda owner, video: video.folder is None, "folder"),
    ({"in_folder": True}, lambda owner, video: video.folder is not None, "folder"),
    ({"in_showcase": False}, lambda owner, video: not in_showcases(owner, video), "showcases"),
    ({"in_showcase": True}, in_showcases, "showcases"),
    (
        {"name_contains": "Part", "max_likes": 0, "in_folder": False},
        lambda owner, video: "Part" in video.name and not video.liked_by and video.folder is None,
        "likes",
    ),
]


@pytest.mark.parametrize(
    ("given", "keep", "column"), CONDITIONS, ids=[str(given) for given, _, _ in CONDITIONS]
)
def test_it_finds_those_and_shows_why(
    find: Find, owner: User, given: dict[str, Any], keep: Callable[[User, Video], bool], column: str
) -> None:
    found = find(**given).data
    wanted = {video.uri for video in owner.videos if keep(owner, video)}
    assert wanted
    assert {video["uri"] for video in found["data"]} == wanted
    assert found["total"] == len(wanted)
    assert found["complete"] is True
    assert all(column in video for video in found["data"])


def test_every_condition_is_tried() -> None:
    tried = {name for given, _, _ in CONDITIONS for name in given}
    assert set(ASKED) - tried == {"query", "folder_id", "showcase_id", "max_duration"}, (
        "these are tried below or in test_find"
    )


def test_a_folder_with_and_without_those_below(find: Find, owner: User) -> None:
    clients = next(folder for folder in owner.folders if folder.name == "Clients")
    below = [folder for folder in owner.folders if folder.parent is clients]
    own = {video.uri for video in clients.videos}
    all_of_it = own | {video.uri for folder in below for video in folder.videos}
    assert own < all_of_it
    assert {video["uri"] for video in find(folder_id=clients.id).data["data"]} == own
    found = find(folder_id=clients.id, subfolders=True).data["data"]
    assert {video["uri"] for video in found} == all_of_it
    assert {video["folder"] for video in found} == {clients.name, *(folder.name for folder in below)}


def test_where_the_words_matched(find: Find, owner: User) -> None:
    found = find(query="Trailer").data["data"]
    by_uri = {video.uri: video for video in owner.videos}
    assert {video["matched"].partition(":")[0] for video in found} >= {"name", "description"}
    for video in found:
        place, _, said = video["matched"].partition(": ")
        assert bool(said) is (place == "description")
        assert said.strip("…") in (by_uri[video["uri"]].description or "")
    for video in found:
        assert ("name" in video["matched"].split(", ")) is ("Trailer" in by_uri[video["uri"]].name)


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("art", "description, tags"),
        ("part", "name"),
        ("ONE arts", "name, tags"),
        ("rt", "name, description, tags"),
        ("zebra", "elsewhere"),
        ("\u5730\u56f3", "tags"),
    ],
)
def test_where_a_word_begins_comes_before_where_it_is_within_another(query: str, where: str) -> None:
    tags = [{"name": "arts"}, {"name": "\u6d77\u5730\u56f3"}]
    video = {"name": "Part One", "description": "On modern art", "tags": tags}
    assert matched(video, query) == where


@pytest.mark.parametrize("sort", sorted(SORTS))
@pytest.mark.parametrize("more", [{}, {"limit": 5}, {"min_duration": 60, "limit": 5}], ids=str)
def test_sorted_as_asked(find: Find, owner: User, sort: str, more: dict[str, Any]) -> None:
    measures: dict[str, Callable[[Video], Any]] = {
        "newest": lambda video: -video.created.timestamp(),
        "oldest": lambda video: video.created,
        "last_modified": lambda video: -video.modified.timestamp(),
        "longest": lambda video: -video.duration,
        "shortest": lambda video: video.duration,
        "most_plays": lambda video: -video.plays,
        "fewest_plays": lambda video: video.plays,
        "most_likes": lambda video: -len(video.liked_by),
        "fewest_likes": lambda video: len(video.liked_by),
        "most_comments": lambda video: -len(video.comments),
        "name": lambda video: video.name.casefold(),
    }
    measure = measures[sort]
    found = find(sort=sort, **more).data
    by_uri = {video.uri: video for video in owner.videos}
    shown = [measure(by_uri[video["uri"]]) for video in found["data"]]
    meeting = [video for video in owner.videos if video.duration >= more.get("min_duration", 0)]
    assert shown == sorted(map(measure, meeting))[: more.get("limit")]
    column = SORTS[sort].column
    assert not column or all(column in video for video in found["data"])


def test_the_first_few_by_plays_are_one_request(find: Find, owner: User, vimeo: Sandbox) -> None:
    found = find(sort="most_plays", limit=10).data
    assert len(vimeo.requests) == 1
    assert (found["total"], found["shown"], found["complete"]) == (len(owner.videos), 10, True)
    some = find(sort="most_plays", limit=5, max_duration=1500).data
    assert (some["total"], some["shown"], some["complete"]) == (
        sum(video.duration <= 1500 for video in owner.videos),
        5,
        True,
    )


def test_nothing_found_says_where_vimeo_did_not_look(find: Find) -> None:
    assert "not in what is said" in find(query="zzzyx").to_text()
    assert "not in what is said" not in find(name_contains="zzzyx").to_text()


def test_all_of_a_video_is_there_when_it_is_asked_for(
    find: Find, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    short = find(limit=1).data["data"][0]
    assert set(short) == {"uri", "name", "link", "duration", "created_time", "privacy"}
    full = toolkit.execute_tool(
        identifier="busy",
        tool_name="vimeo_my_videos_find",
        tool_input={"limit": 1, "show": ["likes"]},
        detail="full",
    ).data["data"][0]
    assert {"likes", "pictures", "user", "metadata"} <= set(full)


def test_the_ends_of_plays_and_likes_end_the_reading(find: Find, owner: User, vimeo: Sandbox) -> None:
    for place in range(250):
        vimeo.world.add_video(owner, f"More {place}", duration=60)
    for given in ({"min_plays": 1000}, {"min_likes": 2}):
        vimeo.requests.clear()
        found = find(**given).data
        assert found["complete"] is True
        assert found["data"]
        assert len(vimeo.requests) == 1


def test_an_order_over_a_part_does_not_pretend(find: Find, owner: User, vimeo: Sandbox) -> None:
    for place in range(150):
        vimeo.world.add_video(owner, f"More {place}", duration=60)
    found = find(sort="fewest_plays", limit=5, max_requests=1).data
    assert found["complete"] is False
    assert "next_page" not in found
    assert "Those are sorted that are among the first 100 videos" in found["incomplete"]
    assert find(sort="fewest_plays", limit=5).data["complete"] is True


def test_within_a_showcase(find: Find, owner: User) -> None:
    showcase = next(each for each in owner.showcases if len(each.videos) > 1)
    found = find(showcase_id=showcase.id).data["data"]
    assert {video["uri"] for video in found} == {video.uri for video in showcase.videos}
    found = find(showcase_id=showcase.id, sort="most_plays", limit=1).data["data"]
    assert found[0]["plays"] == max(video.plays for video in showcase.videos)
    newest = find(showcase_id=showcase.id, sort="newest", limit=1).data["data"]
    assert newest[0]["uri"] == max(showcase.videos, key=lambda video: video.created).uri
    with pytest.raises(InvalidInput, match="give folder_id or showcase_id"):
        find(showcase_id=showcase.id, folder_id="1")


def test_what_vimeo_does_not_show_is_said() -> None:
    videos = [
        {"uri": "/videos/1", "name": "Seen", "duration": 60, "stats": {"plays": 3}},
        {"uri": "/videos/2", "name": "Hidden", "duration": 60, "stats": {"plays": None}},
    ]
    search = PageSearch(MyVideosFind(max_plays=1_000_000), Reading("uri"), None)
    search.take({"total": 2, "page": 1, "paging": {"next": None}, "data": videos}, datetime.now(UTC))
    found = search.found_so_far()
    assert (found.videos, found.incomplete, found.unknown) == ([videos[0]], "", 1)
    assert totals(videos, "all", Calendar(UTC))["totals"]["plays"] is None
    assert totals(videos[:1], "all", Calendar(UTC))["totals"]["plays"] == 3


def test_months_are_those_of_the_date_that_is_asked_about() -> None:
    video = {"created_time": "2025-12-31T23:30:00+00:00", "modified_time": "2026-11-02T00:00:00+00:00"}
    assert totals([video], "month", Calendar(UTC))["data"][0]["month"] == "2025-12"
    assert totals([video], "month", Calendar(timezone(timedelta(hours=1))))["data"][0]["month"] == "2026-01"
    assert totals([video], "month", Calendar(UTC, by="modified"))["data"][0]["month"] == "2026-11"


def test_every_column_can_be_shown(find: Find, owner: User) -> None:
    found = find(show=sorted(COLUMNS)).data["data"]
    by_uri = {video.uri: video for video in owner.videos}
    assert len(found) == len(owner.videos)
    for row in found:
        video = by_uri[row["uri"]]
        assert set(COLUMNS) < set(row)
        assert row["tags"] == video.tags
        assert row["captions"] is bool(video.texttracks)
        assert row["comments"] == sum(1 + len(comment.replies) for comment in video.comments) or row[
            "comments"
        ] == len(video.comments)
        assert row["likes"] == len(video.liked_by)
        assert row["folder"] == (video.folder.name if video.folder else None)
        assert row["showcases"] == sum(video in showcase.videos for showcase in owner.showcases)


@pytest.mark.parametrize("group", sorted(GROUP_FIELDS))
def test_totals_add_up(find: Find, owner: User, vimeo: Sandbox, group: str) -> None:
    found = find(group_by=group).data
    assert found["totals"]["videos"] == found["total"] == len(owner.videos)
    assert found["totals"]["plays"] == sum(video.plays for video in owner.videos)
    assert found["totals"]["likes"] == sum(len(video.liked_by) for video in owner.videos)
    assert found["totals"]["seconds"] == sum(video.duration for video in owner.videos)
    assert found["totals"]["hours"] == round(sum(video.duration for video in owner.videos) / 3600, 2)
    assert len(vimeo.requests) == 1
    if group == "all":
        assert "data" not in found
    elif group == "name":
        several = Counter(video.name.casefold() for video in owner.videos)
        assert {row["name"].casefold(): row["videos"] for row in found["data"]} == {
            name: count for name, count in several.items() if count > 1
        }
    elif group != "tag":
        assert sum(row["videos"] for row in found["data"]) == len(owner.videos)
        assert sum(row["plays"] for row in found["data"]) == found["totals"]["plays"]
    else:
        tagged = {row["tag"]: row["videos"] for row in found["data"]}
        assert tagged["travel"] == sum("travel" in video.tags for video in owner.videos)
        assert tagged["no tag"] == sum(not video.tags for video in owner.videos)


def test_totals_of_a_part_do_not_pretend(find: Find, owner: User, vimeo: Sandbox) -> None:
    for place in range(150):
        vimeo.world.add_video(owner, f"More {place}", duration=60)
    found = find(group_by="month", max_requests=1).data
    assert found["complete"] is False
    assert found["totals"]["videos"] == 100
    assert found["incomplete"].startswith("1 requests used. The totals are those of the first 100 videos")
    assert "max_requests=100" in found["incomplete"]
    assert find(group_by="month").data["complete"] is True


@pytest.mark.parametrize(
    "given",
    [
        {"min_plays": 5, "max_plays": 4},
        {"subfolders": True},
        {"folder_id": "1", "in_folder": False},
        {"showcase_id": "1", "in_showcase": True},
        {"group_by": "month", "sort": "newest"},
        {"group_by": "month", "limit": 5},
    ],
    ids=str,
)
def test_what_contradicts_itself_is_refused(find: Find, vimeo: Sandbox, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        find(**given)
    assert vimeo.requests == []


@pytest.mark.parametrize("more", [{}, {"min_duration": 1}, {"in_folder": True}], ids=str)
def test_what_ties_with_the_last_one_is_not_kept_silent(
    find: Find, owner: User, vimeo: Sandbox, more: dict[str, Any]
) -> None:
    """Of those that share the last place, who is shown is chance."""
    others = [user for user in vimeo.users if user is not owner]
    for place, video in enumerate(owner.videos):
        video.folder = owner.folders[0]
        video.liked_by[:] = others[: 5 if place < 2 else 3 if place < 7 else 0]
    assert "tied" in find(sort="most_likes", limit=5, **more).data
    exact = find(sort="most_likes", limit=2, **more).data
    assert "tied" not in exact
    assert [video["likes"] for video in exact["data"]] == [5, 5]
    whole = find(sort="most_likes", **more).data
    assert "tied" not in whole
    assert len(find(sort="most_likes", limit=5, **more).data["data"]) == 5


def test_a_name_where_yes_or_no_is_meant_is_told_which_input_takes_it(
    toolkit: VimeoToolkit, connect: Connect
) -> None:
    for asked, instead in (("in_folder", "folder_id"), ("in_showcase", "showcase_id")):
        with pytest.raises(InvalidInput, match=f"{asked}: give true or false; .* give {instead}"):
            toolkit.execute_tool(
                identifier=connect(), tool_name="vimeo_my_videos_find", tool_input={asked: "Clients 2026"}
            )


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("nobody", ["nobody"]),
        ("private", ["nobody"]),
        (["nobody", "password"], ["nobody", "password"]),
        ("nobody, unlisted", ["nobody", "unlisted"]),
        ("not_public", ["nobody", "password", "unlisted", "disable"]),
        ("not public", ["nobody", "password", "unlisted", "disable"]),
        (["not_public", "anybody"], ["nobody", "password", "unlisted", "disable", "anybody"]),
    ],
    ids=str,
)
def test_several_privacies_and_all_that_are_not_public(
    find: Find, owner: User, toolkit: VimeoToolkit, given: Any, meant: list[str]
) -> None:
    wanted = {video.uri for video in owner.videos if video.view in meant}
    assert {video["uri"] for video in find(privacy=given)["data"]} == wanted
    plan = toolkit.execute_tool(
        identifier="busy",
        tool_name="vimeo_videos_change",
        tool_input={"privacy": given, "add_tags": ["checked"]},
    )
    assert plan["chosen"] == len(wanted)


def test_a_folder_within_another_is_told_with_it(find: Find, owner: User) -> None:
    rows = find(group_by="folder").data["data"]
    within = {each.name: each.parent.name for each in owner.folders if each.parent and each.videos}
    assert within
    assert {row["folder"] for row in rows} >= {f"{above}/{name}" for name, above in within.items()}


@pytest.mark.parametrize("group_by", [None, "month"])
@pytest.mark.parametrize("by_name", [True, False])
@pytest.mark.parametrize("subfolders", [None, True])
def test_where_nothing_is_found_it_says_where_that_was_looked_for(
    find: Find, owner: User, subfolders: bool | None, by_name: bool, group_by: str | None
) -> None:
    outer = next(each.parent for each in owner.folders if each.parent and each.videos)
    inside = [video for video in owner.videos if video.folder is outer]
    below = [video for video in owner.videos if video.folder and video.folder.parent is outer]
    given = outer.name if by_name else outer.uri
    found = find(folder_id=given, subfolders=subfolders, min_plays=10**9, group_by=group_by)
    count = len(inside) + len(below if subfolders else [])
    which = "and the folders below it" if subfolders else "not the folders below it (subfolders)"
    videos = f"{count} videos, none of which meets the other conditions" if count else "0 videos"
    assert found["searched"] == f"the folder {outer.uri}, {which}: {videos}."
    assert "searched" not in find(folder_id=given, subfolders=True)


def test_what_was_looked_at_in_a_showcase_and_in_the_library(find: Find, owner: User) -> None:
    (showcase, *_) = owner.showcases
    told = find(showcase_id=showcase.name, min_plays=10**9)["searched"]
    assert told.startswith(f"the showcase {showcase.uri}: {len(showcase.videos)} video")
    count = len(owner.videos)
    assert find(tag="of none")["searched"].startswith(f"the whole library: {count} videos, none of which")
    assert find(query="zeppelin")["searched"] == "the whole library: 0 videos with the words of query."


def test_names_that_several_videos_have_come_with_their_videos(find: Find, owner: User) -> None:
    for number, video in enumerate(owner.videos):
        video.name = f"Film {number}"
    first, second, third, *_ = owner.videos
    first.name, second.name, third.name = "Sea", "sea ", "Sea: one"
    told = find(group_by="name")
    (row,) = told["data"]
    assert (row["name"].strip().casefold(), row["videos"]) == ("sea", 2)
    assert set(row["uris"]) == {first.uri, second.uri}
    assert told["left_out"] == f"{len(owner.videos) - 2} videos whose name no other one has."
    third.name = "SEA"
    assert find(group_by="name")["data"][0]["videos"] == 3


def test_videos_without_a_description(find: Find, owner: User) -> None:
    first, second, *_ = owner.videos
    first.description, second.description = "", None
    assert {row["uri"] for row in find(has_description=False)["data"]} == {first.uri, second.uri}
