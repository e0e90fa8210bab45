"""Whatever a machine's clock says, nobody waits longer than Vimeo means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.world import World, answer, execute
from vimeo_toolkit import Forbidden, RateLimited, VimeoUnavailable
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.calls.clock import Clock, read_rate_limit
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.window import UNPROVEN
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse
from vimeo_toolkit.wire.sending import LONGEST_ASKED, retry_after

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = 86_400.0


def _headers(reset: str) -> dict[str, str]:
    return {"x-ratelimit-limit": "50", "x-ratelimit-remaining": "7", "x-ratelimit-reset": reset}


@pytest.mark.parametrize(
    "reset",
    [
        (NOW + timedelta(seconds=30)).isoformat(),
        (NOW + timedelta(seconds=30)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        (NOW + timedelta(seconds=30)).replace(tzinfo=None).isoformat(),
        str(int(NOW.timestamp()) + 30),
        str(int(NOW.timestamp()) * 1000 + 30_000),
        f"{int(NOW.timestamp()) + 30}.0",
        format_datetime(NOW + timedelta(seconds=30), usegmt=True),
        "30",
    ],
    ids=["iso", "zulu", "naive", "epoch", "milliseconds", "fraction", "http", "seconds"],
)
def test_formats_of_the_reset(reset: str) -> None:
    told = read_rate_limit(_headers(reset), NOW.timestamp())
    # Whole seconds are cut off in the header: the window may last that much longer.
    assert (told.limit, told.remaining, told.left, told.sure) == (50, 7, 31.0, True)


@pytest.mark.parametrize(
    "reset",
    [
        "",
        "soon",
        "-5",
        "9" * 40,
        "2026-99-99",
        "1e9",
        "٣٠",
        "inf",
        "9999-12-31T23:59:59",
    ],
)
@pytest.mark.parametrize("proven", [False, True])
def test_nonsense_is_not_said(reset: str, proven: bool) -> None:
    assert read_rate_limit(_headers(reset), NOW.timestamp(), proven=proven).left is None


def test_a_reset_that_is_past_by_the_answers_own_date_is_not_said() -> None:
    reset = (NOW - timedelta(seconds=5)).isoformat()
    assert read_rate_limit(_headers(reset), NOW.timestamp()).left is None


@pytest.mark.parametrize("hours", [-47, -1, 1, 47])
def test_without_a_date_a_foreign_time_is_hardly_believed(hours: int) -> None:
    reset = (NOW + timedelta(seconds=30)).isoformat()
    told = read_rate_limit(_headers(reset), (NOW + timedelta(hours=hours)).timestamp(), proven=False)
    assert (told.left, told.sure) == (UNPROVEN, False)
    assert read_rate_limit(_headers("30"), NOW.timestamp(), proven=False).sure


@given(
    st.dictionaries(
        st.sampled_from(
            ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "date", "retry-after"]
        ),
        st.text(),
    )
)
def test_no_header_ever_raises(headers: dict[str, str]) -> None:
    read_rate_limit(headers, NOW.timestamp())
    Clock().sync_clock(headers, 1.0, 2.0)
    asked = retry_after(HttpResponse(429, headers, b""))
    assert asked is None or 0 <= asked <= LONGEST_ASKED


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2", 2.0),
        ("2.5", 2.5),
        ("0", 0.0),
        ("172800", 172_800.0),
        ("9999999", LONGEST_ASKED),
        (str(int(NOW.timestamp()) + 40), 40.0),
        (str((int(NOW.timestamp()) + 40) * 1000), 40.0),
        (str(int(NOW.timestamp()) - 40), None),
        ((NOW + timedelta(seconds=40)).isoformat(), 40.0),
        ((NOW + timedelta(seconds=40)).strftime("%a %b %d %H:%M:%S %Y"), 40.0),
        ("30, 60", 60.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW + timedelta(days=3), usegmt=True), 3 * DAY),
        (format_datetime(NOW - timedelta(seconds=9), usegmt=True), None),
        ("-1", None),
        ("1e3", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    headers = {"retry-after": text, "date": format_datetime(NOW, usegmt=True)}
    assert retry_after(HttpResponse(429, headers, b"")) == seconds


def test_a_date_to_retry_after_counts_from_the_answers_own_date_alone() -> None:
    assert retry_after(answer(503, retry_after=format_datetime(NOW, usegmt=True))) is None


def test_a_slow_answer_does_not_set_the_clock_back() -> None:
    clock, start = Clock(), NOW.timestamp()
    clock.sync_clock({"date": format_datetime(NOW, usegmt=True)}, 100.0, 100.1)
    clock.sync_clock({"date": format_datetime(NOW, usegmt=True)}, 100.2, 130.0)
    assert clock.now(0.0, 130.0) == pytest.approx(start + 30, abs=1.0)
    clock.sync_clock({"date": format_datetime(NOW + timedelta(hours=2), usegmt=True)}, 131.0, 132.0)
    assert clock.now(0.0, 132.0) == pytest.approx(start + 7200, abs=1.0)


def test_an_answer_that_was_late_does_not_make_a_window_of_a_minute() -> None:
    """Without a `Date`: by this machine's clock the window ended while the answer was on its way."""
    headers = _headers((NOW + timedelta(seconds=30)).isoformat())
    now = (NOW + timedelta(seconds=33)).timestamp()
    assert read_rate_limit(headers, now, proven=False, took=5.0).left is None
    # It ended before the request was sent: the clock is wrong.
    assert read_rate_limit(headers, now, proven=False, took=0.5).left == UNPROVEN


class _Vimeo(World):
    """A server that counts requests in windows, and a machine whose clock is skewed and is set now and then."""

    def __init__(self, *, skew: float, dates_from: int, limit: int, length: float) -> None:
        super().__init__()
        self.has_listeners = False
        self.skew = skew
        self.dates_from = dates_from
        self.limit = limit
        self.length = length
        self.ends = self.used = 0.0
        self.requests: list[int] = []

    def now(self) -> float:
        return self.time + self.skew

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        self.time += 0.1
        if self.time >= self.ends:
            self.ends, self.used = self.time + self.length, 0
        allowed = self.used < self.limit
        self.used += allowed
        moment = datetime.fromtimestamp(self.ends, UTC)
        headers = {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(int(self.limit - self.used)),
            "x-ratelimit-reset": moment.isoformat(timespec="seconds"),
        }
        if len(self.requests) >= self.dates_from:
            headers["date"] = format_datetime(datetime.fromtimestamp(int(self.time), UTC), usegmt=True)
        self.requests.append(200 if allowed else 429)
        return HttpResponse(self.requests[-1], headers, b'{"data":[]}')


SKEWS = st.one_of(
    st.floats(-2 * DAY, 2 * DAY), st.sampled_from([0.0, 90.0, -90.0, 3600.0, -3600.0, 2 * DAY, -2 * DAY])
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    skew=SKEWS,
    dates_from=st.integers(0, 30),
    kept=st.booleans(),
    jumps=st.lists(st.tuples(st.integers(0, 40), SKEWS, st.booleans()), max_size=3),
)
@example(skew=2.0, dates_from=13, kept=False, jumps=[])
@example(skew=90.0, dates_from=0, kept=False, jumps=[])
@example(skew=2 * DAY, dates_from=1, kept=True, jumps=[])
@example(skew=-2 * DAY, dates_from=30, kept=True, jumps=[(5, 2 * DAY, True)])
@example(skew=2 * DAY, dates_from=30, kept=True, jumps=[(12, -2 * DAY, True)])
def test_nobody_waits_longer_than_a_window(
    skew: float, dates_from: int, kept: bool, jumps: list[tuple[int, float, bool]]
) -> None:
    """Any skew, any moment at which the first `Date` comes, and clocks that are set (with the process started
    anew, or not) meanwhile."""
    world = _Vimeo(skew=skew, dates_from=dates_from, limit=12, length=60.0)
    ctx = world.context(max_wait=1_000.0)
    world.account(ctx)
    quota = Quota(world.cipher, kept=kept)
    for number in range(40):
        for at, to, anew in jumps:
            if at == number:
                world.skew = to
                quota = Quota(world.cipher, kept=kept) if anew else quota
        before = world.time
        run_sync(execute(ctx, world, "vimeo_me_get", {}, quota=quota))
        assert world.time - before <= 60.0 + 3.0
        assert number >= world.limit or jumps or world.time - before <= 0.2, "the limit was not used up"
    restarts = sum(anew for _, _, anew in jumps)
    unsure = (dates_from and abs(skew) > 1) or jumps
    assert world.requests.count(429) <= (0 if not unsure else 8 + 4 * restarts)


@pytest.mark.parametrize("skew", [-2 * DAY, -3600.0, 90.0, 2 * DAY])
def test_processes_whose_clocks_differ_share_a_ban(skew: float) -> None:
    """One whose clock is days off neither waits for days nor sends while the other knows that it may not."""
    world = World(answer(429, retry_after="600", date=_date(1_800_000_000.0)))
    ctx = world.context(max_wait=0.0)
    world.account(ctx)
    assert _refused(world, ctx, Quota(world.cipher, kept=True)).retry_after == 600.0
    # The same machine, another process: it has the same wrong clock, and no answer has told it the time.
    assert 599.0 <= _refused(world, ctx, Quota(world.cipher, kept=True)).retry_after <= 600.0
    if skew < 0:  # another machine, which is behind
        world.now = lambda: world.time + skew  # type: ignore[method-assign]
        quota = Quota(world.cipher, kept=True)
        assert _refused(world, ctx, quota).retry_after <= 600.0
        world.time += 500.0
        assert _refused(world, ctx, quota).retry_after <= 101.0


def _date(moment: float) -> str:
    return format_datetime(datetime.fromtimestamp(moment, UTC), usegmt=True)


def _refused(world: World, ctx: Context, quota: Quota) -> RateLimited:
    sent = len(world.sent)
    with pytest.raises(RateLimited) as caught:
        run_sync(execute(ctx, world, "vimeo_me_get", {}, quota=quota))
    assert len(world.sent) == sent or caught.value.status == 429
    return caught.value


BANS: dict[str, dict[str, Any]] = {
    "bare": {},
    "reset is past": {"x_ratelimit_reset": "2020-01-01T00:00:00+00:00", "x_ratelimit_remaining": "0"},
    "reset is past, in seconds": {"x_ratelimit_reset": "1700000000"},
    "reset is now": {"x_ratelimit_reset": "0"},
    "retry at once": {"retry_after": "0"},
    "a second": {"retry_after": "1"},
    "seconds with a fraction": {"retry_after": "2.5"},
    "a date": {"retry_after": _date(1_800_000_004.0)},
    "a date that is past": {"retry_after": _date(1_700_000_000.0)},
    "an hour": {"retry_after": "3600"},
    "two days": {"retry_after": "172800"},
    "nonsense": {"retry_after": "-1", "x_ratelimit_reset": "soon"},
    "a page of HTML": {"content_type": "text/html; charset=UTF-8"},
    "a page of HTML sent as JSON": {"content_type": "application/json"},
}


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("name", BANS)
def test_a_ban_stops_the_requests(name: str, kept: bool) -> None:
    """However it is told. Three callers who try again and again send a handful in a minute."""
    headers = {"date": _date(1_800_000_000.0), **BANS[name]}
    status, body = (403, b"<html>") if "HTML" in name else (429, b"{}")
    world = World(*[answer(status, body, **headers)] * 100)
    ctx, quota = world.context(max_wait=15.0), Quota(world.cipher, kept=kept)
    world.account(ctx)
    for caught in _tries(world, ctx, quota, seconds=60.0):
        if isinstance(caught, RateLimited):
            assert caught.retry_after >= 1.0
            assert f"{int(caught.retry_after)} second" in caught.hint
            assert name in ("an hour", "two days", "a date") or "refuses all" in caught.message
    assert len(world.sent) <= 5
    if (asked := retry_after(answer(status, **headers))) and asked > 60:
        assert len(world.sent) == 1


def _tries(world: World, ctx: Context, quota: Quota, seconds: float) -> Iterator[Exception]:
    end = world.time + seconds
    while world.time < end:
        try:
            run_sync(execute(ctx, world, "vimeo_me_get", {}, quota=quota))
        except Exception as error:
            yield error
        world.time += 0.5


@pytest.mark.parametrize(
    ("asked", "told"), [("90", "in 90 seconds"), ("1.2", "in 2 seconds"), ("", "in a minute")]
)
def test_an_outage_is_told_with_vimeos_own_figure(asked: str, told: str) -> None:
    world = World(*[answer(503, retry_after=asked)] * 4)
    ctx = world.context()
    world.account(ctx)
    with pytest.raises(VimeoUnavailable) as caught:
        run_sync(execute(ctx, world, "vimeo_me_get", {}))
    assert told in caught.value.hint


def test_the_connection_check_answers_while_the_user_is_limited() -> None:
    world = World(answer(429, retry_after="600"))
    ctx, quota = world.context(), Quota(world.cipher, kept=False)
    world.account(ctx, vimeo_name="Ana")
    for _ in range(2):
        tool = catalog()["vimeo_connection_check"]
        result = run_sync(execute(ctx, world, tool, {}, quota=quota))
        assert (result["ok"], result["retry_after"]) == (False, 600.0)
        assert result["user"] == {"uri": "/users/7", "name": "Ana"}
        assert "private" in result["scopes"]["granted"]
        assert result["requests"]["remaining"] == 0
        assert "600 seconds" in result["advice"][0]
    assert len(world.sent) == 1


def test_patience_counts_the_limit_and_not_another_callers_turn() -> None:
    """Without any patience a call still waits the few milliseconds in which another one reserves."""
    world = World(answer(), answer())
    ctx, quota = world.context(max_wait=0.0), Quota(world.cipher, kept=False)
    account = world.account(ctx)
    user = Owner(Identity("vimeo", "u"), account.generation)
    assert quota.budgets.begin(user)
    sleep = world.sleep

    async def other_is_done(seconds: float) -> None:
        quota.budgets.end(user)
        await sleep(seconds)

    world.sleep = other_is_done  # type: ignore[method-assign]
    assert run_sync(execute(ctx, world, "vimeo_me_get", {}, quota=quota)) is not None


def test_json_that_is_sent_as_html_is_no_ban() -> None:
    refusal = answer(403, b'{"error":"No.","error_code":3200}', content_type="text/html")
    world = World(refusal, refusal)
    ctx, quota = world.context(), Quota(world.cipher, kept=False)
    world.account(ctx)
    for _ in range(2):
        with pytest.raises(Forbidden):
            run_sync(execute(ctx, world, "vimeo_me_get", {}, quota=quota))
