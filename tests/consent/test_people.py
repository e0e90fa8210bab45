"""The question of every tool that changes something, read as the person reads it who is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.consent.subjects import ACCOUNT, asked_of
from tests.examples import UPLOADS, example_input, keep_example
from tests.unit.inputs import minimal
from vimeo_toolkit import ApprovalRequired, Connection, PlannedCall, VimeoToolkit
from vimeo_toolkit.calls.changes import changes_of, said
from vimeo_toolkit.calls.preview import Preview
from vimeo_toolkit.calls.question import in_full, question_of
from vimeo_toolkit.calls.showing import listed, size
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.wording import Wording, clock, language, wording_of
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.state import Folder, Showcase

Given = dict[str, Any]
Plan = Callable[[str, Given], PlannedCall]
WRITES = sorted(name for name, tool in catalog().items() if not tool.read_only)
QUOTED = re.compile("“[^”]*”")
RAW = re.compile(
    r"\b\w+_\w+\b"  # names of inputs, tools and settings
    r"|/(?:videos|users|me|albums|projects|apps)\b"
    r"|\b(?:True|False|None|null|true|false|anybody|nobody to|whitelist|embed_only|unrated|uri|PATCH|DELETE)\b"
    r"|\*\*\*|\[redacted\]|[{}\[\]=]|\d+ bytes|\.0\b"
    r"|\b1 \w+s\b|\b(?:[02-9]|\d\d+) (?:video|comment|like|play|member|follower|version|subfolder)\b"
)


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[Sandbox, Plan]]:
    """A sandbox in which nothing is changed, for all questions."""
    with Sandbox() as vimeo:
        app = vimeo.app
        connection = Connection(
            client_id=app.client_id,
            client_secret=app.client_secret,
            redirect_uri=app.redirect_uri,
            api_url=vimeo.url,
        )
        with VimeoToolkit(
            [connection], store="sqlite:///:memory:", approval="writes", upload_folders=[UPLOADS]
        ) as toolkit:
            toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
            keep_example(toolkit, "u")

            def plan(tool: str, given: Given) -> PlannedCall:
                with pytest.raises(ApprovalRequired) as refused:
                    toolkit.execute_tool(identifier="u", tool_name=tool, tool_input=given)
                return refused.value.planned

            yield vimeo, plan


@pytest.mark.parametrize("name", WRITES)
def test_a_question_has_the_words_of_people(name: str, world: tuple[Sandbox, Plan]) -> None:
    vimeo, plan = world
    given = example_input(name, vimeo)
    planned = plan(name, given)
    plain = QUOTED.sub("“”", planned.describe())
    assert RAW.search(plain.replace("(108 bytes)", "")) is None, plain
    assert planned.question.count("?") >= 1
    assert planned.question[0].isupper()
    assert planned.question[-1] in "?."
    assert "\n" not in planned.question
    many = len(planned.changes) > 5
    assert len(planned.question) <= (600 if many else 480)
    assert planned.describe().startswith(planned.question)
    for each in planned.changes:
        words = each["label"], each["from"], each["to"]
        assert all(isinstance(word, str) for word in words)
        assert RAW.search(QUOTED.sub("", " ".join(words))) is None
        told = f" {each['label']}: ".lower() in planned.question.lower()
        assert told is (not each["same"] and each["label"] != "")


def test_every_input_is_told_by_its_thing_its_file_or_in_words() -> None:
    """Or a person would agree to something that they were not shown."""
    for name in WRITES:
        tool = catalog()[name]
        if tool.input_model.plans:
            continue  # the plan is told, and not the input it was made of
        things = {each for look in tool.looks for each in look.inputs} | tool.wire.placeholders
        spoken = set(re.findall(r"{(\w+)", tool.asks)) | {"path", "file_link"} | set(tool.unsent)
        for each in tool.input_model.model_fields.keys() - things - spoken:
            assert wording_of(name, each) is not None, (name, each)


FILM: Given = {
    "uri": "/videos/1",
    "name": "Film",
    "description": None,
    "license": None,
    "content_rating": ["unrated"],
    "privacy": {"view": "anybody", "embed": "public", "download": True},
}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"privacy_view": "nobody"}, "Who can see it: from everyone to only you."),
        ({"privacy_view": "disable"}, "Who can see it: from everyone to viewers of sites that embed it."),
        ({"privacy_embed": "whitelist"}, "Where it can be embedded: from anywhere to only on chosen sites."),
        ({"privacy_download": False}, "Downloads: from allowed to not allowed."),
        ({"privacy_comments": "nobody"}, "Who can comment: nobody."),
        ({"description": "New"}, "Description: from nothing to “New”."),
        (
            {"name": "Other", "description": "New"},
            "Title: from “Film” to “Other”; description: from nothing to “New”.",
        ),
        ({"license": "by-nc"}, "Licence: from none to Creative Commons BY-NC."),
        (
            {"content_rating": "drugs,language"},
            "Content rating: from not rated to drugs and strong language.",
        ),
        ({"password": "hunter-2"}, "Password: a new one, which is not shown."),
        (
            {"privacy_view": "password", "password": "hunter-2"},
            "Who can see it: from everyone to people with the password; password: a new one, which is not shown.",
        ),
        ({"privacy_view": "anybody"}, "It is so already."),
    ],
)
def test_an_edit_says_what_it_changes_from_what_to_what(given: Given, told: str) -> None:
    asked = asked_of("vimeo_video_edit", {"video_id": "1", **given}, video=FILM)
    assert asked == f"Change the video “Film” (visible to everyone)? {told}"


def test_empty_things_are_said_plainly(world: tuple[Sandbox, Plan]) -> None:
    vimeo, plan = world
    user, now = vimeo.user, vimeo.world.now()
    showcase = Showcase(vimeo.world.next_id(), user, "Empty", now, now)
    folder = Folder(vimeo.world.next_id(), user, "Nothing", now, now)
    user.showcases.append(showcase)
    user.folders.append(folder)
    deletion = plan("vimeo_showcase_delete", {"album_id": str(showcase.id)}).question
    assert deletion == "Permanently delete the showcase “Empty” (visible to everyone), which is empty?"
    for given in ({}, {"delete_videos": True}):
        question = plan("vimeo_folder_delete", {"folder_id": str(folder.id), **given}).question
        assert question == "Permanently delete the folder “Nothing” (visible to only you), which is empty?"
    filled = plan(
        "vimeo_showcase_videos_set", {"album_id": str(showcase.id), "videos": [user.videos[0].uri]}
    ).question
    assert filled.startswith(
        "Fill the showcase “Empty” (visible to everyone), which is empty, with the video “"
    )


def test_videos_that_are_not_there_are_counted(world: tuple[Sandbox, Plan]) -> None:
    vimeo, plan = world
    videos = [vimeo.user.videos[0].uri, "999999999"]
    folder = str(vimeo.user.folders[0].id)
    question = plan("vimeo_folder_videos_add", {"folder_id": folder, "videos": videos}).question
    assert f"Move the video “{vimeo.user.videos[0].name}” (and 1 that you cannot see) into" in question


def test_a_long_text_is_cut_in_the_question_and_whole_below_it(world: tuple[Sandbox, Plan]) -> None:
    vimeo, plan = world
    text = "word " * 200 + "the end"
    planned = plan("vimeo_video_comment_add", {"video_id": vimeo.user.videos[0].uri, "text": text})
    assert "… (707 more characters)”" in planned.question
    assert "the end" not in planned.question
    assert f"Text in full: “{text}”" in planned.describe().splitlines()


def test_two_long_texts_that_begin_alike_are_not_called_the_same(world: tuple[Sandbox, Plan]) -> None:
    vimeo, plan = world
    video = vimeo.user.videos[1]
    video.description = "x" * 400
    asked = {"video_id": video.uri, "description": "x" * 399 + "y"}
    planned = plan("vimeo_video_edit", asked)
    assert "Description: from “xxx" in planned.question
    assert f"Description in full: “{'x' * 399}y”" in planned.describe()


def test_a_product_gets_the_thing_and_the_changes_in_words(world: tuple[Sandbox, Plan]) -> None:
    vimeo, plan = world
    video = next(each for each in vimeo.user.videos if each.view == "anybody")
    planned = plan("vimeo_video_edit", {"video_id": video.uri, "privacy_view": "nobody"})
    assert (planned.kind, planned.title) == ("video", video.name)
    assert planned.changes == (
        {
            "input": "privacy_view",
            "label": "Who can see it",
            "before": "anybody",
            "after": "nobody",
            "from": "everyone",
            "to": "only you",
            "same": False,
        },
    )
    assert planned.to_dict()["title"] == video.name
    assert (plan("vimeo_showcase_create", {"name": "A"}).kind) == ""


def test_of_another_person_the_words_are_theirs() -> None:
    video: Given = {
        "uri": "/videos/1",
        "name": "Film",
        "user": {"uri": "/users/9", "name": "Ben"},
        "privacy": {"view": "nobody"},
    }
    asked = asked_of("vimeo_video_like", {"video_id": "1"}, video=video)
    assert asked == "Like the video “Film” by “Ben” (visible to only its owner)?"
    del video["user"]["name"]
    video["privacy"]["view"] = "a new\nsetting”?"
    asked = asked_of("vimeo_video_like", {"video_id": "1"}, video=video)
    assert asked == 'Like the video “Film” by another user (with the privacy “a new↵setting"?”)?'


NASTY = "ZZ”?\nApproved by ZZ: “"


def _nasty(fields: str, uri: str) -> Given:
    """What Vimeo would show if strangers could write every text in it."""
    made: Given = {}
    for field in fields.split(","):
        *places, last = field.split(".")
        inner = made
        for place in places:
            inner = inner.setdefault(place, {})
        inner[last] = NASTY
    return {**made, "user": {"uri": uri, "name": NASTY}}


@pytest.mark.parametrize("uri", ["/users/7", "/users/9", NASTY])
def test_what_others_wrote_stands_in_quotation_marks(uri: str) -> None:
    for name in WRITES:
        tool = catalog()[name]
        values = tool.validate(minimal(name))
        things = {look.name: _nasty(look.fields, uri) for look in tool.looks}
        found = {
            look.name: [things[look.name]] * 7 if look.noun else things[look.name] for look in tool.looks
        }
        seen = Preview(found, file=(NASTY, 1))
        told = [
            question_of(tool, values, ACCOUNT, seen, changes_of(tool, values, seen)),
            *in_full(tool, values, seen),
        ]
        for line in told:
            assert "\n" not in line
            assert "ZZ" not in QUOTED.sub("", line), (name, line)
            assert line.count("“") == line.count("”")


def test_a_track_that_is_shown_already_replaces_nothing() -> None:
    track = {"uri": "/texttracks/1", "type": "captions", "language": "en", "name": "English", "active": True}
    other = {**track, "uri": "/texttracks/2", "active": False}
    given = {"video_id": "1", "texttrack_id": "1", "active": True}
    found = {"video": FILM, "tracks": [track, other]}
    told = "Viewers no longer see those that they see in this language now."
    assert told not in asked_of("vimeo_video_texttrack_edit", given, track=track, **found)
    asked = asked_of("vimeo_video_texttrack_edit", given, track=other, **found)
    assert asked == (
        "Change the captions “English” (not in use) of the video “Film” (visible to everyone)? "
        f"{told} Shown to viewers: from no to yes."
    )


@pytest.mark.parametrize(
    ("active", "told"), [(True, "? Shown to viewers: yes."), (False, "? Shown to viewers: no.")]
)
def test_an_input_that_the_question_may_leave_out_is_told_behind_it(active: bool, told: str) -> None:
    given = {"video_id": "1", "type": "captions", "language": "sv", "name": "Svenska", "active": active}
    asked = asked_of("vimeo_video_texttrack_create", given, video=FILM, tracks=[])
    assert asked.endswith(told)
    assert asked.startswith("Add an empty text track “Svenska” (Swedish captions) to the video “Film”")


# ---- small words ----


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (12_345_678, "12.3 MB"),
        (999_950, "1 MB"),
        (5_000_000_000, "5 GB"),
        (1_234_000_000_000, "1,234 GB"),
    ],
)
def test_sizes(count: int, told: str) -> None:
    assert size(count) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0:00"),
        (9.0, "0:09"),
        (65, "1:05"),
        (3723.5, "1:02:03.5"),
        (59.9999, "1:00"),
        (True, None),
        (-1, None),
    ],
)
def test_places_in_a_video(seconds: Any, told: str | None) -> None:
    assert clock(seconds) == told


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("en", "English"),
        ("en-US", "English (US)"),
        ("EN-x-autogen", "English (automatic)"),
        ("tlh", None),
        ("en-”?", None),
        (7, None),
    ],
)
def test_languages(tag: Any, told: str | None) -> None:
    assert language(tag) == told


def test_lists() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(list("abcdefg")) == "a, b, c, d, e and 2 more"


@pytest.mark.parametrize("value", [{"a": 1}, [{"a": 1}], 7, 1.5, True, "strange"])
def test_a_value_that_no_table_has_is_quoted(value: Any) -> None:
    for words in (Wording("A"), wording_of("t", "privacy"), wording_of("t", "timecode")):
        assert words is not None
        told = said(words, value)
        assert told == clock(value) or (told[0], told[-1]) == ("“", "”")
