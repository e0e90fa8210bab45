"""A folder, a showcase or a person by the name, where an input takes an id."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Connect
from vimeo_toolkit import InvalidInput, MissingScope, ToolResult, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.ids import named
from vimeo_toolkit.catalog.objects import kinds_of_inputs
from vimeo_toolkit.sandbox import Sandbox

BY_NAME = [
    (tool.name, field, kind)
    for tool in catalog().values()
    for field, kind in kinds_of_inputs(tool.input_model).items()
    if kind in ("folder", "showcase", "user") and tool.name != "vimeo_user_update"
]


@pytest.fixture
def call(toolkit: VimeoToolkit, connect: Connect) -> Any:
    identifier = connect("u")

    def made(tool: str, /, dry_run: bool = False, **inputs: Any) -> ToolResult:
        return toolkit.execute_tool(identifier=identifier, tool_name=tool, tool_input=inputs, dry_run=dry_run)

    return made


def test_a_folders_videos(call: Any, vimeo: Sandbox) -> None:
    folder = next(each for each in vimeo.user.folders if each.videos)
    by_name = call("vimeo_my_videos_find", folder_id=f" {folder.name.upper()} ")
    assert by_name["data"] == call("vimeo_my_videos_find", folder_id=str(folder.id))["data"]
    assert by_name["total"] == len(folder.videos)


def test_one_list_for_all_names_of_a_kind(call: Any, vimeo: Sandbox) -> None:
    first, second = vimeo.user.showcases[:2]
    video = vimeo.user.videos[0]
    vimeo.requests.clear()
    call(
        "vimeo_videos_change",
        videos=[str(video.id)],
        add_to_showcases=[first.name, second.name],
        move_to_folder=vimeo.user.folders[0].name,
        apply=True,
    )
    assert {video in each.videos for each in (first, second)} == {True}
    assert video.folder is vimeo.user.folders[0]
    lists = [each.path for each in vimeo.requests if each.path in ("/me/projects", "/me/albums")]
    assert lists.count("/me/projects") == 1
    assert lists.count("/me/albums") <= 2  # another one when the plan says which showcases a video leaves


def test_a_person(call: Any, vimeo: Sandbox) -> None:
    person = next(each for each in vimeo.world.users if " " in each.name and each is not vimeo.user)
    result = call("vimeo_user_follow", follow_user_id=person.name)
    assert person in vimeo.user.following
    assert any(person.name in note for note in result.notes)


@pytest.mark.parametrize(
    ("tool", "inputs"),
    [
        ("vimeo_folder_delete", {"folder_id": "No such thing"}),
        ("vimeo_showcase_delete", {"album_id": "No such thing"}),
        ("vimeo_user_follow", {"follow_user_id": "No such thing"}),
    ],
)
def test_a_name_of_none(tool: str, inputs: dict[str, str], call: Any, vimeo: Sandbox) -> None:
    vimeo.requests.clear()
    with pytest.raises(InvalidInput, match=r"there is no .* named 'No such thing'") as caught:
        call(tool, **inputs)
    assert "vimeo_users_search" in caught.value.hint or caught.value.hint.startswith("There are ")
    assert {each.method for each in vimeo.requests} == {"GET"}


def test_a_name_of_two(call: Any, vimeo: Sandbox) -> None:
    first = vimeo.user.folders[0]
    second = call("vimeo_folder_create", name=first.name)["uri"]
    with pytest.raises(InvalidInput, match="2 folders") as caught:
        call("vimeo_folder_delete", folder_id=first.name)
    assert second in caught.value.message
    assert first in vimeo.user.folders


def test_letters_alone_decide_between_two(call: Any, vimeo: Sandbox) -> None:
    first = vimeo.user.folders[0]
    call("vimeo_folder_create", name=first.name.upper())
    found = call("vimeo_my_videos_find", folder_id=first.name)
    assert found["total"] == len(first.videos)


def test_a_dry_run_looks_the_name_up(call: Any, vimeo: Sandbox) -> None:
    folder = vimeo.user.folders[0]
    planned = call("vimeo_folder_delete", dry_run=True, folder_id=folder.name)
    assert str(folder.id) in str(planned["requests"])
    assert folder in vimeo.user.folders


def test_a_dry_run_looks_a_person_up_with_a_fresh_token(
    toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox
) -> None:
    """Their list needs no scope, and yet it is sent."""
    identifier = connect("u")
    followed = vimeo.user.following
    person = next(
        each
        for each in vimeo.world.users
        if " " in each.name and each is not vimeo.user and each not in followed
    )
    planned = toolkit.execute_tool(
        identifier=identifier,
        tool_name="vimeo_user_follow",
        tool_input={"follow_user_id": person.name},
        dry_run=True,
    )
    assert planned["requests"][0]["path"].endswith(f"/{person.id}")
    assert person not in vimeo.user.following


def test_the_list_needs_its_scope(toolkit: VimeoToolkit, connect: Connect) -> None:
    identifier = connect("little", scopes=["public", "interact"])
    with pytest.raises(MissingScope, match="private"):
        toolkit.execute_tool(
            identifier=identifier,
            tool_name="vimeo_folder_video_add",
            tool_input={"folder_id": "Clients", "video_id": "1"},
        )


@pytest.mark.parametrize(("tool", "field", "kind"), BY_NAME)
def test_every_such_input_takes_one(tool: str, field: str, kind: str) -> None:
    several = catalog()[tool].whole_schema["properties"][field]["type"] == "array"
    name = "Summer & Sea, 2026"
    assert field not in _problems(tool, {field: [name] if several else name})
    for wrong in ("../me", "a/b", "https://example.com/a b", "a\nb", "%2e%2e", "?x", "-", "x" * 300):
        assert field in _problems(tool, {field: [wrong] if several else wrong}), wrong


def _problems(tool: str, given: dict[str, Any]) -> set[str]:
    """Names of the inputs that are refused, which are more than this one where others are required."""
    try:
        catalog()[tool].validate(given)
    except InvalidInput as error:
        return {problem["field"].partition(".")[0] for problem in error.problems}
    return set()


def test_a_word_of_vimeos_own_is_not_a_persons_name(call: Any, vimeo: Sandbox) -> None:
    vimeo.requests.clear()
    with pytest.raises(InvalidInput, match="vimeo_me_get"):
        call("vimeo_user_get", user_id="me")
    assert vimeo.requests == []


@pytest.mark.parametrize("value", ["123", "/users/9/projects/123", "none", None, 5])
def test_an_id_is_not_a_name(value: Any) -> None:
    assert named(value) is None
