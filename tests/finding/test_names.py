"""A folder, a showcase, a person or a video of the user's own by the name, where an input takes an id."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Connect
from vimeo_toolkit import InvalidInput, MissingScope, ToolResult, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog import names as names_module
from vimeo_toolkit.catalog.ids import named
from vimeo_toolkit.catalog.objects import ids_of_inputs
from vimeo_toolkit.sandbox import Sandbox, Video

BY_NAME = [
    (tool.name, field, mark.kind)
    for tool in catalog().values()
    for field, mark in ids_of_inputs(tool.input_model).items()
    if mark.by_name
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
    for wrong in (
        "../me",
        "users/a" if kind == "folder" else "a/b",
        "https://example.com/a b",
        "/a b",
        "a\nb",
        "vimeo.com/1" if kind != "video" else "vimeo.com/channels/1",
        "%",
        "-",
        "x" * 300,
    ):
        assert field in _problems(tool, {field: [wrong] if several else wrong}), wrong


@pytest.mark.parametrize(
    "path", ["Archive/2019", "archive / 2019", "2019", 2019, "Archive/2019/Spring", "2019/Spring", "Spring"]
)
def test_a_folder_by_where_it_is(path: str | int, call: Any, vimeo: Sandbox) -> None:
    year = next(each for each in vimeo.user.folders if each.name == "2019")
    uri = call("vimeo_folder_create", name="Spring", parent_folder_uri=year.uri)["uri"]
    spring = next(each for each in vimeo.user.folders if each.uri == uri)
    meant = spring if "Spring" in str(path) else year
    video = next(each for each in vimeo.user.videos if each.folder is None)
    call("vimeo_folder_video_add", folder_id=path, video_id=str(video.id))
    assert video.folder is meant


@pytest.mark.parametrize(
    "path",
    [
        "Clients/2019",
        "2019/Archive",
        "Archive/20191",
        "Archive/2019/2019",
        "Archive/Spring",
        "2019/Archive/Spring",
    ],
)
def test_a_path_of_no_folder(path: str, call: Any, vimeo: Sandbox) -> None:
    year = next(each for each in vimeo.user.folders if each.name == "2019")
    call("vimeo_folder_create", name="Spring", parent_folder_uri=year.uri)
    video = next(each for each in vimeo.user.videos if each.folder is None)
    with pytest.raises(InvalidInput, match="there is no folder named"):
        call("vimeo_folder_video_add", folder_id=path, video_id=str(video.id))
    assert video.folder is None


def test_of_two_of_a_name_the_path_tells_which(call: Any, vimeo: Sandbox) -> None:
    clients = next(each for each in vimeo.user.folders if each.name == "Clients")
    uri = call("vimeo_folder_create", name="2019", parent_folder_uri=clients.uri)["uri"]
    with pytest.raises(InvalidInput, match="2 folders named '2019'"):
        call("vimeo_my_videos_find", folder_id="2019")
    video = next(each for each in vimeo.user.videos if each.folder is None)
    call("vimeo_folder_video_add", folder_id="Clients/2019", video_id=str(video.id))
    assert video.folder is not None
    assert video.folder.uri == uri


def test_a_year_of_which_nothing_has_the_name_is_an_id(call: Any, vimeo: Sandbox) -> None:
    showcase = vimeo.user.showcases[0]
    showcase.id = 2016
    assert call("vimeo_showcase_videos_list", album_id="2016")["total"] == len(showcase.videos)


@pytest.mark.parametrize("name", ["\u0661\u0662\u0663", "\uff12\uff10\uff11\uff16", "\u00b2"])
def test_digits_of_other_scripts_are_a_name_and_never_a_place_in_a_path(
    name: str, call: Any, vimeo: Sandbox
) -> None:
    vimeo.requests.clear()
    with pytest.raises(InvalidInput, match="there is no folder named"):
        call("vimeo_folder_get", folder_id=name)
    assert [each.path for each in vimeo.requests] == ["/me/projects"]


def test_a_year_is_an_id_where_the_list_cannot_be_read(
    toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox
) -> None:
    video, folder = vimeo.user.videos[0], vimeo.user.folders[0]
    folder.id = 2016
    toolkit.execute_tool(
        identifier=connect("little", scopes=["public", "interact"]),
        tool_name="vimeo_folder_video_add",
        tool_input={"folder_id": 2016, "video_id": str(video.id)},
    )
    assert video.folder is folder


REAL = [
    "Café", "Cafe\u0301", "हिन्दी", "ไทย", "(draft)", "-archive-", "Q1 / Q2", "#1: why?", "¿Qué?", "🎬 Clips",
    "50 % off", "“Best of” 2024", "[Old]", "'Quoted'", "Client Films", "Best of 2024",
]  # fmt: skip
OTHERS = ("Old", "Quoted", "Client", "Films", "Best of", "Clips")
"""What parts of them name."""


@pytest.mark.parametrize("name", REAL)
def test_names_that_people_give(name: str, call: Any, vimeo: Sandbox) -> None:
    """Each of them beside things that parts of it name."""
    for other in OTHERS:
        call("vimeo_showcase_create", name=other)
    wanted = call("vimeo_showcase_create", name=name)["uri"].rpartition("/")[2]
    video = vimeo.user.videos[0]
    before = {each.id for each in vimeo.user.showcases if video in each.videos}
    # In brackets or quotation marks, a text in place of a list is a list.
    for given in ([name],) if name in ("[Old]", "'Quoted'") else (name, [name]):
        call("vimeo_videos_change", videos=[str(video.id)], add_to_showcases=given, apply=True)
        after = {each.id for each in vimeo.user.showcases if video in each.videos}
        assert after - before == {int(wanted)}
        call("vimeo_videos_change", videos=[str(video.id)], remove_from_showcases=given, apply=True)
        assert {each.id for each in vimeo.user.showcases if video in each.videos} == before
    call("vimeo_showcase_delete", album_id=name)
    assert int(wanted) not in {each.id for each in vimeo.user.showcases}
    assert {*OTHERS} <= {each.name for each in vimeo.user.showcases}


@pytest.mark.parametrize("given", ["1, 2", "1 2", "[1, 2]", '["1", "2"]', "- 1\n- 2", [1, "2"]])
def test_ids_as_text_are_several(given: Any) -> None:
    values: Any = catalog()["vimeo_videos_change"].validate({"videos": ["1"], "add_to_showcases": given})
    assert values.add_to_showcases == ["1", "2"]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("Client Work", ["Client Work"]),
        ("Best of 2024", ["Best of 2024"]),
        ("Summer, 2026", ["Summer, 2026"]),
        ("Old\nNew", ["Old", "New"]),
        ('["Old", "New"]', ["Old", "New"]),
        ("- Old one\n- New one", ["Old one", "New one"]),
        (["Old", "5"], ["Old", None]),
    ],
)
def test_a_text_with_names_is_cut_at_lines_only(given: Any, names: list[str | None]) -> None:
    values: Any = catalog()["vimeo_videos_change"].validate({"videos": ["1"], "add_to_showcases": given})
    assert [named(each) for each in values.add_to_showcases] == names


def test_quotation_marks_count_where_a_name_has_them(call: Any, vimeo: Sandbox) -> None:
    call("vimeo_folder_create", name="Old")
    quoted = call("vimeo_folder_create", name='"Old"')["uri"].rpartition("/")[2]
    call("vimeo_folder_delete", folder_id='"Old"')
    assert [each.name for each in vimeo.user.folders if "Old" in each.name] == ["Old"]
    call("vimeo_folder_delete", folder_id='"Old"')  # as models write a name
    assert not [each for each in vimeo.user.folders if "Old" in each.name]
    assert quoted


def test_what_destroys_takes_a_name_letter_by_letter(call: Any, vimeo: Sandbox) -> None:
    """A call that is repeated would else go on with the next one."""
    call("vimeo_folder_create", name="Archive2")
    call("vimeo_folder_create", name="ARCHIVE2")
    call("vimeo_folder_delete", folder_id="Archive2")
    with pytest.raises(InvalidInput, match="no folder"):
        call("vimeo_folder_delete", folder_id="Archive2")
    assert "ARCHIVE2" in [each.name for each in vimeo.user.folders]
    assert call("vimeo_my_videos_find", folder_id="archive2")["total"] == 0


def test_a_key_is_of_the_name_as_it_was_given(
    toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox
) -> None:
    """What was made once is not looked up again: another thing may have the name by now, or none."""
    identifier = connect("u")
    ask: Any = {"identifier": identifier, "idempotency_key": "k"}
    make: Any = {"identifier": identifier, "tool_name": "vimeo_folder_create", "tool_input": {"name": "Once"}}
    first = toolkit.execute_tool(**make)
    delete = {"tool_name": "vimeo_folder_delete", "tool_input": {"folder_id": "Once"}, **ask}
    done = toolkit.execute_tool(**delete)
    assert toolkit.execute_tool(**delete).data == done.data
    toolkit.execute_tool(**make)
    assert toolkit.execute_tool(**delete).data == done.data
    (left,) = [each for each in vimeo.user.folders if each.name == "Once"]
    assert str(left.id) != first["uri"].rpartition("/")[2]


@pytest.mark.parametrize("of", ["folder", "user"])
def test_a_list_that_was_not_read_to_its_end_decides_nothing(
    of: str, call: Any, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one of the same name may be in the rest."""
    monkeypatch.setattr(names_module, "MOST_PAGES", 1)
    monkeypatch.setattr(names_module, "MOST_FOUND", 1)
    if of == "folder":
        for number in range(120):
            call("vimeo_folder_create", name=f"Filler {number}")
        tool, inputs = "vimeo_folder_delete", {"folder_id": vimeo.user.folders[0].name}
    else:
        for _ in range(120):
            vimeo.add_user("Sam Exact")
        tool, inputs = "vimeo_user_follow", {"follow_user_id": "Sam Exact"}
    before = len(vimeo.user.folders), len(vimeo.user.following)
    with pytest.raises(InvalidInput, match="could be looked at"):
        call(tool, **inputs)
    assert (len(vimeo.user.folders), len(vimeo.user.following)) == before


def test_people_of_the_same_name_on_a_later_page(call: Any, vimeo: Sandbox) -> None:
    for number in range(130):
        vimeo.add_user("Sam Exact" if number in (0, 129) else f"Sam Exact {number}")
    with pytest.raises(InvalidInput, match="2 people"):
        call("vimeo_user_follow", follow_user_id="Sam Exact")


def test_a_hint_names_no_tool_that_the_agent_lacks(toolkit: VimeoToolkit, connect: Connect) -> None:
    identifier = connect("u")
    for allowed, listed in (
        ({"vimeo_folder_delete"}, False),
        ({"vimeo_folder_delete", "vimeo_folders_list"}, True),
    ):
        with pytest.raises(InvalidInput) as caught:
            toolkit.execute_tool(
                identifier=identifier,
                tool_name="vimeo_folder_delete",
                tool_input={"folder_id": "No such thing"},
                allowed=allowed,
            )
        assert ("Clients" in caught.value.hint) is listed
        assert ("vimeo_" in caught.value.hint) is False


def test_a_user_is_asked_for_the_scope_of_a_name_beforehand(toolkit: VimeoToolkit, connect: Connect) -> None:
    identifier = connect("little", scopes=["public", "interact"])
    move = ("vimeo_folder_video_add", {"folder_id": "Clients", "video_id": "1"})
    wanted = toolkit.connection_request([move], identifier=identifier)
    assert wanted is not None
    assert wanted.missing_scopes == ("private",)


@pytest.mark.parametrize("field", ["add_to_showcases", "folder_id"])
def test_the_audit_log_has_no_parts_of_a_name(field: str) -> None:
    tool = catalog()["vimeo_videos_change"]
    assert tool.objects_in({field: "Best of 2024"}) == ()
    assert tool.objects_in({"videos": "1, 2"}) == ("video 1", "video 2")


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


# ---- the user's own videos ----


def _titled(vimeo: Sandbox, *names: str) -> list[Video]:
    videos = [video for video in vimeo.user.videos if video.comments][: len(names)]
    for video, name in zip(videos, names, strict=True):
        video.name = name
    return videos


@pytest.mark.parametrize(
    "name", ["Dawn, the film (4:3) #2", "dawn, the FILM (4:3) #2", "“Dawn, the film (4:3) #2”"]
)
@pytest.mark.parametrize("several", [False, True])
def test_comments_on_a_video_by_its_title(several: bool, name: str, call: Any, vimeo: Sandbox) -> None:
    first, second = _titled(vimeo, "Dawn, the film (4:3) #2", "Dawn, the film (4:3) #3")
    vimeo.requests.clear()
    found = call("vimeo_my_comments_find", videos=[name, second.uri] if several else name)
    meant = {first.uri, second.uri} if several else {first.uri}
    assert {row["video"] for row in found["data"]} == meant
    assert found["complete"] is True
    assert [each.query.get("query") for each in vimeo.requests if each.path == "/me/videos"] == [
        name.strip("“”")
    ]


def test_many_titles_are_looked_for_in_one_list(
    call: Any, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names_module, "MOST_SEARCHES", 1)
    first, second = _titled(vimeo, "Some dawn", "Some dusk")
    vimeo.requests.clear()
    found = call("vimeo_my_comments_find", videos=["Some dawn", "Some dusk"])
    assert {row["video"] for row in found["data"]} == {first.uri, second.uri}
    assert ["query" in each.query for each in vimeo.requests if each.path == "/me/videos"] == [False]


def test_a_title_of_two_videos_tells_them_apart_and_shows_no_hash(call: Any, vimeo: Sandbox) -> None:
    first, second = _titled(vimeo, "Twice", "Twice")
    first.view = "unlisted"
    with pytest.raises(InvalidInput, match="2 videos of the user's own named 'Twice'") as caught:
        call("vimeo_my_comments_find", videos=["Twice"])
    for video in (first, second):
        assert f"/videos/{video.id} (of {video.created.date()})" in caught.value.message
    assert first.secret_hash not in str(caught.value)


def test_a_title_of_no_video_tells_those_like_it(call: Any, vimeo: Sandbox) -> None:
    _titled(vimeo, "Some rare dawn")
    with pytest.raises(InvalidInput, match="no video of the user's own named 'rare dawn'") as caught:
        call("vimeo_my_comments_find", videos=["rare dawn"])
    assert caught.value.hint == "There are 'Some rare dawn'."
    with pytest.raises(InvalidInput) as caught:
        call("vimeo_my_comments_find", videos=["nothing is called so"])
    assert "vimeo_my_videos_find" in caught.value.hint
