"""Plans in the store: what was saved is found, and nobody else's, and not for ever."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.unit.world import USER, World
from vimeo_toolkit import Identity
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.disconnecting import delete_account
from vimeo_toolkit.changes.model import Edit, Plan, PlannedVideo
from vimeo_toolkit.changes.rows import VIDEOS_A_ROW, Plans
from vimeo_toolkit.changes.summaries import MOST
from vimeo_toolkit.errors import InvalidInput, NotConnected, StoreError
from vimeo_toolkit.identity import Owner
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.protocol import Key

DAY = 86_400.0


def plan_of(
    plans: Plans, count: int, *, text: str = "before", asked: str = "digest", at: float = 1.0
) -> Plan:
    videos = tuple(
        PlannedVideo(f"/videos/{number}", f"Film {number}", (Edit("name", text, "after"),))
        for number in range(count)
    )
    return Plan(plans.new_id(), asked, "Rename the films?", at, videos, requests=count)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ctx(world: World) -> Context:
    return world.context()


@pytest.fixture
def plans(world: World, ctx: Context) -> Plans:
    owner = Owner(USER, world.account(ctx).generation)
    return Plans(ctx.vault, world, owner, keep=30 * DAY)


def stored(world: World, kind: str = "plan") -> list[Key]:
    return [key for key, _ in run_sync(world.store.ascan(kind))]


def test_a_plan_is_loaded_as_it_was_saved(plans: Plans, world: World) -> None:
    plan = plan_of(plans, 2 * VIDEOS_A_ROW + 1)
    run_sync(plans.save(plan))
    assert run_sync(plans.load(plan.id)) == plan
    assert len(stored(world)) == 3
    (shown,) = run_sync(plans.list())
    assert (shown.id, shown.state, shown.counts, shown.undoable) == (plan.id, "planned", {"planned": 101}, 0)
    assert json.dumps(shown.to_dict())


def test_texts_of_any_length_and_script_fit_into_the_rows(plans: Plans, world: World) -> None:
    plan = plan_of(plans, VIDEOS_A_ROW, text="映" * 5_000)
    run_sync(plans.save(plan))
    assert run_sync(plans.load(plan.id)) == plan
    sizes = [len(row.value) for _, row in run_sync(world.store.ascan("plan"))]
    assert max(sizes) < 200_000, "what every store takes"


def test_nothing_of_a_plan_is_in_clear(plans: Plans, world: World) -> None:
    plan = plan_of(plans, 3, text="former text", asked="asked-digest")
    run_sync(plans.save(plan))
    for kind in ("plan", "plans"):
        for key, row in run_sync(world.store.ascan(kind)):
            for text in ("former text", "Film", "/videos/1", "asked-digest", "Rename"):
                assert text not in repr(key)
                assert text.encode() not in row.value
            assert kind == "plans" or USER.identifier != key.name


def test_the_same_input_finds_the_plan_that_nothing_was_done_of(plans: Plans) -> None:
    older, newer = plan_of(plans, 1, at=10.0), plan_of(plans, 1, at=20.0)
    other = plan_of(plans, 1, asked="another", at=30.0)
    for each in (newer, older, other):
        run_sync(plans.save(each))
    assert run_sync(plans.find("digest")) == newer
    assert run_sync(plans.find("digest", since=21.0)) is None
    run_sync(run_sync(plans.open(newer.id)).agree())
    assert run_sync(plans.find("digest")) == older, "what was begun is continued by its id"


def test_progress_rewrites_the_rows_that_it_concerns(plans: Plans, world: World) -> None:
    plan = plan_of(plans, 3 * VIDEOS_A_ROW)
    run_sync(plans.save(plan))
    before = dict(run_sync(world.store.ascan("plan")))
    kept = run_sync(plans.open(plan.id))
    done = replace(plan.videos[60].moved("done"), edits=(replace(plan.videos[60].edits[0], done=True),))
    assert run_sync(kept.note([done]))
    after = dict(run_sync(world.store.ascan("plan")))
    assert [key for key in before if before[key] != after[key]] == [sorted(before)[1]]
    assert run_sync(plans.load(plan.id)).videos[60] == done
    run_sync(kept.agree())
    run_sync(kept.sum_up(50.0))
    (shown,) = run_sync(plans.list())
    assert (shown.state, shown.counts, shown.undoable) == ("begun", {"planned": 149, "done": 1}, 1)
    assert (shown.created, shown.changed) == (1.0, 50.0)


def test_of_two_that_note_progress_one_is_told(plans: Plans) -> None:
    plan = plan_of(plans, 2)
    run_sync(plans.save(plan))
    first, second = run_sync(plans.open(plan.id)), run_sync(plans.open(plan.id))
    assert run_sync(first.note([plan.videos[0].moved("begun")]))
    assert not run_sync(second.note([plan.videos[1].moved("begun")]))
    assert run_sync(first.note([plan.videos[1].moved("begun")]))
    assert [video.state for video in run_sync(plans.load(plan.id)).videos] == ["begun", "begun"]


def test_another_users_and_another_vimeo_accounts_plans_are_not_there(
    plans: Plans, world: World, ctx: Context
) -> None:
    plan = plan_of(plans, 1)
    run_sync(plans.save(plan))
    for owner in (Owner(USER, "another"), Owner(Identity("vimeo", "v"), plans._owner.generation)):
        others = Plans(ctx.vault, world, owner, keep=30 * DAY)
        assert run_sync(others.list()) == []
        assert run_sync(others.find("digest")) is None
        with pytest.raises(InvalidInput, match="no plan of this id"):
            run_sync(others.load(plan.id))


def test_plans_end(plans: Plans, world: World) -> None:
    plan = plan_of(plans, 1)
    run_sync(plans.save(plan))
    world.time += 31 * DAY
    assert run_sync(plans.list()) == []
    with pytest.raises(InvalidInput):
        run_sync(plans.load(plan.id))


def test_of_too_many_those_go_that_were_never_applied(plans: Plans, world: World) -> None:
    applied = plan_of(plans, 1, at=0.0)
    run_sync(plans.save(applied))
    run_sync(run_sync(plans.open(applied.id)).agree())
    for number in range(MOST + 1):
        run_sync(plans.save(plan_of(plans, 1, at=10.0 + number)))
    left = [each.created for each in run_sync(plans.list())]
    assert left == [10.0 + number for number in range(MOST, 1, -1)] + [0.0]
    assert len(stored(world)) == MOST, "and their rows"


def test_of_too_many_the_new_one_stays_though_all_others_were_applied(plans: Plans) -> None:
    for number in range(MOST + 5):
        plan = plan_of(plans, 1, at=float(number))
        run_sync(plans.save(plan))
        kept = run_sync(plans.open(plan.id))
        run_sync(kept.agree())
    waits = plan_of(plans, 1, at=1_000.0)
    run_sync(plans.save(waits))
    assert run_sync(plans.load(waits.id)) == waits
    assert len(run_sync(plans.list())) == MOST


def test_plans_go_with_the_account_even_where_nobody_has_their_key(
    plans: Plans, world: World, ctx: Context
) -> None:
    plan = plan_of(plans, 120)
    run_sync(plans.save(plan))
    for key, row in run_sync(world.store.ascan("plan")):
        run_sync(world.store.aput(key, b"rubbish", version=row.version + 1, expected=row.version))
    with pytest.raises(StoreError):
        run_sync(plans.load(plan.id))
    run_sync(delete_account(ctx, world, USER, revoke=False))
    assert stored(world) + stored(world, "plans") == []


def test_an_account_that_goes_while_a_plan_is_saved_leaves_nothing(
    plans: Plans, world: World, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = Plans._change

    async def gone_before(self: Plans, *args: object) -> None:
        await delete_account(ctx, world, USER, revoke=False)
        await change(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Plans, "_change", gone_before)
    with pytest.raises(NotConnected):
        run_sync(plans.save(plan_of(plans, 60)))
    assert stored(world) == []
    assert run_sync(plans.list()) == []


def test_a_plan_that_was_deleted_does_not_come_back(plans: Plans, world: World) -> None:
    plan = plan_of(plans, 1)
    run_sync(plans.save(plan))
    kept = run_sync(plans.open(plan.id))
    run_sync(plans.forget(plan.id))
    assert not run_sync(kept.note([plan.videos[0].moved("begun")]))
    run_sync(kept.sum_up(50.0))
    assert run_sync(plans.list()) == []
    assert stored(world) == []


def test_a_copy_ends_when_the_plan_does(plans: Plans, world: World) -> None:
    plan = plan_of(plans, 1)
    run_sync(plans.save(plan))
    ttls: list[float | None] = []

    target = World()
    put = target.store.aput

    async def noted(*args: object, ttl: float | None, **more: object) -> bool:
        ttls.append(ttl)
        return await put(*args, ttl=ttl, **more)  # type: ignore[arg-type]

    target.store.aput = noted  # type: ignore[method-assign,assignment]
    io: IO = target
    for key, row in run_sync(world.store.ascan("plan")):
        vault = target.context().vault
        run_sync(plans._vault.rows.copy(key, row, vault.rows, io, ttl=365 * DAY))
    assert ttls == [pytest.approx(30 * DAY)]
