"""Events of calls and accounts for operators, and the hooks that receive them.

`Event` and `EVENTS` say what is told, `AuditLog` writes it to a file, `OpenTelemetryHook` (extra `otel`) makes
spans and metrics of it. Nothing is imported before it is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vimeo_toolkit.observe.audit import AuditLog
    from vimeo_toolkit.observe.dispatch import EventHook
    from vimeo_toolkit.observe.events import EVENTS, Event, EventName
    from vimeo_toolkit.observe.otel import OpenTelemetryHook

__all__ = ["EVENTS", "AuditLog", "Event", "EventHook", "EventName", "OpenTelemetryHook"]

_ELSEWHERE = {"AuditLog": "audit", "EventHook": "dispatch", "OpenTelemetryHook": "otel"}
"""The module of each name that is not in `events`."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'events')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
