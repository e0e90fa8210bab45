"""`vimeo-toolkit mcp`, as a client starts it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp_types import ElicitResult

from tests.adapters.mcp_clients import free_port
from tests.adapters.signing_in import Person, Site, connected
from tests.cli.conftest import Run
from tests.examples import example_input, posts, writes
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.cli.account_notice import notice_about
from vimeo_toolkit.cli.mcp_answers import advise
from vimeo_toolkit.cli.session import Session
from vimeo_toolkit.sandbox import Sandbox

DELETE = "vimeo_video_delete"


def _started(*arguments: str) -> StdioServerParameters:
    command = ["-m", "vimeo_toolkit.cli", "mcp", *arguments]
    # All of it: the SDK passes on only what is safe, and the settings are not among that.
    return StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))


def _text(result: Any) -> Any:
    return json.loads(result.content[0].text)


def _texts(result: Any) -> list[str]:
    return [each.text for each in result.content]


@pytest.mark.parametrize("era", ["auto", pytest.param("legacy", marks=pytest.mark.slow)])
async def test_stdio(era: str, owner: str, vimeo: Sandbox) -> None:
    async def yes(context: Any, params: Any) -> ElicitResult:
        return ElicitResult(action="accept", content={"approve": True})

    given = example_input(DELETE, vimeo)
    async with Client(_started("--identifier", owner), mode=era) as client:
        assert DELETE in {tool.name for tool in (await client.list_tools()).tools}
        assert _text(await client.call_tool("vimeo_me_get"))["uri"] == vimeo.user.uri
        assert _text(await client.call_tool(DELETE, given))["error"] == "approval_required"
    async with Client(_started("--identifier", owner), mode=era, elicitation_callback=yes) as client:
        assert not (await client.call_tool(DELETE, given)).is_error
    assert [request.method for request in writes(vimeo)] == ["DELETE"]


def _pasted(printed: str, folder: Path) -> StdioServerParameters:
    """What a desktop client makes of the configuration that was printed: another folder, another environment."""
    (entry,) = json.loads(printed)["mcpServers"].values()
    folder.mkdir(exist_ok=True)
    # A file of settings of somebody else's, which lies where the client happens to start the server.
    (folder / ".env").write_text("VIMEO_API_URL=http://127.0.0.1:1\nVIMEO_TOOLKIT_KEY=theirs\n")
    return StdioServerParameters(
        command=entry["command"], args=entry["args"], env=entry.get("env"), cwd=str(folder)
    )


async def test_what_is_printed_works_from_any_folder(
    owner: str,
    environment: dict[str, str],
    vimeo: Sandbox,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "settings").write_text("".join(f"{name}='{value}'\n" for name, value in environment.items()))
    for name in environment:
        monkeypatch.delenv(name)
    options = ("--as", owner, "--read-only", "--toolset", "library")
    printed = run("mcp", "--print-config", *options, "--env-file", str(tmp_path / "settings")).stdout
    async with Client(_pasted(printed, tmp_path / "elsewhere")) as client:
        tools = (await client.list_tools()).tools
        assert tools
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
        assert _text(await client.call_tool("vimeo_my_videos_list"))["total"] == len(vimeo.user.videos)
        assert _text(await client.call_tool(DELETE, {"video_id": "1"}))["error"] == "unknown_tool"


@pytest.mark.slow
async def test_no_approval(owner: str, vimeo: Sandbox) -> None:
    async with Client(_started("--identifier", owner, "--approval", "none")) as client:
        assert not (await client.call_tool(DELETE, example_input(DELETE, vimeo))).is_error


@contextmanager
def _serving(*arguments: str, port: int = 0, **environment: str) -> Iterator[str]:
    port = port or free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "vimeo_toolkit.cli", "mcp", "--http", f"127.0.0.1:{port}", *arguments],
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for _ in range(600):
            # An answer counts: a bare connection to a free port can come to be one of the socket with itself.
            with suppress(httpx2.TransportError):
                httpx2.get(f"http://127.0.0.1:{port}/mcp", timeout=5)
                break
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert f"http://127.0.0.1:{port}/mcp" in said


async def _me(url: str, key: str) -> Any:
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        return _text(await client.call_tool("vimeo_me_get"))["uri"]


async def test_http_for_one(owner: str, vimeo: Sandbox) -> None:
    with _serving("--identifier", owner, VIMEO_TOOLKIT_MCP_TOKEN="a-long-secret") as url:
        assert await _me(url, "a-long-secret") == vimeo.user.uri
        async with httpx2.AsyncClient() as http:
            for sent in {}, {"Authorization": "Bearer wrong"}, {"Authorization": "a-long-secret"}:
                assert (await http.post(url, json={}, headers=sent)).status_code == 401


async def test_http_for_whoever_signs_in(environment: dict[str, str], vimeo: Sandbox) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    vimeo.app.redirect_uris.append(f"{url}/vimeo/callback")
    with _serving("--public-url", url, port=port, VIMEO_REDIRECT_URI=f"{url}/vimeo/callback"):
        async with connected(Site(url, vimeo), Person(vimeo)) as client:
            assert _text(await client.call_tool("vimeo_me_get"))["uri"] == vimeo.user.uri


async def test_http_for_many(owner: str, run: Run, vimeo: Sandbox, tmp_path: Path) -> None:
    other = vimeo.add_user("Other")
    token = vimeo.issue_token(other).access_token
    assert run("connect", "other", "--token", stdin=f"{token}\n").exit_code == 0
    (tmp_path / "signed_in.py").write_text(
        "def who(request):\n"
        "    keys = {'Bearer 1': 'owner', 'Bearer 2': 'other'}\n"
        "    return keys.get(request.headers.get('authorization'))\n"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    with _serving("--identify", "signed_in:who", PYTHONPATH=path) as url:
        assert await _me(url, "1") == vimeo.user.uri
        assert await _me(url, "2") == other.uri
        async with httpx2.AsyncClient() as http:
            assert (await http.post(url, json={})).status_code == 401


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--http", "8000"], "not HOST:PORT"),
        (["--http", "127.0.0.1:0"], "not HOST:PORT"),
        (["--http", "0.0.0.0:8000"], "--identify"),
        (["--http", "127.0.0.1:8000", "--identify", "no_such_module:who"], "names no function"),
        (["--http", "127.0.0.1:8000", "--identify", "json:no_such"], "names no function"),
        (["--identify", "json:dumps"], "Add --http"),
        (["--public-url", "https://mcp.example.com"], "Add --http"),
        (["--http", "127.0.0.1:8000", "--public-url", "http://mcp.example.com"], "not the public URL"),
        (["--http", "127.0.0.1:8000", "--public-url", "https://mcp.example.com/x"], "not the public URL"),
        (
            ["--http", "127.0.0.1:8000", "--public-url", "https://mcp.example.com"],
            "https://mcp.example.com/vimeo/cal",
        ),
        (["--http", "127.0.0.1:8000", "--authorization-server", "https://a.example"], "--identify"),
        (
            [
                "--http",
                "127.0.0.1:8000",
                "--identify",
                "json:dumps",
                "--public-url",
                "https://mcp.example.com",
            ],
            "--authorization-server",
        ),
        (["--toolset", "nothing"], "toolsets"),
    ],
)
def test_what_cannot_work_is_a_sentence(
    arguments: list[str], said: str, environment: dict[str, str], run: Run
) -> None:
    outcome = run("mcp", *arguments)
    assert outcome.exit_code in (1, 2)
    assert said in outcome.stderr


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['mcp'] = None\nfrom vimeo_toolkit.cli import main; main()"
    command = [sys.executable, "-c", code, "mcp"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert 'pip install "vimeo-toolkit[mcp]"' in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def _server(identifier: str, **chosen: Any) -> Any:
    """The server of `vimeo-toolkit mcp`, and what it says on stderr, without a process of its own."""
    from vimeo_mcp import create_server

    session = Session()
    toolkit = session.toolkit(new_store=True, approval="destructive")
    said = notice_about(session, toolkit, "vimeo", identifier, writes=True)
    server = create_server(identifier, toolkit=toolkit, **chosen)
    advise(server, session, identifier, said)
    return server, said


async def test_nobody_is_connected_under_the_identifier(owner: str) -> None:
    server, said = _server("ownr")
    assert "`vimeo-toolkit connect ownr --token`" in said
    assert "'owner'" in said, "who is"
    async with Client(server) as client:
        first = await client.call_tool("vimeo_me_get")
        second = await client.call_tool("vimeo_me_get")
    assert first.is_error
    assert _texts(first)[1:] == [said], "once"
    assert len(second.content) == 1
    told = _text(first)
    assert (told["error"], "vimeo-toolkit connect ownr" in told["hint"]) == ("not_connected", True)


async def test_a_token_that_may_not_write(environment: dict[str, str], vimeo: Sandbox, run: Run) -> None:
    token = vimeo.issue_token(scopes=["public", "private"]).access_token
    assert run("connect", "reader", "--token", stdin=f"{token}\n").exit_code == 0
    server, said = _server("reader")
    assert "no write access" in said
    async with Client(server) as client:
        first = await client.call_tool("vimeo_me_get")
        assert not first.is_error
        assert _texts(first)[1:] == [said]
        told = _text(await client.call_tool("vimeo_video_edit", example_input("vimeo_video_edit", vimeo)))
    assert told["error"] == "missing_scope"
    assert "`vimeo-toolkit connect reader --token`" in told["hint"]
    assert "edit" in told["hint"]


async def test_a_call_that_waits_names_the_command(owner: str, vimeo: Sandbox, run: Run) -> None:
    server, said = _server(owner)
    assert said == ""
    given = example_input(DELETE, vimeo)
    async with Client(server) as client:
        told = _text(await client.call_tool(DELETE, given))
        (command,) = re.findall("`vimeo-toolkit (approve .+?)`", told["hint"])
        assert "--approval none" in told["hint"], "the client cannot ask"
        assert run(*shlex.split(command)).exit_code == 0
        assert not (await client.call_tool(DELETE, given)).is_error
    assert [request.method for request in writes(vimeo)] == ["DELETE"]


async def test_a_client_that_can_ask_is_not_told_of_other_ways(owner: str, vimeo: Sandbox) -> None:
    async def not_now(context: Any, params: Any) -> ElicitResult:
        return ElicitResult(action="cancel")

    async with Client(_server(owner)[0], elicitation_callback=not_now) as client:
        told = _text(await client.call_tool(DELETE, example_input(DELETE, vimeo)))
    assert told["error"] == "approval_required"
    assert "--approval" not in told["hint"]


@pytest.mark.slow
@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_a_client_opens_the_page_where_its_user_connects(
    era: str, environment: dict[str, str], vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where somebody waits for the callback: a process of its own, in which the account appears while it runs."""
    public = "https://product.example/vimeo/callback"
    vimeo.app.redirect_uris.append(public)
    monkeypatch.setenv("VIMEO_REDIRECT_URI", public)
    asked = []

    async def opened(context: Any, params: Any) -> ElicitResult:
        asked.append(params)
        callback = await asyncio.to_thread(vimeo.authorize, params.url)
        with VimeoToolkit.from_env() as product:
            await product.acomplete_authorization(callback, identifier="new")
        return ElicitResult(action="accept")

    command = _started("--identifier", "new", "--approval", "none")
    async with Client(command, mode=era, elicitation_callback=opened) as client:
        made = await client.call_tool("vimeo_folder_create", {"name": "A folder"})
        again = await client.call_tool("vimeo_me_get")
    assert not made.is_error
    assert not again.is_error
    assert [(each.mode, each.url.startswith(vimeo.url)) for each in asked] == [("url", True)]
    assert posts(vimeo) == ["/me/projects"]


@pytest.mark.slow
@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_no_page_is_opened_whose_callback_leads_nowhere(era: str, environment: dict[str, str]) -> None:
    """The redirect URI is on this machine, where only `vimeo-toolkit connect` waits, and only while it runs."""
    asked = []

    async def opened(context: Any, params: Any) -> ElicitResult:
        asked.append(params)
        return ElicitResult(action="accept")

    async with Client(_started("--identifier", "new"), mode=era, elicitation_callback=opened) as client:
        told = _text(await client.call_tool("vimeo_me_get"))
    assert asked == []
    assert "vimeo-toolkit connect new" in told["hint"]
    assert "authorization_link" not in told


def test_a_port_that_is_taken(owner: str, run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        outcome = run("mcp", "--http", f"127.0.0.1:{taken.getsockname()[1]}")
    assert outcome.exit_code == 1
    assert "Nothing can listen" in outcome.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")
def test_ctrl_c_ends_it_while_it_waits_for_a_terminal(owner: str) -> None:
    import pty

    terminal, other = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "vimeo_toolkit.cli", "mcp", "--as", owner],
        stdin=other,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        assert process.stderr.readline().startswith("Settings:")
        # It says so before it waits: until it ends, it is interrupted again.
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.2)
    finally:
        process.kill()
        rest = process.stderr.read()
        process.stderr.close()
        os.close(terminal)
        os.close(other)
    assert process.wait(10) == 130
    assert "Traceback" not in rest
