"""A user with a library of their own, whose sync is looked at request by request."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.library.sync_report import SyncReport
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse
from vimeo_toolkit.sandbox import Sandbox, Video
from vimeo_toolkit.sandbox.state import Cue, TextTrack

__all__ = ["ME", "WORDS", "Answering", "Stage", "track"]

ME: dict[str, Any] = {"identifier": "user_1"}
WORDS = "We fold the letter twice and close it with wax."


class Stage:
    """A user with a library of their own, and a toolkit that indexes it."""

    def __init__(self, vimeo: Sandbox, folder: Path) -> None:
        self.vimeo = vimeo
        self.vimeo.user.plan = "enterprise"
        self.vimeo.user.videos.clear()
        self.toolkit = VimeoToolkit(
            [Connection(api_url=vimeo.url)], store="sqlite:///:memory:", library=f"sqlite:///{folder}"
        )
        self.toolkit.import_token(access_token=vimeo.issue_token().access_token, **ME)
        self._cursor = 0

    def film(self, name: str, words: str = WORDS, **more: Any) -> Video:
        """Add a video; with captions unless there are no words."""
        video = self.vimeo.add_video(self.vimeo.user, name, **more)
        if words:
            video.texttracks.append(track(self.vimeo, words))
        self.touch(video)
        return video

    def touch(self, video: Video) -> None:
        self.vimeo.clock.advance(2)
        video.modified = self.vimeo.clock.now()

    def sync(self, **more: Any) -> SyncReport:
        for thread in threading.enumerate():
            if thread.name == "vimeo-toolkit-beside":  # of a sync that was broken off
                thread.join()
        self.vimeo.requests.clear()
        report = self.toolkit.library.sync(**{"recheck": 0.0, **ME, **more})
        assert report.requests == len(self.vimeo.requests), "what is reported is what was sent"
        return report

    def paths(self) -> Counter[str]:
        return Counter(request.path for request in self.vimeo.requests)

    def changes(self) -> list[tuple[str, str]]:
        """What was told since the last time."""
        told = self.toolkit.changes(since=self._cursor, **ME)
        self._cursor = max([self._cursor, *(change.number for change in told)])
        return [(f"{change.kind} {' '.join(change.what)}".strip(), change.name) for change in told]

    def found(self, words: str) -> set[str]:
        return {hit.video.name for hit in self.toolkit.library.search(words, **ME).hits}

    def through(self, wrap: Callable[[Any], Any]) -> None:
        """Let what follows act through another `IO`."""
        self.toolkit._blocking = wrap(self.toolkit._blocking)


def track(vimeo: Sandbox, words: str, language: str = "en-US", **more: Any) -> TextTrack:
    cues = [Cue(1_000, 4_000, words)]
    return TextTrack(vimeo.world.next_id(), "captions", language, "Words", cues=cues, **more)


class Answering:
    """An `IO` in which a function sees each request first, and may answer it."""

    def __init__(self, io: Any, answer: Callable[[HttpRequest], HttpResponse | None]) -> None:
        self._io, self._answer = io, answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._io, name)

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        made = self._answer(request)
        return made or await self._io.send(request, timeout=timeout)

    async def sleep(self, seconds: float) -> None:
        """Waits are over at once."""
