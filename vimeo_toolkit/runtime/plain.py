"""Send without httpx's private names, where a release has moved them (`internals.missing`).

Slower, and with the same promises: a blocking request ends at its deadline, because the caller does not wait any
longer for the thread that it runs in, and no address of it is logged.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, TypeVar

import httpcore
import httpx

from vimeo_toolkit.runtime.messages import timeouts
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest
from vimeo_toolkit.runtime.unlogged import unlogged

__all__ = ["asend", "send", "watched"]

T = TypeVar("T")

_LOGGERS: Final = ("httpx",)
"""Tell every address, which may be an upload link."""


def send(client: httpx.Client, request: HttpRequest, timeout: float) -> httpcore.Response:
    """Send, and return the answer with its body still to be read."""
    with unlogged(*_LOGGERS):
        return _answer(client.send(_to_httpx(request, timeout), stream=True, follow_redirects=False))


async def asend(client: httpx.AsyncClient, request: HttpRequest, timeout: float) -> httpcore.Response:  # noqa: ASYNC109
    """Send, and return the answer with its body still to be read."""
    with unlogged(*_LOGGERS):
        return _answer(await client.send(_to_httpx(request, timeout), stream=True, follow_redirects=False))


def _to_httpx(request: HttpRequest, timeout: float) -> httpx.Request:
    return httpx.Request(
        request.method,
        request.url,
        headers=list(request.headers),
        content=request.content or None,
        extensions={"timeout": timeouts(timeout)},
    )


def _answer(response: httpx.Response) -> httpcore.Response:
    return httpcore.Response(response.status_code, headers=response.headers.raw, content=response.stream)


def watched(work: Callable[[], T], timeout: float) -> T:
    """Run blocking work in a thread, and wait for it at most so long.

    Raises:
        AnswerLost: it took longer. The thread is left to itself, and ends with what it waits for.
        BaseException: what the work raises.
    """
    outcome: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # re-raised in the caller's thread
            failure.append(error)

    thread = threading.Thread(target=run, name="vimeo-toolkit-request", daemon=True)
    thread.start()
    thread.join(max(0.0, timeout))
    if failure:
        raise failure[0]
    if not outcome:
        raise AnswerLost("timeout")
    return outcome[0]
