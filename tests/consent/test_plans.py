"""One question is about a whole plan, and what is agreed to is this plan and no other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.examples import writes
from vimeo_toolkit import ApprovalDenied, ApprovalRequired, Connection, InvalidInput, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox, User

NAME = "vimeo_videos_change"
Call = Callable[..., Any]


@pytest.fixture
def owner(vimeo: Sandbox) -> User:
    return vimeo.add_user("Busy", plan="standard", videos=[{"name": f"Film {n}"} for n in range(7)])


@pytest.fixture
def uris(owner: User) -> list[str]:
    return [video.uri for video in owner.videos]


@pytest.fixture
def toolkit(connection: Connection, vimeo: Sandbox, owner: User) -> Iterator[VimeoToolkit]:
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive") as made:
        for name in ("u", "v"):
            user = owner if name == "u" else None
            made.import_token(identifier=name, access_token=vimeo.issue_token(user=user).access_token)
        vimeo.requests.clear()
        yield made


@pytest.fixture
def call(toolkit: VimeoToolkit) -> Call:
    def called(who: str = "u", dry_run: bool = False, **given: Any) -> Any:
        return toolkit.execute_tool(identifier=who, tool_name=NAME, tool_input=given, dry_run=dry_run)

    return called


def refused(call: Call, **given: Any) -> ApprovalRequired:
    with pytest.raises(ApprovalRequired) as error:
        call(**given)
    return error.value


def test_a_plan_alone_needs_no_consent(call: Call, uris: list[str], vimeo: Sandbox) -> None:
    assert call(videos=uris, delete=True)["would_change"] == 7
    assert writes(vimeo) == []


def test_one_consent_covers_the_plan_which_is_found_again(
    call: Call, toolkit: VimeoToolkit, uris: list[str], owner: User, vimeo: Sandbox
) -> None:
    given = {"videos": uris, "set_privacy": "nobody", "add_tags": ["new"], "apply": True}
    asked = refused(call, **given)
    assert writes(vimeo) == []
    assert asked.planned.question == (
        "Change 7 videos (“Film 0”, “Film 1”, “Film 2”, “Film 3”, “Film 4” and 2 more)? "
        "Who can see it: from everyone to only you; new tag: “new”."
    )
    assert asked.planned.in_full[0].startswith("All 7 videos: “Film 0”, ")
    assert [each["videos"] for each in asked.planned.changes] == [7, 7]
    assert asked.planned.describe().endswith("It can be undone.")
    looks = len(vimeo.requests)
    assert refused(call, **given).approval_id == asked.approval_id
    assert len(vimeo.requests) == looks, "the plan is found, and not made anew"
    toolkit.approve(asked.approval_id, identifier="u")
    result = call(**given)
    assert result["done"] == 7
    assert {(video.view, *video.tags) for video in owner.videos} == {("nobody", "new")}
    # It is used up: the same words are a new plan, in which there is nothing left to do.
    assert call(**given)["would_change"] == 0


def test_a_person_reads_each_new_title_and_of_which_videos_a_part_is(
    call: Call, uris: list[str], owner: User
) -> None:
    owner.videos[1].view = "unlisted"
    asked = refused(call, videos=uris[:3], set_name="{n}. {name}", set_privacy="nobody", apply=True)
    assert asked.planned.question == (
        "Change 3 videos (“Film 0”, “Film 1” and “Film 2”)? Title: such as from “Film 0” to “1. Film 0”; "
        "who can see it: from everyone to only you (“Film 0” and “Film 2”); "
        "who can see it: from people with the link to only you (“Film 1”)."
    )
    assert asked.planned.in_full[0] == (
        "New titles: “Film 0” → “1. Film 0”, “Film 1” → “2. Film 1” and “Film 2” → “3. Film 2”"
    )


def test_what_changed_meanwhile_is_skipped_and_what_came_later_is_not_touched(
    call: Call, toolkit: VimeoToolkit, uris: list[str], owner: User, vimeo: Sandbox
) -> None:
    asked = refused(call, videos=uris, set_privacy="nobody", apply=True)
    owner.videos[2].view = "unlisted"
    toolkit.approve(asked.approval_id, identifier="u")
    result = call(videos=uris, set_privacy="nobody", apply=True)
    assert (result["done"], result["skipped"]) == (6, 1)
    assert owner.videos[2].view == "unlisted"


def test_consent_is_for_one_plan_and_by_its_id_too(
    call: Call, toolkit: VimeoToolkit, uris: list[str], owner: User
) -> None:
    plan = call(videos=uris[:2], delete=True)
    asked = refused(call, plan_id=plan["plan_id"], apply=True)
    assert asked.planned.question == "Permanently delete 2 videos (“Film 0” and “Film 1”)?"
    assert "It cannot be undone." in asked.planned.describe()
    toolkit.approve(asked.approval_id, identifier="u")
    other = refused(call, videos=uris[:3], delete=True, apply=True)
    assert other.approval_id != asked.approval_id
    assert len(owner.videos) == 7
    call(plan_id=plan["plan_id"], apply=True)
    assert len(owner.videos) == 5
    # What was begun with consent goes on without a new one.
    assert call(plan_id=plan["plan_id"], apply=True)["done"] == 2


def test_another_persons_plan_is_not_there(call: Call, uris: list[str]) -> None:
    plan = call(videos=uris, delete=True)
    with pytest.raises(InvalidInput, match="no plan of this id"):
        call(who="v", plan_id=plan["plan_id"], apply=True)


def test_a_plan_and_its_consent_end_with_the_account(
    call: Call, toolkit: VimeoToolkit, uris: list[str], vimeo: Sandbox
) -> None:
    asked = refused(call, videos=uris, delete=True, apply=True)
    toolkit.approve(asked.approval_id, identifier="u")
    other = vimeo.issue_token().access_token
    toolkit.import_token(identifier="u", access_token=other, allow_account_change=True)
    with pytest.raises(InvalidInput, match="no plan of this id"):
        call(plan_id=asked.planned.plan["plan_id"], apply=True)
    assert call(videos=uris, delete=True, apply=True)["would_change"] == 0  # they are another user's
    assert [request.path for request in writes(vimeo)] == ["/tokens"], "the former one was revoked"


def test_what_does_less_than_the_rule_holds_back_is_not_asked_about(
    call: Call, uris: list[str], owner: User
) -> None:
    assert call(videos=uris, watch_later=True, apply=True)["done"] == 7
    assert owner.watchlater == owner.videos


def test_an_old_plan_is_made_anew_before_it_is_asked_about_and_not_after(
    call: Call, toolkit: VimeoToolkit, uris: list[str], owner: User, vimeo: Sandbox
) -> None:
    given = {"videos": uris, "set_privacy": "nobody", "apply": True}
    first = refused(call, **given)
    vimeo.clock.advance(400)
    owner.videos[0].view = "nobody"
    call(videos=uris[:1], like=False)  # an answer tells Vimeo's time
    second = refused(call, **given)
    assert second.approval_id != first.approval_id
    assert second.planned.question.startswith("Change 6 videos")
    toolkit.approve(second.approval_id, identifier="u")
    vimeo.clock.advance(400)
    call(videos=uris[:1], like=False)
    assert call(**given)["done"] == 6


def test_an_old_look_is_not_taken_for_what_stands_there_now(
    call: Call, uris: list[str], owner: User, vimeo: Sandbox
) -> None:
    given = {"videos": uris, "add_tags": ["new"], "apply": True}
    for video in owner.videos:
        video.tags.append("new")
    assert call(**given)["would_change"] == 0
    owner.videos[0].tags.clear()
    assert call(**given)["done"] == 1
    call(**{**given, "watch_later": True, "apply": False})
    vimeo.clock.advance(400)
    call(videos=uris[:1], like=False)  # an answer tells Vimeo's time
    owner.videos[1].tags.clear()
    assert call(**given, watch_later=True)["done"] == 7
    assert owner.videos[1].tags == ["new"]


def test_a_dry_run_shows_the_plan_and_asks_where_it_would_be_asked_about(
    call: Call, toolkit: VimeoToolkit, uris: list[str], connection: Connection, vimeo: Sandbox, owner: User
) -> None:
    given = {"videos": uris, "delete": True, "apply": True}
    shown = call(dry_run=True, **given)
    assert shown["needs_approval"] is True
    assert shown["plan"]["would_change"] == 7
    assert shown["description"].startswith("Permanently delete 7 videos (")
    toolkit.approve(shown["approval_id"], identifier="u")
    assert call(**given)["done"] == 7
    with VimeoToolkit([connection], store="sqlite:///:memory:") as free:
        user = vimeo.add_user("Other", videos=[{"name": "A"}])
        free.import_token(identifier="u", access_token=vimeo.issue_token(user=user).access_token)
        given = {"videos": [user.videos[0].uri], "delete": True, "apply": True}
        shown = free.execute_tool(identifier="u", tool_name=NAME, tool_input=given, dry_run=True)
        assert shown["needs_approval"] is False
        assert "plan_id" not in shown["plan"]
    assert len(user.videos) == 1


def test_a_hook_is_asked_once_about_all_of_it(connection: Connection, vimeo: Sandbox, owner: User) -> None:
    asked: list[Any] = []

    async def confirm(planned: Any) -> bool | str:
        asked.append(planned)
        return len(asked) > 1 or "Not today."

    async def calls() -> Any:
        async with VimeoToolkit([connection], store="sqlite:///:memory:", confirm=confirm) as made:
            await made.aimport_token(identifier="u", access_token=vimeo.issue_token(user=owner).access_token)
            given = {"videos": [video.uri for video in owner.videos], "delete": True, "apply": True}
            with pytest.raises(ApprovalDenied, match="Not today"):
                await made.aexecute_tool(identifier="u", tool_name=NAME, tool_input=given)
            return await made.aexecute_tool(identifier="u", tool_name=NAME, tool_input=given)

    assert asyncio.run(calls())["done"] == 7
    assert [planned.plan["videos"] for planned in asked] == [7, 7]


def test_whoever_is_asked_within_the_call_is_asked_once(
    toolkit: VimeoToolkit, uris: list[str], owner: User
) -> None:
    (bound,) = toolkit.bind_tools(identifier="u", include=[NAME])
    given = {"videos": uris, "delete": True}
    asked: list[Any] = []

    async def ask(request: Any) -> bool:
        asked.append(request.question)
        return True

    shown = asyncio.run(bound.acall(given, ask=ask))
    assert not bound.holds_back(given)
    assert bound.holds_back({**given, "apply": True})
    done = asyncio.run(bound.acall({**given, "apply": True}, ask=ask))
    assert (shown.artifact["would_change"], done.artifact["done"]) == (7, 7)
    assert len(asked) == 1
    assert owner.videos == []
