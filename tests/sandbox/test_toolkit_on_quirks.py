"""The toolkit over HTTP at a Vimeo that errs: nothing is lost, and nobody is told a false success."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Connect
from vimeo_toolkit import EffectMismatch, OutcomeUnknown, ToolResult, VimeoToolkit
from vimeo_toolkit.catalog import showcase_contents
from vimeo_toolkit.sandbox import Sandbox, User


@pytest.fixture
def owner(vimeo: Sandbox, connect: Connect) -> User:
    user = vimeo.add_user("Busy", plan="enterprise", videos=160)
    connect(user=user)
    return user


@pytest.fixture
def call(toolkit: VimeoToolkit, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(showcase_contents, "PAUSE", 0.0)

    def called(tool: str, **values: Any) -> ToolResult:
        return toolkit.execute_tool(identifier="user_1", tool_name=tool, tool_input=values)

    return called


def test_a_showcase_keeps_its_videos(vimeo: Sandbox, owner: User, call: Any) -> None:
    uris = [video.uri for video in owner.videos]
    made = call("vimeo_showcase_create", name="All")["uri"]
    (showcase,) = owner.showcases
    showcase.videos[:] = owner.videos[:150]
    vimeo.quirks.on("total-too-low")
    assert call("vimeo_showcase_videos_add", album_id=made, videos=uris[148:153])["added"] == 3
    assert showcase.videos == owner.videos[:153]
    vimeo.quirks.on("showcase-set-empties")
    showcase.videos[:] = owner.videos[:4]
    with pytest.raises(EffectMismatch, match="put back"):
        call("vimeo_showcase_videos_set", album_id=made, videos=uris[5:8])
    assert showcase.videos == owner.videos[:4]
    result = call("vimeo_showcase_videos_add", album_id=made, videos=uris[4:16])
    assert (result["success"], result["added"]) == (True, 12)
    assert showcase.videos == owner.videos[:16]


def test_what_was_dropped_is_said(vimeo: Sandbox, owner: User, call: Any) -> None:
    video = owner.videos[0].uri
    vimeo.quirks.on("privacy-ignored")
    vimeo.quirks.on("tags-ignored")
    assert "privacy_view" in call("vimeo_video_edit", video_id=video, privacy_view="unlisted").notes[0]
    made = call("vimeo_showcase_create", name="x", privacy="unlisted")
    assert any("privacy" in note for note in made.notes)
    assert "tags" in call("vimeo_video_tags_add", video_id=video, tags=["sea"]).notes[0]
    vimeo.quirks.off()
    edited = call("vimeo_video_edit", video_id=video, privacy_view="unlisted", name="New")
    assert not any("privacy_view" in note for note in edited.notes)
    assert not call("vimeo_video_tags_add", video_id=video, tags=["North Wind", "50 %"]).notes


def test_lost_answers(vimeo: Sandbox, owner: User, call: Any) -> None:
    video, count = owner.videos[0], len(owner.videos)
    vimeo.quirks.on("lost-answer", times=1)
    result = call("vimeo_video_delete", video_id=video.uri)
    assert result["success"]
    assert "it is gone" in result.notes[0]
    assert len(owner.videos) == count - 1
    vimeo.quirks.on("lost-answer", times=1)
    with pytest.raises(OutcomeUnknown):
        call("vimeo_video_comment_add", video_id=owner.videos[0].uri, text="Once")
    assert len(owner.videos[0].comments) == 1


def test_the_new_file_is_waited_for(vimeo: Sandbox, owner: User, call: Any) -> None:
    video = owner.videos[0].uri
    vimeo.quirks.on("old-file-shown")
    assert call("vimeo_video_wait_ready", video_id=video, max_seconds=0)["ready"]
    call("vimeo_video_version_add", video_id=video, file_link="https://files.example.com/new.mp4")
    waited = call("vimeo_video_wait_ready", video_id=video, max_seconds=0)
    assert (waited["ready"], waited["status"]) == (False, "available")
    assert "file before" in waited["reason"]
    vimeo.clock.advance(20)
    assert call("vimeo_video_wait_ready", video_id=video, max_seconds=0)["ready"]
