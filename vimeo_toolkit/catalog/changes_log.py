"""What was changed for the user, and taking it back."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.inputs import Paged, VideoUris
from vimeo_toolkit.catalog.marks import Help, Shown
from vimeo_toolkit.catalog.plan_input import PlanInput
from vimeo_toolkit.catalog.tool import Tool
from vimeo_toolkit.catalog.toolsets import publish
from vimeo_toolkit.changes.account import rows_of
from vimeo_toolkit.changes.applying import apply
from vimeo_toolkit.changes.model import Plan
from vimeo_toolkit.changes.summaries import PlanSummary
from vimeo_toolkit.changes.undoing import undo_plan
from vimeo_toolkit.changes.view import unchanged_of
from vimeo_toolkit.changes.writes import Written

__all__ = ["ChangesList", "ChangesUndo", "PlanId"]

PER_PAGE: Final = 25
LONGEST: Final = 150
"""Characters of what a plan does."""
MOST_OBJECTS: Final = 4
"""Things that a call was about and that its row names."""

PlanId = Annotated[
    str,
    Field(min_length=1, max_length=40),
    Help("The plan's id, as the call that made it and the list of changes show it."),
]


@publish.local(name="vimeo_changes_list")
class ChangesList(Paged):
    """Show what you did and changed in my account: the history of edits; with plan_id, each video of it."""

    plan_id: Annotated[
        PlanId | None,
        Help("Only this plan, video by video, by its id.", "All changes are listed when it is left out."),
    ] = None

    @property
    def untrusted_parts(self) -> tuple[str, ...]:
        """The titles of a plan's videos that may be other people's, see `rows_of`."""
        return () if self.plan_id is None else ("title",)

    async def run(self, api: Api) -> Any:
        """Answer from what the toolkit has noted."""
        plans = api.plans
        if self.plan_id is not None:
            return self._page(rows_of(await plans.load(self.plan_id)))
        summaries = await plans.list()
        found = [
            (each.changed, _plan_row(each, summaries))
            for each in summaries
            if each.state != "planned" or each.counts.keys() - {"same"}  # there was something to do
        ]
        found += [(each.at, _call_row(each, api.tools)) for each in await api.writes.list()]
        found.sort(key=lambda each: each[0], reverse=True)
        return self._page([row for _, row in found])

    def _page(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        page, size = self.page or 1, self.per_page or PER_PAGE
        shown = rows[(page - 1) * size : page * size]
        more = page * size < len(rows)
        return {
            "total": len(rows),
            "page": page,
            "per_page": size,
            "paging": {"next": f"/?page={page + 1}&per_page={size}" if more else None},
            "data": shown,
        }


@publish.put(
    "/me/videos",
    name="vimeo_changes_undo",
    scopes={"private"},
    destructive=True,
    visible_to_others=True,
    undo="vimeo_changes_undo with the plan_id of its result makes the changes again.",
    asks="Take back what was done by plan {plan_id}?",
)
class ChangesUndo(PlanInput):
    """Undo a mistake: go back to before, revert it."""

    may_need: ClassVar[frozenset[str]] = frozenset({"edit", "interact", "delete"})

    plan_id: Annotated[PlanId, Shown(None)]
    videos: Annotated[
        VideoUris | None,
        Shown(None),
        Help(
            "Only these of its videos, each by its id, URI or link, 500 at most.",
            "All of its videos are meant when it is left out.",
        ),
    ] = None

    async def planned(self, api: Api, *, since: float = math.inf, keep: bool = True) -> Plan:
        """Return the plan that takes the other one back: the one that is under way or waits for consent, or a new
        one. It is made of what the other one's rows say, so an old one is as good as a new one."""
        return await undo_plan(api, self.plan_id, self.videos, keep=keep)

    async def applied(self, api: Api, plan: Plan) -> Any:
        """Apply it as far as the call's time and the user's limit allow."""
        return await apply(api, plan.id) | unchanged_of(plan)


def _plan_row(plan: PlanSummary, all_plans: Sequence[PlanSummary]) -> dict[str, Any]:
    undoing = [each for each in all_plans if each.undoes == plan.id and each.counts.get("done")]
    back = [f"{each.counts['done']} taken back by plan {each.id}" for each in undoing]
    if plan.undoable > sum(each.counts["done"] for each in undoing):
        back.insert(0, "vimeo_changes_undo")
    return {
        "when": _time(plan.changed),
        "what": plan.asks if len(plan.asks) <= LONGEST else f"{plan.asks[:LONGEST]}…",
        "name": None,
        "state": _counted(plan),
        "objects": [],
        "take_back": "; ".join(back) or ("cannot be taken back" if plan.counts.get("done") else ""),
        "plan_id": plan.id,
    }


def _counted(plan: PlanSummary) -> str:
    if plan.state == "planned":
        return "planned, not applied"
    counts = {name: count for name, count in plan.counts.items() if name != "same" and count}
    if counts.keys() == {"done"}:
        return "done"
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing to change"


def _call_row(call: Written, tools: Mapping[str, Tool]) -> dict[str, Any]:
    from vimeo_toolkit.catalog import catalog

    tool = tools.get(call.tool) or catalog().get(call.tool)
    undo = tool.undo if tool is not None else None
    more = len(call.objects) - MOST_OBJECTS
    return {
        "when": _time(call.at),
        "what": call.tool,
        "name": call.name or None,
        "state": "done" if call.outcome == "ok" else f"ended with {call.outcome}: it may have been done",
        "objects": [*call.objects[:MOST_OBJECTS], *([f"and {more} more"] if more > 0 else [])],
        "take_back": _by_which_tool(undo or "") or "cannot be taken back",
        "plan_id": "",
    }


def _by_which_tool(undo: str) -> str:
    """Return the tool that takes a call back, whose name says what it does; the whole text where it names none of
    ours, as that of a product's own tool may."""
    from vimeo_toolkit.catalog import catalog

    first = undo.partition(" ")[0]
    return first if first in catalog() else undo


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
