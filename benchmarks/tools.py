"""Importing, making and binding tools; what definitions and results cost a model."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import httpx
from google.protobuf.json_format import ParseDict
from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_vimeo import get_tools as langchain_tools
from llama_index.tools.vimeo import get_tools as llama_tools
from scalekit.actions.frameworks.langchain import LangChain
from scalekit.v1.tools.tools_pb2 import Tool as ScalekitTool

from benchmarks.measure import Row, Section, interleaved
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.evaluation.tokens import counter
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.shape import to_json

__all__ = ["measure"]

ALL: dict[str, Any] = {"identifier": "user_0", "toolsets": "all"}

_TIMED = """
import time
{before}
start = time.perf_counter()
{timed}
print(time.perf_counter() - start)
"""
FRESH: Mapping[str, tuple[str, str]] = {
    "import httpx, pydantic": ("", "import httpx, pydantic"),
    "import httpx, and pydantic's BaseModel": ("", "import httpx; from pydantic import BaseModel"),
    "import vimeo_toolkit": ("", "import vimeo_toolkit"),
    "from vimeo_toolkit import VimeoToolkit": ("", "from vimeo_toolkit import VimeoToolkit"),
    "get_tools of all tools, cold, LangChain": (
        (
            "from langchain_vimeo import get_tools\n"
            "from vimeo_toolkit import Connection, VimeoToolkit\n"
            "toolkit = VimeoToolkit([Connection()], store='sqlite:///:memory:')"
        ),
        "get_tools(identifier='u', toolkit=toolkit, toolsets='all')",
    ),
    "get_tools of all tools, cold, LlamaIndex": (
        (
            "from llama_index.tools.vimeo import get_tools\n"
            "from vimeo_toolkit import Connection, VimeoToolkit\n"
            "toolkit = VimeoToolkit([Connection()], store='sqlite:///:memory:')"
        ),
        "get_tools(identifier='u', toolkit=toolkit, toolsets='all')",
    ),
}


def measure(rounds: int = 11) -> Section:
    """Import and construction times, tokens."""
    section = Section("Tools")
    fresh = _fresh(rounds)
    for name, floor, most in (
        ("import vimeo_toolkit", "import httpx, pydantic", 1.15),
        ("from vimeo_toolkit import VimeoToolkit", "import httpx, and pydantic's BaseModel", None),
    ):
        section.rows.append(Row(floor, statistics.median(fresh[floor]) * 1e3, "ms"))
        compared = statistics.median(a / b for a, b in zip(fresh[name], fresh[floor], strict=True))
        value = statistics.median(fresh[name]) * 1e3
        section.rows.append(Row(name, value, "ms", floor, compared, at_most=most))
    for name in FRESH:
        if "cold" in name:
            section.rows.append(Row(name, statistics.median(fresh[name]) * 1e3, "ms", at_most=40.0))
    with VimeoToolkit([Connection()], store="sqlite:///:memory:") as toolkit:
        _warm(section, toolkit)
        _definitions(section, toolkit)
    _page(section)
    section.notes.append(
        "`import vimeo_toolkit` loads what is asked for when it is asked for: the second figure is a program "
        "that uses it. Imports and cold figures are of fresh interpreters that take turns, with byte code "
        "cached. The hosted connector's conversion gets our 59 definitions from memory, in the place of its "
        "network call."
    )
    return section


def _fresh(rounds: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in FRESH}
    # With byte code cached, as an installed package has it, whatever this environment says.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with TemporaryDirectory() as cache:
        return _timed(rounds, found, {**environment, "PYTHONPYCACHEPREFIX": cache})


def _timed(rounds: int, found: dict[str, list[float]], environment: dict[str, str]) -> dict[str, list[float]]:
    for number in range(rounds + 1):
        for name, (before, timed) in FRESH.items():
            code = _TIMED.format(before=before, timed=timed)
            done = subprocess.run(  # noqa: S603 - our own code
                [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
            )
            if number:  # the first writes the byte code
                found[name].append(float(done.stdout.split()[-1]))
    return found


def _warm(section: Section, toolkit: VimeoToolkit) -> None:
    lang, llama = langchain_tools(**ALL, toolkit=toolkit), llama_tools(**ALL, toolkit=toolkit)
    hosted = _hosted()
    found = interleaved(
        {
            "get_tools of all tools, warm, LangChain": lambda: langchain_tools(**ALL, toolkit=toolkit),
            "get_tools of all tools, warm, LlamaIndex": lambda: llama_tools(**ALL, toolkit=toolkit),
            "the hosted connector's LangChain conversion of 59": lambda: hosted.get_tools(identifier="u"),
            "all tools bound again, LangChain": lambda: [convert_to_openai_tool(tool) for tool in lang],
            "all tools bound again, LlamaIndex": lambda: [tool.metadata.to_openai_tool() for tool in llama],
        },
        rounds=51,
        calls=1,
    )
    targets = {"warm": 1.0, "bound": 2.0}
    for name, seconds in found.items():
        most = next((target for word, target in targets.items() if word in name), None)
        section.rows.append(
            Row(f"{name} ({len(lang)})", statistics.median(seconds) * 1e3, "ms", at_most=most)
            if most
            else Row(name, statistics.median(seconds) * 1e3, "ms")
        )


def _hosted() -> Any:
    """The hosted connector's own conversion, its network call stubbed in its favour."""
    tools = []
    for tool in list(catalog().values())[:59]:
        definition = {"name": tool.name, "description": tool.description, "input_schema": tool.input_schema}
        tools.append(
            SimpleNamespace(
                tool=ParseDict({"definition": definition}, ScalekitTool()), connected_account_id="a"
            )
        )
    answer = (SimpleNamespace(tools=tools), None)
    client = SimpleNamespace(list_scoped_tools=lambda *_: answer)
    return LangChain(client, lambda **_: None)


def _definitions(section: Section, toolkit: VimeoToolkit) -> None:
    count, how = counter()
    for name, toolsets in (("the default tools", None), ("all tools", "all")):
        tools = langchain_tools(identifier="u", toolkit=toolkit, toolsets=toolsets)
        tokens = count(to_json([convert_to_openai_tool(tool) for tool in tools]))
        section.rows.append(Row(f"definitions of {name} ({len(tools)}), {how}", tokens, "tokens"))


def _page(section: Section) -> None:
    """A page of 25 of the user's videos: what a model reads, beside what Vimeo sends unprojected."""
    count, _ = counter()
    with (
        Sandbox() as vimeo,
        VimeoToolkit([Connection(api_url=vimeo.url)], store="sqlite:///:memory:") as toolkit,
    ):
        token = vimeo.issue_token().access_token
        toolkit.import_token(identifier="u", access_token=token)
        headers = {"authorization": f"bearer {token}"}
        whole = httpx.get(f"{vimeo.url}/me/videos?per_page=25", headers=headers).json()
        shown = toolkit.execute_tool(
            identifier="u", tool_name="vimeo_my_videos_list", tool_input={"per_page": 25}
        )
        ours, theirs = count(shown.to_text()), count(json.dumps(whole, separators=(",", ":")))
        section.rows += [
            Row("a page of 25 videos, unprojected", theirs, "tokens"),
            Row("a page of 25 videos", ours, "tokens", "unprojected", ours / theirs, at_most=1 / 15),
        ]
