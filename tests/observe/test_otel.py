"""Spans and metrics, as an application's OpenTelemetry SDK receives them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from tests.observe.conftest import Call, Trouble
from vimeo_toolkit import Connection, Modifier, NotFound, Revoked, VimeoToolkit
from vimeo_toolkit.observe import Event, OpenTelemetryHook
from vimeo_toolkit.runtime.ports import HttpResponse
from vimeo_toolkit.sandbox import Sandbox

Join = Callable[..., str]


class Telemetry:
    """An SDK that keeps everything in memory."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.tracer_provider = TracerProvider()
        self.tracer_provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self._reader = InMemoryMetricReader()
        self.meter_provider = MeterProvider(metric_readers=[self._reader])

    def hook(self, **more: Any) -> OpenTelemetryHook:
        return OpenTelemetryHook(self.tracer_provider, self.meter_provider, **more)

    @property
    def spans(self) -> list[ReadableSpan]:
        return list(self._exporter.get_finished_spans())

    def metrics(self) -> dict[str, list[Any]]:
        """Name → data points."""
        data = self._reader.get_metrics_data()
        return {
            metric.name: list(metric.data.data_points)
            for resource in (data.resource_metrics if data else [])
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    made = Telemetry()
    yield made
    made.tracer_provider.shutdown()
    made.meter_provider.shutdown()


@pytest.fixture
def toolkit(connection: Connection, telemetry: Telemetry) -> Iterator[VimeoToolkit]:
    with VimeoToolkit([connection], store="sqlite:///:memory:", on_event=telemetry.hook()) as made:
        yield made


def test_a_span(toolkit: VimeoToolkit, telemetry: Telemetry, call: Call, join: Join) -> None:
    token = join(toolkit)
    call(toolkit, "vimeo_my_videos_list")
    (span,) = telemetry.spans
    assert span.name == "execute_tool vimeo_my_videos_list"
    assert span.status.status_code is StatusCode.UNSET
    attributes = dict(span.attributes or {})
    assert attributes.pop("vimeo_toolkit.rate_limit.remaining") is not None
    assert attributes == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "vimeo_my_videos_list",
        "gen_ai.tool.type": "extension",
        "vimeo_toolkit.connection": "vimeo",
        "vimeo_toolkit.read_only": True,
        "vimeo_toolkit.outcome": "ok",
        "vimeo_toolkit.requests": 1,
        "http.response.status_code": 200,
    }
    assert token not in span.to_json()
    assert not trace.get_current_span().get_span_context().is_valid


def test_an_error(toolkit: VimeoToolkit, telemetry: Telemetry, call: Call, join: Join) -> None:
    join(toolkit)
    with pytest.raises(NotFound):
        call(toolkit, "vimeo_video_get", {"video_id": "1"})
    (span,) = telemetry.spans
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description == "not_found"
    assert span.attributes
    assert span.attributes["error.type"] == "NotFound"
    assert span.attributes["http.response.status_code"] == 404


def test_repeats_and_account_events_are_on_the_span(
    toolkit: VimeoToolkit, telemetry: Telemetry, call: Call, join: Join, trouble: Trouble, vimeo: Sandbox
) -> None:
    join(toolkit)
    vimeo.revoke_all(vimeo.user)
    trouble(toolkit, HttpResponse(503, {}, b""))
    with pytest.raises(Revoked):
        call(toolkit, "vimeo_me_get")
    (span,) = telemetry.spans
    told = {event.name: dict(event.attributes or {}) for event in span.events}
    assert list(told) == ["vimeo_toolkit.call.retried", "vimeo_toolkit.account.revoked"]
    assert told["vimeo_toolkit.call.retried"]["vimeo_toolkit.cause"] == "status 503"
    assert told["vimeo_toolkit.account.revoked"]["vimeo_toolkit.status"] == "REVOKED"
    metrics = telemetry.metrics()
    assert [point.value for point in metrics["vimeo_toolkit.account.revocations"]] == [1]
    assert [point.value for point in metrics["vimeo_toolkit.call.retries"]] == [1]


def test_metrics(toolkit: VimeoToolkit, telemetry: Telemetry, call: Call, join: Join) -> None:
    join(toolkit)
    for video in (None, "1", None):
        if video is None:
            call(toolkit, "vimeo_me_get")
        else:
            with pytest.raises(NotFound):
                call(toolkit, "vimeo_video_get", {"video_id": video})
    metrics = telemetry.metrics()
    calls = {
        (point.attributes["gen_ai.tool.name"], point.attributes["vimeo_toolkit.outcome"]): point
        for point in metrics["vimeo_toolkit.calls"]
    }
    assert {key: point.value for key, point in calls.items()} == {
        ("vimeo_me_get", "ok"): 2,
        ("vimeo_video_get", "not_found"): 1,
    }
    assert calls["vimeo_video_get", "not_found"].attributes["error.type"] == "NotFound"
    durations = metrics["vimeo_toolkit.call.duration"]
    assert sum(point.count for point in durations) == 3
    assert durations[0].explicit_bounds[0] < 0.01  # seconds, not milliseconds
    assert [point.value for point in metrics["vimeo_toolkit.account.connections"]] == [1]


def test_a_wait_is_counted(telemetry: Telemetry) -> None:
    hook = telemetry.hook()
    data = {"seconds": 1.0, "status": None, "remaining": 0}
    hook(Event("call.waited", "vimeo", "u", "vimeo_me_get", data, "id"))
    assert [point.value for point in telemetry.metrics()["vimeo_toolkit.call.waits"]] == [1]


@pytest.mark.parametrize("include", [False, True])
def test_the_identifier_only_on_demand_and_never_in_metrics(
    include: bool, connection: Connection, telemetry: Telemetry, vimeo: Sandbox, call: Call
) -> None:
    hook = telemetry.hook(include_identifier=include)
    with VimeoToolkit([connection], store="sqlite:///:memory:", on_event=hook) as toolkit:
        toolkit.import_token(identifier="customer-4711", access_token=vimeo.issue_token().access_token)
        call(toolkit, "vimeo_me_get", identifier="customer-4711")
    (span,) = telemetry.spans
    assert ("customer-4711" in span.to_json()) is include
    assert (span.attributes or {}).get("enduser.id") == ("customer-4711" if include else None)
    assert "customer-4711" not in repr(telemetry.metrics())


def test_parents_and_children(connection: Connection, telemetry: Telemetry, call: Call, join: Join) -> None:
    """What a modifier or an instrumented HTTP client starts during the call belongs to it."""
    tracer = telemetry.tracer_provider.get_tracer("application")

    def inner(*_: Any) -> None:
        tracer.start_span("inner").end()

    with VimeoToolkit(
        [connection],
        store="sqlite:///:memory:",
        on_event=telemetry.hook(),
        modifiers=[Modifier(before=inner)],
    ) as toolkit:
        join(toolkit)
        with tracer.start_as_current_span("outer"):
            call(toolkit, "vimeo_me_get")
            outside = trace.get_current_span()
    spans = {span.name: span for span in telemetry.spans}
    tool = spans["execute_tool vimeo_me_get"]
    assert tool.context
    assert spans["inner"].parent == tool.context
    assert tool.parent == spans["outer"].context == outside.get_span_context()


async def test_calls_at_once_keep_their_own_spans(
    connection: Connection, telemetry: Telemetry, vimeo: Sandbox
) -> None:
    import asyncio

    hook = telemetry.hook()
    tracer = telemetry.tracer_provider.get_tracer("application")

    async def inner(*_: Any) -> None:
        await asyncio.sleep(0)
        tracer.start_span("inner").end()

    async with VimeoToolkit(
        [connection], store="sqlite:///:memory:", on_event=hook, modifiers=[Modifier(before=inner)]
    ) as toolkit:
        await toolkit.aimport_token(identifier="u", access_token=vimeo.issue_token().access_token)
        await asyncio.gather(
            *(toolkit.aexecute_tool(identifier="u", tool_name="vimeo_me_get") for _ in range(20))
        )
    calls = [span for span in telemetry.spans if span.name.startswith("execute_tool")]
    parents = [span.parent for span in telemetry.spans if span.name == "inner"]
    assert len(calls) == len(parents) == 20
    assert {span.context.span_id for span in calls if span.context} == {
        parent.span_id for parent in parents if parent
    }
    assert not hook._open


def test_without_the_package_it_says_which_extra() -> None:
    code = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "from vimeo_toolkit import ConfigurationError\n"
        "from vimeo_toolkit.observe import OpenTelemetryHook\n"
        "try: OpenTelemetryHook()\n"
        "except ConfigurationError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "vimeo-toolkit[otel]" in done.stdout
