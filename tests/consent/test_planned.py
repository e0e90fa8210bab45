"""What a person and a program are shown of a planned call, word by word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.consent.subjects import ACCOUNT, asked_of
from tests.unit.inputs import minimal
from tests.unit.world import USER, World
from vimeo_toolkit import PlannedCall
from vimeo_toolkit.calls.changes import changes_of, told, undo_needs, undo_of
from vimeo_toolkit.calls.clock import Clock
from vimeo_toolkit.calls.plan import plan
from vimeo_toolkit.calls.preview import Preview
from vimeo_toolkit.calls.question import question_of
from vimeo_toolkit.calls.showing import quoted, visible
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.uploads.files import UploadOptions
from vimeo_toolkit.wire.scrub import REDACTED

EDIT = catalog()["vimeo_video_edit"]
BARE = PlannedCall(
    tool_name="tool",
    description="Does it.",
    arguments={"a": "é\u202e", "n": 1},
    identity=USER,
    requests=({"method": "PUT", "path": "/a b"},),
    complete=True,
    scopes=("edit",),
    read_only=False,
    destructive=False,
    visible_to_others=False,
    undo=None,
)
WHOLE = replace(
    BARE,
    complete=False,
    destructive=True,
    visible_to_others=True,
    undo="vimeo_other",
    question="Do it?",
    changes=({"input": "a", "before": 1, "after": 2},),
    kind="video",
    title="A film",
    in_full=("Text in full: “a”",),
    looks=2,
)


def test_a_plan_as_json() -> None:
    bare = {
        "tool": "tool",
        "arguments": {"a": "é\u202e", "n": 1},
        "requests": [{"method": "PUT", "path": "/a b"}],
        "complete": True,
        "quota_cost": 1,
        "scopes": ["edit"],
        "read_only": False,
        "destructive": False,
        "visible_to_others": False,
        "outward": False,
        "can_be_undone": False,
    }
    assert BARE.to_dict() == bare
    assert WHOLE.to_dict() == bare | {
        "complete": False,
        "quota_cost": 3,
        "destructive": True,
        "visible_to_others": True,
        "outward": True,
        "can_be_undone": True,
        "undo": "vimeo_other",
        "question": "Do it?",
        "kind": "video",
        "title": "A film",
        "changes": [{"input": "a", "before": 1, "after": 2}],
        "approval_looks": 2,
    }
    BARE.to_dict()["arguments"]["a"] = "changed"
    assert BARE.to_dict() == bare


def test_a_plan_in_lines() -> None:
    call = 'tool(a="é\\u202e", n=1)'
    assert BARE.describe().split("\n") == [call, "It cannot be undone."]
    assert replace(BARE, read_only=True).describe() == call
    elsewhere = replace(BARE, undo_needs=("delete",)).describe()
    assert elsewhere.split("\n") == [call, "It can be undone at Vimeo, but not from here."]
    assert WHOLE.describe().split("\n") == [
        "Do it?",
        "Text in full: “a”",
        "Other people may see the change or be told of it. It can be undone.",
    ]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (None, "A", "Title: from nothing to “A”"),
        ("A", "B", "Title: from “A” to “B”"),
        ("A", " A", None),
        ("x" * 301, "B", "Title: from “" + "x" * 300 + "… (1 more character)” to “B”"),
        (["a", "b"], "c", "Title: from “a” and “b” to “c”"),
    ],
)
def test_a_change_in_a_sentence(before: Any, after: str, sentence: str | None) -> None:
    values = EDIT.validate({"video_id": "1", "name": after})
    changes = changes_of(EDIT, values, Preview({"video": {"name": before}}))
    assert told(changes) == ([] if sentence is None else [sentence])


def test_texts_within_their_bounds() -> None:
    assert visible("x" * 128) == "x" * 128
    assert visible(7) == "7"
    assert quoted("a”b„c‟d″e\uff02f“g", 300) == '“a"b"c"d"e"f"g”'
    assert visible("\u00a0\u115f\u1160\u2800\u3164\uffa0") == "\\xa0\\u115f\\u1160\\u2800\\u3164\\uffa0"


# ---- the question ----


def test_a_thing_is_named_with_what_is_known_of_it() -> None:
    video: dict[str, Any] = {
        "uri": "/videos/1",
        "name": "Film",
        "user": {"uri": "/users/9", "name": "Ben"},
        "privacy": {"view": "anybody"},
        "stats": {"plays": 1_234},
        "metadata": {"connections": {"comments": {"total": 1}, "likes": {"total": 0}}},
    }
    given = {"video_id": "1"}
    facts = "(visible to everyone, 1,234 plays, 1 comment, no likes)"
    assert f"“Film” by “Ben” {facts}" in asked_of("vimeo_video_delete", given, video=video)
    video["user"] = {"uri": "/users/9"}
    assert "“Film” by another user (" in asked_of("vimeo_video_delete", given, video=video)
    video["user"] = {"uri": "/users/7", "name": "Ana"}
    assert f"“Film” {facts}" in asked_of("vimeo_video_delete", given, video=video)
    plain = asked_of(
        "vimeo_video_delete", given, video={"uri": "/videos/1", "name": " ", "stats": {"plays": True}}
    )
    assert "the video 1 without a title?" in plain
    assert "(" not in plain
    members = {"name": "G", "metadata": {"connections": {"users": {"total": 2}, "followers": {"total": 1}}}}
    assert "(2 members, 1 follower)" in asked_of("vimeo_video_delete", given, video=members)


def test_a_list_is_counted_and_its_first_named() -> None:
    items = [{"name": f"n{number:02}", "uri": f"/videos/{number}"} for number in range(12)]
    tool = catalog()["vimeo_folder_delete"]
    look = next(look for look in tool.looks if look.noun == "video")
    values = tool.validate(minimal("vimeo_folder_delete"))

    def text(videos: list[Any]) -> str:
        found = {each.name: [] if each.noun else {"name": "F"} for each in tool.looks}
        return question_of(tool, values, ACCOUNT, Preview({**found, look.name: videos}))

    assert "which is empty?" in text([])
    assert "keep the video “n00” in" in text(items[:1])
    assert "5 videos (“n00”, “n01”, “n02”, “n03” and “n04”)" in text(items[:5])
    assert "12 videos (“n00”, “n01”, “n02”, “n03”, “n04” and 7 more)" in text(items)
    items[1]["name"] = "x" * 70
    assert f"“n00”, “{'x' * 60}… (10 more characters)”, “n02”" in text(items)
    items[1]["name"] = ""
    assert "“n00”, the video 1 without a title, “n02”" in text(items)


def test_a_file_is_named_by_what_is_known_of_it() -> None:
    upload = "vimeo_video_upload"
    text = asked_of(upload, {**minimal(upload), "path": "a.mp4"}, file=("a.mp4", 1_234_567))
    assert "the file “a.mp4” (1.2 MB)" in text


def test_inputs_are_quoted_and_lists_of_them_cut() -> None:
    comment = asked_of("vimeo_video_comment_add", {"video_id": "1", "text": "t" * 301})
    assert f"“{'t' * 300}… (1 more character)”" in comment
    tags = [f"t{number:02}" for number in range(12)]
    tagged = asked_of("vimeo_video_tags_add", {"video_id": "1", "tags": tags}, video={"name": "F"})
    assert tagged == "Tag the video “F” with “t00”, “t01”, “t02”, “t03”, “t04” and 7 more?"
    tagged = asked_of("vimeo_video_tags_add", {"video_id": "1", "tags": tags[:1]}, video={"name": "F"})
    assert tagged == "Tag the video “F” with “t00”?"


# ---- what changes, and what takes it back ----


def test_changes_are_from_what_stands_there_to_what_is_asked_and_secrets_are_not_shown() -> None:
    values = EDIT.validate({"video_id": "1", "name": "B", "privacy_view": "password", "password": "pw"})
    seen = Preview({"video": {"name": "A", "privacy": {"view": "anybody"}}})
    changes = changes_of(EDIT, values, seen)
    assert [(each["input"], each["before"], each["after"]) for each in changes] == [
        ("name", "A", "B"),
        ("privacy_view", "anybody", "password"),
        ("password", REDACTED, "***"),
    ]
    assert changes_of(EDIT, values, Preview())[0]["before"] is None
    delete = catalog()["vimeo_video_delete"]
    assert changes_of(delete, delete.validate({"video_id": "1"}), seen) == ()


def test_undo_is_the_declared_one_where_nothing_is_set() -> None:
    like = catalog()["vimeo_video_like"]
    values = like.validate({"video_id": "1"})
    assert undo_of(like, values, None, ACCOUNT, catalog()) == like.undo
    edit = EDIT.validate({"video_id": "1", "name": "B"})
    assert undo_of(EDIT, edit, None, ACCOUNT, catalog()) == EDIT.undo
    assert undo_of(EDIT, edit, Preview(), ACCOUNT, catalog()) is None, "a name cannot be emptied"
    delete = catalog()["vimeo_video_delete"]
    assert undo_of(delete, delete.validate({"video_id": "1"}), None, ACCOUNT, catalog()) is None
    make, few = catalog()["vimeo_folder_create"], ACCOUNT.replace(granted_scopes=("create",))
    assert undo_needs(make, few, catalog()) == ("delete",)
    assert undo_needs(make, ACCOUNT, catalog()) == undo_needs(delete, few, catalog()) == ()


# ---- the plan of a call ----


def planned(
    tool: str, given: dict[str, Any], seen: Preview | None = None, detail: Any = "compact"
) -> PlannedCall:
    world = World()
    declared = catalog()[tool]
    call = CallState(
        world, world.context(), CallSpec(USER, declared, detail=detail), Clock(), UploadOptions()
    )
    call.begin(ACCOUNT)
    return run_sync(plan(call, declared.validate(given), seen))


def test_the_plan_of_a_plain_call() -> None:
    found = planned(
        "vimeo_video_edit", {"video_id": "1", "name": "B", "privacy_view": "password", "password": "pw"}
    )
    assert found.tool_name == "vimeo_video_edit"
    assert found.description == EDIT.description
    assert found.arguments == {
        "video_id": found.arguments["video_id"],
        "name": "B",
        "privacy_view": "password",
        "password": "***",
    }
    assert found.identity == USER
    assert found.requests[0]["method"] == "PATCH"
    assert found.requests[0]["body"]["name"] == "B"
    assert "pw" not in repr(found)
    assert (found.scopes, found.read_only) == (tuple(sorted(found.scopes)), False)
    assert (found.destructive, found.visible_to_others) == (EDIT.destructive, EDIT.visible_to_others)
    assert (found.question, found.changes, found.looks) == ("", (), 0)


def test_the_plan_of_a_read_says_what_is_asked_for() -> None:
    found = planned("vimeo_my_videos_list", {"page": 2})
    request = dict(found.requests[0])
    query = request.pop("query")
    assert request == {"method": "GET", "path": "/me/videos"}
    assert (query["page"], "uri" in query["fields"]) == ("2", True)
    assert "fields" not in planned("vimeo_my_videos_list", {"page": 2}, detail="full").requests[0]["query"]
    delete = planned("vimeo_video_delete", {"video_id": "1"})
    assert delete.requests == ({"method": "DELETE", "path": "/videos/1"},)


@pytest.mark.parametrize("detail", ["compact", "full"])
def test_only_a_plain_tool_is_known_to_be_complete(detail: str) -> None:
    for name, tool in catalog().items():
        if tool.local or tool.file is not None:
            continue
        found = planned(name, minimal(name), detail=detail)
        if tool.validate(minimal(name)).one_request:
            assert found.complete, name
        elif found.requests:
            assert not found.complete, name


def test_with_what_was_seen_the_plan_asks_in_words() -> None:
    seen = Preview({"video": {"name": "A", "uri": "/videos/1"}}, requests=3)
    found = planned("vimeo_video_edit", {"video_id": "1", "name": "B"}, seen)
    assert "“A”" in found.question
    assert [(each["input"], each["from"], each["to"]) for each in found.changes] == [("name", "“A”", "“B”")]
    assert (found.looks, found.undo) == (3, EDIT.undo)
