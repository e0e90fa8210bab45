"""Every Python block of the README runs, in order."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.adapters.doubles import OneCallChat, OneCallLlm
from vimeo_toolkit import VimeoToolkit, default_toolkit, generate_key
from vimeo_toolkit.sandbox import Sandbox

README = Path(__file__).resolve().parents[2] / "README.md"
REDIRECT = "https://your.app/vimeo/callback"


@pytest.fixture
def in_a_folder(tmp_path: Path) -> Iterator[None]:
    before = os.getcwd()
    os.chdir(tmp_path)
    yield
    os.chdir(before)


@pytest.fixture
def vimeo() -> Iterator[Sandbox]:
    with Sandbox(transcode_seconds=0.1) as sandbox:
        sandbox.app.redirect_uris[:] = [REDIRECT]
        sandbox.app.client_id, sandbox.app.client_secret = "your-client-id", "your-client-secret"
        yield sandbox


@pytest.fixture
def connected_as_me(vimeo: Sandbox, in_a_folder: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the README's four commands leave in the folder: settings, and the account `me`."""
    settings = {
        "VIMEO_API_URL": vimeo.url,
        "VIMEO_TOOLKIT_STORE": "sqlite:///mine.db",
        "VIMEO_TOOLKIT_KEY": generate_key(),
    }
    Path(".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    with VimeoToolkit.from_env() as toolkit:
        toolkit.import_token(identifier="me", access_token=vimeo.issue_token().access_token)
    yield
    default_toolkit().close()


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scripted models in the place of a provider's, whose package is not installed here."""
    provider = ModuleType("llama_index.llms.openai")
    vars(provider)["OpenAI"] = lambda name: OneCallLlm(tool_name="vimeo_me_get", arguments={})
    monkeypatch.setitem(sys.modules, "llama_index.llms", ModuleType("llama_index.llms"))
    monkeypatch.setitem(sys.modules, "llama_index.llms.openai", provider)


@pytest.mark.usefixtures("connected_as_me", "models")
@pytest.mark.filterwarnings("ignore:No encryption key")
def test_the_python_blocks_run(vimeo: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) >= 4
    names: dict[str, Any] = {"model": OneCallChat(tool_name="vimeo_me_get", arguments={})}
    for block in blocks:
        code = block.replace('"openai:gpt-5-mini"', "model")
        code = code.replace(
            f'redirect_uri="{REDIRECT}",', f'redirect_uri="{REDIRECT}", api_url="{vimeo.url}",'
        )
        if "callback_url = " in code:
            callback = vimeo.authorize(names["link"])
            code = re.sub(r'callback_url = ".*"', f"callback_url = {callback!r}", code)
        exec(compile(code, "README.md", "exec"), names)  # noqa: S102 - our own README
    assert names["account"].status == "ACTIVE"
    assert vimeo.user.name in names["answer"]["messages"][-1].content
    assert capsys.readouterr().out.count(vimeo.user.name) == 2  # what both agents answered
    names["toolkit"].close()


def test_the_agents_take_ten_lines() -> None:
    agents = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)[:2]
    assert all("get_tools" in block and len(block.split("\n\n\n")[0].split("\n")) <= 10 for block in agents)
