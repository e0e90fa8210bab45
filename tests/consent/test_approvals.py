"""Approvals as rows: for one call, one user, so many times and so long."""

from __future__ import annotations

from typing import Any

import pytest

from tests.consent.subjects import OWNER, subject, values_of
from tests.unit.world import USER, World
from vimeo_toolkit import InvalidInput
from vimeo_toolkit.calls.approvals import (
    LASTS,
    WAITS,
    Subject,
    UsedApproval,
    approve,
    asked_about,
    give_back,
    hold,
    take,
)
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.blocking import run_sync


def used_up(world: World, times: int = 1) -> UsedApproval:
    """Approve the call so many times, and use one of them."""
    vault = world.context().vault
    run_sync(approve(vault, world, run_sync(hold(vault, world, subject())), USER, times))
    used, _ = run_sync(take(vault, world, subject()))
    assert used is not None
    return used


def test_each_part_of_a_subject_makes_another_one() -> None:
    first = subject()
    assert (first.key, first.call, first.digest) == (subject().key, subject().call, subject().digest)
    assert (len(first.key.name), first.key.kind, first.key.connection) == (22, "approval", "vimeo")
    assert first.identifier == "u"
    for other in (
        subject(Owner(Identity("vimeo", "v"), OWNER.generation)),
        subject(Owner(Identity("other", "u"), OWNER.generation)),
        subject(video_id="2"),
        Subject(OWNER, values_of("vimeo_video_like", video_id="1"), "there"),
    ):
        assert other.key != first.key
        assert other.call != first.call
    for other in (subject(Owner(USER, "2.5 /users/8")), subject(digest="else")):
        assert (other.key, other.call) == (first.key, first.call)
        assert other.digest != first.digest


def test_a_password_is_in_the_call_and_not_in_its_address() -> None:
    edit = catalog()["vimeo_video_edit"]
    name = next(iter(edit.secret_inputs))
    inputs = {"video_id": "1", "privacy_view": "password"}
    subjects = [
        Subject(OWNER, edit.validate({**inputs, name: password}), "there") for password in ("one", "two")
    ]
    assert subjects[0].key == subjects[1].key
    assert subjects[0].call != subjects[1].call


def test_one_id_while_the_call_waits_and_another_when_something_changed() -> None:
    world = World()
    ctx = world.context()
    first = run_sync(hold(ctx.vault, world, subject()))
    assert len(first) == 32
    assert run_sync(hold(ctx.vault, world, subject())) == first
    changed = run_sync(hold(ctx.vault, world, subject(digest="else")))
    assert changed != first
    assert changed[:22] == first[:22]
    world.time += WAITS - 1
    assert run_sync(hold(ctx.vault, world, subject(digest="else"))) == changed
    world.time += 1
    assert run_sync(hold(ctx.vault, world, subject(digest="else"))) != changed


def test_the_question_is_kept_for_whom_it_is_and_while_the_call_waits() -> None:
    world = World()
    vault = world.context().vault
    approval = run_sync(hold(vault, world, subject(), "Delete it?"))
    assert run_sync(asked_about(vault, world, approval, USER)) == "Delete it?"
    for wrong, whose in ((approval, Identity("vimeo", "v")), (approval[:-1] + "x", USER), ("", USER)):
        with pytest.raises(InvalidInput, match="No call of this user waits"):
            run_sync(asked_about(vault, world, wrong, whose))
    world.time += WAITS
    with pytest.raises(InvalidInput):
        run_sync(asked_about(vault, world, approval, USER))
    assert run_sync(asked_about(vault, world, run_sync(hold(vault, world, subject())), USER)) == ""


@pytest.mark.parametrize("times", [0, 101, True, 1.0, "1"])
def test_times_is_a_number_within_bounds(times: Any) -> None:
    world = World()
    with pytest.raises(InvalidInput, match="times"):
        run_sync(approve(world.context().vault, world, "x" * 32, USER, times))


@pytest.mark.parametrize("times", [1, 2, 100])
def test_as_many_calls_as_were_granted(times: int) -> None:
    world = World()
    vault = world.context().vault
    approval = run_sync(hold(vault, world, subject()))
    run_sync(approve(vault, world, approval, USER, times))
    run_sync(approve(vault, world, approval, USER, times))  # delivered twice
    for _ in range(times):
        found, void = run_sync(take(vault, world, subject()))
        assert found is not None
        assert not void
    assert run_sync(take(vault, world, subject())) == (None, False)


def test_what_was_used_up_is_not_granted_again_and_more_times_are_added() -> None:
    world = World()
    vault = world.context().vault
    approval = run_sync(hold(vault, world, subject()))
    run_sync(approve(vault, world, approval, USER, 2))
    assert run_sync(take(vault, world, subject()))[0]
    run_sync(approve(vault, world, approval, USER, 2))
    run_sync(approve(vault, world, approval, USER, 3))
    assert [run_sync(take(vault, world, subject()))[0] is not None for _ in range(3)] == [True, True, False]


def test_an_id_is_of_its_user_and_not_for_ever() -> None:
    world = World()
    vault = world.context().vault
    approval = run_sync(hold(vault, world, subject()))
    wrong = [
        approval[:-1] + ("x" if approval[-1] != "x" else "y"),
        approval + "x",
        approval[:-1],
        "é" * 32,
        7,
    ]
    for other in wrong:
        with pytest.raises(InvalidInput, match="under this id"):
            run_sync(approve(vault, world, other, USER))  # type: ignore[arg-type]
    for identity in (Identity("vimeo", "v"), Identity("other", "u")):
        with pytest.raises(InvalidInput, match="under this id"):
            run_sync(approve(vault, world, approval, identity))
    world.time += WAITS
    with pytest.raises(InvalidInput, match="under this id"):
        run_sync(approve(vault, world, approval, USER))


def test_a_grant_lasts_ten_minutes() -> None:
    for passed, lasts in ((LASTS - 1, True), (LASTS, False)):
        world = World()
        vault = world.context().vault
        run_sync(approve(vault, world, run_sync(hold(vault, world, subject())), USER))
        world.time += passed
        assert (run_sync(take(vault, world, subject()))[0] is not None) is lasts


def test_a_grant_for_what_has_changed_is_void_and_says_so() -> None:
    world = World()
    vault = world.context().vault
    assert run_sync(take(vault, world, subject())) == (None, False)
    approval = run_sync(hold(vault, world, subject()))
    assert run_sync(take(vault, world, subject())) == (None, False)
    run_sync(approve(vault, world, approval, USER))
    assert run_sync(take(vault, world, subject(digest="else"))) == (None, True)
    assert run_sync(take(vault, world, subject(Owner(USER, "2.5 /users/8")))) == (None, True)
    assert run_sync(take(vault, world, subject()))[0] is not None


@pytest.mark.parametrize("times", [1, 2])
def test_an_approval_is_given_back_within_its_time(times: int) -> None:
    for passed, back in ((LASTS - 1, True), (LASTS, False)):
        world = World()
        vault = world.context().vault
        used = used_up(world, times)
        world.time += passed
        run_sync(give_back(vault, world, used))
        count = 0
        while run_sync(take(vault, world, subject()))[0] is not None:
            count += 1
        assert count == (times if back else 0)


def test_nothing_is_given_back_after_another_question_about_the_call() -> None:
    world = World()
    vault = world.context().vault
    used = used_up(world)
    asked = run_sync(hold(vault, world, subject(digest="else")))
    run_sync(give_back(vault, world, used))
    assert run_sync(take(vault, world, subject())) == (None, False)
    assert run_sync(hold(vault, world, subject(digest="else"))) == asked


def test_what_is_given_back_is_under_the_id_that_waits_now() -> None:
    world = World()
    vault = world.context().vault
    used = used_up(world)
    asked = run_sync(hold(vault, world, subject()))
    run_sync(give_back(vault, world, used))
    assert run_sync(hold(vault, world, subject())) == asked
    assert run_sync(take(vault, world, subject()))[0] is not None
