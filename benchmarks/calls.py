"""One call: the core, LangChain and LlamaIndex beside bare httpx, hand-written tools and PyVimeo."""

from __future__ import annotations

import asyncio
import json
import statistics
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import vimeo
from langchain_core.tools import StructuredTool
from langchain_vimeo import get_tools as langchain_tools
from llama_index.core.tools import FunctionTool
from llama_index.tools.vimeo import get_tools as llama_tools

from benchmarks.accounts import toolkit_with
from benchmarks.measure import Row, Seconds, Section, ainterleaved, interleaved, ratio
from benchmarks.server import serving
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.wire.format import ACCEPT

__all__ = ["measure"]

TOOL = "vimeo_video_get"
HEADERS = {"Authorization": "bearer token-user_0", "Accept": ACCEPT}
WHOM: dict[str, Any] = {"identifier": "user_0", "tool_name": TOOL, "tool_input": {"video_id": "123456789"}}
ARGUMENTS = {"video_id": "123456789"}

TARGETS = [
    ("core", "bare httpx", 0.75),
    ("LangChain", "hand-written StructuredTool", 1.0),
    ("LangChain", "PyVimeo", 1.0),
    ("LlamaIndex", "hand-written FunctionTool", 1.05),
]


def measure(rounds: int = 31, calls: int = 40) -> Section:
    """Medians of one call, blocking and asynchronous."""
    section = Section("One call")
    with serving() as url, toolkit_with(1, url) as toolkit:
        query = {"fields": catalog()[TOOL].fields}
        address = f"{url}/videos/123456789"

        def only(tools: Any) -> Any:
            return next(iter(tools))

        ours_lc = only(langchain_tools(identifier="user_0", toolkit=toolkit, include=[TOOL]))
        ours_li = only(llama_tools(identifier="user_0", toolkit=toolkit, include=[TOOL]))
        client = httpx.Client()
        pyvimeo = vimeo.VimeoClient(token="token-user_0")  # noqa: S106 - no real one
        pyvimeo.API_ROOT = url

        def bare() -> Any:
            return client.get(address, params=query, headers=HEADERS).json()

        def by_hand(video_id: str) -> str:
            """Get one video's details."""
            return json.dumps(client.get(f"{url}/videos/{video_id}", params=query, headers=HEADERS).json())

        hand_lc, hand_li = StructuredTool.from_function(by_hand), FunctionTool.from_defaults(by_hand)
        blocking: dict[str, Callable[[], Any]] = {
            "bare httpx": bare,
            "core": lambda: toolkit.execute_tool(**WHOM),
            "hand-written StructuredTool": lambda: hand_lc.invoke(ARGUMENTS),
            "LangChain": lambda: ours_lc.invoke(ARGUMENTS),
            "hand-written FunctionTool": lambda: hand_li.call(**ARGUMENTS),
            "LlamaIndex": lambda: ours_li.call(**ARGUMENTS),
            "PyVimeo": lambda: pyvimeo.get("/videos/123456789", params=query).json(),
        }
        _rows(section, "blocking", interleaved(blocking, rounds=rounds, calls=calls))

        async def asynchronous() -> Seconds:
            async with httpx.AsyncClient() as aclient:

                async def abare() -> Any:
                    return (await aclient.get(address, params=query, headers=HEADERS)).json()

                async def aby_hand(video_id: str) -> str:
                    """Get one video's details."""
                    answer = await aclient.get(f"{url}/videos/{video_id}", params=query, headers=HEADERS)
                    return json.dumps(answer.json())

                ahand_lc = StructuredTool.from_function(coroutine=aby_hand)
                ahand_li = FunctionTool.from_defaults(async_fn=aby_hand)
                functions: dict[str, Callable[[], Awaitable[Any]]] = {
                    "bare httpx": abare,
                    "core": lambda: toolkit.aexecute_tool(**WHOM),
                    "hand-written StructuredTool": lambda: ahand_lc.ainvoke(ARGUMENTS),
                    "LangChain": lambda: ours_lc.ainvoke(ARGUMENTS),
                    "hand-written FunctionTool": lambda: ahand_li.acall(**ARGUMENTS),
                    "LlamaIndex": lambda: ours_li.acall(**ARGUMENTS),
                }
                return await ainterleaved(functions, rounds=rounds, calls=calls)

        _rows(section, "asynchronous", asyncio.run(asynchronous()))
        client.close()
    section.notes.append(
        "Every request is the same: one video with the tool's projection, over one kept-alive connection, "
        "its answer read as JSON. PyVimeo is a bare call, without any framework."
    )
    return section


def _rows(section: Section, way: str, found: Seconds) -> None:
    for floor in ("bare httpx", "hand-written StructuredTool", "hand-written FunctionTool", "PyVimeo"):
        if floor in found:
            section.rows.append(Row(f"{floor}, {way}", statistics.median(found[floor]) * 1e6, "µs"))
    for name, floor, most in TARGETS:
        if floor in found:
            value = statistics.median(found[name]) * 1e6
            section.rows.append(
                Row(f"{name}, {way}", value, "µs", floor, ratio(found, name, floor), at_most=most)
            )
