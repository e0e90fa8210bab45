"""Whether an upload server's answer to a file says that it was taken, and what two equal uploads leave noted."""

from __future__ import annotations

import pytest

from tests.unit.world import USER, World, answer
from vimeo_toolkit.identity import Owner
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.uploads.journal import Journal, Wanted
from vimeo_toolkit.uploads.tus import _taken

TAKEN = ["", "{}", "[]", "null", '{"Status":"success","Notes":""}', '{"status":200}', '{"status":0}', "ok"]
NOT_TAKEN = [
    '{"status":500}',
    '{"status":"500 Internal Server Error"}',
    '{"STATUS":" Failure "}',
    '{"status":["failure"]}',
    '{"status":"unsuccessful"}',
    '{"status":false}',
    '{"success":false}',
    '{"error":"no"}',
    '{"errors":[{"code":1}]}',
    '[{"Status":"failure"}]',
    '"failure"',
    "\ufeff" + '{"Status":"failure"}',
    "<?xml version='1.0'?><Error/>",
]


@pytest.mark.parametrize("body", TAKEN)
def test_taken(body: str) -> None:
    assert _taken(answer(200, body.encode()))


@pytest.mark.parametrize("body", NOT_TAKEN)
def test_not_taken_whatever_the_status(body: str) -> None:
    assert not _taken(answer(200, body.encode()))


def test_of_two_equal_uploads_the_newer_goes_on_and_the_older_is_named() -> None:
    world = World()
    journal = Journal(world.context().vault, world, Owner(USER))
    wanted = Wanted.of("request", "content", subject="place")
    for number in (1, 2, 3):
        run_sync(journal.note(wanted, Secret(f"link-{number}"), {"uri": f"/videos/{number}"}))
    one, others = run_sync(journal.find(wanted))
    assert one is not None
    assert (one.began["uri"], [each.began["uri"] for each in others]) == (
        "/videos/3",
        ["/videos/1", "/videos/2"],
    )
