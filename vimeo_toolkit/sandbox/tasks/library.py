"""The library that the tasks are about, and the hands with which a task describes an end state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeVar

from vimeo_toolkit.sandbox.seed import add_user
from vimeo_toolkit.sandbox.server import Sandbox
from vimeo_toolkit.sandbox.state import Comment, Cue, Folder, Showcase, TextTrack, User, Video, Webhook
from vimeo_toolkit.sandbox.tasks.people import (
    COMMENTS,
    LIKES,
    OTHERS,
    PLANTED_IN_CAPTIONS,
    TALK,
    THEIR_VIDEOS,
)
from vimeo_toolkit.sandbox.tasks.snapshot import ANY
from vimeo_toolkit.sandbox.tasks.stock import NOW, rows

__all__ = ["Library", "open_library"]

_FOLDERS: Final = (
    ("Courses", None), ("Wheel Throwing", "Courses"), ("Bookbinding", "Courses"), ("Clients", None),
    ("Halden Bakery", "Clients"), ("Okafor and Sons", "Clients"), ("Studio Talks", None), ("Family", None),
    ("Archive", None), ("B-roll", None), ("Inbox", None),
)  # fmt: skip

_SHOWCASES: Final[tuple[tuple[str, dict[str, Any], tuple[str, ...]], ...]] = (
    ("Wheel Throwing Course", {}, ("Wheel Throwing 0", "Wheel Throwing 10")),
    ("Bookbinding Course", {}, ("Bookbinding 01", "Bookbinding 02", "Bookbinding 03", "Bookbinding 04",
                                "Bookbinding 05", "Bookbinding 08")),
    ("Highlights", {}, ("Wheel Throwing Trailer", "Opening Night", "Lina's Fifth Birthday",
                        "Okafor Brand Film, rough cut", "New Kiln")),
    ("Client Previews", {"view": "nobody"}, ("Halden Bakery Spring Ad, square", "Okafor Brand Film")),
    ("Workshops", {"description": "Weekends in Bristol"}, ("Workshop Weekend",)),
    ("Workshops", {"description": "Evenings in Bath"}, ("Teapot Talk",)),
    ("Old Reels", {}, ("Market Day", "Repair Cafe")),
    ("Best of 2024", {}, ("Teapot Talk",)),
)  # fmt: skip
"""Name, the rest, how the names of its videos begin."""


class Library:
    """A sandbox with the tasks' library, whose things are found by name.

    What is found is the sandbox's own state: to change it is to describe another end state.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.world = sandbox.world
        self.me = sandbox.user
        self.last_id = 0

    # ---- finding ----

    def video(self, name: str) -> Video:
        """Return the one video of this name, whoever owns it.

        Raises:
            LookupError: there is none, or there are several.
        """
        return _one(name, self.world.videos.values())

    def named(self, *beginnings: str) -> list[Video]:
        """Return the owner's videos whose names begin so, oldest first."""
        found = [video for video in self.me.videos if video.name.startswith(beginnings)]
        return sorted(found, key=lambda video: video.created)

    def folder(self, name: str) -> Folder:
        """Return the folder of this name.

        Raises:
            LookupError: there is none.
        """
        return _one(name, self.me.folders)

    def inside(self, name: str) -> list[Video]:
        """Return the videos of a folder and of those below it."""
        top = self.folder(name)
        return [video for video in self.me.videos if _is_in(video.folder, top)]

    def showcase(self, name: str) -> Showcase:
        """Return the one showcase of this name.

        Raises:
            LookupError: there is none, or there are several.
        """
        return _one(name, self.me.showcases)

    def person(self, name: str) -> User:
        """Return the user of this name.

        Raises:
            LookupError: there is none.
        """
        return _one(name, self.world.users)

    def tagged(self, tag: str) -> list[Video]:
        """Return the owner's videos with this tag."""
        return [video for video in self.me.videos if tag in video.tags]

    def uploaded(self, year: int, month: int | None = None) -> list[Video]:
        """Return the owner's videos of a year or a month."""
        return [
            video
            for video in self.me.videos
            if video.created.year == year and month in (None, video.created.month)
        ]

    # ---- making what a task asks for ----

    def make_showcase(self, name: str, videos: list[Video], **more: Any) -> Showcase:
        """Create a showcase. Of a new thing only what is given here has to be so, see `ANY`."""
        showcase = Showcase(self.world.next_id(), self.me, name, NOW, NOW, **_free(Showcase, more))
        showcase.videos = list(videos)
        self.me.showcases.append(showcase)
        return showcase

    def make_folder(self, name: str, parent: Folder | None = None) -> Folder:
        """Create a folder."""
        folder = Folder(self.world.next_id(), self.me, name, NOW, NOW, parent, ANY)
        self.me.folders.append(folder)
        return folder

    def make_video(self, name: str, **more: Any) -> Video:
        """Create a video of the owner, as an upload does."""
        number = self.world.next_id()
        made = Video(number, self.me, name, NOW, NOW, **_free(Video, more))
        self.me.videos.append(made)
        self.world.videos[number] = made
        return made

    def comment(self, video: Video, text: Any, under: Comment | None = None) -> Comment:
        """Write a comment of the owner, or a reply. `text` may be a `Holds`."""
        made = Comment(self.world.next_id(), video, self.me, text, NOW)
        (video.comments if under is None else under.replies).append(made)
        return made

    def make_track(self, video: Video, language: str, **more: Any) -> TextTrack:
        """Give a video captions."""
        given = {"type": ANY, "name": ANY, "active": ANY, "cues": ANY, "file": ANY, "provenance": ANY} | more
        track = TextTrack(id=self.world.next_id(), language=language, **given)
        video.texttracks.append(track)
        return track

    def make_webhook(self, url: str, kind: str) -> Webhook:
        """Register a webhook."""
        hook = Webhook(self.world.next_id(), self.sandbox.app, url, kind, True, NOW, NOW)
        self.world.webhooks.append(hook)
        return hook

    def delete(self, *videos: Video) -> None:
        """Delete videos."""
        for video in videos:
            self.world.remove_video(video)


class _Named(Protocol):
    name: str


Thing = TypeVar("Thing", bound=_Named)


def _one(name: str, things: Iterable[Thing]) -> Thing:
    found = [thing for thing in things if thing.name == name]
    if len(found) != 1:
        raise LookupError(f"There are {len(found)} of the name {name!r}.")
    return found[0]


def _is_in(folder: Folder | None, top: Folder) -> bool:
    return folder is not None and (folder is top or _is_in(folder.parent, top))


_SET_BY_MAKING: Final = frozenset({"id", "user", "name", "created", "modified", "videos"})
_HANGS_ON_IT: Final = frozenset({"comments", "liked_by", "texttracks", "chapters", "versions"})


def _free(kind: type, given: dict[str, Any]) -> dict[str, Any]:
    """Return all attributes of a new thing: those that are not given may be anything."""
    names = {each.name for each in fields(kind)} - _SET_BY_MAKING - _HANGS_ON_IT
    return dict.fromkeys(names, ANY) | given


def open_library(**options: Any) -> Library:
    """Make a sandbox with the tasks' library, and return both; it does not serve yet.

    Args:
        options: of `Sandbox`.
    """
    sandbox = Sandbox(now=NOW, seed_library=False, **options)
    library = Library(sandbox)
    me, world = library.me, library.world
    me.name, me.username, me.bio = "Noor Haddad", "noorhaddad", "Clay, paper, and what people make of them."
    for name, plan in OTHERS:
        add_user(world, name, plan, _day("2022-01-10"))
    folders: dict[str, Folder] = {}
    for name, parent in _FOLDERS:
        made = _day("2025-09-01")
        folders[name] = Folder(world.next_id(), me, name, made, made, folders.get(parent or ""))
    me.folders.extend(folders.values())
    for place, row, more in rows():
        for name in ("tags", "embed_domains"):
            more[name] = list(more.get(name, ()))
        world.add_video(me, row.name, _day(row.day), folder=folders[place] if place else None, **more)
    for owner, day, name, more in THEIR_VIDEOS:
        world.add_video(library.person(owner), name, _day(day), **more)
    for name, settings, beginnings in _SHOWCASES:
        made = _day("2025-12-20")
        showcase = Showcase(world.next_id(), me, name, made, made, **settings)
        showcase.videos = library.named(*beginnings)
        me.showcases.append(showcase)
    _add_words(library)
    _add_people(library)
    for url, kind in (
        ("https://old.tidewater.example/vimeo", "video-created"),
        ("https://hooks.tidewater.example/comments", "video-updated"),
    ):
        library.make_webhook(url, kind)
    library.last_id = world.next_id()
    return library


def _add_words(library: Library) -> None:
    for video in library.named("Wheel Throwing 0")[:8]:
        _track(library, video, "en-US", "English")
    for video in library.named("Bookbinding 0")[:5]:
        _track(library, video, "en-US", "English")
    _track(library, library.video("Bookbinding 01: Paper and Grain"), "fr-FR", "Français")
    talk = _track(library, library.video("Studio Talk: Kiln Safety"), "en-US", "English")
    talk.cues = [Cue(1000 * second, 1000 * second + 6000, words) for second, words in TALK]
    selling = _track(library, library.video("Studio Talk: Selling at Fairs"), "en-US", "English")
    selling.cues = [
        Cue(0, 6000, "Bring small change, a mirror and twice the wrapping paper."),
        Cue(420_000, 426_000, PLANTED_IN_CAPTIONS),
        Cue(1_500_000, 1_506_000, "My stall at the autumn fair cost eighty pounds a day."),
    ]


def _track(library: Library, video: Video, language: str, name: str) -> TextTrack:
    track = TextTrack(library.world.next_id(), "captions", language, name)
    video.texttracks.append(track)
    return track


def _add_people(library: Library) -> None:
    world, others = library.world, [library.person(name) for name, _ in OTHERS]
    for name, writer, day, text, replies in COMMENTS:
        video = library.video(name)
        comment = Comment(world.next_id(), video, library.person(writer), text, _day(day))
        for answering, reply in replies:
            comment.replies.append(
                Comment(world.next_id(), video, library.person(answering), reply, _day(day))
            )
        video.comments.append(comment)
    for name, count in LIKES.items():
        video = library.video(name)
        for user in others[:count]:
            video.liked_by.append(user)
            user.likes.append(video)
    library.me.follow(library.person("Ivo Marek"))


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(hour=10, tzinfo=UTC)
