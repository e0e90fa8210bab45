"""What an audit log names: which video, which showcase; and nothing that opens them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.examples import example_input
from vimeo_toolkit import Modifier, VimeoToolkit, VimeoToolkitError
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.objects import kinds_of_inputs
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.observe import AuditLog
from vimeo_toolkit.sandbox import Sandbox

HASH = "abcdef0123"


@pytest.mark.parametrize(
    ("tool", "given", "named"),
    [
        ("vimeo_video_get", {"video_id": 123}, ["video 123"]),
        ("vimeo_video_get", {"video_id": f"https://vimeo.com/123/{HASH}"}, ["video 123"]),
        ("vimeo_video_edit", {"video_id": f"123:{HASH}", "name": "x", "password": "p"}, ["video 123"]),
        (
            "vimeo_showcase_video_add",
            {"album_id": "/users/9/albums/5", "video_id": "/videos/123"},
            ["showcase 5", "video 123"],
        ),
        (
            "vimeo_showcase_videos_set",
            {"album_id": "5", "videos": f"/videos/1, /videos/2:{HASH} 3"},
            ["showcase 5", "video 1", "video 2", "video 3"],
        ),
        ("vimeo_showcase_videos_set", {"album_id": "5", "videos": ["1", "1"]}, ["showcase 5", "video 1"]),
        ("vimeo_video_get", {"video_id": "not one"}, []),
        ("vimeo_video_get", {"video_id": {"x": 1}}, []),
        ("vimeo_video_get", None, []),
        ("vimeo_video_get", '{"video_id": "123"}', ["video 123"]),
        ("vimeo_my_videos_list", {"query": "video 5"}, []),
    ],
)
def test_what_an_input_names(tool: str, given: Any, named: list[str]) -> None:
    assert list(catalog()[tool].objects_in(given)) == named


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"uri": f"/videos/123:{HASH}"}, ["video 123"]),
        ({"uri": "/users/9/projects/5"}, ["folder 5"]),
        ({"uri": "/users/9/albums/5"}, ["showcase 5"]),
        ({"uri": "/videos/1/comments/7"}, ["comment 7"]),
        ({"uri": "/videos/1/texttracks/7"}, ["texttrack 7"]),
        ({"uri": "whatever"}, []),
        ({"uri": 5}, []),
        ({}, []),
        (None, []),
        ([], []),
    ],
)
def test_what_an_answer_is_about(body: Any, named: list[str]) -> None:
    assert list(catalog()["vimeo_video_upload"].objects_of_answer(body)) == named


def test_every_id_of_a_path_is_named(vimeo: Sandbox) -> None:
    """Over all tools: what a path has as an id is one of the call's objects."""
    paths = [(tool, re.findall(r"{(\w+_id)}", tool.path)) for tool in catalog().values()]
    for tool, ids in paths:
        ids = [name for name in ids if name != "app_id"]  # the operator's own app
        assert set(ids) <= set(kinds_of_inputs(tool.input_model)), tool.name
        if ids:
            assert tool.objects_in(example_input(tool.name, vimeo)), tool.name
    assert sum(len(ids) for _, ids in paths) > 50


def test_the_log_names_them(connection: Connection, vimeo: Sandbox, tmp_path: Path) -> None:
    video = vimeo.user.videos[0]
    other = vimeo.user.videos[1]

    def exchange(name: str, arguments: Any, identity: Any) -> Any:
        return {**arguments, "video_id": str(other.id)}

    path = tmp_path / "audit.jsonl"
    with VimeoToolkit(
        [connection],
        store="sqlite:///:memory:",
        on_event=AuditLog(path, reads=True),
        modifiers=[Modifier(tools="vimeo_video_edit", before=exchange)],
    ) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)

        def call(name: str, given: dict[str, Any]) -> None:
            toolkit.execute_tool(identifier="u", tool_name=name, tool_input=given)

        call("vimeo_video_get", {"video_id": f"{video.id}:{HASH}"})
        call("vimeo_video_edit", {"video_id": str(video.id), "name": "Renamed"})
        call("vimeo_showcase_create", {"name": "New"})
        with pytest.raises(VimeoToolkitError):
            call("vimeo_video_delete", {"video_id": "999999999"})
    lines = [json.loads(line) for line in path.read_text().splitlines()][1:]
    assert [line["objects"] for line in lines[:4]] == [
        [f"video {video.id}"],
        [f"video {video.id}"],
        [f"video {video.id}"],
        [f"video {other.id}"],
    ]
    assert lines[4]["objects"] == []
    (created,) = lines[5]["objects"]
    assert created.startswith("showcase ")
    assert [line["objects"] for line in lines[6:]] == [["video 999999999"], ["video 999999999"]]
    assert HASH not in path.read_text()
    assert "Renamed" not in path.read_text()
