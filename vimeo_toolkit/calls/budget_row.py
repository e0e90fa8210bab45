"""A user's window as the row that processes share."""

from __future__ import annotations

from typing import Any, Final

from vimeo_toolkit.calls.window import LONGEST_LOCKOUT, LONGEST_WINDOW, Window
from vimeo_toolkit.wire.sending import LONGEST_ASKED

__all__ = ["from_row", "to_row"]

_TIMES: Final = {
    "ends": LONGEST_WINDOW,
    "blocked_until": LONGEST_ASKED,
    "opened": 0.0,
    "tried": 0.0,
    "since": 0.0,
}
"""The times of a window, and how far after it was written each can lie."""


def to_row(window: Window, moment: float) -> dict[str, Any]:
    """Return the row's JSON: its times as seconds after it was written."""
    body: dict[str, Any] = {"written": moment, "limit": window.limit, "remaining": window.remaining}
    body |= {"lockout": window.lockout, "figure": window.figure}
    for name in _TIMES:
        time = getattr(window, name)
        body[name] = None if time is None else time - moment
    return body


def from_row(body: dict[str, Any]) -> tuple[Window, float]:
    """Return the window of a row's JSON, in the row's time, and when it was written.

    No time lies farther ahead than its kind can, because the writer's clock may have leapt.
    """
    written = float(body["written"])
    times = {
        name: None if body[name] is None else written + min(float(body[name]), most)
        for name, most in _TIMES.items()
    }
    lockout = min(float(body["lockout"]), LONGEST_LOCKOUT)
    figure = None if body["figure"] is None else float(body["figure"])
    window = Window(int(body["limit"]), int(body["remaining"]), lockout=lockout, figure=figure, **times)
    return window, written
