"""Every Python block of the README runs, in order."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.doubles import OneCallChat, OneCallLlm
from vimeo_toolkit.sandbox import Sandbox

README = Path(__file__).resolve().parents[2] / "README.md"


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
