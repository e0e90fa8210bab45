"""What stands at Vimeo now, of many videos and in the fewest requests: for a plan, and to look before and after it.

A hundred videos are one request. A showcase is read once for all of them, by its list of videos; embed domains have
only a list for each video, which is read for those that keep one (`privacy.embed` is whitelist), side by side.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.domains import domain_of
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.ids import collection_path
from vimeo_toolkit.catalog.pages import read_list
from vimeo_toolkit.catalog.showcase_contents import Contents, read
from vimeo_toolkit.changes.kinds import AT_ONCE, KINDS, UNKNOWN, value_in
from vimeo_toolkit.changes.model import EditKind, NewPlace
from vimeo_toolkit.errors import BadRequest, Forbidden, NotFound
from vimeo_toolkit.runtime.ahead import AT_ONCE as AHEAD
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import checked_items

__all__ = ["WHITELIST", "Current", "Wanted", "current", "fields_of", "keeps_domains"]

Wanted = tuple[EditKind, str]
"""A kind, and which: the tag's word, the showcase's URI, the domain, or "" for kinds of which a video has one."""

_ALWAYS: Final = "uri,name"
_NOT_YET: Final = last_part(NewPlace("showcase", "").stand_in)
WHITELIST: Final = "whitelist"
"""The embed privacy of a video that only listed sites may embed."""


@dataclass(frozen=True, slots=True)
class Current:
    """What was found. A video is known by its number, however its URI is written."""

    videos: Mapping[str, Mapping[str, Any]] = field(repr=False)
    """By number, as Vimeo shows them; one that is missing is not there, or this user cannot see it."""
    showcases: Mapping[str, Contents] = field(default_factory=dict, repr=False)
    domains: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def video(self, uri: str) -> Mapping[str, Any] | None:
        """Return a video as Vimeo shows it; None where it is not there."""
        return self.videos.get(last_part(uri))

    def value(self, uri: str, kind: EditKind, of: str = "") -> Any:
        """Return what a video has of a kind, as `Edit.before` has it; `UNKNOWN` where Vimeo does not show it."""
        number = last_part(uri)
        video = self.videos.get(number)
        if kind == "video":
            return video is not None
        if video is None:
            return UNKNOWN
        if kind == "showcase":
            contents = self.showcases.get(last_part(of))
            if contents is None:
                return UNKNOWN
            within = number in contents.videos
            return within if within or contents.whole else UNKNOWN
        if kind == "embed_domain":
            domains = self.domains.get(number)
            return UNKNOWN if domains is None else _domain(of) in domains
        return value_in(video, kind, of)


def fields_of(wanted: Collection[Wanted], fields: str = "") -> str:
    """Return what of each video has to be asked for, to look at it as far as these kinds are concerned.

    Args:
        wanted: the kinds.
        fields: what else is read.
    """
    names = ",".join(filter(None, (_ALWAYS, fields, *(KINDS[kind].field for kind, _ in wanted))))
    return ",".join(dict.fromkeys(names.split(",")))


async def current(
    api: Api,
    uris: Iterable[str],
    wanted: Collection[Wanted],
    fields: str = "",
    *,
    known: Iterable[Mapping[str, Any]] | None = None,
) -> Current:
    """Look at videos, as far as these kinds are concerned.

    Args:
        api: by which requests are sent.
        uris: of the videos.
        wanted: what is looked at, of all of them alike.
        fields: what else of each video is read, as `Current.videos` has it.
        known: the videos themselves, if they were just read with `fields_of` these.

    Raises:
        NotFound: a showcase is not there.
        VimeoToolkitError: something could not be looked at.
    """
    asked = {last_part(uri): uri for uri in uris}
    if known is None:
        videos = await _videos(api, asked, fields_of(wanted, fields))
    else:
        videos = {last_part(str(video.get("uri"))): video for video in known}
    showcases: dict[str, Contents] = {}
    for place in dict.fromkeys(of for kind, of in wanted if kind == "showcase"):
        if last_part(place) == _NOT_YET:
            showcases[_NOT_YET] = Contents({})
            continue
        path = f"{collection_path('showcase', place, api.account.vimeo_uri)}/videos"
        showcases[last_part(place)] = await read(api, path)
    domains: dict[str, frozenset[str]] = {}
    if any(kind == "embed_domain" for kind, _ in wanted):
        domains = dict.fromkeys(videos, frozenset())
        listed = [number for number, video in videos.items() if keeps_domains(video)]
        with closing(api.beside(partial(_domains, api))) as beside:
            for begun, number in enumerate(listed, 1):
                domains[number] = await beside.result(number, listed[begun : begun + AHEAD])
    return Current(videos, showcases, domains)


def keeps_domains(video: Mapping[str, Any]) -> bool:
    """Return whether a video can be embedded on chosen sites only, and so has a list of them."""
    privacy = video.get("privacy")
    return isinstance(privacy, Mapping) and privacy.get("embed") == WHITELIST


async def _videos(api: Api, asked: Mapping[str, str], fields: str) -> dict[str, Mapping[str, Any]]:
    uris = list(asked.values())
    found: dict[str, Mapping[str, Any]] = {}
    parts = [uris[start : start + AT_ONCE] for start in range(0, len(uris), AT_ONCE)]
    requests = [
        ApiRequest("GET", "/videos", {"uris": ",".join(part), "per_page": str(AT_ONCE)}, fields=fields)
        for part in parts
    ]
    with closing(api.beside(api.send)) as beside:
        for begun, request in enumerate(requests, 1):
            for video in checked_items(await beside.result(request, requests[begun : begun + AHEAD])):
                number = last_part(str(video.get("uri"))) if isinstance(video, Mapping) else ""
                if number in asked:
                    found[number] = video
    return found


async def _domains(api: Api, number: str) -> frozenset[str]:
    """Return the sites that may embed a video. Vimeo answers an empty list with 403 (API document), and one of a
    video that keeps none with 400."""
    path = f"/videos/{number}/privacy/domains"
    request = ApiRequest("GET", path, {"per_page": str(AT_ONCE)}, fields="domain")
    try:
        listed = await read_list(api, request)
    except (BadRequest, Forbidden, NotFound):
        return frozenset()
    return frozenset(_domain(str(each.get("domain"))) for each in listed.items if isinstance(each, Mapping))


def _domain(text: str) -> str:
    try:
        return domain_of(text)
    except ValueError:
        return text.casefold()
