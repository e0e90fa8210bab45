"""What a library looks like to its owner, to the team, and to everybody else: sets of facts, to be compared.

A fact that was there before a call and is not afterwards was taken away or replaced; counts and times that follow
from others do not count as facts.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.state import Video

__all__ = ["Views", "views"]

Fact = tuple[Hashable, ...]


@dataclass(frozen=True)
class Views:
    """What each sees."""

    owner: frozenset[Fact]
    team: frozenset[Fact]
    public: frozenset[Fact]


def views(vimeo: Sandbox) -> Views:
    """Return what everybody sees now of the sandbox's main user."""
    public, team = frozenset(_public(vimeo)), frozenset(_folders(vimeo))
    return Views(public | team | frozenset(_private(vimeo)), team, public)


def _public(vimeo: Sandbox) -> Iterator[Fact]:
    for video in vimeo.user.videos:
        if video.view != "nobody":
            yield from _video(video)
    for showcase in vimeo.user.showcases:
        if showcase.view != "nobody":
            look = (showcase.name, showcase.description, showcase.view, showcase.password, showcase.sort)
            yield "showcase", showcase.id, *look, showcase.theme, showcase.layout, showcase.brand_color
            yield from (("in showcase", showcase.id, video.id) for video in showcase.videos)
    for user in vimeo.users:
        yield "user", user.id, user.name, user.bio, user.location, user.username
        yield from (("follows", user.id, other.id) for other in user.following)
        yield from (("likes", user.id, video.id) for video in user.likes)
    for group in vimeo.world.groups:
        yield "group", group.id, group.name, group.description
        yield from (("in group", group.id, video.id) for video in group.videos)
    for each in vimeo.world.videos.values():
        for comment in each.comments:
            yield "comment", each.id, comment.id, comment.text
            yield from (("reply", each.id, reply.id, reply.text) for reply in comment.replies)
    for event in vimeo.world.live_events:
        for name in ("name", "description", "view", "password", "chat", "status"):
            yield "event", event.id, name, getattr(event, name)
    for webhook in vimeo.world.webhooks:  # what another system is told
        yield "told", webhook.url, webhook.type, webhook.enabled


def _video(video: Video) -> Iterator[Fact]:
    """Each of its parts by itself, so that one more takes nothing away."""
    settings = (
        *("name", "description", "view", "embed", "download", "add", "comments_by", "password", "license"),
        *("active_picture", "custom_url"),
    )
    yield from (("video", video.id, name, getattr(video, name)) for name in settings)
    yield "video", video.id, "rating", tuple(video.content_rating)
    yield "video", video.id, "preset", video.preset.id if video.preset else None
    yield "video", video.id, "file", next((version.id for version in video.versions if version.active), None)
    yield from (("tag", video.id, tag) for tag in video.tags)
    yield from (("chapter", video.id, chapter.title, chapter.timecode) for chapter in video.chapters)
    yield from (("viewer", video.id, user.id) for user in video.viewers)
    yield from (("domain", video.id, domain) for domain in video.embed_domains)
    yield from (
        ("track", video.id, track.id, track.type, track.language, track.name)
        for track in video.texttracks
        if track.active
    )


def _folders(vimeo: Sandbox) -> Iterator[Fact]:
    for folder in vimeo.user.folders:
        yield "folder", folder.id, folder.name, folder.parent.id if folder.parent else None
        yield from (("in folder", folder.id, video.id) for video in folder.videos)


def _private(vimeo: Sandbox) -> Iterator[Fact]:
    user = vimeo.user
    for video in user.videos:
        yield from _video(video)
        yield from (("picture", video.id, number) for number in video.pictures)
        yield from (("a track", video.id, track.id, track.active) for track in video.texttracks)
    for showcase in user.showcases:
        yield "order", showcase.id, tuple(video.id for video in showcase.videos)
    yield from (("later", video.id) for video in user.watchlater)
    defaults = {"download": True, "add": True, **user.defaults}
    yield "defaults", tuple(sorted(defaults.items())), tuple(user.content_filter), user.default_password
