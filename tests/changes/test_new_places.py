"""A folder or showcase that a change makes for its videos: one call, made once, taken back when it is empty."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.changes.library import USER, Dying, Library, run_dying
from tests.examples import writes
from vimeo_toolkit import ApprovalRequired, InvalidInput, MissingScope, VimeoToolkit
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.catalog import names as names_module
from vimeo_toolkit.catalog.selection import find_tool
from vimeo_toolkit.sandbox import Sandbox, Video
from vimeo_toolkit.sandbox.state import Folder, Showcase

CHANGE, UNDO = "vimeo_videos_change", "vimeo_changes_undo"


def call(library: Library, tool: str, **given: Any) -> Any:
    return library.call(tool, **given).data


def places(library: Library) -> dict[str, list[str]]:
    """What is in the folders and showcases called New, by what they are."""
    user = library.vimeo.user
    found = {f"folder {each.id}": [v.name for v in user.videos if v.folder is each] for each in user.folders}
    found |= {f"showcase {each.id}": [v.name for v in each.videos] for each in user.showcases}
    named = {f"folder {each.id}" for each in user.folders if each.name == "New"}
    named |= {f"showcase {each.id}" for each in user.showcases if each.name == "New"}
    return {place.split()[0]: names for place, names in found.items() if place in named}


def put_into(library: Library, kind: str, video: Video) -> None:
    """Put a video into the place called New, as its owner would by hand."""
    user = library.vimeo.user
    if kind == "folder":
        video.folder = next(each for each in user.folders if each.name == "New")
    else:
        next(each for each in user.showcases if each.name == "New").videos.append(video)


@pytest.mark.parametrize("kind", ["folder", "showcase"])
def test_one_call_makes_it_and_its_undo_takes_it_away(library: Library, kind: str) -> None:
    library.fill(3)
    told = call(library, CHANGE, name_contains="Film", apply=True, **{f"new_{kind}": "New"})
    assert sorted(places(library)[kind]) == ["Film 0", "Film 1", "Film 2"]
    (made,) = told["made"]
    assert (made["name"], told["done"]) == ("New", 3)
    assert made["uri"].rpartition("/")[2] in made["link"]
    assert told["changes"][0]["change"].endswith("New")
    back = call(library, UNDO, plan_id=told["plan_id"])
    assert places(library) == {}
    assert back["places"] == [f"The {kind} New was made by the plan; it is empty and was deleted."]


@pytest.mark.parametrize("kind", ["folder", "showcase"])
def test_who_holds_back_deletions_is_asked_before_it_is_taken_away(
    library: Library, connection: Any, kind: str
) -> None:
    (video,) = library.fill(1)
    given = {"videos": [video.uri], "apply": True, f"new_{kind}": "New"}
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive") as toolkit:
        toolkit.import_token(identifier="u", access_token=library.vimeo.issue_token().access_token)
        made = toolkit.execute_tool(identifier="u", tool_name=CHANGE, tool_input=given)
        with pytest.raises(ApprovalRequired) as asked:
            toolkit.execute_tool(identifier="u", tool_name=UNDO, tool_input={"plan_id": made["plan_id"]})
    told = asked.value.planned.describe()
    assert f"The {kind} New, which the plan made, is deleted for ever unless something else is in it." in told
    assert "It can be undone" not in told
    assert set(places(library)) == {kind}


@pytest.mark.parametrize("kind", ["folder", "showcase"])
def test_what_is_not_empty_stays(library: Library, kind: str) -> None:
    mine, other = library.fill(2)
    told = call(library, CHANGE, videos=[mine.uri], apply=True, **{f"new_{kind}": "New"})
    put_into(library, kind, other)
    back = call(library, UNDO, plan_id=told["plan_id"])
    assert places(library) == {kind: [other.name]}
    assert back["places"] == [f"The {kind} New stays: there is something else in it."]


def test_a_plan_makes_nothing_and_says_what_is_new(library: Library) -> None:
    videos = library.fill(2)
    videos[0].view = "nobody"
    told = call(library, CHANGE, name_contains="Film", new_folder="New", new_showcase="New")
    assert {each["change"] for each in told["changes"]} == {
        "folder: none → New (new)",
        "into showcase New (new)",
    }
    assert "The folder New is made outside of all other folders." in told["notes"]
    (seen,) = (note for note in told["notes"] if note.startswith("The showcase New is made, and public"))
    assert "vimeo_showcase_edit" in seen
    assert any("Only you see such videos" in note for note in told["notes"])
    assert writes(library.vimeo) == []
    done = call(library, CHANGE, plan_id=told["plan_id"], apply=True)
    assert done["done"] == 2
    assert len(library.vimeo.requests) <= told["requests_at_most"] + 10
    assert set(places(library)) == {"folder", "showcase"}


@pytest.mark.parametrize("name", ["New", "new", " NEW "])
def test_a_name_that_is_taken_is_refused(library: Library, name: str) -> None:
    library.fill(1)
    now = library.vimeo.world.now()
    folder = Folder(library.vimeo.world.next_id(), library.vimeo.user, "New", now, now)
    library.vimeo.user.folders.append(folder)
    with pytest.raises(InvalidInput, match=f"{folder.id}.*") as refused:
        call(library, CHANGE, name_contains="Film", new_folder=name, apply=True)
    assert "move_to_folder" in refused.value.hint
    assert writes(library.vimeo) == []


@pytest.mark.parametrize("kind", ["folder", "showcase"])
def test_a_list_that_was_not_read_to_its_end_does_not_tell_that_it_is_new(
    library: Library, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of this name, or the one that was made before the work broke off, may be in the rest."""
    monkeypatch.setattr(names_module, "MOST_PAGES", 1)
    library.fill(1)
    world, user = library.vimeo.world, library.vimeo.user
    place: Any = Folder if kind == "folder" else Showcase
    there: list[Any] = user.folders if kind == "folder" else user.showcases
    there += [place(world.next_id(), user, f"Filler {n}", world.now(), world.now()) for n in range(101)]
    with pytest.raises(InvalidInput, match=f"not all {kind}s could be looked at"):
        call(library, CHANGE, name_contains="Film", apply=True, **{f"new_{kind}": "New"})
    assert writes(library.vimeo) == []


def test_where_a_folder_is_not_there_it_is_said_how_it_is_made(library: Library) -> None:
    library.fill(1)
    with pytest.raises(InvalidInput, match="new_folder makes a new one"):
        call(library, CHANGE, name_contains="Film", move_to_folder="To review", apply=True)
    assert writes(library.vimeo) == []


def test_nothing_is_made_where_nothing_is_meant(library: Library) -> None:
    told = call(library, CHANGE, name_contains="Nothing of this", new_showcase="New", apply=True)
    assert told["message"].startswith("No video was found")
    assert writes(library.vimeo) == []


def test_both_ways_at_once_are_refused_and_so_is_a_missing_scope(
    library: Library, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    library.fill(1)
    with pytest.raises(InvalidInput, match="or new_folder for one that is made"):
        call(library, CHANGE, name_contains="Film", new_folder="New", move_to_folder="none")
    token = vimeo.issue_token(scopes=["public", "private", "edit"]).access_token
    toolkit.import_token(identifier="reader", access_token=token)
    given = {"name_contains": "Film", "new_showcase": "New", "apply": True}
    with pytest.raises(MissingScope) as missing:
        toolkit.execute_tool(identifier="reader", tool_name=CHANGE, tool_input=given)
    assert list(missing.value.missing) == ["create"]


@pytest.mark.parametrize(
    ("given", "films"),
    [
        ({"sort": "most_plays", "limit": 2, "privacy": "anybody"}, ["Film 4", "Film 2"]),
        ({"sort": "fewest_plays", "limit": 2}, ["Film 0", "Film 1"]),
        ({"sort": "shortest", "limit": 1}, ["Film 5"]),
        ({"limit": 2}, ["Film 4", "Film 5"]),
        ({"sort": "name", "limit": 2, "min_plays": 20}, ["Film 2", "Film 3"]),
    ],
)
def test_the_first_few_of_an_order_come_in_it(
    library: Library, given: dict[str, Any], films: list[str]
) -> None:
    for place, video in enumerate(library.fill(6)):
        video.plays, video.duration = place * 10, 100 - place
        video.view = "nobody" if place in (3, 5) else "anybody"
        video.created = video.created.replace(year=2030, minute=place)
    library.vimeo.clock.advance(1)
    call(library, CHANGE, name_contains="Film", new_showcase="New", apply=True, **given)
    assert places(library)["showcase"] == films


def test_that_others_have_the_same_number_as_the_last_is_said(library: Library) -> None:
    for video in library.fill(3):
        video.plays = 7
    told = call(library, CHANGE, name_contains="Film", sort="most_plays", limit=2, add_tags=["best"])
    assert told["chosen"] == 2
    assert any("the same number as the last" in note for note in told["notes"])


@pytest.mark.parametrize(
    ("after", "step"),
    [
        (False, 9),
        pytest.param(False, 1, marks=pytest.mark.slow),
        pytest.param(True, 1, marks=pytest.mark.slow),
    ],
)
def test_it_is_made_once_wherever_the_work_breaks_off(library: Library, after: bool, step: int) -> None:
    library.fill(2)
    toolkit, fatal = library.toolkit, 5 - step
    tool = find_tool(CHANGE)
    while True:
        fatal += step
        plan = call(library, CHANGE, name_contains="Film", new_folder="New", new_showcase="New")
        given = {"plan_id": plan["plan_id"], "apply": True}
        io: Any = Dying(toolkit._blocking, fatal, after=after)
        died = run_dying(io, partial(toolkit._engine.run, spec=CallSpec(USER, tool, given)))
        told = call(library, CHANGE, **given)
        made = [each for each in library.vimeo.user.folders if each.name == "New"]
        shown = [each for each in library.vimeo.user.showcases if each.name == "New"]
        assert (len(made), len(shown)) == (1, 1), fatal
        assert {kind: sorted(names) for kind, names in places(library).items()} == {
            "folder": ["Film 0", "Film 1"],
            "showcase": ["Film 0", "Film 1"],
        }
        assert told.get("state") == "done", fatal
        call(library, UNDO, plan_id=plan["plan_id"])
        assert places(library) == {}, fatal
        if not died:
            break
    assert fatal > 8


@pytest.mark.parametrize("kind", ["folder", "showcase"])
@pytest.mark.parametrize("left", [False, True])
def test_undone_and_done_again_as_often_as_one_likes(library: Library, kind: str, *, left: bool) -> None:
    """What the undo deletes is made again, and taken away again; what somebody put something into is used."""
    *mine, other = library.fill(3)
    asked = {"videos": [video.uri for video in mine], "apply": True, f"new_{kind}": "New"}
    told = call(library, CHANGE, **asked)
    before = places(library)
    if left:
        put_into(library, kind, other)
    for _ in range(2):
        back = call(library, UNDO, plan_id=told["plan_id"])
        assert back["done"] == 2
        assert places(library) == ({kind: [other.name]} if left else {})
        told = call(library, UNDO, plan_id=back["plan_id"])
        assert told["done"] == 2
        names = before[kind] + [other.name] * left
        assert {place: sorted(there) for place, there in places(library).items()} == {kind: sorted(names)}
        assert [made["name"] for made in told.get("made", [])] == ["New"] * (not left)
