"""What becomes of one video: what changes, what is so already, what cannot be done, what cannot be taken back.

No I/O. What this user may do is read from the video as Vimeo shows it: `metadata.interactions` has `edit` and
`delete` for those who may, and which privacies they can choose (recordings of the live API, 2023).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from vimeo_toolkit.catalog.video_parts import at
from vimeo_toolkit.changes.current import WHITELIST, Current, keeps_domains
from vimeo_toolkit.changes.kinds import KINDS, UNKNOWN, looks_of, scopes_of, tag_in
from vimeo_toolkit.changes.model import Edit, PlannedVideo
from vimeo_toolkit.changes.wishes import Wish, filled

__all__ = ["FACTS", "Person", "judged"]

FACTS: Final = (
    "created_time,description,privacy.view,user.uri,can_move_to_project,metadata.interactions.edit.blocked_fields,"
    "metadata.interactions.edit_privacy.properties,metadata.interactions.delete.uri"
)
"""What is read of a video beside what changes."""

MOST_TAGS: Final = 20
LONGEST_NAME: Final = 128
LONGEST_TEXT: Final = 5_000
_SETTABLE: Final = frozenset({"anybody", "contacts", "disable", "nobody", "unlisted", "users"})
"""Privacies that need nothing else beside them."""

NOT_THERE: Final = "It is not there, or this user cannot see it."
ANOTHERS: Final = "It is another user's video: only like and watch_later can be set."
OWN_LIKE: Final = "Nobody can like their own video."
NO_DOMAINS: Final = "It has no list of sites that may embed it, from which one could be taken."
TOO_MANY_TAGS: Final = f"With these tags it would have more than {MOST_TAGS}, the most that Vimeo allows."
GONE_FOR_EVER: Final = "A deleted video cannot be brought back."
NO_PASSWORD: Final = "Its former password is not known, so it cannot be set again."  # noqa: S105
NO_LICENSE: Final = "Vimeo's API cannot take a license away again."


@dataclass(frozen=True, slots=True)
class Person:
    """Whose the changes are."""

    uri: str
    scopes: Collection[str]


def judged(uri: str, number: int, wishes: Sequence[Wish], now: Current, person: Person) -> PlannedVideo:
    """Return what becomes of a video.

    Args:
        uri: its URI.
        number: its place among the chosen ones, from 1.
        wishes: what is asked of all of them.
        now: what stands there.
        person: the user.
    """
    video = now.video(uri)
    if video is None:
        return PlannedVideo(uri, "", refused=(NOT_THERE,))
    edits: list[Edit] = []
    same: list[str] = []
    refused: list[str] = []
    for wish in _with_embedding(wishes, video):
        if _adds_a_site(wish) and not (keeps_domains(video) or any(_listing(edit) for edit in edits)):
            continue  # why it cannot have a list is said
        after = filled(wish, video, number)
        before = now.value(uri, wish.kind, wish.of)
        said = f"{KINDS[wish.kind].label} {wish.of}".rstrip()
        edit = Edit(wish.kind, before, after, _as_it_stands(wish, video))
        listed = wish.kind != "embed_domain" or keeps_domains(video)
        if listed and before is not UNKNOWN and KINDS[wish.kind].same(after, before):
            same.append(f"{said} {after}" if wish.kind in ("privacy", "license") else said)
        elif why := _why_not(edit, video, person):
            refused.append(why)
        elif before is UNKNOWN:
            refused.append(f"Vimeo does not show what its {said} is now.")
        else:
            edits.append(_with_undo(edit, person))
    edits, too_many = _within_tags(edits, video)
    # What a stranger called a video that stays as it is need not be told.
    own = at(video, "user.uri") == person.uri or "edit" in _interactions(video)
    name = video.get("name") if edits or own else ""
    return PlannedVideo(
        str(video.get("uri") or uri),
        name if isinstance(name, str) else "",
        tuple(edits),
        tuple(same),
        tuple(dict.fromkeys([*refused, *too_many])),
        looked=looks_of(video) if any(edit.kind == "video" for edit in edits) else "",
    )


def _with_embedding(wishes: Sequence[Wish], video: Mapping[str, Any]) -> list[Wish]:
    """Return the wishes for one video: before a site comes on its list, it has to be embeddable on listed sites
    alone."""
    found = list(wishes)
    if not keeps_domains(video):
        first = next((place for place, wish in enumerate(found) if _adds_a_site(wish)), None)
        if first is not None:
            found.insert(first, Wish("embed_privacy", WHITELIST))
    return found


def _adds_a_site(wish: Wish) -> bool:
    return wish.kind == "embed_domain" and bool(wish.after)


def _listing(edit: Edit) -> bool:
    return edit.kind == "embed_privacy"


def _as_it_stands(wish: Wish, video: Mapping[str, Any]) -> str:
    """Return which tag it is: one that is taken away by the word that the video has for it."""
    if wish.kind != "tag" or wish.after:
        return wish.of
    word = tag_in(video.get("tags"), wish.of)
    return word if word is not None and "/" not in word else wish.of


def _why_not(edit: Edit, video: Mapping[str, Any], person: Person) -> str:
    """Return why an edit cannot be made; "" where nothing is known against it."""
    kind = edit.kind
    may = _interactions(video)
    own = at(video, "user.uri") == person.uri
    if kind == "like" and own:
        return OWN_LIKE
    if (
        kind not in ("like", "watch_later")
        and not own
        and ("delete" if kind == "video" else "edit") not in may
    ):
        return ANOTHERS
    if missing := sorted(scopes_of(edit) - set(person.scopes)):
        scopes = " and ".join(missing)
        return f"Changing the {KINDS[kind].label} needs the scope {scopes}, which the user has not granted."
    blocked = at(may, "edit.blocked_fields")
    if kind in (blocked if isinstance(blocked, list) else ()):
        return f"Vimeo does not let this account change the {KINDS[kind].label} of it."
    if kind == "privacy" and edit.after not in (known := _choices(may) or {edit.after}):
        return f"This account cannot choose the privacy {edit.after}; it can: {', '.join(sorted(known))}."
    if kind == "embed_domain" and not edit.after and not keeps_domains(video):
        return NO_DOMAINS
    if kind == "folder" and video.get("can_move_to_project") is False:
        return "Vimeo does not let this account move it to a folder."
    if kind == "name" and not edit.after:
        return "It would have no title."
    most = LONGEST_NAME if kind == "name" else LONGEST_TEXT
    if kind in ("name", "description") and len(edit.after or "") > most:
        return f"Its {KINDS[kind].label} would have more than {most:,} characters."
    return ""


def _with_undo(edit: Edit, person: Person) -> Edit:
    """Return the edit with whether it can be taken back."""
    why = ""
    if edit.kind == "video":
        why = GONE_FOR_EVER
    elif edit.kind == "privacy" and edit.before not in _SETTABLE:
        why = NO_PASSWORD if edit.before == "password" else "Its former privacy cannot be set again."
    elif edit.kind == "license" and edit.before is None:
        why = NO_LICENSE
    elif missing := sorted(scopes_of(edit.reversed()) - set(person.scopes)):
        why = f"Taking it back needs {' and '.join(missing)}, which the user has not granted."
    if not why:
        return edit
    return Edit(edit.kind, edit.before, edit.after, edit.of, undoable=False, why_not=why)


def _within_tags(edits: list[Edit], video: Mapping[str, Any]) -> tuple[list[Edit], list[str]]:
    """Return the edits without new tags that the video has no room for: all of them or none."""
    tags = video.get("tags")
    added = [edit for edit in edits if edit.kind == "tag" and edit.after]
    gone = [edit for edit in edits if edit.kind == "tag" and not edit.after]
    have = len(tags) if isinstance(tags, list) else 0
    if not added or have - len(gone) + len(added) <= MOST_TAGS:
        return edits, []
    return [edit for edit in edits if edit not in added], [TOO_MANY_TAGS]


def _interactions(video: Mapping[str, Any]) -> Mapping[str, Any]:
    found = at(video, "metadata.interactions")
    return found if isinstance(found, Mapping) else {}


def _choices(may: Mapping[str, Any]) -> set[str]:
    """Return the privacies that this user can choose; empty where Vimeo does not say."""
    properties = at(may, "edit_privacy.properties")
    return {
        word for each in _dicts(properties) for word in each.get("options") or () if isinstance(word, str)
    }


def _dicts(items: Any) -> Iterable[Mapping[str, Any]]:
    return [each for each in items if isinstance(each, Mapping)] if isinstance(items, list) else []
