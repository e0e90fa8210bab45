"""What a refresh brought is kept: in rows that changed meanwhile, in stores that fail, when the process ends."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.helpers import API, DONE, RENEWED, bearer, expiring, loaded
from tests.unit.world import World
from vimeo_toolkit import NotConnected, StoreBusy, StoreError
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.keeping import digest, keep, save_all_held
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.accounts.tokens import ensure_valid_token
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import HttpResponse
from vimeo_toolkit.secret import Secret


def bases(world: World, ctx: Context) -> tuple[AccountRecord, AccountRecord]:
    base = expiring(world, ctx, 10.0)
    return base, base.replace(access_token=Secret("access-2"), refresh_token=Secret("refresh-2"))


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({"vimeo_name": "Ana"}, True),
        ({"refresh_token": Secret("other")}, False),
        ({"created_at": 1.0}, False),
        (
            {"refresh_token": None, "status": AccountStatus.EXPIRED, "spent": digest(Secret("refresh-1"))},
            True,
        ),
        ({"refresh_token": None, "status": AccountStatus.EXPIRED, "spent": "other"}, False),
        (
            {"refresh_token": None, "status": AccountStatus.REVOKED, "spent": digest(Secret("refresh-1"))},
            False,
        ),
    ],
)
def test_a_row_that_changed_meanwhile(changes: dict[str, Any], taken: bool) -> None:
    world = World(*([] if taken else [DONE]))
    ctx = world.context()
    base, new = bases(world, ctx)
    new = new.replace(expires_at=5.0, granted_scopes=("x",), verified_at=6.0)
    there = run_sync(ctx.vault.save(world, base.replace(**changes)))
    assert there is not None
    kept = run_sync(keep(ctx, world, base, new))
    assert kept is not None
    if not taken:
        assert (kept, bearer(world)) == (there, ["Bearer access-2"])
        return
    assert (kept.status, kept.spent, kept.access_token) == (AccountStatus.ACTIVE, None, Secret("access-2"))
    assert (kept.refresh_token, kept.expires_at) == (Secret("refresh-2"), 5.0)
    assert (kept.granted_scopes, kept.verified_at) == (("x",), 6.0)
    assert kept.vimeo_name == there.vimeo_name


def test_a_row_that_holds_the_new_token_already_is_left_as_it_is() -> None:
    world = World()
    ctx = world.context()
    base, new = bases(world, ctx)
    there = run_sync(ctx.vault.save(world, base.replace(access_token=Secret("access-2"))))
    assert run_sync(keep(ctx, world, base, new)) == there


@pytest.mark.parametrize("api", [None, "https://api.other.example"])
def test_the_new_token_of_an_account_that_is_gone_is_revoked_at_its_own_api(api: str | None) -> None:
    world = World(DONE)
    ctx = world.context()
    base, new = bases(world, ctx)
    assert run_sync(ctx.vault.remove(world, base))
    assert run_sync(keep(ctx, world, base.replace(api_url=api), new)) is None
    assert bearer(world) == ["Bearer access-2"]
    assert world.sent[0].url == f"{api or API}/tokens"


def test_who_disconnects_while_the_token_is_refreshed_is_disconnected() -> None:
    world = World()
    ctx = world.context()
    record = expiring(world, ctx, 10.0)

    def gone(request: object) -> HttpResponse:
        assert run_sync(ctx.vault.remove(world, loaded(ctx, world)))
        return RENEWED

    world.outcomes = [gone, DONE]
    with pytest.raises(NotConnected):
        run_sync(ensure_valid_token(ctx, world, record))
    assert bearer(world)[1] == "Bearer access-2"
    assert world.events == []


@pytest.mark.parametrize(
    ("error", "patient", "slept"),
    [(StoreBusy, True, [0.2, 0.4, 0.8, 1.6]), (StoreBusy, False, []), (StoreError, True, [])],
)
def test_what_cannot_be_saved_is_held_used_and_saved_later(
    error: type[StoreError], patient: bool, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    ctx = world.context()
    base, new = bases(world, ctx)
    new = new.replace(expires_at=None)

    async def fails(self: Vault, *args: Any, **more: Any) -> None:
        raise error("The store fails.")

    with monkeypatch.context() as broken:
        broken.setattr(Vault, "save", fails)
        assert run_sync(keep(ctx, world, base, new, patient=patient)) == new
        assert world.slept == slept
        assert loaded(ctx, world) == new
        world.time += 4.9
        broken.undo()
        assert run_sync(ensure_valid_token(ctx, world, new)).version == base.version
    assert [each.record for each in ctx.vault.all_held()] == [new]
    world.time += 0.1
    saved = run_sync(ensure_valid_token(ctx, world, new))
    assert (saved.access_token, saved.version > base.version) == (Secret("access-2"), True)
    assert ctx.vault.all_held() == []


def test_what_is_held_is_tried_once_when_the_process_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    ctx = world.context()
    base, new = bases(world, ctx)
    ctx.vault.hold(base, new, again=1e9)
    run_sync(save_all_held(ctx, world))
    assert loaded(ctx, world).access_token == Secret("access-2")
    ctx.vault.hold(base, new, again=1e9)

    async def busy(self: Vault, *args: Any, **more: Any) -> None:
        raise StoreBusy("busy")

    monkeypatch.setattr(Vault, "save", busy)
    run_sync(save_all_held(ctx, world))
    assert world.slept == []
