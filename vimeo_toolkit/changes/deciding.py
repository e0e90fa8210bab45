"""What is to be done of a planned video now, by what stands there at this moment. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from vimeo_toolkit.changes.current import Current, Wanted
from vimeo_toolkit.changes.kinds import KINDS, UNKNOWN, looks_of
from vimeo_toolkit.changes.model import Edit, PlannedVideo

__all__ = ["called", "decided", "ended", "left", "made", "wanted_of"]

GONE: Final = "It is not there any more, or this user cannot see it."
CHANGED: Final = "Its description, privacy, license, folder or tags were changed after this was planned."
SO_ALREADY: Final = "It was so already when this was applied."


def called(edit: Edit) -> str:
    """Return what an edit is about, in words such as `privacy` or `tag rust`."""
    return f"{KINDS[edit.kind].label} {edit.of}".rstrip()


def left(video: PlannedVideo) -> list[Edit]:
    """Return the edits of a video that are not made yet."""
    return [edit for edit in video.edits if not edit.done]


def made(video: PlannedVideo, edits: Iterable[Edit]) -> PlannedVideo:
    """Return the video with these of its edits made."""
    done = list(edits)
    return replace(
        video, edits=tuple(replace(edit, done=True) if edit in done else edit for edit in video.edits)
    )


def wanted_of(videos: Iterable[PlannedVideo]) -> frozenset[Wanted]:
    """Return what has to be looked at for these videos. Showcases are looked at when their turn comes."""
    return frozenset(
        (edit.kind, edit.of) for video in videos for edit in left(video) if edit.kind != "showcase"
    )


def decided(video: PlannedVideo, now: Current, *, singly: bool) -> PlannedVideo:
    """Return the video as it is after a look at what stands there.

    What is as it was planned to become was made by this plan if that was `begun`, and by somebody else if not: then
    there is nothing to do, and nothing to take back later. What is neither as it was nor as it should become was
    changed meanwhile: the video is skipped.

    Args:
        video: of the plan, in state `planned` or `begun`.
        now: what stands there.
        singly: leave out what was changed meanwhile, and do the rest: so a plan is taken back.
    """
    there, ours = now.video(video.uri), video.state == "begun"
    deletion = next((edit for edit in left(video) if edit.kind == "video"), None)
    if there is None:
        if ours and deletion is not None:
            return made(video, [deletion]).moved("done")
        return video.moved("skipped", GONE)
    if deletion is not None and not KINDS["name"].same(video.name, there.get("name")):
        return video.moved("skipped", "It has another title than when it was planned.")
    if deletion is not None and video.looked and video.looked != looks_of(there):
        return video.moved("skipped", CHANGED)
    edits: list[Edit] = []
    changed = ""
    same, refused = list(video.same), list(video.refused)
    for edit in video.edits:
        value = UNKNOWN
        if not edit.done and edit.kind not in ("showcase", "video"):
            value = now.value(video.uri, edit.kind, edit.of)
        kind = KINDS[edit.kind]
        if value is UNKNOWN:
            edits.append(edit)
        elif kind.same(edit.after, value):
            if ours:
                edits.append(replace(edit, done=True))
            else:
                same.append(called(edit))
        elif kind.same(edit.before, value):
            edits.append(edit)
        elif singly:
            refused.append(f"The {called(edit)} stays: it was changed meanwhile.")
        else:
            changed = changed or f"Its {called(edit)} was changed after this was planned."
            edits.append(edit)
    found = replace(video, edits=tuple(edits), same=tuple(same), refused=tuple(refused))
    if changed:
        parts = ", ".join(called(edit) for edit in edits if edit.done)
        part = f" Done before that was seen: {parts}." if parts else ""
        # What was made by a call that ended in the middle is kept, to be taken back.
        return replace(video, edits=tuple(edits)).moved("skipped", f"{changed}{part}")
    if edits:
        return found
    return found.moved("skipped", " ".join(refused) if singly and refused else SO_ALREADY)


def ended(video: PlannedVideo, failures: Iterable[str] = ()) -> PlannedVideo:
    """Return the video in the state in which its edits leave it: `begun` while some are still to be made."""
    why = " ".join(dict.fromkeys(failures))
    if why:
        return video.moved("failed", why)
    return video.moved("begun") if left(video) else video.moved("done", " ".join(video.refused))
