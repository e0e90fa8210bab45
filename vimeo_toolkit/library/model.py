"""What the index of a library holds, and what a search gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

__all__ = [
    "Change",
    "ChangeKind",
    "Coverage",
    "Filters",
    "Hit",
    "IndexedVideo",
    "Kind",
    "LibraryStatus",
    "Near",
    "Passage",
    "Segment",
    "Segments",
    "VectorsKept",
    "Words",
]

ChangeKind = Literal["new", "edited", "deleted", "captioned", "transcoded"]
Kind = Literal["spoken", "about", "chapter"]
"""Of a passage: a part of the transcript; title, tags and description; the title of a chapter."""

Words = Literal["captions", "none", "pending"]
"""Whether a video's words are known: it has a transcript, has none, or has text tracks without one (yet)."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a transcript as Vimeo has it: a sentence or a part of one."""

    start: float
    """Seconds."""
    end: float
    text: str
    speaker: str = ""


class Segments(list[Segment]):
    """What is said in a video, in its order; empty where there is no transcript (yet)."""

    language: str = ""
    """As Vimeo writes it, such as `en-US` or `en-x-autogen`."""
    incomplete: tuple[str, ...] = ()
    """What was not read to its end and why, sentences."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a video's words that is long enough to be understood alone."""

    start: float
    """Seconds."""
    end: float
    text: str
    language: str = ""
    """As the text track names it, such as `en-US`."""
    speaker: str = ""
    """Who speaks; of several, their names with `; ` between."""
    kind: Kind = "spoken"
    times: tuple[tuple[int, float], ...] = ()
    """Where in the text each segment begins (characters), and when (seconds)."""
    heading: str = field(default="", compare=False)
    """The titles of the chapters that it is in, by which it is found, too; set by the index."""

    def second_of(self, offset: int) -> float:
        """Return when the words at this character of the text are spoken: the second their segment starts at."""
        spoken = self.start
        for begins, seconds in self.times:
            if begins > offset:
                break
            spoken = seconds
        return max(self.start, min(spoken, self.end))


@dataclass(frozen=True, slots=True)
class IndexedVideo:
    """A video as the index knows it."""

    uri: str
    """`/videos/123`, without the hash of unlisted ones."""
    name: str
    link: str
    """The page of the video, with the hash of unlisted ones."""
    description: str = ""
    tags: tuple[str, ...] = ()
    chapters: tuple[tuple[float, str], ...] = ()
    """Seconds and title of each."""
    created: str = ""
    """As Vimeo writes it: ISO 8601 in UTC."""
    modified: str = ""
    duration: float = 0.0
    """Seconds."""
    privacy: str = ""
    folder: str = ""
    """The folder's URI."""
    language: str = ""
    words: Words = "none"
    more: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found."""

    video: IndexedVideo
    passage: Passage
    second: float
    """When the words that were found are spoken; within the passage."""
    score: float
    before: str = ""
    """The passage before it, "" at the beginning."""
    after: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    """Where in the passage's text the words that were found begin and end."""

    @property
    def link(self) -> str:
        """The video's page, at the second; as a whole, where its title or description was found."""
        return self.video.link if self.passage.kind == "about" else f"{self.video.link}#t={int(self.second)}s"

    def to_dict(self) -> dict[str, Any]:
        """Return it JSON-ready: the video's `uri` and `name`, where, and what is said there and around it."""
        passage = self.passage
        return {
            "uri": self.video.uri,
            "name": self.video.name,
            "link": self.link,
            "second": self.second,
            **{
                name: getattr(passage, name)
                for name in ("kind", "start", "end", "language", "speaker", "text")
            },
            "before": self.before,
            "after": self.after,
        }

    @property
    def player(self) -> str:
        """The address of Vimeo's player at the second, for an `iframe`; of an unlisted video with its hash."""
        number = self.video.uri.rpartition("/")[2]
        page = urlsplit(self.video.link).path.strip("/").split("/")
        secret = f"?h={page[1]}" if page[0] == number and len(page) > 1 else ""
        return f"https://player.vimeo.com/video/{number}{secret}#t={int(self.second)}s"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which videos and passages are searched; what is left out does not narrow the search."""

    from_date: str = ""
    """Videos uploaded at this moment or later, ISO 8601 in UTC."""
    until_date: str = ""
    """Videos uploaded before this moment."""
    folder: str = ""
    """The folder's URI."""
    privacy: str = ""
    videos: frozenset[str] | None = None
    """Their URIs, as of a showcase that was read for this search."""
    speaker: str = ""
    """A name or a part of one: passages in which they speak."""
    language: str = ""
    """`en` is that of `en-US`, too."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an index has of a library."""

    videos: int
    captions: int
    """Videos whose words are in the index."""
    none: int
    """Videos without captions."""
    pending: int
    """Videos with text tracks of which there is no transcript, or that are still processed."""
    passages: int
    """Spoken ones."""
    languages: tuple[str, ...] = ()
    """Codes of those that are spoken anywhere in the library, such as `en`."""

    def to_dict(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return {**asdict(self), "languages": list(self.languages)}


class Near(NamedTuple):
    """A passage whose vector is near to the one that was asked for."""

    key: int
    similarity: float
    """The cosine of the angle between them: 1 for the same direction."""
    kind: Kind = "spoken"


class VectorsKept(NamedTuple):
    """Which vectors an index has."""

    model: str
    """The name of the embedding model that made them, "" where there are none."""
    dimensions: int
    """Numbers of each."""
    having: int
    """Passages that have one: of all kinds."""
    passages: int
    """Passages, of all kinds."""

    def having_of(self, model: str) -> int:
        """Return how many passages have a vector of this model."""
        return self.having if self.model == model else 0


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """What an index has of a library, and how old that is."""

    coverage: Coverage
    synced: float | None
    """When the last sync that saw the whole library ended, in seconds since the epoch; None before the first."""
    done: int = 0
    """Of a sync that has not come to its end: how many videos it has seen to."""
    of: int = 0
    """And of how many; 0 where none is unfinished."""
    vectors: int | None = None
    """Passages whose meaning is compared with that of a question; None without an embedding model."""
    vectors_of: int | None = None
    """And of how many: of all kinds."""

    def to_dict(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return {**asdict(self), "coverage": self.coverage.to_dict()}

    @classmethod
    def of_state(
        cls, coverage: Coverage, state: Mapping[str, Any], vectors: tuple[int, int] | None = None
    ) -> LibraryStatus:
        """Return the status by what an index has and what its syncs noted.

        Args:
            coverage: of the videos.
            state: what the syncs noted.
            vectors: how many passages have one, and how many passages there are; None without a model.
        """
        done, of = state.get("done", 0), state.get("of", 0)
        return cls(coverage, state.get("synced"), done, of, *(vectors or (None, None)))


@dataclass(frozen=True, slots=True)
class Change:
    """What a sync saw of a video that was different at the one before."""

    number: int
    """Grows with every change of this library, where its index was made anew in between, too: what was seen last is
    where the next look begins."""
    kind: ChangeKind
    uri: str
    name: str
    link: str
    at: float
    """When the sync saw it, in seconds since the epoch."""
    what: tuple[str, ...] = ()
    """Of an edited one: which of name, description, tags, privacy, folder, chapters moved, and captions where there
    are none any more."""
