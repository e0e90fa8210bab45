"""What a library's index can do, in whatever store it is.

Its methods block: a flow calls them by `IO.call`, which an asynchronous program runs in a thread. Several threads
may call one index at once. One that was deleted meanwhile, with its user or by `forget`, raises StoreError.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from vimeo_toolkit.errors import StoreError
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.library.asked import Asked
from vimeo_toolkit.library.model import (
    Change,
    Coverage,
    Filters,
    IndexedVideo,
    Kind,
    Near,
    Passage,
    VectorsKept,
)
from vimeo_toolkit.library.ranking import Candidate, Statistics

__all__ = ["Index", "Libraries", "Row", "Stamp", "Unembedded", "deleted"]


class Stamp(NamedTuple):
    """By what a sync sees whether it has to read a video's words again."""

    stamp: str
    checked: float
    """When its text tracks were last asked for, in seconds since the epoch."""


class Row(NamedTuple):
    """A passage with what stands around it."""

    video: IndexedVideo
    passage: Passage
    before: str
    after: str


class Unembedded(NamedTuple):
    """A passage that has no vector, with what one is made of."""

    key: int
    title: str
    """Of its video."""
    heading: str
    text: str
    kind: Kind


class Index(Protocol):
    """The index of one user's library."""

    def stamps(self) -> dict[str, Stamp]:
        """Return URI → stamp of every video."""
        ...

    def put(
        self,
        video: IndexedVideo,
        stamp: Stamp,
        spoken: Iterable[Passage] | None,
        changes: Sequence[Change] = (),
    ) -> None:
        """Keep a video in place of what was known of it, and the changes (numbered here), as a whole or not at all.

        `spoken`: the passages of its transcripts, by `passages.passages`; None leaves those that are there. The
        passages of the other kinds are made here, of the video (`passages.described`).
        """
        ...

    def remove(self, uris: Iterable[str], changes: Sequence[Change] = ()) -> int:
        """Forget videos; return how many were known."""
        ...

    def checked(self, uris: Iterable[str], at: float) -> None:
        """Note that these videos' text tracks were looked at and are what they were."""
        ...

    def video(self, uri: str) -> IndexedVideo | None:
        """Return a video; None where it is not known."""
        ...

    def passages(self, uri: str) -> list[Passage]:
        """Return a video's spoken passages in their order."""
        ...

    def coverage(self, filters: Filters) -> Coverage:
        """Return what there is of the videos that the filters let through."""
        ...

    def moment(self) -> AbstractContextManager[None]:
        """Let what this thread reads within see the index as it is now, whatever a sync writes meanwhile."""
        ...

    def languages(self) -> tuple[str, ...]:
        """Return the codes of the languages that passages are in, such as `en`."""
        ...

    def statistics(self, question: Asked) -> Statistics:
        """Return what the words of a question are weighed by."""
        ...

    def candidates(self, question: Asked, known: Statistics, filters: Filters) -> list[Candidate]:
        """Return the passages that may answer a question: those with its rarest words."""
        ...

    def similar_words(self, word: str) -> list[str]:
        """Return words of the library that are one edit away from a folded one, the most frequent first."""
        ...

    def vectors(self) -> VectorsKept:
        """Return which vectors there are."""
        ...

    def vectors_missing(self, model: str, limit: int, after: int = 0) -> list[Unembedded]:
        """Return passages of which this model has made no vector, by their numbers.

        Args:
            model: its name.
            limit: how many at most.
            after: those with greater numbers than this one.
        """
        ...

    def put_vectors(self, model: str, rows: Sequence[tuple[int, Sequence[float]]]) -> int:
        """Keep the vectors of passages by their numbers, in place of those of another model or of another length;
        return how many of the passages were still there.

        Raises:
            InvalidInput: they are not vectors of one length.
        """
        ...

    def nearest(self, model: str, vector: Sequence[float], filters: Filters, limit: int) -> list[Near]:
        """Return the passages whose vectors are nearest, the nearest first; [] where there are none of this model,
        or of another length."""
        ...

    def found(self, keys: Sequence[int]) -> dict[int, Row]:
        """Return each of these passages with its video and the passages before and after it."""
        ...

    def state(self) -> dict[str, Any]:
        """Return what a sync noted; {} before the first."""
        ...

    def note(self, state: Mapping[str, Any]) -> None:
        """Keep what a sync has to know: when it was complete, how far it is."""
        ...

    def changes(self, since: int = 0, limit: int = 500) -> list[Change]:
        """Return what changed after the change of this number, the oldest first."""
        ...

    def close(self) -> None:
        """Release what it holds open."""
        ...


class Libraries(Protocol):
    """The indexes of all users. Its methods block, too."""

    @property
    def folder(self) -> Path | None:
        """The folder whose files they are, of which nothing is ever uploaded; None where they are elsewhere."""
        ...

    def index(self, owner: Owner) -> Index:
        """Return a user's index, made if there is none.

        One of another Vimeo user under the same identity is deleted.
        """
        ...

    def forget(self, identity: Identity) -> bool:
        """Delete a user's index; return whether there was one. Who has it open cannot write to it any more."""
        ...

    def users(self) -> dict[str, float]:
        """Return `Identity.digest` → when it was last written, in seconds since the epoch, of all indexes."""
        ...

    def discard(self, digest: str) -> bool:
        """Delete the index of the user of this `Identity.digest`; return whether there was one."""
        ...

    def close(self) -> None:
        """Close all of them."""
        ...


def deleted() -> StoreError:
    """Return the error of an index that was deleted while it was used."""
    return StoreError(
        "This user's index was deleted while it was used.",
        hint="If the account is still connected, ask for the index anew and sync it.",
    )
