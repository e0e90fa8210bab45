"""A sync in a process of its own, which is killed at one of its steps."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from typing import Any

from tests.waiting import hurry
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.library import postgres_writing, sqlite
from vimeo_toolkit.runtime.blocking import BlockingIO

__all__ = ["sync_until"]


def sync_until(settings: dict[str, Any], identifier: str, step: int) -> None:
    """Bring a user's library up to date, and die by SIGKILL at this step: when a request is sent or was answered,
    when the store or the index is asked or was, and with half of a video's passages written."""
    _strike(step)
    places = {name: settings[name] for name in ("store", "key", "library")}
    with VimeoToolkit([Connection(api_url=settings["url"])], **places) as toolkit:
        hurry(toolkit)
        toolkit.library.sync(identifier=identifier)


def _strike(step: int) -> None:
    left = step

    def passed() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(method: Callable[..., Any]) -> Callable[..., Any]:
        async def struck(*args: Any, **more: Any) -> Any:
            passed()
            result = await method(*args, **more)
            passed()
            return result

        return struck

    io: Any = BlockingIO
    io.send, io.call = around(io.send), around(io.call)
    written: Any = sqlite
    save = written.save_passages

    def saved(db: Any, video: int, described: Sequence[Any], spoken: Sequence[Any] | None) -> None:
        save(db, video, described, None if spoken is None else spoken[: len(spoken) // 2])
        passed()
        save(db, video, described, spoken)
        passed()

    written.save_passages = saved
    writing: Any = postgres_writing
    add = writing._add

    def added(*args: Any) -> None:
        passed()
        add(*args)
        passed()

    writing._add = added
