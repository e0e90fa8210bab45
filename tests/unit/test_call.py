"""One call from its beginning to its end: what is told of, shown, kept and given back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.calling import DELETE, LIKE, LIMITS, LIST, ME, RECORD, VIDEO, event, state
from tests.unit.world import USER, Outcome, World, answer, execute, run, said
from vimeo_toolkit import (
    ApprovalDenied,
    ApprovalRequired,
    Forbidden,
    InvalidInput,
    ToolResult,
    UnknownTool,
    VimeoUnavailable,
)
from vimeo_toolkit.calls.call import MOST_QUESTIONS, WORTH_KEEPING
from vimeo_toolkit.calls.clock import Clock
from vimeo_toolkit.calls.consent import Consent
from vimeo_toolkit.calls.modify import Modifier, Modifiers
from vimeo_toolkit.calls.result import Pages
from vimeo_toolkit.calls.result_cache import ResultCache
from vimeo_toolkit.calls.result_of_call import bare_result
from vimeo_toolkit.calls.state import LARGE, CallState
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.api import CachedResult, ResultSlice
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import HttpResponse
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.uploads.files import UploadOptions
from vimeo_toolkit.wire.rate_limit import UNKNOWN, RateLimit

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
    world = World(said({"data": []}))
    result = run(world, "vimeo_liked_videos_list", {"direction": "asc"})
    assert result.notes == (catalog()["vimeo_liked_videos_list"].unsent["direction"],)
    assert "direction" not in world.sent[0].url


# ---- approval ----


def test_a_call_that_nobody_has_approved_is_looked_at_and_not_sent() -> None:
    world = World(said({"name": "n", "uri": "/videos/1"}))
    with pytest.raises(ApprovalRequired, match="approval"):
        run(world, DELETE, VIDEO, consent=Consent("destructive"))
    assert [request.method for request in world.sent] == ["GET"]


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


# ---- what a call knows, and what a tool gives ----


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


def test_wrong_input_and_outages_are_errors_as_they_are() -> None:
    with pytest.raises(InvalidInput):
        run(World(), LIKE, {})
    outcomes: list[Outcome] = [answer(503)] * 4
    with pytest.raises(VimeoUnavailable):
        run(World(*outcomes), ME)


def made(body: Any) -> ToolResult:
    """The result of a tool whose run gives this."""
    world = World()
    call = state(world, world.context(max_result_tokens=700))
    call.rate_limit, call.requests = RateLimit(50, 7), 3
    return bare_result(call, body, ("a note",), ("name",))


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
