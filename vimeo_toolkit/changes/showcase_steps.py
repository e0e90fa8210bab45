"""Put a plan's videos into a showcase, or take them out: all of a showcase in one step, because one list is one
request however many videos it has.

`catalog.showcase_filling` sends the lists and looks afterwards, because Vimeo was seen to lose videos of one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.ids import collection_path
from vimeo_toolkit.catalog.showcase_contents import Contents, by_number, read
from vimeo_toolkit.catalog.showcase_filling import ONE_BY_ONE, add
from vimeo_toolkit.catalog.showcase_filling import replace as put_list
from vimeo_toolkit.changes.deciding import SO_ALREADY, called, made
from vimeo_toolkit.changes.model import Edit, PlannedVideo
from vimeo_toolkit.changes.sending import Sender, pause_of
from vimeo_toolkit.errors import EffectMismatch, RateLimited, VimeoError, VimeoUnavailable

__all__ = ["looked_at", "put_in", "take_out"]

_SAID: Final = "nobody"
"""In place of a showcase's privacy, so that nothing is said of who can watch there: the plan has said it."""


async def looked_at(
    sender: Sender, place: str, uris: list[str], *, within: bool, holds: Contents | None = None
) -> Contents | None:
    """Read what a showcase holds, unless `holds` says it, and settle those of the videos for which nothing is left
    to do; None where it cannot be changed, which the sender's failures then say.

    Raises:
        Pause, VimeoToolkitError: the work ends here.
    """
    contents: list[Contents] = []

    async def look() -> None:
        contents.append(holds or await read(sender.api, _path(sender, place)))

    await _guarded(sender, place, uris, look)
    if not contents:
        return None
    for uri in uris:
        known = last_part(uri) in contents[0].videos
        if known is within and (known or contents[0].whole):
            sender.videos[uri] = _settled(sender.videos[uri], place)
    return contents[0]


async def put_in(sender: Sender, place: str, uris: list[str], contents: Contents) -> None:
    """Put videos into a showcase that holds `contents`.

    Raises:
        Pause, VimeoToolkitError: the work ends here.
    """

    async def fill() -> None:
        sender.sent.update(uris)
        result = await add(sender.api, _path(sender, place), uris, before=contents, view=_SAID)
        missing = by_number(result.get("missing", ()))
        for uri in uris:
            if last_part(uri) in missing:
                sender.failures[uri].append(f"It did not come into the showcase {place}.")
            else:
                sender.videos[uri] = made(sender.videos[uri], [_edit(sender.videos[uri], place)])

    await _guarded(sender, place, uris, fill)


async def take_out(sender: Sender, place: str, uris: list[str], contents: Contents) -> None:
    """Take videos out of a showcase that holds `contents`: many by one list of those that stay.

    Raises:
        Pause, VimeoToolkitError: the work ends here.
    """
    stay = {number: uri for number, uri in contents.videos.items() if number not in by_number(uris)}
    if len(uris) > ONE_BY_ONE and stay and contents.whole:

        async def keep_the_rest() -> None:
            sender.sent.update(uris)
            await put_list(sender.api, _path(sender, place), stay.values(), may_read=True, view=_SAID)
            for uri in uris:
                sender.videos[uri] = made(sender.videos[uri], [_edit(sender.videos[uri], place)])

        await _guarded(sender, place, uris, keep_the_rest)
        return
    for uri in uris:
        await sender.alone(uri, _edit(sender.videos[uri], place))


def _path(sender: Sender, place: str) -> str:
    return f"{collection_path('showcase', place, sender.api.account.vimeo_uri)}/videos"


def _edit(video: PlannedVideo, place: str) -> Edit:
    return next(
        edit for edit in video.edits if edit.kind == "showcase" and edit.of == place and not edit.done
    )


def _settled(video: PlannedVideo, place: str) -> PlannedVideo:
    """Return the video without anything left to do about this showcase: by this plan if it was begun, else by
    somebody else, and then there is nothing to take back."""
    edit = _edit(video, place)
    if video.state == "begun":
        return made(video, [edit])
    rest = tuple(each for each in video.edits if each is not edit)
    found = replace(video, edits=rest, same=(*video.same, called(edit)))
    return found if rest else found.moved("skipped", SO_ALREADY)


async def _guarded(sender: Sender, place: str, uris: list[str], step: Callable[[], Awaitable[None]]) -> None:
    """Take a step for videos; what Vimeo says against it is said of each of them."""
    sender.check_time()
    sender.api.more_time()  # a list that is read to its end, twice
    try:
        await step()
    except RateLimited as error:
        raise pause_of(error) from None
    except VimeoUnavailable:
        sender.unclear.update(uris)
    except VimeoError as error:
        there = by_number(error.found) if isinstance(error, EffectMismatch) else {}
        for uri in uris:
            edit = _edit(sender.videos[uri], place)
            if there and edit.after is (last_part(uri) in there):
                sender.videos[uri] = made(sender.videos[uri], [edit])
            else:
                sender.failures[uri].append(f"Not done ({called(edit)}): {error.message}")
