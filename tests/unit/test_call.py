"""One call from its beginning to its end: what is sent, counted, told of and given back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.world import USER, Outcome, World, answer, execute
from vimeo_toolkit import (
    ApprovalDenied,
    Expired,
    Forbidden,
    InvalidInput,
    MissingScope,
    NotConnected,
    RateLimited,
    Revoked,
    StoreError,
    ToolResult,
    UnknownTool,
    UploadNotGranted,
    VimeoUnavailable,
)
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.calls.call import MOST_QUESTIONS, WORTH_KEEPING, Call
from vimeo_toolkit.calls.clock import Clock
from vimeo_toolkit.calls.consent import Consent
from vimeo_toolkit.calls.modify import Modifier, Modifiers
from vimeo_toolkit.calls.quota import Quota, Wait
from vimeo_toolkit.calls.refusals import missing_scope
from vimeo_toolkit.calls.result import Pages
from vimeo_toolkit.calls.result_cache import ResultCache
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.calls.state import LARGE, CallState
from vimeo_toolkit.calls.window import Told, Window
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.api import CachedResult, ResultSlice
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, HttpResponse, NotSent
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.uploads.files import UploadOptions
from vimeo_toolkit.wire.rate_limit import UNKNOWN, RateLimit

ME, LIST, LIKE, COMMENT, DELETE = (
    "vimeo_me_get",
    "vimeo_my_videos_list",
    "vimeo_video_like",
    "vimeo_video_comment_add",
    "vimeo_video_delete",
)
UPLOAD = next(
    name
    for name, tool in catalog().items()
    if "upload" in tool.scopes and "file_link" in tool.input_model.model_fields
)
VIDEO = {"video_id": "1"}
LIMITS: dict[str, Any] = {"x_ratelimit_limit": "50", "x_ratelimit_remaining": "40", "x_ratelimit_reset": "30"}


def said(body: Any, status: int = 200, **headers: str) -> HttpResponse:
    return answer(status, json.dumps(body).encode(), **headers)


def event(name: Any, tool: str, **data: Any) -> Event:
    return Event(name, "vimeo", "u", tool, data, "id")


def run(world: World, tool: str, given: Any = None, **more: Any) -> ToolResult:
    ctx = world.context()
    world.account(ctx)
    return run_sync(execute(ctx, world, tool, given, **more))


# ---- events ----


def test_a_call_is_told_from_beginning_to_end() -> None:
    world = World(answer(502), said({"uri": "/users/7"}, **LIMITS))
    result = run(world, ME)
    took = world.slept[0]
    assert world.events == [
        event("call.started", ME, read_only=True, objects=[]),
        event("call.retried", ME, attempt=1, cause="status 502", remaining=None),
        event(
            "call.finished",
            ME,
            outcome="ok",
            error_type=None,
            status=200,
            seconds=pytest.approx(took),
            requests=2,
            remaining=40,
            read_only=True,
            objects=[],
        ),
    ]
    assert (result.requests, result.rate_limit.limit, result.rate_limit.remaining) == (2, 50, 40)
    assert result.rate_limit.reset_at == pytest.approx(world.time + 31)


@pytest.mark.parametrize(
    ("outcome", "error", "told"),
    [
        (said({"error": "x"}, 403), Forbidden, ("forbidden", "Forbidden", 403, 1)),
        (KeyError("bug"), KeyError, ("error", "KeyError", None, 1)),
        (KeyboardInterrupt(), KeyboardInterrupt, ("cancelled", "KeyboardInterrupt", None, 1)),
    ],
)
def test_how_a_call_ended(outcome: Any, error: type[BaseException], told: tuple[Any, ...]) -> None:
    def fail(request: object) -> HttpResponse:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome  # type: ignore[no-any-return]

    world = World(fail)
    with pytest.raises(error):
        run(world, LIKE, VIDEO)
    data = world.events[-1].data
    assert (data["outcome"], data["error_type"], data["status"], data["requests"]) == told
    assert (data["read_only"], world.events[-1].call) == (False, "id")


def test_nothing_is_told_where_nobody_listens_or_nothing_is_done() -> None:
    world = World(said({"uri": "/users/7"}))
    world.has_listeners = False
    run(world, ME)
    assert world.events == []
    world = World()
    run(world, LIKE, VIDEO, dry_run=True)
    assert world.events == []


def test_a_tool_that_is_not_the_agents_is_unknown() -> None:
    world = World(said({"uri": "/users/7"}))
    with pytest.raises(UnknownTool, match=f"{ME} is not among"):
        run(world, ME, allowed={LIST})
    assert (world.events, world.sent) == ([], [])
    assert run(World(said({"uri": "/users/7"})), ME, allowed=[ME])["uri"] == "/users/7"


# ---- the result ----


def test_an_empty_answer_is_success_in_words() -> None:
    result = run(World(answer(204, b"")), LIKE, VIDEO)
    assert result.data == {"success": True, "message": catalog()[LIKE].success_message}


def test_a_list_says_where_it_stands_and_whose_texts_are_in_it() -> None:
    body = {
        "page": 1,
        "per_page": 1,
        "total": 2,
        "paging": {"next": "/me/videos?page=2"},
        "data": [{"name": "n"}],
    }
    result = run(World(said(body)), LIST)
    assert result.pages == Pages(1, 1, 2, 2)
    assert result.untrusted_fields == catalog()[LIST].untrusted_fields_in(
        catalog()[LIST].validate({}), RECORD
    )
    assert (result.handle, result.notes) == (None, ())
    full = run(World(said(body)), LIST, detail="full")
    assert full.detail == "full"


RECORD = AccountRecord(connection_name="vimeo", identifier="u", vimeo_uri="/users/7")


@pytest.mark.parametrize(("size", "kept"), [(WORTH_KEEPING, False), (WORTH_KEEPING + 1, True)])
def test_a_large_result_is_kept_for_its_user(size: int, kept: bool) -> None:
    body = {"uri": "/users/7", "bio": ""}
    body["bio"] = "b" * (size - len(json.dumps(body)))
    world, results = World(said(body)), ResultCache()
    ctx = world.context()
    account = world.account(ctx)
    result = run_sync(execute(ctx, world, ME, results=results))
    assert (result.handle is not None) is kept
    if result.handle is not None:
        assert (result.handle[0], len(result.handle)) == ("r", 8)
        found = results.get(Owner(USER, account.generation), result.handle, world.monotonic())
        assert (found.data, found.untrusted_fields) == (body, result.untrusted_fields)


def test_the_operators_code_sees_the_input_and_the_result() -> None:
    seen: list[Any] = []

    def before(tool: str, arguments: dict[str, Any], identity: Identity) -> dict[str, Any]:
        seen.append((tool, arguments, identity))
        return {"video_id": "2"}

    def after(tool: str, result: ToolResult, identity: Identity) -> ToolResult:
        seen.append((tool, identity))
        return ToolResult({"changed": True})

    world = World(answer(204, b""))
    result = run(world, LIKE, VIDEO, modifiers=Modifiers([Modifier(before=before, after=after)]))
    assert result.data == {"changed": True}
    assert "/videos/2" in world.sent[0].url or "/likes/2" in world.sent[0].url
    assert seen == [(LIKE, VIDEO, USER), (LIKE, USER)]


def test_inputs_that_vimeo_does_not_have_are_said() -> None:
    name, tool, unsent = next(
        (name, tool, next(iter(tool.unsent))) for name, tool in catalog().items() if tool.unsent
    )
    assert name == tool.name
    assert unsent in tool.input_model.model_fields


# ---- the account ----


@pytest.mark.parametrize(
    ("account", "error", "message"),
    [
        (None, NotConnected, "has not connected"),
        ({"status": AccountStatus.PENDING}, NotConnected, "has not connected"),
        ({"status": AccountStatus.EXPIRED, "reason": "It ended."}, Expired, "has expired. It ended."),
        ({"status": AccountStatus.REVOKED, "reason": None}, Revoked, "was revoked."),
    ],
)
def test_an_account_that_cannot_be_used_gets_a_link(
    account: dict[str, Any] | None, error: type[NotConnected], message: str
) -> None:
    world = World()
    ctx = world.context()
    if account is not None:
        world.account(ctx, access_token=None, **account)
    with pytest.raises(error) as caught:
        run_sync(execute(ctx, world, ME))
    assert caught.value.message.endswith(message) or message in caught.value.message
    assert caught.value.message == caught.value.message.strip()
    assert (caught.value.connection_name, caught.value.identifier) == ("vimeo", "u")
    assert caught.value.authorization_link is not None
    assert caught.value.hint.startswith("Ask the user to open")
    data = world.events[-1].data
    assert (data["requests"], data["status"], data["outcome"]) == (0, None, caught.value.code)


def test_a_connection_that_makes_no_links_asks_for_a_token() -> None:
    world = World()
    ctx = Context({"vimeo": Connection()}, Vault(world.cipher), world.context().policy)
    with pytest.raises(NotConnected) as caught:
        run_sync(execute(ctx, world, ME))
    assert caught.value.authorization_link is None
    assert "import_token" in caught.value.hint
    world.account(ctx, granted_scopes=("public",))
    with pytest.raises(MissingScope) as missing:
        run_sync(execute(ctx, world, DELETE, VIDEO))
    assert missing.value.authorization_link is None
    assert "make a new access token" in missing.value.hint


@pytest.mark.parametrize(
    ("tool", "given", "error", "missing"),
    [
        (DELETE, VIDEO, MissingScope, {"delete"}),
        (UPLOAD, {"file_link": "https://example.com/a.mp4"}, UploadNotGranted, {"upload"}),
    ],
)
def test_a_missing_scope_is_said_before_anything_is_sent(
    tool: str, given: dict[str, Any], error: type[MissingScope], missing: set[str]
) -> None:
    world = World()
    ctx = world.context()
    world.account(ctx, granted_scopes=("public", "private"))
    with pytest.raises(error) as caught:
        run_sync(execute(ctx, world, tool, given))
    assert type(caught.value) is error
    assert missing <= set(caught.value.needed)
    assert set(caught.value.granted) == {"public", "private"}
    assert (caught.value.tool, caught.value.identifier) == (tool, "u")
    assert caught.value.connection_name == "vimeo"
    assert caught.value.message.startswith("The user's token lacks the ")
    assert caught.value.message.endswith("Nothing was sent.")
    assert caught.value.authorization_link is not None
    assert "open the authorization link" in caught.value.hint
    assert ("Upload access is granted" in caught.value.hint) is (error is UploadNotGranted)


def test_a_scope_that_vimeo_says_is_missing() -> None:
    world = World(said({"error": 'Your token does not have the "stats" scope.'}, 403))
    ctx = world.context()
    world.account(ctx)
    with pytest.raises(MissingScope) as caught:
        run_sync(execute(ctx, world, ME))
    assert caught.value.message.startswith('Vimeo says that the user\'s token lacks the "stats" scope')
    assert "Nothing was sent" not in caught.value.message
    assert caught.value.needed == ["stats"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("You are not allowed to upload videos.", UploadNotGranted),
        ("Unable to upload.", UploadNotGranted),
        ("You can't upload.", UploadNotGranted),
        ("This user cannot upload.", UploadNotGranted),
        ("No uploading here.", Forbidden),
    ],
)
def test_uploads_that_vimeo_denies(text: str, error: type[Forbidden]) -> None:
    tool = UPLOAD
    world = World(said({"error": text}, 403))
    ctx = world.context()
    world.account(ctx)
    with pytest.raises(error) as caught:
        run_sync(execute(ctx, world, tool, {"file_link": "https://example.com/a.mp4", "name": "n"}))
    assert type(caught.value) is error
    if isinstance(caught.value, UploadNotGranted):
        assert (caught.value.needed, caught.value.tool) == (["upload"], tool)
        assert caught.value.authorization_link is None
        assert (caught.value.connection_name, caught.value.identifier) == ("vimeo", "u")
        assert "upload" in caught.value.granted


# ---- one 401, one 429 ----


def test_another_vimeo_account_under_the_call_ends_it() -> None:
    world = World()
    ctx = world.context()
    used = world.account(ctx)

    def reconnected(request: object) -> HttpResponse:
        run_sync(
            ctx.vault.update(
                world, USER, lambda now: now.replace(vimeo_uri="/users/8", access_token=Secret("b"))
            )
        )
        return answer(401, b"{}")

    world.outcomes = [reconnected]
    with pytest.raises(NotConnected, match="Another Vimeo account") as caught:
        run_sync(execute(ctx, world, ME))
    assert (caught.value.connection_name, caught.value.identifier) == ("vimeo", "u")
    assert caught.value.authorization_link is None
    assert used.vimeo_uri == "/users/7"


@pytest.mark.parametrize(
    ("tool", "given", "again"), [(ME, None, True), (COMMENT, {**VIDEO, "text": "t"}, False)]
)
def test_a_401_of_a_good_token_is_sent_again_where_that_is_safe(tool: str, given: Any, again: bool) -> None:
    good = said({"scope": "private interact public", "user": {"uri": "/users/7"}, "app": {"uri": "/apps/9"}})
    world = World(answer(401, b"{}"), good, *([said({"uri": "/users/7"})] if again else []))
    if again:
        result = run(world, tool, given)
        assert result.requests == 2
        assert event("call.retried", tool, attempt=1, cause="status 401", remaining=None) in world.events
    else:
        with pytest.raises(Exception, match="401"):
            run(world, tool, given)


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


# ---- approval ----


def test_consent_is_given_back_by_a_call_that_never_left() -> None:
    world = World(said({"name": "n", "uri": "/videos/1"}), *[NotSent("x")] * 9)
    asked: list[Any] = []
    ctx = world.context()
    world.account(ctx)
    with pytest.raises(Exception, match="approval"):
        run_sync(execute(ctx, world, DELETE, VIDEO, consent=Consent("destructive")))
    assert asked == []
    assert len(world.sent) == 1


def test_a_hook_whose_subject_changes_at_each_look_is_asked_three_times() -> None:
    counted = iter(range(99))
    world = World(*[lambda request: said({"name": f"n{next(counted)}", "uri": "/videos/1"})] * 9)
    asked: list[Any] = []

    def confirm(planned: Any) -> bool:
        asked.append(planned)
        return True

    with pytest.raises(ApprovalDenied, match="changed at each look") as caught:
        run(world, DELETE, VIDEO, consent=Consent(confirm=confirm))
    assert (len(asked), MOST_QUESTIONS) == (3, 3)
    assert caught.value.tool == DELETE


def test_what_a_dry_run_shows() -> None:
    world = World(said({"name": "Film", "uri": "/videos/1"}))
    result = run(world, DELETE, VIDEO, dry_run=True, consent=Consent("destructive"))
    assert result["dry_run"] is True
    assert result["needs_approval"] is True
    assert len(result["approval_id"]) == 32
    assert "Film" in result["description"]
    assert (result.detail, result.requests) == ("full", 1)
    plain = run(World(), DELETE, VIDEO, dry_run=True)
    assert plain["needs_approval"] is False
    assert "approval_id" not in plain
    assert plain.requests == 0


# ---- the budget on the way of a call ----


def state(world: World, ctx: Context, **more: Any) -> CallState:
    spec = CallSpec(USER, catalog()[ME])
    made = CallState(world, ctx, spec, Clock(), UploadOptions(), **more)
    made.begin(RECORD)
    return made


def test_what_a_call_knows() -> None:
    world = World()
    ctx = world.context(timeout=7.0)
    call = state(world, ctx)
    assert (call.tool, call.account, call.owner) == (catalog()[ME], RECORD, Owner(USER, RECORD.generation))
    assert (call.deadline, call.rate_limit, call.requests) == (world.monotonic() + 7.0, UNKNOWN, 0)
    assert call.now() == world.time
    assert call.identity_copy() == USER
    assert call.identity_copy() is not USER
    call.keep_secret([Secret("a"), None, Secret("")])
    assert call.all_secrets() == [Secret("a")]
    call.account = RECORD.replace(access_token=Secret("t"))
    assert call.all_secrets() == [Secret("a"), Secret("t")]
    run_sync(call.sleep(3.0))
    assert (world.slept, call.deadline) == ([3.0], world.monotonic() + 7.0)
    world.time += 5
    call.more_time()
    assert call.deadline == world.monotonic() + 7.0
    for received, slept in ((LARGE, [3.0]), (LARGE + 1, [3.0, 0])):
        call.received = received
        run_sync(call.let_others_run())
        assert world.slept == slept
    with pytest.raises(AssertionError):
        CallState(world, ctx, call.spec, Clock(), UploadOptions()).account  # noqa: B018 - the property raises
    with pytest.raises(TypeError, match="not picklable"):
        call.spec.__reduce__()
    assert "account" not in repr(call)


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
    assert "with fewer requests" in caught.value.hint


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

    monkeypatch.setattr(Quota, "_load", fails)
    known = Window(limit=320, remaining=320, ends=world.monotonic() + 60, opened=world.monotonic())
    quota.budgets.commit(call.owner, known, 3, 0)
    assert run_sync(quota.refill(world, call.owner)) == Wait(0.0)
    assert quota.budgets.block(call.owner) == 1
    assert quota.budgets.begin(call.owner)
    run_sync(quota.learn(world, call.owner, Told(320, 7, 60.0), None, sent=world.monotonic()))
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

    monkeypatch.setattr(Quota, "_load", fails)
    assert run(world, ME, quota=Quota(world.cipher, kept=True)).rate_limit.remaining == 40


def test_wrong_input_and_outages_are_errors_as_they_are() -> None:
    with pytest.raises(InvalidInput):
        run(World(), LIKE, {})
    outcomes: list[Outcome] = [answer(503)] * 4
    with pytest.raises(VimeoUnavailable):
        run(World(*outcomes), ME)


def made(body: Any, **more: Any) -> ToolResult:
    """The result of a tool whose run gives this."""
    world = World()
    ctx = world.context(max_result_chars=700)
    call = state(world, ctx)
    call.rate_limit, call.requests = RateLimit(50, 7), 3
    consent, results = Consent(), ResultCache()
    whole = Call(call, Quota(world.cipher, kept=False), Modifiers(), consent, results)
    return whole._made(body, ("a note",), ("name",), **more)


@pytest.mark.parametrize(
    ("body", "data"),
    [
        ({"a": 1}, {"a": 1}),
        ([1, 2], {"data": [1, 2], "total": 2}),
        (None, {"success": True, "message": catalog()[ME].success_message}),
    ],
)
def test_what_a_tool_gives_becomes_a_result(body: Any, data: dict[str, Any]) -> None:
    result = made(body)
    assert result.data == data
    assert (result.rate_limit, result.requests, result.notes) == (RateLimit(50, 7), 3, ("a note",))
    assert (result.untrusted_fields, result.detail, result._limit) == (("name",), "compact", 700)


def test_a_part_of_a_kept_result_is_not_read_again() -> None:
    kept = CachedResult({"data": list(range(9))}, ("data.name",), 9, 0.0)
    result = made(ResultSlice({"total": 9, "start": 4, "data": [4, 5]}, kept, "r1234567", 4))
    assert result.data == {"total": 9, "start": 4, "data": [4, 5]}
    assert (result.handle, result.untrusted_fields, result.notes) == ("r1234567", ("data.name",), ("a note",))
    assert (result._start, result._limit) == (4, 700)


def test_the_status_of_the_last_answer_is_told_where_the_error_has_none() -> None:
    def fail(tool: str, result: ToolResult, identity: Identity) -> None:
        raise InvalidInput("Not like this.")

    world = World(said({"uri": "/users/7"}))
    with pytest.raises(InvalidInput):
        run(world, ME, modifiers=Modifiers([Modifier(after=fail)]))
    assert (world.events[-1].data["status"], world.events[-1].data["outcome"]) == (200, "invalid_input")


def test_an_account_that_ended_after_a_lost_answer_says_what_may_have_been_done() -> None:
    world = World(AnswerLost("x"), answer(401, b"{}"), answer(401, b"{}"))
    with pytest.raises(Revoked) as caught:
        run(world, LIKE, VIDEO)
    assert "may" in caught.value.hint


def test_several_missing_scopes_are_named() -> None:
    world = World(said({"error": 'It lacks the "stats" scope, and it lacks the "email" scope.'}, 403))
    call = state(world, world.context())
    error = run_sync(missing_scope(call, frozenset({"stats", "edit"}), sent=False))
    assert 'the "edit", "stats" scopes that' in error.message
    assert 'the "edit", "stats" scopes: ' in error.hint


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
    run_sync(other._load(world, owner))
    assert other.clock("vimeo").now(world.now(), 0.0) == pytest.approx(world.now() + behind)


def test_who_lost_the_race_for_a_budget_tries_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    quota, owner = Quota(world.cipher, kept=False), Owner(USER)

    async def lost(*_: Any) -> None:
        return None

    monkeypatch.setattr(Quota, "_swap", lost)
    assert run_sync(quota.refill(world, owner)) == Wait(0.002, limited=False)
    assert quota.budgets.begin(owner), "and others may reserve meanwhile"
