"""A plan is applied once, whatever happens: in few requests, within the limit, and to its end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.changes.library import Dying, Library, Losing, run_dying
from vimeo_toolkit import MissingScope
from vimeo_toolkit.changes.applying import apply
from vimeo_toolkit.changes.model import Edit
from vimeo_toolkit.changes.sending import SILENT
from vimeo_toolkit.runtime.ahead import AT_ONCE
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.sandbox import Video


def renamed(video: Video) -> tuple[Edit, ...]:
    return (Edit("name", video.name, f"{video.name} (2026)"),)


def test_all_kinds_in_the_fewest_requests(library: Library) -> None:
    videos = library.fill(3, tags=["old"], embed="whitelist")
    user = library.vimeo.user
    folder, showcase = user.folders[0], user.showcases[0]
    into = f"/users/{user.id}/projects/{folder.id}"
    place = f"/users/{user.id}/albums/{showcase.id}"
    plan_id = library.plan(
        lambda video: (
            *renamed(video),
            Edit("privacy", "anybody", "nobody"),
            Edit("description", None, "New words"),
            Edit("tag", False, True, "one"),
            Edit("tag", False, True, "two"),
            Edit("tag", True, False, "old"),
            Edit("embed_domain", False, True, "example.com"),
            Edit("folder", None, into),
            Edit("showcase", False, True, place),
            Edit("watch_later", False, True),
        )
    )
    library.vimeo.requests.clear()
    account = library.apply(plan_id)
    assert account["message"].startswith("3 of 3 videos done.")
    for video in videos:
        assert (video.name[-6:], video.view, video.description) == ("(2026)", "nobody", "New words")
        assert sorted(video.tags) == ["one", "two"]
        assert video.embed_domains == ["example.com"]
        assert video.folder is folder
        assert video in showcase.videos
        assert video in user.watchlater
    sent = library.sent()
    for video in videos:
        assert sent[f"PATCH /videos/{video.id}"] == 1
        assert sent[f"PUT /videos/{video.id}/tags"] == 1
    assert sent[f"PUT /me/projects/{folder.id}/videos"] == 1
    assert not [each for each in sent.values() if each > 1]
    plan = library.load(plan_id)
    assert all(edit.done for video in plan.videos for edit in video.edits)
    library.vimeo.requests.clear()
    assert library.apply(plan_id)["state"] == "done"
    assert not library.vimeo.requests, "what is done is not looked at again"


def test_what_changed_meanwhile_is_skipped_and_said(library: Library) -> None:
    videos = library.fill(4)
    plan_id = library.plan(lambda video: (*renamed(video), Edit("privacy", "anybody", "nobody")))
    videos[0].name = "Somebody's"
    videos[1].name += " (2026)"
    library.vimeo.world.remove_video(videos[2])
    account = library.apply(plan_id)
    assert (account["done"], account["skipped"]) == (2, 2)
    assert (videos[0].name, videos[0].view) == ("Somebody's", "anybody"), "nothing of it was touched"
    why = {each["uris"][0]: each["why"] for each in account["videos"] if each["state"] == "skipped"}
    assert "title was changed" in why[f"/videos/{videos[0].id}"]
    assert "not there any more" in why[f"/videos/{videos[2].id}"]
    second = library.load(plan_id).videos[1]
    assert [edit.kind for edit in second.edits] == ["privacy"], (
        "what somebody else did is not ours to take back"
    )
    assert second.same == ("title",)


def test_one_that_fails_does_not_stop_the_rest(library: Library) -> None:
    videos = library.fill(3)
    place = f"/users/{library.vimeo.user.id}/albums/{library.vimeo.user.showcases[0].id}"
    plan_id = library.plan(
        lambda video: (
            Edit("name", video.name, "x" * 200) if video is videos[1] else renamed(video)[0],
            Edit("showcase", False, True, place),
        )
    )
    account = library.apply(plan_id)
    assert (account["done"], account["failed"], account["state"]) == (2, 1, "done")
    failed = library.load(plan_id).videos[1]
    assert "title" in failed.why
    assert [edit.done for edit in failed.edits] == [False, True], "and the rest of it was done"


def test_deletions_are_looked_at_and_titles_compared(library: Library) -> None:
    videos = library.fill(4)
    plan_id = library.plan(lambda video: (Edit("video", True, False, undoable=False, why_not="It is gone."),))
    videos[3].name = "Called otherwise now"
    account = library.apply(plan_id)
    assert (account["done"], account["skipped"]) == (3, 1)
    assert [each.id in library.vimeo.world.videos for each in videos] == [False, False, False, True]
    assert library.sent()["DELETE /me/videos"] == 1
    assert "takes it back" not in account["message"]


@pytest.mark.parametrize("many", [False, True])
def test_a_showcase_is_emptied_of_some_and_keeps_the_others(library: Library, many: bool) -> None:
    videos = library.fill(14 if many else 2)
    stays = library.vimeo.add_video(library.vimeo.user, "Stays")
    showcase = library.vimeo.user.showcases[0]
    showcase.videos[:] = [*videos, stays]
    place = f"/users/{library.vimeo.user.id}/albums/{showcase.id}"
    plan_id = library.plan(lambda video: (Edit("showcase", True, False, place),))
    assert library.apply(plan_id)["done"] == len(videos)
    assert showcase.videos == [stays]
    assert sum(library.sent().values()) == (1 if many else 2)


def test_the_users_limit_ends_a_call_and_not_the_plan(library: Library) -> None:
    library.vimeo.user.plan = "free"
    library.fill(60)
    library.toolkit.__dict__["_context"] = replace(
        library.toolkit._context, policy=replace(library.toolkit._context.policy, max_wait=0.0)
    )
    plan_id = library.plan(renamed)
    library.toolkit._engine.ctx = library.toolkit._context
    account = library.apply(plan_id)
    assert account["state"] == "begun"
    assert 0 < account["done"] < 60
    assert account["left"] == 60 - account["done"]
    assert 0 < account["continue_in_seconds"] <= 61
    assert plan_id in account["message"]
    assert not [each for each in library.vimeo.requests if each.status == 429]
    states = {video.state for video in library.load(plan_id).videos}
    assert states == {"done", "planned"}, "what was not sent is known not to be"


def test_missing_scope_stops_and_keeps_what_was_done(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.fill(12)
    plan_id = library.plan(lambda video: (*renamed(video), Edit("watch_later", False, True)))
    for token in library.vimeo.world.tokens.values():
        token.scopes = frozenset(scope for scope in token.scopes if scope != "interact")
    with pytest.raises(MissingScope, match="interact") as caught:
        library.apply(plan_id)
    assert plan_id in caught.value.hint
    videos = library.load(plan_id).videos
    states = [video.state for video in videos]
    assert "begun" in states[:AT_ONCE], "those that were under way"
    assert set(states[AT_ONCE:]) == {"planned"}
    assert sum(video.edits[0].done for video in videos) == sum(library.sent().values())


def test_only_one_works_on_a_plan(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.fill(1)
    plan_id = library.plan(renamed)
    api = library.api()

    async def nested() -> dict[str, Any]:
        async with library.api().plans.lease(plan_id) as mine:
            assert mine
            return await apply(api, plan_id)

    async def soon(seconds: float) -> None:
        pass

    monkeypatch.setattr(type(api), "sleep", lambda self, seconds: soon(seconds))
    account = run_sync(nested())
    assert "Another call is applying" in account["why"]
    assert not library.sent()
    assert library.apply(plan_id)["done"] == 1


@pytest.mark.parametrize("after", [pytest.param(False, marks=pytest.mark.slow), True])
def test_a_process_that_ends_anywhere_leaves_nothing_out_and_does_nothing_twice(
    library: Library, after: bool
) -> None:
    user = library.vimeo.user
    place = f"/users/{user.id}/albums/{user.showcases[0].id}"
    into = f"/users/{user.id}/projects/{user.folders[0].id}"
    fatal = died = 0
    while True:
        fatal += 1
        videos = library.fill(2)
        plan_id = library.plan(
            lambda video: (
                *renamed(video),
                Edit("tag", False, True, "new"),
                Edit("folder", None, into),
                Edit("watch_later", False, True),
                Edit("showcase", False, True, place),
            )
        )
        library.vimeo.requests.clear()
        deaths = [
            run_dying(
                Dying(library.toolkit._blocking, at, after=after),
                lambda io, plan_id=plan_id: apply(library.api(io), plan_id),  # type: ignore[misc]
            )
            for at in (fatal, 1 + fatal % 4, fatal + 1)  # the second time soon after it has looked
        ]
        if not deaths[0]:
            break
        died += sum(deaths)
        account = library.apply(plan_id)
        assert (account["done"], account["state"]) == (2, "done")
        assert [(video.name[-6:], video.tags) for video in videos] == [("(2026)", ["new"])] * 2
        assert {video.folder for video in videos} == {user.folders[0]}
        assert not {name: count for name, count in library.sent().items() if count > 1}
        assert all(edit.done for video in library.load(plan_id).videos for edit in video.edits)
    assert died > 20


def test_an_answer_that_is_lost_is_looked_for(library: Library) -> None:
    videos = library.fill(3)
    plan_id = library.plan(lambda video: (*renamed(video), Edit("tag", False, True, "new")))
    gone = iter([True])
    io: Any = Losing(
        library.toolkit._blocking, lambda request: request.method == "PATCH" and next(gone, False)
    )
    assert library.apply(plan_id, io)["done"] == 3
    assert [video.name[-6:] for video in videos] == ["(2026)"] * 3
    assert set(library.sent().values()) == {1}


def test_a_vimeo_that_does_not_answer_ends_the_call_and_not_the_plan(library: Library) -> None:
    library.fill(16)
    plan_id = library.plan(renamed)
    io: Any = Losing(library.toolkit._blocking, lambda request: request.method == "PATCH")
    account = library.apply(plan_id, io)
    assert (account["done"], account["left"]) == (0, 16)
    assert "did not answer" in account["why"]
    states = [video.state for video in library.load(plan_id).videos]
    most = AT_ONCE + SILENT - 1
    assert SILENT <= states.count("begun") <= most
    assert set(states[most:]) == {"planned"}, "it began nothing more"
    assert library.apply(plan_id)["done"] == 16
    assert set(library.sent().values()) == {1}


def test_a_limit_that_others_used_up_is_no_error(library: Library) -> None:
    library.vimeo.user.plan = "free"
    library.fill(2)
    plan_id = library.plan(renamed)
    window = library.vimeo.user.window
    window.ends, window.used = library.vimeo.clock.seconds() + 40, 50
    account = library.apply(plan_id)
    assert (account["done"], account["state"]) == (0, "begun")
    assert 30 < account["continue_in_seconds"] <= 41
    assert "limit" in account["why"]


@pytest.mark.parametrize("after", [False, True])
def test_a_process_that_ends_while_it_deletes(library: Library, after: bool) -> None:
    fatal = 0
    while True:
        fatal += 1
        library.fill(2)
        plan_id = library.plan(lambda video: (Edit("video", True, False, undoable=False, why_not="Gone."),))
        library.vimeo.requests.clear()
        io = Dying(library.toolkit._blocking, fatal, after=after)
        if not run_dying(io, lambda io, plan_id=plan_id: apply(library.api(io), plan_id)):  # type: ignore[misc]
            break
        account = library.apply(plan_id)
        assert (account["done"], account["state"]) == (2, "done")
        assert not [video for video in library.videos if video.id in library.vimeo.world.videos]
        assert library.sent() == {"DELETE /me/videos": 1}
    assert fatal > 5
