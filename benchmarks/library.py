"""The index of a library of a thousand hours, beside plain FTS5 over the same passages."""

from __future__ import annotations

import random
import sqlite3
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measure import Row, Section, seconds
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.library.index import Index, Stamp
from vimeo_toolkit.library.model import IndexedVideo, Passage, Segment
from vimeo_toolkit.library.passages import passages
from vimeo_toolkit.library.search import search
from vimeo_toolkit.library.sqlite_libraries import SqliteLibraries
from vimeo_toolkit.sandbox import Sandbox, Video

__all__ = ["OTHERS", "QUESTIONS", "Counted", "Talk", "fill_others", "measure", "p99", "questions", "talks"]

Talk = tuple[IndexedVideo, list[Passage]]

OTHERS = 100
"""Tenants whose libraries are beside the one that is asked."""
QUESTIONS = 60
"""Of each kind."""


def measure(hours: int = 1_000, others: int = OTHERS, asked: int = QUESTIONS) -> Section:
    """Index a library of so many videos of an hour, and ask it."""
    section = Section("Ask a library")
    with tempfile.TemporaryDirectory() as folder:
        libraries = SqliteLibraries(Path(folder, "libraries"))
        owner = Owner(Identity("vimeo", "large"), "first")
        index, plain = libraries.index(owner), _Plain(Path(folder, "plain.db"))
        ours = floor = 0.0
        count, words = 0, Counted()
        for video, spoken in talks(hours, hours):
            count += len(spoken)
            words.add(spoken)
            ours += seconds(lambda: index.put(video, Stamp("s", 0.0), spoken))  # noqa: B023
            floor += seconds(lambda: plain.put(video, spoken))  # noqa: B023
        libraries.close()
        size, least = (path.stat().st_size / 1e6 for path in (index.path, plain.path))
        by_75 = 75_000 / count
        section.rows += [
            Row(f"{count:,} passages indexed by plain FTS5", floor, "s"),
            Row(f"{count:,} passages indexed", ours, "s", "plain FTS5", ours / floor),
            Row("75,000 passages indexed", ours * by_75, "s", at_most=60),
            Row("size with plain FTS5", least, "MB"),
            Row(f"size of {count:,} passages", size, "MB", "plain FTS5", size / least),
            Row("size of 75,000 passages", size * by_75, "MB", at_most=150),
        ]
        beside = [
            libraries.index(Owner(Identity("vimeo", f"other {number}"), "first")) for number in range(others)
        ]
        fill_others(beside)
        for kind, each in questions(words, asked).items():
            section.rows += _asked(kind, each, index, plain, beside)
        libraries.close()
    section.notes.append(
        f"A library of {hours:,} videos of an hour each, as `Sandbox.add_library` makes it; {others} others are "
        "asked in turn with it. Plain FTS5 stems English words and ranks by itself: it gives no passages "
        "around, no seconds, and no coverage."
    )
    return section


def talks(videos: int, hours: float, seed: int = 1) -> Iterator[Talk]:
    """Yield videos of a generated library with their passages."""
    with Sandbox() as vimeo:
        owner = vimeo.add_user("Large", videos=0)
        for video in vimeo.add_library(owner, videos=videos, hours=hours, seed=seed):
            yield indexed(video), list(passages(_segments(video), "en-US"))


def indexed(video: Video) -> IndexedVideo:
    """Return a video of the sandbox as a sync would keep it."""
    return IndexedVideo(
        uri=f"/videos/{video.id}",
        name=video.name,
        link=f"https://vimeo.com/{video.id}",
        description=video.description or "",
        tags=tuple(video.tags),
        created=video.created.isoformat(timespec="seconds"),
        duration=video.duration,
        privacy=video.view,
        folder=video.folder.uri if video.folder else "",
        words="captions",
    )


def _segments(video: Video) -> Iterator[Segment]:
    for cue in video.texttracks[0].cues:
        yield Segment(cue.start / 1_000, cue.end / 1_000, cue.text, cue.speaker)


class Counted:
    """How often each word of a library is said."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def add(self, spoken: Sequence[Passage]) -> None:
        """Count the words of passages."""
        for passage in spoken:
            for word in set(passage.text.lower().replace(".", "").split()):
                self._counts[word] = self._counts.get(word, 0) + 1

    def ranked(self) -> list[str]:
        """Return the words, those in most passages first."""
        return sorted(self._counts, key=lambda word: -self._counts[word])


def questions(words: Counted, asked: int = QUESTIONS, seed: int = 7) -> dict[str, list[str]]:
    """Return so many questions of each kind."""
    dice = random.Random(seed)  # noqa: S311 - the same questions at every run
    ranked = words.ranked()
    common, known, rare = ranked[:100], ranked[100:2_000], ranked[2_000:]

    def some(*several: tuple[Sequence[str], int]) -> list[str]:
        return [
            " ".join(word for listed, count in several for word in dice.sample(listed, count))
            for _ in range(asked)
        ]

    return {
        "a rare word": some((rare, 1)),
        "three rare words": some((rare, 3)),
        "two words of middle frequency": some((known, 2)),
        "a common word": some((common, 1)),
        "three common words": some((common, 3)),
        "common and rare words": some((common, 3), (rare, 2)),
        "a phrase of common words": [f'"{text}"' for text in some((common[:40], 2))],
    }


def fill_others(others: Sequence[Index]) -> None:
    """Put a small library into each."""
    listed = list(talks(10, 1, seed=2))
    for other in others:
        for video, spoken in listed:
            other.put(video, Stamp("s", 0.0), spoken)


def _asked(
    kind: str, asked: Sequence[str], index: Index, plain: _Plain, others: Sequence[Index]
) -> list[Row]:
    """Ask all questions, another tenant's library between two of them."""
    ours, floor = [], []
    for number, question in enumerate(asked):
        search(others[number % len(others)], question)
        ours.append(seconds(lambda: search(index, question)) * 1e3)  # noqa: B023
        floor.append(seconds(lambda: plain.search(question)) * 1e3)  # noqa: B023
    median, least = statistics.median(ours), statistics.median(floor)
    return [
        Row(f"{kind}, plain FTS5", least, "ms"),
        Row(f"{kind}, median", median, "ms", at_most=15),
        Row(f"{kind}, p99", p99(ours), "ms", at_most=50),
    ]


def p99(values: Sequence[float]) -> float:
    """Return the 99th percentile."""
    return statistics.quantiles(values, n=100, method="inclusive")[98]


class _Plain:
    """FTS5 as it is: its English stemmer, its ranking, the texts in a table beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(
            """pragma journal_mode=wal; pragma synchronous=normal;
            create table passage (id integer primary key, uri, start, "end", text);
            create virtual table words using fts5(
                text, content='passage', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2'
            );"""
        )

    def put(self, video: IndexedVideo, spoken: Sequence[Passage]) -> None:
        """Add a video's passages in one transaction."""
        self._db.execute("begin")
        for passage in spoken:
            row = (video.uri, passage.start, passage.end, passage.text)
            key = self._db.execute(
                'insert into passage (uri, start, "end", text) values (?,?,?,?)', row
            ).lastrowid
            self._db.execute("insert into words (rowid, text) values (?, ?)", (key, passage.text))
        self._db.execute("commit")

    def search(self, question: str) -> list[tuple[str, float, str]]:
        """Return the ten passages that FTS5 ranks first."""
        asked = (
            question if question.startswith('"') else " OR ".join(f'"{word}"' for word in question.split())
        )
        return self._db.execute(
            "select p.uri, p.start, p.text from words join passage p on p.id = words.rowid "
            "where words match ? order by rank limit 10",
            (asked,),
        ).fetchall()
