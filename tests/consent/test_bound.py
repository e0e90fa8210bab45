"""Consent is for what stood there when it was asked: whatever changes makes it void."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.examples import UPLOADS, example_input, writes
from tests.media import FILM
from tests.unit.world import World, answer, execute
from vimeo_toolkit import (
    ApprovalDenied,
    ApprovalRequired,
    Connection,
    InvalidInput,
    MissingScope,
    NotFound,
    PlannedCall,
    UnexpectedResponse,
    VimeoToolkit,
    VimeoToolkitError,
    VimeoUnavailable,
)
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.calls import approvals
from vimeo_toolkit.calls.consent import Consent
from vimeo_toolkit.calls.preview import looks_of
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest, HttpResponse, NotSent
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.state import Chapter, Comment, Folder, TextTrack, Version, Video
from vimeo_toolkit.stores.protocol import Key

Given = dict[str, Any]
LOOKED = sorted(name for name, tool in catalog().items() if tool.looks)


@pytest.fixture
def careful(connection: Connection, vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    with VimeoToolkit(
        [connection], store="sqlite:///:memory:", approval="writes", upload_folders=[UPLOADS]
    ) as made:
        made.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        vimeo.requests.clear()
        yield made


def _asked(toolkit: VimeoToolkit, tool: str, given: Given) -> ApprovalRequired:
    with pytest.raises(ApprovalRequired) as refused:
        toolkit.execute_tool(identifier="u", tool_name=tool, tool_input=given)
    return refused.value


def _change(tool: str, given: Given, vimeo: Sandbox) -> None:
    """Let somebody else change what the call would change."""
    user = vimeo.user
    video = next((v for v in vimeo.world.videos.values() if str(v.id) in str(given.get("video_id"))), None)
    showcase, folder = user.showcases[0], user.folders[0]
    match tool:
        case "vimeo_folder_delete":
            next(each for each in user.videos if each.folder is None).folder = user.folders[1]  # a subfolder
        case "vimeo_showcase_videos_set" | "vimeo_showcase_delete":
            showcase.videos.reverse()
        case "vimeo_showcase_edit":
            showcase.theme = "dark" if showcase.theme != "dark" else "standard"
        case "vimeo_user_update":
            user.bio = "Somebody else's story"
        case "vimeo_group_delete":
            vimeo.world.groups[-1].videos.append(user.videos[0])
        case "vimeo_webhook_delete":
            vimeo.world.webhooks[-1].url = "https://elsewhere.example"
        case "vimeo_user_follow" | "vimeo_user_unfollow":
            next(u for u in vimeo.users if str(u.id) == given["follow_user_id"]).name = "Somebody else"
        case "vimeo_folder_video_add" if video:
            video.folder = user.folders[2]
        case "vimeo_video_version_add" if video:
            video.versions.append(Version(vimeo.world.next_id(), "b.mp4", vimeo.world.now(), active=True))
        case "vimeo_video_tags_add" if video:
            video.tags.append("new")
        case "vimeo_video_texttrack_create" | "vimeo_video_captions_add" if video:
            video.texttracks.append(TextTrack(vimeo.world.next_id(), "captions", "de", "Neu"))
        case "vimeo_video_texttrack_edit" | "vimeo_video_texttrack_delete" if video:
            video.texttracks[0].name = "Another"
        case "vimeo_video_chapter_edit" | "vimeo_video_chapter_delete" if video:
            video.chapters[0] = Chapter(video.chapters[0].id, "Another", 7)
        case "vimeo_video_comment_update" | "vimeo_comment_delete" | "vimeo_comment_reply_add" if video:
            for comment in video.comments:
                comment.text = "Other words"
        case "vimeo_embed_domain_remove" if video:
            video.embed_domains.append("more.example")
        case "vimeo_live_event_edit" | "vimeo_live_event_end" | "vimeo_live_event_delete":
            vimeo.world.live_events[-1].name = "Another"
        case "vimeo_embed_preset_apply":
            user.presets[0].name = "Another"
        case "vimeo_video_picture_create" | "vimeo_video_thumbnail_upload" if video:
            video.active_picture = vimeo.world.next_id()
            video.pictures.append(video.active_picture)
        case "vimeo_video_edit" if video:
            video.description = "Somebody else's words"
        case _ if video:
            video.name = "Another name"
        case _ if "videos" in given:
            user.videos[0].name = "Another name"
        case _:
            folder.name = "Another name"


def _looked_at(tool: str, vimeo: Sandbox) -> Given:
    """The example, with what its looks need."""
    given = example_input(tool, vimeo)
    if tool == "vimeo_showcase_create":
        given["videos"] = [video.uri for video in vimeo.user.videos[:2]]
    return given


@pytest.mark.parametrize("tool", LOOKED)
def test_what_changed_is_asked_about_anew(tool: str, careful: VimeoToolkit, vimeo: Sandbox) -> None:
    given = _looked_at(tool, vimeo)
    first = _asked(careful, tool, given)
    assert _asked(careful, tool, given).approval_id == first.approval_id
    careful.approve(first.approval_id, identifier="u")
    _change(tool, given, vimeo)
    second = _asked(careful, tool, given)
    assert writes(vimeo) == []
    assert second.approval_id != first.approval_id
    assert "has changed since" in second.message
    assert {request.method for request in vimeo.requests} == {"GET"}
    careful.approve(second.approval_id, identifier="u")
    careful.execute_tool(identifier="u", tool_name=tool, tool_input=given)
    assert writes(vimeo)


@pytest.mark.parametrize("tool", LOOKED)
def test_what_is_not_there_is_not_asked_about(tool: str, careful: VimeoToolkit, vimeo: Sandbox) -> None:
    given = _looked_at(tool, vimeo)
    declared = catalog()[tool]
    look = next(looks_of(declared, declared.validate(given)))
    (place,) = [name for name in look.inputs if name != "tag"][-1:] or [""]
    if place in ("user_id", "videos"):
        return
    given[place] = "999999999"
    with pytest.raises(NotFound):
        careful.execute_tool(identifier="u", tool_name=tool, tool_input=given)
    assert writes(vimeo) == []


def test_an_empty_folder_is_not_a_full_one(careful: VimeoToolkit, vimeo: Sandbox) -> None:
    folder = vimeo.user.folders[-1]
    for video in folder.videos:
        video.folder = None
    given = {"folder_id": str(folder.id), "delete_videos": True}
    asked = _asked(careful, "vimeo_folder_delete", given)
    assert "which is empty" in asked.planned.question
    careful.approve(asked.approval_id, identifier="u")
    held = len(vimeo.user.videos)
    for video in vimeo.user.videos:
        video.folder = folder
    asked = _asked(careful, "vimeo_folder_delete", given)
    assert f": {held} videos (" in asked.planned.question
    assert len(vimeo.user.videos) == held


def test_folders_below_are_named_however_deep(careful: VimeoToolkit, vimeo: Sandbox) -> None:
    """Or a person agrees to a folder with one subfolder, and a tree goes."""
    now, above = vimeo.world.now(), vimeo.user.folders[-1]
    given = {"folder_id": str(above.id)}
    for name in ("Below", "Deeper", "Deepest"):
        above = Folder(vimeo.world.next_id(), vimeo.user, name, now, now, parent=above)
        vimeo.user.folders.append(above)
    asked = _asked(careful, "vimeo_folder_delete", given)
    assert "3 subfolders (“Below”, “Deeper” and “Deepest”)" in asked.planned.question
    careful.approve(asked.approval_id, identifier="u")
    above.view = "team"
    asked = _asked(careful, "vimeo_folder_delete", given)
    careful.approve(asked.approval_id, identifier="u")
    for number in range(60):  # more than are read
        above = Folder(vimeo.world.next_id(), vimeo.user, f"{number}", now, now, parent=above)
        vimeo.user.folders.append(above)
    asked = _asked(careful, "vimeo_folder_delete", given)
    assert len(vimeo.requests) < 200
    assert writes(vimeo) == []


def test_an_answer_to_a_comment_may_have_no_list_of_answers() -> None:
    comment = answer(200, b'{"uri":"/videos/1/comments/2","text":"Nice"}')
    world = World(comment, answer(404), VIDEO)
    given = {"video_id": "1", "comment_id": "2"}
    with pytest.raises(ApprovalRequired) as refused:
        _execute(world, Consent("destructive"), "vimeo_comment_delete", given)
    assert "Nobody has answered it." in refused.value.planned.question


@pytest.mark.parametrize("quirk", ["total-too-low", "total-too-high"])
def test_a_list_is_seen_to_its_end_whatever_its_total_says(
    quirk: str, careful: VimeoToolkit, vimeo: Sandbox
) -> None:
    folder = vimeo.user.folders[-1]
    for number in range(205):
        vimeo.world.add_video(vimeo.user, f"Film {number}", vimeo.world.now()).folder = folder
    vimeo.quirks.on(quirk)
    given = {"folder_id": str(folder.id), "delete_videos": True}
    asked = _asked(careful, "vimeo_folder_delete", given)
    assert f"{len(folder.videos)} videos (" in asked.planned.question
    careful.approve(asked.approval_id, identifier="u")
    next(video for video in folder.videos if video.name == "Film 0").name = "The only copy"
    assert _asked(careful, "vimeo_folder_delete", given).approval_id != asked.approval_id
    assert writes(vimeo) == []


def _published(video: Video, vimeo: Sandbox) -> None:
    video.view = "users"


def _replaced(video: Video, vimeo: Sandbox) -> None:
    for version in video.versions:
        version.active = False
    video.versions.append(Version(vimeo.world.next_id(), "b.mp4", vimeo.world.now(), active=True))


@pytest.mark.parametrize("change", [_published, _replaced])
@pytest.mark.parametrize(
    "tool",
    [
        "vimeo_folder_delete",
        "vimeo_folder_videos_add",
        "vimeo_showcase_delete",
        "vimeo_showcase_video_add",
        "vimeo_showcase_videos_add",
        "vimeo_showcase_videos_set",
        "vimeo_video_edit",
    ],
)
def test_videos_are_bound_with_who_sees_them_and_their_file(
    tool: str, change: Callable[[Video, Sandbox], None], careful: VimeoToolkit, vimeo: Sandbox
) -> None:
    given = example_input(tool, vimeo)
    video = vimeo.user.videos[0]
    named = [str(given.get("video_id")), *map(str, given.get("videos", []))]
    video = next((v for v in vimeo.user.videos if str(v.id) in named or v.uri in named), video)
    video.folder, shown = vimeo.user.folders[0], vimeo.user.showcases[0].videos
    if tool == "vimeo_showcase_delete" and video not in shown:
        shown.append(video)
    asked = _asked(careful, tool, given)
    careful.approve(asked.approval_id, identifier="u")
    change(video, vimeo)
    assert "has changed since" in _asked(careful, tool, given).message
    assert writes(vimeo) == []


def test_plays_and_comments_make_nothing_void(careful: VimeoToolkit, vimeo: Sandbox) -> None:
    video = vimeo.user.videos[0]
    given = {"video_id": str(video.id)}
    asked = _asked(careful, "vimeo_video_delete", given)
    careful.approve(asked.approval_id, identifier="u")
    video.plays += 5
    video.comments.append(Comment(vimeo.world.next_id(), video, vimeo.users[1], "Nice", vimeo.world.now()))
    careful.execute_tool(identifier="u", tool_name="vimeo_video_delete", tool_input=given)
    assert video not in vimeo.user.videos


@pytest.mark.parametrize("tool", [n for n in LOOKED if "video_id" in catalog()[n].input_model.model_fields])
def test_who_sees_it_is_agreed_to(tool: str, careful: VimeoToolkit, vimeo: Sandbox) -> None:
    given = example_input(tool, vimeo)
    asked = _asked(careful, tool, given)
    now = "people with the link" if "viewer" in tool else "everyone"
    assert f"visible to {now}" in asked.planned.question
    careful.approve(asked.approval_id, identifier="u")
    number = str(given["video_id"]).rpartition("/")[2]
    video = next(each for each in vimeo.world.videos.values() if str(each.id) == number)
    video.view = "users"
    if video.user is not vimeo.user:
        with pytest.raises(NotFound):
            careful.execute_tool(identifier="u", tool_name=tool, tool_input=given)
        return
    assert "visible to members of Vimeo" in _asked(careful, tool, given).planned.question
    assert writes(vimeo) == []


def test_the_file_is_bound_by_its_bytes(careful: VimeoToolkit, vimeo: Sandbox) -> None:
    file = UPLOADS / "swapped.mp4"
    given = {"video_id": str(vimeo.user.videos[0].id), "path": file.name}
    file.write_bytes(FILM + b"A" * 3_000_000 + b"the one" + b"A" * 3_000_000)
    first = _asked(careful, "vimeo_video_version_add", given)
    careful.approve(first.approval_id, identifier="u")
    file.write_bytes(FILM + b"A" * 3_000_000 + b"another" + b"A" * 3_000_000)
    assert _asked(careful, "vimeo_video_version_add", given).approval_id != first.approval_id
    assert writes(vimeo) == []
    file.unlink()


def test_a_file_that_the_operator_hands_over(careful: VimeoToolkit, vimeo: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(FILM)
    video = str(vimeo.user.videos[0].id)
    for changed in (False, True):
        with pytest.raises(ApprovalRequired) as refused:
            careful.upload_version(video, file, identifier="u")
        careful.approve(refused.value.approval_id, identifier="u")
        if changed:
            file.write_bytes(FILM + b"more")
            with pytest.raises(ApprovalRequired):
                careful.upload_version(video, file, identifier="u")
        else:
            assert careful.upload_version(video, file, identifier="u")["uri"]


def test_another_vimeo_account_has_not_agreed(careful: VimeoToolkit, vimeo: Sandbox) -> None:
    given = example_input("vimeo_showcase_create", vimeo)
    asked = _asked(careful, "vimeo_showcase_create", given)
    careful.approve(asked.approval_id, identifier="u")
    other = vimeo.issue_token(vimeo.users[1]).access_token
    careful.import_token(identifier="u", access_token=other, allow_account_change=True)
    vimeo.requests.clear()
    assert _asked(careful, "vimeo_showcase_create", given).approval_id != asked.approval_id
    assert writes(vimeo) == []


def test_the_hook_is_asked_again_when_it_changed_meanwhile(connection: Connection, vimeo: Sandbox) -> None:
    asked: list[PlannedCall] = []
    video = vimeo.user.videos[0]
    names = ["second", "third"]

    def confirm(planned: PlannedCall) -> bool:
        asked.append(planned)
        if names:
            video.name = names.pop(0)
        return True

    with VimeoToolkit([connection], store="sqlite:///:memory:", confirm=confirm) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        video.name = "first"
        toolkit.execute_tool(
            identifier="u", tool_name="vimeo_video_delete", tool_input={"video_id": str(video.id)}
        )
        assert [planned.question.split("”")[0].split("“")[1] for planned in asked] == [
            "first",
            "second",
            "third",
        ]
        names += ["a", "b", "c", "d"]
        video = vimeo.user.videos[0]
        with pytest.raises(ApprovalDenied, match="changed at each look"):
            toolkit.execute_tool(
                identifier="u", tool_name="vimeo_video_delete", tool_input={"video_id": str(video.id)}
            )
        assert video in vimeo.user.videos


def test_without_a_rule_nothing_is_looked_at(connection: Connection, vimeo: Sandbox) -> None:
    with VimeoToolkit([connection], store="sqlite:///:memory:") as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        vimeo.requests.clear()
        given = example_input("vimeo_video_delete", vimeo)
        toolkit.execute_tool(identifier="u", tool_name="vimeo_video_delete", tool_input=given)
    assert [request.method for request in vimeo.requests] == ["DELETE"]


def test_a_dry_run_says_what_looking_costs(careful: VimeoToolkit, vimeo: Sandbox) -> None:
    given = example_input("vimeo_folder_delete", vimeo)
    plan = careful.execute_tool(
        identifier="u", tool_name="vimeo_folder_delete", tool_input=given, dry_run=True
    )
    assert plan["approval_looks"] == len(vimeo.requests) == plan.requests == 3
    assert plan["quota_cost"] == 4
    assert plan["question"].startswith("Permanently delete the folder “")
    assert plan["description"].startswith(plan["question"])


# ---- what fails is closed ----


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (NotSent(), VimeoUnavailable),
        (AnswerLost(), VimeoUnavailable),
        (answer(503), VimeoUnavailable),
        (answer(200, b"[]"), UnexpectedResponse),
        (answer(200, b"<html>"), UnexpectedResponse),
        (answer(404), NotFound),
    ],
)
def test_what_cannot_be_looked_at_is_not_asked_about(outcome: Any, error: Any) -> None:
    world = World(*[outcome] * 4)
    with pytest.raises(error) as failed:
        _execute(world, Consent("destructive"))
    assert len({request.method for request in world.sent}) == 1
    assert error is NotFound or "nothing was sent" in str(failed.value).lower()
    assert run_sync(world.store.ascan("approval")) == []


def test_what_may_not_be_looked_at_is_not_asked_about() -> None:
    world = World()
    with pytest.raises(MissingScope, match="private"):
        _execute(
            world,
            Consent("destructive"),
            "vimeo_folder_delete",
            {"folder_id": "1"},
            granted=("public", "delete"),
        )
    assert world.sent == []


# ---- what becomes of consent that was used ----

VIDEO = answer(200, b'{"uri":"/videos/1","name":"A film"}')


def _execute(
    world: World,
    rules: Consent,
    tool: str = "vimeo_video_delete",
    given: Given | None = None,
    granted: tuple[str, ...] = (),
) -> Any:
    ctx = world.context(attempts=2, max_wait=0.0)
    if run_sync(ctx.vault.load(world, Identity("vimeo", "u"))) is None:
        world.account(ctx, **({"granted_scopes": granted} if granted else {}))
    wanted = given or {"video_id": "1"}
    return run_sync(execute(ctx, world, tool, wanted, consent=rules))


def _interrupted(request: HttpRequest) -> HttpResponse:
    raise KeyboardInterrupt


LIMITED = answer(429, retry_after="3600")


@pytest.mark.parametrize(
    ("method", "outcomes", "left"),
    [
        ("DELETE", [NotSent(), NotSent()], True),
        ("DELETE", [answer(503), answer(503)], True),
        ("DELETE", [LIMITED], True),
        ("PATCH", [LIMITED], True),
        ("PATCH", [NotSent(), NotSent()], True),
        ("PATCH", [answer(503)], True),
        ("DELETE", [AnswerLost(), NotSent()], False),
        ("DELETE", [answer(502), answer(503)], False),
        ("DELETE", [answer(400)], False),
        ("DELETE", [answer(204, b"")], False),
        ("PATCH", [AnswerLost()], False),
        ("PATCH", [answer(500)], False),
        ("PATCH", [NotSent(), AnswerLost()], False),
        ("PATCH", [_interrupted], False),
    ],
)
def test_only_what_reached_vimeo_uses_consent_up(method: str, outcomes: list[Any], left: bool) -> None:
    tool, given = "vimeo_video_delete", {"video_id": "1"}
    if method == "PATCH":
        tool, given = "vimeo_video_edit", {"video_id": "1", "name": "B"}
    rules = Consent("destructive")
    world = World(VIDEO)
    vault = world.context().vault
    with pytest.raises(ApprovalRequired) as refused:
        _execute(world, rules, tool, given)
    approval_id = refused.value.approval_id
    run_sync(approvals.approve(vault, world, approval_id, Identity("vimeo", "u")))
    world.outcomes = [VIDEO, *outcomes]
    with contextlib.suppress(VimeoToolkitError, KeyboardInterrupt):
        _execute(world, rules, tool, given)
    assert world.outcomes == []
    row, _ = run_sync(approvals._read(vault, world, Key("approval", "vimeo", approval_id[:22])))
    assert (row["granted"] if row else 0) == left


def test_one_grant_for_each_that_was_asked_about() -> None:
    rules, who = Consent("writes"), Identity("vimeo", "u")
    world = World()
    vault = world.context().vault
    given = {"name": "A folder"}
    with pytest.raises(ApprovalRequired) as refused:
        _execute(world, rules, "vimeo_folder_create", given)
    approval_id = refused.value.approval_id
    for _ in range(2):
        run_sync(approvals.approve(vault, world, approval_id, who, times=2))  # a double click grants no more
    world.outcomes = [answer(201, b'{"uri":"/users/7/projects/1"}')] * 2
    for _ in range(2):
        _execute(world, rules, "vimeo_folder_create", given)
        with contextlib.suppress(InvalidInput):  # and neither does one that is delivered later
            run_sync(approvals.approve(vault, world, approval_id, who, times=2))
    with pytest.raises(ApprovalRequired):
        _execute(world, rules, "vimeo_folder_create", given)
    for times in (0, -1, 101, True, "2"):
        with pytest.raises(InvalidInput):
            run_sync(approvals.approve(vault, world, approval_id, who, times=times))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "row",
    [
        {"nonce": "n" * 10, "digest": "d", "identifier": "u", "granted": True, "ends": 9e9},
        {"nonce": "n" * 10, "digest": "d", "identifier": "u", "granted": False, "ends": 9e9},
        {"granted": 1},
        {},
        {"nonce": 1, "call": None, "digest": [], "identifier": {}, "granted": "1", "ends": "9"},
    ],
)
def test_a_row_of_another_release_is_asked_about_anew(row: Given) -> None:
    rules = Consent("destructive")
    world = World(VIDEO)
    vault = world.context().vault
    with pytest.raises(ApprovalRequired) as refused:
        _execute(world, rules)
    key = Key("approval", "vimeo", refused.value.approval_id[:22])
    kept = run_sync(world.store.aget(key))
    assert kept is not None
    assert run_sync(vault.rows.put_json(world, key, row, ttl=100.0, expected=kept.version))
    with pytest.raises(InvalidInput):
        run_sync(approvals.approve(vault, world, key.name + "n" * 10, Identity("vimeo", "u")))
    world.outcomes = [VIDEO]
    with pytest.raises(ApprovalRequired) as again:
        _execute(world, rules)
    run_sync(approvals.approve(vault, world, again.value.approval_id, Identity("vimeo", "u")))
    world.outcomes = [VIDEO, answer(204, b"")]
    assert _execute(world, rules)["success"]


def test_giving_back_grants_nothing_else() -> None:
    """Between the use and its giving back, the call was asked about again: that question stays as it is."""
    world = World()
    vault, who = world.context().vault, Identity("vimeo", "u")
    for asked, granted in (("other", 0), ("same", 1)):
        run_sync(approvals.approve(vault, world, _request(vault, world, "same"), who))
        taken, _ = run_sync(approvals.take(vault, world, _subject("same")))
        assert taken is not None
        name = _request(vault, world, asked)
        run_sync(approvals.give_back(vault, world, taken))
        row, version = run_sync(approvals._read(vault, world, taken.key))
        assert row is not None
        assert (row["granted"], name) == (granted, taken.key.name + row["nonce"])
        assert run_sync(vault.rows.take(world, taken.key, version))


def _subject(digest: str) -> approvals.Subject:
    values = catalog()["vimeo_video_delete"].validate({"video_id": "1"})
    return approvals.Subject(Owner(Identity("vimeo", "u"), "g"), values, digest)


def _request(vault: Vault, world: World, digest: str) -> str:
    return run_sync(approvals.hold(vault, world, _subject(digest)))
