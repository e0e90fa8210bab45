"""Videos, and what hangs on them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.state.people import User
    from vimeo_toolkit.sandbox.state.places import Category, Folder

__all__ = ["Chapter", "Comment", "Cue", "Incoming", "Preset", "TextTrack", "Version", "Video"]


@dataclass(frozen=True, slots=True)
class Cue:
    """One piece of a text track; times in milliseconds."""

    start: int
    end: int
    text: str
    speaker: str = "1"
    enabled: bool = True
    voice: str | None = None
    """Who speaks, where the captions say it."""


@dataclass(eq=False, slots=True)
class TextTrack:
    id: int
    type: str
    language: str
    name: str | None
    active: bool = True
    cues: Sequence[Cue] = field(default_factory=list, repr=False)
    """Its words; without any it has no transcript."""
    file: bytes | None = field(default=None, repr=False)
    """What was uploaded for it."""
    provenance: str = "user_uploaded"
    """`autogen_source_audio`: heard by Vimeo in the language that is spoken; `autogen_dubbed`: translated."""


@dataclass(eq=False, slots=True)
class Chapter:
    id: int
    title: str
    timecode: float


@dataclass(eq=False, slots=True)
class Preset:
    """Settings of the embedded player."""

    id: int
    name: str
    settings: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(eq=False, slots=True)
class Version:
    """One file of a video."""

    id: int
    filename: str
    created: datetime
    size: int | None = None
    active: bool = False
    upload: str = "in_progress"
    approach: str = "tus"
    upload_link: str | None = field(default=None, repr=False)
    redirect_url: str | None = None
    pull_link: str | None = field(default=None, repr=False)


@dataclass(eq=False, slots=True)
class Incoming:
    """Bytes that are being uploaded. They are hashed and forgotten."""

    key: str = field(repr=False)
    """The last part of the upload link: whoever has it may upload."""
    size: int | None
    """None: the whole body of a form."""
    finished: Callable[[], None] = field(repr=False)
    video: Video = field(repr=False)
    redirect_url: str | None = None
    """Where a form sends the browser when it is done."""
    received: int = 0
    digest: Any = field(default_factory=hashlib.sha256, repr=False)

    def take(self, part: bytes) -> None:
        """Count and hash some bytes."""
        self.digest.update(part)
        self.received += len(part)

    @property
    def sha256(self) -> str:
        return str(self.digest.hexdigest())


@dataclass(eq=False, slots=True)
class Comment:
    id: int
    video: Video = field(repr=False)
    user: User
    text: str
    created: datetime
    replies: list[Comment] = field(default_factory=list, repr=False)

    @property
    def uri(self) -> str:
        return f"/videos/{self.video.id}/comments/{self.id}"


@dataclass(eq=False, slots=True)
class Video:
    id: int
    user: User = field(repr=False)
    name: str
    created: datetime
    modified: datetime
    description: str | None = None
    duration: int = 60
    width: int = 1920
    height: int = 1080
    language: str | None = "en-US"
    license: str | None = "by"
    content_rating: list[str] = field(default_factory=lambda: ["unrated"])
    view: str = "anybody"
    embed: str = "public"
    download: bool = True
    add: bool = True
    comments_by: str = "anybody"
    password: str | None = field(default=None, repr=False)
    secret_hash: str = field(default="", repr=False)
    tags: list[str] = field(default_factory=list)
    plays: int = 0
    status: str = "available"
    transcode: str = "complete"
    upload: str = "complete"
    approach: str | None = None
    """How it is being uploaded: tus, pull, post or streaming; None for what is in the library already."""
    size: int | None = None
    incoming: Incoming | None = field(default=None, repr=False)
    """Its file as it was uploaded: `incoming.received` bytes so far, and their `sha256`."""
    versions: list[Version] = field(default_factory=list, repr=False)
    images: dict[int, bytes] = field(default_factory=dict, repr=False)
    """Thumbnails that were uploaded, by the picture's number."""
    upload_link: str | None = field(default=None, repr=False)
    """Where to send the bytes: whoever has it may."""
    ready: float | None = None
    """When its transcoding ends, in the clock's seconds."""
    custom_url: str | None = None
    hide_from_vimeo: bool = False
    embed_domains: list[str] = field(default_factory=list)
    viewers: list[User] = field(default_factory=list, repr=False)
    """Who may see it although it is unlisted."""
    embed_settings: dict[str, Any] = field(default_factory=dict, repr=False)
    """What was set of the player: `embed.*`."""
    review_page: bool = True
    redirect_url: str | None = None
    """Where an upload by form sends the browser when it is done."""
    pull_link: str | None = field(default=None, repr=False)
    categories: list[Category] = field(default_factory=list, repr=False)
    folder: Folder | None = field(default=None, repr=False)
    comments: list[Comment] = field(default_factory=list, repr=False)
    liked_by: list[User] = field(default_factory=list, repr=False)
    texttracks: list[TextTrack] = field(default_factory=list, repr=False)
    chapters: list[Chapter] = field(default_factory=list, repr=False)
    preset: Preset | None = None
    pictures: list[int] = field(default_factory=list, repr=False)
    active_picture: int | None = None

    @property
    def uri(self) -> str:
        """The video's URI, such as `/videos/1`."""
        return f"/videos/{self.id}" + (f":{self.secret_hash}" if self.view == "unlisted" else "")

    @property
    def thumbnail(self) -> str:
        """URI of its picture."""
        return f"/videos/{self.id}/pictures/{self.active_picture or self.id}"

    @property
    def playable(self) -> bool:
        """Whether the video can be played: its bytes are there and transcoded."""
        return self.status == "available"
