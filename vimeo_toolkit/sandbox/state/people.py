"""Who uses the API, and with what: users, apps, tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vimeo_toolkit.sandbox.clock import Clock
from vimeo_toolkit.sandbox.limits import VIDEO_QUOTAS, VideoQuota, Window

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.state.places import Folder, Showcase
    from vimeo_toolkit.sandbox.state.videos import Preset, Video

__all__ = ["App", "Code", "Device", "Token", "User"]


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
        """The app's URI, such as `/apps/1`."""
        return f"/apps/{self.number}"

    @property
    def redirect_uri(self) -> str:
        """The first of the registered redirect URIs."""
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
        """The user's URI, such as `/users/1`."""
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
        """Return the attributes that a new video has unless told otherwise."""
        password = {"password": self.default_password} if self.defaults["view"] == "password" else {}
        return {**self.defaults, **password}

    def follow(self, other: User) -> None:
        """Follow another user, from now on."""
        if other not in self.following:
            self.following.append(other)
            other.followers.append(self)

    def unfollow(self, other: User) -> None:
        """Stop following another user."""
        if other in self.following:
            self.following.remove(other)
            other.followers.remove(self)


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
    successor: Token | None = field(default=None, repr=False)
    """What it was refreshed to."""

    @property
    def heir(self) -> Token | None:
        """The former name of `successor`."""
        return self.successor


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
