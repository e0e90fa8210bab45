"""The plan that takes another one back: of what its rows say was done, not of what was planned."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import replace

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.changes.cost import requests_for
from vimeo_toolkit.changes.current import Current
from vimeo_toolkit.changes.deciding import called
from vimeo_toolkit.changes.kinds import scopes_of
from vimeo_toolkit.changes.model import Edit, NewPlace, Plan, PlannedVideo
from vimeo_toolkit.changes.new_places import renamed_in
from vimeo_toolkit.changes.view import line_of
from vimeo_toolkit.errors import InvalidInput

__all__ = ["reversed_plan", "undo_plan"]


async def undo_plan(
    api: Api, plan_id: str, uris: Collection[str] | None = None, *, keep: bool = True
) -> Plan:
    """Return the plan that takes back what was done by another one: the one that is under way already, or a new one
    that is kept.

    Args:
        api: the call's.
        plan_id: of the plan that is taken back.
        uris: only of these videos.
        keep: whether a new one is kept.

    Raises:
        InvalidInput: there is no such plan, the videos are not in it, or nothing of it can be taken back.
        StoreError: it cannot be read or kept.
    """
    plans = api.plans
    made = reversed_plan(await plans.load(plan_id), uris, frozenset(api.account.granted_scopes))
    for each in await plans.list():
        if each.asked == made.asked and each.undoes == plan_id and each.state != "done":
            there = await plans.load(each.id)
            if each.state == "begun" or there.videos == made.videos:
                return there
    made = replace(made, id=plans.new_id(), created=api.now())
    if keep:
        await plans.save(made)
    return made


def reversed_plan(plan: Plan, uris: Collection[str] | None, granted: frozenset[str]) -> Plan:
    """Return the plan that takes back what was done, without an id.

    Raises:
        InvalidInput: the videos are not in it, or nothing of it can be taken back.
    """
    numbers = None if uris is None else {last_part(uri) for uri in uris}
    if numbers is not None and not numbers <= {last_part(video.uri) for video in plan.videos}:
        raise InvalidInput(
            f"videos: not all of these are in plan {plan.id}.",
            hint="List its videos with vimeo_changes_list and its plan_id, or leave videos out for all.",
        )
    those = [video for video in plan.videos if numbers is None or last_part(video.uri) in numbers]
    videos = tuple(_reversed(video, granted) for video in those if any(edit.done for edit in video.edits))
    if not any(video.edits for video in videos):
        why = dict.fromkeys(reason for video in videos for reason in video.refused)
        raise InvalidInput(
            f"Nothing of plan {plan.id} can be taken back. {' '.join(why)}".strip()
            if videos
            else f"Nothing of plan {plan.id} was done, so there is nothing to take back.",
            hint="vimeo_changes_list shows what was done and what can be taken back.",
        )
    asked = hashlib.sha256(json.dumps(["undo", plan.id, sorted(numbers or ())]).encode()).hexdigest()
    gone = tuple(replace(place, again=False) for place in plan.new if place.ours)
    again = tuple(NewPlace(place.kind, place.name, again=True) for place in plan.gone)
    places = dict(plan.places)
    for old, new in zip(plan.gone, again, strict=True):
        videos = tuple(renamed_in(video, old.uri, new.stand_in) for video in videos)
        places[new.stand_in] = f"{new.name} (new)"
    requests = requests_for(videos, Current({})) + 2 * (len(gone) + len(again))
    made = Plan(
        "", asked, "", 0.0, videos, requests=requests, undoes=plan.id, makes=gone + again, places=places
    )
    made = replace(made, notes=(*map(_taken_away, gone), *map(_made_again, again)))
    return replace(made, asks=f"Take back {plan.id}: {line_of(made)}")


def _reversed(video: PlannedVideo, granted: frozenset[str]) -> PlannedVideo:
    edits: list[Edit] = []
    refused: list[str] = []
    for edit in reversed(video.edits):
        if not edit.done:
            continue
        back = edit.reversed()
        missing = scopes_of(back) - granted
        if not edit.undoable:
            refused.append(f"The {called(edit)} stays: {edit.why_not}")
        elif missing:
            refused.append(f"The {called(edit)} stays: that needs the scope {' '.join(sorted(missing))}.")
        else:
            edits.append(back)
    return PlannedVideo(video.uri, _title_now(video), tuple(edits), refused=tuple(refused))


def _taken_away(place: NewPlace) -> str:
    what = f"The {place.kind} {place.name}"
    return f"{what}, which the plan made, is deleted for ever unless something else is in it."


def _made_again(place: NewPlace) -> str:
    public = " and public: everyone can see it" if place.kind == "showcase" else ""
    return f"The {place.kind} {place.name} is made again{public}, unless there is one of this name."


def _title_now(video: PlannedVideo) -> str:
    """Return the title that the plan has left the video with."""
    new = next((edit.after for edit in video.edits if edit.kind == "name" and edit.done), None)
    return video.name if new is None else str(new)
