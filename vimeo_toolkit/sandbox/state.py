"""What the sandbox remembers. Plain objects with live references: a test reads the server's real state."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vimeo_toolkit.sandbox.clock import Clock
from vimeo_toolkit.sandbox.limits import VIDEO_QUOTAS, VideoQuota, Window

__all__ = [
    "App",
    "Category",
    "Channel",
    "Chapter",
    "Code",
    "Comment",
    "Cue",
    "Device",
    "Folder",
    "Group",
    "Incoming",
    "Preset",
    "Showcase",
    "TextTrack",
    "Token",
    "User",
    "Version",
    "Video",
    "Webhook",
]


@dataclass(eq=False, slots=True)
class App:
    name: str
    number: int
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: list[str]
    capabilities: set[str] = field(default_factory=set)
    token_lifetime: float | None = None
    """Seconds that new tokens live; None: for ever, as Vimeo's do."""
    refresh_tokens: bool = False
    """Give a refresh token with each token, which Vimeo does not do today."""
    owner: User | None = field(default=None, repr=False)
    """Whose quota the app's client-credentials tokens use up."""

    @property
    def uri(self) -> str:
        return f"/apps/{self.number}"

    @property
    def redirect_uri(self) -> str:
        return self.redirect_uris[0]


@dataclass(eq=False, slots=True)
class User:
    id: int
    name: str
    username: str
    plan: str
    created: datetime
    upload_access: bool = True
    email_verified: bool = True
    bio: str | None = None
    short_bio: str | None = None
    location: str | None = None
    quota_bytes: int = 50 * 2**30
    video_quota: VideoQuota | None = None
    """Uploads that are counted in videos, as on the plans of `VIDEO_QUOTAS`; None: in bytes, by `quota_bytes`."""
    quota_reached: int | None = None
    """4102 or 4104: the weekly or daily quota is used up, and uploads are refused with this code."""
    gender: str | None = None
    content_filter: list[str] = field(default_factory=lambda: ["unrated"])
    defaults: dict[str, Any] = field(
        default_factory=lambda: {"view": "anybody", "comments_by": "anybody", "embed": "public"}
    )
    """Attributes that new videos have."""
    default_password: str | None = field(default=None, repr=False)
    videos: list[Video] = field(default_factory=list, repr=False)
    showcases: list[Showcase] = field(default_factory=list, repr=False)
    folders: list[Folder] = field(default_factory=list, repr=False)
    presets: list[Preset] = field(default_factory=list, repr=False)
    likes: list[Video] = field(default_factory=list, repr=False)
    watchlater: list[Video] = field(default_factory=list, repr=False)
    following: list[User] = field(default_factory=list, repr=False)
    followers: list[User] = field(default_factory=list, repr=False)
    team: list[User] = field(default_factory=list, repr=False)
    """Members of this user's team: they may use the folders of this library."""
    watchlater_changed: datetime | None = None
    window: Window = field(default_factory=Window, repr=False)
    clock: Clock = field(default_factory=Clock, repr=False)

    def __post_init__(self) -> None:
        if self.video_quota is None:
            self.video_quota = VIDEO_QUOTAS.get(self.plan)

    @property
    def uri(self) -> str:
        return f"/users/{self.id}"

    @property
    def picture(self) -> str:
        """URI of the portrait."""
        return f"{self.uri}/pictures/{self.id}"

    @property
    def space_used(self) -> int:
        """Bytes, as far as a library without files can know."""
        return sum(video.size or video.duration * 500_000 for video in self.videos)

    def defaults_of_videos(self) -> dict[str, Any]:
        """Attributes that a new video has unless told otherwise."""
        password = {"password": self.default_password} if self.defaults["view"] == "password" else {}
        return {**self.defaults, **password}

    def follow(self, other: User) -> None:
        if other not in self.following:
            self.following.append(other)
            other.followers.append(self)

    def unfollow(self, other: User) -> None:
        if other in self.following:
            self.following.remove(other)
            other.followers.remove(self)


@dataclass(frozen=True, slots=True)
class Cue:
    """One piece of a text track; times in milliseconds."""

    start: int
    end: int
    text: str
    speaker: str = "1"
    enabled: bool = True


@dataclass(eq=False, slots=True)
class TextTrack:
    id: int
    type: str
    language: str
    name: str | None
    active: bool = True
    cues: list[Cue] = field(default_factory=list, repr=False)
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
    video: Video
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
        return f"/videos/{self.id}" + (f":{self.secret_hash}" if self.view == "unlisted" else "")

    @property
    def thumbnail(self) -> str:
        """URI of its picture."""
        return f"/videos/{self.id}/pictures/{self.active_picture or self.id}"

    @property
    def playable(self) -> bool:
        return self.status == "available"


@dataclass(eq=False, slots=True)
class Showcase:
    id: int
    user: User = field(repr=False)
    name: str
    created: datetime
    modified: datetime
    description: str | None = None
    view: str = "anybody"
    password: str | None = field(default=None, repr=False)
    sort: str = "arranged"
    theme: str = "standard"
    layout: str = "grid"
    brand_color: str | None = None
    hide_nav: bool = False
    hide_upcoming: bool = False
    hide_from_vimeo: bool = False
    review_mode: bool = False
    videos: list[Video] = field(default_factory=list, repr=False)

    @property
    def uri(self) -> str:
        return f"{self.user.uri}/albums/{self.id}"


@dataclass(eq=False, slots=True)
class Folder:
    id: int
    user: User = field(repr=False)
    name: str
    created: datetime
    modified: datetime
    parent: Folder | None = field(default=None, repr=False)

    @property
    def uri(self) -> str:
        return f"{self.user.uri}/projects/{self.id}"

    @property
    def videos(self) -> list[Video]:
        return [video for video in self.user.videos if video.folder is self]

    @property
    def depth(self) -> int:
        return 1 if self.parent is None else self.parent.depth + 1


@dataclass(eq=False, slots=True)
class Channel:
    id: int
    slug: str
    name: str
    user: User = field(repr=False)
    created: datetime
    description: str | None = None
    featured: bool = False
    videos: list[Video] = field(default_factory=list, repr=False)
    followers: list[User] = field(default_factory=list, repr=False)
    moderators: list[User] = field(default_factory=list, repr=False)
    changed: datetime | None = None
    """When a video was last added or removed."""
    categories: list[Category] = field(default_factory=list, repr=False)

    @property
    def uri(self) -> str:
        return f"/channels/{self.id}"


@dataclass(eq=False, slots=True)
class Category:
    slug: str
    name: str
    last_featured: datetime
    parent: Category | None = field(default=None, repr=False)
    subcategories: list[Category] = field(default_factory=list, repr=False)

    @property
    def uri(self) -> str:
        parent = f"{self.parent.uri}/subcategories" if self.parent else "/categories"
        return f"{parent}/{self.slug}"


@dataclass(eq=False, slots=True)
class Group:
    id: int
    name: str
    user: User = field(repr=False)
    created: datetime
    description: str | None = None
    members: list[User] = field(default_factory=list, repr=False)
    videos: list[Video] = field(default_factory=list, repr=False)
    changed: datetime | None = None
    """When a video was last added or removed."""

    @property
    def uri(self) -> str:
        return f"/groups/{self.id}"


@dataclass(eq=False, slots=True)
class Webhook:
    id: int
    app: App = field(repr=False)
    url: str
    type: str
    enabled: bool
    created: datetime
    modified: datetime
    secret: str | None = field(default=None, repr=False)
    enabled_on: datetime | None = None
    disabled_on: datetime | None = None

    @property
    def uri(self) -> str:
        return f"{self.app.uri}/webhooks/{self.id}"


@dataclass(eq=False, slots=True)
class Token:
    """An access token. `user` is None for client credentials."""

    access_token: str = field(repr=False)
    app: App
    user: User | None
    scopes: frozenset[str]
    refresh_token: str | None = field(default=None, repr=False)
    expires: float | None = None
    revoked: bool = False
    heir: Token | None = field(default=None, repr=False)
    """What it was refreshed to."""


@dataclass(eq=False, slots=True)
class Code:
    """An authorization code waiting to be exchanged."""

    value: str = field(repr=False)
    app: App
    user: User
    scopes: frozenset[str]
    redirect_uri: str
    challenge: str | None
    method: str
    ends: float
    token: Token | None = None
    """What it was exchanged for; a second exchange revokes that (RFC 6749, 4.1.2)."""


@dataclass(eq=False, slots=True)
class Device:
    device_code: str = field(repr=False)
    user_code: str = field(repr=False)
    app: App
    scopes: frozenset[str]
    ends: float
    user: User | None = None
