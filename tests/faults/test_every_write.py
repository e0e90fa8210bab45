"""Every tool that changes something, under every outcome that a request can have: nothing unsafe goes twice."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.examples import UPLOADS
from tests.unit.inputs import minimal
from tests.unit.world import World, answer, execute
from vimeo_toolkit import OutcomeUnknown, UnexpectedResponse, VimeoToolkitError
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest, HttpResponse, NotSent, TooLarge
from vimeo_toolkit.uploads.files import UploadOptions

WRITES = sorted(name for name, tool in catalog().items() if tool.method not in ("GET", ""))
UNSAFE = sorted(name for name in WRITES if catalog()[name].method in ("POST", "PATCH"))

REFUSED: dict[str, HttpResponse | Exception] = {
    f"status {status}": answer(status) for status in (400, 403, 404, 409, 410, 413, 418, 422, 451)
}
ODD: dict[str, HttpResponse | Exception] = {
    "html": answer(200, b"<html>"),
    "cut": answer(200, b'{"uri": "/vi'),
    "scalar": answer(200, b"7"),
    "304": answer(304, b""),
    "301": answer(301, b"", location="https://elsewhere.example/"),
    "999": answer(999),
    "too large": TooLarge(),
}
FAILED: dict[str, HttpResponse | Exception] = {
    **{f"status {status}": answer(status) for status in (500, 502, 504)},
    "answer lost": AnswerLost("ReadError"),
    "timeout": AnswerLost("timeout"),
}
NOT_DONE: dict[str, HttpResponse | Exception] = {
    "not sent": NotSent("ConnectError"),
    "503": answer(503, retry_after="1"),
    "429 with a time": answer(429, x_ratelimit_reset="1", x_ratelimit_remaining="0", x_ratelimit_limit="9"),
    "429 bare": answer(429),
    "401": answer(401, b'{"error_code":8003}'),
}
OUTCOMES: dict[str, HttpResponse | Exception] = {**REFUSED, **ODD, **FAILED, **NOT_DONE}
VERIFIED = json.dumps(
    {"scope": "public private", "user": {"uri": "/users/7"}, "app": {"uri": "/apps/9"}}
).encode()


class _Lasting(World):
    """A world in which an endpoint always ends the same way, and verifying a token always works."""

    def __init__(self, *outcomes: HttpResponse | Exception) -> None:
        super().__init__()
        self._endless = itertools.chain(outcomes[:-1], itertools.repeat(outcomes[-1]))
        self.arrived: Counter[str] = Counter()

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        assert timeout > 0
        self.sent.append(request)
        assert len(self.sent) < 50, "it never ends"
        if request.url.endswith("/oauth/verify"):
            return answer(200, VERIFIED)
        outcome = next(self._endless)
        if not isinstance(outcome, NotSent):
            self.arrived[f"{request.method} {request.url} {request.content!r}"] += 1
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def _call(world: _Lasting, tool: str) -> AccountRecord:
    ctx = world.context()
    world.account(ctx)
    files = UploadOptions(folders=(UPLOADS.resolve(),))
    try:
        run_sync(execute(ctx, world, tool, minimal(tool), files=files))
    finally:
        account = run_sync(ctx.vault.load(world, Identity("vimeo", "u")))
        assert account is not None
        assert account.status is AccountStatus.ACTIVE
        assert account.access_token is not None
        assert sum(world.slept) < 60
    return account


@contextlib.contextmanager
def _at(outcome: str) -> Iterator[None]:
    """Tell at which outcome a test failed."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"The outcome was {outcome!r}.")
        raise


@pytest.mark.parametrize("tool", WRITES)
def test_an_outcome_that_stays(tool: str) -> None:
    for outcome, answered in OUTCOMES.items():
        with _at(outcome):
            world = _Lasting(answered)
            with pytest.raises(VimeoToolkitError) as caught:
                _call(world, tool)
            assert caught.value.hint
            if tool in UNSAFE:
                assert max(world.arrived.values(), default=0) <= 1
                assert isinstance(caught.value, OutcomeUnknown) == (outcome in FAILED)


@pytest.mark.parametrize("tool", UNSAFE)
def test_an_outcome_that_passes(tool: str) -> None:
    """Were it repeated, the second would succeed: only what surely was not carried out may do that."""
    for first, answered in OUTCOMES.items():
        with _at(first):
            world = _Lasting(answered, answer(201, b'{"uri":"/x/1"}'))
            if first == "not sent":
                with contextlib.suppress(UnexpectedResponse):  # that answer names no place for a file
                    _call(world, tool)
            else:
                with pytest.raises(VimeoToolkitError):
                    _call(world, tool)
            assert max(world.arrived.values()) == 1


@pytest.mark.parametrize("tool", UNSAFE)
def test_lost_after_a_connection_that_failed(tool: str) -> None:
    for second, answered in FAILED.items():
        with _at(second):
            world = _Lasting(NotSent("ConnectTimeout"), answered, answer(201, b'{"uri":"/x/1"}'))
            with pytest.raises(OutcomeUnknown):
                _call(world, tool)
            assert max(world.arrived.values()) == 1
