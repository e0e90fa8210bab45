"""What a sync is asked for, and what it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

__all__ = ["RECHECK", "SyncOptions", "SyncReport"]

RECHECK: Final = 0.05
"""The share of a library's videos whose words a sync reads again although nothing says that they have changed.

Whether an edited caption moves a video's `modified_time` is nowhere documented. An edit of which nothing tells is
in the index after 20 syncs at the latest, so within a day where a sync runs every hour.
"""


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """What a sync is asked for."""

    full: bool = False
    """Read the words of every video again."""
    recheck: float = RECHECK
    """The share of videos, 0 to 1, that is looked at again although nothing says that it has changed: those whose
    last look is the longest ago. 0 for none."""
    videos: tuple[str, ...] | None = None
    """Read these again and look at no others, as for a webhook: numbers, URIs or links. None for the library."""
    requests: int | None = None
    """How many requests are sent at most; the next sync goes on from there. None for as many as it takes."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, or how far another one is that works on the same library right now."""

    complete: bool = False
    """Everything that was to be looked at was: the index is as Vimeo showed the library during this sync."""
    elsewhere: bool = False
    """Another caller, thread or process is at work: nothing was done here, and `done` and `of` are its progress."""
    done: int = 0
    """Videos of which nothing is left to be read, and of how many."""
    of: int = 0
    new: int = 0
    changed: int = 0
    """Videos whose title, description, tags, privacy, folder, chapters or words are others than before."""
    removed: int = 0
    read: int = 0
    """Videos whose words were asked for."""
    rechecked: int = 0
    """Of them, those of which nothing said that they had changed."""
    failed: tuple[str, ...] = ()
    """URIs of videos whose words could not be read; the next sync tries again."""
    why: str = ""
    """Why it is not complete, or what stands in the way of some videos, a sentence."""
    requests: int = 0
    """Sent to Vimeo."""
    seconds: float = 0.0
    embedded: int = 0
    """Passages of which the embedding model has made vectors."""
    unembedded: int = 0
    """Those that have none yet; the next sync goes on. 0 without a model."""

    def to_dict(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return {**asdict(self), "failed": list(self.failed)}

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> SyncReport:
        """Return the report of which this is the JSON, and perhaps more that a modifier has added."""
        known = {each.name: told[each.name] for each in fields(cls) if each.name in told}
        return cls(**{**known, "failed": tuple(told.get("failed", ()))})
