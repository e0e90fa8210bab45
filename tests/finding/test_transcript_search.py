"""Words looked for in the transcripts of many videos: where they are said, what was read, and how it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Connect
from vimeo_toolkit import InvalidInput, RateLimited, ToolResult, VimeoToolkit
from vimeo_toolkit.catalog.transcript_hits import HOW
from vimeo_toolkit.catalog.transcript_search import MORE
from vimeo_toolkit.sandbox import Sandbox, User, Video
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Cue, TextTrack

Search = Callable[..., ToolResult]
NAME = "vimeo_video_transcript_get"


def speak(vimeo: Sandbox, video: Video, *lines: str) -> None:
    """Give a video captions: a line for each ten seconds."""
    cues = [Cue(10_000 * place, 10_000 * (place + 1), line) for place, line in enumerate(lines)]
    video.texttracks = [TextTrack(vimeo.world.next_id(), "captions", "en", "English", active=True, cues=cues)]


@pytest.fixture
def owner(vimeo: Sandbox) -> User:
    """Thirty videos with captions, of which every tenth tells of a lighthouse, and ten without."""
    user = vimeo.add_user("Speaker", plan="enterprise", videos=[{"name": f"Talk {n}"} for n in range(40)])
    for place, video in enumerate(user.videos[:30]):
        video.created = video.created.replace(year=2024, month=1, day=place + 1)
        last = "You can walk to the lighthouse." if place % 10 == 0 else "You can walk there."
        speak(vimeo, video, "Good morning.", "The tide is out.", last, "Good night.")
    return user


@pytest.fixture
def search(owner: User, toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox) -> Search:
    identifier = connect("speaker", user=owner)
    vimeo.requests.clear()

    def called(**given: Any) -> ToolResult:
        return toolkit.execute_tool(identifier=identifier, tool_name=NAME, tool_input=given)

    return called


def test_one_call_says_where_with_the_moment_and_what_is_around(
    search: Search, owner: User, vimeo: Sandbox
) -> None:
    vimeo.latency = 0.005
    told = search(query="lighthouse")
    assert [row["name"] for row in told["data"]] == ["Talk 20", "Talk 10"]
    row = told["data"][0]
    assert (row["uri"], row["start_seconds"], row["end_seconds"]) == (owner.videos[20].uri, 20, 30)
    assert row["link"] == f"https://vimeo.com/{owner.videos[20].id}#t=20s"
    assert row["text"] == "…The tide is out. **You can walk to the lighthouse.** Good night."
    assert told.untrusted_fields == ("text",)
    assert len(vimeo.requests) == 1 + 2 * 25, "the list has the links"
    assert max(each.overlapping for each in vimeo.requests) > 1, "several are read at the same time"
    assert (told["total"], told["complete"], told["videos_searched"], told["next"]) == (2, False, 25, 25)
    assert "start=25" in told["incomplete"]
    rest = search(query="lighthouse", start=25)
    assert [row["name"] for row in rest["data"]] == ["Talk 0"]
    assert (rest["complete"], rest["videos_searched"]) == (True, 5)
    assert "next" not in rest.data
    with pytest.raises(InvalidInput, match="only 30 are meant"):
        search(query="lighthouse", start=31)


@pytest.mark.parametrize(
    ("given", "searched"),
    [
        ({"name_contains": "Talk 2"}, 11),
        ({"from_date": "2024-01-20", "until_date": "2024-01-22"}, 3),
        ({"min_plays": 1}, 0),
    ],
)
def test_only_in_the_videos_that_meet_the_conditions(
    search: Search, given: dict[str, Any], searched: int
) -> None:
    told = search(query="tide", **given)
    assert (told["videos_searched"], told["total"], told["complete"]) == (searched, searched, True)


def test_an_unlisted_videos_link_has_its_hash(search: Search, owner: User) -> None:
    video = owner.videos[20]
    video.view = "unlisted"
    (row,) = search(query="lighthouse", name_contains="Talk 20")["data"]
    assert row["link"] == f"{video_shape(video, owner)['link']}#t=20s"
    assert row["link"].count("/") == 4


def test_what_was_not_searched_is_named_with_the_reason(search: Search, owner: User) -> None:
    newest = owner.videos[20]
    newest.texttracks[0].cues = []
    told = search(query="lighthouse", name_contains="Talk 2")
    (pending,) = told["not_searched"]
    assert pending["videos"] == [newest.uri]
    assert "text tracks in en, but Vimeo has no transcript of them (yet)" in pending["why"]
    assert (told["videos_searched"], told["languages"], told["total"]) == (10, {"en": 10}, 0)
    assert HOW in told.for_model()["notes"]
    owner.videos[21].texttracks[0].language = "de"
    told = search(query="lighthouse", name_contains="Talk 2", language="en-GB")
    assert (told["videos_searched"], told["languages"]) == (9, {"en": 9})
    other, pending = told["not_searched"]
    assert (other["videos"], pending["videos"]) == ([owner.videos[21].uri], [newest.uri])
    assert "no transcript in 'en-GB'; there are text tracks in de" in other["why"]


def test_hits_that_are_not_shown_are_said_first_with_the_way_to_see_them(
    search: Search, owner: User, vimeo: Sandbox
) -> None:
    long = owner.videos[29]
    speak(vimeo, long, *[f"Lighthouse {'and so on ' * 8}{place}." for place in range(60)])
    told = search(query="lighthouse", name_contains="Talk 2")
    shown = told.for_model()
    names = [name for name in shown if name != "written_by_others"]
    assert names[:2] == ["complete", "incomplete"], "before the numbers"
    assert (told["total"], told["complete"], told["shown"]) == (61, False, len(told["data"]))
    assert f"{told['shown']} of 61 hits are shown: video_id" in told["incomplete"]
    (more,) = told["more_hits_in"]
    of_long = [row for row in told["data"] if row["uri"] == long.uri]
    assert more == {"uri": long.uri, "hits": 60, "shown": len(of_long)}
    assert {"Talk 29", "Talk 20"} == {row["name"] for row in told["data"]}, (
        "one video leaves room for the next"
    )
    whole = search(query="lighthouse", video_id=long.uri, max_tokens=20_000)
    assert whole["data"][: len(of_long)] == [
        {name: row[name] for name in ("start_seconds", "end_seconds", "link", "text")} for row in of_long
    ]


def test_what_room_is_left_shows_more_of_the_same_video(search: Search, owner: User, vimeo: Sandbox) -> None:
    speak(vimeo, owner.videos[29], *["At the lighthouse, once more, and in so many words as these."] * 12)
    told = search(query="lighthouse", name_contains="Talk 2")
    assert (told["total"], len(told["data"]), told["complete"]) == (13, 13, True)
    assert not {"shown", "more_hits_in", "incomplete", "next"} & told.data.keys()
    assert [row["name"] for row in told["data"]] == ["Talk 29"] * 12 + ["Talk 20"]


def test_a_full_result_goes_on_where_it_stopped(search: Search, owner: User, vimeo: Sandbox) -> None:
    for video in owner.videos[:30]:
        speak(vimeo, video, *["The lighthouse, once more and in so many words."] * 3)
    names: list[str] = []
    start: int | None = 0
    while start is not None:
        vimeo.requests.clear()
        told = search(query="lighthouse", max_tokens=600, start=start)
        assert len(vimeo.requests) <= 1 + 2 * (told["videos_searched"] + MORE)
        names += dict.fromkeys(row["name"] for row in told["data"])
        assert told["complete"] == ("next" not in told.data)
        start = told.data.get("next")
    assert names == [f"Talk {place}" for place in reversed(range(30))]


def test_at_the_users_limit_what_was_found_comes_with_a_way_to_go_on(
    owner: User, vimeo: Sandbox, connection: Any
) -> None:
    owner.plan = "free"
    with VimeoToolkit([connection], store="sqlite:///:memory:", max_wait=0) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token(owner).access_token)

        def call(start: int) -> ToolResult:
            return toolkit.execute_tool(
                identifier="u",
                tool_name=NAME,
                tool_input={"query": "tide", "start": start, "max_tokens": 5_000},
            )

        part = call(0)
        assert 0 < part["total"] == part["videos_searched"] == part["next"] < 30
        with pytest.raises(RateLimited):
            call(part["next"])


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "give video_id, or query"),
        ({"video_id": "1", "folder_id": "2"}, "leave out the condition folder_id"),
        ({"query": "a", "start": "1:30"}, "a time is that of one video"),
    ],
)
def test_what_contradicts_is_said(search: Search, vimeo: Sandbox, given: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        search(**given)
    assert vimeo.requests == []
