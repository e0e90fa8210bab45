"""The sandbox of the tasks, in a process of its own: what is in it, what it saw, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any, Final

from benchmarks.local_process import process_of
from vimeo_toolkit.sandbox import Sandbox, User, Video

__all__ = ["MONTH", "NAME", "TAG", "TAGGED", "Facts", "Seen", "Stage", "staged"]

NOW: Final = datetime(2026, 3, 20, 12, tzinfo=UTC)
MONTH: Final = "2026-03"
NAME: Final = "This month"
"""Of the showcase."""
TAG: Final = "autumn"
VIDEOS: Final = 1_000
OF_THIS_MONTH: Final = 100
TAGGED: Final = 50
CAPTIONED: Final = 20
SILENT: Final = 40
SUBJECTS: Final = ("Coastal Walk", "Ceramics Workshop", "City Tram", "Customer Story", "Winter Market")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of the libraries, by which the tasks' ends are judged."""

    this_month: frozenset[str]
    newest: frozenset[str]
    """The videos to be tagged."""
    months: dict[str, tuple[int, float]]
    """Month → how many videos, and how many hours."""
    sentence: str = field(repr=False)
    said_in: str
    """The video that says it."""
    tokens: dict[str, str] = field(repr=False)
    """Library → a token of its user."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the sandbox saw of a run, and what stands there after it."""

    requests: int
    refused: int
    showcases: tuple[frozenset[str], ...]
    tagged: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stage:
    """The sandbox, seen from the process that measures."""

    url: str
    facts: Facts
    _pipe: Connection = field(repr=False)

    def reset(self, plan: str) -> None:
        """Undo what the last run did, put the users on this plan, and answer at once."""
        self._ask("reset", plan)

    def begin(self, latency: float) -> None:
        """Count requests from now on, and answer each after so many seconds."""
        self._ask("begin", latency)

    def advance(self, seconds: float) -> None:
        """Move the sandbox's time."""
        self._ask("advance", seconds)

    def seen(self) -> Seen:
        """Return what came of the run."""
        found = self._ask("seen")
        assert isinstance(found, Seen)  # noqa: S101 - for the type
        return found

    def _ask(self, *asked: Any) -> Any:
        self._pipe.send(asked)
        return self._pipe.recv()


@contextmanager
def staged() -> Iterator[Stage]:
    """Run the sandbox, and yield the way to it."""
    with process_of(_serve) as pipe:
        url, facts = pipe.recv()
        yield Stage(url, facts, pipe)


def _serve(pipe: Connection) -> None:
    """Do what the process that measures asks for, until it ends this one."""
    with Sandbox(now=NOW, seed_library=False) as vimeo:
        films, talks = _films(vimeo), _talks(vimeo)
        orders: dict[str, Callable[..., Any]] = {
            "reset": lambda plan: _reset(vimeo, (films, talks), plan),
            "begin": lambda latency: _begin(vimeo, latency),
            "advance": vimeo.clock.advance,
            "seen": lambda: _seen(vimeo, films),
        }
        pipe.send((vimeo.url, _facts(vimeo, films, talks)))
        while True:
            order, *given = pipe.recv()
            pipe.send(orders[order](*given))


def _films(vimeo: Sandbox) -> User:
    """Make the user with a thousand videos, of which a hundred are of this month."""
    month = NOW.replace(day=1, hour=0)
    older = VIDEOS - OF_THIS_MONTH
    created = [month - timedelta(days=900) * (older - place) / older for place in range(older)]
    created += [month + (NOW - month) * (place + 1) / (OF_THIS_MONTH + 1) for place in range(OF_THIS_MONTH)]
    videos = [
        {
            "name": f"{SUBJECTS[place % len(SUBJECTS)]}: part {place + 1}",
            "description": "Filmed and cut by hand. Part of a series about places and the people there.",
            "created": moment,
            "duration": 20 + place * 7919 % 2400,
            "plays": place * 104729 % 5000,
            "tags": ["travel", "tutorial"][: place % 3],
        }
        for place, moment in enumerate(created)
    ]
    return vimeo.add_user("Films", plan="enterprise", videos=videos)


def _talks(vimeo: Sandbox) -> User:
    """Make the user with sixty videos, of which twenty have captions."""
    user = vimeo.add_user("Talks", plan="enterprise", videos=SILENT)
    vimeo.add_library(user, videos=CAPTIONED, hours=CAPTIONED / 6)
    return user


def _facts(vimeo: Sandbox, films: User, talks: User) -> Facts:
    months: dict[str, list[Video]] = {}
    for video in films.videos:
        months.setdefault(video.created.strftime("%Y-%m"), []).append(video)
    newest = sorted(films.videos, key=lambda video: video.created)[-TAGGED:]
    says = [video for video in talks.videos if video.texttracks][CAPTIONED * 2 // 3]
    words: Any = says.texttracks[0].cues
    return Facts(
        this_month=frozenset(video.uri for video in months[MONTH]),
        newest=frozenset(video.uri for video in newest),
        months={
            month: (len(each), round(sum(video.duration for video in each) / 3600, 2))
            for month, each in months.items()
        },
        sentence=words[words.unique_place].text,
        said_in=says.uri,
        tokens={
            "films": vimeo.issue_token(films).access_token,
            "talks": vimeo.issue_token(talks).access_token,
        },
    )


def _reset(vimeo: Sandbox, users: Iterable[User], plan: str) -> None:
    vimeo.clock.set(NOW)
    vimeo.latency = 0.0
    for user in users:
        user.plan, user.window.ends, user.window.used = plan, 0.0, 0
        user.showcases.clear()
        for video in user.videos:
            video.tags = [tag for tag in video.tags if tag != TAG]


def _begin(vimeo: Sandbox, latency: float) -> None:
    vimeo.latency = latency
    vimeo.requests.clear()


def _seen(vimeo: Sandbox, films: User) -> Seen:
    return Seen(
        requests=len(vimeo.requests),
        refused=sum(request.status == 429 for request in vimeo.requests),
        showcases=tuple(frozenset(video.uri for video in each.videos) for each in films.showcases),
        tagged=frozenset(video.uri for video in films.videos if TAG in video.tags),
    )
