"""All state of one sandbox, and what changes several things of it at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from vimeo_toolkit.sandbox.clock import Clock
from vimeo_toolkit.sandbox.state import (
    App,
    Category,
    Channel,
    Code,
    Device,
    Group,
    Incoming,
    LiveEvent,
    Token,
    User,
    Video,
    Webhook,
)

__all__ = ["SandboxWorld"]


class SandboxWorld:
    """All state of one sandbox."""

    def __init__(self, clock: Clock, window_seconds: float, transcode_seconds: float = 10.0) -> None:
        self.clock = clock
        self.window_seconds = window_seconds
        self.apps: list[App] = []
        self.users: list[User] = []
        self.channels: list[Channel] = []
        self.categories: list[Category] = []
        self.groups: list[Group] = []
        self.webhooks: list[Webhook] = []
        self.live_events: list[LiveEvent] = []
        self.tokens: dict[str, Token] = {}
        self.refresh_tokens: dict[str, Token] = {}
        self.codes: dict[str, Code] = {}
        self.devices: dict[str, Device] = {}
        self.videos: dict[int, Video] = {}
        self.search_fails = False
        self.transcode_seconds = transcode_seconds
        self.transcoding: list[Video] = []
        self.incoming: dict[str, Incoming] = {}
        self._last_id = 100_000

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def now(self) -> datetime:
        return self.clock.now()

    def add_video(self, user: User, name: str, created: datetime | None = None, **more: Any) -> Video:
        number = self.next_id()
        moment = created or self.now()
        video = Video(
            id=number,
            user=user,
            name=name,
            created=moment,
            modified=more.pop("modified", moment),
            secret_hash=f"{(number * 2654435761) & 0xFFFFFFFFFF:010x}",
            pictures=[number * 10],
            active_picture=number * 10,
            **more,
        )
        user.videos.append(video)
        self.videos[number] = video
        return video

    def uploaded(self, video: Video) -> None:
        """Begin transcoding: all bytes are there."""
        video.upload, video.status, video.transcode = "complete", "transcoding", "in_progress"
        video.ready = self.clock.seconds() + self.transcode_seconds
        self.transcoding.append(video)

    def settle(self) -> None:
        """End the transcodings whose time has come."""
        for video in [each for each in self.transcoding if self.clock.seconds() >= (each.ready or 0)]:
            video.status, video.transcode, video.duration = "available", "complete", video.duration or 60
            self.transcoding.remove(video)

    def remove_video(self, video: Video) -> None:
        video.user.videos.remove(video)
        del self.videos[video.id]
        if video in self.transcoding:
            self.transcoding.remove(video)
        for user in self.users:
            collections = [user.likes, user.watchlater, *(album.videos for album in user.showcases)]
            for collection in collections:
                if video in collection:
                    collection.remove(video)
        places = [channel.videos for channel in self.channels] + [group.videos for group in self.groups]
        for videos in places:
            if video in videos:
                videos.remove(video)

    def find_user(self, reference: str) -> User | None:
        for user in self.users:
            if reference in (str(user.id), user.username):
                return user
        return None
