"""Large results: a full page without a projection, and ten thousand items one after the other."""

from __future__ import annotations

import json
import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import httpx

from benchmarks.accounts import toolkit_with
from benchmarks.measure import Row, Section, interleaved, ratio
from benchmarks.server import serving, serving_pages
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.wire.format import ACCEPT

__all__ = ["measure"]

LIST = "vimeo_my_videos_list"


def measure(rounds: int = 11, items: int = 10_000) -> Section:
    """Time beside bare httpx with JSON, and peak memory."""
    section = Section("Large results")
    with serving(_unprojected()) as url, toolkit_with(1, url) as toolkit, httpx.Client() as client:
        headers = {"Authorization": "bearer token-user_0", "Accept": ACCEPT}

        def bare() -> Any:
            return client.get(f"{url}/me/videos", params={"per_page": 100}, headers=headers).json()

        def ours() -> Any:
            return toolkit.execute_tool(
                identifier="user_0", tool_name=LIST, tool_input={"per_page": 100}, detail="full"
            )

        found = interleaved({"bare httpx": bare, "core": ours}, rounds=rounds, calls=3)
        section.rows += [
            Row("100 videos unprojected, bare httpx", statistics.median(found["bare httpx"]) * 1e3, "ms"),
            Row(
                "100 videos unprojected, core",
                statistics.median(found["core"]) * 1e3,
                "ms",
                "bare httpx",
                ratio(found, "core", "bare httpx"),
                at_most=1.1,
            ),
        ]
        floor = _peak(bare)
        section.rows += [
            Row("peak memory of it, bare httpx", floor / 1e6, "MB"),
            Row("peak memory of it, core", _peak(ours) / 1e6, "MB", "bare httpx", _peak(ours) / floor),
        ]
    with serving_pages(items) as url, toolkit_with(1, url) as toolkit:
        count = 0

        def walk() -> None:
            nonlocal count
            for _ in toolkit.iterate(LIST, identifier="user_0"):
                count += 1

        start = time.perf_counter()
        walk()
        section.rows.append(Row(f"{items:,} items iterated", (time.perf_counter() - start) * 1e3, "ms"))
        section.rows.append(Row("peak memory of it", _peak(walk) / 1e6, "MB"))
        if count != 2 * items:
            raise RuntimeError(f"{count} items came.")
    return section


def _unprojected() -> bytes:
    """What Vimeo sends for 100 videos when nothing is projected, by the sandbox."""
    with Sandbox() as vimeo:
        owner = vimeo.add_user("Busy", videos=100)
        token = vimeo.issue_token(owner).access_token
        answer = httpx.get(
            f"{vimeo.url}/me/videos?per_page=100", headers={"authorization": f"bearer {token}"}
        )
        if len(answer.json()["data"]) != 100:
            raise RuntimeError("The sandbox gave another page.")
        return json.dumps(answer.json(), separators=(",", ":")).encode()


def _peak(function: Callable[[], Any]) -> int:
    tracemalloc.start()
    kept = function()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return peak
