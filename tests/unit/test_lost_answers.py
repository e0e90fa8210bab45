"""A write whose first answer was lost and whose repeat is refused: what that means, for every method and tool."""

from __future__ import annotations

import pytest

from tests.unit.inputs import minimal
from tests.unit.world import World, answer, run
from vimeo_toolkit import (
    NotFound,
    OutcomeUnknown,
    ToolResult,
    VimeoError,
    VimeoToolkitError,
    VimeoUnavailable,
)
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.runtime.ports import AnswerLost, HttpResponse, NotSent
from vimeo_toolkit.wire.sending import CAUSED_BY_ITSELF, GONE

DELETES = sorted(name for name, tool in catalog().items() if tool.method == "DELETE")
OF_MANY = ("_videos_", "_changes_")
PUTS = sorted(
    name
    for name, tool in catalog().items()
    if tool.method == "PUT" and not any(part in name for part in OF_MANY)
)
LOST: dict[str, HttpResponse | Exception] = {
    "cut": AnswerLost("ReadError"),
    "500": answer(500),
    "502": answer(502, b"<html>"),
    "504": answer(504),
}
BETWEEN: dict[str, list[HttpResponse | Exception]] = {
    "nothing": [],
    "not sent": [NotSent("ConnectError")],
    "503": [answer(503)],
    "429": [answer(429, retry_after="1")],
}


LOOKS_BEFORE = ("vimeo_folder_video_add",)
LOOKS_AFTER = ("vimeo_embed_domain_remove",)
LOOK = answer(200, b'{"uri":"/x/1","data":[]}')


def _call(tool: str, *outcomes: HttpResponse | Exception) -> ToolResult:
    before, after = [LOOK] * (tool in LOOKS_BEFORE), [LOOK] * (tool in LOOKS_AFTER)
    return run(World(*before, *outcomes, *after), tool, minimal(tool))


@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize("first", LOST)
@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_any_more_is_gone(first: str, between: str, status: int) -> None:
    result = _call("vimeo_video_delete", LOST[first], *BETWEEN[between], answer(status))
    assert result["success"]
    assert result.notes == (GONE,)


@pytest.mark.parametrize("tool", DELETES)
def test_every_delete(tool: str) -> None:
    assert _call(tool, AnswerLost("ReadError"), answer(404, b'{"error_code": 5000}')).notes == (GONE,)
    with pytest.raises(OutcomeUnknown):
        _call(tool, AnswerLost("ReadError"), answer(403))
    for harmless in (NotSent("ConnectError"), answer(503)):
        with pytest.raises(NotFound):
            _call(tool, harmless, answer(404))


@pytest.mark.parametrize("tool", PUTS)
@pytest.mark.parametrize("status", sorted(CAUSED_BY_ITSELF))
def test_every_put_that_may_have_been_carried_out(tool: str, status: int) -> None:
    with pytest.raises(OutcomeUnknown, match=str(status)) as caught:
        _call(tool, AnswerLost("ReadError"), answer(status))
    assert caught.value.status == status
    with pytest.raises(VimeoError):
        _call(tool, NotSent("ConnectError"), answer(status))


def test_a_read_is_told_as_it_is() -> None:
    with pytest.raises(NotFound):
        _call("vimeo_video_get", AnswerLost("ReadError"), answer(404))


@pytest.mark.parametrize("tool", ["vimeo_video_delete", "vimeo_video_like", "vimeo_video_get"])
def test_when_no_answer_comes_at_all(tool: str) -> None:
    """Nobody is told that nothing changed while something may have."""
    with pytest.raises(VimeoUnavailable) as caught:
        _call(tool, *[AnswerLost("ReadError")] * 4)
    assert ("nothing about the account has changed" in caught.value.hint) == (tool == "vimeo_video_get")
    with pytest.raises(VimeoUnavailable, match="nothing about the account has changed"):
        _call(tool, *[NotSent("ConnectError")] * 4)


def test_a_missing_scope_is_no_effect_of_the_first_attempt() -> None:
    body = b'{"error": "Your access token does not have the \\"interact\\" scope"}'
    with pytest.raises(VimeoToolkitError) as caught:
        _call("vimeo_video_like", AnswerLost("ReadError"), answer(403, body))
    assert caught.value.code == "missing_scope"


@pytest.mark.parametrize("tool", ["vimeo_video_delete", "vimeo_video_like"])
@pytest.mark.parametrize(
    "last", [[answer(429, retry_after="600")], [answer(401), answer(401)]], ids=["429", "401"]
)
def test_a_limit_or_a_revoked_token_says_nothing_of_the_first_attempt(
    tool: str, last: list[HttpResponse]
) -> None:
    with pytest.raises(VimeoToolkitError, match="may have been carried out") as caught:
        _call(tool, AnswerLost("ReadError"), *last)
    assert caught.value.code in ("rate_limited", "revoked")
    assert ("it is gone" in caught.value.hint) == (tool == "vimeo_video_delete")
    with pytest.raises(VimeoToolkitError) as caught:
        _call(tool, *last)
    assert "carried out" not in caught.value.hint
