"""Several comments answered or deleted by one call: an account of each, and nothing said twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from tests.changes.library import Losing
from tests.conftest import Connect
from tests.examples import writes
from vimeo_toolkit import ApprovalRequired, InvalidInput, RateLimited, ToolResult, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.state import Comment

Call = Callable[..., ToolResult]
REPLY, DELETE, FIND = "vimeo_comment_reply_add", "vimeo_comment_delete", "vimeo_my_comments_find"
LIGHT = "What a calm light that evening."


@pytest.fixture
def call(toolkit: VimeoToolkit, connect: Connect, said: list[Comment]) -> Call:
    identifier = connect()

    def called(tool: str, dry_run: bool = False, **given: Any) -> ToolResult:
        return toolkit.execute_tool(identifier=identifier, tool_name=tool, tool_input=given, dry_run=dry_run)

    return called


@pytest.fixture
def said(vimeo: Sandbox) -> list[Comment]:
    """Four comments of others with the same words, under four videos."""
    author = next(user for user in vimeo.world.users if user is not vimeo.user)
    found = []
    for place, video in enumerate(vimeo.user.videos[:4]):
        made = Comment(
            vimeo.world.next_id(), video, author, LIGHT, vimeo.world.now() - timedelta(hours=place)
        )
        video.comments.append(made)
        found.append(made)
    return found


def answers(said: list[Comment]) -> list[list[str]]:
    return [[reply.text for reply in comment.replies] for comment in said]


def states(result: ToolResult) -> list[str]:
    return [row["state"] for row in result["data"]]


def test_what_was_found_is_answered_by_one_call_and_by_its_repetition_not_again(
    call: Call, said: list[Comment], vimeo: Sandbox
) -> None:
    found = call(FIND, query=LIGHT)["data"]
    given = {"comments": [row["uri"] for row in found], "text": "Thank you!"}
    vimeo.requests.clear()
    told = call(REPLY, **given)
    assert answers(said) == [["Thank you!"]] * 4
    assert (told["done"], told["of"], told["message"]) == (4, 4, "4 of 4 comments were answered.")
    assert len(vimeo.requests) == 8
    posted = {reply.uri for comment in said for reply in comment.replies}
    assert {row["reply"] for row in told["data"]} == posted
    assert told.notes == ()
    again = call(REPLY, **given)
    assert answers(said) == [["Thank you!"]] * 4
    assert states(again) == ["there_already"] * 4
    assert call(REPLY, **{**given, "text": "And you?"})["done"] == 4


def test_it_is_looked_side_by_side_and_answered_in_order(
    call: Call, said: list[Comment], vimeo: Sandbox
) -> None:
    vimeo.user.plan, vimeo.latency = "enterprise", 0.01
    uris = [comment.uri for comment in said]
    vimeo.requests.clear()
    assert call(REPLY, comments=uris, text="Thank you!")["done"] == 4
    looks = [each for each in vimeo.requests if each.method == "GET"]
    assert len(looks) == 4
    assert max(each.overlapping for each in looks) > 1
    posts = [each for each in vimeo.requests if each.method == "POST"]
    assert [each.path for each in posts] == [f"{uri}/replies" for uri in uris]


def test_a_call_that_is_repeated_while_it_runs_says_nothing_twice(
    call: Call, said: list[Comment], vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vimeo_toolkit.catalog.batches._WAITS", 1)
    given = {"comments": [comment.uri for comment in said], "text": "Thank you!"}
    vimeo.latency = 0.02
    with ThreadPoolExecutor() as pool:
        told = list(pool.map(lambda _: call(REPLY, **given), range(2)))
    vimeo.latency = 0.0
    assert answers(said) == [["Thank you!"]] * 4
    assert sorted(each["done"] for each in told)[-1] == 4
    assert call(REPLY, **given)["done"] == 4


def test_each_is_answered_in_its_own_words(call: Call, said: list[Comment]) -> None:
    texts = [f"Thank you, {place}." for place in range(4)]
    call(REPLY, comments=[comment.uri for comment in said], texts=texts)
    assert answers(said) == [[text] for text in texts]


@pytest.mark.parametrize("hint", ["off", "gone"])
def test_what_is_refused_of_one_does_not_stop_the_others(call: Call, said: list[Comment], hint: str) -> None:
    uris = [comment.uri for comment in said]
    if hint == "off":
        said[1].video.comments_by = "nobody"
    else:
        said[1].video.comments.remove(said[1])
    told = call(REPLY, comments=uris, text="Thank you!")
    assert states(told) == ["answered", "failed", "answered", "answered"]
    assert told["data"][1]["why"]
    assert "1 could not be" in told["message"]
    said[1].video.comments_by = "anybody"
    if said[1] not in said[1].video.comments:
        said[1].video.comments.append(said[1])
    assert call(REPLY, comments=uris, text="Thank you!")["done"] == 4
    assert answers(said) == [["Thank you!"]] * 4


def test_where_an_answer_was_lost_the_same_call_finds_what_was_posted(
    call: Call, said: list[Comment], toolkit: VimeoToolkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    uris = [comment.uri for comment in said]
    with monkeypatch.context() as patch:
        losing: Any = Losing(
            toolkit._blocking, lambda sent: sent.method == "POST" and str(said[2].id) in sent.url
        )
        patch.setattr(toolkit, "_blocking", losing)
        told = call(REPLY, comments=uris, text="Thank you!")
    assert states(told) == ["answered", "answered", "unclear"]
    assert told["left"] == 2
    assert states(call(REPLY, comments=uris, text="Thank you!")) == ["there_already"] * 3 + ["answered"]
    assert answers(said) == [["Thank you!"]] * 4


def test_at_the_users_limit_the_rest_is_left_and_the_same_call_goes_on(
    vimeo: Sandbox, connection: Any
) -> None:
    user, other = vimeo.add_user("Free", videos=1, plan="free"), vimeo.add_user("Other")
    video = user.videos[0]
    video.comments[:] = [
        Comment(vimeo.world.next_id(), video, other, f"Hello {place}", vimeo.world.now())
        for place in range(40)
    ]
    given = {"comments": [comment.uri for comment in video.comments], "text": "Hello!"}
    with VimeoToolkit([connection], store="sqlite:///:memory:", max_wait=0) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token(user).access_token)

        def call() -> ToolResult:
            return toolkit.execute_tool(identifier="u", tool_name=REPLY, tool_input=given)

        part = call()
        assert 0 < part["done"] < 40
        assert part["left"] == 40 - part["done"]
        assert part["continue_in_seconds"] > 0
        with pytest.raises(RateLimited):  # nothing could be done
            call()
    assert [len(comment.replies) for comment in video.comments] == [1] * part["done"] + [0] * part["left"]


def test_one_consent_is_about_all_of_them(connection: Any, vimeo: Sandbox, said: list[Comment]) -> None:
    uris = [comment.uri for comment in said]
    said[3].text = "Where was that?"
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="writes") as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)

        def call(tool: str, **given: Any) -> ToolResult:
            return toolkit.execute_tool(identifier="u", tool_name=tool, tool_input=given)

        given = {"comments": uris, "texts": ["A", "B", "C", "D"]}
        with pytest.raises(ApprovalRequired) as asked:
            call(REPLY, **given)
        assert writes(vimeo) == []
        planned = asked.value.planned
        whole = planned.describe()
        for part in ("4 comments", LIGHT, "Where was that?", "“A”", "“B”", "“C”", "“D”"):
            assert part in whole
        assert planned.undo is not None
        toolkit.approve(asked.value.approval_id, identifier="u")
        with pytest.raises(ApprovalRequired):  # other words than those that were agreed to
            call(REPLY, **{**given, "texts": ["A", "B", "C", "E"]})
        assert call(REPLY, **given)["done"] == 4
        with pytest.raises(ApprovalRequired) as asked:
            call(DELETE, comments=[comment.replies[0].uri for comment in said])
        assert "Permanently delete 4 comments" in asked.value.planned.question


def test_several_are_deleted_and_named(call: Call, said: list[Comment], vimeo: Sandbox) -> None:
    call(REPLY, comments=[comment.uri for comment in said], texts=["A", "B", "C", "D"])
    mine = [comment.replies[0].uri for comment in said]
    said[3].replies.clear()
    told = call(DELETE, comments=[*mine, said[0].uri])
    assert states(told) == ["deleted", "deleted", "deleted", "gone", "failed"]
    assert "Only its author" in told["data"][4]["why"]
    assert (told["done"], told["of"]) == (4, 5)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"text": "A"}, "say which comment"),
        ({"comment_id": "1", "text": "A"}, "give video_id"),
        ({"comments": ["1"], "text": "A"}, "does not say of which video"),
        ({"comments": ["/videos/1/comments/2"], "comment_id": "2", "text": "A"}, "leave out comment_id"),
        ({"comments": ["/videos/1"], "text": "A"}, "comments"),
        ({"comments": ["/videos/1/comments/2"]}, "give text"),
        ({"comments": ["/videos/1/comments/2"], "text": "A", "texts": ["A"]}, "give text"),
        ({"comments": ["/videos/1/comments/2"], "texts": ["A", "B"]}, "2 for 1 comments"),
        ({"comments": ["/videos/1/comments/2"] * 2, "texts": ["A", "B"]}, "2 for 1 comments"),
        ({"video_id": "1", "comment_id": "2", "texts": ["A"]}, "texts are for several"),
        (
            {"video_id": "1", "comment_id": "/videos/3/comments/2", "text": "A"},
            "of video 3, and video_id is 1",
        ),
        (
            {"video_id": "1", "comments": ["/videos/3/comments/2"], "text": "A"},
            "of video 3, and video_id is 1",
        ),
    ],
)
def test_what_is_missing_or_contradicts_is_said(
    call: Call, vimeo: Sandbox, given: dict[str, Any], why: str
) -> None:
    with pytest.raises(InvalidInput, match=why):
        call(REPLY, **given)
    assert vimeo.requests == []


@pytest.mark.parametrize("way", ["uri", "link", "number"])
def test_a_comment_is_named_with_its_video_in_any_way(call: Call, said: list[Comment], way: str) -> None:
    comment = said[0]
    ways: dict[str, dict[str, Any]] = {
        "uri": {"comment_id": comment.uri},
        "link": {"comments": [f"https://vimeo.com/{comment.video.id}#comment_{comment.id}"]},
        "number": {"video_id": comment.video.uri, "comments": [str(comment.id)]},
    }
    call(REPLY, **ways[way], text="Thank you!")
    assert answers(said)[0] == ["Thank you!"]


@pytest.mark.parametrize(
    "tool", ["vimeo_video_delete", "vimeo_showcase_delete", "vimeo_folder_delete", DELETE]
)
def test_what_was_deleted_is_named(call: Call, vimeo: Sandbox, said: list[Comment], tool: str) -> None:
    user = vimeo.user
    call(REPLY, comments=[said[0].uri], text="Thank you!")
    things: dict[str, tuple[Any, str]] = {
        "vimeo_video_delete": (user.videos[9], "video_id"),
        "vimeo_showcase_delete": (user.showcases[0], "album_id"),
        "vimeo_folder_delete": (user.folders[0], "folder_id"),
        DELETE: (said[0].replies[0], "comment_id"),
    }
    thing, given = things[tool]
    told = call(tool, **{given: thing.uri})
    assert told["success"] is True
    assert told["deleted"].rpartition("/")[2] == str(thing.id)
