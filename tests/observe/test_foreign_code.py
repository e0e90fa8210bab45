"""The operator's code that hangs, exits or is asynchronous where it may not be never decides about a call."""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult

from tests.examples import FILES, UPLOADS
from tests.observe.conftest import Call
from tests.observe.recorder import Recorder
from vimeo_toolkit import ConfigurationError, Connection, Modifier, ToolResult, VimeoToolkit
from vimeo_toolkit.observe import Event, OpenTelemetryHook
from vimeo_toolkit.observe.dispatch import Hooks
from vimeo_toolkit.sandbox import Sandbox

Join = Callable[..., str]
DELETED = Event("account.deleted", "vimeo", "u", None, {"revoked": True})


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimeo_toolkit.observe.dispatch.PATIENCE", 0.02)


@pytest.fixture
def free() -> Iterator[threading.Event]:
    """What a hanging hook waits for; set at the end, so that no thread is left."""
    event = threading.Event()
    yield event
    event.set()


def _toolkit(connection: Connection, on_event: Any = None, **more: Any) -> VimeoToolkit:
    return VimeoToolkit([connection], store="sqlite:///:memory:", on_event=on_event, **more)


# ---- hooks ----


def test_a_plain_hook_that_hangs_holds_up_no_call(
    connection: Connection, call: Call, join: Join, free: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []

    def hangs(event: Event) -> None:
        free.wait(30)
        heard.append(event.name)

    seen = Recorder()
    with _toolkit(connection, [hangs, seen]) as toolkit:
        join(toolkit)
        assert call(toolkit, "vimeo_me_get")["uri"]
    assert not heard
    assert seen.names == ["account.connected", "call.started", "call.finished"]
    assert [message for message in caplog.messages if "calls do not wait for it" in message]
    free.set()
    done = threading.Event()
    hooks = Hooks(lambda event: done.set())
    hooks.emit(DELETED)
    assert done.wait(30)


def test_what_a_slow_hook_has_not_heard_yet_it_hears_later_and_in_order(free: threading.Event) -> None:
    heard: list[str] = []
    all_heard = threading.Event()

    def slow(event: Event) -> None:
        free.wait(30)
        heard.append(event.identifier)
        if len(heard) == 5:
            all_heard.set()

    hooks = Hooks(slow)
    for number in range(5):
        hooks.emit(Event("account.deleted", "vimeo", str(number), None, {"revoked": True}))
    assert heard == []
    free.set()
    assert all_heard.wait(30)
    assert heard == ["0", "1", "2", "3", "4"]


def test_what_a_hanging_hook_has_not_taken_is_bounded(
    free: threading.Event, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("vimeo_toolkit.observe.worker.MOST", 3)
    hooks = Hooks(lambda event: free.wait(30))
    for _ in range(10):
        hooks.emit(DELETED)
    assert [message for message in caplog.messages if "events are dropped" in message]


async def test_an_asynchronous_hook_that_hangs_holds_up_no_call(
    connection: Connection, vimeo: Sandbox
) -> None:
    forever = asyncio.Event()
    seen = Recorder()

    async def hangs(event: Event) -> None:
        while True:
            try:
                await forever.wait()
            except asyncio.CancelledError:  # it will not be told to stop either
                if forever.is_set():
                    raise
                continue
            return

    async with _toolkit(connection, [hangs, seen]) as toolkit:
        await toolkit.aimport_token(identifier="u", access_token=vimeo.issue_token().access_token)
        assert await toolkit.aexecute_tool(identifier="u", tool_name="vimeo_me_get")
    assert seen.names == ["account.connected", "call.started", "call.finished"]
    forever.set()


EXITS = (SystemExit, KeyboardInterrupt, asyncio.CancelledError, GeneratorExit, RuntimeError, TimeoutError)


@pytest.mark.parametrize(
    ("raised", "inline"),
    [
        (raised, inline)
        for raised in EXITS
        for inline in (False, True)
        if not (inline and raised is KeyboardInterrupt)  # where the call runs it can be the user's own
    ],
)
def test_nothing_that_a_plain_hook_raises_breaks_a_call(
    connection: Connection, call: Call, join: Join, raised: type[BaseException], inline: bool
) -> None:
    class Hook:
        def __call__(self, event: Event) -> None:
            raise raised

    hook, seen = Hook(), Recorder()
    hook.inline = inline  # type: ignore[attr-defined]
    with _toolkit(connection, [hook, seen]) as toolkit:
        join(toolkit)
        assert call(toolkit, "vimeo_me_get")["uri"]
    assert seen.names == ["account.connected", "call.started", "call.finished"]


@pytest.mark.parametrize("raised", EXITS)
async def test_nothing_that_an_asynchronous_hook_raises_breaks_a_call(
    connection: Connection, vimeo: Sandbox, raised: type[BaseException]
) -> None:
    seen = Recorder()

    async def hook(event: Event) -> None:
        raise raised

    async with _toolkit(connection, [hook, seen]) as toolkit:
        await toolkit.aimport_token(identifier="u", access_token=vimeo.issue_token().access_token)
        assert await toolkit.aexecute_tool(identifier="u", tool_name="vimeo_me_get")
    assert seen.names == ["account.connected", "call.started", "call.finished"]


class _Exporter(SpanExporter):
    def __init__(self, free: threading.Event) -> None:
        self.free = free
        self.threads: set[int] = set()

    def export(self, spans: Any) -> SpanExportResult:
        self.threads.add(threading.get_ident())
        self.free.wait(30)
        return SpanExportResult.SUCCESS


async def test_an_exporter_that_hangs_stops_no_loop(
    connection: Connection, vimeo: Sandbox, free: threading.Event
) -> None:
    exporter, provider = _Exporter(free), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    async with _toolkit(connection, OpenTelemetryHook(provider)) as toolkit:
        await toolkit.aimport_token(identifier="u", access_token=vimeo.issue_token().access_token)
        for _ in range(3):
            assert await toolkit.aexecute_tool(identifier="u", tool_name="vimeo_me_get")
    assert threading.get_ident() not in exporter.threads
    free.set()


async def test_every_span_ends_when_its_call_is_cancelled_in_a_hook(
    connection: Connection, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vimeo_toolkit.observe.dispatch.PATIENCE", 30.0)
    at: list[asyncio.Event] = [asyncio.Event()]

    def waits_at(name: str) -> Callable[[Event], Any]:
        async def hook(event: Event) -> None:
            if event.name == name:
                at[0].set()
                await asyncio.Event().wait()

        return hook

    for name in ("call.started", "call.finished"):
        otel = OpenTelemetryHook(TracerProvider())
        for order in ([waits_at(name), otel], [otel, waits_at(name)]):
            at[0] = asyncio.Event()
            async with _toolkit(connection, order) as toolkit:
                account = vimeo.issue_token().access_token
                await toolkit.aimport_token(identifier="u", access_token=account)
                call = asyncio.create_task(toolkit.aexecute_tool(identifier="u", tool_name="vimeo_me_get"))
                await asyncio.wait_for(at[0].wait(), 30)
                call.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await call
                assert otel._open == {}
                assert not trace.get_current_span().get_span_context().is_valid


# ---- what gives something to await where a call blocks ----


def _decorated(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*arguments: Any) -> Any:
        return function(*arguments)

    return wrapper


DISGUISES: dict[str, Callable[[Callable[..., Any]], Callable[..., Any]]] = {
    "lambda": lambda function: lambda *arguments: function(*arguments),
    "decorated": _decorated,
    "generator-like": lambda function: lambda *arguments: _Awaitable(),
}


class _Awaitable:
    def __await__(self) -> Iterator[Any]:
        raise AssertionError("awaited")


async def _asynchronous(*_: Any) -> Any:
    raise AssertionError("run")


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("place", ["before", "after", "confirm"])
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_blocking_call_refuses_what_only_turns_out_to_be_asynchronous(
    connection: Connection, vimeo: Sandbox, join: Join, disguise: str, place: str
) -> None:
    function = DISGUISES[disguise](_asynchronous)
    more: dict[str, Any] = (
        {"confirm": function, "approval": "writes"}
        if place == "confirm"
        else {"modifiers": [Modifier(**{place: function})]}  # type: ignore[arg-type]
    )
    other = next(user for user in vimeo.users if user is not vimeo.user)
    comment = {"video_id": str(other.videos[0].id), "text": "Hello"}
    with _toolkit(connection, **more) as toolkit:
        join(toolkit)
        with pytest.raises(ConfigurationError, match="asynchronous") as raised:
            toolkit.execute_tool(identifier="u", tool_name="vimeo_video_comment_add", tool_input=comment)
    posted = [request for request in vimeo.requests if request.method == "POST"]
    assert len(posted) == (1 if place == "after" else 0)
    assert ("was carried out" in str(raised.value)) is (place == "after")
    assert ("Nothing was sent" in str(raised.value)) is (place != "after")


@pytest.mark.parametrize("disguise", ["lambda", "decorated"])
async def test_the_same_is_awaited_where_calls_are_asynchronous(
    connection: Connection, vimeo: Sandbox, disguise: str
) -> None:
    ran: list[str] = []

    async def before(tool: str, arguments: dict[str, Any], identity: Any) -> None:
        ran.append("before")

    async def after(tool: str, result: ToolResult, identity: Any) -> None:
        ran.append("after")

    async def confirm(planned: Any) -> bool:
        ran.append("confirm")
        return True

    wrap = DISGUISES[disguise]
    modifier = Modifier(before=wrap(before), after=wrap(after))
    toolkit = _toolkit(connection, modifiers=[modifier], confirm=wrap(confirm), approval="writes")
    async with toolkit:
        await toolkit.aimport_token(identifier="u", access_token=vimeo.issue_token().access_token)
        name = {"name": "New name", "video_id": str(vimeo.user.videos[0].id)}
        await toolkit.aexecute_tool(identifier="u", tool_name="vimeo_video_edit", tool_input=name)
    assert ran == ["before", "confirm", "after"]


@pytest.mark.parametrize("method", ["upload_video", "upload_version"])
def test_progress_is_never_awaited_in_a_blocking_upload(
    connection: Connection, vimeo: Sandbox, join: Join, method: str, tmp_path: Path, caplog: Any
) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes((UPLOADS / FILES["video"]).read_bytes())
    given = [str(file)] if method == "upload_video" else [str(vimeo.user.videos[0].id), str(file)]
    with _toolkit(connection) as toolkit:
        join(toolkit)
        with pytest.raises(ConfigurationError, match="asynchronous"):
            getattr(toolkit, method)(*given, identifier="u", on_progress=_asynchronous)
        assert vimeo.requests == []
        result = getattr(toolkit, method)(
            *given, identifier="u", on_progress=lambda progress: _asynchronous(progress)
        )
    assert result.data["uri"]
    assert [message for message in caplog.messages if "was not run" in message]
