"""What was done is taken back, as far as it can be, and what somebody else changed since stays."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.changes.library import USER, Dying, Library, run_dying
from vimeo_toolkit import InvalidInput, ToolResult
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.catalog.selection import find_tool
from vimeo_toolkit.changes.model import Edit
from vimeo_toolkit.sandbox import Video


def changed(library: Library, video: Video) -> tuple[Edit, ...]:
    user = library.vimeo.user
    return (
        Edit("name", video.name, f"{video.name} (2026)"),
        Edit("privacy", "anybody", "nobody"),
        Edit("tag", False, True, "new"),
        Edit("tag", True, False, "old"),
        Edit("folder", None, f"/users/{user.id}/projects/{user.folders[0].id}"),
        Edit("showcase", False, True, f"/users/{user.id}/albums/{user.showcases[0].id}"),
        Edit("watch_later", False, True),
    )


def undo(library: Library, plan_id: str, **more: Any) -> ToolResult:
    return library.call("vimeo_changes_undo", plan_id=plan_id, **more)


def stands(library: Library) -> list[Any]:
    user = library.vimeo.user
    return [
        (
            video.name,
            video.view,
            sorted(video.tags),
            video.folder,
            [showcase.id for showcase in user.showcases if video in showcase.videos],
            video in user.watchlater,
        )
        for video in library.videos
    ]


def test_all_that_was_done_is_taken_back_and_can_be_done_again(library: Library) -> None:
    library.fill(3, tags=["old"])
    before = stands(library)
    plan_id = library.plan(lambda video: changed(library, video))
    library.apply(plan_id)
    after = stands(library)
    assert all(one != other for one, other in zip(before, after, strict=True))
    result = undo(library, plan_id)
    assert (result["done"], result["of"], result["undoes"]) == (3, 3, plan_id)
    assert stands(library) == before
    undo(library, result["plan_id"])
    assert stands(library) == after, "a plan that takes back can be taken back"


def test_what_somebody_changed_since_stays_and_is_named(library: Library) -> None:
    videos = library.fill(3, tags=["old"])
    plan_id = library.plan(lambda video: changed(library, video))
    library.apply(plan_id)
    videos[0].name = "Somebody's"
    library.vimeo.world.remove_video(videos[1])
    result = undo(library, plan_id)
    assert (videos[0].name, videos[0].view) == ("Somebody's", "anybody"), "the rest of it is taken back"
    assert (result["done"], result["skipped"]) == (2, 1)
    why = {each["uris"][0]: each.get("why", "") for each in result["videos"]}
    assert "The title stays: it was changed meanwhile." in why[f"/videos/{videos[0].id}"]
    assert "not there" in why[f"/videos/{videos[1].id}"]


def test_some_videos_first_and_the_rest_later(library: Library) -> None:
    videos = library.fill(3, tags=["old"])
    before = stands(library)
    plan_id = library.plan(lambda video: changed(library, video))
    library.apply(plan_id)
    assert undo(library, plan_id, videos=[f"/videos/{videos[1].id}"])["done"] == 1
    assert [one == other for one, other in zip(before, stands(library), strict=True)] == [False, True, False]
    assert undo(library, plan_id)["done"] == 2
    assert stands(library) == before
    with pytest.raises(InvalidInput, match="not all of these"):
        undo(library, plan_id, videos=["/videos/1"])


def test_what_was_not_done_or_cannot_come_back(library: Library) -> None:
    library.fill(2)
    plan_id = library.plan(
        lambda video: (Edit("video", True, False, undoable=False, why_not="It is deleted for ever."),)
    )
    with pytest.raises(InvalidInput, match=r"Nothing of plan .* was done"):
        undo(library, plan_id)
    library.apply(plan_id)
    with pytest.raises(InvalidInput, match="deleted for ever"):
        undo(library, plan_id)
    with pytest.raises(InvalidInput, match="no plan of this id"):
        undo(library, "p00000000")


@pytest.mark.parametrize("after", [pytest.param(False, marks=pytest.mark.slow), True])
def test_a_process_that_ends_while_it_takes_back(library: Library, after: bool) -> None:
    fatal = 0
    while True:
        fatal += 1
        library.fill(1, tags=["old"])
        before = stands(library)
        plan_id = library.plan(lambda video: changed(library, video))
        library.apply(plan_id)
        library.vimeo.requests.clear()
        spec = CallSpec(USER, find_tool("vimeo_changes_undo"), {"plan_id": plan_id})
        io = Dying(library.toolkit._blocking, fatal, after=after)
        if not run_dying(io, lambda io, spec=spec: library.toolkit._engine.run(io, spec)):  # type: ignore[misc]
            break
        undo(library, plan_id)
        assert stands(library) == before
        assert not {name: count for name, count in library.sent().items() if count > 1}
    assert fatal > 10


SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 12))]


@pytest.mark.parametrize("seed", SEEDS)
def test_of_any_plan_comes_back_what_it_called_undoable(library: Library, seed: int) -> None:
    """And nothing else of these videos is changed by the way."""
    dice, user, toolkit = random.Random(seed), library.vimeo.user, library.toolkit
    mine = dice.sample(user.videos, 20)
    for video in mine:
        if dice.random() < 0.5:
            video.embed, video.embed_domains = "whitelist", ["a.example.com"]
        if dice.random() < 0.3:
            video.license = video.description = None
        if dice.random() < 0.3:
            user.watchlater.append(video)
    others = [video for video in library.vimeo.world.videos.values() if video.user is not user][:4]
    library.videos = mine + [video for video in others if video.view == "anybody"]
    before = facts(library)
    given = {
        "videos": [video.uri for video in library.videos],
        "set_name": "{n} {name}",
        "set_description": "{description} and more",
        "set_privacy": dice.choice(["anybody", "nobody", "unlisted"]),
        "set_license": dice.choice(["by", "cc0"]),
        "add_tags": ["x", "y"],
        "remove_tags": ["sea"],
        "move_to_folder": dice.choice(["none", str(user.folders[1].id)]),
        "add_to_showcases": [str(user.showcases[0].id)],
        "remove_from_showcases": [str(user.showcases[1].id)],
        "add_embed_domains": ["b.example.com", "c.example.com"],
        "remove_embed_domains": ["a.example.com"],
        "watch_later": True,
    }
    call: Any = {"identifier": "user_1", "tool_name": "vimeo_videos_change"}
    plan_id = toolkit.execute_tool(**call, tool_input=given)["plan_id"]
    assert facts(library) == before, "a plan changes nothing"
    account = toolkit.apply_plan(plan_id, identifier="user_1")
    assert account["done"] == account["of"] > 20
    plan = toolkit.get_plan(plan_id, identifier="user_1")
    kept = {
        (int(video.uri.split("/")[2].partition(":")[0]), edit.kind)
        for video in plan.videos
        for edit in video.edits
        if not edit.undoable
    }
    assert undo(library, plan_id)["done"] == account["of"]
    after = facts(library)
    assert {key for key, value in before.items() if after[key] != value} == kept


def facts(library: Library) -> dict[tuple[int, str], Any]:
    user = library.vimeo.user
    found: dict[tuple[int, str], Any] = {}
    for video in library.videos:
        shown: dict[str, Any] = {
            "name": video.name,
            "description": video.description or None,
            "privacy": video.view,
            "license": video.license,
            "tag": sorted(video.tags),
            "embed_domain": sorted(video.embed_domains),
            "folder": video.folder and video.folder.id,
            "showcase": sorted(showcase.id for showcase in user.showcases if video in showcase.videos),
            "watch_later": video in user.watchlater,
        }
        found |= {(video.id, kind): value for kind, value in shown.items()}
    return found
