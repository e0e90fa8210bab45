"""Hooks that call the toolkit again, that are still busy when it is closed, and whose event loop is gone."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from tests.observe.recorder import Recorder
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.observe import Event
from vimeo_toolkit.observe.dispatch import Hooks
from vimeo_toolkit.sandbox import Sandbox

DELETED = Event("account.deleted", "vimeo", "u", None, {"revoked": True})
NAMES = ["account.connected", "call.started", "call.finished"]


@pytest.mark.parametrize("kind", ["blocking", "asynchronous", "a loop of its own"])
async def test_a_hook_does_not_hear_of_what_it_does_itself(
    connection: Connection, vimeo: Sandbox, kind: str
) -> None:
    """Or one that calls a tool for each call would never come to an end. Other hooks hear of it."""
    seen = Recorder()
    heard: list[str] = []
    values: dict[str, Any] = {"identifier": "u", "tool_name": "vimeo_me_get"}

    def again(event: Event) -> Any:
        heard.append(event.name)
        if event.name != "call.finished":
            return None
        if kind == "blocking":
            return toolkit.execute_tool(**values)
        return asyncio.run(toolkit.aexecute_tool(**values))

    async def aagain(event: Event) -> None:
        heard.append(event.name)
        if event.name == "call.finished":
            await toolkit.aexecute_tool(**values)

    hooks = [aagain if kind == "asynchronous" else again, seen]
    async with VimeoToolkit([connection], store="sqlite:///:memory:", on_event=hooks) as toolkit:
        await toolkit.aimport_token(identifier="u", access_token=vimeo.issue_token().access_token)
        await toolkit.aexecute_tool(**values)
    assert heard == NAMES
    assert sorted(seen.names) == sorted([*NAMES, "call.started", "call.finished"])


def test_two_hooks_that_call_do_not_set_each_other_off_for_ever() -> None:
    heard: list[int] = []
    hooks: Hooks

    def hook(number: int) -> Callable[[Event], None]:
        def tells(event: Event) -> None:
            heard.append(number)
            hooks.emit(event)

        return tells

    hooks = Hooks([hook(0), hook(1)])
    hooks.emit(DELETED)
    hooks.finish()
    assert sorted(heard) == [0, 0, 1, 1]


@pytest.mark.parametrize("mode", ["blocking", "asynchronous"])
async def test_closing_lets_hooks_hear_the_rest(
    monkeypatch: pytest.MonkeyPatch, connection: Connection, mode: str
) -> None:
    monkeypatch.setattr("vimeo_toolkit.observe.dispatch.PATIENCE", 0.01)
    go = threading.Event()
    heard: list[str] = []

    def slow(event: Event) -> None:
        assert go.wait(30)
        heard.append(event.identifier)

    toolkit = VimeoToolkit([connection], store="sqlite:///:memory:", on_event=slow)
    for number in "12345":
        toolkit._hooks.emit(Event("account.deleted", "vimeo", number, None, {"revoked": True}))
    monkeypatch.setattr("vimeo_toolkit.observe.dispatch.PATIENCE", 6.0)
    go.set()
    if mode == "blocking":
        toolkit.close()
    else:
        await toolkit.aclose()
    assert heard == list("12345")


def test_loops_that_were_closed_under_a_hook_are_let_go(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a word of it either: whoever keeps an exception that the collector met keeps the loop."""
    monkeypatch.setattr("vimeo_toolkit.observe.dispatch.PATIENCE", 0.0)
    unraisable: list[str] = []
    monkeypatch.setattr("sys.unraisablehook", lambda met: unraisable.append(repr(met.exc_value)))

    async def hangs(event: Event) -> None:
        await asyncio.get_running_loop().create_future()

    hooks = Hooks(hangs)
    loops = []
    for _ in range(3):
        loop = asyncio.new_event_loop()
        loop.set_exception_handler(lambda loop, context: None)  # says that a pending task was destroyed
        loop.run_until_complete(hooks.aemit(DELETED))
        loop.close()
        loops.append(weakref.ref(loop))
        del loop
    assert hooks._hooks[0].is_behind is False
    gc.collect()
    assert [loop() for loop in loops] == [None] * 3
    assert unraisable == []
    assert "raised" not in caplog.text


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_hook_that_forks_leaves_no_process_behind() -> None:
    children: list[int] = []

    def forks(event: Event) -> None:
        child = os.fork()
        if child:
            children.append(child)

    hooks = Hooks(forks)
    hooks.emit(DELETED)
    assert [os.waitpid(child, 0)[1] for child in children] == [0]
