"""The tasks by the hosted connector's tools as published: each one request, of which a model reads all.

Its service between agent and Vimeo, which adds one more hop to each call, is not simulated. That favours it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import httpx

from benchmarks.peers.run import Answer, Run, Solve
from benchmarks.peers.stage import MONTH, NAME, TAG, TAGGED
from benchmarks.peers.summaries import by_month, number, seconds_until
from tests.contract.openapi import tools_59

__all__ = ["one_a_turn", "report", "showcase", "tags", "twenty_a_turn"]

NEWEST_FIRST: Final[dict[str, Any]] = {"sort": "date", "direction": "desc"}


@cache
def _routes() -> dict[str, tuple[str, str]]:
    """Return method and path of each of its tools."""
    return {tool["tool"]: (tool["method"], tool["path"]) for tool in tools_59()}


@dataclass(slots=True)
class Agent:
    """Makes the calls that a model would have to make, those that need nothing of each other in one turn."""

    run: Run
    client: httpx.AsyncClient
    a_turn: int

    async def call(self, name: str, /, **arguments: Any) -> Any:
        """Make a call in a turn of its own; return its result."""
        return (await self.calls(name, [arguments]))[0]

    async def calls(self, name: str, each: list[dict[str, Any]]) -> list[Any]:
        """Make several calls of a tool, those again that were refused for the user's limit."""
        found: list[Any] = []
        for at in range(0, len(each), self.a_turn):
            answers: dict[int, httpx.Response] = {}
            part = dict(enumerate(each[at : at + self.a_turn]))
            while left := {place: part[place] for place in part if not _answered(answers.get(place))}:
                if answers:
                    self.run.wait(max(seconds_until(answers[place].headers) for place in left))
                self.run.turns += 1
                sent = await asyncio.gather(*(self._send(name, arguments) for arguments in left.values()))
                answers |= zip(left, sent, strict=True)
            found += [json.loads(answers[place].text or "null") for place in part]
        return found

    async def _send(self, name: str, arguments: dict[str, Any]) -> httpx.Response:
        method, path = _routes()[name]
        sent = {key: value for key, value in arguments.items() if f"{{{key}}}" not in path}
        given: dict[str, Any] = {"params": sent} if method == "GET" else {"json": sent.get("tags", sent)}
        self.run.called({"name": name, "args": arguments})
        answer = await self.client.request(method, path.format(**arguments), **given)
        self.run.texts.append(answer.text)
        return answer

    async def videos(self, since: str = "") -> list[Any]:
        """Read the library's pages, the newest first, as far as the videos are of `since` or later."""
        found: list[Any] = []
        for page in range(1, 100):
            told = await self.call("vimeo_my_videos_list", per_page=100, page=page, **NEWEST_FIRST)
            found += told["data"]
            if not told["paging"]["next"] or found[-1]["created_time"] < since:
                break
        return [video for video in found if video["created_time"] >= since]


def _answered(answer: httpx.Response | None) -> bool:
    """Whether a call needs not be made any more.

    Raises:
        httpx.HTTPStatusError: it was refused for another reason than the user's limit.
    """
    if answer is None or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return False
    answer.raise_for_status()
    return True


Does = Callable[[Agent], Awaitable[Answer]]


async def showcase(agent: Agent) -> None:
    """Put each video in by a call of its own."""
    videos = await agent.videos(MONTH)
    made = await agent.call("vimeo_showcase_create", name=NAME)
    album = number(made)
    each = [{"album_id": album, "video_id": number(video)} for video in videos]
    await agent.calls("vimeo_showcase_video_add", each)


async def tags(agent: Agent) -> None:
    """Tag each video by a call of its own."""
    told = await agent.call("vimeo_my_videos_list", per_page=TAGGED, **NEWEST_FIRST)
    each = [{"video_id": number(video), "tags": [{"name": TAG}]} for video in told["data"]]
    await agent.calls("vimeo_video_tags_add", each)


async def report(agent: Agent) -> Answer:
    """Let the model read the whole library, and add up."""
    return by_month(await agent.videos())


def one_a_turn(does: Does) -> Solve:
    """Return the task as done by a model that makes one call after the other."""
    return _by(does, 1)


def twenty_a_turn(does: Does) -> Solve:
    """Return the task as done by a model that makes up to twenty calls at once."""
    return _by(does, 20)


def _by(does: Does, a_turn: int) -> Solve:
    async def solve(run: Run) -> Answer:
        headers = {"Authorization": f"bearer {run.token}"}
        async with httpx.AsyncClient(base_url=run.stage.url, headers=headers, timeout=60) as client:
            run.begin()
            return await does(Agent(run, client, a_turn))

    return solve
