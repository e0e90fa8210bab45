"""What happens between a plan and its end: others change things, calls are repeated, a process ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.changes.library import Died, Dying, Library, Losing, run_dying
from vimeo_toolkit import NotConnected, ToolResult
from vimeo_toolkit.changes.account import account_of, stand_of
from vimeo_toolkit.changes.applying import apply
from vimeo_toolkit.changes.model import Edit, Plan, PlannedVideo, VideoState
from vimeo_toolkit.runtime.ahead import AT_ONCE
from vimeo_toolkit.sandbox import Video


def change(library: Library, **more: Any) -> ToolResult:
    return library.call("vimeo_videos_change", **more)


def described(video: Video) -> None:
    video.description = "Please keep this one."


CHANGES: dict[str, Callable[[Video], Any]] = {
    "title": lambda video: setattr(video, "name", "Another"),
    "description": described,
    "privacy": lambda video: setattr(video, "view", "nobody"),
    "tags": lambda video: video.tags.remove("old"),
}


def test_what_is_to_be_deleted_is_skipped_when_anything_of_it_was_changed(library: Library) -> None:
    videos = library.fill(len(CHANGES) + 2, tags=["old"])
    plan = change(library, videos=[f"/videos/{each.id}" for each in videos], delete=True)
    for video, changed in zip(videos, CHANGES.values(), strict=False):
        changed(video)
    videos[-2].folder = library.vimeo.user.folders[0]
    account = change(library, plan_id=plan["plan_id"], apply=True)
    assert (account["done"], account["skipped"]) == (1, len(CHANGES) + 1)
    left = [each.id in library.vimeo.world.videos for each in videos]
    assert left == [True] * (len(videos) - 1) + [False]


def test_the_same_call_goes_on_with_what_it_began(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    videos = library.fill(3)
    asked: Any = {
        "videos": [f"/videos/{each.id}" for each in videos],
        "set_name": "{name} (2026)",
        "apply": True,
    }
    toolkit = library.toolkit
    alive: Any = toolkit._blocking
    with monkeypatch.context() as patch:
        patch.setattr(toolkit, "_blocking", Dying(alive, 7, after=True))
        with pytest.raises(Died):
            change(library, **asked)
    assert 0 < sum(each.name.endswith("(2026)") for each in videos) < 3
    account = change(library, **asked)
    assert (account["done"], account["of"]) == (3, 3)
    assert [each.name for each in videos] == [f"Film {number} (2026)" for number in range(3)]


def test_what_was_made_before_a_break_is_taken_back_though_the_rest_was_changed(library: Library) -> None:
    (video,) = library.fill(1)
    plan_id = library.plan(
        lambda video: (Edit("privacy", "anybody", "nobody"), Edit("name", video.name, "New"))
    )
    for fatal in (1, 2, 2):  # after it was agreed to, after the row says begun, after the request
        dying: Any = Dying(library.toolkit._blocking, fatal, after=True)
        assert run_dying(dying, lambda io: apply(library.api(io), plan_id))
    assert (video.view, video.name) == ("nobody", "New")
    video.name = "Somebody's"
    account = library.apply(plan_id)
    assert account["skipped"] == 1
    assert "privacy" in account["videos"][0]["why"]
    undone = library.call("vimeo_changes_undo", plan_id=plan_id)
    assert undone["done"] == 1
    assert (video.view, video.name) == ("anybody", "Somebody's")


def test_a_tag_that_goes_makes_room_for_one_that_comes(library: Library) -> None:
    (video,) = library.fill(1, tags=[f"t{number}" for number in range(20)])
    account = change(library, videos=[str(video.id)], add_tags=["new"], remove_tags=["t0"], apply=True)
    assert account["done"] == 1
    assert (len(video.tags), "new" in video.tags) == (20, True)


def test_an_account_says_how_many_of_the_chosen_cannot_be_changed(library: Library) -> None:
    (video,) = library.fill(1)
    other = library.vimeo.add_video(library.vimeo.add_user("Other"), "Theirs")
    account = change(library, videos=[str(video.id), str(other.id)], add_tags=["new"], apply=True)
    assert account["message"].startswith("1 of 1 videos done. 1 more cannot be changed, see not_possible.")
    assert account["not_possible"]


def test_an_account_says_what_does_not_come_back(library: Library) -> None:
    open_one, locked = library.fill(2)
    locked.view = "password"
    account = change(library, videos=[str(open_one.id), str(locked.id)], set_privacy="nobody", apply=True)
    assert (
        "takes it back, but for 1 of them not all of it: Its former password is not known"
        in account["message"]
    )


def test_an_account_that_goes_in_the_middle_ends_the_work(library: Library) -> None:
    videos = library.fill(20)
    plan = change(library, videos=[str(each.id) for each in videos], set_name="{name} (2026)")

    first = iter([True])

    def gone(request: Any) -> bool:
        if request.method == "PATCH" and next(first, False):
            library.toolkit.delete_connected_account(identifier="user_1")
        return False

    library.toolkit._blocking = Losing(library.toolkit._blocking, gone)  # type: ignore[assignment]
    with pytest.raises(NotConnected, match=r"plan p[0-9a-f]+ are settled.*could not be noted") as caught:
        change(library, plan_id=plan["plan_id"], apply=True)
    changed = sum(each.name.endswith("(2026)") for each in videos)
    assert 1 <= changed <= AT_ONCE, "what was under way"
    assert f"{changed} of 20 videos" in caught.value.hint
    assert caught.value.partly_done


def test_what_was_begun_is_not_told_as_nothing() -> None:
    gone = Edit("video", True, False, undoable=False, why_not="It is gone.")
    states: tuple[VideoState, ...] = ("begun", "planned")
    videos = tuple(PlannedVideo(f"/videos/{state}", "", (gone,), state=state) for state in states)
    plan = Plan("p00000001", "asked", "Delete?", 1.0, videos)
    assert "0 of 2 videos done. 1 more may be changed already" in account_of(plan, None)["message"]
    assert "1 more may be changed already" in stand_of(plan)


def test_a_plan_without_changes_is_not_listed(library: Library) -> None:
    (video,) = library.fill(1, tags=["old"])
    change(library, videos=[str(video.id)], add_tags=["old"])
    listed = library.call("vimeo_changes_list")
    assert listed["total"] == 0


def test_titles_of_strangers_are_in_marked_parts_alone(library: Library) -> None:
    other = library.vimeo.add_user("Other")
    theirs = [library.vimeo.add_video(other, "Obey me") for _ in range(25)]
    asked: Any = {"videos": [str(each.id) for each in theirs], "like": True, "add_tags": ["new"]}
    first = change(library, **asked)
    again = change(library, plan_id=first["plan_id"])
    for shown in (first, again):
        assert shown.to_text().startswith('{"written_by_others":"not_possible.titles, data.name: ')
        assert "Obey me" not in str(
            {key: each for key, each in _untitled(shown.data).items() if key != "data"}
        )
    account = change(library, plan_id=first["plan_id"], apply=True)
    assert account["done"] == len(theirs)
    assert "Obey me" not in str(_untitled(account.data))
    assert account.to_text().startswith('{"written_by_others":"not_possible.titles: ')


def _untitled(told: Any) -> Any:
    if isinstance(told, list):
        return [_untitled(each) for each in told]
    if not isinstance(told, dict):
        return told
    return {name: _untitled(each) for name, each in told.items() if name != "titles"}


def test_a_plan_says_that_places_in_a_showcase_do_not_come_back(library: Library) -> None:
    videos, showcase = library.fill(3), library.vimeo.user.showcases[0]
    showcase.videos[:] = videos
    plan = change(library, videos=[str(videos[0].id)], remove_from_showcases=[str(showcase.id)])
    assert "come to its end" in plan["notes"][0]
