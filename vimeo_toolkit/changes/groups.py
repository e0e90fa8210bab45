"""The equal changes of a plan, counted: what a thousand videos become is a few lines, for models and for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from vimeo_toolkit.changes.kinds import KINDS
from vimeo_toolkit.changes.model import Edit, EditKind, Plan, PlannedVideo

__all__ = ["EACH", "Group", "changing", "effect_of", "groups_of"]

EACH: Final[Any] = type("Each", (), {"__repr__": lambda self: "EACH", "__slots__": ()})()
"""In place of a value: each video has its own."""

MOST_FORMER: Final = 4
"""Former values that are told apart; more are `EACH`."""
_EFFECTS: Final = ("reads", "private", "visible", "destructive")


@dataclass(slots=True)
class Group:
    """The videos of a plan of which the same thing becomes the same."""

    kind: EditKind
    of: str
    before: Any
    after: Any
    undoable: bool
    why_not: str
    videos: list[PlannedVideo] = field(default_factory=list)
    first: Edit | None = None
    """The edit of the first of them."""


def changing(plan: Plan) -> list[PlannedVideo]:
    """Return the videos of a plan that something of is to be changed, or was."""
    return [video for video in plan.videos if video.edits]


def groups_of(plan: Plan) -> list[Group]:
    """Return the changes of a plan, deletions first, then those of most videos."""
    afters: dict[tuple[str, str, str], set[str]] = {}
    befores: dict[tuple[str, str, str], set[str]] = {}
    edits = [(video, edit) for video in plan.videos for edit in video.edits]
    for _, edit in edits:
        afters.setdefault(_place(edit, ""), set()).add(repr(edit.after))
    several = {place for place, values in afters.items() if len(values) > 1 and place[0] in _TEXTS}
    for _, edit in edits:
        befores.setdefault(_place(edit, repr(edit.after)), set()).add(repr(edit.before))
    found: dict[Any, Group] = {}
    for video, edit in edits:
        after = EACH if _place(edit, "") in several else edit.after
        former = befores[_place(edit, repr(edit.after))]
        own = after is EACH or len(former) > (1 if edit.kind in _TEXTS else MOST_FORMER)
        before = EACH if own else edit.before
        key = (edit.kind, edit.of, repr(before), repr(after), edit.undoable, edit.why_not)
        if key not in found:
            found[key] = Group(edit.kind, edit.of, before, after, edit.undoable, edit.why_not, first=edit)
        found[key].videos.append(video)
    return sorted(found.values(), key=lambda group: (group.kind != "video", -len(group.videos)))


_TEXTS: Final[frozenset[str]] = frozenset({"name", "description"})


def _place(edit: Edit, after: str) -> tuple[str, str, str]:
    return edit.kind, edit.of, after


def effect_of(plan: Plan) -> Any:
    """Return what a plan does as far as people are concerned, the strongest word that is true; see `Tool.effect`.

    One that takes another one back deletes what that has made.
    """
    if plan.gone:
        return "destructive"
    edits = (edit for video in plan.videos for edit in video.edits)
    return max((KINDS[edit.kind].effect for edit in edits), key=_EFFECTS.index, default="reads")
