"""An index as a sync makes it, without the sync: filled from what is in the sandbox."""

from __future__ import annotations

from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.library.index import Index, Stamp
from vimeo_toolkit.library.model import IndexedVideo, Passage, Segment
from vimeo_toolkit.library.passages import passages
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.sandbox import Video
from vimeo_toolkit.sandbox.state import TextTrack

__all__ = ["fill", "index_of"]


def index_of(toolkit: VimeoToolkit, identifier: str) -> Index:
    """The index of the Vimeo user who is connected under this identifier."""
    identity = Identity("vimeo", identifier)
    account = run_sync(toolkit._context.vault.load(toolkit._blocking, identity))
    libraries = toolkit._context.libraries
    assert account is not None
    assert libraries is not None
    return libraries.index(Owner(identity, account.generation))


def fill(index: Index, videos: list[Video]) -> None:
    """Put videos of the sandbox into an index."""
    for video in videos:
        index.put(_indexed(video), Stamp(video.modified.isoformat(), 0.0), _spoken(video))


def _indexed(video: Video) -> IndexedVideo:
    """Return a video of the sandbox as the index keeps it."""
    waits = bool(video.texttracks) or video.status != "available"
    secret = f"/{video.secret_hash}" if video.view == "unlisted" else ""
    return IndexedVideo(
        uri=f"/videos/{video.id}",
        name=video.name,
        link=f"https://vimeo.com/{video.id}{secret}",
        description=video.description or "",
        tags=tuple(video.tags),
        chapters=tuple((chapter.timecode, chapter.title) for chapter in video.chapters),
        created=video.created.isoformat(timespec="seconds"),
        modified=video.modified.isoformat(timespec="seconds"),
        duration=video.duration,
        privacy=video.view,
        folder=video.folder.uri if video.folder else "",
        language=video.language or "",
        words="captions" if _track(video) else "pending" if waits else "none",
    )


def _spoken(video: Video) -> list[Passage]:
    """Return what is said in a video, as passages."""
    track = _track(video)
    if track is None:
        return []
    said = (
        Segment(cue.start / 1_000, cue.end / 1_000, cue.text, cue.voice or cue.speaker) for cue in track.cues
    )
    return list(passages(said, track.language.removesuffix("-x-autogen")))


def _track(video: Video) -> TextTrack | None:
    """Return the track in a video's own language that is shown and has words."""
    shown = (track for track in video.texttracks if track.active and track.provenance != "autogen_dubbed")
    return next((track for track in shown if track.cues), None)
