"""A person's consent to a whole plan: one question about many videos, and the call that they agreed to applies this
plan and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeGuard

from vimeo_toolkit.calls.approvals import Subject, UsedApproval, granted, hold
from vimeo_toolkit.calls.changes import undo_needs
from vimeo_toolkit.calls.consent import Consent
from vimeo_toolkit.calls.plan_words import plan_changes, plan_in_full, plan_question
from vimeo_toolkit.calls.planned import PlannedCall
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.changes.groups import changing, effect_of

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.api import Api
    from vimeo_toolkit.catalog.plan_input import PlanInput
    from vimeo_toolkit.catalog.tool import ToolInput
    from vimeo_toolkit.changes.model import Plan

__all__ = ["agree", "ask_about", "described", "is_planned", "needs_consent", "plan_of_call"]

STILL_NEW: Final = 300.0
"""Seconds in which a plan that nobody has agreed to is asked about again; after them it is made anew."""


def is_planned(values: ToolInput) -> TypeGuard[PlanInput]:
    """Return whether a call changes things by a plan."""
    return values.plans


async def plan_of_call(
    state: CallState, api: Api, consent: Consent, values: PlanInput, *, keep: bool = True
) -> Plan:
    """Return the plan that a call makes: where people are asked, the one that they were asked about.

    Args:
        state: of the call, whose account was found.
        api: what the tool is given.
        consent: the toolkit's rules.
        values: the input.
        keep: whether a plan that is made is kept.

    Raises:
        VimeoToolkitError: it could not be made; nothing was changed.
    """
    if not values.applies or not consent.concerns(state.tool):
        plan = await values.planned(api, keep=keep)
    else:
        # The machine's clock may be wrong until Vimeo has answered, so no time decides about what was agreed to.
        plan = await values.planned(api, since=0.0, keep=keep)
        new = state.now() - STILL_NEW
        if plan.created < new and not await _granted(state, consent, plan):
            plan = await values.planned(api, since=new, keep=keep)
    state.more_time()
    return plan


async def _granted(state: CallState, consent: Consent, plan: Plan) -> bool:
    """Return whether a person has agreed to a plan that needs it, and it was not applied yet."""
    subject = Subject.of_plan(state.owner, plan)
    return needs_consent(consent, plan) and await granted(state.ctx.vault, state.io, subject)


def needs_consent(consent: Consent, plan: Plan) -> bool:
    """Return whether a plan needs a person's consent before anything of it is done."""
    return plan.open and not plan.agreed and consent.holds_back(effect_of(plan))


async def agree(state: CallState, consent: Consent, values: PlanInput, plan: Plan) -> UsedApproval | None:
    """Let a call apply a plan, or raise; return the approval that was used up, None where a hook has agreed.

    Raises:
        ApprovalRequired, ApprovalDenied: nobody has agreed to this plan.
    """
    subject = Subject.of_plan(state.owner, plan)
    return await consent.obtain(state.ctx.vault, state.io, subject, described(state, values, plan))


async def ask_about(state: CallState, plan: Plan, planned: PlannedCall) -> str:
    """Note that a plan waits for consent; return the approval id."""
    return await hold(state.ctx.vault, state.io, Subject.of_plan(state.owner, plan), planned.describe())


def described(state: CallState, values: PlanInput, plan: Plan) -> PlannedCall:
    """Return what a call that applies a plan would do."""
    tool, tools = state.tool, state.tools
    videos = changing(plan)
    edits = [edit for video in videos for edit in video.edits]
    effect = effect_of(plan)
    needs = undo_needs(tool, state.account, tools)
    back = sum(edit.undoable for edit in edits)
    return PlannedCall(
        tool_name=tool.name,
        description=tool.description,
        arguments=values.model_dump(mode="json", exclude_none=True),
        identity=state.identity_copy(),
        requests=(),
        complete=False,
        scopes=tuple(sorted(values.needed_scopes())),
        read_only=not edits,
        destructive=effect == "destructive",
        visible_to_others=effect in ("destructive", "visible"),
        undo=tool.undo if back and not needs else None,
        undo_needs=needs if back else (),
        question=plan_question(plan) if videos else "",
        changes=plan_changes(plan),
        kind="video" if videos else "",
        title=videos[0].name if len(videos) == 1 else "",
        in_full=plan_in_full(plan),
        plan={
            "plan_id": plan.id,
            "videos": len(videos),
            "requests": plan.requests,
            "partly": back < len(edits) or bool(plan.gone),
        },
    )
