"""A token's life against listed answers: when it is renewed or verified, and what ends it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.world import Outcome, World, answer
from vimeo_toolkit import NotConnected, StoreBusy, StoreError, VimeoUnavailable
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.disconnecting import Disconnected, delete_account
from vimeo_toolkit.accounts.keeping import digest, keep, save_all_held
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus, FormerToken
from vimeo_toolkit.accounts.revoking import AGAIN, discard, former, revoke, sweep
from vimeo_toolkit.accounts.rows import own_key
from vimeo_toolkit.accounts.tokens import (
    ADVISORY_SECONDS,
    MANDATORY_SECONDS,
    OTHERS_SECONDS,
    ensure_valid_token,
    handle_unauthorized,
)
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, HttpResponse, NotSent
from vimeo_toolkit.secret import Secret

USER = Identity("vimeo", "u")
API = "https://api.vimeo.com"
DONE = answer(204, b"")


def said(body: Any, status: int = 200) -> HttpResponse:
    return answer(status, json.dumps(body).encode())


def told(name: Any, **data: Any) -> Event:
    return Event(name, "vimeo", "u", None, data)


def old(name: str) -> FormerToken:
    return FormerToken(Secret(name), API)


def loaded(ctx: Context, world: World) -> AccountRecord:
    record = run_sync(ctx.vault.load(world, USER))
    assert record is not None
    return record


def bearer(world: World) -> list[str]:
    return [dict(request.headers)["Authorization"] for request in world.sent]


# ---- when a token is renewed ----

RENEWED = said({"access_token": "access-2", "refresh_token": "refresh-2", "expires_in": 100, "scope": "edit"})


def expiring(world: World, ctx: Context, left: float, **more: Any) -> AccountRecord:
    values = {"refresh_token": Secret("refresh-1"), "expires_at": world.time + left, "api_url": API, **more}
    return world.account(ctx, **values)


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


# ---- what a refresh brought is kept ----


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


def test_nothing_is_asked_when_the_time_is_over() -> None:
    world = World()
    ctx = world.context()
    record = world.account(ctx, api_url=API)
    with pytest.raises(VimeoUnavailable, match="time for the call ran out"):
        run_sync(handle_unauthorized(ctx, world, record, deadline=world.monotonic()))
    with pytest.raises(VimeoUnavailable, match="time for the call ran out"):
        run_sync(revoke(ctx, world, old("t"), deadline=world.monotonic()))


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
