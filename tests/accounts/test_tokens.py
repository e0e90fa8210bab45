"""A token's life against listed answers: when it is renewed or verified, and what ends it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.accounts.helpers import API, DONE, RENEWED, bearer, expiring, loaded, old, told
from tests.unit.world import USER, Outcome, World, answer, said
from vimeo_toolkit import NotConnected, VimeoUnavailable
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.keeping import digest
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.accounts.revoking import revoke
from vimeo_toolkit.accounts.rows import own_key
from vimeo_toolkit.accounts.tokens import (
    ADVISORY_SECONDS,
    MANDATORY_SECONDS,
    OTHERS_SECONDS,
    ensure_valid_token,
    handle_unauthorized,
)
from vimeo_toolkit.accounts.vault import ACCOUNT
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, NotSent
from vimeo_toolkit.secret import Secret

# ---- when a token is renewed ----


@pytest.mark.parametrize(
    ("left", "renewed"),
    [(ADVISORY_SECONDS + 0.1, False), (ADVISORY_SECONDS, True), (MANDATORY_SECONDS, True), (-5.0, True)],
)
def test_when_a_token_is_renewed(left: float, renewed: bool) -> None:
    world = World(*([RENEWED] if renewed else []))
    ctx = world.context()
    record = run_sync(ensure_valid_token(ctx, world, expiring(world, ctx, left)))
    assert record == loaded(ctx, world)
    assert len(world.sent) == renewed
    assert world.events == ([told("account.refreshed", status="ACTIVE")] if renewed else [])
    if renewed:
        assert (record.access_token, record.refresh_token) == (Secret("access-2"), Secret("refresh-2"))
        assert (record.expires_at, record.granted_scopes) == (world.time + 100, ("edit",))
        assert (record.verified_at, record.refreshing_since) == (world.time, None)
        body = json.loads(world.sent[0].content)
        assert body == {"grant_type": "refresh_token", "refresh_token": "refresh-1"}


@pytest.mark.parametrize("status", [AccountStatus.PENDING, AccountStatus.EXPIRED, AccountStatus.REVOKED])
def test_only_an_active_account_is_renewed(status: AccountStatus) -> None:
    world = World()
    ctx = world.context()
    record = expiring(world, ctx, -5.0, status=status)
    assert run_sync(ensure_valid_token(ctx, world, record)) == record


def test_a_token_without_an_end_is_used() -> None:
    world = World()
    ctx = world.context()
    record = expiring(world, ctx, 0.0, expires_at=None)
    assert run_sync(ensure_valid_token(ctx, world, record)) == record


@pytest.mark.parametrize(("began", "sent"), [(0.0, 0), (29.9, 0), (30.0, 1), (-1.0, 1)])
def test_somebody_who_has_just_begun_is_not_interrupted(began: float, sent: int) -> None:
    world = World(*[RENEWED] * sent)
    ctx = world.context()
    run_sync(ensure_valid_token(ctx, world, expiring(world, ctx, 100.0, refreshing_since=world.time - began)))
    assert len(world.sent) == sent


@pytest.mark.parametrize("left", [100.0, 10.0])
def test_an_outage_before_a_tokens_end_costs_nothing(left: float) -> None:
    world = World(*[NotSent("x")] * 9)
    ctx = world.context()
    record = expiring(world, ctx, left)
    if left > MANDATORY_SECONDS:
        assert run_sync(ensure_valid_token(ctx, world, record)) == record
        assert world.events == [told("account.refresh_failed", outcome="vimeo_unavailable")]
    else:
        with pytest.raises(VimeoUnavailable, match="does not answer"):
            run_sync(ensure_valid_token(ctx, world, record))
    assert loaded(ctx, world).refreshing_since is None, "the refresh token was not used"


def test_another_caller_who_is_at_it_is_waited_for_only_at_the_end() -> None:
    world = World()
    ctx = world.context(timeout=5.0)
    record = expiring(world, ctx, 100.0)
    world.leases.add("account/5/vimeo/u")
    assert run_sync(ensure_valid_token(ctx, world, record)) == record
    assert world.slept == []
    late = record.replace(expires_at=world.time)
    began = world.time
    with pytest.raises(VimeoUnavailable, match="Another caller"):
        run_sync(ensure_valid_token(ctx, world, late))
    assert 5.0 <= world.time - began <= 5.25
    assert world.slept[:3] == pytest.approx([0.02, 0.03, 0.045])
    assert max(world.slept) == 0.25


def test_what_another_caller_renewed_is_taken() -> None:
    world = World()
    ctx = world.context()
    used = expiring(world, ctx, 10.0)
    new = run_sync(ctx.vault.save(world, used.replace(access_token=Secret("theirs"))))
    assert run_sync(ensure_valid_token(ctx, world, used)) == new
    record = run_sync(ctx.vault.load(world, USER))
    assert record is not None
    assert run_sync(ctx.vault.remove(world, record))
    with pytest.raises(NotConnected) as caught:
        run_sync(ensure_valid_token(ctx, world, used))
    assert (caught.value.connection_name, caught.value.identifier) == ("vimeo", "u")


# ---- what the answers to a refresh mean ----


def test_what_the_answer_leaves_out_stays() -> None:
    world = World(said({"access_token": "access-2"}))
    ctx = world.context()
    record = run_sync(ensure_valid_token(ctx, world, expiring(world, ctx, 10.0)))
    assert (record.refresh_token, record.expires_at) == (Secret("refresh-1"), None)
    assert "create" in record.granted_scopes


@pytest.mark.parametrize(
    ("outcome", "withdrawn", "message"),
    [
        (said({"error": "invalid_client"}, 401), True, "answered 401"),
        (said({"error": "temporarily_unavailable"}, 400), True, "answered 400"),
        (said({"error": "invalid_grant"}, 403), True, "answered 403"),
        (said({}), False, "answered 200 without a token"),
        (said({}, 299), False, "answered 299 without a token"),
        (said({}, 300), True, "answered 300"),
        (AnswerLost("x"), False, "does not answer"),
        (NotSent("x"), True, "does not answer"),
    ],
)
def test_an_answer_that_says_nothing_of_the_grant(outcome: Outcome, withdrawn: bool, message: str) -> None:
    world = World(*[outcome] * (9 if isinstance(outcome, NotSent) else 1))
    ctx = world.context()
    with pytest.raises(VimeoUnavailable, match=message):
        run_sync(ensure_valid_token(ctx, world, expiring(world, ctx, 10.0)))
    record = loaded(ctx, world)
    assert (record.status, record.refreshing_since is None) == (AccountStatus.ACTIVE, withdrawn)


@pytest.mark.parametrize("error", ["invalid_grant", "invalid_token", "unauthorized_client", "access_denied"])
@pytest.mark.parametrize("status", [400, 401])
def test_a_refresh_token_that_is_refused_ends_the_account(error: str, status: int) -> None:
    world = World(said({"error": error}, status))
    ctx = world.context()
    before = expiring(world, ctx, 10.0, former_tokens=(old("older"),))
    record = run_sync(ensure_valid_token(ctx, world, before))
    reason = "Vimeo does not accept the refresh token any more."
    assert (record.status, record.reason) == (AccountStatus.EXPIRED, reason)
    assert (record.access_token, record.refresh_token, record.refreshing_since) == (None, None, None)
    assert record.spent == digest(Secret("refresh-1"))
    assert record.former_tokens == (old("older"), old("access-1"))
    assert world.events == [told("account.expired", status="EXPIRED", reason=reason)]
    assert world.slept == []


def test_after_an_interrupted_refresh_the_one_who_may_have_the_token_is_waited_for() -> None:
    world = World(said({"error": "invalid_grant"}, 400))
    ctx = world.context()
    began = world.time
    record = run_sync(ensure_valid_token(ctx, world, expiring(world, ctx, 10.0, refreshing_since=1.0)))
    assert world.time - began == OTHERS_SECONDS
    assert record.status is AccountStatus.EXPIRED
    assert "interrupted" in (record.reason or "")


def test_the_token_that_was_replaced_is_revoked_after_a_refresh() -> None:
    world = World(RENEWED, DONE)
    ctx = world.context()
    record = run_sync(
        ensure_valid_token(ctx, world, expiring(world, ctx, 10.0, former_tokens=(old("older"),)))
    )
    assert record.former_tokens == ()
    assert bearer(world)[1] == "Bearer older"


def test_what_could_not_be_revoked_is_tried_again_when_its_time_has_come() -> None:
    for due, sent in ((1.0, 0), (0.0, 1)):
        world = World(*[DONE] * sent)
        ctx = world.context()
        record = world.account(ctx, former_tokens=(old("older"),), revoke_at=world.time + due)
        after = run_sync(ensure_valid_token(ctx, world, record))
        assert len(world.sent) == sent
        assert (after.former_tokens, after.revoke_at) == (
            ((), None) if sent else (record.former_tokens, record.revoke_at)
        )


# ---- what a 401 means ----


REFUSED, ENDED = "Vimeo no longer accepts the token.", "The token's lifetime has ended."

GOOD = {"scope": "private edit", "app": {"uri": "/apps/1"}, "user": {"uri": "/users/7"}}


def refused(world: World, ctx: Context, **more: Any) -> AccountRecord:
    return run_sync(handle_unauthorized(ctx, world, world.account(ctx, **{"api_url": API, **more})))


def test_a_401_of_a_token_that_vimeo_says_is_good() -> None:
    world = World(said(GOOD))
    ctx = world.context()
    record = refused(world, ctx)
    assert record == loaded(ctx, world)
    assert (record.status, record.access_token) == (AccountStatus.ACTIVE, Secret("access-1"))
    assert (record.granted_scopes, record.app_uri) == (("edit", "private"), "/apps/1")
    assert (record.verified_at, record.expires_at) == (world.time, None)
    assert (world.sent[0].method, world.sent[0].url) == ("GET", f"{API}/oauth/verify")


def test_what_the_verification_leaves_out_stays() -> None:
    world = World(said({"user": {}}))
    ctx = world.context()
    record = refused(world, ctx, granted_scopes=("upload",), app_uri="/apps/2", expires_at=world.time + 9)
    assert (record.granted_scopes, record.app_uri, record.expires_at) == (
        ("upload",),
        "/apps/2",
        world.time + 9,
    )


def test_an_end_that_vimeo_does_not_confirm_is_no_end() -> None:
    world = World(said(GOOD))
    ctx = world.context()
    assert refused(world, ctx, expires_at=world.time).expires_at is None
    world = World(said({**GOOD, "expires_in": 50}))
    ctx = world.context()
    assert refused(world, ctx, expires_at=world.time + 9).expires_at == world.time + 50


@pytest.mark.parametrize(
    ("more", "status", "reason", "event"),
    [
        ({}, AccountStatus.REVOKED, REFUSED, "account.revoked"),
        ({"expires_at": 1_800_000_001.0}, AccountStatus.REVOKED, REFUSED, "account.revoked"),
        ({"expires_at": 1_800_000_000.0}, AccountStatus.EXPIRED, ENDED, "account.expired"),
    ],
)
def test_a_token_that_vimeo_refuses(
    more: dict[str, Any], status: AccountStatus, reason: str, event: str
) -> None:
    world = World(said({}, 401))
    ctx = world.context()
    record = refused(world, ctx, former_tokens=(old("older"),), **more)
    assert (record.status, record.reason, record.access_token) == (status, reason, None)
    assert (record.spent, record.former_tokens) == (None, (old("older"),)), "it is dead already"
    assert world.events == [told(event, status=status.value, reason=reason)]


class Deleting(World):
    """In its first pause somebody finishes the deletion that they have begun."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        key = own_key(ACCOUNT, USER)
        if (row := await self.store.aget(key)) is not None:
            await self.store.adelete(key, expected=row.version)


def test_a_token_that_is_refused_because_its_account_is_being_deleted() -> None:
    """Else the user would be said to have revoked the connection, by an error and by an event."""
    world = Deleting()
    ctx = world.context()
    with pytest.raises(NotConnected):
        refused(world, ctx, deleting_since=world.time)
    assert world.sent == []
    assert world.events == []


@pytest.mark.parametrize("ago", [-1.0, 0.0, 1.9, 2.0, 3_600.0])
def test_a_deletion_that_broke_off_is_waited_for_no_longer_than_it_may_take(ago: float) -> None:
    world = World(said({}, 401))
    ctx = world.context()
    begun = world.time
    assert refused(world, ctx, deleting_since=begun - ago).status is AccountStatus.REVOKED
    assert world.time - begun <= 3.0
    assert bool(world.slept) is (0.0 <= ago < 2.0)


def test_a_deletion_is_not_waited_for_beyond_the_calls_time() -> None:
    world = World()
    ctx = world.context()
    record = world.account(ctx, api_url=API, deleting_since=world.time)
    with pytest.raises(VimeoUnavailable, match="time for the call ran out"):
        run_sync(handle_unauthorized(ctx, world, record, deadline=world.monotonic() + 0.5))
    assert sum(world.slept) <= 1.0


def test_an_answer_that_does_not_say_changes_nothing() -> None:
    world = World(answer(401, b"<html>"))
    ctx = world.context()
    with pytest.raises(VimeoUnavailable) as caught:
        refused(world, ctx)
    assert caught.value.status == 401
    assert loaded(ctx, world).status is AccountStatus.ACTIVE


def test_who_used_a_token_that_was_verified_meanwhile_asks_nothing() -> None:
    world = World()
    ctx = world.context()
    used = world.account(ctx, api_url=API)
    now = run_sync(ctx.vault.save(world, used.replace(verified_at=used.verified_at - 1)))
    assert run_sync(handle_unauthorized(ctx, world, used)) == now


def test_a_token_at_its_end_without_a_refresh_token_is_asked_about() -> None:
    for left, sent in ((0.1, 0), (0.0, 1)):
        world = World(*[said(GOOD)] * sent)
        ctx = world.context()
        run_sync(ensure_valid_token(ctx, world, world.account(ctx, expires_at=world.time + left)))
        assert len(world.sent) == sent


def test_nothing_is_asked_when_the_time_is_over() -> None:
    world = World()
    ctx = world.context()
    record = world.account(ctx, api_url=API)
    with pytest.raises(VimeoUnavailable, match="time for the call ran out"):
        run_sync(handle_unauthorized(ctx, world, record, deadline=world.monotonic()))
    with pytest.raises(VimeoUnavailable, match="time for the call ran out"):
        run_sync(revoke(ctx, world, old("t"), deadline=world.monotonic()))
