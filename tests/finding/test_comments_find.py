"""Comments on many videos: which are found, by how many requests, and how a search goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Connect
from vimeo_toolkit import InvalidInput, ToolResult, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox, Video
from vimeo_toolkit.sandbox.errors import not_found
from vimeo_toolkit.sandbox.resources import access, comments
from vimeo_toolkit.sandbox.state import Comment

Find = Callable[..., ToolResult]
NAME = "vimeo_my_comments_find"


@pytest.fixture
def find(toolkit: VimeoToolkit, connect: Connect) -> Find:
    identifier = connect()

    def called(**given: Any) -> ToolResult:
        return toolkit.execute_tool(identifier=identifier, tool_name=NAME, tool_input=given)

    return called


def comment(vimeo: Sandbox, video: Video, text: str, *, days: float, by: Any = None) -> Comment:
    """Put a comment by somebody else below a video, so many days ago."""
    author = by or next(user for user in vimeo.world.users if user is not vimeo.user)
    made = Comment(vimeo.world.next_id(), video, author, text, vimeo.world.now() - timedelta(days=days))
    video.comments.append(made)
    return made


def texts(result: ToolResult) -> list[str]:
    return [row["text"] for row in result["data"]]


def commented(vimeo: Sandbox) -> list[Video]:
    return [video for video in vimeo.user.videos if video.comments]


def test_all_of_them_the_newest_first_and_only_videos_with_comments_are_read(
    find: Find, vimeo: Sandbox
) -> None:
    result = find()
    with_some = commented(vimeo)
    lists = -(-len(vimeo.user.videos) // 100)
    assert len(vimeo.requests) == lists + len(with_some)
    assert result["total"] == sum(len(video.comments) for video in with_some) == len(result["data"])
    assert result["complete"] is True
    dates = [row["created_on"] for row in result["data"]]
    assert dates == sorted(dates, reverse=True)
    assert all(
        row["video_name"] and row["uri"].startswith(row["video"].split(":")[0]) for row in result["data"]
    )


@pytest.mark.parametrize("what", ["list", "video"])
def test_a_videos_count_is_that_of_its_list(
    what: str, toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox
) -> None:
    video = next(each for each in vimeo.user.videos if any(comment.replies for comment in each.comments))
    tool = "vimeo_video_comments_list" if what == "list" else "vimeo_video_get"
    result = toolkit.execute_tool(
        identifier=connect(), tool_name=tool, tool_input={"video_id": video.uri}
    ).data
    shown = result["total"] if what == "list" else result["metadata"]["connections"]["comments"]["total"]
    assert shown == len(video.comments)


def test_since_a_day_reads_no_page_beyond_it(find: Find, vimeo: Sandbox) -> None:
    old = vimeo.user.videos[-1]
    old.comments.clear()
    for number in range(250):
        comment(vimeo, old, f"Old {number}", days=40 + number)
    comment(vimeo, old, "New", days=1)
    result = find(period="last_7_days")
    assert "New" in texts(result)
    assert not any(text.startswith("Old") for text in texts(result))
    pages = [request for request in vimeo.requests if request.path == f"/videos/{old.id}/comments"]
    assert len(pages) == 1


def test_unanswered_means_without_a_reply_of_the_user(find: Find, vimeo: Sandbox) -> None:
    video, stranger = vimeo.user.videos[0], next(u for u in vimeo.world.users if u is not vimeo.user)
    for each in vimeo.user.videos:
        each.comments.clear()
    for text, by in (("nobody answered", None), ("I answered", vimeo.user), ("another answered", stranger)):
        asked = comment(vimeo, video, text, days=2)
        if by is not None:
            asked.replies.append(Comment(vimeo.world.next_id(), video, by, "Yes.", vimeo.world.now()))
    comment(vimeo, video, "my own", days=1, by=vimeo.user)
    assert sorted(texts(find(unanswered=True))) == ["another answered", "nobody answered"]
    assert len(texts(find())) == 4


def test_words_in_the_text_and_the_authors_name_and_replies_on_request(find: Find, vimeo: Sandbox) -> None:
    video = vimeo.user.videos[0]
    asked = comment(vimeo, video, "Is this LIDAR data?", days=3)
    reply = Comment(vimeo.world.next_id(), video, vimeo.user, "No lidar, sonar.", vimeo.world.now())
    asked.replies.append(reply)
    assert texts(find(query="lidar")) == ["Is this LIDAR data?"]
    assert texts(find(query=f"lidar {asked.user.name.split()[0]}")) == ["Is this LIDAR data?"]
    assert find(query="lidar").notes == ()
    (note,) = find(query="sonar").notes
    assert "parts of longer words" in note
    rows = find(query="lidar", replies=True)["data"]
    assert [(row["text"], row["in_reply_to"]) for row in rows] == [
        ("No lidar, sonar.", asked.uri),
        ("Is this LIDAR data?", None),
    ]


def test_a_search_that_stops_goes_on_until_nothing_is_left_out(find: Find, vimeo: Sandbox) -> None:
    many = commented(vimeo)[0]
    for number in range(230):
        comment(vimeo, many, f"One of many {number}", days=number)
    every = {row["uri"] for row in find()["data"]}
    found: list[str] = []
    start: dict[str, Any] = {}
    for _ in range(30):
        part = find(max_requests=2, **start)
        found += [row["uri"] for row in part["data"]]
        if part["complete"]:
            break
        assert "start=" in part["incomplete"]
        start = {"start": part["next"]}
    assert sorted(found) == sorted(every)


def test_the_limit_gives_the_newest_and_still_counts_all(find: Find) -> None:
    every = find()
    few = find(limit=2)
    assert few["data"] == every["data"][:2]
    assert few["total"] == every["total"]


def test_chosen_videos_cost_one_list(find: Find, vimeo: Sandbox) -> None:
    chosen = commented(vimeo)[:2]
    result = find(videos=[video.uri for video in chosen])
    assert {row["video"].split(":")[0] for row in result["data"]} == {
        f"/videos/{video.id}" for video in chosen
    }
    assert len(vimeo.requests) == 3
    assert "not_found" not in result.data
    missing = find(videos=[chosen[0].uri, "/videos/999999999"])
    assert missing["not_found"] == ["/videos/999999999"]
    assert missing["total"] == len(chosen[0].comments)


def test_what_was_found_before_a_limit_comes_with_a_way_to_go_on(vimeo: Sandbox, connection: Any) -> None:
    user = vimeo.add_user("Free", videos=60, plan="free")
    for video in user.videos:
        comment(vimeo, video, f"About {video.name}", days=1)

    def with_new_window(start: str | None = None) -> ToolResult:
        with VimeoToolkit([connection], store="sqlite:///:memory:", max_wait=0) as toolkit:
            toolkit.import_token(identifier="u", access_token=vimeo.issue_token(user).access_token)
            given = {} if start is None else {"start": start}
            return toolkit.execute_tool(identifier="u", tool_name=NAME, tool_input=given)

    part = with_new_window()
    assert part["complete"] is False
    assert 0 < part["total"] < 60
    vimeo.clock.advance(61)
    assert part["total"] + with_new_window(part["next"])["total"] == 60


def test_a_video_that_is_gone_meanwhile_does_not_stop_it(
    find: Find, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = commented(vimeo)[0]
    visible = access.visible_video

    def unless_gone(call: Any) -> Video:
        if call.path["video_id"].startswith(str(gone.id)):
            raise not_found("video")
        return visible(call)

    monkeypatch.setattr(comments, "visible_video", unless_gone)
    result = find()
    assert (result["complete"], result["videos_not_readable"]) == (True, 1)


@pytest.mark.parametrize("start", ["1", "x/1", "999999999/1"])
def test_what_is_not_a_place_in_it(start: str, find: Find) -> None:
    with pytest.raises(InvalidInput, match=r"start|next"):
        find(start=start)


def test_what_strangers_wrote_is_marked(find: Find, vimeo: Sandbox) -> None:
    shown = find().for_model()
    assert "written_by_others" in json.dumps(shown)
    named = find(videos=[commented(vimeo)[0].uri]).for_model()["written_by_others"]
    assert all(name in named for name in ("text", "author", "video_name"))
