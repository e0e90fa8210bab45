"""The question to a person cannot be forged by what other people wrote."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.world import USER, World
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.calls.changes import undo_of
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

ACCOUNT = AccountRecord(
    connection_name="vimeo",
    identifier="u",
    granted_scopes=("create", "delete", "edit", "interact", "private", "public", "upload"),
    vimeo_uri="/users/7",
)
NASTY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("“”„\"'‮⁦​\n\r\t\x1b\x00\u2028\u3164\u2800\u00a0"),
    ),
    max_size=400,
)


@given(NASTY)
@settings(max_examples=150, deadline=None)
def test_a_text_stands_on_one_line_and_shows_all_that_it_is(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    assert len(shown) <= 128 * 10 + 40
    assert "\n" not in shown
    marked = quoted(text)
    assert (marked[0], marked[-1]) == ("“", "”")
    assert not set(marked[1:-1]) & set("“”„‟")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Spring teaser", "Spring teaser"),
        ("Frühling, 夏 🎬", "Frühling, 夏 🎬"),
        ("a\u202eb", "a\\u202eb"),
        ("a\nDelete nothing?", "a↵Delete nothing?"),
        ("a\r\nb\rc", "a↵b\\rc"),
        ("a\u200bb", "a\\u200bb"),
        ("\u3164", "\\u3164"),
        ("e" + "\u0301" * 5, "e" + "\u0301" * 2 + "\\u0301" * 3),
        ("x" * 200, "x" * 128 + "… (72 more characters)"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(NASTY, NASTY)
@settings(max_examples=80, deadline=None)
def test_no_title_makes_another_line(title: str, owner: str) -> None:
    seen = Preview({"video": {"uri": "/videos/1", "name": title, "user": {"uri": "/users/9", "name": owner}}})
    tool = catalog()["vimeo_video_edit"]
    world = World()
    ctx = world.context()
    call = CallState(world, ctx, CallSpec(USER, tool), Clock(), UploadOptions())
    call.begin(ACCOUNT)
    values = tool.validate({"video_id": "1", "name": "B", "password": "hunter-2"})
    planned = run_sync(plan(call, values, seen))
    lines = planned.describe().split("\n")
    assert all(line.isprintable() for line in lines)
    assert len(lines) == 2
    assert lines[0].startswith("Change the video ")
    assert lines[0].endswith("assword: a new one, which is not shown.")
    plain = re.sub("“[^”]*”", "", lines[0])
    assert plain.count("?") == 1, "only the question's own mark is outside of quotation marks"
    assert "hunter-2" not in planned.describe()
    assert planned.undo is None  # the former password cannot be set again


def test_every_tool_that_changes_something_asks_in_words() -> None:
    from tests.unit.inputs import minimal

    for name, tool in catalog().items():
        if tool.read_only:
            continue
        values = tool.validate(minimal(name))
        seen: dict[str, Any] = {look.name: [] if look.noun else {"name": "x"} for look in tool.looks}
        asked = question_of(tool, values, ACCOUNT, Preview(seen, file=("a.mp4", 1)))
        assert asked[0].isupper()
        assert "?" in asked
        assert "{" not in asked


@pytest.mark.parametrize(
    ("tool", "given_", "before", "told"),
    [
        ("vimeo_video_edit", {"name": "B"}, {"name": "A"}, True),
        ("vimeo_video_edit", {"description": ""}, {"description": None}, True),
        ("vimeo_video_edit", {"license": "by"}, {"license": None}, False),
        ("vimeo_video_edit", {"license": "by"}, {"license": "cc0"}, True),
        ("vimeo_video_edit", {"privacy_view": "nobody"}, {"privacy": {"view": "password"}}, False),
        ("vimeo_video_edit", {"privacy_view": "nobody"}, {"privacy": {"view": "unlisted"}}, False),
        ("vimeo_video_edit", {"privacy_view": "nobody"}, {"privacy": {"view": "anybody"}}, True),
        ("vimeo_video_edit", {"privacy_view": "nobody"}, {"privacy": {"view": "ptv"}}, False),
        ("vimeo_video_edit", {"privacy_add": False}, {}, False),
        ("vimeo_video_edit", {"password": "hunter-2"}, {}, False),
    ],
)
def test_undo_is_told_where_it_can_be_done(tool: str, given_: Any, before: Any, told: bool) -> None:
    declared = catalog()[tool]
    values = declared.validate({"video_id": "1", **given_})
    undo = undo_of(declared, values, Preview({"video": before}), ACCOUNT, catalog())
    assert (undo is not None) is told


def test_undo_needs_its_scopes() -> None:
    declared = catalog()["vimeo_showcase_create"]
    values = declared.validate({"name": "A"})
    assert undo_of(declared, values, None, ACCOUNT, catalog())
    assert undo_of(declared, values, None, ACCOUNT.replace(granted_scopes=("create",)), catalog()) is None


def test_undo_names_a_tool() -> None:
    for tool in catalog().values():
        assert tool.undo is None or any(name in tool.undo for name in catalog())
        assert tool.read_only or tool.undo or tool.destructive
