"""What a plan is: for each video, what changes from what to what, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

__all__ = ["Edit", "EditKind", "NewPlace", "Plan", "PlannedVideo", "VideoState"]

EditKind = Literal[
    "name",
    "description",
    "privacy",
    "license",
    "tag",
    "folder",
    "showcase",
    "embed_privacy",
    "embed_domain",
    "like",
    "watch_later",
    "video",
]
"""What of a video changes; `video` is the video itself, which can only be deleted."""

VideoState = Literal["planned", "begun", "done", "skipped", "failed"]
"""`begun`: requests may have been sent, and it is not known yet what came of them."""

FINAL: Final[frozenset[VideoState]] = frozenset({"done", "skipped", "failed"})


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing of a video that becomes another."""

    kind: EditKind
    before: Any
    """The value that Vimeo showed when it was planned: a text, a folder's URI, None for nothing; for what a video
    is in or has (tag, showcase, embed_domain, like, watch_later, video), whether it is or has."""
    after: Any
    of: str = ""
    """Which tag (its word), showcase (its URI) or domain; "" for the kinds of which a video has one."""
    done: bool = False
    undoable: bool = True
    """False: it cannot be taken back, `why_not` says why."""
    why_not: str = ""

    @property
    def unlists(self) -> bool:
        """Whether it makes a video unlisted, by which that gets a new link."""
        return self.kind == "privacy" and self.after == "unlisted"

    def reversed(self) -> Edit:
        """Return the edit that takes this one back."""
        return Edit(self.kind, self.after, self.before, self.of)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON, without what is as usual."""
        shown: dict[str, Any] = {"kind": self.kind, "before": self.before, "after": self.after}
        if self.of:
            shown["of"] = self.of
        if self.done:
            shown["done"] = True
        if not self.undoable:
            shown |= {"undoable": False, "why_not": self.why_not}
        return shown

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Edit:
        """Return what `to_dict` wrote."""
        return cls(**given)


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A folder or showcase that a plan makes for its videos."""

    kind: Literal["folder", "showcase"]
    name: str
    uri: str = ""
    """Vimeo's, once it is there; until then the plan's edits have `stand_in`."""
    link: str = ""
    begun: bool = False
    """It may have been made: whoever goes on looks for it by its name first."""
    ours: bool = False
    """The plan made it, so that taking the plan back takes it away when it is empty."""
    again: bool = False
    """It was taken away with the plan that made it, and is made once more where it is not there."""

    @property
    def path(self) -> str:
        """Where it is made."""
        return "/me/projects" if self.kind == "folder" else "/me/albums"

    @property
    def stand_in(self) -> str:
        """What stands for its URI before it is there."""
        return f"{self.path}/new"


@dataclass(frozen=True, slots=True)
class PlannedVideo:
    """One video of a plan."""

    uri: str
    name: str
    """Its title when it was planned: somebody's text."""
    edits: tuple[Edit, ...] = ()
    same: tuple[str, ...] = ()
    """What was asked for and is so already, in words such as `privacy` or `tag rust`."""
    refused: tuple[str, ...] = ()
    """What was asked for and cannot be done, and why: a sentence each."""
    state: VideoState = "planned"
    why: str = ""
    """Why it was skipped or failed, a sentence."""
    looked: str = ""
    """Of one that is to be deleted, a digest of what people can change of it, as it was when it was planned."""

    def moved(self, state: VideoState, why: str = "") -> PlannedVideo:
        """Return it in another state."""
        return replace(self, state=state, why=why)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON, without what is empty."""
        shown: dict[str, Any] = {"uri": self.uri, "name": self.name, "state": self.state, "why": self.why}
        shown |= {"edits": [edit.to_dict() for edit in self.edits]}
        shown |= {"same": list(self.same), "refused": list(self.refused), "looked": self.looked}
        return {name: value for name, value in shown.items() if value or name in ("uri", "name", "state")}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> PlannedVideo:
        """Return what `to_dict` wrote."""
        edits = tuple(Edit.from_dict(each) for each in given.get("edits", ()))
        return cls(
            given["uri"],
            given["name"],
            edits,
            tuple(given.get("same", ())),
            tuple(given.get("refused", ())),
            given["state"],
            given.get("why", ""),
            given.get("looked", ""),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """A change of many videos, from its planning to its account. Bound to one generation of one account."""

    id: str
    """What a model names it by, such as `p3f9a2c41`."""
    asked: str
    """A digest of the input that it was made for, so that the same call finds it again."""
    asks: str
    """What it does, in a person's words, on one line."""
    created: float
    """Seconds since the epoch, by Vimeo's clock."""
    videos: tuple[PlannedVideo, ...] = field(default=(), repr=False)
    requests: int = 0
    """How many applying it takes at most, by the routes that `applying` uses."""
    agreed: bool = False
    """Applying was begun with all the consent that it needs: going on needs none."""
    undoes: str = ""
    """The id of the plan that this one takes back; "" for any other."""
    notes: tuple[str, ...] = ()
    """What a person should know beside what changes, a sentence each, such as that others will see it."""
    makes: tuple[NewPlace, ...] = ()
    """Folders and showcases that it makes; of a plan that takes one back, also those that it takes away."""
    places: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The names of the folders and showcases that its edits are about, by URI: somebody's text."""
    seen: float | None = field(default=None, compare=False)
    """When the call that has just made it began to look at what stands there, by `Api.monotonic`. None of a plan of
    before: it is not kept."""

    @property
    def new(self) -> tuple[NewPlace, ...]:
        """The folders and showcases that it makes."""
        return tuple(place for place in self.makes if place.again or not self.undoes)

    @property
    def gone(self) -> tuple[NewPlace, ...]:
        """Those that it takes away."""
        return tuple(place for place in self.makes if place not in self.new)

    @property
    def open(self) -> bool:
        """Whether there is still something to do."""
        return any(video.edits and video.state not in FINAL for video in self.videos)
