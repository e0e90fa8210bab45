"""The folder and the showcase that a plan makes for its videos: made once, however often the work breaks off, and
taken away when the plan is taken back and they are empty, and made again when that is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.ids import collection_path
from vimeo_toolkit.catalog.names import list_of
from vimeo_toolkit.catalog.pages import read_list
from vimeo_toolkit.catalog.video_parts import at, folded
from vimeo_toolkit.changes.model import Edit, NewPlace, PlannedVideo
from vimeo_toolkit.changes.rows import KeptPlan
from vimeo_toolkit.errors import (
    InvalidInput,
    NotFound,
    UnexpectedResponse,
    VimeoToolkitError,
)
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.format import one_line

__all__ = ["make_places", "renamed_in", "require_new", "take_away"]

_INTO: Final = {"folder": "move_to_folder", "showcase": "add_to_showcases"}
"""The input for a place that is there."""


async def require_new(api: Api, makes: Iterable[NewPlace]) -> None:
    """Make sure that nothing has the name of what is to be made, in any letters.

    Raises:
        InvalidInput: something has.
        VimeoToolkitError: it could not be looked for.
    """
    for place in makes:
        if (there := await _named(api, place)) is not None:
            raise InvalidInput(
                f"new_{place.kind}: there is a {place.kind} of this name already, "
                f"{one_line(there.get('uri'), 80)}. Nothing was changed.",
                hint=f"Give it as {_INTO[place.kind]}, or choose another name.",
            )


async def make_places(api: Api, kept: KeptPlan) -> frozenset[str] | None:
    """Make what a plan needs and is not there yet, and let its edits name that. Return the URIs of what was made
    now and so is empty; None where somebody else works on the plan.

    Raises:
        RateLimited, OutcomeUnknown: the work ends here for now, and finds on its next way what was made.
        VimeoToolkitError: it cannot be made.
    """
    empty: set[str] = set()
    for number, place in enumerate(kept.plan.makes):
        if place.uri or place not in kept.plan.new:
            continue
        there = await _named(api, place)
        ours = there is None or place.begun
        new = there is None
        if there is None:
            await kept.know(_with(kept, number, replace(place, begun=True)), kept.plan.places)
            there = await api.send(
                ApiRequest("POST", place.path, body={"name": place.name}, fields="uri,name,link")
            )
        uri, link = at(there, "uri"), at(there, "link")
        if not isinstance(uri, str):
            raise UnexpectedResponse(
                f"Vimeo's answer does not name the {place.kind} that was made.",
                hint="Look whether it is there.",
            )
        made = replace(place, uri=uri, link=link if isinstance(link, str) else "", begun=True, ours=ours)
        if not await kept.note(renamed_in(video, place.stand_in, uri) for video in kept.plan.videos):
            return None
        await kept.know(_with(kept, number, made), {**kept.plan.places, uri: place.name})
        api.name_objects([uri])
        if new:
            empty.add(uri)
    return frozenset(empty)


async def take_away(api: Api, makes: Iterable[NewPlace]) -> list[str]:
    """Delete what a plan has made that was taken back, where nothing else is in it; return what became of each, a
    sentence."""
    said: list[str] = []
    for place in makes:
        if not (place.uri and place.ours):
            continue
        path = collection_path(place.kind, place.uri, api.account.vimeo_uri)
        query = {"should_delete_clips": "false"} if place.kind == "folder" else {}
        what = f"The {place.kind} {place.name}"
        try:
            inside = await read_list(
                api,
                ApiRequest("GET", f"{path}/{'items' if place.kind == 'folder' else 'videos'}", fields="uri"),
            )
            if inside.items or inside.incomplete:
                said.append(f"{what} stays: there is something else in it.")
                continue
            await api.send(ApiRequest("DELETE", path, query))
            said.append(f"{what} was made by the plan; it is empty and was deleted.")
        except NotFound:
            continue
        except VimeoToolkitError as error:
            said.append(f"{what} was made by the plan and stays: {error.message}")
    return said


async def _named(api: Api, place: NewPlace) -> Mapping[str, Any] | None:
    """Return the folder or showcase of this name, the exact one first.

    Raises:
        InvalidInput: there is none among those that could be looked at; it may be among the others.
        VimeoToolkitError: none could be looked at.
    """
    listed = await list_of(api, place.kind)
    alike = [
        each
        for each in listed.items
        if isinstance(each, Mapping) and folded(str(each.get("name")).strip()) == folded(place.name)
    ]
    if not alike and listed.incomplete:
        raise InvalidInput(
            f"new_{place.kind}: not all {place.kind}s could be looked at for one of this name: "
            f"{one_line(listed.incomplete, 200)}",
            hint=f"Try again later, or give one that is there as {_INTO[place.kind]}.",
        )
    return next((each for each in alike if each.get("name") == place.name), alike[0] if alike else None)


def _with(kept: KeptPlan, number: int, place: NewPlace) -> tuple[NewPlace, ...]:
    return tuple(place if each == number else made for each, made in enumerate(kept.plan.makes))


def renamed_in(video: PlannedVideo, old: str, uri: str) -> PlannedVideo:
    """Return the video with another place in its edits: the real one for what stood for it, or the other way."""

    def named(edit: Edit) -> Edit:
        if edit.of == old:
            return replace(edit, of=uri)
        return replace(edit, after=uri) if edit.after == old else edit

    return replace(video, edits=tuple(map(named, video.edits)))
