"""What the result of a change says: what was set, from where to where, and who sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Connect
from tests.examples import UPLOADS, example_input
from tests.unit.inputs import minimal
from tests.unit.world import World, answer, said
from tests.unit.world import run as execute_in
from vimeo_toolkit import ApprovalRequired, Connection, InvalidInput, ToolResult, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.ids import NO_FOLDER
from vimeo_toolkit.catalog.objects import kinds_of_inputs
from vimeo_toolkit.catalog.showcase_filling import OTHER_ORDER
from vimeo_toolkit.catalog.tool import WHICH, Tool
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.units import without_unit

Run = Callable[..., ToolResult]

EDITS = sorted(name for name, tool in catalog().items() if tool.method == "PATCH")


@pytest.fixture
def run(toolkit: VimeoToolkit, connect: Connect) -> Run:
    who = connect()

    def called(tool: str, /, **given: Any) -> ToolResult:
        return toolkit.execute_tool(identifier=who, tool_name=tool, tool_input=given)

    return called


def paths(value: Any, prefix: str = "") -> set[str]:
    if not isinstance(value, dict):
        return {prefix}
    return {
        path
        for name, each in value.items()
        for path in paths(each, f"{prefix}.{without_unit(name)}".lstrip("."))
    }


# ---- edits ----


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_shows_what_was_set_and_of_what(name: str, vimeo: Sandbox, run: Run) -> None:
    given = example_input(name, vimeo)
    tool = catalog()[name]
    result = run(name, **given)
    shown = json.loads(result.to_text())
    shown.pop("notes", None)
    shown.pop("written_by_others", None)
    asked = {each.path for each in tool.asked(tool.validate(given))}
    assert shown["uri"]
    assert paths(shown) - set(WHICH) <= asked
    assert asked - paths(shown) == set()
    # The product's own code has the whole thing.
    assert {path.partition(".")[0] for path in (tool.fields or "").split(",")} <= result.data.keys()


def test_an_edit_of_one_setting_is_short(vimeo: Sandbox, run: Run) -> None:
    video = vimeo.user.videos[0]
    result = run("vimeo_video_edit", video_id=video.uri, privacy_view="nobody")
    shown = json.loads(result.to_text())
    assert shown["privacy"] == {"view": "nobody"}
    assert {"description", "tags", "transcode", "stats"}.isdisjoint(shown)
    assert result.data["transcode"]
    assert result.data["privacy"]["embed"]


def test_a_text_that_was_cleared_shows_that_it_is_empty(vimeo: Sandbox, run: Run) -> None:
    video = vimeo.user.videos[0]
    result = run("vimeo_video_edit", video_id=video.uri, description="(empty)")
    assert json.loads(result.to_text())["description"] == "(empty)"
    assert not result.data["description"]


# ---- moves ----


def test_a_move_says_from_where_to_where(vimeo: Sandbox, run: Run) -> None:
    first, second = vimeo.user.folders[:2]
    video = vimeo.user.videos[0]
    video.folder = None
    result = run("vimeo_folder_video_add", folder_id=first.uri, video_id=video.uri)
    assert result["from_folder"] == {"uri": "none"}
    assert result["to_folder"] == {"uri": first.uri, "name": first.name}
    assert "in none before" in result["message"]
    result = run("vimeo_folder_video_add", folder_id=second.uri, video_id=video.uri)
    assert result["from_folder"] == {"uri": first.uri, "name": first.name}
    assert result["to_folder"]["name"] == second.name
    result = run("vimeo_folder_video_add", folder_id=second.uri, video_id=video.uri)
    assert "already" in result["message"]


def test_a_move_of_many_says_from_where(vimeo: Sandbox, run: Run) -> None:
    first, second = vimeo.user.folders[:2]
    moved = vimeo.user.videos[:3]
    moved[0].folder, moved[1].folder, moved[2].folder = None, first, first
    uris = [video.uri for video in moved]
    result = run("vimeo_folder_videos_add", folder_id=second.uri, videos=uris)
    assert result["moved"] == 3
    assert result["from_folders"] == [
        {"uri": "none", "videos": uris[:1]},
        {"uri": first.uri, "name": first.name, "videos": uris[1:]},
    ]
    assert all(video.folder is second for video in moved)


@pytest.mark.parametrize("word", ["none", "root", "/me/folders/root", "Root"])
def test_no_folder_is_a_place_to_move_to(word: str, vimeo: Sandbox, run: Run) -> None:
    first, second = vimeo.user.folders[:2]
    moved = vimeo.user.videos[:3]
    moved[0].folder, moved[1].folder, moved[2].folder = None, first, second
    uris = [video.uri for video in moved]
    library = list(vimeo.user.videos)
    result = run("vimeo_folder_videos_add", folder_id=word, videos=uris)
    assert (result["success"], result["moved"], result["already_there"]) == (True, 2, 1)
    assert [each["uri"] for each in result["from_folders"]] == [first.uri, second.uri]
    assert all(video.folder is None for video in moved)
    moved[1].folder = first
    result = run("vimeo_folder_video_add", folder_id=word, video_id=uris[1])
    assert (result["from_folder"]["name"], result["to_folder"]) == (first.name, {"uri": "none"})
    assert moved[1].folder is None
    assert vimeo.user.videos == library


def test_new_things_can_be_outside_of_all_folders(vimeo: Sandbox, run: Run) -> None:
    run("vimeo_folder_create", name="Outside", parent_folder_uri="root")
    assert vimeo.user.folders[-1].parent is None
    assert catalog()["vimeo_video_upload"].validate({"path": "a", "folder_uri": "root"}).model_dump(
        include={"folder_uri"}
    ) == {"folder_uri": None}


FOLDERS = [
    (tool, name)
    for tool in catalog().values()
    for name, kind in kinds_of_inputs(tool.input_model).items()
    if kind == "folder"
]


def refusal(tool: Tool, given: dict[str, Any]) -> str:
    try:
        tool.validate(given)
    except InvalidInput as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("tool", "field"), FOLDERS)
def test_every_input_that_takes_a_folder_knows_the_word(tool: Tool, field: str) -> None:
    """It means no folder, or the refusal says so."""
    given = {**minimal(tool.name), field: "root"}
    if (tool.name, field) == ("vimeo_videos_change", "folder_id"):
        del given["videos"]  # a condition, where videos are not named
    if tool.name == "vimeo_video_transcript_get":
        given = {"query": "harbour", field: "root"}
    if said := refusal(tool, given):
        assert "means no folder" in said
        assert tool.name not in TAKE_NONE
    else:
        values = tool.validate(given)
        assert getattr(values, field) in (None, NO_FOLDER)
        if field == "folder_id":
            assert getattr(values, "in_folder", False) is False


@pytest.mark.parametrize("word", ["root", "none", "/me/folders/root"])
def test_videos_in_no_folder_are_found_by_the_word(word: str, vimeo: Sandbox, run: Run) -> None:
    outside = {video.uri for video in vimeo.user.videos if video.folder is None}
    found = run("vimeo_my_videos_find", folder_id=word)
    assert {video["uri"] for video in found["data"]} == outside
    assert len(outside) < len(vimeo.user.videos)
    filled = run("vimeo_my_videos_find", folder_id="none", tag="none")  # as careless models leave out
    assert filled["total"] == len(vimeo.user.videos)


TAKE_NONE = {"vimeo_folder_create", "vimeo_folder_video_add", "vimeo_folder_videos_add", "vimeo_video_upload"}


@pytest.mark.parametrize("view", ["anybody", "team", "nobody"])
def test_a_move_into_an_open_folder_says_who_sees_it(view: str, vimeo: Sandbox, run: Run) -> None:
    folder, video = vimeo.user.folders[0], vimeo.user.videos[0]
    folder.view, video.view, video.folder = view, "nobody", None
    uri = f"/videos/{video.id}"
    moves = [
        run("vimeo_folder_video_add", folder_id=folder.uri, video_id=uri),
        run("vimeo_folder_videos_add", folder_id=folder.uri, videos=[uri]),
    ]
    for result in moves:
        said = " ".join(result.notes)
        assert (f"{uri} is private" in said) is (view != "nobody")
        assert ("everyone who has its link" in said) is (view == "anybody")


def test_an_upload_into_an_open_folder_says_who_sees_it(vimeo: Sandbox, connection: Connection) -> None:
    folder = vimeo.user.folders[0]
    given = {"path": "harbour.mp4", "folder_uri": folder.uri, "privacy_view": "nobody"}
    with VimeoToolkit([connection], store="sqlite:///:memory:", upload_folders=[UPLOADS]) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        for view, told in (("anybody", True), ("nobody", False)):
            folder.view = view
            given["name"] = f"In {view}"
            result = toolkit.execute_tool(identifier="u", tool_name="vimeo_video_upload", tool_input=given)
            assert ("this folder is open to everyone who has its link" in " ".join(result.notes)) is told


def test_what_was_there_already_did_not_move(vimeo: Sandbox, run: Run) -> None:
    folder = vimeo.user.folders[0]
    first, second = vimeo.user.videos[:2]
    first.folder, second.folder = folder, None
    result = run("vimeo_folder_videos_add", folder_id=folder.uri, videos=[first.uri, second.uri])
    assert (result["moved"], result["already_there"]) == (1, 1)
    assert result["from_folders"] == [{"uri": "none", "videos": [second.uri]}]


def test_without_the_scope_for_it_nothing_is_said_of_places(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    token = vimeo.issue_token(scopes=["public", "interact"]).access_token
    toolkit.import_token(identifier="few", access_token=token)
    folder, video = vimeo.user.folders[0], vimeo.user.videos[0]
    given = {"folder_id": folder.uri, "video_id": video.uri}
    result = toolkit.execute_tool(identifier="few", tool_name="vimeo_folder_video_add", tool_input=given)
    assert result["success"]
    assert "from_folder" not in result.data
    assert "could not be seen where it was" in result["message"]


# ---- who sees it ----

PUBLIC = [
    ("vimeo_showcase_create", {"name": "A"}),
    ("vimeo_showcase_create", {"name": "A", "privacy": "anybody"}),
    ("vimeo_group_create", {"name": "A"}),
    ("vimeo_video_create", {"file_link": "https://files.example.com/a.mp4", "privacy_view": "anybody"}),
]


@pytest.mark.parametrize(("tool", "given"), PUBLIC)
def test_what_is_made_and_public_says_so(tool: str, given: dict[str, Any], run: Run) -> None:
    assert "What was made is public: everyone can see it." in run(tool, **given).notes


@pytest.mark.parametrize("privacy", ["nobody", "unlisted", "team"])
def test_what_is_made_and_not_public_does_not(privacy: str, run: Run) -> None:
    made = run("vimeo_showcase_create", name="A", privacy=privacy)
    assert [note for note in made.notes if "is empty" not in note] == []


def adding(vimeo: Sandbox, run: Run, view: str) -> dict[str, ToolResult]:
    """A public, a private and an unlisted video come into a showcase of this privacy, in every way there is."""
    showcase = vimeo.user.showcases[0]
    showcase.view, showcase.password = view, "pw"
    public, private, unlisted = videos = vimeo.user.videos[:3]
    public.view, private.view, unlisted.view = "anybody", "nobody", "unlisted"
    uris = [f"/videos/{video.id}" for video in videos]
    results = {}
    showcase.videos.clear()
    results["one"] = run("vimeo_showcase_video_add", album_id=showcase.uri, video_id=uris[1])
    showcase.videos.clear()
    results["many"] = run("vimeo_showcase_videos_add", album_id=showcase.uri, videos=uris)
    showcase.sort = "arranged"
    results["set"] = run("vimeo_showcase_videos_set", album_id=showcase.uri, videos=uris)
    protected = {"password": "pw"} if view == "password" else {}
    results["new"] = run("vimeo_showcase_create", name="N", privacy=view, **protected, videos=uris)
    results["edit"] = run("vimeo_showcase_edit", album_id=showcase.uri, privacy=view, **protected)
    return results


@pytest.mark.parametrize(
    ("view", "told"),
    [
        ("anybody", "only you see such videos in this public showcase"),
        ("password", "people with the password can watch there"),
        ("team", "your team can watch there"),
        ("embed_only", "viewers of sites that embed it can watch there"),
        ("unlisted", "people with the link can watch there"),
    ],
)
def test_a_private_video_in_a_showcase_says_who_sees_it(
    view: str, told: str, vimeo: Sandbox, run: Run
) -> None:
    public, private, unlisted = (f"/videos/{video.id}" for video in vimeo.user.videos[:3])
    for way, result in adding(vimeo, run, view).items():
        said = " ".join(result.notes)
        assert told in said, way
        assert f"{private} is private" in said, way
        assert way == "one" or unlisted in said, way
        assert public not in said, way


def test_public_videos_and_closed_showcases_say_nothing(vimeo: Sandbox, run: Run) -> None:
    for way, result in adding(vimeo, run, "nobody").items():
        assert result.notes == ((OTHER_ORDER,) if way == "new" else ())
    vimeo.user.videos[0].view = "anybody"
    showcase = vimeo.user.showcases[0]
    showcase.view = "anybody"
    vimeo.requests.clear()
    result = run("vimeo_showcase_video_add", album_id=showcase.uri, video_id=vimeo.user.videos[0].uri)
    assert result.notes == ()
    assert [request.method for request in vimeo.requests] == ["PUT", "GET"]


@pytest.mark.parametrize(("view", "showcases"), [("nobody", 0), ("nobody", 1), ("nobody", 2), ("anybody", 2)])
def test_a_video_made_private_says_that_a_showcase_may_show_it(
    view: str, showcases: int, vimeo: Sandbox, run: Run
) -> None:
    video = vimeo.user.videos[0]
    for place, showcase in enumerate(vimeo.user.showcases):
        showcase.videos[:] = [video] if place < showcases else []
    notes = run("vimeo_video_edit", video_id=video.uri, privacy_view=view).notes
    assert [note.partition(",")[0] for note in notes] == (
        [f"It is in {'a showcase' if showcases == 1 else f'{showcases} showcases'}"]
        if showcases and view == "nobody"
        else []
    )
    assert run("vimeo_video_edit", video_id=video.uri, name="Other").notes == ()


@pytest.mark.parametrize("view", ["anybody", "password", "nobody"])
def test_a_person_reads_it_before(view: str, vimeo: Sandbox, connection: Connection) -> None:
    showcase, (public, private) = vimeo.user.showcases[0], vimeo.user.videos[:2]
    showcase.view, showcase.password, showcase.videos[:] = view, "pw", [private]
    public.view, private.view = "anybody", "nobody"
    uris = [public.uri, private.uri]
    into = {"album_id": showcase.uri, "videos": uris}
    word = {"password": "pw"} if view == "password" else {}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("vimeo_showcase_videos_add", into),
        ("vimeo_showcase_videos_set", into),
        ("vimeo_showcase_create", {"name": "N", "videos": uris, "privacy": view, **word}),
        ("vimeo_showcase_edit", {"album_id": showcase.uri, "privacy": view, **word}),
    ]
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="writes") as careful:
        careful.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        for tool, given in calls:
            with pytest.raises(ApprovalRequired) as asked:
                careful.execute_tool(identifier="u", tool_name=tool, tool_input=given)
            question = asked.value.planned.question
            assert ("Not public, and put into a showcase: 1 video." in question) is (view != "nobody")
            assert "/videos/" not in question


def test_a_private_video_in_a_group_says_who_sees_it(vimeo: Sandbox, run: Run) -> None:
    video, group = vimeo.user.videos[0], vimeo.world.groups[0]
    video.view = "password"
    (note,) = run("vimeo_group_video_add", group_id=str(group.id), video_id=video.uri).notes
    assert "protected by a password" in note
    assert "whoever sees the group can watch there" in note


def test_a_look_beside_a_change_does_not_wait_for_the_limit() -> None:
    """The change took the last request of the minute."""
    used_up = answer(204, b"", x_ratelimit_limit="50", x_ratelimit_remaining="0", x_ratelimit_reset="30")
    world = World(used_up)
    result = execute_in(world, "vimeo_showcase_video_add", {"album_id": "1", "video_id": "2"})
    assert result["success"]
    assert len(world.sent) == 1
    assert world.slept == []


# ---- a showcase made with its videos ----


def test_a_showcase_is_made_and_filled_by_one_call(vimeo: Sandbox, run: Run) -> None:
    uris = [video.uri for video in vimeo.user.videos[:30]]
    vimeo.requests.clear()
    made = run("vimeo_showcase_create", name="All", privacy="nobody", videos=uris)
    assert (made["success"], made["added"], made["total"]) == (True, 30, 30)
    assert made["metadata"]["connections"]["videos"]["total"] == 30
    assert made["uri"] == vimeo.user.showcases[-1].uri
    assert vimeo.user.showcases[-1].videos == vimeo.user.videos[:30]
    assert [request.method for request in vimeo.requests] == ["POST", "PUT", "GET"]


def test_a_video_that_is_not_there_keeps_none_of_the_others_out(vimeo: Sandbox, run: Run) -> None:
    uris = ["/videos/1", *(video.uri for video in vimeo.user.videos[:30])]
    made = run("vimeo_showcase_create", name="All", privacy="nobody", videos=uris)
    assert (made["success"], made["added"], made["missing"]) == (False, 30, ["/videos/1"])
    assert len(vimeo.user.showcases[-1].videos) == 30


REFUSALS = {
    "limit": answer(429, b'{"error":"Too many.","error_code":9000}', retry_after="3000"),
    "refused": answer(403, b'{"error":"Not this one."}'),
    "token": answer(401, b'{"error":"Invalid.","error_code":8003}'),
    "trouble": answer(500, b"<html>"),
}


@pytest.mark.parametrize("fault", sorted(REFUSALS))
def test_what_is_half_done_says_how_to_go_on(fault: str) -> None:
    """The showcase is there, so the result is not an error: a repeated call would make another one."""
    made = said({"uri": "/users/7/albums/55", "name": "All", "privacy": {"view": "nobody"}}, 201)
    world = World(made, *[REFUSALS[fault]] * 20)
    result = execute_in(world, "vimeo_showcase_create", {"name": "All", "videos": ["1", "2"]})
    assert result["success"] is False
    assert result["uri"] == "/users/7/albums/55"
    (note,) = result.notes
    assert "Do not make it again" in note
    assert "vimeo_showcase_videos_add, album_id=55" in note
    assert [request.method for request in world.sent].count("POST") == 1


def test_making_and_filling_needs_what_both_need() -> None:
    tool = catalog()["vimeo_showcase_create"]
    assert tool.validate({"name": "A"}).needed_scopes() == {"create"}
    assert tool.validate({"name": "A", "videos": ["1"]}).needed_scopes() == {"create", "edit", "private"}


def test_what_was_taken_out_is_told(vimeo: Sandbox, run: Run) -> None:
    showcase, videos = vimeo.user.showcases[0], vimeo.user.videos
    showcase.view, showcase.videos[:] = "nobody", videos[:3]
    result = run("vimeo_showcase_videos_set", album_id=showcase.uri, videos=[videos[2].uri, videos[3].uri])
    assert result["taken_out"] == [videos[0].uri, videos[1].uri]


# ---- embed domains ----


def test_the_domains_are_told_after_each_change(vimeo: Sandbox, run: Run) -> None:
    video = vimeo.user.videos[0]
    video.embed, video.embed_domains = "whitelist", ["example.com"]
    result = run("vimeo_embed_domain_add", video_id=video.uri, domain="shop.example.org")
    assert result["domains"] == ["example.com", "shop.example.org"]
    result = run("vimeo_embed_domain_remove", video_id=video.uri, domain="example.com")
    assert result["domains"] == ["shop.example.org"]
    result = run("vimeo_embed_domain_remove", video_id=video.uri, domain="shop.example.org")
    assert result["domains"] == []


# ---- events of webhooks ----


def test_an_event_has_one_spelling_in_the_schema_and_the_old_ones_are_taken(run: Run) -> None:
    tool = catalog()["vimeo_webhook_create"]
    offered = tool.input_schema["properties"]["event_types"]["items"]["enum"]
    assert len(offered) == 17
    assert not [word for word in offered if "." in word]
    old = ["video.upload.complete", "video.transcode.complete", "video.privacy.change"]
    result = run("vimeo_webhook_create", url="https://hooks.example.com/v", event_types=old)
    assert [each["webhook_type"] for each in result["data"]] == [
        "video-created",
        "video-transcode-complete",
        "video-updated",
    ]
    assert len(result.notes) == 2
    with pytest.raises(InvalidInput, match="video-upload-failed") as refused:
        run("vimeo_webhook_create", url="https://hooks.example.com/v", event_types=["video.comment"])
    assert not [word for word in old if word in str(refused.value)]


def test_no_enumeration_has_a_word_in_two_spellings() -> None:
    def spellings(schema: dict[str, Any]) -> list[str]:
        return schema.get("enum") or schema.get("items", {}).get("enum") or []

    for tool in catalog().values():
        for name, schema in tool.input_schema["properties"].items():
            words = [
                word.replace(".", "").replace("-", "").replace("_", "").casefold()
                for word in spellings(schema)
            ]
            assert len(set(words)) == len(words), (tool.name, name)
