"""What a person reads of a plan before they agree to all of it: how many videos, what becomes of them, which by
name, and what cannot be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from vimeo_toolkit.calls.changes import Change, said, told
from vimeo_toolkit.calls.showing import IN_LIST, NAME, NAMED, TEXT, listed, quoted
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.wording import PLANNED
from vimeo_toolkit.changes.groups import EACH, Group, changing, groups_of
from vimeo_toolkit.changes.model import Plan, PlannedVideo

__all__ = ["plan_changes", "plan_in_full", "plan_question"]

MOST_NAMED: Final = 50
"""Videos that are named in full."""
_PLACES: Final = frozenset({"folder", "showcase"})


def plan_question(plan: Plan) -> str:
    """Return what a person agrees to, one line."""
    videos, groups = changing(plan), groups_of(plan)
    deleted = [group for group in groups if group.kind == "video"]
    others = [group for group in groups if group.kind != "video"]
    asked = f"Permanently delete {_counted(deleted[0].videos)}?" if deleted else ""
    if others:
        verb = "Take back an earlier change of" if plan.undoes else "Change"
        parts = [_part(plan, group, len(videos)) for group in others]
        asked = (
            f"{asked} {verb} {_counted(videos)}? {'; '.join([parts[0], *map(_lower, parts[1:])])}.".strip()
        )
    return asked


def plan_changes(plan: Plan) -> tuple[Change, ...]:
    """Return what is set, for a table: as `PlannedCall.changes`, with `videos`, how many. What each video has for
    itself is that of the first."""
    return tuple(
        {**_change(plan, group), "videos": len(group.videos)}
        for group in groups_of(plan)
        if group.kind != "video"
    )


def plan_in_full(plan: Plan) -> tuple[str, ...]:
    """Return a line for what the question cuts, what a person should know, and what cannot be taken back."""
    videos = changing(plan)
    lines = []
    if len(videos) > NAMED:
        lines.append(f"All {_number(len(videos))}: {_titles(videos, MOST_NAMED)}")
    for group in groups_of(plan):
        after = group.after
        if group.kind in ("name", "description") and isinstance(after, str) and len(after) > TEXT:
            lines.append(f"{PLANNED[group.kind, True].label} in full: {quoted(after, 12_000)}")
        if group.kind == "name" and after is EACH and len(group.videos) > 1:
            new = [
                f"{_title(video, IN_LIST)} → {quoted(_new_name(video), IN_LIST)}" for video in group.videos
            ]
            lines.append(f"New titles: {listed(new, MOST_NAMED)}")
    lines += plan.notes
    if never := _never(plan):
        lines.append(never)
    return tuple(lines)


def _never(plan: Plan) -> str:
    reasons: dict[str, int] = {}
    for video in plan.videos:
        for why in {edit.why_not for edit in video.edits if not edit.undoable}:
            reasons[why] = reasons.get(why, 0) + 1
    if not reasons:
        return ""
    return "Cannot be taken back: " + " ".join(f"{_number(n)}: {why}" for why, n in reasons.items())


def _part(plan: Plan, group: Group, of: int) -> str:
    (text,) = told([_change(plan, group)])
    if len(group.videos) == of:
        return text
    few = len(group.videos) <= NAMED
    return f"{text} ({_titles(group.videos, NAMED) if few else _number(len(group.videos))})"


def _change(plan: Plan, group: Group) -> Change:
    """Return what a group of equal changes is, as `changes_of` has it."""
    kind, each = group.kind, group.after is EACH
    edit = group.first
    assert edit is not None  # noqa: S101 - a group is made of an edit
    words = PLANNED[kind, bool(group.after) or each or kind not in (*_PLACES, "tag", "embed_domain")]
    shown: dict[str, Any] = {"input": kind, "label": words.label, "before": edit.before, "after": edit.after}
    shown["same"] = False
    if kind in ("tag", "embed_domain"):
        return {**shown, "from": "", "to": quoted(group.of, NAME)}
    if kind == "showcase":
        return {**shown, "from": "", "to": _place(plan, group.of)}
    if kind == "folder":
        shown["from"] = "their own" if group.before is EACH else _place(plan, group.before)
        return {**shown, "to": _place(plan, group.after)}
    if each and len(group.videos) > 1:
        first = f"such as from {said(words, edit.before)} to {said(words, edit.after)}"
        return {**shown, "from": "", "to": first}
    former = "" if group.before is EACH else said(words, group.before)
    return {**shown, "from": former, "to": said(words, edit.after)}


def _new_name(video: PlannedVideo) -> str:
    return next(str(edit.after) for edit in video.edits if edit.kind == "name")


def _place(plan: Plan, uri: str | None) -> str:
    if not uri:
        return "none"
    name = plan.places.get(uri)
    return quoted(name, NAME) if name else f"number {last_part(uri)}"


def _counted(videos: list[PlannedVideo]) -> str:
    if len(videos) == 1:
        return f"the video {_title(videos[0], NAME)}"
    return f"{_number(len(videos))} ({_titles(videos, NAMED)})"


def _number(count: int) -> str:
    return f"{count:,} video{'' if count == 1 else 's'}"


def _titles(videos: Iterable[PlannedVideo], most: int) -> str:
    return listed([_title(video, IN_LIST) for video in videos], most)


def _title(video: PlannedVideo, most: int) -> str:
    return quoted(video.name, most) if video.name.strip() else f"number {last_part(video.uri)}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
