"""A newcomer in a folder with a `.env` of their own: every step finds the same account, under the same key."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from tests.cli.conftest import Run
from vimeo_toolkit import VimeoToolkit, configuration
from vimeo_toolkit.sandbox import Sandbox

LANGCHAIN = """
from langchain.agents import create_agent
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_vimeo import get_tools


class Scripted(GenericFakeChatModel):
    def bind_tools(self, tools, **options):
        assert tools
        return self


call = {"name": "vimeo_me_get", "args": {}, "id": "1"}
model = Scripted(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("Done.")]))
agent = create_agent(model, get_tools(connection_name="vimeo", identifier="me"))
answer = agent.invoke({"messages": [("user", "Who am I?")]})
print(answer["messages"][-2].content)
"""


@pytest.fixture
def folder(folder: Path, monkeypatch: pytest.MonkeyPatch, vimeo: Sandbox) -> Path:
    """The working folder of an application that has a `.env` already; here it also names the sandbox."""
    home = folder / "application"
    home.mkdir()
    monkeypatch.chdir(home)
    (home / ".env").write_text(f"DATABASE_URL=postgresql://db/app\nVIMEO_API_URL={vimeo.url}\nSECRET=s3")
    return home


def _one_key(folder: Path) -> None:
    assert not list(folder.rglob("*.key")), "a second key"
    assert (folder / ".env").read_text().count("VIMEO_TOOLKIT_KEY") == 1
    assert (folder / ".env").read_text().startswith("DATABASE_URL=postgresql://db/app\n")


def test_every_step_works(
    folder: Path, vimeo: Sandbox, run: Run, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setattr(configuration, "_defaults", {})
    gc.collect()  # what other tests have left
    recwarn.clear()
    assert run("init", stdin="").exit_code == 0
    connected = run("connect", "--token", stdin=f"{vimeo.issue_token().access_token}\n")
    assert connected.exit_code == 0, connected.output
    called = run("call", "vimeo_my_videos_list", "per_page=5")
    assert json.loads(called.stdout)["total"] == len(vimeo.user.videos)

    with VimeoToolkit.from_env() as toolkit:
        assert toolkit.execute_tool(identifier="me", tool_name="vimeo_me_get")["uri"] == vimeo.user.uri
    import langchain_vimeo
    import vimeo_mcp

    named = {each.name: each for each in langchain_vimeo.get_tools(identifier="me")}
    assert vimeo.user.uri in str(named["vimeo_me_get"].invoke({}))
    assert vimeo_mcp.create_server("me")
    for made in configuration._defaults.values():
        made.close()
    _one_key(folder)
    assert [str(each.message) for each in recwarn if issubclass(each.category, ResourceWarning)] == []


@pytest.mark.slow
async def test_every_step_works_in_processes_of_their_own(
    folder: Path, vimeo: Sandbox, tmp_path: Path
) -> None:
    def ran(*command: str, stdin: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-X", "dev", *command],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        assert done.returncode == 0, done.stderr
        assert "ResourceWarning" not in done.stderr, done.stderr
        return done.stdout

    def typed(*arguments: str, stdin: str = "") -> str:
        return ran("-m", "vimeo_toolkit.cli", *arguments, stdin=stdin)

    typed("init")
    typed("connect", "--token", stdin=f"{vimeo.issue_token().access_token}\n")
    assert json.loads(typed("call", "vimeo_my_videos_list", "per_page=5"))["data"]
    assert "ACTIVE" in ran(
        "-c", "import vimeo_toolkit as v; print(v.default_toolkit().list_connected_accounts())"
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (entry,) = json.loads(typed("mcp", "--print-config"))["mcpServers"].values()
    started = StdioServerParameters(
        command=entry["command"], args=entry["args"], env=entry.get("env"), cwd=str(elsewhere)
    )
    async with Client(started) as client:
        answer: Any = await client.call_tool("vimeo_me_get")
        assert json.loads(answer.content[0].text)["uri"] == vimeo.user.uri
    assert vimeo.user.uri in ran("-c", LANGCHAIN)
    llama_index = (
        "from llama_index.tools.vimeo import get_tools; "
        "print(get_tools(identifier='me', include=['vimeo_my_videos_list'])[0].call())"
    )
    assert '"total":60' in ran("-c", llama_index)
    _one_key(folder)
    assert os.listdir(elsewhere) == []
