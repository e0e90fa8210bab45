"""Make a plan: choose the videos, look at what stands there, and say of each what would change. Nothing is changed.

A plan of a thousand videos takes about ten requests, one for each folder and showcase that is named, and those that
read the showcases' lists.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.audience import counted_in_showcase, view_of
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.ids import NO_FOLDER, collection_path
from vimeo_toolkit.changes.cost import requests_for
from vimeo_toolkit.changes.current import Current, current, fields_of
from vimeo_toolkit.changes.judging import FACTS, Person, judged
from vimeo_toolkit.changes.model import NewPlace, Plan, PlannedVideo
from vimeo_toolkit.changes.new_places import require_new
from vimeo_toolkit.changes.view import line_of
from vimeo_toolkit.changes.wishes import contradictions, new_places, wishes_of
from vimeo_toolkit.errors import InvalidInput, NotFound
from vimeo_toolkit.wire.api_request import ApiRequest

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.video_changes import VideosChange

__all__ = ["asked_digest", "plan_of"]

MOST_SITES: Final = 5
MOST_PLACES: Final = 40
"""Folders that videos are taken out of, whose names a plan keeps."""


async def plan_of(api: Api, values: VideosChange) -> Plan:
    """Return the plan for a call's input. It is not kept yet.

    Raises:
        NotFound: a folder or showcase is not there.
        InvalidInput: the chosen videos are too many.
        VimeoToolkitError: something could not be looked at.
    """
    account = api.account
    own = account.vimeo_uri or ""
    seen = api.monotonic()
    places = await _places(api, values)
    await require_new(api, new_places(values))
    wishes = list(dict.fromkeys(wishes_of(values, lambda given: str(places[given]["uri"]))))
    if both := contradictions(wishes):
        raise InvalidInput(
            f"{both[0]} is asked to be put in and taken out at once. Nothing was changed.",
            hint="Ask for one.",
        )
    wanted = [(wish.kind, wish.of) for wish in wishes]
    chosen = await values.chosen(api, fields_of(wanted, FACTS))
    api.more_time()  # a search of a large library may have taken most of it
    now = await current(api, chosen.uris, wanted, FACTS, known=chosen.videos)
    person = Person(own, account.granted_scopes)
    videos: list[PlannedVideo] = []
    there = 0
    for uri in chosen.uris:
        there += now.video(uri) is not None
        videos.append(judged(uri, there, wishes, now, person))
    names = {str(each["uri"]): str(each.get("name") or "") for each in places.values()}
    made_for = any(video.edits for video in videos)
    makes = tuple(new_places(values)) if made_for else ()
    for each in makes:
        names[each.stand_in] = f"{each.name} (new)"
        # Vimeo makes a showcase public and a folder private (recorded answers).
        view = "anybody" if each.kind == "showcase" else "nobody"
        places[each.kind] = {"kind": each.kind, "uri": each.stand_in, "privacy": {"view": view}}
    made = Plan(
        id=api.plans.new_id(),
        asked=asked_digest(values),
        asks="",
        created=api.now(),
        videos=tuple(videos),
        requests=requests_for(videos, now) + 2 * len(makes),
        makes=makes,
        notes=(
            *chosen.notes,
            *_made(makes),
            *_notes(videos, now.videos, places.values()),
            *_other_sites(videos, now),
        ),
        places={**_former(videos, now.videos), **names},
        seen=seen,
    )
    return replace(made, asks=line_of(made))


def asked_digest(values: VideosChange) -> str:
    """Return a digest of what a call asks for, by which the same call finds its plan again."""
    asked = values.model_dump(mode="json", exclude={"apply", "plan_id"}, exclude_none=True)
    return hashlib.sha256(json.dumps([values.tool.name, asked], sort_keys=True).encode()).hexdigest()


async def _places(api: Api, values: VideosChange) -> dict[str, Mapping[str, Any]]:
    """Return the folders and showcases that an input names, as Vimeo shows them, by what it has for them."""
    own = api.account.vimeo_uri
    showcases = [*(values.add_to_showcases or ()), *(values.remove_from_showcases or ())]
    folder = values.move_to_folder
    named = [("showcase", given) for given in dict.fromkeys(showcases)]
    named += [("folder", folder)] if folder is not None and folder != NO_FOLDER else []
    found: dict[str, Mapping[str, Any]] = {}
    for kind, given in named:
        path = collection_path(kind, given, own)
        try:
            shown = await api.send(ApiRequest("GET", path, fields="uri,name,privacy.view"))
        except NotFound as error:
            error.hint = (
                f"There is no {kind} {last_part(given)}: list them with vimeo_{kind}s_list. Nothing was sent."
            )
            raise
        found[given] = {
            **(shown if isinstance(shown, Mapping) else {}),
            "kind": kind,
            "uri": _uri(path, given, own),
        }
    return found


def _uri(path: str, given: str, own: str | None) -> str:
    """Return the URI of a folder or showcase under its owner, as Vimeo shows it."""
    return given if "/" in given or own is None else path.replace("/me", own, 1)


def _former(videos: Iterable[PlannedVideo], shown: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the names of the folders that videos are moved from."""
    names: dict[str, str] = {}
    for video in videos:
        if any(edit.kind == "folder" and edit.before for edit in video.edits) and len(names) < MOST_PLACES:
            folder = shown[last_part(video.uri)].get("parent_folder")
            if isinstance(folder, Mapping) and isinstance(folder.get("name"), str):
                names[str(folder.get("uri"))] = folder["name"]
    return names


def _notes(
    videos: Collection[PlannedVideo],
    shown: Mapping[str, Mapping[str, Any]],
    places: Iterable[Mapping[str, Any]],
) -> list[str]:
    """Return what others will see of it that they do not see now, and what else may not be meant."""
    edits = [edit for video in videos for edit in video.edits]
    notes: list[str] = []
    if opened := sum(edit.kind == "privacy" and edit.after == "anybody" for edit in edits):
        notes.append(
            f"{_many(opened)} will be public: everyone can see {'it' if opened == 1 else 'them'} then."
        )
    if hidden := sum(edit.unlists for edit in edits):
        notes.append(
            f"{_many(hidden)} will have a new link: those of before, and embeds with them, open nothing for other "
            "people then."
        )
    if links := sum(edit.kind == "privacy" and edit.before == "unlisted" for edit in edits):
        notes.append(f"{_many(links)} may have another private link when unlisted again.")
    if out := sum(edit.kind == "showcase" and not edit.after for edit in edits):
        notes.append(
            f"{_many(out)} taken out of a showcase: undone, they come to its end, not to their places."
        )
    titles = [edit.after for edit in edits if edit.kind == "name"]
    if len(titles) > 1 and len(set(titles)) == 1:
        notes.append(f"{_many(len(titles))} will have the same title.")
    for place in places:
        uri = str(place["uri"])
        into = [
            video
            for video in videos
            if any(edit.kind == "showcase" and edit.after and edit.of == uri for edit in video.edits)
        ]
        notes += counted_in_showcase(
            view_of(place), [_privacy_then(video, shown) for video in into], [video.name for video in into]
        )
    return notes


def _made(makes: Iterable[NewPlace]) -> list[str]:
    """Return where new folders are, and who can see new showcases."""
    return [
        f"The folder {each.name} is made outside of all other folders."
        if each.kind == "folder"
        else f"The showcase {each.name} is made, and public: everyone can see it. vimeo_showcase_edit gives it "
        "another privacy or a password."
        for each in makes
    ]


def _other_sites(videos: Iterable[PlannedVideo], now: Current) -> list[str]:
    """Return where else those videos may be embedded that get a site on their lists: "only there" may be meant."""
    sites: dict[str, None] = {}
    count = 0
    for video in videos:
        edits = {edit.of: bool(edit.after) for edit in video.edits if edit.kind == "embed_domain"}
        if any(edits.values()):
            others = sorted(now.domains.get(last_part(video.uri), frozenset()) - edits.keys())
            count += bool(others)
            sites.update(dict.fromkeys(others))
    if not sites:
        return []
    more = f" and {len(sites) - MOST_SITES} more" if len(sites) > MOST_SITES else ""
    return [f"{_many(count)} can be embedded on other sites, too: {', '.join([*sites][:MOST_SITES])}{more}."]


def _privacy_then(video: PlannedVideo, shown: Mapping[str, Mapping[str, Any]]) -> str | None:
    then = next((edit.after for edit in video.edits if edit.kind == "privacy"), None)
    return then or view_of(shown[last_part(video.uri)])


def _many(count: int) -> str:
    return f"{count:,} video{'' if count == 1 else 's'}"
