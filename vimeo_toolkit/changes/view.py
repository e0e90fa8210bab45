"""A plan as a model and a program read it before it is applied: what becomes of how many, what stays, what cannot
be done and why, and what it costs. Short for a thousand videos: equal changes are one line with their number."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from vimeo_toolkit.changes.groups import EACH, Group, changing, groups_of
from vimeo_toolkit.changes.kinds import KINDS
from vimeo_toolkit.changes.model import Edit, Plan, PlannedVideo
from vimeo_toolkit.runtime.ahead import room_in
from vimeo_toolkit.wire.rate_limit import RateLimit

__all__ = [
    "FEW",
    "OTHERS_TITLES",
    "done_of",
    "for_models",
    "line_of",
    "may_be_others",
    "seconds_for",
    "view_of",
    "words_of",
]

EXAMPLES: Final = 3
"""Videos of a line that are named where not all are."""
MOST_LINES: Final = 12
"""Lines of what was changed."""
OTHERS_TITLES: Final = tuple(f"{part}.titles" for part in ("changes", "already_so", "not_possible"))
"""Parts of a plan's view and account with titles that other people may have written."""
FEW: Final = 20
"""Videos of a line up to which all are named."""
WINDOW: Final = 60.0
"""Seconds of the window that a user's limit is for (Vimeo's help page on rate limits)."""
NEXT: Final = "Nothing is changed yet: this plan_id with apply=true does it."
DELETES: Final = (
    "Nothing is deleted yet, because it cannot be brought back: see whether these are meant; this plan_id with "
    "apply=true deletes them."
)
USUAL: Final = 0.2
"""Seconds that a request takes; several are under way at the same time."""
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
    short = _short_form(plan)
    told["data"] = [_row(plan, video, short) for video in videos]
    told["unchanged"] = [_row(plan, video, short) for video in plan.videos if not video.edits]
    if any("such_as" in line for name in ("already_so", "not_possible") for line in told.get(name, ())):
        told["message"] += " vimeo_changes_list with this plan_id names each video."
    return {name: value for name, value in told.items() if value != [] or name == "data"}


def unchanged_of(plan: Plan) -> dict[str, Any]:
    """Return what of the chosen videos is so already, what cannot be done and why, and what else a person should
    know; nothing of that for a plan that does all that was asked for."""
    same = ((_placed(plan, text), video) for video in plan.videos for text in video.same)
    parts: dict[str, list[Any]] = {
        "already_so": _counted(same, plan),
        "not_possible": _counted(((why, video) for video in plan.videos for why in video.refused), plan),
        "notes": list(plan.notes),
    }
    return {name: value for name, value in parts.items() if value}


def done_of(plan: Plan) -> list[dict[str, Any]]:
    """Return what was changed from what to what, equal changes in one line with some of the videos' names."""
    done = [replace(video, edits=tuple(edit for edit in video.edits if edit.done)) for video in plan.videos]
    made = replace(plan, videos=tuple(done))
    groups = groups_of(made)
    lines: list[dict[str, Any]] = [
        {"change": words_of(made, group), "videos": len(group.videos), **_named(group.videos, made)}
        for group in groups[:MOST_LINES]
    ]
    if more := len(groups) - len(lines):
        lines.append({"change": f"{more} more changes: vimeo_changes_list has each", "videos": None})
    return lines


def line_of(plan: Plan) -> str:
    """Return what a plan does on one line of at most 300 characters."""
    lines = [f"{words_of(plan, group)} ({len(group.videos):,})" for group in groups_of(plan)]
    text = "; ".join(lines) or "nothing"
    return text if len(text) <= LONGEST_SUMMARY else f"{text[: LONGEST_SUMMARY - 1]}…"


def seconds_for(requests: int, limit: RateLimit) -> int:
    """Return about how many seconds so many requests take on a user's limit, the waits for its windows included."""
    most = max(1, limit.limit or 1)
    left = most if limit.remaining is None else limit.remaining
    windows = math.ceil(max(0, requests - left) / most)
    return math.ceil(max(requests * USUAL / room_in(limit), windows * WINDOW))


def _deletes(video: PlannedVideo) -> bool:
    return any(edit.kind == "video" for edit in video.edits)


def _message(plan: Plan, count: int) -> str:
    of = len(plan.videos)
    if not of:
        return "No video was found for this: there is nothing to change."
    if not count:
        return f"Nothing would change: of the {of:,} videos, each is so already or cannot be changed."
    if all(map(_deletes, changing(plan))):
        return f"{count:,} of {of:,} videos would be deleted for ever."
    back = sum(any(not edit.undoable for edit in video.edits) for video in plan.videos)
    never = f" For {back:,} of them something cannot be taken back." if back else ""
    return f"{count:,} of {of:,} videos would change.{never}"


def _line(plan: Plan, group: Group) -> dict[str, Any]:
    line: dict[str, Any] = {"change": words_of(plan, group), "videos": len(group.videos)}
    return line if group.undoable else {**line, "undoable": False, "why_not": group.why_not}


def words_of(plan: Plan, change: Edit | Group) -> str:
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
        return f"{label}: each its own, such as {words_of(plan, change.first).removeprefix(f'{label}: ')}"
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


def _placed(plan: Plan, text: str) -> str:
    """Return what is so already with the name of a showcase in place of its URI."""
    kind, _, of = text.partition(" ")
    return f"{kind} {_place(plan, of)}" if of in plan.places else text


def _named(videos: Sequence[PlannedVideo], plan: Plan) -> dict[str, list[str]]:
    """Return what videos are called, all of a few or the first of many. Where they may be other people's, their
    titles stand beside their URIs, in a part of their own: it is what others wrote."""
    few = len(videos) <= FEW
    shown = videos if few else videos[:EXAMPLES]
    others = may_be_others(plan)
    of_a_name = Counter(video.name for video in plan.videos)
    named = [
        video.uri if others or not _cut(video.name) else f"{_cut(video.name)}{_which(video, of_a_name)}"
        for video in shown
    ]
    titles = [_cut(video.name) for video in shown] if others else []
    more = [] if few else [f"and {len(videos) - EXAMPLES:,} more"]
    told = {"which" if few else "such_as": [*named, *more]}
    return {**told, "titles": titles} if any(titles) else told


def may_be_others(plan: Plan) -> bool:
    """Return whether its videos may be other people's: only likes and Watch Later are for such."""
    return any(edit.kind in ("like", "watch_later") for video in plan.videos for edit in video.edits)


def _which(video: PlannedVideo, of_a_name: Mapping[str, int]) -> str:
    """Return what tells a video from others of its title in the plan."""
    return f" ({video.uri})" if of_a_name[video.name] > 1 else ""


def _counted(said: Iterable[tuple[str, PlannedVideo]], plan: Plan) -> list[dict[str, Any]]:
    """Return each sentence once, with how many videos it is said of, and which."""
    groups: dict[str, list[PlannedVideo]] = {}
    for text, video in said:
        groups.setdefault(text, []).append(video)
    ordered = sorted(groups.items(), key=lambda each: -len(each[1]))
    return [{"what": text, "videos": len(those), **_named(those, plan)} for text, those in ordered]


_SINGLE: Final = frozenset({"privacy", "license", "folder", "embed_privacy"})
"""Kinds of which all videos of a plan get the same, so that what they had tells how it changes."""


def _short_form(plan: Plan) -> str:
    """Return the column that tells a model of each video what its line does not: "" where that says all of it."""
    lines = {tuple(words_of(plan, edit) for edit in video.edits) for video in changing(plan)}
    kinds = {edit.kind for video in plan.videos for edit in video.edits}
    if kinds == {"name"}:
        return "new_title"
    if len(lines) <= 1:
        return ""
    return "was" if len(kinds) == 1 and kinds <= _SINGLE else "what"


def _row(plan: Plan, video: PlannedVideo, short: str) -> dict[str, Any]:
    row: dict[str, Any] = {"uri": video.uri, "name": video.name}
    row["change"] = "; ".join(words_of(plan, edit) for edit in video.edits) or None
    if short and video.edits:
        row[short] = "; ".join(_in_short(plan, edit, short) for edit in video.edits)
    row["same"] = "; ".join(_placed(plan, text) for text in video.same) or None
    row["refused"] = " ".join(video.refused) or None
    return {name: value for name, value in row.items() if value is not None}


def _in_short(plan: Plan, edit: Edit, short: str) -> str:
    """Return what a row says of an edit, of which the plan's line says what is the same for all videos."""
    if edit.kind == "name":
        return f"{'' if short == 'new_title' else '→ '}{_cut(str(edit.after))}"
    if edit.kind in _SINGLE:
        former = _value(plan, edit.kind, edit.before)
        return former if short == "was" else f"{KINDS[edit.kind].label} was {former}"
    return words_of(plan, edit)


def for_models(told: Mapping[str, Any], *, seen: bool) -> tuple[str, ...]:
    """Return the parts of a plan's view or account that a model is not shown, because others say the same.

    Args:
        told: the view or the account.
        seen: the call named a plan, which an earlier answer has shown.
    """
    if "state" not in told:
        short = told.get("seconds_about", WINDOW) < WINDOW
        cost = ("requests_at_most", "seconds_about") if short else ()
        return ("chosen", "would_change", "unchanged", "change", "same", "refused", *cost)
    plainly_done = all(each["state"] == "done" and "why" not in each for each in told.get("videos", ()))
    return (
        "done",
        "of",
        *(("videos",) if plainly_done else ()),
        *(("changes", "already_so", "notes") if seen else ()),
    )
