"""The profile of the hottest path: one blocking call of the core."""

from __future__ import annotations

import cProfile
import io
import pstats
import re

from benchmarks.accounts import toolkit_with
from benchmarks.measure import Section
from benchmarks.server import serving

__all__ = ["measure"]


def measure(calls: int = 2_000) -> Section:
    """Where the time of a call goes."""
    section = Section("The hottest path")
    with serving() as url, toolkit_with(1, url) as toolkit:

        def call() -> None:
            toolkit.execute_tool(
                identifier="user_0", tool_name="vimeo_video_get", tool_input={"video_id": "123456789"}
            )

        for _ in range(100):
            call()
        profile = cProfile.Profile()
        profile.enable()
        for _ in range(calls):
            call()
        profile.disable()
    text = io.StringIO()
    pstats.Stats(profile, stream=text).sort_stats("tottime").print_stats(25)
    # Names of modules, without the folders of this machine.
    shown = re.sub(r"\S*/(?:site-packages|python3\.\d+|(?=vimeo_toolkit/))/?", "", text.getvalue())
    section.text = "\n".join(line.rstrip() for line in shown.splitlines() if line.strip())
    return section
