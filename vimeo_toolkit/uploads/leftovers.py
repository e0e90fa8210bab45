"""Sentences about what a failed upload leaves at Vimeo and what could not be deleted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["FINISHED", "left", "made", "of_another_attempt", "resume_hint"]

_MADE: Final = re.compile(r"(/videos/\d{1,20})(/versions/\d{1,20})?", re.ASCII)

FINISHED: Final = "An earlier attempt with the same file and settings was finished."


def made(began: Mapping[str, Any]) -> tuple[str, str, bool]:
    """Return the uri of what Vimeo made, the video's own, and whether it is a version of it; empty for none."""
    uri = began.get("uri")
    found = _MADE.fullmatch(uri) if isinstance(uri, str) else None
    return ("", "", False) if found is None else (found[0], found[1], found[2] is not None)


def left(began: Mapping[str, Any]) -> str:
    """Return a sentence, with a space before it, about what stays at Vimeo."""
    uri, _, version = made(began)
    how = "it can be deleted on Vimeo's site" if version else "vimeo_video_delete deletes it"
    return f" The unfinished {uri} stays at Vimeo: {how}." if uri else ""


def of_another_attempt(began: Mapping[str, Any]) -> str:
    """Return a note about another upload of the same file, which may still be running."""
    return (
        "Another attempt with this file, perhaps with other settings or another content, began "
        f"{made(began)[0]}, which is unfinished. If nothing is uploading to it any more, it can be deleted."
    )


def resume_hint(began: Mapping[str, Any], *, noted: bool) -> str:
    """Return what to do about an upload that broke off. `noted`: it is in the journal."""
    if not noted:
        return f"Upload it again from the beginning.{left(began)}"
    return (
        "Call it again with the same file and the same settings within a day: it goes on where it stopped. "
        f"Until then {made(began)[0] or 'it'} is unfinished at Vimeo."
    )
