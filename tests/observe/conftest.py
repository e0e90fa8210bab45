"""A toolkit that tells, in both worlds, and answers that go wrong on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest

from tests.observe.recorder import Recorder
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse
from vimeo_toolkit.sandbox import Sandbox


@pytest.fixture
def seen() -> Recorder:
    return Recorder()


@pytest.fixture
def told(connection: Connection, seen: Recorder) -> Iterator[VimeoToolkit]:
    """A toolkit whose hook is `seen`."""
    with VimeoToolkit([connection], store="sqlite:///:memory:", max_wait=5.0, on_event=seen) as made:
        yield made


class Run(Protocol):
    def __call__(self, toolkit: VimeoToolkit, method: str, **arguments: Any) -> Any: ...


@pytest.fixture(params=["blocking", "asynchronous"])
def run(request: pytest.FixtureRequest) -> Run:
    """Call a method of a toolkit, or its `a`-prefixed twin."""

    def blocking(toolkit: VimeoToolkit, method: str, **arguments: Any) -> Any:
        return getattr(toolkit, method)(**arguments)

    def asynchronous(toolkit: VimeoToolkit, method: str, **arguments: Any) -> Any:
        async def whole() -> Any:
            try:
                return await getattr(toolkit, f"a{method}")(**arguments)
            finally:
                await toolkit._async.aclose()

        return asyncio.run(whole())

    return blocking if request.param == "blocking" else asynchronous


class Call(Protocol):
    def __call__(
        self, toolkit: VimeoToolkit, tool: str, tool_input: dict[str, Any] | None = ..., identifier: str = ...
    ) -> Any: ...


@pytest.fixture
def call(run: Run) -> Call:
    def called(
        toolkit: VimeoToolkit, tool: str, tool_input: dict[str, Any] | None = None, identifier: str = "u"
    ) -> Any:
        return run(toolkit, "execute_tool", identifier=identifier, tool_name=tool, tool_input=tool_input)

    return called


@pytest.fixture
def join(vimeo: Sandbox) -> Callable[..., str]:
    """Give `u` of a toolkit an account with the sandbox's main user, and forget what that told."""

    def joined(toolkit: VimeoToolkit, seen: Recorder | None = None, **token: Any) -> str:
        issued = vimeo.issue_token(**token)
        toolkit.import_token(identifier="u", access_token=issued.access_token)
        vimeo.requests.clear()
        if seen is not None:
            seen.events.clear()
        return issued.access_token

    return joined


Trouble = Callable[..., None]


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch) -> Trouble:
    """Let the next requests of a toolkit end otherwise; nobody sleeps, unless asked to."""

    def troubled(toolkit: VimeoToolkit, *outcomes: HttpResponse | Exception, sleeps: bool = False) -> None:
        left = list(outcomes)
        for io in (toolkit._blocking, toolkit._async):
            send: Any = io.send

            async def broken(
                request: HttpRequest,
                *,
                timeout: float,  # noqa: ASYNC109
                send: Any = send,
            ) -> Any:
                if not left:
                    return await send(request, timeout=timeout)
                outcome = left.pop(0)
                if isinstance(outcome, Exception):
                    raise outcome
                return outcome

            async def no_wait(seconds: float) -> None:
                return None

            monkeypatch.setattr(io, "send", broken)
            if not sleeps:
                monkeypatch.setattr(io, "sleep", no_wait)

    return troubled
