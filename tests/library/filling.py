"""An index as a sync makes it, without the sync: filled from what is in the sandbox."""

from __future__ import annotations

from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.library.index import Index, Stamp
from vimeo_toolkit.library.model import IndexedVideo, Segment
from vimeo_toolkit.library.passages import passages
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.sandbox import User, Video

__all__ = ["fill", "index_of"]


def index_of(toolkit: VimeoToolkit, identifier: str) -> Index:
    """The index of the Vimeo user who is connected under this identifier."""
    identity = Identity("vimeo", identifier)
    account = run_sync(toolkit._context.vault.load(toolkit._blocking, identity))
    libraries = toolkit._context.libraries
    assert account is not None
    assert libraries is not None
    return libraries.index(Owner(identity, account.generation))


def fill(toolkit: VimeoToolkit, identifier: str, user: User, synced: float | None = None) -> Index:
    """Fill the index of a user with their videos, and note when that was."""
    index = index_of(toolkit, identifier)
    for video in user.videos:
        known, segments = _known(video)
        index.put(known, Stamp("1", 0.0), list(passages(segments, known.language)))
    if synced is not None:
        index.note({"synced": synced})
    return index


def _known(video: Video) -> tuple[IndexedVideo, list[Segment]]:
    spoken = max(video.texttracks, key=lambda track: track.provenance == "user_uploaded", default=None)
    segments = [
        Segment(cue.start / 1000, cue.end / 1000, cue.text, cue.voice or "")
        for cue in (spoken.cues if spoken else ())
    ]
    secret = f"/{video.secret_hash}" if video.view == "unlisted" else ""
    known = IndexedVideo(
        f"/videos/{video.id}",
        video.name,
        f"https://vimeo.com/{video.id}{secret}",
        description=video.description or "",
        tags=tuple(video.tags),
        chapters=tuple((float(each.timecode), each.title) for each in video.chapters),
        created=video.created.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        duration=float(video.duration),
        privacy=video.view,
        folder=video.folder.uri if video.folder else "",
        language=(spoken.language if spoken else video.language) or "",
        words="captions" if segments else "pending" if spoken or video.status != "available" else "none",
    )
    return known, segments
