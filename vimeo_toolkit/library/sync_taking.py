"""A sync's first step: the videos of the library, as Vimeo shows them, go into the index.

What is not listed any more is asked for by its URI, because a list of pages that somebody changes while it is read
leaves out some. What is there all the same is forgotten only if a second list has not got it either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any, Final

from vimeo_toolkit.catalog.pages import PageReader
from vimeo_toolkit.catalog.video_parts import at
from vimeo_toolkit.errors import NotFound
from vimeo_toolkit.library.listing import (
    FIELDS,
    Marks,
    change_of,
    changes_between,
    shown_video,
    with_known,
)
from vimeo_toolkit.library.sync_run import Listed, Pause, Run
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import checked_items, is_end, items_in, not_a_list

__all__ = ["list_library", "look_up"]

_AT_ONCE: Final = 100
"""Videos of one request (API document)."""
_MOST_PAGES: Final = 2_000
_MOST_HIDDEN: Final = 10
"""So many videos may be there and not be listed, or as many as are listed; a list that lacks more is a fault."""


async def list_library(run: Run) -> None:
    """Read the whole list and forget what is gone.

    Raises:
        Pause, VimeoToolkitError: it was not read to its end; nothing is forgotten.
    """
    await _read_list(run)
    unlisted = await look_up(run, [uri for uri in run.known if uri not in run.listed])
    if unlisted:
        # The list has changed while it was read, or it hides them, which a second look shows.
        listed = await _read_list(run)
        hidden = [uri for uri in unlisted if uri not in listed]
        if hidden and (not listed or len(hidden) > max(_MOST_HIDDEN, len(listed))):
            raise Pause(f"Vimeo's list of videos lacks {len(hidden)} that are there: it is not believed.")
        await run.call(_remove, run, hidden)


async def _read_list(run: Run) -> set[str]:
    """Put the videos of the list into the index and return their URIs. The oldest come first, so that what is
    uploaded meanwhile is at the end."""
    query = {"per_page": str(_AT_ONCE), "sort": "date", "direction": "asc"}
    request = ApiRequest("GET", "/me/videos", query, fields=FIELDS)
    listed: set[str] = set()
    with closing(PageReader(run, request, _MOST_PAGES)) as pages:
        for count in range(_MOST_PAGES):
            try:
                items = items_in(await pages.read())
            except NotFound as error:
                if is_end(error, begun=bool(count)):
                    break
                raise
            if items is None:
                raise not_a_list()
            listed.update(await run.call(_take, run, items, False))
            run.left = len(run.listed)
            await run.note()
            if pages.request is None:
                break
    return listed


async def look_up(run: Run, uris: Sequence[str], *, again: bool = False) -> list[str]:
    """Ask for videos by their URIs, forget those that are not this user's (any more), and return the others.

    Args:
        run: the sync.
        uris: of the videos.
        again: their words are to be read whatever their stamps say.
    """
    own = run.api.account.vimeo_uri
    there: list[str] = []
    parts = [uris[start : start + _AT_ONCE] for start in range(0, len(uris), _AT_ONCE)]
    requests = [
        ApiRequest("GET", "/videos", {"uris": ",".join(those), "per_page": str(_AT_ONCE)}, fields=FIELDS)
        for those in parts
    ]
    with closing(run.beside(run.send)) as ahead:
        for number, those in enumerate(parts):
            answer = await ahead.result(requests[number], requests[number + 1 :])
            shown = [raw for raw in checked_items(answer) if isinstance(raw, Mapping)]
            there += await run.call(
                _take, run, [raw for raw in shown if own and at(raw, "user.uri") == own], again
            )
            gone = [uri for uri in those if uri in run.known and uri not in run.listed]
            await run.call(_remove, run, gone)
    return there


def _take(run: Run, raws: Iterable[Any], again: bool) -> list[str]:
    """Put what Vimeo shows into the index, where it is other than before; return the videos' URIs."""
    now = run.api.now()
    taken = []
    for raw in raws:
        shown = shown_video(raw) if isinstance(raw, Mapping) else None
        if shown is None:
            continue
        taken.append(shown.uri)
        stamp = run.known.get(shown.uri)
        former = Marks("", "") if stamp is None else Marks.parsed(stamp.stamp)
        marks = Marks.of(shown)._replace(read="" if again else former.read)
        silent = shown.words == "none"
        if silent and shown.more.get("chapters") is False:  # there is nothing to be read
            marks = marks._replace(read=marks.words)
        listed = run.listed[shown.uri] = Listed(marks, 0.0 if stamp is None else stamp.checked, silent)
        if stamp is not None and marks == former:
            continue
        before = None if stamp is None else run.index.video(shown.uri)
        video = with_known(shown, before)
        changes = list(changes_between(before, video, now))
        if before is not None and before.words == "captions" and silent:
            changes.append(change_of("edited", video, now, ("captions",)))
        run.index.put(video, listed.stamp, () if silent else None, run.told(changes))
        run.known[shown.uri] = listed.stamp
        run.counts.new += before is None
    return taken


def _remove(run: Run, uris: Sequence[str]) -> None:
    now = run.api.now()
    videos = [video for uri in uris if (video := run.index.video(uri)) is not None]
    changes = [change_of("deleted", video, now) for video in videos]
    run.counts.removed += run.index.remove(uris, run.told(changes)) if uris else 0
    for uri in uris:
        del run.known[uri]
        run.listed.pop(uri, None)
