"""Which inputs of a change of many videos go together, and what is said of those that do not."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from vimeo_toolkit.catalog.video_conditions import ASKED, VideoConditions
from vimeo_toolkit.changes.wishes import NAME_WORDS, contradictions, grows, unknown_words, wishes_of

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.video_changes import VideosChange

__all__ = ["CHOOSING", "adds_up", "check_combinations", "conditions_given"]

_CHANGES: Final = (
    "set_name",
    "set_description",
    "set_privacy",
    "set_license",
    "add_tags",
    "remove_tags",
    "move_to_folder",
    "new_folder",
    "new_showcase",
    "add_to_showcases",
    "remove_from_showcases",
    "add_embed_domains",
    "remove_embed_domains",
    "like",
    "watch_later",
    "delete",
)
_CONDITIONS: Final = (*ASKED, "period", "from_date", "until_date", "limit")
CHOOSING: Final = frozenset(VideoConditions.model_fields) | {"sort", "limit"}
"""Inputs that say which videos are meant."""
_ALIKE: Final = {"privacy": "set_privacy", "folder_id": "move_to_folder", "tag": "add_tags"}
"""Condition → the change that may be meant by it."""
_MET_NO_MORE: Final = {
    "set_name": ("name_contains", "query"),
    "set_description": ("has_description",),
    "set_privacy": ("privacy",),
    "remove_tags": ("tag",),
    "move_to_folder": ("in_folder", "folder_id"),
    "new_folder": ("in_folder", "folder_id"),
    "add_to_showcases": ("in_showcase",),
    "new_showcase": ("in_showcase",),
    "remove_from_showcases": ("in_showcase", "showcase_id"),
}
"""Change → the conditions that a video may not meet any more once it was changed."""
_TRUTHS: Final = frozenset({"like", "watch_later"})
"""False is a change, too."""


def check_combinations(values: VideosChange) -> None:
    """Refuse inputs that contradict each other, or do not say what becomes of which videos.

    Raises:
        ValueError: they do.
    """
    given = {name for name in type(values).model_fields if getattr(values, name) is not None}
    if values.plan_id is not None:
        if given - {"plan_id", "apply"}:
            raise ValueError("plan_id has the videos and the changes already: give it alone, or with apply")
        return
    changes = [
        name for name in _CHANGES if getattr(values, name) not in (None, False) or name in _TRUTHS & given
    ]
    if not changes:
        raise ValueError(f"give at least one change: {', '.join(_CHANGES)}{_meant(given)}")
    if values.delete and len(changes) > 1:
        raise ValueError("delete goes with no other change: what is deleted need not be changed")
    if values.videos is None and not conditions_given(values):
        raise ValueError(
            f"say which videos: give videos, or a condition ({', '.join(_CONDITIONS)}); from_date=2000 is the "
            "whole library"
        )
    if values.videos is not None and (beside := sorted(given & CHOOSING)):
        raise ValueError(f"videos names the videos: leave out the condition {beside[0]}{_meant({beside[0]})}")
    if values.new_folder is not None and values.move_to_folder is not None:
        raise ValueError("give move_to_folder for a folder that is there, or new_folder for one that is made")
    if both := contradictions(wishes_of(values, str)):
        raise ValueError(f"{both[0]} is asked to be put in and taken out at once")
    if values.set_name is not None and (unknown := unknown_words(values.set_name)):
        known = ", ".join(f"{{{word}}} ({meaning})" for word, meaning in NAME_WORDS.items())
        raise ValueError(f"set_name has {{{unknown[0]}}}: only these stand for something: {known}")


def adds_up(values: VideosChange) -> bool:
    """Return whether the same call, made again, changes more: a title gets its new part twice, a limit takes the
    videos that come next, or what was made is refused as being there already."""
    if values.new_folder is not None or values.new_showcase is not None:
        return True
    if grows(values.set_name, "name") or grows(values.set_description, "description"):
        return True
    return values.limit is not None and any(
        getattr(values, change) is not None and getattr(values, condition) is not None
        for change, conditions in _MET_NO_MORE.items()
        for condition in conditions
    )


def conditions_given(values: VideosChange) -> tuple[str, ...]:
    """Return the conditions that say which videos are meant."""
    return tuple(name for name in _CONDITIONS if getattr(values, name) is not None)


def _meant(given: Collection[str]) -> str:
    """Return which change may be meant by a condition of a similar name."""
    meant = [
        f"{name} chooses videos, {change} changes them" for name, change in _ALIKE.items() if name in given
    ]
    return f" ({'; '.join(meant)})" if meant else ""
