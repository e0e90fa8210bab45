"""Every code block of the documentation runs, or is checked for what it is."""

from __future__ import annotations

import ast
import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.adapters.doubles import OneCallChat, OneCallLlm
from tests.docs.blocks import ROOT, blocks_of, check_commands, check_file, names_from_elsewhere
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

PAGES = sorted((ROOT / "docs").rglob("*.md"))
README = ROOT / "README.md"
FRAMEWORKS = ROOT / "docs" / "guides" / "frameworks.md"
"""Its blocks need packages that are not in the default environment: tests/frameworks/test_guide.py runs them."""
REDIRECT = "https://your.app/vimeo/callback"
STANDALONE = [
    ROOT / "docs" / f"{name}.md"
    for name in (
        "index",
        "quickstart",
        "guides/conversations",
        "guides/langchain",
        "guides/llamaindex",
        "guides/mcp",
        "guides/notebooks",
        "guides/own-tools",
        "guides/testing",
    )
]
"""Pages whose blocks run when they are pasted, one after the other, with nothing made before."""


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the pages speak of: a toolkit over a sandbox with a connected user, another that asks first."""
    monkeypatch.chdir(tmp_path)
    with Sandbox(transcode_seconds=0.1) as vimeo:
        vimeo.app.redirect_uris[:] = [REDIRECT]
        connection = Connection(
            client_id=vimeo.app.client_id,
            client_secret=vimeo.app.client_secret,
            redirect_uri=REDIRECT,
            scopes=["public", "private", "create", "edit", "delete", "upload"],
            api_url=vimeo.url,
        )
        for name, value in {
            "VIMEO_CLIENT_ID": vimeo.app.client_id,
            "VIMEO_CLIENT_SECRET": vimeo.app.client_secret,
            "VIMEO_REDIRECT_URI": REDIRECT,
            "VIMEO_API_URL": vimeo.url,
            "VIMEO_TOOLKIT_STORE": "sqlite:///:memory:",
        }.items():
            monkeypatch.setenv(name, value)
        with (
            VimeoToolkit([connection], store="sqlite:///:memory:") as toolkit,
            VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive") as careful,
        ):
            for made in (toolkit, careful):
                made.import_token(identifier="user_1", access_token=vimeo.issue_token().access_token)
            toolkit.import_token(
                identifier="reads_only",
                access_token=vimeo.issue_token(vimeo.user, scopes=["public", "private"]).access_token,
            )
            doomed = vimeo.user.videos[0].uri
            yield {
                "vimeo": vimeo,
                "toolkit": toolkit,
                "careful": careful,
                "model": OneCallChat(tool_name="vimeo_video_delete", arguments={"video_id": doomed}),
                "llm": OneCallLlm(tool_name="vimeo_video_delete", arguments={"video_id": doomed}),
            }


def run(code: str, names: dict[str, Any], page: Path) -> None:
    """A block, which may await as a notebook's cell does."""
    compiled = compile(code, str(page), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    made = eval(compiled, names)  # noqa: S307 - our own documentation
    if asyncio.iscoroutine(made):
        asyncio.run(made)


@pytest.mark.filterwarnings("ignore:No encryption key")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT / "docs").as_posix())
def test_the_blocks_of_a_page(page: Path, names: dict[str, Any]) -> None:
    for block in blocks_of(page):
        match block.language:
            case "python" if page == FRAMEWORKS:
                compile(block.code, str(page), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            case "python":
                run(block.code, names, page)
            case "json":
                json.loads(block.code)
            case "sh" | "console":
                assert check_commands(block.code) > 0
            case other:
                check_file(other, block.code)


@pytest.mark.filterwarnings("ignore:No encryption key")
@pytest.mark.parametrize("page", STANDALONE, ids=lambda page: page.stem)
def test_a_page_runs_when_pasted(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    blocks = [block for block in blocks_of(page) if block.language == "python"]
    assert blocks
    for block in blocks:
        run(block.code, names, page)
    assert capsys.readouterr().out
    if (vimeo := names.get("vimeo")) and hasattr(vimeo, "stop"):
        vimeo.stop()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT / "docs").as_posix())
def test_a_page_says_where_names_come_from(page: Path) -> None:
    before = page.read_text().partition("```python")[0]
    assert {name for name in names_from_elsewhere(page) if f"`{name}`" not in before} == set()


def test_the_commands_of_the_readme() -> None:
    found = [check_commands(block.code) for block in blocks_of(README) if block.language in ("sh", "console")]
    assert sum(found) >= 6


def test_commands_within_sentences() -> None:
    found = [
        command
        for page in [README, *PAGES]
        for command in re.findall(r"(?<!`)`(vimeo-toolkit [^`]+)`", page.read_text())
    ]
    assert sum(check_commands(command) for command in found) > 15


def test_a_command_that_is_not_there_is_found() -> None:
    for wrong in ("vimeo-toolkit conect", "vimeo-toolkit accounts list --all", "rm -rf /"):
        with pytest.raises(AssertionError):
            check_commands(f"$ {wrong}")


async def test_the_agents_of_the_guide(names: dict[str, Any]) -> None:
    """What its functions do when they are called."""
    page = ROOT / "docs" / "guides" / "agents.md"
    _, llama, *_ = [block.code for block in blocks_of(page) if block.language == "python"]
    vimeo: Sandbox = names["vimeo"]
    count = len(vimeo.user.videos)
    exec(compile(llama, str(page), "exec"), names)  # noqa: S102
    assert "deleted" in await names["run"]("Delete my oldest video.")
    assert len(vimeo.user.videos) == count - 1


def test_the_product_of_the_guide_connects(names: dict[str, Any]) -> None:
    """The FastAPI guide's file as it stands, with a browser's way through it."""
    page = ROOT / "docs" / "guides" / "fastapi.md"
    first = next(block.code for block in blocks_of(page) if block.language == "python")
    product: dict[str, Any] = {}
    exec(compile(first, "product.py", "exec"), product)  # noqa: S102
    vimeo: Sandbox = product["vimeo"]
    with (
        vimeo,
        TestClient(product["app"], base_url="http://127.0.0.1:8000", follow_redirects=False) as client,
    ):
        assert client.get("/vimeo/").status_code == 401
        client.post("/sign-in", data={"user": "ana", "password": "wrong"})
        assert "Sign in" in client.get("/").text
        assert client.post("/sign-in", data={"user": "ana", "password": "demo"}).status_code == 303
        refused = client.get("/")
        assert refused.status_code == 403
        assert 'href="/vimeo/connect"' in refused.text
        sent = client.get("/vimeo/connect")
        answer = client.get(vimeo.authorize(sent.headers["location"]))
        assert answer.status_code == 303
        assert "code=" not in answer.headers["location"]
        assert vimeo.user.name in client.get("/vimeo/").text
        assert client.get("/").text.count("<li>") == 5
