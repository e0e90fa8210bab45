"""How far a long call is, for the client's user: a wait, an upload, a plan of many videos."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

from vimeo_mcp.elicitation import Request

__all__ = ["progress_to"]


def progress_to(request: Request) -> Callable[[int, int], Awaitable[None]]:
    """Return what tells a client that asked for it how far its call is."""
    furthest = 0

    async def told(done: int, of: int) -> None:
        nonlocal furthest
        if done <= furthest:  # a number of the protocol's only grows, and an upload may send a part again
            return
        furthest = done
        with suppress(Exception):  # a client that is gone does not end an upload
            await request.session.report_progress(done, of)

    return told
