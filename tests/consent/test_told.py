"""Consent is bound to whatever a person is told of what stands there, and to whatever the call takes away."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.consent.test_bound import LOOKED, _asked, careful
from tests.consent.test_effects import _worst
from tests.consent.views import Fact, views
from tests.examples import UPLOADS, example_input, writes
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.calls.changes import changes_of
from vimeo_toolkit.calls.preview import looks_of, preview
from vimeo_toolkit.calls.question import question_of
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.looks import Look
from vimeo_toolkit.catalog.tool import Tool, ToolInput
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.state import Version, Video
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["careful"]

Given = dict[str, Any]
ACCOUNT = AccountRecord(connection_name="vimeo", identifier="u", vimeo_uri="/users/7", app_uri="/apps/5")

BY_ITSELF = {
    "stats.plays",
    "metadata.connections.comments.total",
    "metadata.connections.likes.total",
    "metadata.connections.users.total",
    "metadata.connections.followers.total",
}
"""What a person is told and consent is not bound to: it changes with each viewer, and would be void at once."""


class Vimeo:
    """A transport that answers every look with the fields that it asks for; `change` is of one at one address."""

    def __init__(self, tool: Tool, change: tuple[str, str] = ("", ""), more: str = "") -> None:
        self.call = SimpleNamespace(tool=tool, account=ACCOUNT)
        self.change = change
        self.more = more

    async def send(self, request: ApiRequest) -> Any:
        assert request.method == "GET"
        thing = self._thing(request, request.path)
        if "per_page" not in request.query:
            return thing
        inner = request.path == "/users/7/projects/2/items"
        data = [thing] if inner else [self._thing(request, "first"), thing]
        data += [thing] * (request.path == self.more)
        return {"total": len(data), "data": data, "paging": {"next": None}}

    def _thing(self, request: ApiRequest, address: str) -> Given:
        made: Given = {}
        for field in str(request.fields).split(","):
            *places, last = field.split(".")
            inner = made
            for place in places:
                inner = inner.setdefault(place, {})
            inner[last] = self._value(request.path, field, changed=(address, field) == self.change)
        return made

    def _value(self, path: str, field: str, *, changed: bool) -> Any:
        if field.endswith(("total", "plays")):
            return 5 if changed else 3
        if field == "folder.has_subfolder":
            return (path == "/me/projects/1/items") is not changed
        if field == "folder.uri":
            return (
                "/users/7/projects/2" if path == "/me/projects/1/items" else f"/users/7/projects/3{changed:d}"
            )
        return f"{field}{' changed' if changed else ''}"


def _told(values: ToolInput, change: tuple[str, str] = ("", ""), more: str = "") -> tuple[str, str]:
    tool = values.tool
    transport: Any = Vimeo(tool, change, more)
    seen = run_sync(preview(transport, values, None))
    return seen.digest, question_of(tool, values, ACCOUNT, seen, changes_of(tool, values, seen))


@pytest.fixture(scope="module")
def inputs() -> dict[str, Given]:
    with Sandbox() as vimeo:
        return {tool: example_input(tool, vimeo) for tool in LOOKED}


def _paths(tool: Tool, values: ToolInput, look: Look) -> list[str]:
    """Where the look's answers are changed: the thing, or one of the list's, and one of a list below it."""
    path = tool.filled(look.path, values, ACCOUNT)
    return ["/me" if path == "/users/me" else path, *(["/users/7/projects/2/items"] if look.below else [])]


@pytest.mark.parametrize("name", LOOKED)
def test_what_a_person_is_told_is_bound(name: str, inputs: dict[str, Given]) -> None:
    tool = catalog()[name]
    given = {**inputs[name], **({"folder_id": "1"} if "folder_id" in inputs[name] else {})}
    values = tool.validate(given)
    digest, text = _told(values)
    assert _told(values) == (digest, text)
    for look in looks_of(tool, values):
        assert look.title in ("", *look.fields.split(","))
        for path in _paths(tool, values, look):
            for field in look.fields.split(","):
                if look.below and (path, field) == (_paths(tool, values, look)[0], look.below):
                    continue  # the list below would be another one
                assert _told(values, (path, field))[0] != digest, (path, field)
            if look.noun:
                assert _told(values, more=path)[0] != digest, path
            for field in filter(None, look.counts.split(",")):
                assert field in BY_ITSELF
                assert _told(values, (path, field))[0] == digest


# ---- what the call takes away ----


def _alter(fact: Fact, vimeo: Sandbox) -> None:
    """Let somebody else change this before the call takes it away."""
    kind, number, *rest = fact
    numbers = [each for each in (number, *rest) if isinstance(each, int)]
    user, world = vimeo.user, vimeo.world
    match kind:
        case "showcase":
            next(each for each in user.showcases if each.id == number).description = "Another"
        case "order":
            next(each for each in user.showcases if each.id == number).videos.reverse()
        case "in showcase" | "in group" | "in folder" | "likes" | "later":
            world.videos[numbers[-1]].name += " changed"
        case "group":
            next(each for each in world.groups if each.id == number).view = "members"
        case "folder":
            next(each for each in user.folders if each.id == number).view = "team"
        case "follows":
            next(each for each in vimeo.users if each.id == rest[0]).name += " changed"
        case "user":
            user.bio, user.location = "Another", "Elsewhere"
        case "defaults":
            user.defaults["view"] = "nobody"
        case "told":
            for webhook in world.webhooks:
                webhook.enabled = not webhook.enabled
        case "event":
            next(each for each in world.live_events if each.id == numbers[0]).name += " changed"
        case "comment" | "reply":
            comments = world.videos[numbers[0]].comments
            for each in [*comments, *(reply for comment in comments for reply in comment.replies)]:
                each.text += " changed" * (each.id == rest[0])
        case _:
            video = world.videos[numbers[0]]
            _alter_video(str(kind), rest, video, vimeo)
            video.modified += timedelta(seconds=1)


def _alter_video(kind: str, rest: list[Any], video: Video, vimeo: Sandbox) -> None:
    match kind, rest[0]:
        case "video", "preset":
            video.preset = next(each for each in vimeo.user.presets if each is not video.preset)
        case "video", "file":
            for version in video.versions:
                version.active = False
            video.versions.append(Version(vimeo.world.next_id(), "b.mp4", vimeo.world.now(), active=True))
        case "video", "rating":
            video.content_rating = ["nudity"]
        case "video", "view":
            video.view = "team"
        case "video", "active_picture":
            video.active_picture = vimeo.world.next_id()
            video.pictures.append(video.active_picture)
        case "video", "download" | "add" as switch:
            setattr(video, switch, not getattr(video, switch))
        case "video", "embed" | "comments_by" as who:
            setattr(video, who, "private" if who == "embed" else "nobody")
        case "video", "license":
            video.license = "cc0"
        case "video", setting:
            setattr(video, setting, "changed")
        case "chapter", _:
            for chapter in video.chapters:
                chapter.title += " changed"
        case "track" | "a track", _:
            for track in video.texttracks:
                track.name = f"{track.name} changed"
        case "domain", _:
            video.embed_domains.append("more.example")
        case "tag", _:
            video.tags.append("more")
        case "picture", _:
            video.pictures.append(vimeo.world.next_id())
        case _:
            raise AssertionError((kind, rest))


FOLLOWS = {
    ("vimeo_folder_delete", "order"),  # of a showcase that a deleted video was in
    ("vimeo_showcase_video_remove", "order"),
    ("vimeo_video_delete", "order"),
    ("vimeo_video_picture_delete", "picture"),  # the image itself never changes
    ("vimeo_video_tag_remove", "tag"),  # a word never changes
    ("vimeo_video_viewer_remove", "viewer"),  # nor does who it is
}
"""What goes with the rest and has nothing of its own that could change."""


@pytest.mark.parametrize("tool", [name for name in LOOKED if catalog()[name].destructive])
def test_what_the_call_takes_away_is_bound(tool: str, careful: VimeoToolkit, vimeo: Sandbox) -> None:
    with Sandbox() as twin:
        connection = Connection(
            client_id=twin.app.client_id,
            client_secret=twin.app.client_secret,
            redirect_uri=twin.app.redirect_uri,
            api_url=twin.url,
        )
        with VimeoToolkit([connection], store="sqlite:///:memory:", upload_folders=[UPLOADS]) as toolkit:
            toolkit.import_token(identifier="u", access_token=twin.issue_token().access_token)
            given = _worst(tool, twin)
            before = views(twin).owner
            toolkit.execute_tool(identifier="u", tool_name=tool, tool_input=given)
        gone = before - views(twin).owner
    given = _worst(tool, vimeo)
    kinds = {(fact[0], fact[2] if fact[0] == "video" else ""): fact for fact in sorted(gone, key=repr)}
    asked = _asked(careful, tool, given)
    for fact in kinds.values():
        if (tool, fact[0]) in FOLLOWS:
            continue
        careful.approve(asked.approval_id, identifier="u")
        _alter(fact, vimeo)
        again = _asked(careful, tool, given)
        assert "has changed since" in again.message, fact
        asked = again
    assert writes(vimeo) == []
