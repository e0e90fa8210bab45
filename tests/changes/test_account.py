"""What a model reads of an applied plan says neither more nor less than what became of it."""

from __future__ import annotations

import pytest

from vimeo_toolkit.changes.account import account_of
from vimeo_toolkit.changes.model import Edit, Plan, PlannedVideo


def plan(count: int, kept: int = 0) -> Plan:
    """A plan that is done: `kept` of its videos had a password, which cannot be set again."""
    videos = [
        PlannedVideo(
            f"/videos/{place}",
            "A film",
            (
                Edit("privacy", "password", "nobody", done=True, undoable=False, why_not="Not known.")
                if place < kept
                else Edit("privacy", "anybody", "nobody", done=True),
            ),
            state="done",
        )
        for place in range(count)
    ]
    return Plan("p00000001", "", "", 0.0, tuple(videos))


@pytest.mark.parametrize(("count", "name"), [(1, "uris"), (5, "uris"), (6, "such_as"), (33, "such_as")])
def test_a_part_of_the_videos_is_not_shown_as_all(count: int, name: str) -> None:
    (row,) = account_of(plan(count), None)["videos"]
    assert set(row) == {"state", "count", name}
    assert row["count"] == count
    assert len(row[name]) == min(count, 5)


def test_what_cannot_be_taken_back_is_said_beside_how_the_rest_is() -> None:
    assert account_of(plan(4), None)["message"].endswith("with this plan_id takes it back.")
    assert account_of(plan(4, kept=1), None)["message"].endswith(
        "takes it back, but for 1 of them not all of it: Not known."
    )
    assert account_of(plan(2, kept=2), None)["message"].endswith("It cannot be taken back: Not known.")
    assert "taken back" not in account_of(Plan("p00000001", "", "", 0.0, ()), None)["message"]
