"""A passage as the document of any framework: its words, and where they are said, as plain values."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Final

from vimeo_toolkit.accounts.model import ConnectedAccount
from vimeo_toolkit.library.model import Hit, IndexedVideo, Passage

__all__ = ["PassageDocument", "document_of", "document_of_hit"]

_NAMES: Final = uuid.UUID("7a1c9a50-3d7e-5b1b-9a57-0d6f6b2f6c11")
"""What the ids of documents are made in, so that no other program's are like them."""


@dataclass(frozen=True, slots=True)
class PassageDocument:
    """A part of what is said in a video, with what a citation needs."""

    id: str
    """A UUID that is the same at every load, so that a vector store replaces a passage and does not double it."""
    text: str
    metadata: dict[str, str | float]
    """`video` (URI), `title`, `link` (at the second), `start`, `end` (seconds), `language`, `speaker`, `kind`,
    `privacy`, `folder` (URI), `owner` (URI), `owner_name`, `source` (the video's page), `created`. Of one that was
    found also `second`, `score`, `before` and `after`. Every value is a text or a number: some vector
    stores take no others."""
    score: float | None = field(default=None)
    """Of one that was found: how well it answers."""


def document_of(video: IndexedVideo, passage: Passage, owner: ConnectedAccount) -> PassageDocument:
    """Return a passage as a document.

    Args:
        video: in which it is.
        passage: its words and times.
        owner: the account whose video it is.
    """
    return _made(video, passage, owner, passage.start)


def document_of_hit(hit: Hit, owner: ConnectedAccount) -> PassageDocument:
    """Return a passage that was found as a document, linked at the second of the words that were found."""
    found: dict[str, str | float] = {
        "second": hit.second,
        "score": hit.score,
        "before": hit.before,
        "after": hit.after,
    }
    made = _made(hit.video, hit.passage, owner, hit.second)
    return PassageDocument(made.id, made.text, made.metadata | found, hit.score)


def _made(video: IndexedVideo, passage: Passage, owner: ConnectedAccount, second: float) -> PassageDocument:
    name = f"{video.uri} {passage.kind} {passage.language} {passage.start:.3f}"
    return PassageDocument(
        str(uuid.uuid5(_NAMES, name)),
        passage.text,
        {
            "source": video.link,
            "link": Hit(video, passage, second, 0.0).link,
            "video": video.uri,
            "title": video.name,
            "start": passage.start,
            "end": passage.end,
            "language": passage.language or video.language,
            "speaker": passage.speaker,
            "kind": passage.kind,
            "privacy": video.privacy,
            "folder": video.folder,
            "owner": owner.vimeo_uri or "",
            "owner_name": owner.vimeo_name or "",
            "created": video.created,
        },
    )
