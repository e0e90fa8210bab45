"""A folder or showcase whose owner is named is asked for under its owner: team libraries are nowhere else."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from tests.hostile.world import call
from tests.unit.inputs import minimal
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.catalog import catalog

PLACES = {"folder_id": "projects", "album_id": "albums", "showcase_id": "albums"}
TAKERS = [
    (name, field)
    for name, tool in catalog().items()
    for field in PLACES
    if field in tool.input_model.model_fields
]
LOOK_AT_VIDEOS = ("vimeo_folder_video_add", "vimeo_folder_videos_add", "vimeo_showcase_video_add")


@pytest.mark.parametrize(("tool", "field"), TAKERS)
def test_every_tool_asks_under_the_owner(tool: str, field: str) -> None:
    plural = PLACES[field]
    for given, path in (
        (f"/users/9/{plural}/5", f"/users/9/{plural}/5"),
        (f"https://api.vimeo.com/users/9/{plural}/5", f"/users/9/{plural}/5"),
        (f"/users/7/{plural}/5", f"/me/{plural}/5"),  # the connected user's own
        (f"/me/{plural}/5", f"/me/{plural}/5"),
        ("5", f"/me/{plural}/5"),
    ):
        rest = minimal(tool)
        if tool == "vimeo_videos_change":
            del rest["videos"]  # those in the place are meant
        if tool == "vimeo_video_transcript_get":
            rest = {"query": "harbour"}
        _, sent = call(tool, {**rest, field: given})
        assert sent
        for request in sent:
            looks = tool in LOOK_AT_VIDEOS and request.method == "GET"
            assert urlsplit(request.url).path.startswith(("/videos", path) if looks else path)


def test_there_are_such_tools() -> None:
    assert {field for _, field in TAKERS} == set(PLACES)
    assert len(TAKERS) >= 16


def test_a_folders_link_has_its_owner() -> None:
    _, sent = call("vimeo_folder_get", {"folder_id": "https://vimeo.com/user/9/folder/5?isPrivate=false"})
    assert urlsplit(sent[0].url).path == "/users/9/projects/5"


@pytest.mark.parametrize(
    ("parent", "path", "uri"),
    [
        ("https://vimeo.com/user/9/folder/5", "/users/9/projects", "/users/9/projects/5"),
        ("/users/7/projects/5", "/me/projects", "/users/7/projects/5"),
        ("5", "/me/projects", "/users/7/projects/5"),
    ],
)
def test_a_folder_in_a_folder_is_its_owners(parent: str, path: str, uri: str) -> None:
    _, sent = call("vimeo_folder_create", {"name": "a", "parent_folder_uri": parent})
    assert urlsplit(sent[0].url).path == path
    assert json.loads(sent[0].content)["parent_folder_uri"] == uri


@pytest.mark.parametrize("tool", ["vimeo_folder_videos_list", "vimeo_my_videos_find", "vimeo_folder_get"])
def test_what_is_in_anothers_folder_is_told_as_untrusted_fields(tool: str) -> None:
    """The connected user is /users/7."""
    own, _ = call(tool, {"folder_id": "/users/7/projects/5"})
    others, _ = call(tool, {"folder_id": "/users/9/projects/5"})
    assert isinstance(own, ToolResult)
    assert isinstance(others, ToolResult)
    assert own.untrusted_fields == ()
    assert "name" in others.untrusted_fields
