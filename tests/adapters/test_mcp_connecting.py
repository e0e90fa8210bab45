"""Connecting in the conversation by MCP: the SDK's own client opens the page, and a real callback connects."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError, UrlElicitationRequiredError
from mcp_types import ElicitResult, ErrorData
from starlette.requests import Request
from vimeo_mcp import create_server, http_app
from vimeo_mcp.server import server_for

from tests.adapters.mcp_clients import free_port, over_http, served, text_of
from tests.examples import posts
from vimeo_toolkit import Connection, ConnectionRequest, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.web import connect_app

ERAS = ("auto", "legacy")
MAKE, LIST = "vimeo_folder_create", "vimeo_my_videos_find"
FOLDER = {"name": "A folder"}


@pytest.fixture
def toolkit(connection: Connection) -> Iterator[VimeoToolkit]:
    with VimeoToolkit([connection], store="sqlite:///:memory:") as made:
        yield made


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimeo_mcp.connecting.PATIENCE", 5.0)
    monkeypatch.setattr("vimeo_mcp.connecting.STEP", 0.01)


class Visitor:
    """A user whose client opens pages for them. `action` is what the client answers; `allow` is what they allow
    there: None for all that the link asks for, () if they do nothing."""

    def __init__(self, toolkit: VimeoToolkit, vimeo: Sandbox, who: str = "new") -> None:
        self._toolkit, self._vimeo, self._who = toolkit, vimeo, who
        self.action: Any = "accept"
        self.allow: Sequence[str] | None = None
        self.later = False
        self._visited: set[str] = set()
        self.asked: list[Any] = []
        self.told: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def visit(self, url: str) -> None:
        callback = await asyncio.to_thread(self._vimeo.authorize, url, scopes=self.allow)
        await self._toolkit.acomplete_authorization(callback, identifier=self._who)

    async def open(self, context: Any, params: Any) -> ElicitResult:
        self.asked.append(params)
        if self.action == "accept" and self.allow != () and params.url not in self._visited:
            self._visited.add(params.url)
            visit = asyncio.create_task(self.visit(params.url))
            self.tasks.append(visit)
            if not self.later:
                await visit
        return ElicitResult(action=self.action)

    async def hear(self, message: Any) -> None:
        self.told.append(str(getattr(message, "method", "")))

    def client(self, server: Any, era: str) -> Client:
        return Client(server, mode=era, elicitation_callback=self.open, message_handler=self.hear)


def _at_once(toolkit: VimeoToolkit, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let so many calls look at the account before any of them goes on."""
    looks, all_look, look = [], asyncio.Event(), toolkit.aconnection_request

    async def looked(calls: Any, **more: Any) -> Any:
        looks.append(calls)
        if len(looks) >= count:
            all_look.set()
        await all_look.wait()
        return await look(calls, **more)

    monkeypatch.setattr(toolkit, "aconnection_request", looked)
    monkeypatch.setattr("vimeo_mcp.connecting.GATHER", 0.4)


def _codes(results: Sequence[Any]) -> list[str | None]:
    return [json.loads(text_of(result)).get("error") for result in results]


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("era", ERAS)
async def test_a_call_goes_on_once_its_user_has_connected(
    era: str, later: bool, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    """Also where the page was merely opened when the client answered."""
    user = Visitor(toolkit, vimeo)
    user.later = later
    async with user.client(create_server("new", toolkit=toolkit), era) as client:
        assert _codes([await client.call_tool(MAKE, FOLDER)]) == [None]
        await client.call_tool(LIST)
    assert [(each.mode, each.message) for each in user.asked] == [
        ("url", "Connect your Vimeo account to go on.")
    ]
    assert posts(vimeo) == ["/me/projects"]
    legacy = era == "legacy"
    assert bool(user.asked[0].elicitation_id) is legacy, "the newer protocol has none"
    assert ("notifications/elicitation/complete" in user.told) is legacy


@pytest.mark.parametrize(
    ("action", "words"), [("decline", "declined"), ("cancel", "has not done"), ("accept", "has not done")]
)
@pytest.mark.parametrize("era", ERAS)
async def test_who_does_not_connect_gets_an_error_without_a_link(
    era: str, action: str, words: str, toolkit: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vimeo_mcp.connecting.PATIENCE", 0.05)
    user = Visitor(toolkit, vimeo)
    user.action, user.allow = action, ()
    async with user.client(create_server("new", toolkit=toolkit), era) as client:
        result = await client.call_tool(MAKE, FOLDER)
    assert len(user.asked) == 1
    assert result.is_error
    assert _codes([result]) == ["not_connected"]
    assert words in text_of(result)
    assert vimeo.url not in text_of(result)
    assert vimeo.requests == []


@pytest.mark.parametrize("era", ERAS)
async def test_who_cannot_be_asked_gets_the_link(era: str, toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    async with Client(create_server("new", toolkit=toolkit), mode=era) as client:
        told = json.loads(text_of(await client.call_tool(LIST)))
    assert told["authorization_link"].startswith(vimeo.url)
    user = Visitor(toolkit, vimeo)
    async with user.client(create_server("new", toolkit=toolkit, connect_url=None), era) as client:
        assert "authorization_link" in text_of(await client.call_tool(LIST))
    assert user.asked == []


@pytest.mark.parametrize("era", ERAS)
async def test_calls_at_once_have_one_link_for_all_that_is_missing(
    era: str, toolkit: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    _at_once(toolkit, 3, monkeypatch)
    toolkit.import_token(identifier="new", access_token=vimeo.issue_token(scopes=["public"]).access_token)
    user = Visitor(toolkit, vimeo)
    async with user.client(create_server("new", toolkit=toolkit), era) as client:
        calls = [client.call_tool(MAKE, FOLDER), client.call_tool(LIST), client.call_tool(MAKE, FOLDER)]
        assert _codes(await asyncio.gather(*calls)) == [None] * 3
    assert {each.message for each in user.asked} == {
        (
            "To go on, allow more at Vimeo: make showcases, folders and channels; see your private videos and "
            "collections."
        )
    }
    assert len({each.url for each in user.asked}) == 1
    if era == "legacy":
        assert len(user.asked) == 1
    assert len(posts(vimeo)) == 2


@pytest.mark.parametrize("era", ERAS)
async def test_what_was_not_allowed_is_asked_for_again(
    era: str, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    user = Visitor(toolkit, vimeo)
    user.allow = ["public", "private"]

    async def opened(context: Any, params: Any) -> ElicitResult:
        answer = await user.open(context, params)
        user.allow = None
        return answer

    server = create_server("new", toolkit=toolkit)
    async with Client(server, mode=era, elicitation_callback=opened) as client:
        assert _codes([await client.call_tool(MAKE, FOLDER)]) == [None]
    assert [each.message.partition(":")[0] for each in user.asked] == [
        "Connect your Vimeo account to go on.",
        "To go on, allow more at Vimeo",
    ]
    assert len(posts(vimeo)) == 1


async def test_a_client_that_cannot_ask_after_all(connection: Connection, vimeo: Sandbox) -> None:
    async def fails(context: Any, params: Any) -> Any:
        return ErrorData(code=-32603, message="No window is open.")

    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="writes") as guarded:
        guarded.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        for who, code in ("new", "not_connected"), ("u", "approval_required"):
            server = create_server(who, toolkit=guarded)
            async with Client(server, mode="legacy", elicitation_callback=fails) as client:
                assert _codes([await client.call_tool(MAKE, FOLDER)]) == [code]
    assert posts(vimeo) == []


async def test_one_user_declines_for_the_calls_that_wait_with_theirs(
    toolkit: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    _at_once(toolkit, 3, monkeypatch)
    user = Visitor(toolkit, vimeo)
    user.action = "decline"
    async with user.client(create_server("new", toolkit=toolkit), "legacy") as client:
        results = await asyncio.gather(*(client.call_tool(MAKE, FOLDER) for _ in range(3)))
        assert _codes(results) == ["not_connected"] * 3
        assert len(user.asked) == 1
        user.action = "accept"
        assert _codes([await client.call_tool(MAKE, FOLDER)]) == [None], "a later call asks anew"


async def test_a_connection_and_an_approval_of_one_call(connection: Connection, vimeo: Sandbox) -> None:
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="writes") as guarded:
        for era in ERAS:
            user = Visitor(guarded, vimeo, era)
            modes: list[str] = []

            async def answer(context: Any, params: Any, user: Visitor = user, modes: Any = modes) -> Any:
                modes.append(params.mode)
                if params.mode == "url":
                    return await user.open(context, params)
                return ElicitResult(action="accept", content={"approve": True})

            server = create_server(era, toolkit=guarded)
            async with Client(server, mode=era, elicitation_callback=answer) as client:
                assert _codes([await client.call_tool(MAKE, FOLDER)]) == [None]
            assert modes == ["url", "form"]
    assert len(posts(vimeo)) == 2


# ---- a page of the product ----


@pytest.mark.slow
@pytest.mark.parametrize("era", ERAS)
async def test_the_products_own_page_knows_who_opens_it(
    era: str, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connect pages and MCP in one application, a browser that is signed in there, and one that is not."""
    monkeypatch.setattr("vimeo_mcp.connecting.PATIENCE", 60.0)
    port = free_port()
    callback = f"http://127.0.0.1:{port}/vimeo/callback"
    vimeo.app.redirect_uris.append(callback)
    app = vimeo.app
    connection = Connection(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=callback,
        scopes=["public", "private"],
        api_url=vimeo.url,
    )

    def page(asked: ConnectionRequest) -> str:
        query = urlencode({"scopes": " ".join(asked.missing_scopes)})
        return f"http://127.0.0.1:{port}/vimeo/connect?{query}"

    statuses: list[int] = []

    async def opened(context: Any, params: Any) -> ElicitResult:
        async with httpx.AsyncClient() as stranger, httpx.AsyncClient(headers=_signed_in("ana")) as browser:
            statuses.append((await stranger.get(params.url)).status_code)
            to_vimeo = (await browser.get(params.url)).headers["location"]
            back = await asyncio.to_thread(vimeo.authorize, to_vimeo)
            statuses.append((await browser.get(back, follow_redirects=True)).status_code)
        return ElicitResult(action="accept")

    with VimeoToolkit([connection], store="sqlite:///:memory:") as toolkit:
        mcp = http_app(_identify, toolkit=toolkit, connect_url=page)
        mcp.mount("/vimeo", connect_app(toolkit, _identify))
        with served(mcp, port) as url:
            async with over_http(url, "ana", era, elicitation_callback=opened) as client:
                assert _codes([await client.call_tool(MAKE, FOLDER)]) == [None]
        granted = toolkit.get_connected_account(identifier="ana").granted_scopes
    assert granted == {"public", "private", "create"}
    assert statuses == [401, 200]
    assert len(posts(vimeo)) == 1


# ---- over HTTP ----


def _signed_in(who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who}"}


def _identify(request: Request) -> str | None:
    return request.headers.get("authorization", "").removeprefix("Bearer ") or None


@pytest.mark.parametrize("count", [2, pytest.param(40, marks=pytest.mark.slow)])
@pytest.mark.parametrize("era", ERAS)
async def test_over_http_users_connect_each_for_themselves(
    era: str, count: int, toolkit: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vimeo_mcp.connecting.PATIENCE", 60.0)
    users = {f"user {number}": Visitor(toolkit, vimeo, f"user {number}") for number in range(count)}

    async def made(who: str, url: str) -> Any:
        async with over_http(url, who, era, elicitation_callback=users[who].open) as client:
            return await client.call_tool(MAKE, {"name": who})

    with served(http_app(_identify, toolkit=toolkit)) as url:
        assert _codes(await asyncio.gather(*(made(who, url) for who in users))) == [None] * count
    assert [len(user.asked) for user in users.values()] == [1] * count
    assert len({user.asked[0].url for user in users.values()}) == count
    assert len(posts(vimeo)) == count


async def test_a_client_that_is_gone_keeps_no_call_of_its_user_waiting(
    toolkit: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither another client's, nor for long its own."""
    shown = asyncio.Event()

    async def never(context: Any, params: Any) -> ElicitResult:
        shown.set()
        await asyncio.Event().wait()
        raise AssertionError

    user = Visitor(toolkit, vimeo)
    with served(http_app(_identify, toolkit=toolkit)) as url:
        async with over_http(url, "new", "legacy", elicitation_callback=never) as gone:
            calls = [asyncio.create_task(gone.call_tool(MAKE, FOLDER))]
            await shown.wait()
            shown.clear()
            monkeypatch.setattr("vimeo_mcp.connecting.PATIENCE", 0.2)
            calls.append(asyncio.create_task(gone.call_tool(MAKE, FOLDER)))
            await shown.wait()
            monkeypatch.setattr("vimeo_mcp.connecting.PATIENCE", 60.0)
            async with over_http(url, "new", "legacy", elicitation_callback=user.open) as client:
                assert _codes([await client.call_tool(MAKE, FOLDER)]) == [None]
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
    assert len(user.asked) == 1


async def test_who_cannot_hold_the_request_opens_the_page_and_calls_again(
    toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    user = Visitor(toolkit, vimeo)
    server = server_for(toolkit.bind_tools(identifier="new"), lambda asked: asked.authorization_link)
    app = server.streamable_http_app(streamable_http_path="/mcp", json_response=True)
    with served(app) as url:
        async with over_http(url, None, "legacy", elicitation_callback=user.open) as client:
            with pytest.raises(MCPError) as caught:
                await client.call_tool(MAKE, FOLDER)
            (asked,) = UrlElicitationRequiredError.from_error(caught.value.error).elicitations
            assert asked.elicitation_id
            await user.visit(asked.url)
            assert _codes([await client.call_tool(MAKE, FOLDER)]) == [None]
    assert user.asked == []
    assert len(posts(vimeo)) == 1
