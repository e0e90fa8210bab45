"""An event stands in the table of events, in OpenTelemetry's and in the documents, or in none."""

from __future__ import annotations

import re
from typing import Any, cast, get_args

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider

from tests.rules.imports import ROOT
from vimeo_toolkit.observe import OpenTelemetryHook
from vimeo_toolkit.observe.events import EVENTS, Event, EventName
from vimeo_toolkit.observe.otel import COUNTERS


def test_every_event_has_a_name_and_a_table_of_what_it_carries() -> None:
    assert set(EVENTS) == set(get_args(EventName))


def test_opentelemetry_counts_every_event() -> None:
    assert set(COUNTERS) == set(EVENTS) - {"call.started"}, "a call is counted when it has ended"
    names = [name for name, _, _ in COUNTERS.values()]
    assert len(set(names)) == len(names)


def test_the_page_of_events_says_when_each_is_told_and_what_it_carries() -> None:
    page = (ROOT / "docs/reference/events.md").read_text()
    carried: dict[str, set[str]] = {}
    for section in page.split("\n## ")[1:]:
        name, _, rest = section.partition("\n")
        carried[name.strip("`")] = set(re.findall(r"^\| `(\w+)` \| \S", rest, re.MULTILINE))
        assert rest.strip()[0].isupper(), f"{name}: when is it told?"
    assert carried == {name: set(keys) for name, keys in EVENTS.items()}


@pytest.mark.parametrize("name", [*EVENTS, "account.something_new"])
def test_the_hook_takes_every_event_even_one_that_it_does_not_know(name: str) -> None:
    reader = InMemoryMetricReader()
    hook = OpenTelemetryHook(TracerProvider(), MeterProvider([reader]))
    call, tool = ("1", "vimeo_me_get") if name.startswith("call.") else (None, None)
    # Where a call has begun it ends, too: its span is current meanwhile.
    for each in [name, *(["call.finished"] if name == "call.started" else [])]:
        data: dict[str, Any] = dict.fromkeys(EVENTS.get(cast(EventName, each), ()))
        filled = {"outcome": "ok", "seconds": 0.1, "requests": 1, "read_only": True}
        data |= {key: value for key, value in filled.items() if key in data}
        hook(Event(cast(EventName, each), "vimeo", "ana", tool, data, call))
    told = reader.get_metrics_data()
    counted = {
        metric.name
        for resource in (told.resource_metrics if told else ())
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }
    known = COUNTERS.get(cast(EventName, name))
    assert known is None or known[0] in counted
