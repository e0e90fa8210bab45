"""What the index says of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from vimeo_toolkit.changes.model import FINAL, NewPlace, Plan

__all__ = ["MOST", "PlanState", "PlanSummary", "entry_of", "plan_of", "summary_of", "surplus_of"]

MOST: Final = 100
"""Plans of one user; the least useful of more is dropped."""
SURE_TO_STAY: Final = 20
_LONGEST_ASK: Final = 300

PlanState = Literal["planned", "begun", "done"]
"""`planned`: nothing of it was applied; `begun`: it can be continued; `done`: nothing of it is left to do."""
_STATES: Final[tuple[PlanState, ...]] = ("planned", "done", "begun")
"""Those that are missed the least come first."""


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """What the index says of a plan."""

    id: str
    asks: str
    """What it does, in a person's words. It may repeat a title or another text that somebody wrote."""
    created: float
    """Seconds since the epoch, by Vimeo's clock."""
    changed: float
    """When something was last done by it, by the same clock; when it was made, before anything is."""
    ends: float
    """Until when it is kept, seconds since the epoch."""
    state: PlanState
    counts: Mapping[str, int]
    """How many of its videos are planned, begun, done, skipped, failed; `same` for those with nothing to change."""
    undoable: int = 0
    """How many of its videos have changes that were made and can be taken back."""
    requests: int = 0
    """How many applying it takes at most."""
    undoes: str = ""
    """The id of the plan that this one takes back."""
    asked: str = field(default="", repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        names = ("id", "asks", "created", "changed", "ends", "state", "undoable", "requests", "undoes")
        return {name: getattr(self, name) for name in names} | {"counts": dict(self.counts)}


def entry_of(plan: Plan) -> dict[str, Any]:
    """Return what the index keeps of a plan."""
    counts = Counter(video.state if video.edits else "same" for video in plan.videos)
    undoable = sum(any(edit.done and edit.undoable for edit in video.edits) for video in plan.videos)
    return {
        "asked": plan.asked,
        "asks": plan.asks[:_LONGEST_ASK],
        "created": plan.created,
        "requests": plan.requests,
        "agreed": plan.agreed,
        "undoes": plan.undoes,
        "notes": list(plan.notes),
        "makes": [asdict(place) for place in plan.makes],
        "places": dict(plan.places),
        "counts": dict(counts),
        "undoable": undoable,
    }


def plan_of(plan_id: str, entry: Mapping[str, Any]) -> Plan:
    """Return the plan of an entry, without its videos."""
    names = ("asked", "asks", "created", "requests", "agreed", "undoes")
    notes, places = tuple(entry.get("notes", ())), entry.get("places", {})
    makes = tuple(NewPlace(**each) for each in entry.get("makes", ()))
    return Plan(id=plan_id, **{name: entry[name] for name in names}, notes=notes, makes=makes, places=places)


def summary_of(plan_id: str, entry: Mapping[str, Any]) -> PlanSummary:
    """Return what an entry says of its plan."""
    left = sum(count for state, count in entry["counts"].items() if state not in FINAL and state != "same")
    state: PlanState = "planned" if not entry["agreed"] else "begun" if left else "done"
    names = ("asks", "created", "ends", "counts", "undoable", "requests", "undoes", "asked")
    changed = entry.get("changed") or entry["created"]
    return PlanSummary(id=plan_id, state=state, changed=changed, **{name: entry[name] for name in names})


def surplus_of(entries: Mapping[str, Any]) -> set[str]:
    """Return the plans to drop where there are too many: first those that were never applied, then those that are
    done, the oldest first. The newest stay: a call may be about to apply them, or a person to agree to them."""
    ages = sorted(entries, key=lambda plan_id: entries[plan_id]["created"])
    older = ages[:-SURE_TO_STAY]
    order = sorted(older, key=lambda plan_id: _STATES.index(summary_of(plan_id, entries[plan_id]).state))
    return set(order[: max(0, len(entries) - MOST)])
