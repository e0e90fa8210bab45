"""What became of a plan, as a model and a program read it: short for a thousand videos."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from vimeo_toolkit.changes.model import FINAL, Edit, Plan, PlannedVideo
from vimeo_toolkit.changes.sending import Pause
from vimeo_toolkit.changes.view import FEW, done_of, may_be_others, words_of

__all__ = ["account_of", "links_told", "progress_of", "rows_of", "stand_of"]

MOST_NAMED: Final = 20
MOST_DONE: Final = 5
"""Videos with one and the same outcome, and of them that are done, that are named; `vimeo_changes_list` has all."""


def progress_of(plan: Plan) -> tuple[int, int]:
    """Return for how many videos nothing is left to do, and of how many."""
    changing = [video for video in plan.videos if video.edits]
    return sum(video.state in FINAL for video in changing), len(changing)


def stand_of(plan: Plan) -> str:
    """Return how far a plan has come when an error ends it, a sentence."""
    settled, of = progress_of(plan)
    partly = sum(
        video.state == "begun" or (video.state == "planned" and any(edit.done for edit in video.edits))
        for video in plan.videos
    )
    also = f", {partly} more may be changed already, in part or whole" if partly else ""
    return f"{settled} of {of} videos of plan {plan.id} are settled{also}"


def account_of(plan: Plan, pause: Pause | None) -> dict[str, Any]:
    """Return what was done, what not and why, and what is left.

    Args:
        plan: as it stands now.
        pause: why the work ended before the plan did.
    """
    changing = [video for video in plan.videos if video.edits or video.state != "planned"]
    counts: dict[str, int] = defaultdict(int)
    for video in changing:
        counts[video.state] += 1
    open_now = counts["planned"] + counts["begun"]
    told: dict[str, Any] = {
        "plan_id": plan.id,
        "state": "begun" if open_now else "done",
        "message": _sentence(plan, counts, len(changing), open_now),
        **{name: counts[name] for name in ("done", "skipped", "failed") if counts[name] or name == "done"},
        "of": len(changing),
    }
    if open_now:
        told["left"] = open_now
        told["continue_in_seconds"] = math.ceil(pause.seconds) if pause is not None else 0
        told["why"] = pause.why if pause is not None else ""
    if made := [place for place in plan.new if place.ours]:
        told["made"] = [{"uri": place.uri, "name": place.name, "link": place.link} for place in made]
    if changes := done_of(plan):
        told["changes"] = changes
    outcomes = _outcomes(changing)
    if outcomes:
        told["videos"] = outcomes
    if plan.undoes:
        told["undoes"] = plan.undoes
    return told


def links_told(plan: Plan, links: Mapping[str, str]) -> dict[str, Any]:
    """Return the new links of videos that a plan has made unlisted, of 20 at most, and where the others are.

    Args:
        plan: as it stands now.
        links: those that this call got to know, by the videos' URIs.
    """
    unlisted = [video for video in plan.videos if any(edit.done and edit.unlists for edit in video.edits)]
    told: dict[str, Any] = {}
    if rows := [{"name": video.name, "link": links[video.uri]} for video in unlisted if video.uri in links]:
        told["new_links"] = rows[:FEW]
    if others := len(unlisted) - len(rows[:FEW]):
        told["more_links"] = f"vimeo_my_videos_find has the new links of {others} more."
    return told


def _sentence(plan: Plan, counts: dict[str, int], of: int, open_now: int) -> str:
    said = f"{counts['done']} of {of} videos {'put back' if plan.undoes else 'done'}"
    others = [f"{counts[name]} {name}" for name in ("skipped", "failed") if counts[name]]
    said += f" ({', '.join(others)})." if others else "."
    partly = sum(video.state == "done" and bool(video.why) for video in plan.videos)
    if partly:
        said += f" Of {partly} of them a part was left as it is, see why."
    refused = [
        video for video in plan.videos if video.refused and not video.edits and video.state == "planned"
    ]
    if refused:
        said += f" {len(refused)} more cannot be changed, see not_possible."
    same = sum(bool(video.same) and not video.edits and not video.refused for video in plan.videos)
    if same:
        said += f" {same} more {'was' if same == 1 else 'were'} so already."
    if of > FEW:
        said += " vimeo_changes_list with this plan_id shows each."
    if begun := counts["begun"]:
        said += f" {begun} more may be changed already, in part or whole: going on looks at them first."
    if open_now:
        said += f" Go on with plan_id={plan.id}: it needs no new consent."
    elif not plan.undoes:
        said += _way_back(plan)
    return said


def _way_back(plan: Plan) -> str:
    """Return how what was done is taken back, and what does not come back and why; empty if nothing was done."""
    back = any(edit.done and edit.undoable for video in plan.videos for edit in video.edits)
    never = [
        {edit.why_not for edit in video.edits if edit.done and not edit.undoable} for video in plan.videos
    ]
    count = sum(map(bool, never))
    reasons = " ".join(sorted(set().union(*never))).rstrip(".")
    if not back:
        return f" It cannot be taken back: {reasons}." if count else ""
    but = f", but for {count} of them not all of it: {reasons}" if count else ""
    return f" vimeo_changes_undo with this plan_id takes it back{but}."


def _outcomes(videos: list[PlannedVideo]) -> list[dict[str, Any]]:
    """Return a row for each outcome: which videos, and why."""
    groups: dict[tuple[str, str], list[PlannedVideo]] = defaultdict(list)
    for video in videos:
        if video.state in FINAL:
            groups[video.state, video.why].append(video)
    order = sorted(groups, key=lambda each: (("failed", "skipped", "done").index(each[0]), each[1]))
    rows = []
    for state, why in order:
        those = groups[state, why]
        most = MOST_DONE if state == "done" else MOST_NAMED
        named = "uris" if len(those) <= most else "such_as"
        row = {"state": state, "count": len(those), named: [video.uri for video in those[:most]]}
        rows.append({**row, "why": why} if why else row)
    return rows


def rows_of(plan: Plan) -> list[dict[str, Any]]:
    """Return what became of each video, with its title: `title` where others may have written it, else `name`."""
    titled = "title" if may_be_others(plan) else "name"
    return [
        {
            "uri": video.uri,
            titled: video.name,
            "state": video.state if video.edits or video.state != "planned" else "same",
            "why": video.why or " ".join(video.refused),
            "changes": "; ".join(_changed(plan, edit) for edit in video.edits),
        }
        for video in plan.videos
    ]


def _changed(plan: Plan, edit: Edit) -> str:
    """Return what an edit is about, from what to what."""
    said = words_of(plan, edit)
    return said if edit.done else f"{said} (not done)"
