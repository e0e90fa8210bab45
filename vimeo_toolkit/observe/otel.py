"""Spans and metrics for OpenTelemetry (extra `otel`): names follow its conventions for tools of agents."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit._version import __version__
from vimeo_toolkit.errors import MissingExtra
from vimeo_toolkit.observe.events import Event, EventName
from vimeo_toolkit.observe.worker import Worker

if TYPE_CHECKING:
    from concurrent.futures import Future
    from contextvars import Token

    from opentelemetry.context import Context
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import Span, TracerProvider

__all__ = ["OpenTelemetryHook"]

SCOPE: Final = "vimeo_toolkit"

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Bucket bounds: OpenTelemetry's own are made for milliseconds."""

COUNTERS: Final[dict[EventName, tuple[str, str, str]]] = {
    "call.finished": ("vimeo_toolkit.calls", "{call}", "Tool calls that ended"),
    "call.retried": ("vimeo_toolkit.call.retries", "{retry}", "Requests that were sent again"),
    "call.waited": ("vimeo_toolkit.call.waits", "{wait}", "Waits for a user's rate limit"),
    "account.connected": (
        "vimeo_toolkit.account.connections",
        "{account}",
        "Accounts that were connected",
    ),
    "account.refused": (
        "vimeo_toolkit.account.refusals",
        "{account}",
        "Callbacks and tokens that were refused",
    ),
    "account.refreshed": ("vimeo_toolkit.account.refreshes", "{account}", "Tokens that were refreshed"),
    "account.refresh_failed": (
        "vimeo_toolkit.account.refresh_failures",
        "{account}",
        "Refreshes that did not succeed",
    ),
    "account.expired": (
        "vimeo_toolkit.account.expirations",
        "{account}",
        "Accounts whose token has expired for good",
    ),
    "account.revoked": (
        "vimeo_toolkit.account.revocations",
        "{account}",
        "Accounts whose token Vimeo no longer accepts",
    ),
    "account.deleted": (
        "vimeo_toolkit.account.deletions",
        "{account}",
        "Accounts that were disconnected",
    ),
    "account.revoke_failed": (
        "vimeo_toolkit.account.revocations.failed",
        "{account}",
        "Tokens that could not be revoked at Vimeo",
    ),
    "account.unreadable": ("vimeo_toolkit.account.unreadable", "{account}", "Stored rows that do not open"),
    "client.allowed": ("vimeo_toolkit.client.grants", "{grant}", "Clients that users allowed"),
    "client.ended": (
        "vimeo_toolkit.client.ends",
        "{grant}",
        "Grants of clients that ended before their time",
    ),
    "library.synced": ("vimeo_toolkit.library.syncs", "{sync}", "Libraries that were brought up to date"),
    "library.forgotten": (
        "vimeo_toolkit.library.deletions",
        "{library}",
        "Libraries whose index was deleted",
    ),
}
"""Event → name, unit and description of its counter. A call is counted when it has ended."""


class OpenTelemetryHook:
    """A hook that makes one span of each tool call, and metrics.

    It runs where the call does, because the span has to be current there. Ending a span, which hands it to the
    exporter, is done in a thread: an exporter that is slow or hangs holds up neither a call nor an event loop.

    The span, `execute_tool <tool>`, is current while the call runs, so that the spans of an instrumented HTTP
    client are its children; repeats, waits and account events of the call are events on it.

    Args:
        tracer_provider: the application's global one by default.
        meter_provider: likewise.
        include_identifier: put your product's user id on spans (`enduser.id`). It never goes into metrics.

    Raises:
        MissingExtra: OpenTelemetry is not installed.
    """

    inline = True

    def __init__(
        self,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
        *,
        include_identifier: bool = False,
    ) -> None:
        try:
            from opentelemetry import context, metrics, trace
        except ImportError:
            raise MissingExtra("OpenTelemetryHook", "opentelemetry-api", "otel") from None
        self._context = context
        self._trace = trace
        self._identified = include_identifier
        self._open: dict[str, tuple[Span, Token[Context]]] = {}
        self._ending = Worker("vimeo-toolkit-spans")
        self._tracer = trace.get_tracer(SCOPE, __version__, tracer_provider)
        meter = metrics.get_meter(SCOPE, __version__, meter_provider)
        self._counters = {
            event: meter.create_counter(name, unit, description)
            for event, (name, unit, description) in COUNTERS.items()
        }
        self._duration = meter.create_histogram(
            "vimeo_toolkit.call.duration",
            "s",
            "Duration of tool calls, waits included",
            explicit_bucket_boundaries_advisory=SECONDS,
        )

    def __call__(self, event: Event) -> Future[None] | None:
        """Handle an event. Returns, for the end of a call, the hand-over of its span to the exporter."""
        match event.name:
            case "call.started":
                self._started(event)
            case "call.finished":
                return self._finished(event)
            case _:
                counter = self._counters.get(event.name)
                if counter is not None:  # an event of a newer release still goes on the span
                    counter.add(1, _where(event))
                self._note(event)
        return None

    def _started(self, event: Event) -> None:
        assert event.call is not None and event.tool is not None  # noqa: S101, PT018 - events of calls
        attributes: dict[str, str | bool] = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": event.tool,
            "gen_ai.tool.type": "extension",
            "vimeo_toolkit.connection": event.connection_name,
            "vimeo_toolkit.read_only": event.data["read_only"],
        }
        if self._identified:
            attributes["enduser.id"] = event.identifier
        span = self._tracer.start_span(f"execute_tool {event.tool}", attributes=attributes)
        # Begin and end come in the same task or thread, so the context can be reset.
        token = self._context.attach(self._trace.set_span_in_context(span))
        self._open[event.call] = (span, token)

    def _finished(self, event: Event) -> Future[None] | None:
        data = event.data
        outcome = {**_where(event), "vimeo_toolkit.outcome": data["outcome"]}
        if data["error_type"] is not None:
            outcome["error.type"] = data["error_type"]
        known = self._open.pop(event.call or "", None)
        if known is not None:
            span, token = known
            ended = {
                "vimeo_toolkit.outcome": data["outcome"],
                "vimeo_toolkit.requests": data["requests"],
                "vimeo_toolkit.rate_limit.remaining": data["remaining"],
                "http.response.status_code": data["status"],
                "error.type": data["error_type"],
            }
            span.set_attributes(_known(ended))
            if data["outcome"] != "ok":
                span.set_status(self._trace.StatusCode.ERROR, data["outcome"])
        # Recorded while the span is still current, so that an exemplar can point to it.
        self._counters["call.finished"].add(1, outcome)
        self._duration.record(data["seconds"], outcome)
        if known is None:
            return None
        self._context.detach(token)
        return self._ending.submit(partial(span.end, time.time_ns()))

    def _note(self, event: Event) -> None:
        """Add an event to the call's span, or for account events to whatever span is current."""
        known = self._open.get(event.call) if event.call is not None else None
        span = known[0] if known is not None else self._trace.get_current_span()
        span.add_event(
            f"vimeo_toolkit.{event.name}",
            {f"vimeo_toolkit.{key}": value for key, value in _known(event.data).items()},
        )


def _where(event: Event) -> dict[str, str]:
    where = {"vimeo_toolkit.connection": event.connection_name}
    return where if event.tool is None else {"gen_ai.tool.name": event.tool, **where}


def _known(data: Any) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}
