"""The tasks by the tools that an agent gets by default, called as LangGraph's node of tools calls them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any, Final

from langchain_core.tools import BaseTool
from langchain_vimeo import get_tools

from benchmarks.peers.run import Answer, Run
from benchmarks.peers.stage import NAME, TAG, TAGGED
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.tables import items_of

__all__ = ["report", "sentence", "sentence_in_library", "showcase", "showcase_by_one_call", "tags"]

USER: Final = "ana"
LONG: Final = 0.5
"""Seconds from which on a wait of the toolkit's is skipped: shorter ones are for requests that are under way."""


@dataclass(slots=True)
class Agent:
    """Makes the calls that a model would have to make, one a turn."""

    run: Run
    tools: dict[str, BaseTool]

    async def call(self, name: str, /, **arguments: Any) -> Any:
        """Make a call, again after a limit; return what the model reads of it."""
        while True:
            self.run.turns += 1
            self.run.called({"name": name, "args": arguments})
            call = {"type": "tool_call", "id": str(self.run.calls), "name": name, "args": arguments}
            message = await self.tools[name].ainvoke(call)
            self.run.texts.append(message.content)
            if message.status != "error":
                return json.loads(message.content)
            if "retry_after" not in message.artifact:
                raise RuntimeError(message.content)
            self.run.wait(message.artifact["retry_after"])

    async def change(self, **arguments: Any) -> None:
        """Change many videos, and go on with the plan for as long as it says that something is left."""
        told = await self.call("vimeo_videos_change", **arguments, apply=True)
        while "left" in told:
            self.run.wait(told["continue_in_seconds"])
            told = await self.call("vimeo_videos_change", plan_id=told["plan_id"], apply=True)


async def showcase(run: Run) -> None:
    """Find the videos, then make the showcase with them: the fewest requests."""
    async with _agent(run) as agent:
        found = await agent.call("vimeo_my_videos_find", period="this_month")
        videos = [video["uri"] for video in items_of(found)]
        await agent.call("vimeo_showcase_create", name=NAME, videos=videos)


async def showcase_by_one_call(run: Run) -> None:
    """Say which videos and what becomes of them: the fewest turns."""
    async with _agent(run) as agent:
        await agent.change(period="this_month", new_showcase=NAME)


async def tags(run: Run) -> None:
    """Tag the newest videos."""
    async with _agent(run) as agent:
        await agent.change(sort="newest", limit=TAGGED, add_tags=[TAG])


async def sentence(run: Run) -> Answer:
    """Look for the sentence in all transcripts; return the videos that say it."""
    async with _agent(run) as agent:
        asked: dict[str, Any] = {"query": run.stage.facts.sentence}
        found: list[str] = []
        while True:
            told = await agent.call("vimeo_video_transcript_get", **asked)
            found += [row["uri"] for row in items_of(told)]
            if "next" not in told:
                return found
            if seconds := re.search(r"(\d+) seconds", told["incomplete"]):
                run.wait(int(seconds[1]))
            asked["start"] = told["next"]


async def sentence_in_library(run: Run) -> Answer:
    """Look for the sentence in the index of the library, which a sync has made before."""
    with TemporaryDirectory() as folder:
        async with _agent(run, library=f"sqlite:///{folder}") as agent:
            told = await agent.call("vimeo_library_search", query=f'"{run.stage.facts.sentence}"')
            return [row["uri"] for row in items_of(told)]


async def report(run: Run) -> Answer:
    """Let the tool count by month; return its rows."""
    async with _agent(run) as agent:
        told = await agent.call("vimeo_my_videos_find", group_by="month")
        return {row["month"]: (row["videos"], row["hours"]) for row in items_of(told)}


@asynccontextmanager
async def _agent(run: Run, **options: Any) -> AsyncIterator[Agent]:
    """Connect the user, and let the task begin."""

    def agrees(question: object) -> bool:
        run.questions += 1
        return True

    if run.approval:
        options |= {"approval": "writes", "confirm": agrees}
    toolkit = VimeoToolkit([Connection(api_url=run.stage.url)], store="sqlite:///:memory:", **options)
    _skip_waits(toolkit, run)
    try:
        await toolkit.aimport_token(identifier=USER, access_token=run.token)
        if "library" in options:
            await toolkit.library.async_sync(identifier=USER)
        run.begin()
        yield Agent(run, {tool.name: tool for tool in get_tools(identifier=USER, toolkit=toolkit)})
    finally:
        await toolkit.aclose()


def _skip_waits(toolkit: VimeoToolkit, run: Run) -> None:
    """Let the toolkit's waits for the user's limit be over at once, by its own clock and the sandbox's."""
    io: Any = toolkit._async
    now, monotonic = io.now, io.monotonic
    io.now = lambda: now() + run.skipped
    io.monotonic = lambda: monotonic() + run.skipped

    async def sleep(seconds: float) -> None:
        until = io.monotonic() + seconds
        await asyncio.sleep(seconds if seconds < LONG else 0)
        if seconds >= LONG and (left := until - io.monotonic()) > 0:  # others may have waited for the same
            run.skip(left)

    io.sleep = sleep
