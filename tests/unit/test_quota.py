"""The budget on the way of a call: what is waited for and for how long, what Vimeo's headers teach."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.calling import COMMENT, LIKE, LIMITS, ME, VIDEO, event, state
from tests.unit.world import USER, World, answer, run, said
from vimeo_toolkit import RateLimited, StoreError
from vimeo_toolkit.calls.quota import Quota, Wait
from vimeo_toolkit.calls.window import Told, Window
from vimeo_toolkit.calls.windows import Windows
from vimeo_toolkit.identity import Owner
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, HttpResponse
from vimeo_toolkit.wire.rate_limit import UNKNOWN, RateLimit


def limited(retry: str | None) -> HttpResponse:
    return said({"error": "x"}, 429, **({} if retry is None else {"retry_after": retry}))


def test_a_429_is_waited_for_and_told() -> None:
    world = World(limited("2"), said({"uri": "/users/7"}))
    result = run(world, ME)
    assert result.requests == 2
    assert world.slept[0] == pytest.approx(2.0 + 0.05 * 0.5)
    waited = world.events[1]
    assert waited == event("call.waited", ME, seconds=pytest.approx(2.0), status=429, remaining=None)


def test_a_429_that_is_too_long_is_said_with_its_seconds() -> None:
    for tool, given in ((ME, None), (COMMENT, {**VIDEO, "text": "t"})):
        world = World(limited("100"))
        with pytest.raises(RateLimited) as caught:
            run(world, tool, given)
        assert (caught.value.retry_after, caught.value.status) == (100.0, 429)
        assert "used up" in caught.value.message
        assert len(world.sent) == 1
    world = World(limited(None))
    with pytest.raises(RateLimited, match="refuses all") as banned:
        run(world, COMMENT, {**VIDEO, "text": "t"})
    assert banned.value.retry_after == 5.0


def test_what_was_lost_before_a_limit_is_said() -> None:
    world = World(AnswerLost("x"), limited("100"))
    with pytest.raises(RateLimited) as caught:
        run(world, LIKE, VIDEO)
    assert "may" in caught.value.hint


def test_a_wait_is_within_patience_and_counts() -> None:
    world = World()
    ctx = world.context(max_wait=10.0)
    call, quota = state(world, ctx), Quota(world.cipher, kept=False)
    run_sync(quota.wait(call, 4.0))
    run_sync(quota.wait(call, 0.09, status=429))
    assert world.slept == pytest.approx([4.025, 0.115])
    assert call.waited == pytest.approx(4.14)
    assert [each.data for each in world.events] == [{"seconds": 4.0, "status": None, "remaining": None}]
    with pytest.raises(RateLimited) as caught:
        run_sync(quota.wait(call, 6.0, status=429))
    assert (caught.value.retry_after, caught.value.status) == (6.0, 429)
    run_sync(quota.wait(call, 10.0 - call.waited))


def test_what_nobody_promises_before_is_said() -> None:
    world = World()
    call, quota = state(world, world.context(max_wait=1.0)), Quota(world.cipher, kept=False)
    window = Window(limit=9, remaining=0, ends=world.monotonic() + 50.2, opened=world.monotonic())
    quota.budgets.reserved(call.owner, window, 1, 0)
    with pytest.raises(RateLimited) as caught:
        run_sync(quota.wait(call, 2.0))
    assert caught.value.retry_after == 51.0
    assert "51 seconds" in caught.value.hint


@pytest.mark.parametrize(("seconds", "told"), [(0.2, 1.0), (1.0005, 1.0), (1.002, 2.0), (7.0, 7.0)])
def test_seconds_are_whole_and_at_least_one(seconds: float, told: float) -> None:
    world = World()
    call, quota = state(world, world.context()), Quota(world.cipher, kept=False)
    limited = quota.limited(call, seconds)
    assert (limited.retry_after, limited.status) == (told, None)


def test_who_reserves_already_is_waited_for_and_no_budget_is_blamed() -> None:
    world = World()
    call, quota = state(world, world.context(timeout=0.01)), Quota(world.cipher, kept=False)
    assert quota.budgets.begin(call.owner)
    assert run_sync(quota.refill(world, call.owner)) == Wait(0.004, limited=False)
    with pytest.raises(RateLimited):
        run_sync(quota.permit(call))
    assert world.slept == pytest.approx([0.004, 0.006]), "each look is later than the one before"
    assert quota.budgets.ticket(call.owner) == 2
    assert world.events == []


def test_a_budget_that_cannot_be_shared_gives_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    call, quota = state(world, world.context()), Quota(world.cipher, kept=True)

    async def fails(*_: Any) -> None:
        raise StoreError("broken")

    monkeypatch.setattr(Windows, "load", fails)
    known = Window(limit=320, remaining=320, ends=world.monotonic() + 60, opened=world.monotonic())
    quota.budgets.commit(call.owner, known, 3, 0)
    assert run_sync(quota.refill(world, call.owner)) == Wait(0.0)
    assert quota.budgets.block(call.owner) == 1
    assert quota.budgets.begin(call.owner)
    now = world.monotonic()
    run_sync(quota.learn(world, call.owner, Told(320, 7, 60.0), sent=now, arrived=now))
    assert quota.budgets.last_seen(call.owner)[0].remaining == 7


@pytest.mark.parametrize(
    ("status", "content", "kind", "banned"),
    [
        (403, b"<html>", "", True),
        (403, b"\xef\xbb\xbf \n<!DOCTYPE html>", "", True),
        (403, b"Denied", "Text/HTML; charset=utf-8", True),
        (403, b'{"error": "x"}', "text/html", False),
        (403, b"Denied", "text/plain", False),
        (404, b"<html>", "text/html", False),
        (403, b" " * 1001 + b"<html>", "", False),
    ],
)
def test_a_page_of_html_with_403_bans(status: int, content: bytes, kind: str, banned: bool) -> None:
    world = World()
    quota, owner = Quota(world.cipher, kept=False), Owner(USER)
    response = answer(status, content, content_type=kind)
    shown, wait = run_sync(quota.hear(world, owner, response, world.monotonic()))
    assert (shown, wait) == (UNKNOWN, 5.0 if banned else 0.0)
    assert quota.budgets.banned(owner) is banned


def test_what_headers_tell_is_shown_and_learned() -> None:
    world = World()
    quota, owner = Quota(world.cipher, kept=False), Owner(USER)
    shown, wait = run_sync(quota.hear(world, owner, said({}, **LIMITS), world.monotonic()))
    assert (shown, wait) == (RateLimit(50, 40, world.time + 31), 0.0)
    again, wait = run_sync(quota.hear(world, owner, said({}, 429, retry_after="0"), world.monotonic()))
    assert (again, wait) == (UNKNOWN, 0.05)
    assert quota.clock("vimeo") is quota.budgets.clock("vimeo")


def test_troubles_of_the_store_cost_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(said({"uri": "/users/7"}, **LIMITS))

    async def fails(*_: Any) -> None:
        raise StoreError("broken")

    monkeypatch.setattr(Windows, "load", fails)
    assert run(world, ME, quota=Quota(world.cipher, kept=True)).rate_limit.remaining == 40


def test_the_windows_end_is_told_where_an_answer_has_it() -> None:
    world = World()
    quota, owner = Quota(world.cipher, kept=False), Owner(USER)
    headers: Any = {"x_ratelimit_limit": "50", "x_ratelimit_remaining": "40"}
    shown, _ = run_sync(quota.hear(world, owner, answer(200, **headers), world.monotonic()))
    assert shown == RateLimit(50, 40, None)


def test_vimeos_time_is_learned_from_each_answer_and_handed_on_in_the_row() -> None:
    world = World()
    quota, owner = Quota(world.cipher, kept=True), Owner(USER)
    ahead = answer(200, date="Fri, 15 Jan 2027 09:00:00 GMT", **LIMITS)
    run_sync(quota.hear(world, owner, ahead, world.monotonic()))
    assert quota.clock("vimeo").proven
    behind = quota.clock("vimeo").wrong(world.now(), world.monotonic())
    assert behind is not None
    assert behind == pytest.approx(1_800_003_600.0 - world.time, abs=1.0)
    other = Quota(world.cipher, kept=True)
    run_sync(other.windows.load(world, owner))
    assert other.clock("vimeo").now(world.now(), 0.0) == pytest.approx(world.now() + behind)


def test_who_lost_the_race_for_a_budget_tries_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    quota, owner = Quota(world.cipher, kept=False), Owner(USER)

    async def lost(*_: Any) -> None:
        return None

    monkeypatch.setattr(Windows, "swap", lost)
    assert run_sync(quota.refill(world, owner)) == Wait(0.002, limited=False)
    assert quota.budgets.begin(owner), "and others may reserve meanwhile"
