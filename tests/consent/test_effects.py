"""What each tool does to people, derived from the sandbox's state before and after a call of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.consent.views import Views, views
from tests.examples import UPLOADS, example_input, keep_example
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.state import TextTrack, Video

Given = dict[str, Any]
Calls = list[tuple[str, Given]]

WRITES = sorted(name for name, tool in catalog().items() if not tool.read_only)


def _worst(tool: str, vimeo: Sandbox) -> Given:
    """The example, changed to what takes away most."""
    given = example_input(tool, vimeo)
    video = next((each for each in vimeo.user.videos if str(each.id) == str(given.get("video_id"))), None)
    match tool:
        case "vimeo_folder_delete":
            given["delete_videos"] = True
        case "vimeo_video_texttrack_create" | "vimeo_video_captions_add" if video:
            former = TextTrack(vimeo.world.next_id(), "captions", given["language"], "Former")
            video.texttracks[:] = [former]
            if tool == "vimeo_video_texttrack_create":
                given["active"] = True
        case "vimeo_video_picture_create" | "vimeo_video_thumbnail_upload" if video:
            _picture(vimeo, video)
        case "vimeo_video_picture_edit" | "vimeo_video_picture_delete" if video:
            _picture(vimeo, video)
            given["picture_id"] = str(video.pictures[-1])
            if tool.endswith("edit"):
                given["active"] = False
        case "vimeo_folder_video_add":
            given["folder_id"] = str(vimeo.user.folders[-1].id)
        case "vimeo_watchlater_add":
            vimeo.user.watchlater.clear()
        case "vimeo_video_create":
            given["privacy_view"] = "anybody"
        case "vimeo_showcase_edit":
            given |= {"privacy": "nobody"}
            del given["password"]
    return given


def _picture(vimeo: Sandbox, video: Video) -> None:
    video.pictures.append(vimeo.world.next_id())
    video.active_picture = video.pictures[-1]


def _run(
    tool: str,
    given: Given,
    connection: Connection,
    vimeo: Sandbox,
    then: Callable[[Any], Calls] | None = None,
) -> list[Views]:
    """What is seen before, after, and after the calls that `then` makes of the result."""
    with VimeoToolkit([connection], store="sqlite:///:memory:", upload_folders=[UPLOADS]) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        keep_example(toolkit, "u")
        seen = [views(vimeo)]
        result = toolkit.execute_tool(identifier="u", tool_name=tool, tool_input=given)
        vimeo.clock.advance(60)  # what is transcoded is ready
        seen.append(views(vimeo))
        for name, wanted in then(result) if then else []:
            toolkit.execute_tool(identifier="u", tool_name=name, tool_input=wanted)
        seen.append(views(vimeo))
    return seen


def test_what_reads_sends_no_write() -> None:
    for tool in catalog().values():
        assert tool.read_only is (tool.method in ("", "GET"))


@pytest.mark.parametrize("tool", WRITES)
def test_the_class_is_what_the_call_does(tool: str, connection: Connection, vimeo: Sandbox) -> None:
    declared = catalog()[tool]
    before, after, _ = _run(tool, _worst(tool, vimeo), connection, vimeo)
    assert before != after
    assert declared.visible_to_others is (before.public != after.public or before.team != after.team)
    taken = before.public - after.public
    assert declared.destructive is (bool(taken) or declared.undo is None), taken


# ---- what is said about undoing it can be done ----


def _undone(tool: str, given: Given, vimeo: Sandbox) -> Callable[[Any], Calls]:
    """By which calls each is taken back, with what was there before it."""
    video: Video = next(
        (
            each
            for each in vimeo.world.videos.values()
            if f"/videos/{each.id}" in f"/videos/{given.get('video_id')}"
        ),
        vimeo.user.videos[0],
    )
    showcase, folder = vimeo.user.showcases[0], vimeo.user.folders[0]
    if tool == "vimeo_videos_change":
        return lambda result: [("vimeo_changes_undo", {"plan_id": result["plan_id"]})]
    same: Given = {"video_id": str(video.id)}
    number: Callable[[Any], str] = lambda result: str(result["uri"]).rpartition("/")[2]  # noqa: E731
    former: Given = {}
    match tool:
        case "vimeo_video_edit":
            former = {
                "name": video.name,
                "description": video.description,
                "privacy_view": video.view,
                "privacy_embed": video.embed,
                "privacy_download": video.download,
                "privacy_add": video.add,
                "privacy_comments": video.comments_by,
                "license": video.license,
                "content_rating": list(video.content_rating),
            }
        case "vimeo_showcase_edit":
            former = {
                "name": showcase.name,
                "description": showcase.description,
                "privacy": showcase.view,
                "sort": showcase.sort,
                "layout": showcase.layout,
                "theme": showcase.theme,
            }
        case "vimeo_user_update":
            user = vimeo.user
            former = {
                "name": user.name,
                "bio": user.bio,
                "location": user.location,
                "content_filter": list(user.content_filter),
                **{f"default_privacy_{name}": user.defaults[name] for name in ("view", "embed")},
                "default_privacy_comments": user.defaults["comments_by"],
                "default_privacy_download": user.defaults.get("download", True),
                "default_privacy_add": user.defaults.get("add", True),
            }
        case "vimeo_video_chapter_edit":
            former = {"title": video.chapters[0].title, "timecode": video.chapters[0].timecode}
        case "vimeo_video_comment_update":
            former = {"text": next(c.text for c in video.comments if c.uri == given["comment_id"])}
        case "vimeo_folder_rename":
            former = {"name": folder.name}
        case "vimeo_live_event_edit":
            event = vimeo.world.live_events[-1]
            former = {"title": event.name, "description": event.description}
            former |= {"privacy": event.view, "chat": event.chat}
        case "vimeo_video_texttrack_edit":
            track = vimeo.user.videos[0].texttracks[0]
            former = {"active": track.active, "name": track.name}
        case "vimeo_video_picture_edit":
            former = {"active": True, "picture_id": str(video.active_picture)}
    if former:
        return lambda _: [(tool, {**given, **former})]
    tags, chapters = list(video.tags), list(video.chapters)
    members, places = [each.uri for each in showcase.videos], {v.uri: v.folder for v in vimeo.user.videos}
    picture = str(video.active_picture)

    def calls(result: Any) -> Calls:
        match tool:
            case "vimeo_changes_undo":
                return [(tool, {"plan_id": result["plan_id"]})]
            case "vimeo_video_tags_add":
                added = [tag for tag in given["tags"] if tag not in tags]
                return [("vimeo_video_tag_remove", {**same, "tag": tag}) for tag in added]
            case "vimeo_video_tag_remove":
                return [("vimeo_video_tags_add", {**same, "tags": [given["tag"]]})]
            case "vimeo_video_chapter_create":
                return [("vimeo_video_chapter_delete", {**same, "chapter_id": number(result)})]
            case "vimeo_video_chapter_delete":
                gone = next(each for each in chapters if str(each.id) == given["chapter_id"])
                return [
                    ("vimeo_video_chapter_create", {**same, "title": gone.title, "timecode": gone.timecode})
                ]
            case "vimeo_showcase_videos_set":
                return [(tool, {**given, "videos": members})]
            case "vimeo_showcase_videos_add":
                new = [uri for uri in given["videos"] if uri not in members]
                return [
                    ("vimeo_showcase_video_remove", {"album_id": given["album_id"], "video_id": v})
                    for v in new
                ]
            case "vimeo_folder_video_add" | "vimeo_folder_videos_add":
                moved = given.get("videos") or [f"/videos/{given['video_id']}"]
                return [_moved(tool, uri, places[uri], given) for uri in moved]
            case "vimeo_video_texttrack_create" | "vimeo_video_captions_add":
                replaced = next(t for t in video.texttracks if t.name == "Former")
                track = {**same, "texttrack_id": number(result)}
                again = {**same, "texttrack_id": str(replaced.id), "active": True}
                return [("vimeo_video_texttrack_delete", track), ("vimeo_video_texttrack_edit", again)]
            case "vimeo_video_picture_create" | "vimeo_video_thumbnail_upload":
                again = {**same, "picture_id": picture, "active": True}
                return [
                    ("vimeo_video_picture_edit", again),
                    ("vimeo_video_picture_delete", {**same, "picture_id": number(result)}),
                ]
            case "vimeo_webhook_create":
                return [("vimeo_webhook_delete", {"webhook_id": each["uri"]}) for each in result["data"]]
            case "vimeo_video_comment_add" | "vimeo_comment_reply_add":
                return [("vimeo_comment_delete", {**same, "comment_id": number(result)})]
        (undo,) = re.findall(r"\bvimeo_\w+", catalog()[tool].undo or "")
        needed = catalog()[undo].input_model.model_fields
        return [
            (undo, {name: given.get(name) or result["uri"] for name in needed if name != "delete_videos"})
        ]

    return calls


def _moved(tool: str, uri: str, folder: Any, given: Given) -> tuple[str, Given]:
    videos = {"videos": [uri]} if "videos" in given else {"video_id": uri}
    return tool, {"folder_id": "none" if folder is None else str(folder.id), **videos}


PARTLY = {
    "vimeo_showcase_video_remove": {"order"},  # it comes back as the last one, as `undo` says
    "vimeo_showcase_edit": {"showcase", "in showcase", "order"},
}
"""What of the owner's facts does not come back."""


UNDONE = [
    name
    for name in WRITES
    if catalog()[name].undo and (name != "vimeo_videos_change" or "vimeo_changes_undo" in catalog())
]


@pytest.mark.parametrize("tool", UNDONE)
def test_what_undo_names_takes_it_back(tool: str, connection: Connection, vimeo: Sandbox) -> None:
    undo = catalog()[tool].undo or ""
    given = _worst(tool, vimeo)
    if (
        tool == "vimeo_showcase_edit"
    ):  # without what cannot be put back, and where nothing is told of undoing it
        given = {name: given[name] for name in given if name not in ("password", "brand_color")}
    calls = _undone(tool, given, vimeo)
    used: list[str] = []

    def then(result: Any) -> Calls:
        found = calls(result)
        used.extend(name for name, _ in found)
        return found

    before, after, undone = _run(tool, given, connection, vimeo, then)
    assert before != after
    left = {fact for fact in before.owner ^ undone.owner if fact[0] not in PARTLY.get(tool, ())}
    assert left == set()
    assert used
    assert all(name in undo for name in used)
