"""Tools that change many things: the fewest requests, and nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from vimeo_toolkit import InvalidInput, NotFound, ToolResult, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.state import Folder, Showcase, User


class Library:
    """A user with 250 videos, an empty showcase and an empty folder."""

    def __init__(self, vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
        self.vimeo, self.toolkit = vimeo, toolkit
        self.user: User = vimeo.add_user(plan="standard", videos=250)
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token(self.user).access_token)
        now = vimeo.world.now()
        self.showcase = Showcase(vimeo.world.next_id(), self.user, "Empty", now, now)
        self.user.showcases.append(self.showcase)
        self.folder = Folder(vimeo.world.next_id(), self.user, "Empty", now, now)
        self.user.folders.append(self.folder)
        vimeo.requests.clear()

    def call(self, tool: str, **arguments: Any) -> ToolResult:
        return self.toolkit.execute_tool(identifier="u", tool_name=tool, tool_input=arguments)

    def uris(self, first: int, last: int) -> list[str]:
        return [video.uri for video in self.user.videos[first:last]]


@pytest.fixture
def library(vimeo: Sandbox, toolkit: VimeoToolkit) -> Library:
    return Library(vimeo, toolkit)


def test_a_new_showcase_is_filled_by_one_request_and_looked_at(library: Library) -> None:
    made = library.call("vimeo_showcase_create", name="All")
    result = library.call("vimeo_showcase_videos_set", album_id=made["uri"], videos=library.uris(0, 250))
    assert result["success"]
    assert [request.method for request in library.vimeo.requests] == ["POST", "GET", "PUT", *["GET"] * 3]
    assert library.user.showcases[-1].videos == library.user.videos


def test_adding_many_keeps_what_is_there_in_its_order(library: Library) -> None:
    library.showcase.videos[:] = library.user.videos[150:0:-1]
    result = library.call(
        "vimeo_showcase_videos_add", album_id=str(library.showcase.id), videos=library.uris(100, 250)
    )
    assert result.requests == 6
    assert library.showcase.videos == [*library.user.videos[150:0:-1], *library.user.videos[151:250]]
    assert result["added"] == 99


def test_adding_few_to_many_cannot_lose_any(library: Library) -> None:
    library.showcase.videos[:] = library.user.videos[:240]
    result = library.call(
        "vimeo_showcase_videos_add", album_id=str(library.showcase.id), videos=library.uris(239, 241)
    )
    assert result["added"] == 1
    assert all(request.body is None for request in library.vimeo.requests)
    assert library.showcase.videos == library.user.videos[:241]
    library.vimeo.requests.clear()
    result = library.call(
        "vimeo_showcase_videos_add", album_id=str(library.showcase.id), videos=library.uris(98, 101)
    )
    assert {request.method for request in library.vimeo.requests} <= {"GET", "PUT"}
    assert library.showcase.videos == library.user.videos[:241]


def test_adding_what_is_there_changes_nothing(library: Library) -> None:
    library.showcase.videos[:] = library.user.videos[:10]
    result = library.call(
        "vimeo_showcase_videos_add", album_id=str(library.showcase.id), videos=library.uris(0, 10)
    )
    assert result["added"] == 0
    assert [request.method for request in library.vimeo.requests] == ["GET"]


def test_moving_many_into_a_folder(library: Library) -> None:
    result = library.call(
        "vimeo_folder_videos_add", folder_id=str(library.folder.id), videos=library.uris(0, 250)
    )
    assert result.requests == 9
    assert result["success"]
    assert library.folder.videos == library.user.videos


@pytest.mark.parametrize(
    ("asked", "left"), [({}, 250), ({"delete_videos": False}, 250), ({"delete_videos": True}, 245)]
)
def test_a_deleted_folder_keeps_its_videos_unless_asked(
    library: Library, asked: dict[str, bool], left: int
) -> None:
    for video in library.user.videos[:5]:
        video.folder = library.folder
    library.call("vimeo_folder_delete", folder_id=str(library.folder.id), **asked)
    assert (
        library.vimeo.requests[0].query["should_delete_clips"]
        == str(asked.get("delete_videos", False)).lower()
    )
    assert len(library.user.videos) == left
    assert library.folder not in library.user.folders


def test_many_videos_by_their_ids(library: Library) -> None:
    result = library.call("vimeo_videos_get", videos=library.uris(0, 100))
    assert result.requests == 1
    assert {video["uri"] for video in result["data"]} == set(library.uris(0, 100))


def test_a_video_that_is_none_leaves_the_showcase_as_it_was(library: Library) -> None:
    library.showcase.videos[:] = library.user.videos[:3]
    with pytest.raises(NotFound):
        library.call(
            "vimeo_showcase_videos_set", album_id=str(library.showcase.id), videos=["/videos/999999999"]
        )
    assert library.showcase.videos == library.user.videos[:3]


def test_tags_are_added_to_those_that_are_there(library: Library) -> None:
    video = library.user.videos[0]
    video.tags = ["sea"]
    library.call("vimeo_video_tags_add", video_id=video.uri, tags=["north wind", "50 %", "sea"])
    assert set(video.tags) == {"sea", "north wind", "50 %"}
    library.call("vimeo_video_tag_remove", video_id=video.uri, tag="50 %")
    assert set(video.tags) == {"sea", "north wind"}
    for bad in ("a/b", "..", "a\\b", " ", "a\nb"):
        with pytest.raises(InvalidInput, match="tag"):
            library.call("vimeo_video_tag_remove", video_id=video.uri, tag=bad)


def test_a_profile_changes_in_what_was_given_only(library: Library) -> None:
    library.user.bio, library.user.location = "Before", "Oslo"
    library.call("vimeo_user_update", user_id="me", bio="After", default_privacy_view="nobody")
    assert (library.user.bio, library.user.location) == ("After", "Oslo")
    assert library.user.defaults["view"] == "nobody"
    (request,) = library.vimeo.requests
    assert request.path == "/me"
    assert request.body == {"bio": "After", "videos": {"privacy": {"view": "nobody"}}}
