"""Every Python block of the README runs, in order, and what is made of the code is up to date."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.doubles import OneCallChat, OneCallLlm
from tests.contract.openapi import tools_59
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.observe import EVENTS
from vimeo_toolkit.sandbox import Sandbox

README = Path(__file__).resolve().parents[2] / "README.md"
GENERATED = re.compile(r"<!-- (\w+):begin -->(.*?)<!-- \1:end -->", re.DOTALL)
"""What is made of the code; with VIMEO_TOOLKIT_WRITE_README=1 its test renews it."""


@pytest.fixture
def in_a_folder(tmp_path: Path) -> Iterator[None]:
    before = os.getcwd()
    os.chdir(tmp_path)
    yield
    os.chdir(before)


@pytest.mark.usefixtures("in_a_folder")
@pytest.mark.filterwarnings("ignore:No encryption key")
def test_the_python_blocks_run() -> None:
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) >= 7
    redirect = "https://your.app/vimeo/callback"
    with Sandbox(transcode_seconds=0.1) as vimeo:
        vimeo.app.redirect_uris[:] = [redirect]
        vimeo.app.client_id, vimeo.app.client_secret = "your-client-id", "your-client-secret"
        names: dict[str, Any] = {
            "model": OneCallChat(tool_name="vimeo_me_get", arguments={}),
            "llm": OneCallLlm(tool_name="vimeo_me_get", arguments={}),
        }
        for block in blocks:
            code = block.replace(
                f'redirect_uri="{redirect}",', f'redirect_uri="{redirect}", api_url="{vimeo.url}",'
            )
            if "callback_url = " in code:
                callback = vimeo.authorize(names["link"])
                code = re.sub(r'callback_url = ".*"', f"callback_url = {callback!r}", code)
            exec(compile(code, "README.md", "exec"), names)  # noqa: S102 - our own README
        assert names["account"].status == "ACTIVE"
        assert names["answer"]["messages"][-1].content
        names["toolkit"].close()
        assert vimeo.user.showcases[-1].name == "For customers"
        assert len(vimeo.user.showcases[-1].videos) == 1


def tools_table() -> str:
    rows = ["", "| Tool | What it does | Scope | |", "|---|---|---|---|"]
    for tool in catalog().values():
        scopes = ", ".join(f"`{scope}`" for scope in sorted(tool.scopes)) or "any token"
        rows.append(f"| `{tool.name}` | {tool.description} | {scopes} | {tool.effect} |")
    return "\n".join(rows) + "\n"


def counts() -> str:
    hosted = len({each["tool"] for each in tools_59()} & catalog().keys())
    return (
        f"**{len(catalog())} tools**: all {hosted} of the hosted connector that you may know, under its names and "
        f"inputs, and {len(catalog()) - hosted} that it lacks"
    )


def events() -> str:
    return ", ".join(f"`{name}`" for name in EVENTS)


MADE = {"tools": tools_table, "counts": counts, "events": events}


def test_what_is_generated_is_up_to_date() -> None:
    text = README.read_text()
    assert {name for name, _ in GENERATED.findall(text)} == set(MADE)
    renewed = GENERATED.sub(
        lambda found: f"<!-- {found[1]}:begin -->{MADE[found[1]]()}<!-- {found[1]}:end -->", text
    )
    if os.environ.get("VIMEO_TOOLKIT_WRITE_README"):
        README.write_text(renewed)
        return
    assert text == renewed, "VIMEO_TOOLKIT_WRITE_README=1 uv run pytest tests/docs"
