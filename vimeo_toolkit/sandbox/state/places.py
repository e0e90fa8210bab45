"""Places that hold videos, and webhooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.state.people import App, User
    from vimeo_toolkit.sandbox.state.videos import Video

__all__ = ["Category", "Channel", "Folder", "Group", "Showcase", "Webhook"]


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
    view: str = "nobody"

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
    view: str = "anybody"

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
class LiveEvent:
    id: int
    name: str
    user: User = field(repr=False)
    created: datetime
    description: str | None = None
    view: str = "anybody"
    password: str | None = field(default=None, repr=False)
    chat: bool = True
    status: str | None = None
    """started or ended; None before it begins."""
    clip: Video | None = field(default=None, repr=False)
    """What is streamed."""

    @property
    def uri(self) -> str:
        return f"{self.user.uri}/live_events/{self.id}"
