"""A plan as a model and a program read it before it is applied: what becomes of how many, what stays, what cannot
be done and why, and what it costs. Short for a thousand videos: equal changes are one line with their number."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from vimeo_toolkit.changes.groups import EACH, Group, changing, groups_of
from vimeo_toolkit.changes.kinds import KINDS
from vimeo_toolkit.changes.model import Edit, Plan, PlannedVideo
from vimeo_toolkit.wire.rate_limit import RateLimit

__all__ = ["done_of", "line_of", "seconds_for", "view_of"]

EXAMPLES: Final = 3
"""Videos of a line that are named."""
MOST_LINES: Final = 12
"""Lines of what was changed."""
FEW: Final = 10
"""Videos whose rows are enough to name them."""
WINDOW: Final = 60.0
"""Seconds of the window that a user's limit is for (Vimeo's help page on rate limits)."""
NEXT: Final = "Nothing is changed yet: this plan_id with apply=true does it."
DELETES: Final = (
    "Nothing is deleted yet, because it cannot be brought back: see whether these are meant; this plan_id with "
    "apply=true deletes them."
)
USUAL: Final = 0.2
"""Seconds that a request takes."""
_LONGEST: Final = 60
_EMBEDDED: Final = {"private": "nowhere", "public": "everywhere", "whitelist": "on its listed sites only"}
LONGEST_SUMMARY: Final = 300


def view_of(plan: Plan, limit: RateLimit) -> dict[str, Any]:
    """Return what a plan would do.

    Args:
        plan: before it is applied.
        limit: the user's budget as the last answer told it.
    """
    videos = changing(plan)
    told: dict[str, Any] = {
        "plan_id": plan.id,
        "message": _message(plan, len(videos)),
        "chosen": len(plan.videos),
        "would_change": len(videos),
        "changes": [_line(plan, group) for group in groups_of(plan)],
        **unchanged_of(plan),
    }
    if videos:
        told |= {
            "requests_at_most": plan.requests,
            **({} if limit.limit is None else {"seconds_about": seconds_for(plan.requests, limit)}),
            "next": DELETES if any(_deletes(video) for video in videos) else NEXT,
        }
    told["data"] = [_row(plan, video) for video in plan.videos]
    return {name: value for name, value in told.items() if value != []}


def unchanged_of(plan: Plan) -> dict[str, Any]:
    """Return what of the chosen videos stays as it is, what cannot be done and why, and what else a person should
    know; nothing of that for a plan that does all that was asked for."""
    parts: dict[str, list[Any]] = {
        "stays": _counted(((same, video) for video in plan.videos for same in video.same), plan),
        "not_possible": _counted(((why, video) for video in plan.videos for why in video.refused), plan),
        "notes": list(plan.notes),
    }
    return {name: value for name, value in parts.items() if value}


def done_of(plan: Plan) -> list[dict[str, Any]]:
    """Return what was changed from what to what, equal changes in one line with some of the videos' names."""
    done = [replace(video, edits=tuple(edit for edit in video.edits if edit.done)) for video in plan.videos]
    made = replace(plan, videos=tuple(done))
    groups = groups_of(made)
    lines: list[dict[str, Any]] = []
    for group in groups[:MOST_LINES]:
        named = "which" if len(group.videos) <= FEW else "such_as"
        names = _names(group.videos, made, FEW)
        lines.append({"change": _words(made, group), "videos": len(group.videos), named: names})
    if more := len(groups) - len(lines):
        lines.append({"change": f"{more} more changes: vimeo_changes_list has each", "videos": None})
    return lines


def line_of(plan: Plan) -> str:
    """Return what a plan does on one line of at most 300 characters."""
    lines = [f"{_words(plan, group)} ({len(group.videos):,})" for group in groups_of(plan)]
    text = "; ".join(lines) or "nothing"
    return text if len(text) <= LONGEST_SUMMARY else f"{text[: LONGEST_SUMMARY - 1]}…"


def seconds_for(requests: int, limit: RateLimit) -> int:
    """Return about how many seconds so many requests take on a user's limit, the waits for its windows included."""
    most = max(1, limit.limit or 1)
    left = most if limit.remaining is None else limit.remaining
    windows = math.ceil(max(0, requests - left) / most)
    return math.ceil(max(requests * USUAL, windows * WINDOW))


def _deletes(video: PlannedVideo) -> bool:
    return any(edit.kind == "video" for edit in video.edits)


def _message(plan: Plan, count: int) -> str:
    of = len(plan.videos)
    if not of:
        return "No video was found for this: there is nothing to change."
    if not count:
        return f"Nothing would change: of the {of:,} videos, each is so already or cannot be changed."
    back = sum(any(not edit.undoable for edit in video.edits) for video in plan.videos)
    never = f" For {back:,} of them something cannot be taken back." if back else ""
    return f"{count:,} of {of:,} videos would change.{never}"


def _line(plan: Plan, group: Group) -> dict[str, Any]:
    line: dict[str, Any] = {"change": _words(plan, group), "videos": len(group.videos)}
    if len(plan.videos) > FEW:
        line["such_as"] = _names(group.videos, plan)
    return line if group.undoable else {**line, "undoable": False, "why_not": group.why_not}


def _words(plan: Plan, change: Edit | Group) -> str:
    """Return a change in a line; of a group, of all of it."""
    kind, on = change.kind, bool(change.after)
    match kind:
        case "video":
            return "delete for ever"
        case "tag":
            return f"{'add' if on else 'remove'} tag {_cut(change.of)}"
        case "showcase":
            return f"{'into' if on else 'out of'} showcase {_place(plan, change.of)}"
        case "embed_domain":
            return f"{'allow' if on else 'stop'} embedding on {change.of}"
        case "like" | "watch_later":
            return f"{KINDS[kind].label} {'on' if on else 'off'}"
    label = KINDS[kind].label
    if change.after is EACH and isinstance(change, Group) and change.first is not None:
        return f"{label}: each its own, such as {_words(plan, change.first).removeprefix(f'{label}: ')}"
    former = "various" if change.before is EACH else _value(plan, kind, change.before)
    return f"{label}: {former} → {_value(plan, kind, change.after)}"


def _value(plan: Plan, kind: str, value: Any) -> str:
    if value in (None, ""):
        return "none"
    if kind == "embed_privacy":
        return _EMBEDDED.get(value, _cut(str(value)))
    return _place(plan, str(value)) if kind == "folder" else _cut(str(value))


def _place(plan: Plan, uri: str) -> str:
    return _cut(plan.places.get(uri) or uri)


def _cut(text: str) -> str:
    # A terminal shows it, too: no sign that hides or turns text.
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _names(videos: Iterable[PlannedVideo], plan: Plan, most: int = EXAMPLES) -> list[str]:
    """Return what a few videos are called; by their URIs where they may be other people's, whose titles only rows
    have."""
    others = any(edit.kind in ("like", "watch_later") for video in plan.videos for edit in video.edits)
    named = [video.uri if others else _cut(video.name) or video.uri for video in videos]
    shown = most if len(named) <= most else EXAMPLES
    return named if len(named) <= most else [*named[:shown], f"and {len(named) - shown:,} more"]


def _counted(said: Iterable[tuple[str, PlannedVideo]], plan: Plan) -> list[dict[str, Any]]:
    """Return each sentence once, with how many videos it is said of; and the first names, where not all are named
    by the rows."""
    groups: dict[str, list[PlannedVideo]] = {}
    for text, video in said:
        groups.setdefault(text, []).append(video)
    ordered = sorted(groups.items(), key=lambda each: -len(each[1]))
    few = len(plan.videos) <= FEW
    return [
        {"what": text, "videos": len(those), **({} if few else {"such_as": _names(those, plan)})}
        for text, those in ordered
    ]


def _row(plan: Plan, video: PlannedVideo) -> dict[str, Any]:
    row: dict[str, Any] = {"uri": video.uri, "name": video.name}
    row["changes"] = "; ".join(_words(plan, edit) for edit in video.edits) or None
    row["stays"] = "; ".join(video.same) or None
    row["not_possible"] = " ".join(video.refused) or None
    return {name: value for name, value in row.items() if value is not None}
