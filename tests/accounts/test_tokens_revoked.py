"""Tokens that are to be revoked, and accounts that are disconnected, against listed answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.helpers import DONE, bearer, loaded, old, told
from tests.unit.world import USER, Outcome, World, answer
from vimeo_toolkit import StoreBusy, StoreError, VimeoUnavailable
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.disconnecting import Disconnected, delete_account
from vimeo_toolkit.accounts.model import AccountRecord, FormerToken
from vimeo_toolkit.accounts.revoking import AGAIN, discard, former, revoke, sweep
from vimeo_toolkit.accounts.rows import own_key
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import HttpResponse, NotSent
from vimeo_toolkit.secret import Secret

# ---- tokens that are to be revoked ----


@pytest.mark.parametrize(
    ("response", "confirmed"),
    [
        (answer(204, b""), True),
        (answer(299, b""), True),
        (answer(300, b""), False),
        (answer(200, b"<html>"), False),
        (answer(401, b"{}"), True),
        (answer(401, b"<html>"), False),
        (answer(404, b"{}"), False),
    ],
)
def test_what_confirms_that_a_token_is_revoked(response: HttpResponse, confirmed: bool) -> None:
    world = World(response)
    if confirmed:
        run_sync(revoke(world.context(), world, old("t")))
    else:
        with pytest.raises(VimeoUnavailable, match=f"status {response.status}") as caught:
            run_sync(revoke(world.context(), world, old("t")))
        assert caught.value.status == response.status
    assert (world.sent[0].method, bearer(world)) == ("DELETE", ["Bearer t"])


def test_former_tokens_are_each_once_the_newest_twenty_and_not_the_one_that_is_kept() -> None:
    record = AccountRecord(connection_name="vimeo", identifier="u", former_tokens=(old("a"), old("b")))
    assert former(record) == (old("a"), old("b"))
    assert former(record, Secret("c"), None, Secret("a")) == (old("a"), old("b"), old("c"))
    assert former(record, Secret("c"), keep=Secret("a")) == (old("b"), old("c"))
    elsewhere = record.replace(api_url="https://api.other")
    assert former(elsewhere, Secret("c"))[-1] == FormerToken(Secret("c"), "https://api.other")
    many = record.replace(former_tokens=tuple(old(str(number)) for number in range(25)))
    assert former(many, Secret("x")) == (*many.former_tokens[6:], old("x"))


def test_what_vimeo_does_not_confirm_is_kept_and_told() -> None:
    world = World(answer(404), DONE)
    ctx = world.context()
    record = world.account(ctx, former_tokens=(old("a"), old("access-1"), old("b")))
    after = run_sync(sweep(ctx, world, record))
    assert bearer(world) == ["Bearer a", "Bearer b"], "its own token is in use"
    assert (after.former_tokens, after.revoke_at) == ((old("a"),), world.time + AGAIN)
    assert world.events == [told("account.revoke_failed", left=1)]


def test_without_former_tokens_nothing_is_written() -> None:
    world = World()
    ctx = world.context()
    record = world.account(ctx)
    assert run_sync(sweep(ctx, world, record)) == record
    assert loaded(ctx, world).version == record.version
    assert world.events == []


def test_a_store_that_fails_after_revoking_is_forgiven(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(DONE)
    ctx = world.context()
    record = world.account(ctx, former_tokens=(old("a"),))

    async def fails(self: Vault, *args: Any, **more: Any) -> None:
        raise StoreError("broken")

    monkeypatch.setattr(Vault, "update", fails)
    assert run_sync(sweep(ctx, world, record)) == record
    assert world.events == []


def test_a_token_that_was_not_taken_is_discarded_unless_the_account_holds_it() -> None:
    world = World(DONE)
    ctx = world.context()
    world.account(ctx)
    run_sync(discard(ctx, world, USER, old("new")))
    assert bearer(world) == ["Bearer new"]
    assert loaded(ctx, world).former_tokens == ()
    run_sync(discard(ctx, world, USER, old("access-1")))
    assert len(world.sent) == 1


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_token_of_an_account_that_is_gone_is_revoked_once_or_told(confirmed: bool) -> None:
    world = World(DONE if confirmed else answer(404))
    run_sync(discard(world.context(), world, USER, old("new")))
    assert bearer(world) == ["Bearer new"]
    assert world.events == ([] if confirmed else [told("account.revoke_failed", left=1)])


def test_a_discarded_token_takes_the_oldest_ones_place() -> None:
    world = World(*[answer(404)] * 20)
    ctx = world.context()
    world.account(ctx, former_tokens=tuple(old(str(number)) for number in range(20)))
    run_sync(discard(ctx, world, USER, old("new")))
    assert loaded(ctx, world).former_tokens == (*(old(str(number)) for number in range(1, 20)), old("new"))


# ---- disconnecting ----


def deleted(world: World, ctx: Context, **more: Any) -> Disconnected:
    return run_sync(delete_account(ctx, world, USER, **more))


def state(result: Disconnected) -> tuple[bool, bool, bool]:
    return bool(result), result.revoked, result.unreadable


def test_every_token_is_revoked_and_then_the_account_goes() -> None:
    world = World(DONE, DONE)
    ctx = world.context()
    world.account(ctx, former_tokens=(old("older"),))
    result = deleted(world, ctx)
    assert state(result) == (True, True, False)
    assert repr(result) == "Disconnected(existed=True, revoked=True)"
    assert bearer(world) == ["Bearer older", "Bearer access-1"]
    assert run_sync(ctx.vault.load(world, USER)) is None
    assert world.events == [told("account.deleted", revoked=True)]
    none = deleted(world, ctx)
    assert (state(none), int(none)) == ((False, False, False), 0)
    assert len(world.events) == 1


def test_without_revoking_nothing_is_sent() -> None:
    world = World()
    ctx = world.context()
    world.account(ctx)
    assert state(deleted(world, ctx, revoke=False)) == (True, False, False)
    assert world.events == [told("account.deleted", revoked=False)]


def test_an_account_without_a_token_has_nothing_to_revoke() -> None:
    world = World()
    ctx = world.context()
    world.account(ctx, access_token=None)
    assert state(deleted(world, ctx)) == (True, False, False)


@pytest.mark.parametrize(
    ("outcomes", "status", "message"),
    [
        ([answer(404)], 404, "revoked (status 404); the account"),
        ([NotSent("x")] * 9, None, "revoked; the account"),
    ],
)
def test_an_account_whose_token_may_live_is_kept_and_says_so(
    outcomes: list[Outcome], status: int | None, message: str
) -> None:
    world = World(*outcomes)
    ctx = world.context()
    world.account(ctx)
    with pytest.raises(VimeoUnavailable) as caught:
        deleted(world, ctx)
    assert caught.value.status == status
    assert message in caught.value.message
    record = loaded(ctx, world)
    assert record.deleting_since == pytest.approx(world.time, abs=30)
    assert "begun" in (record.public().reason or "")
    assert world.events == []


def test_an_account_that_does_not_open_is_deleted_and_told() -> None:
    world = World()
    ctx = world.context()
    run_sync(world.store.aput(own_key("account", USER), b"rubbish", version=3, expected=0))
    result = deleted(world, ctx)
    assert state(result) == (True, False, True)
    assert repr(result) == "Disconnected(existed=True, revoked=False, unreadable=True)"
    assert world.events == [
        told("account.unreadable", kind="account", cause="damaged"),
        told("account.deleted", revoked=False),
    ]
    assert run_sync(world.store.aget(own_key("account", USER))) is None


@pytest.mark.parametrize("revoke", [True, False])
def test_a_store_that_cannot_delete_says_what_has_been_done(
    revoke: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(*([DONE] if revoke else []))
    ctx = world.context()
    world.account(ctx)

    async def fails(self: Vault, *args: Any) -> None:
        raise StoreError("It is full.")

    monkeypatch.setattr(Vault, "remove", fails)
    with pytest.raises(StoreError) as caught:
        deleted(world, ctx, revoke=revoke)
    assert caught.value.message.startswith("The token is revoked at Vimeo" if revoke else "It is full.")
    assert "It is full." in caught.value.message


def test_a_store_that_does_not_answer_deletes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    ctx = world.context()
    world.account(ctx)

    async def busy(self: Vault, *args: Any) -> None:
        raise StoreBusy("busy")

    monkeypatch.setattr(Vault, "load", busy)
    with pytest.raises(StoreBusy, match="busy"):
        deleted(world, ctx)


@pytest.mark.parametrize("method", ["save", "remove"])
def test_a_race_that_is_lost_again_and_again_is_given_up(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(*[DONE] * 50)
    ctx = world.context()
    world.account(ctx)
    tries: list[int] = []

    async def lost(self: Vault, *args: Any, **more: Any) -> bool | None:
        tries.append(1)
        return None if method == "save" else False

    monkeypatch.setattr(Vault, method, lost)
    with pytest.raises(StoreBusy, match="too many callers"):
        deleted(world, ctx)
    assert len(tries) == 50
