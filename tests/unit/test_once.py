"""A call that is made once under a key, against listed answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.calling import COMMENT, LIST, VIDEO
from tests.unit.world import World, answer, execute, said
from vimeo_toolkit.calls.consent import Consent
from vimeo_toolkit.calls.once import CALL, LASTS
from vimeo_toolkit.errors import (
    ApprovalRequired,
    InvalidInput,
    NotFound,
    OutcomeUnknown,
    VimeoToolkitError,
    VimeoUnavailable,
)
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost
from vimeo_toolkit.stores.kinds import KINDS

GIVEN = {**VIDEO, "text": "Nice."}
MADE = said({"uri": "/videos/1/comments/7", "text": "Nice."}, 201)


class Caller:
    """Makes calls of one world after another; each that is sent takes the next answer."""

    def __init__(self, *outcomes: Any, **engine: Any) -> None:
        self.world = World(*outcomes)
        self.ctx = self.world.context()
        self.world.account(self.ctx)
        self.engine = engine

    def call(self, key: str | None, given: Any = GIVEN, tool: str = COMMENT) -> Any:
        return run_sync(execute(self.ctx, self.world, tool, given, idempotency_key=key, **self.engine))

    @property
    def sent(self) -> int:
        return len(self.world.sent)


def test_the_same_call_under_the_same_key_is_made_once() -> None:
    caller = Caller(MADE)
    first, again = caller.call("k"), caller.call("k")
    assert caller.sent == 1
    assert first.data == again.data
    assert first.to_text() == again.to_text()


@pytest.mark.parametrize(
    ("key", "given"), [("other", GIVEN), (None, GIVEN), ("k", {**GIVEN, "text": "Very nice."})]
)
def test_another_call_or_key_is_made(key: str | None, given: Any) -> None:
    caller = Caller(MADE, MADE)
    caller.call("k")
    caller.call(key, given)
    assert caller.sent == 2


def test_a_key_lasts_as_long_as_its_row() -> None:
    assert KINDS[CALL].lasts == LASTS


def test_reading_is_not_kept() -> None:
    listed = said({"data": [], "total": 0})
    caller = Caller(listed, listed)
    for _ in range(2):
        caller.call("k", None, LIST)
    assert caller.sent == 2


@pytest.mark.parametrize("outcome", [AnswerLost("x"), answer(500)], ids=["lost", "500"])
def test_a_call_whose_outcome_is_not_known_is_not_made_again(outcome: Any) -> None:
    caller = Caller(outcome, *[MADE] * 3)
    with pytest.raises(VimeoUnavailable):
        caller.call("k")
    sent = caller.sent
    with pytest.raises(OutcomeUnknown, match="not made again"):
        caller.call("k")
    assert caller.sent == sent


@pytest.mark.parametrize("status", [400, 403, 404, 429])
def test_a_call_that_changed_nothing_may_be_made_again(status: int) -> None:
    refused = said({"error": "No."}, status, retry_after="600")
    caller = Caller(refused, MADE)
    with pytest.raises(VimeoToolkitError):
        caller.call("k")
    run_sync(caller.world.sleep(700.0))
    assert caller.call("k").data["uri"] == "/videos/1/comments/7"
    assert caller.sent == 2


def test_what_was_not_approved_was_not_made() -> None:
    caller = Caller(*[said({"uri": "/videos/1", "name": "A"})] * 6, consent=Consent("writes"))
    for _ in range(2):
        with pytest.raises(ApprovalRequired):
            caller.call("k")


def test_a_deletion_that_is_repeated_is_still_a_success() -> None:
    caller = Caller(answer(204, b""), said({"error": "Gone."}, 404))
    for _ in range(2):
        assert caller.call("k", VIDEO, "vimeo_video_delete").data["success"]
    with pytest.raises(NotFound):
        caller.call("another", VIDEO, "vimeo_video_delete")


def test_a_password_is_part_of_the_call_and_of_no_key() -> None:
    edited = said({"uri": "/videos/1", "privacy": {"view": "password"}})
    caller = Caller(*[edited] * 4)
    given = {**VIDEO, "privacy_view": "password", "password": "short"}
    caller.call("k", given, "vimeo_video_edit")
    caller.call("k", given, "vimeo_video_edit")
    sent = caller.sent
    with pytest.raises(InvalidInput, match="another call"):
        caller.call("k", {**given, "password": "other"}, "vimeo_video_edit")
    assert caller.sent == sent
