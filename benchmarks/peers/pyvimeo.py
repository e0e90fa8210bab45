"""The tasks by a script with PyVimeo, one call after the other. For a model it is one turn: what a model would have
to decide, its author has written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from vimeo import VimeoClient
from vimeo.exceptions import APIRateLimitExceededFailure

from benchmarks.peers.run import Answer, Run, Solve
from benchmarks.peers.stage import MONTH, NAME, TAG, TAGGED
from benchmarks.peers.summaries import by_month, number, seconds_until

__all__ = ["by_hand", "report", "sentence", "showcase", "showcase_by_one_list", "summed_up", "tags"]

VIDEO: Final = "uri,name,created_time,duration,metadata.connections.texttracks.total"
"""What the author of a summary asks for."""


@dataclass(slots=True)
class Script:
    """Calls Vimeo, and gives a model all answers, or the author's own summary of them."""

    run: Run
    client: Any
    summary: bool
    _reset: dict[str, str]

    def call(self, method: str, path: str, fields: str = "uri", **given: Any) -> Any:
        """Make a call; return its answer's JSON. PyVimeo raises at a limit, and a careful author waits."""
        if self.summary:
            path = f"{path}{'&' if '?' in path else '?'}fields={fields}"
        while True:
            self.run.called()
            try:
                answer = getattr(self.client, method)(path, **given)
            except APIRateLimitExceededFailure:
                self.run.wait(seconds_until(self._reset))
                continue
            answer.raise_for_status()
            self._reset = answer.headers
            if not self.summary:
                self.run.texts.append(answer.text)
            return answer.json() if answer.text else None

    def videos(self, since: str = "") -> list[Any]:
        """Read the library's pages, the newest first, as far as the videos are of `since` or later."""
        found: list[Any] = []
        for page in range(1, 100):
            path = f"/me/videos?per_page=100&page={page}&sort=date&direction=desc"
            told = self.call("get", path, VIDEO)
            found += told["data"]
            if not told["paging"]["next"] or found[-1]["created_time"] < since:
                break
        return [video for video in found if video["created_time"] >= since]

    def say(self, summary: object) -> None:
        """Let a model read the author's summary."""
        if self.summary:
            self.run.texts.append(str(summary))


Does = Callable[[Script], Answer]


def showcase(script: Script) -> None:
    """Put the videos in one by one."""
    videos = script.videos(MONTH)
    album = script.call("post", "/me/albums", data={"name": NAME})
    for video in videos:
        script.call("put", f"/me/albums/{number(album)}/videos/{number(video)}")
    script.say({"showcase": album["uri"], "videos": [(video["uri"], video["name"]) for video in videos]})


def showcase_by_one_list(script: Script) -> None:
    """Put all videos in by one list, and look what came of it."""
    videos = script.videos(MONTH)
    album = script.call("post", "/me/albums", data={"name": NAME})
    path = f"/me/albums/{number(album)}/videos"
    script.call("put", path, data={"videos": ",".join(video["uri"] for video in videos)})
    there = script.call("get", f"{path}?per_page=100", VIDEO)["data"]
    script.say({"showcase": album["uri"], "videos": [(video["uri"], video["name"]) for video in there]})


def tags(script: Script) -> None:
    """Tag the videos one by one."""
    videos = script.call("get", f"/me/videos?per_page={TAGGED}&sort=date&direction=desc", VIDEO)["data"]
    for video in videos:
        script.call("put", f"/videos/{number(video)}/tags", data=[{"name": TAG}])
    script.say([(video["uri"], video["name"]) for video in videos])


def sentence(script: Script) -> Answer:
    """Read each transcript; return the videos that say the sentence."""
    found = []
    for video in script.videos():
        if video["metadata"]["connections"]["texttracks"]["total"]:
            track = script.call("get", f"{video['uri']}/texttracks", "uri")["data"][0]
            fields = "cue_start,lines.text"
            said = script.call("get", f"{video['uri']}/transcripts/{number(track)}?per_page=100", fields)
            found += [(video["uri"], line) for line in said if script.run.stage.facts.sentence in str(line)]
    script.say(found)
    return [uri for uri, _ in found]


def report(script: Script) -> Answer:
    """Add the library up by month."""
    found = by_month(script.videos())
    script.say(found)
    return found


def by_hand(does: Does) -> Solve:
    """Return the task as done by a script that gives a model the answers as they are."""
    return _by(does, summary=False)


def summed_up(does: Does) -> Solve:
    """Return the task as done by a script that asks for a few fields and gives a model a summary."""
    return _by(does, summary=True)


def _by(does: Does, *, summary: bool) -> Solve:
    async def solve(run: Run) -> Answer:
        client = VimeoClient(token=run.token)
        client.API_ROOT = run.stage.url
        run.begin()
        run.turns += 1
        return does(Script(run, client, summary, {}))

    return solve
