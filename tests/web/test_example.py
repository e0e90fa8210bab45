"""The example product without a browser: its own questions for every library, conversations that wait for their
customer, what it says when it cannot start."""

from __future__ import annotations

import html
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from langchain_core.messages import HumanMessage, ToolMessage

from tests.waiting import hurry
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

EXAMPLE = Path(__file__).parents[2] / "examples" / "fastapi_app"
SCOPES = ("public", "private", "stats")
OWN_MODULES = ("main", "conversations", "keyword_model", "starting")


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(EXAMPLE))
    for name in OWN_MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    import main

    return main


@dataclass
class Product:
    vimeo: Sandbox
    toolkit: VimeoToolkit
    browser: httpx.AsyncClient


@pytest.fixture
def started(example: Any) -> Iterator[tuple[Sandbox, VimeoToolkit]]:
    with Sandbox() as vimeo, example.sandbox_toolkit(vimeo, "http://product/vimeo/callback") as toolkit:
        yield vimeo, toolkit


@pytest.fixture
async def product(example: Any, started: tuple[Sandbox, VimeoToolkit]) -> AsyncIterator[Product]:
    """Ana is signed in and not connected."""
    vimeo, toolkit = started
    app = httpx.ASGITransport(app=example.create_app(toolkit))
    async with httpx.AsyncClient(transport=app, base_url="http://product") as browser:
        answer = await browser.post("/sign-in", data={"customer": "ana", "password": "demo"})
        assert answer.status_code == 303
        yield Product(vimeo, toolkit, browser)


async def connect(product: Product, person: Any, scopes: tuple[str, ...] = SCOPES) -> None:
    token = product.vimeo.issue_token(person, scopes=scopes).access_token
    await product.toolkit.aimport_token(identifier="ana", access_token=token, allow_account_change=True)


async def ask(product: Product, question: str) -> httpx.Response:
    return await product.browser.post("/ask", data={"question": question}, follow_redirects=True)


async def decide(product: Product, asked: httpx.Response, decision: str) -> httpx.Response:
    (about, *_) = re.findall('name="about" value="(.+?)"', asked.text)
    answer = {"about": about, "decision": decision}
    return await product.browser.post("/ask/decide", data=answer, follow_redirects=True)


def link_in(page: httpx.Response) -> str:
    (link,) = re.findall('href="(http.+?)">Connect Vimeo', page.text)
    return html.unescape(link)


async def test_the_suggested_questions_are_answered_for_every_library(example: Any, product: Product) -> None:
    product.vimeo.add_user("Nobody Yet")
    product.vimeo.add_user("One Film", videos=[{"name": "The only one"}])
    for person in product.vimeo.users:
        await connect(product, person)
        for question in example.SUGGESTED:
            answer = await ask(product, question)
            assert answer.status_code == 200, (person.name, question, answer.text)
            assert "Looked up with vimeo_" in answer.text
            newest = max(person.videos, key=lambda video: video.created, default=None)
            if "newest" in question and newest is not None:
                assert f"“{newest.name.replace('&', '&amp;')}”" in answer.text


@pytest.mark.parametrize(
    ("stats", "told"),
    [
        ({"stats": {"plays": 1234}}, "1 video: “A film” (1,234 plays)."),
        ({"stats": {"plays": None}}, "1 video: “A film”."),
        ({}, "1 video: “A film”."),
    ],
)
def test_plays_are_told_where_vimeo_tells_them(example: Any, stats: dict[str, Any], told: str) -> None:
    listed = {"total": 1, "data": [{"name": "A film", **stats}]}
    result = ToolMessage("{}", name="vimeo_my_videos_list", tool_call_id="call_1", artifact=listed)
    question = HumanMessage("Which of my videos are played most?")
    assert example.KeywordModel().invoke([question, result]).text == told


async def test_a_lost_account_is_offered_its_link(product: Product) -> None:
    ana = next(user for user in product.vimeo.users if user.name == "Ana Lind")
    await connect(product, ana)
    assert "Three lighthouses" in (await product.browser.get("/videos")).text
    product.vimeo.revoke_all(ana)
    asked = await ask(product, "Which are my newest videos?")
    assert "Connect your Vimeo account again to go on." in asked.text
    assert link_in(asked).startswith(product.vimeo.url)
    page = await product.browser.get("/videos")
    assert "no longer" in page.text
    assert 'href="/vimeo/connect"' in page.text
    status = (await product.browser.get("/vimeo/")).text
    assert "Connected before as <strong>Ana Lind" in status


async def test_a_conversation_waits_for_vimeo_and_goes_on(product: Product) -> None:
    asked = await ask(product, "Which are my newest videos?")
    link = link_in(asked)
    assert link in html.unescape((await product.browser.get("/ask")).text), (
        "one link, however often it is looked at"
    )
    assert (await product.browser.get("/")).status_code == 200
    again = await ask(product, "Which is my oldest video?")
    assert "oldest" not in again.text, "it waits, and nothing else is asked meanwhile"
    await connect(product, product.vimeo.user)
    back = await product.browser.get("/")
    assert (back.status_code, back.headers["location"]) == (303, "/ask")
    page = await product.browser.get("/ask")
    assert "Looked up with vimeo_my_videos_list" in page.text
    assert "authorize" not in page.text


async def test_a_link_that_is_too_old_is_made_anew(product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    first = link_in(await ask(product, "Which are my newest videos?"))
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 3601)
    second = link_in(await product.browser.get("/ask"))
    assert second != first
    await connect(product, product.vimeo.user)
    assert "Looked up with vimeo_my_videos_list" in (await product.browser.get("/ask")).text


async def test_not_now_is_an_answer(product: Product) -> None:
    asked = await ask(product, "Which are my newest videos?")
    page = await decide(product, asked, "no")
    assert "Your Vimeo account is not connected, so I could not look." in html.unescape(page.text)
    assert "Your question" in page.text


async def test_a_change_waits_for_permission_and_then_for_the_customers_yes(product: Product) -> None:
    await connect(product, product.vimeo.user)
    oldest = min(product.vimeo.user.videos, key=lambda video: video.created)
    asked = await ask(product, "Delete my oldest video")
    assert "To go on, allow more at Vimeo: delete your videos and collections." in asked.text
    assert "+delete" in link_in(asked)
    await connect(product, product.vimeo.user, (*SCOPES, "delete"))
    asked = await product.browser.get("/ask")
    assert f"Permanently delete the video “{oldest.name}” (" in html.unescape(asked.text)
    assert "It cannot be undone." in asked.text
    kept = await decide(product, asked, "no")
    assert "I have changed nothing." in kept.text
    assert oldest in product.vimeo.user.videos
    asked = await ask(product, "Delete my oldest video")
    page = await decide(product, asked, "yes")
    assert "The video was deleted." in page.text
    assert oldest not in product.vimeo.user.videos
    left = list(product.vimeo.user.videos)
    assert "The video was deleted." in (await decide(product, asked, "yes")).text
    assert product.vimeo.user.videos == left, "a second click decides nothing"


async def test_a_new_title_is_shown_beside_the_former(product: Product) -> None:
    await connect(product, product.vimeo.user, (*SCOPES, "edit"))
    newest = max(product.vimeo.user.videos, key=lambda video: video.created)
    asked = await ask(product, "Rename my newest video to “Summer”")
    assert f"Title: from “{newest.name}” to “Summer”." in html.unescape(asked.text)
    page = await decide(product, asked, "yes")
    assert "It is called “Summer” now." in page.text
    assert newest.name == "Summer"


async def test_a_model_that_stops_is_a_page_and_the_next_question_begins_anew(
    example: Any, started: tuple[Sandbox, VimeoToolkit]
) -> None:
    class Stops(example.KeywordModel):  # type: ignore[misc]
        def _generate(self, messages: Any, *args: Any, **kwargs: Any) -> Any:
            if "newest" in messages[-1].text:
                raise RuntimeError("quotes a key: sk-1")
            return super()._generate(messages, *args, **kwargs)

    vimeo, toolkit = started
    app = httpx.ASGITransport(app=example.create_app(toolkit, model=Stops()))
    async with httpx.AsyncClient(transport=app, base_url="http://product") as browser:
        product = Product(vimeo, toolkit, browser)
        await browser.post("/sign-in", data={"customer": "ana", "password": "demo"})
        await connect(product, vimeo.user)
        page = await browser.post("/ask", data={"question": "Which are my newest videos?"})
        assert (page.status_code, "The model stopped with RuntimeError." in page.text) == (502, True)
        assert "sk-1" not in page.text
        assert "Looked up with" in (await ask(product, "Which is my oldest video?")).text


async def test_what_was_not_allowed_is_offered_its_link(product: Product) -> None:
    await connect(product, product.vimeo.user, ("public",))
    page = await product.browser.get("/videos")
    assert (page.status_code, 'href="/vimeo/connect"' in page.text) == (403, True)


async def test_vimeo_that_does_not_answer_is_a_page(product: Product) -> None:
    await connect(product, product.vimeo.user)
    hurry(product.toolkit)
    product.vimeo.stop()
    page = await product.browser.get("/videos")
    assert page.status_code == 503
    assert "Try again" in page.text
    assert "/vimeo/connect" not in page.text


@pytest.mark.parametrize("given", ["80x", "-1", "65536", "", "²"])
def test_a_port_that_is_none_says_what_to_give(example: Any, given: str) -> None:
    with pytest.raises(SystemExit, match="Give a number between 1 and 65535"):
        example.listening(given)


def test_a_busy_port_says_what_to_do(example: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} cannot be used.*PORT=8001"):
            example.listening(str(port))


def test_a_model_without_a_key_or_package_says_so(example: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAT_MODEL", "no-such-provider:x")
    with pytest.raises(SystemExit, match="PROVIDER:NAME"):
        example.chat_model()


def run_example(*before: str, **more: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VIMEO_")}
    return subprocess.Popen(
        [sys.executable, *before, str(EXAMPLE / "main.py")],
        env=environment | {"PYTHONUNBUFFERED": "1"} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_ctrl_c_ends_it_cleanly() -> None:
    process = run_example(PORT="0")
    assert process.stdout is not None
    told = process.stdout.readline()
    assert told.startswith("Open http://127.0.0.1:")
    assert httpx.get(told.split()[1], timeout=30).status_code == 200
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (out, err, process.returncode) == ("Ended.\n", "", 0)


@pytest.mark.slow
def test_a_missing_package_is_named() -> None:
    process = run_example("-S")  # without site-packages, as outside the project's environment
    out, err = process.communicate(timeout=60)
    assert (out, process.returncode) == ("", 1)
    assert "needs itsdangerous" in err
    assert "uv run python" in err
    assert "pip install" in err


@pytest.mark.slow
def test_settings_that_are_wrong_are_told(tmp_path: Path) -> None:
    process = run_example(
        PORT="0",
        VIMEO_CLIENT_ID="some-app",
        VIMEO_TOOLKIT_STORE=f"sqlite:///{tmp_path / 'accounts.db'}",
    )
    out, err = process.communicate(timeout=60)
    assert (out, process.returncode) == ("", 1)
    assert "redirect_uri" in err or "VIMEO_REDIRECT_URI" in err
    assert "Traceback" not in err
