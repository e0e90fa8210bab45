"""Nothing that needs consent goes out without it: the core alone, in both worlds."""

from __future__ import annotations

import asyncio
import json
import pickle
import threading
from collections.abc import Callable
from itertools import cycle
from typing import Any

import pytest

from tests.examples import UPLOADS, example_input, keep_example, writes
from tests.observe.conftest import Call, Run
from tests.observe.recorder import Recorder
from vimeo_toolkit import (
    ApprovalDenied,
    ApprovalRequired,
    ConfigurationError,
    Connection,
    Forbidden,
    Identity,
    InvalidInput,
    Modifier,
    NotConnected,
    NotFound,
    NotPermitted,
    PlannedCall,
    ReadOnly,
    VimeoToolkit,
    generate_key,
)
from vimeo_toolkit.calls import approvals
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.sandbox import Sandbox

Join = Callable[..., str]
TOOLS = sorted(catalog())
WORLDS = ("blocking", "asynchronous")
DELETE = "vimeo_video_delete"
MAKE = "vimeo_folder_create"


def _toolkit(connection: Connection, **rules: Any) -> VimeoToolkit:
    return VimeoToolkit(
        [connection], store=rules.pop("store", "sqlite:///:memory:"), **rules, upload_folders=[UPLOADS]
    )


def _needs(approval: str, name: str) -> bool:
    tool = catalog()[name]
    return (
        tool.destructive
        or (approval == "outward" and tool.visible_to_others)
        or (approval == "writes" and not tool.read_only)
    )


@pytest.mark.parametrize("approval", ["destructive", "outward", "writes"])
def test_only_what_the_rule_names_is_held_back(approval: Any, connection: Connection) -> None:
    with _toolkit(connection, approval=approval) as toolkit:
        for name in TOOLS:
            assert toolkit.needs_approval(name) is _needs(approval, name)


@pytest.mark.parametrize(("name", "run"), list(zip(TOOLS, cycle(WORLDS), strict=False)), indirect=["run"])
def test_what_is_held_back_waits(
    name: str, connection: Connection, call: Call, join: Join, vimeo: Sandbox
) -> None:
    given = example_input(name, vimeo)
    with _toolkit(connection, approval="writes") as toolkit:
        join(toolkit)
        keep_example(toolkit, "u")
        if not _needs("writes", name):
            call(toolkit, name, given)
            assert bool(vimeo.requests) != catalog()[name].local
            return
        with pytest.raises(ApprovalRequired) as refused:
            call(toolkit, name, given)
        assert writes(vimeo) == []
        toolkit.approve(refused.value.approval_id, identifier="u")
        assert writes(vimeo) == []
        call(toolkit, name, given)
        assert writes(vimeo)


@pytest.mark.parametrize("name", [name for name in TOOLS if not catalog()[name].read_only])
def test_a_toolkit_that_only_reads(
    name: str, connection: Connection, call: Call, join: Join, vimeo: Sandbox
) -> None:
    with _toolkit(connection, read_only=True) as toolkit:
        join(toolkit)
        with pytest.raises(ReadOnly, match=name):
            call(toolkit, name, example_input(name, vimeo))
        assert writes(vimeo) == []
        assert all(tool.read_only for tool in toolkit.tools(toolsets="all", include=[name, "vimeo_me_get"]))
        assert call(toolkit, "vimeo_me_get")["uri"]


def test_approval_lets_exactly_one_call_through(
    connection: Connection, call: Call, join: Join, vimeo: Sandbox
) -> None:
    given = example_input(MAKE, vimeo)
    with _toolkit(connection, approval="writes") as toolkit:
        join(toolkit)
        with pytest.raises(ApprovalRequired) as refused:
            call(toolkit, MAKE, given)
        error = refused.value
        with pytest.raises(ApprovalRequired) as again:
            call(toolkit, MAKE, given)
        assert again.value.approval_id == error.approval_id  # a model that insists makes no second question
        toolkit.approve(error.approval_id, identifier="u")
        toolkit.approve(error.approval_id, identifier="u")  # a double click grants nothing more
        call(toolkit, MAKE, given)
        assert [request.method for request in writes(vimeo)] == ["POST"]
        with pytest.raises(InvalidInput, match="waits for approval"):
            toolkit.approve(error.approval_id, identifier="u")
        with pytest.raises(ApprovalRequired) as third:
            call(toolkit, MAKE, given)
        assert third.value.approval_id != error.approval_id
        assert len(writes(vimeo)) == 1
        with pytest.raises(InvalidInput):
            toolkit.approve(error.approval_id, identifier="u")  # the old id does not grant the new question


def test_approval_is_for_this_user_tool_and_input(
    connection: Connection, call: Call, join: Join, vimeo: Sandbox
) -> None:
    mine, other = [str(video.id) for video in vimeo.user.videos[:2]]
    with _toolkit(connection, approval="writes") as toolkit:
        join(toolkit)
        toolkit.import_token(identifier="v", access_token=vimeo.issue_token().access_token)
        vimeo.requests.clear()
        with pytest.raises(ApprovalRequired) as refused:
            call(toolkit, DELETE, {"video_id": mine})
        granted = refused.value.approval_id
        for wrong in "v", "U", "nobody":
            with pytest.raises(InvalidInput):
                toolkit.approve(granted, identifier=wrong)
        toolkit.approve(granted, identifier="u")
        for tool, given, identifier in (
            (DELETE, {"video_id": other}, "u"),
            (DELETE, {"video_id": mine}, "v"),
            ("vimeo_video_edit", {"video_id": mine, "name": "x"}, "u"),
        ):
            with pytest.raises(ApprovalRequired):
                call(toolkit, tool, given, identifier)
        assert writes(vimeo) == []
        # The same call in other words is the same call.
        call(toolkit, DELETE, {"video_id": f"/videos/{mine}"})
        assert len(writes(vimeo)) == 1


@pytest.mark.parametrize(
    "wrong", ["", "x", "ä" * 32, "x" * 32, "\0" * 32, "../" * 10 + "..", None, 7, "x" * 33]
)
def test_ids_that_are_none(
    wrong: Any, connection: Connection, call: Call, join: Join, run: Run, vimeo: Sandbox
) -> None:
    with _toolkit(connection, approval="destructive") as toolkit:
        join(toolkit)
        with pytest.raises(ApprovalRequired):
            call(toolkit, DELETE, example_input(DELETE, vimeo))
        with pytest.raises(InvalidInput):
            run(toolkit, "approve", approval_id=wrong, identifier="u")
        with pytest.raises(ApprovalRequired):
            call(toolkit, DELETE, example_input(DELETE, vimeo))


def test_a_password_is_bound_and_not_shown(
    connection: Connection, call: Call, join: Join, vimeo: Sandbox
) -> None:
    def given(password: str) -> dict[str, Any]:
        return {"name": "Private", "privacy": "password", "password": password}

    with _toolkit(connection, approval="writes") as toolkit:
        join(toolkit)
        with pytest.raises(ApprovalRequired) as refused:
            call(toolkit, "vimeo_showcase_create", given("PassMarker1"))
        error = refused.value
        planned = error.planned
        assert planned.arguments["password"] == "***"
        for shown in (
            repr(planned),
            planned.describe(),
            json.dumps(planned.to_dict()),
            str(error),
            repr(vars(error)),
        ):
            assert "PassMarker1" not in shown
        toolkit.approve(error.approval_id, identifier="u")
        with pytest.raises(ApprovalRequired):
            call(toolkit, "vimeo_showcase_create", given("PassMarker2"))
        assert writes(vimeo) == []
        with pytest.raises(ApprovalRequired) as refused:
            call(toolkit, "vimeo_showcase_create", given("PassMarker1"))
        toolkit.approve(refused.value.approval_id, identifier="u")
        call(toolkit, "vimeo_showcase_create", given("PassMarker1"))
        assert "PassMarker1" in [showcase.password for showcase in vimeo.user.showcases]


def test_what_a_model_is_told(connection: Connection, call: Call, join: Join, vimeo: Sandbox) -> None:
    with _toolkit(connection, approval="destructive") as toolkit:
        join(toolkit)
        with pytest.raises(ApprovalRequired) as refused:
            call(toolkit, DELETE, example_input(DELETE, vimeo))
    error = refused.value
    told = error.to_dict()
    assert told == {
        "error": "approval_required",
        "message": error.message,
        "hint": error.hint,
        "tool": DELETE,
        "approval_id": error.approval_id,
    }
    assert "Do not call it again until" in error.hint
    assert isinstance(error, NotPermitted)
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    assert copied.planned == error.planned
    assert copied.to_dict() == told


def test_no_input_of_a_model_grants(connection: Connection, call: Call, join: Join, vimeo: Sandbox) -> None:
    given = example_input(DELETE, vimeo)
    with _toolkit(connection, approval="destructive") as toolkit:
        join(toolkit)
        with pytest.raises(ApprovalRequired) as refused:
            call(toolkit, DELETE, given)
        token = refused.value.approval_id
        for name in "approval_id", "approved", "approve", "confirm", "dry_run", "consent":
            for value in True, token:
                with pytest.raises(InvalidInput, match="no such input"):
                    call(toolkit, DELETE, {**given, name: value})
    assert writes(vimeo) == []


def test_it_ends(
    connection: Connection, call: Call, join: Join, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = example_input(DELETE, vimeo)
    with _toolkit(connection, approval="destructive") as toolkit:
        join(toolkit)
        with pytest.raises(ApprovalRequired) as refused:
            call(toolkit, DELETE, given)
        first = refused.value.approval_id
        toolkit.approve(first, identifier="u")
        now = toolkit._blocking.now()
        later = now + approvals.LASTS + 1
        for io in (toolkit._blocking, toolkit._async):
            monkeypatch.setattr(io, "now", lambda: later)
        with pytest.raises(ApprovalRequired) as refused:  # granted, and not used in time
            call(toolkit, DELETE, given)
        second = refused.value.approval_id
        assert second != first
        later += approvals.WAITS + 1
        with pytest.raises(InvalidInput):  # not granted in time
            toolkit.approve(second, identifier="u")
    assert writes(vimeo) == []


@pytest.mark.parametrize("store_url", ["sqlite", "memory", "postgres", "redis"], indirect=True)
def test_of_many_callers_one_gets_it(store_url: str, connection: Connection, vimeo: Sandbox) -> None:
    """Another process grants it, and several run it at once."""
    given = example_input("vimeo_folder_create", vimeo)
    key = generate_key()
    with _toolkit(connection, approval="writes", store=store_url, key=key) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        vimeo.requests.clear()
        with pytest.raises(ApprovalRequired) as refused:
            toolkit.execute_tool(identifier="u", tool_name="vimeo_folder_create", tool_input=given)
        if store_url.endswith(":memory:"):
            toolkit.approve(refused.value.approval_id, identifier="u")
        else:
            with _toolkit(connection, store=store_url, key=key) as elsewhere:
                elsewhere.approve(refused.value.approval_id, identifier="u")
        outcomes: list[str] = []
        together = threading.Barrier(8)

        def work() -> None:
            together.wait()
            try:
                toolkit.execute_tool(identifier="u", tool_name="vimeo_folder_create", tool_input=given)
                outcomes.append("ok")
            except ApprovalRequired:
                outcomes.append("refused")

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(outcomes) == ["ok"] + ["refused"] * 7
    assert len(writes(vimeo)) == 1


# ---- the hook ----


def test_the_hook_is_asked(connection: Connection, call: Call, join: Join, vimeo: Sandbox) -> None:
    asked: list[PlannedCall] = []
    answers: list[Any] = [True, False, "Not the harbour film.", None, 1, "", [], "yes"]

    def confirm(planned: PlannedCall) -> Any:
        asked.append(planned)
        return answers[len(asked) - 1]

    given = example_input(DELETE, vimeo)
    with _toolkit(connection, confirm=confirm) as toolkit:
        join(toolkit)
        call(toolkit, "vimeo_me_get")
        assert not asked
        vimeo.requests.clear()
        call(toolkit, DELETE, given)
        # A look before the question, and another after the answer.
        assert [request.method for request in vimeo.requests] == ["GET", "GET", "DELETE"]
        planned = asked[0]
        assert planned.identity == Identity("vimeo", "u")
        assert planned.requests == ({"method": "DELETE", "path": f"/videos/{given['video_id']}"},)
        assert planned.complete
        assert planned.destructive
        assert planned.scopes == ("delete",)
        with pytest.raises(NotFound):  # what is not there is not asked about
            call(toolkit, DELETE, given)
        given = {"video_id": str(vimeo.user.videos[0].id)}
        for answer in answers[1:]:
            with pytest.raises(ApprovalDenied) as denied:
                call(toolkit, DELETE, given)
            if isinstance(answer, str) and answer:
                assert answer in str(denied.value)
        assert len(asked) == len(answers)
        assert len(writes(vimeo)) == 1


def test_a_hook_that_fails_refuses(connection: Connection, call: Call, join: Join, vimeo: Sandbox) -> None:
    raised: list[Exception] = [LookupError("the operator's own"), Forbidden("Not on Sundays.", hint="Wait.")]

    def confirm(planned: PlannedCall) -> bool:
        raise raised[0]

    with _toolkit(connection, confirm=confirm) as toolkit:
        join(toolkit)
        for error in list(raised):
            raised[0] = error
            with pytest.raises(type(error)) as caught:
                call(toolkit, DELETE, example_input(DELETE, vimeo))
            assert caught.value is error
    assert writes(vimeo) == []


def test_a_hook_that_changes_what_it_is_shown_changes_nothing(
    connection: Connection, call: Call, join: Join, vimeo: Sandbox
) -> None:
    mine, other = [str(video.id) for video in vimeo.user.videos[:2]]

    def confirm(planned: PlannedCall) -> bool:
        planned.arguments["video_id"] = other  # type: ignore[index]
        planned.requests[0]["path"] = f"/videos/{other}"  # type: ignore[index]
        object.__setattr__(planned.identity, "identifier", "v")
        return True

    with _toolkit(connection, confirm=confirm) as toolkit:
        join(toolkit)
        call(toolkit, DELETE, {"video_id": mine})
    assert [request.path for request in writes(vimeo)] == [f"/videos/{mine}"]


async def test_an_asynchronous_hook(connection: Connection, vimeo: Sandbox) -> None:
    answers = iter([True, False])

    async def confirm(planned: PlannedCall) -> bool:
        await asyncio.sleep(0)
        return next(answers)

    async with _toolkit(connection, confirm=confirm) as toolkit:
        await toolkit.aimport_token(identifier="u", access_token=vimeo.issue_token().access_token)
        given = example_input(DELETE, vimeo)
        vimeo.requests.clear()
        with pytest.raises(ConfigurationError, match="asynchronous"):
            toolkit.execute_tool(identifier="u", tool_name=DELETE, tool_input=given)
        assert writes(vimeo) == []
        assert toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")["uri"]  # not concerned
        plan = toolkit.execute_tool(identifier="u", tool_name=DELETE, tool_input=given, dry_run=True)
        assert plan["needs_approval"]
        vimeo.requests.clear()
        await toolkit.aexecute_tool(identifier="u", tool_name=DELETE, tool_input=given)
        assert len(writes(vimeo)) == 1
        given = {"video_id": str(vimeo.user.videos[0].id)}
        with pytest.raises(ApprovalDenied):
            await toolkit.aexecute_tool(identifier="u", tool_name=DELETE, tool_input=given)
        assert len(writes(vimeo)) == 1


def test_thinking_is_no_part_of_the_calls_time(
    connection: Connection, call: Call, join: Join, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person answers after an hour: the call has its whole time, and the account is looked at anew."""
    passed = [0.0]

    def confirm(planned: PlannedCall) -> bool:
        passed[0] = 3600.0
        return True

    with _toolkit(connection, confirm=confirm, timeout=5.0) as toolkit:
        join(toolkit)
        for io in (toolkit._blocking, toolkit._async):
            monkeypatch.setattr(io, "monotonic", lambda clock=io.monotonic: clock() + passed[0])
        call(toolkit, DELETE, example_input(DELETE, vimeo))
    assert len(writes(vimeo)) == 1


def test_who_disconnects_while_being_asked_is_not_called_for(
    connection: Connection, call: Call, join: Join, vimeo: Sandbox
) -> None:
    def confirm(planned: PlannedCall) -> bool:
        toolkit.delete_connected_account(identifier="u")
        vimeo.requests.clear()
        return True

    with _toolkit(connection, confirm=confirm) as toolkit:
        join(toolkit)
        with pytest.raises(NotConnected):
            call(toolkit, DELETE, example_input(DELETE, vimeo))
    assert writes(vimeo) == []


def test_what_is_approved_is_what_modifiers_made(
    connection: Connection, call: Call, join: Join, vimeo: Sandbox
) -> None:
    mine, other = [str(video.id) for video in vimeo.user.videos[:2]]
    shown: list[PlannedCall] = []

    def before(tool: str, arguments: dict[str, Any], identity: Identity) -> dict[str, Any]:
        return {"video_id": other}

    def confirm(planned: PlannedCall) -> bool:
        shown.append(planned)
        return True

    modifiers = [Modifier(tools=DELETE, before=before)]
    with _toolkit(connection, confirm=confirm, modifiers=modifiers) as toolkit:
        join(toolkit)
        call(toolkit, DELETE, {"video_id": mine})
    assert shown[0].arguments == {"video_id": other}
    assert [request.path for request in writes(vimeo)] == [f"/videos/{other}"]


def test_wrong_input_asks_nobody(connection: Connection, call: Call, join: Join, vimeo: Sandbox) -> None:
    def confirm(planned: PlannedCall) -> bool:
        raise AssertionError("asked")

    with _toolkit(connection, confirm=confirm, approval="writes") as toolkit:
        with pytest.raises(InvalidInput):
            call(toolkit, DELETE, {"video_id": "../me"})
        with pytest.raises(NotConnected):
            call(toolkit, DELETE, {"video_id": "1"})
        join(toolkit)
        with pytest.raises(InvalidInput):  # found by the tool itself
            call(
                toolkit,
                "vimeo_webhook_create",
                {"url": "http://127.0.0.1/x", "event_types": ["video-created"]},
            )
    assert writes(vimeo) == []


def test_events_tell_of_a_refusal(connection: Connection, call: Call, join: Join, vimeo: Sandbox) -> None:
    seen = Recorder()
    with _toolkit(connection, approval="destructive", on_event=seen) as toolkit:
        join(toolkit, seen)
        with pytest.raises(ApprovalRequired):
            call(toolkit, DELETE, example_input(DELETE, vimeo))
        finished = seen.data("call.finished")
        assert finished["outcome"] == "approval_required"
        assert finished["requests"] == 1  # the look at what it would delete


def test_wrong_set_ups_are_refused(connection: Connection) -> None:
    with pytest.raises(ConfigurationError, match="destructive, outward, writes"):
        _toolkit(connection, approval="delete")
    with pytest.raises(ConfigurationError, match="confirm"):
        _toolkit(connection, confirm=True)
