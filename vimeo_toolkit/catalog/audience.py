"""Who sees a video in a showcase, folder or group, where two privacies meet: the video's and the collection's.

Vimeo's help center (articles 15004814154257, on videos in showcases, and 224822727, on collections) and its pages
for Enterprise ("How viewers will access your showcase"): the showcase's privacy counts for what is in it, so people
who have its password can watch a private video there. A public one is the exception: what is not public shows in it
to the owner only. A group's privacy counts always. A folder can be open to everyone who has its link, or to the
team's members who have it (API document).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final

from vimeo_toolkit.catalog.effects import Asked
from vimeo_toolkit.catalog.video_parts import SHOWCASES, at
from vimeo_toolkit.catalog.wording import AUDIENCE
from vimeo_toolkit.wire.paging import count

__all__ = ["audience_notes", "counted_in_showcase", "in_folder", "in_group", "in_showcase", "view_of"]

LONGEST: Final = 80
"""Characters of a title in a note."""
MOST_TITLES: Final = 5

_NOT_PUBLIC: Final = {
    "nobody": "private",
    "password": "protected by a password",
    "disable": "hidden from Vimeo",
    "unlisted": "unlisted",
    "contacts": "for people you follow",
    "users": "for members of Vimeo",
}
_CLOSED: Final = ("nobody", "password", "disable")
"""What Vimeo's help calls private where it tells of public showcases."""
_FOLDERS: Final = {
    "anybody": "everyone who has its link",
    "team": "members of the owner's team who have its link",
}
NEW_LINK: Final = (
    "Only this link, with its last part, opens it for other people: links and embeds without that part do not work "
    "any more."
)
"""What becoming unlisted does (Vimeo's help center, article 12426199699985, on privacy settings)."""
MOST: Final = 10
"""Videos that are named for a privacy."""


def view_of(thing: Any) -> str | None:
    """Return who may see a thing, as Vimeo's `privacy.view` has it; None where that is not shown."""
    privacy = thing.get("privacy") if isinstance(thing, Mapping) else None
    view = privacy.get("view") if isinstance(privacy, Mapping) else None
    return view if isinstance(view, str) else None


def audience_notes(asked: Sequence[Asked], answer: Any, *, makes_something: bool) -> list[str]:
    """Return what to say of who sees what was made or changed; [] where there is nothing to say.

    Args:
        asked: what the inputs asked for.
        answer: the JSON of the call.
        makes_something: the call made what the answer shows.
    """
    view = view_of(answer)
    notes = [NEW_LINK] if view == "unlisted" and not makes_something and _set_privacy(asked, answer) else []
    if makes_something and view == "anybody":
        return ["What was made is public: everyone can see it."]
    if makes_something:
        folder = answer.get("parent_folder") if isinstance(answer, Mapping) else None
        said = in_folder(view_of(folder), {"What was made": view})
        return [said] if said else []
    shut = view in _NOT_PUBLIC and any(each.path == "privacy.view" for each in asked)
    showcases = count(at(answer, SHOWCASES)) if shut and isinstance(answer, Mapping) else None
    if not showcases:
        return notes
    where = "a showcase" if showcases == 1 else f"{showcases} showcases"
    note = (
        f"It is in {where}, where a showcase's own privacy counts unless it is public: people who can open it with "
        "a password or link can still watch there. vimeo_showcase_video_remove takes it out."
    )
    return [*notes, note]


def _set_privacy(asked: Iterable[Asked], answer: Any) -> bool:
    """Return whether the privacy of a video was set."""
    uri = answer.get("uri") if isinstance(answer, Mapping) else None
    return str(uri).startswith("/videos/") and any(each.path == "privacy.view" for each in asked)


def in_showcase(showcase: str | None, videos: Mapping[str, str | None]) -> str:
    """Return who can watch those of the videos in a showcase that are not public; "" where there is nothing to say.

    Args:
        showcase: its `privacy.view`.
        videos: the `privacy.view` of each video by its URI.
    """
    not_public = {uri: view for uri, view in videos.items() if view in _NOT_PUBLIC}
    if not not_public or showcase in (None, "nobody"):
        return ""
    if showcase != "anybody":
        who = AUDIENCE(showcase) or "whoever can open the showcase"
        return (
            f"{_named(not_public)}: in this showcase the showcase's privacy counts, so {who} can watch there."
        )
    closed = {uri: view for uri, view in not_public.items() if view in _CLOSED}
    others = {uri: view for uri, view in not_public.items() if view not in _CLOSED}
    said = []
    if closed:
        said.append(f"{_named(closed)}: only you see such videos in this public showcase.")
    if others:
        said.append(
            f"{_named(others)}: visitors of this public showcase may be able to watch such videos there."
        )
    return " ".join(said)


def counted_in_showcase(
    showcase: str | None, views: Iterable[str | None], titles: Iterable[str] = ()
) -> list[str]:
    """Return the same for people who are asked before: how many videos they are, and no addresses.

    Args:
        showcase: its `privacy.view`.
        views: the `privacy.view` of each video.
        titles: of each, where they are to be named.
    """
    said: dict[str, list[str]] = {}
    for view, title in zip_longest(views, titles, fillvalue=""):
        who = in_showcase(showcase, {"It": view}).partition(": ")[2]
        if who:
            said.setdefault(who, []).append(" ".join(str(title).split())[:LONGEST])
    return [
        f"Not public, and put into a showcase: {len(those):,} video{'' if len(those) == 1 else 's'}"
        f"{_titled(those)}. {who[:1].upper()}{who[1:]}"
        for who, those in said.items()
    ]


def _titled(titles: list[str]) -> str:
    named = [f"'{title}'" for title in titles[:MOST_TITLES] if title]
    more = f" and {len(titles) - MOST_TITLES:,} more" if len(titles) > MOST_TITLES else ""
    return f" ({', '.join(named)}{more})" if named else ""


def in_folder(folder: str | None, videos: Mapping[str, str | None]) -> str:
    """Return who can reach those of the videos in a folder that are not public; "" if there is nothing to say."""
    not_public = {uri: view for uri, view in videos.items() if view in _NOT_PUBLIC}
    if not not_public or folder not in _FOLDERS:
        return ""
    return f"{_named(not_public)}: this folder is open to {_FOLDERS[folder]}."


def in_group(videos: Mapping[str, str | None]) -> str:
    """Return who can watch those of the videos in a group that are not public; "" where there is nothing to say."""
    not_public = {uri: view for uri, view in videos.items() if view in _NOT_PUBLIC}
    if not not_public:
        return ""
    who = "whoever sees the group"
    return f"{_named(not_public)}: in a group the group's privacy counts, so {who} can watch there."


def _named(videos: Mapping[str, str | None]) -> str:
    """Return the videos by their privacy, such as `/videos/1 and /videos/2 are private`."""
    by_view: dict[str, list[str]] = {}
    for uri, view in videos.items():
        by_view.setdefault(_NOT_PUBLIC[view or ""], []).append(uri)
    return "; ".join(
        f"{_listed(uris)} {'is' if len(uris) == 1 else 'are'} {word}" for word, uris in by_view.items()
    )


def _listed(uris: list[str]) -> str:
    shown, more = uris[:MOST], len(uris) - MOST
    last = f"{more} more" if more > 0 else shown.pop()
    return f"{', '.join(shown)} and {last}" if shown else last
