"""Which calls need consent, and who is asked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.consent.subjects import DESTRUCTIVE, subject
from tests.unit.world import USER, World
from vimeo_toolkit import ApprovalDenied, ApprovalRequired, ConfigurationError, ReadOnly
from vimeo_toolkit.calls.approvals import Subject, UsedApproval, approve
from vimeo_toolkit.calls.consent import Approval, Consent
from vimeo_toolkit.calls.planned import PlannedCall
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.runtime.blocking import run_sync

READS, OUTWARD = "vimeo_me_get", "vimeo_video_comment_add"
PRIVATE_WRITE = next(
    name
    for name, tool in catalog().items()
    if not (tool.read_only or tool.destructive or tool.visible_to_others or tool.local)
)


@pytest.mark.parametrize(
    ("rule", "concerned"),
    [
        (None, set()),
        ("destructive", {DESTRUCTIVE}),
        ("outward", {DESTRUCTIVE, OUTWARD}),
        ("writes", {DESTRUCTIVE, OUTWARD, PRIVATE_WRITE}),
    ],
)
def test_which_calls_need_consent(rule: Approval | None, concerned: set[str]) -> None:
    consent = Consent(rule)
    tools = (READS, PRIVATE_WRITE, OUTWARD, DESTRUCTIVE)
    assert {name for name in tools if consent.concerns(catalog()[name])} == concerned
    for name in tools:
        consent.allow(catalog()[name])


def test_a_hook_alone_is_asked_about_what_is_destructive() -> None:
    assert Consent(confirm=lambda planned: True).concerns(catalog()[DESTRUCTIVE])
    assert not Consent(confirm=lambda planned: True).concerns(catalog()[OUTWARD])
    assert Consent("writes", lambda planned: True).concerns(catalog()[PRIVATE_WRITE])


def test_a_toolkit_that_only_reads_changes_nothing() -> None:
    consent = Consent(read_only=True)
    consent.allow(catalog()[READS])
    with pytest.raises(ReadOnly) as caught:
        consent.allow(catalog()[PRIVATE_WRITE])
    assert caught.value.tool == PRIVATE_WRITE


@pytest.mark.parametrize("values", [{"approval": "always"}, {"approval": []}, {"confirm": 7}])
def test_rules_that_do_not_exist(values: Any) -> None:
    with pytest.raises(ConfigurationError):
        Consent(**values)


def test_an_asynchronous_hook_is_refused_where_it_would_be_asked() -> None:
    async def later(planned: PlannedCall) -> bool:
        return True

    consent = Consent(confirm=later)
    consent.require_sync(catalog()[READS])
    with pytest.raises(ConfigurationError):
        consent.require_sync(catalog()[DESTRUCTIVE])


PLANNED = PlannedCall(
    tool_name=DESTRUCTIVE,
    description="Delete.",
    arguments={"video_id": "1"},
    identity=USER,
    requests=({"method": "DELETE", "path": "/videos/1"},),
    complete=True,
    scopes=("delete",),
    read_only=False,
    destructive=True,
    visible_to_others=False,
    undo=None,
)


def obtained(world: World, consent: Consent, of: Subject) -> UsedApproval | None:
    return run_sync(consent.obtain(world.context().vault, world, of, PLANNED))


def test_nobody_has_approved_and_then_somebody_has() -> None:
    world, consent, wanted = World(), Consent("destructive"), subject()
    vault = world.context().vault
    with pytest.raises(ApprovalRequired) as caught:
        obtained(world, consent, wanted)
    assert (caught.value.tool, caught.value.planned) == (DESTRUCTIVE, PLANNED)
    assert "approved before" not in caught.value.message
    approval = caught.value.approval_id
    assert isinstance(approval, str)
    run_sync(approve(vault, world, approval, USER))
    changed = subject(digest="other")
    with pytest.raises(ApprovalRequired, match="has changed since then"):
        obtained(world, consent, changed)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (False, ""),
        (None, ""),
        (1, ""),
        ("yes", " The reason: yes"),
        ("  " + "n" * 600, " The reason: " + "n" * 500),
    ],
)
def test_anything_but_a_plain_yes_is_a_no(answer: Any, reason: str) -> None:
    asked: list[PlannedCall] = []

    def confirm(planned: PlannedCall) -> Any:
        asked.append(planned)
        return answer

    with pytest.raises(ApprovalDenied) as caught:
        obtained(World(), Consent(confirm=confirm), subject())
    assert caught.value.message.endswith(f"Nothing was sent.{reason}")
    assert (caught.value.tool, asked) == (DESTRUCTIVE, [PLANNED])


def test_a_hook_that_says_yes_lets_the_call_through() -> None:
    assert obtained(World(), Consent(confirm=lambda planned: True), subject()) is None
