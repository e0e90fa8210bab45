"""What is told, in which order, and what it carries, in the blocking and the asynchronous world."""

from __future__ import annotations

import ast
import asyncio
import re
import typing
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import vimeo_toolkit
from tests.observe.conftest import Call, Run, Trouble
from tests.observe.recorder import Recorder
from tests.waiting import hurry
from vimeo_toolkit import (
    AuthorizationFailed,
    Connection,
    Expired,
    InvalidInput,
    MissingScope,
    Modifier,
    NotConnected,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Revoked,
    VimeoToolkit,
    VimeoUnavailable,
)
from vimeo_toolkit.observe import EVENTS, EventName
from vimeo_toolkit.runtime.ports import AnswerLost, HttpResponse, NotSent
from vimeo_toolkit.sandbox import Sandbox

Join = Callable[..., str]


def test_a_call(told: VimeoToolkit, seen: Recorder, call: Call, join: Join) -> None:
    join(told, seen)
    call(told, "vimeo_my_videos_list")
    assert seen.names == ["call.started", "call.finished"]
    first, last = seen.events
    for event in (first, last):
        assert (event.connection_name, event.identifier, event.tool) == ("vimeo", "u", "vimeo_my_videos_list")
    assert first.call == last.call
    assert first.call
    assert first.data == {"read_only": True, "objects": []}
    data = dict(last.data)
    assert data.pop("seconds") > 0
    assert data.pop("remaining") > 0
    assert (data.pop("read_only"), data.pop("objects")) == (True, [])
    assert data == {"outcome": "ok", "error_type": None, "status": 200, "requests": 1}


def test_two_calls_have_two_ids(told: VimeoToolkit, seen: Recorder, call: Call, join: Join) -> None:
    join(told, seen)
    call(told, "vimeo_me_get")
    call(told, "vimeo_me_get")
    assert len({event.call for event in seen.events}) == 2


def test_repeats(told: VimeoToolkit, seen: Recorder, call: Call, join: Join, trouble: Trouble) -> None:
    join(told, seen)
    trouble(told, HttpResponse(503, {}, b""), AnswerLost(), NotSent())
    call(told, "vimeo_me_get")
    assert seen.names == ["call.started", *["call.retried"] * 3, "call.finished"]
    retries = [event.data for event in seen.events[1:4]]
    assert [data["attempt"] for data in retries] == [1, 2, 3]
    assert retries[0]["cause"] == "status 503"
    assert len({event.call for event in seen.events}) == 1
    assert seen.data("call.finished")["requests"] == 4


def test_a_write_whose_answer_is_lost(
    told: VimeoToolkit, seen: Recorder, call: Call, join: Join, trouble: Trouble
) -> None:
    join(told, seen)
    trouble(told, AnswerLost())
    with pytest.raises(OutcomeUnknown):
        call(told, "vimeo_folder_create", {"name": "new"})
    assert seen.names == ["call.started", "call.finished"]
    data = seen.data("call.finished")
    assert (data["outcome"], data["requests"], data["status"]) == ("outcome_unknown", 1, None)
    assert data["read_only"] is False


def test_an_outage(told: VimeoToolkit, seen: Recorder, call: Call, join: Join, trouble: Trouble) -> None:
    join(told, seen)
    trouble(told, *[HttpResponse(502, {}, b"")] * 4)
    with pytest.raises(VimeoUnavailable):
        call(told, "vimeo_me_get")
    data = seen.data("call.finished")
    assert (data["outcome"], data["error_type"], data["status"], data["requests"]) == (
        "vimeo_unavailable",
        "VimeoUnavailable",
        502,
        4,
    )


def test_waiting_for_the_limit(
    told: VimeoToolkit, seen: Recorder, call: Call, join: Join, trouble: Trouble
) -> None:
    join(told, seen)
    hurry(told, still=True)
    now = datetime.fromtimestamp(told._blocking.now(), UTC)
    headers = {
        "retry-after": "1",
        "x-ratelimit-limit": "500",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": (now + timedelta(seconds=1)).isoformat(),
    }
    trouble(told, HttpResponse(429, headers, b"{}"), sleeps=True)
    call(told, "vimeo_me_get")
    assert seen.names == ["call.started", "call.waited", "call.finished"]
    data = seen.events[1].data
    assert data["status"] == 429
    assert data["seconds"] == pytest.approx(1.0, abs=0.1)
    assert data["remaining"] == 0
    data = seen.events[2].data
    assert (data["outcome"], data["status"], data["requests"]) == ("ok", 200, 2)
    assert data["seconds"] >= 1


def test_a_wait_that_is_too_long(
    told: VimeoToolkit, seen: Recorder, call: Call, join: Join, trouble: Trouble
) -> None:
    join(told, seen)
    trouble(told, HttpResponse(429, {"retry-after": "60", "x-ratelimit-remaining": "0"}, b"{}"))
    for _ in range(2):
        with pytest.raises(RateLimited):
            call(told, "vimeo_me_get")
    assert seen.names == ["call.started", "call.finished"] * 2
    first, second = (event.data for event in seen.events[1::2])
    assert (first["outcome"], first["status"], first["requests"]) == ("rate_limited", 429, 1)
    assert (second["outcome"], second["status"], second["requests"]) == ("rate_limited", None, 0)


def test_invalid_input_is_seen(
    told: VimeoToolkit, seen: Recorder, call: Call, join: Join, vimeo: Sandbox
) -> None:
    join(told, seen)
    with pytest.raises(InvalidInput):
        call(told, "vimeo_video_get", {"video_id": "../me", "more": "marker"})
    assert seen.names == ["call.started", "call.finished"]
    data = seen.data("call.finished")
    assert (data["outcome"], data["status"], data["requests"]) == ("invalid_input", None, 0)
    assert "marker" not in repr(seen.events)
    assert vimeo.requests == []


def test_missing_scope(told: VimeoToolkit, seen: Recorder, call: Call, join: Join) -> None:
    join(told, seen, scopes=["public"])
    with pytest.raises(MissingScope):
        call(told, "vimeo_my_videos_list")
    assert seen.names == ["call.started", "call.finished"]
    data = seen.data("call.finished")
    assert (data["outcome"], data["error_type"], data["requests"]) == ("missing_scope", "MissingScope", 0)


def test_nobody_is_connected(told: VimeoToolkit, seen: Recorder, call: Call) -> None:
    with pytest.raises(NotConnected):
        call(told, "vimeo_me_get")
    assert seen.data("call.finished")["outcome"] == "not_connected"


def test_what_vimeo_refuses(told: VimeoToolkit, seen: Recorder, call: Call, join: Join) -> None:
    join(told, seen)
    with pytest.raises(NotFound):
        call(told, "vimeo_video_get", {"video_id": "1"})
    data = seen.data("call.finished")
    assert (data["outcome"], data["status"], data["requests"]) == ("not_found", 404, 1)
    assert data["remaining"] is not None


def test_revocation(told: VimeoToolkit, seen: Recorder, call: Call, join: Join, vimeo: Sandbox) -> None:
    join(told, seen)
    vimeo.revoke_all(vimeo.user)
    with pytest.raises(Revoked):
        call(told, "vimeo_me_get")
    assert seen.names == ["call.started", "account.revoked", "call.finished"]
    event = seen.events[1]
    assert (event.connection_name, event.identifier, event.tool) == ("vimeo", "u", None)
    assert event.data["status"] == "REVOKED"
    assert seen.data("call.finished")["outcome"] == "revoked"
    with pytest.raises(Revoked):
        call(told, "vimeo_me_get")
    assert seen.names.count("account.revoked") == 1


@pytest.fixture
def expiring(vimeo: Sandbox, seen: Recorder) -> Iterator[VimeoToolkit]:
    """Its tokens live 1,000 seconds and can be refreshed; `u` is connected."""
    app = vimeo.add_app("Expiring", token_lifetime=1000.0, refresh_tokens=True)
    connection = Connection(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=app.redirect_uri,
        scopes=["private"],
        api_url=vimeo.url,
    )
    with VimeoToolkit([connection], store="sqlite:///:memory:", on_event=seen) as toolkit:
        link = toolkit.get_authorization_link(identifier="u").link
        toolkit.complete_authorization(vimeo.authorize(link), identifier="u")
        seen.events.clear()
        yield toolkit


def _end_all_tokens(vimeo: Sandbox) -> None:
    for token in vimeo.world.tokens.values():
        token.expires = vimeo.clock.seconds() - 1


def test_refresh(expiring: VimeoToolkit, seen: Recorder, call: Call, vimeo: Sandbox) -> None:
    _end_all_tokens(vimeo)
    call(expiring, "vimeo_me_get")
    assert seen.names == ["call.started", "account.refreshed", "call.retried", "call.finished"]
    assert seen.data("account.refreshed") == {"status": "ACTIVE"}
    assert seen.data("call.retried")["cause"] == "status 401"
    data = seen.data("call.finished")
    assert (data["outcome"], data["requests"]) == ("ok", 2)


def test_a_refresh_ahead_of_time_that_fails(
    expiring: VimeoToolkit, seen: Recorder, call: Call, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    for io in (expiring._blocking, expiring._async):
        monkeypatch.setattr(io, "now", lambda now=io.now: now() + 750.0)
    trouble(expiring, *[NotSent()] * 4)
    call(expiring, "vimeo_me_get")
    assert seen.names == ["call.started", "account.refresh_failed", "call.finished"]
    assert seen.data("account.refresh_failed") == {"outcome": "vimeo_unavailable"}
    assert seen.data("call.finished")["outcome"] == "ok"


def test_a_refused_refresh(expiring: VimeoToolkit, seen: Recorder, call: Call, vimeo: Sandbox) -> None:
    _end_all_tokens(vimeo)
    vimeo.world.refresh_tokens.clear()
    with pytest.raises(Expired):
        call(expiring, "vimeo_me_get")
    assert seen.names == ["call.started", "account.expired", "call.finished"]
    assert seen.data("account.expired")["status"] == "EXPIRED"
    assert "refresh token" in seen.data("account.expired")["reason"]


def test_the_life_of_an_account(told: VimeoToolkit, seen: Recorder, run: Run, vimeo: Sandbox) -> None:
    link = run(told, "get_authorization_link", identifier="u").link
    callback = vimeo.authorize(link, scopes=["private", "public"])
    run(told, "complete_authorization", callback_url=callback, identifier="u")
    assert seen.names == ["account.connected"]
    assert seen.data("account.connected") == {"status": "ACTIVE", "scopes": ["private", "public"]}
    with pytest.raises(AuthorizationFailed):
        run(told, "complete_authorization", callback_url=callback, identifier="u")
    assert seen.data("account.refused") == {"outcome": "authorization_failed", "by": "callback"}
    assert seen.events[-1].connection_name == ""  # a state that nobody knows is nobody's
    assert run(told, "delete_connected_account", identifier="u")
    assert seen.names == ["account.connected", "account.refused", "account.deleted"]
    assert seen.data("account.deleted") == {"revoked": True}
    assert not run(told, "delete_connected_account", identifier="u")
    assert len(seen.events) == 3


def test_an_attacked_account(told: VimeoToolkit, seen: Recorder, run: Run, vimeo: Sandbox) -> None:
    link = run(told, "get_authorization_link", identifier="attacker").link
    with pytest.raises(AuthorizationFailed, match="another user"):
        run(told, "complete_authorization", callback_url=vimeo.authorize(link), identifier="victim")
    with pytest.raises(AuthorizationFailed):
        run(told, "import_token", identifier="attacker", access_token="no-token")
    assert seen.names == ["account.refused", "account.refused"]
    assert [event.identifier for event in seen.events] == ["victim", "attacker"]
    assert [event.data["by"] for event in seen.events] == ["callback", "import"]
    assert {event.connection_name for event in seen.events} == {"vimeo"}


def test_a_token_that_is_kept_at_vimeo(told: VimeoToolkit, seen: Recorder, run: Run, join: Join) -> None:
    join(told, seen)
    run(told, "delete_connected_account", identifier="u", revoke=False)
    assert seen.data("account.deleted") == {"revoked": False}


def test_a_bug_is_seen(connection: Connection, seen: Recorder, call: Call, join: Join) -> None:
    def bug(*_: object) -> None:
        raise ZeroDivisionError("marker")

    modifiers = [Modifier(after=bug)]
    with VimeoToolkit(
        [connection], store="sqlite:///:memory:", on_event=seen, modifiers=modifiers
    ) as toolkit:
        join(toolkit, seen)
        with pytest.raises(ZeroDivisionError):
            call(toolkit, "vimeo_me_get")
    data = seen.data("call.finished")
    assert (data["outcome"], data["error_type"], data["requests"]) == ("error", "ZeroDivisionError", 1)
    assert "marker" not in repr(seen.events)


def test_a_cancelled_call_is_seen(told: VimeoToolkit, seen: Recorder, join: Join, vimeo: Sandbox) -> None:
    join(told, seen)
    vimeo.latency = 30.0

    async def cancelled() -> None:
        running = asyncio.create_task(told.aexecute_tool(identifier="u", tool_name="vimeo_me_get"))
        while not vimeo.under_way:  # noqa: ASYNC110 - it is changed in another thread
            await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await told._async.aclose()

    asyncio.run(cancelled())
    assert seen.names == ["call.started", "call.finished"]
    assert seen.data("call.finished")["outcome"] == "cancelled"
    assert seen.data("call.finished")["requests"] == 1


def test_no_tenant_no_event(told: VimeoToolkit, seen: Recorder, run: Run) -> None:
    for wrong in ({"identifier": ""}, {"identifier": "u", "connection_name": "none"}):
        with pytest.raises(vimeo_toolkit.VimeoToolkitError):
            run(told, "execute_tool", tool_name="vimeo_me_get", **wrong)
    with pytest.raises(vimeo_toolkit.UnknownTool):
        run(told, "execute_tool", tool_name="marker", identifier="u")
    assert seen.events == []


def test_the_table_is_whole() -> None:
    assert set(EVENTS) == set(typing.get_args(EventName))
    assert all(text for keys in EVENTS.values() for text in keys.values())


def test_every_event_in_the_code_is_in_the_table() -> None:
    """Each text in the flows that looks like an event's name is one, and each one is told somewhere."""
    root = Path(vimeo_toolkit.__file__).parent
    found = {
        node.value
        for room in ("accounts", "calls", "grants", "library")
        for path in (root / room).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.match(r"(call|account|client|library)\.[a-z_]+$", node.value)
    }
    assert found == set(EVENTS)
