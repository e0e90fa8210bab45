"""Hooks of all kinds, and that none of them can break or slow down a call."""

from __future__ import annotations

import functools
import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.observe.conftest import Call, Run
from tests.observe.recorder import Recorder
from vimeo_toolkit import ConfigurationError, Connection, Event, VimeoToolkit
from vimeo_toolkit.calls import state
from vimeo_toolkit.observe.dispatch import Hooks
from vimeo_toolkit.sandbox import Sandbox

Join = Callable[..., str]


def _toolkit(connection: Connection, on_event: Any) -> VimeoToolkit:
    return VimeoToolkit([connection], store="sqlite:///:memory:", on_event=on_event)


def failing_hook(event: Event) -> None:
    raise RuntimeError(f"marker {event!r}")


def test_a_hook_that_raises_breaks_nothing(
    connection: Connection, call: Call, join: Join, caplog: pytest.LogCaptureFixture
) -> None:
    seen = Recorder()
    with _toolkit(connection, [failing_hook, seen]) as toolkit, caplog.at_level(logging.DEBUG):
        join(toolkit)
        for _ in range(3):
            assert call(toolkit, "vimeo_me_get")["uri"]
    assert seen.names == ["account.connected", *["call.started", "call.finished"] * 3]
    said = [record for record in caplog.records if record.name.startswith("vimeo_toolkit")]
    assert len(said) == 1
    text = logging.Formatter().format(said[0])
    assert "tests.observe.test_hooks.failing_hook raised RuntimeError" in text
    assert "marker" not in text


def test_each_failing_hook_is_named(caplog: pytest.LogCaptureFixture) -> None:
    secret = functools.partial(lambda _secret, event: failing_hook(event), "marker")

    class Broken:
        def __call__(self, event: Event) -> None:
            raise ValueError("marker")

        def __repr__(self) -> str:
            return "marker"

    hooks = Hooks([failing_hook, secret, Broken()])
    for _ in range(2):
        hooks.emit(Event("account.deleted", "vimeo", "u", None, {"revoked": True}))
    assert len(caplog.messages) == 3
    assert "Broken raised ValueError" in caplog.messages[2]
    assert "marker" not in caplog.text


def test_told_in_the_order_given(
    connection: Connection, call: Call, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vimeo_toolkit.observe.dispatch.PATIENCE", 60.0)  # busy machines
    order: list[str] = []
    with _toolkit(connection, (lambda event: order.append("1"), lambda event: order.append("2"))) as toolkit:
        join(toolkit)
        order.clear()
        call(toolkit, "vimeo_me_get")
    assert order == ["1", "2", "1", "2"]


async def test_an_async_hook_is_awaited(connection: Connection, vimeo: Sandbox) -> None:
    import asyncio

    seen = Recorder()

    async def hook(event: Event) -> None:
        await asyncio.sleep(0)
        seen(event)

    class Hook:
        async def __call__(self, event: Event) -> None:
            await hook(event)

    plain = Recorder()
    async with _toolkit(connection, [hook, Hook(), plain, lambda event: hook(event)]) as toolkit:
        await toolkit.aimport_token(identifier="u", access_token=vimeo.issue_token().access_token)
        await toolkit.aexecute_tool(identifier="u", tool_name="vimeo_me_get")
    assert plain.names == ["account.connected", "call.started", "call.finished"]
    assert seen.names == [name for name in plain.names for _ in range(3)]


async def test_an_async_hook_that_raises(
    connection: Connection, vimeo: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    async def hook(event: Event) -> None:
        raise ValueError("marker")

    async with _toolkit(connection, hook) as toolkit:
        await toolkit.aimport_token(identifier="u", access_token=vimeo.issue_token().access_token)
        assert await toolkit.aexecute_tool(identifier="u", tool_name="vimeo_me_get")
    assert [message for message in caplog.messages if "raised ValueError" in message]
    assert "marker" not in caplog.text


def test_blocking_calls_refuse_async_hooks_before_anything_happens(
    connection: Connection, vimeo: Sandbox
) -> None:
    async def hook(event: Event) -> None: ...

    async def method(self: Any, event: Event) -> None: ...

    for each in (hook, type("Hook", (), {"__call__": method})(), functools.partial(hook)):
        with _toolkit(connection, [each]) as toolkit:
            link = toolkit.get_authorization_link(identifier="u").link  # tells nothing
            callback = vimeo.authorize(link)
            vimeo.requests.clear()
            for blocked in (
                lambda: toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get"),
                lambda callback=callback: toolkit.complete_authorization(callback, identifier="u"),
                lambda: toolkit.import_token(identifier="u", access_token="t"),
                lambda: toolkit.delete_connected_account(identifier="u"),
            ):
                with pytest.raises(ConfigurationError, match="asynchronous"):
                    blocked()
            assert vimeo.requests == []
            assert vimeo.token_calls == 0


def test_a_coroutine_in_disguise_is_complained_of(
    connection: Connection, join: Join, caplog: pytest.LogCaptureFixture
) -> None:
    async def hook(event: Event) -> None: ...

    with _toolkit(connection, lambda event: hook(event)) as toolkit:
        join(toolkit)
        assert toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")
    assert [message for message in caplog.messages if "was not run" in message]


@pytest.mark.parametrize("wrong", [[1], ["text"], [None], "text"])
def test_what_is_no_hook_is_refused(wrong: Any, connection: Connection) -> None:
    with pytest.raises(ConfigurationError, match="callables"):
        _toolkit(connection, wrong)


def test_from_env_takes_hooks(seen: Recorder, vimeo: Sandbox, run: Run) -> None:
    environ = {"VIMEO_API_URL": vimeo.url, "VIMEO_TOOLKIT_STORE": "sqlite:///:memory:"}
    with VimeoToolkit.from_env(environ, on_event=seen) as toolkit:
        run(toolkit, "import_token", identifier="u", access_token=vimeo.issue_token().access_token)
    assert seen.names == ["account.connected"]


def test_without_hooks_nothing_is_made(
    toolkit: VimeoToolkit, call: Call, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(toolkit)

    def never(*_: Any) -> Any:
        raise AssertionError("an event was made though nobody listens")

    monkeypatch.setattr(state, "Event", never)
    assert call(toolkit, "vimeo_me_get")


def test_importing_stays_light() -> None:
    code = (
        "import sys, vimeo_toolkit; vimeo_toolkit.VimeoToolkit, vimeo_toolkit.Modifier\n"
        "import vimeo_toolkit.observe as o; o.AuditLog, o.OpenTelemetryHook, o.EventHook\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
