"""The MCP adapter, with the SDK's own client: in memory in both eras of the protocol, and over HTTP."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolRequestParams, ElicitResult, InputRequiredResult
from starlette.exceptions import HTTPException
from starlette.requests import Request
from vimeo_mcp import create_server, http_app
from vimeo_mcp.approval import ANSWER

from tests.adapters.mcp_clients import over_http, served, text_of
from tests.examples import UPLOADS, example_input, keep_example, writes
from vimeo_toolkit import Connection, InvalidInput, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.toolsets import DEFAULT
from vimeo_toolkit.sandbox import Sandbox

TOOLS = sorted(catalog())
DESTRUCTIVE = sorted(name for name, tool in catalog().items() if tool.destructive)
DELETE = "vimeo_video_delete"
ERAS = ("auto", "legacy")
"""2026-07-28, where a question is a result, and the handshake before, where it is a request of the server's."""


@pytest.fixture
def own(connection: Connection, vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    with _toolkit(connection, vimeo) as made:
        yield made


@pytest.fixture
def guarded(connection: Connection, vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    with _toolkit(connection, vimeo, approval="destructive") as made:
        yield made


@contextmanager
def _toolkit(connection: Connection, vimeo: Sandbox, **rules: Any) -> Iterator[VimeoToolkit]:
    with VimeoToolkit([connection], store="sqlite:///:memory:", upload_folders=[UPLOADS], **rules) as made:
        made.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        keep_example(made, "u")
        vimeo.requests.clear()
        yield made


def _client(toolkit: VimeoToolkit, era: str = "auto", **more: Any) -> Client:
    return Client(
        create_server("u", toolkit=toolkit, toolsets="all"), mode=era, elicitation_callback=more.get("asked")
    )


# ---- the catalogue ----


@pytest.mark.parametrize("era", ERAS)
async def test_definitions(era: str, own: VimeoToolkit) -> None:
    async with _client(own, era) as client:
        shown = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert sorted(shown) == TOOLS
    for name, tool in catalog().items():
        assert shown[name].description == tool.description
        title = shown[name].title or ""
        assert title[0].isupper()
        assert "_" not in title
        assert shown[name].input_schema == {"type": "object", **tool.input_schema}
        hints = shown[name].annotations
        assert hints is not None
        assert hints.read_only_hint is tool.read_only
        assert hints.destructive_hint is tool.destructive
        assert hints.idempotent_hint is tool.idempotent
        assert hints.open_world_hint is True


@pytest.mark.parametrize(
    "name", [name if name in DEFAULT else pytest.param(name, marks=pytest.mark.slow) for name in TOOLS]
)
async def test_every_tool(name: str, own: VimeoToolkit, vimeo: Sandbox) -> None:
    keep_example(own, "u")
    async with _client(own) as client:
        result = await client.call_tool(name, example_input(name, vimeo))
    assert not result.is_error, text_of(result)
    assert json.loads(text_of(result))
    assert bool(vimeo.requests) != catalog()[name].local


async def test_what_the_server_says_of_itself(own: VimeoToolkit) -> None:
    async with _client(own) as client:
        said = client.server_info
        assert said is not None
        assert (said.name, said.title) == ("vimeo", "Vimeo")
        assert [each.mime_type for each in said.icons or []] == ["image/svg+xml"]
        assert "never instructions" in (client.instructions or "")
        tools = {tool.name: tool.title for tool in (await client.list_tools()).tools}
    assert tools["vimeo_folder_video_add"] == "Add folder video"
    assert tools["vimeo_video_wait_ready"] == "Wait until a video is ready"


async def test_choosing_tools(own: VimeoToolkit) -> None:
    async def names(**choice: Any) -> set[str]:
        async with Client(create_server("u", toolkit=own, **choice)) as client:
            return {tool.name for tool in (await client.list_tools()).tools}

    assert await names() == {tool.name for tool in own.tools()}
    assert await names(include=["vimeo_me_get"]) == {"vimeo_me_get"}
    assert await names(read_only=True) == {tool.name for tool in own.tools(read_only=True)}
    with pytest.raises(InvalidInput, match="identifier"):
        create_server("", toolkit=own)


async def test_a_tool_that_was_not_chosen_cannot_be_called(own: VimeoToolkit, vimeo: Sandbox) -> None:
    server = create_server("u", toolkit=own, read_only=True)
    async with Client(server) as client:
        result = await client.call_tool(DELETE, example_input(DELETE, vimeo))
    assert json.loads(text_of(result))["error"] == "unknown_tool"
    assert result.is_error
    assert writes(vimeo) == []


@pytest.mark.parametrize("era", ERAS)
async def test_an_error_is_a_result_that_a_model_can_act_on(
    era: str, own: VimeoToolkit, vimeo: Sandbox
) -> None:
    async with _client(own, era) as client:
        result = await client.call_tool("vimeo_video_get", {"video_id": "../me"})
        assert result.is_error
        assert "video_id: " in json.loads(text_of(result))["message"]
        for extra in "identifier", "connection_name", "approval_id", "dry_run":
            result = await client.call_tool("vimeo_me_get", {extra: "v"})
            assert json.loads(text_of(result))["error"] == "invalid_input"
    assert writes(vimeo) == []
    async with Client(create_server("nobody", toolkit=own), mode=era) as client:
        problem = json.loads(text_of(await client.call_tool("vimeo_me_get")))
    assert problem["error"] == "not_connected"
    assert "nobody" not in str(problem)


@pytest.mark.parametrize("era", ERAS)
async def test_a_bug_is_not_shown_to_the_client(
    era: str, own: VimeoToolkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(**given: Any) -> None:
        raise ZeroDivisionError("bug-marker")

    monkeypatch.setattr(own, "aexecute_tool", broken)
    async with _client(own, era) as client:
        with pytest.raises(MCPError) as caught:
            await client.call_tool("vimeo_me_get")
    assert "bug-marker" not in str(caught.value.error)


# ---- approval ----


def _answering(asked: list[str], answer: ElicitResult) -> Callable[..., Any]:
    async def answered(context: Any, params: Any) -> ElicitResult:
        asked.append(params.message)
        assert list(params.requested_schema["properties"]) == [ANSWER]
        return answer

    return answered


@pytest.mark.parametrize("era", ["auto", pytest.param("legacy", marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", DESTRUCTIVE)
async def test_no_destructive_tool_runs_without_approval(
    name: str, era: str, guarded: VimeoToolkit, vimeo: Sandbox
) -> None:
    async with _client(guarded, era) as client:  # which cannot ask its user
        result = await client.call_tool(name, example_input(name, vimeo))
    assert result.is_error
    assert json.loads(text_of(result))["error"] == "approval_required"
    assert writes(vimeo) == []


@pytest.mark.parametrize("era", ERAS)
async def test_elicited(era: str, guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    given = example_input(DELETE, vimeo)
    asked: list[str] = []
    yes = _answering(asked, ElicitResult(action="accept", content={ANSWER: True}))
    async with _client(guarded, era, asked=yes) as client:
        result = await client.call_tool(DELETE, given)
        assert not result.is_error, text_of(result)
        assert [request.path for request in writes(vimeo)] == [f"/videos/{given['video_id']}"]
        assert len(asked) == 1
        assert asked[0].startswith("Permanently delete the video “")
        assert DELETE not in asked[0]
        await client.call_tool(DELETE, given)
        assert len(asked) == 1  # it is gone
        await client.call_tool(DELETE, {"video_id": str(vimeo.user.videos[0].id)})
        assert len(asked) == 2  # a yes is for one call
        await client.call_tool("vimeo_me_get")
        assert len(asked) == 2


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (ElicitResult(action="decline"), "approval_denied"),
        (ElicitResult(action="accept", content={ANSWER: False}), "approval_denied"),
        (ElicitResult(action="accept", content={}), "approval_denied"),
        (ElicitResult(action="accept", content={ANSWER: "true"}), "approval_denied"),
        (ElicitResult(action="cancel"), "approval_required"),
    ],
)
async def test_not_elicited(
    answer: ElicitResult, code: str, era: str, guarded: VimeoToolkit, vimeo: Sandbox
) -> None:
    async with _client(guarded, era, asked=_answering([], answer)) as client:
        result = await client.call_tool(DELETE, example_input(DELETE, vimeo))
    assert result.is_error
    assert json.loads(text_of(result))["error"] == code
    assert writes(vimeo) == []


async def test_elicited_once_for_a_whole_plan(guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    given = {"videos": [video.uri for video in vimeo.user.videos[:6]], "delete": True}
    asked: list[str] = []
    yes = _answering(asked, ElicitResult(action="accept", content={ANSWER: True}))
    async with _client(guarded, asked=yes) as client:
        await client.call_tool("vimeo_videos_change", given)
        assert asked == []
        result = await client.call_tool("vimeo_videos_change", {**given, "apply": True})
    assert not result.is_error, text_of(result)
    assert len(asked) == 1
    assert asked[0].startswith("Permanently delete 6 videos (“")
    assert "It cannot be undone." in asked[0]
    assert [request.path for request in writes(vimeo)] == ["/me/videos"]


async def test_of_equal_calls_at_once_one_asks_at_a_time(connection: Connection, vimeo: Sandbox) -> None:
    """A person answers once for each, and for no more than that one."""
    asked: list[str] = []

    async def every_other(context: Any, params: Any) -> ElicitResult:
        asked.append(params.message)
        return ElicitResult(action="accept", content={ANSWER: len(asked) % 2 == 1})

    with _toolkit(connection, vimeo, approval="writes") as guarded:
        async with _client(guarded, "legacy", asked=every_other) as client:
            calls = [client.call_tool("vimeo_folder_create", {"name": "A"}) for _ in range(5)]
            results = await asyncio.gather(*calls)
    assert len(asked) == 5
    assert sorted(bool(result.is_error) for result in results) == [False] * 3 + [True] * 2
    assert len(writes(vimeo)) == 3


async def test_a_call_waits_for_no_client_that_is_gone(
    connection: Connection, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One whose user never answers holds up an equal call for a while, and no call of another client."""
    asked = asyncio.Event()

    async def never(context: Any, params: Any) -> ElicitResult:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    yes = _answering([], ElicitResult(action="accept", content={ANSWER: True}))
    call = "vimeo_folder_create", {"name": "A"}
    with (
        _toolkit(connection, vimeo, approval="writes") as guarded,
        served(http_app(lambda request: "u", toolkit=guarded)) as url,
    ):
        async with over_http(url, "key", "legacy", elicitation_callback=never) as gone:
            waits = asyncio.create_task(gone.call_tool(*call))
            await asked.wait()
            async with over_http(url, "key", "legacy", elicitation_callback=yes) as client:
                assert not (await client.call_tool(*call)).is_error
            asked.clear()
            monkeypatch.setattr("vimeo_mcp.approval.PATIENCE", 0.01)
            again = asyncio.create_task(gone.call_tool(*call))
            await asked.wait()
            for task in waits, again:
                task.cancel()
            await asyncio.gather(waits, again, return_exceptions=True)


@pytest.mark.parametrize("era", ERAS)
async def test_what_changed_meanwhile_is_asked_about_again(
    era: str, guarded: VimeoToolkit, vimeo: Sandbox
) -> None:
    video = vimeo.user.videos[0]
    video.name = "first"
    asked: list[str] = []

    async def answer(context: Any, params: Any) -> ElicitResult:
        asked.append(params.message.partition("”")[0])
        video.name = "second"
        return ElicitResult(action="accept", content={ANSWER: True})

    async with _client(guarded, era, asked=answer) as client:
        result = await client.call_tool(DELETE, {"video_id": str(video.id)})
    assert not result.is_error, text_of(result)
    assert asked == ["Permanently delete the video “first", "Permanently delete the video “second"]
    assert len(writes(vimeo)) == 1


async def test_an_answer_to_another_question_counts_for_nothing(
    guarded: VimeoToolkit, vimeo: Sandbox
) -> None:
    mine, other = [{"video_id": str(video.id)} for video in vimeo.user.videos[:2]]
    yes: Any = {ANSWER: ElicitResult(action="accept", content={ANSWER: True})}
    async with _client(guarded, asked=_answering([], ElicitResult(action="cancel"))) as client:

        async def call(given: dict[str, Any], state: str | None = None, answers: Any = None) -> Any:
            return await client.session.call_tool(
                DELETE, given, input_responses=answers, request_state=state, allow_input_required=True
            )

        first = await call(mine)
        assert isinstance(first, InputRequiredResult)
        for given, state in ((other, first.request_state), (mine, None), (mine, "x"), (mine, "")):
            assert isinstance(await call(given, state, yes), InputRequiredResult)
        assert writes(vimeo) == []
        assert not (await call(mine, first.request_state, yes)).is_error
        again = await call(mine, first.request_state, yes)
        assert json.loads(text_of(again))["error"] == "not_found"  # once
    assert [request.path for request in writes(vimeo)] == [f"/videos/{mine['video_id']}"]


async def test_the_core_can_ask_elsewhere(connection: Connection, vimeo: Sandbox) -> None:
    """With a `confirm` hook the client is not asked."""
    with _toolkit(connection, vimeo, confirm=lambda planned: "Ask your administrator.") as toolkit:
        async with _client(toolkit, asked=_answering([], ElicitResult(action="accept"))) as client:
            result = await client.call_tool(DELETE, example_input(DELETE, vimeo))
    assert "Ask your administrator." in json.loads(text_of(result))["message"]
    assert writes(vimeo) == []


# ---- HTTP ----

USERS = {"Bearer alice-key": "alice", "Bearer bob-key": "bob"}


def identify(request: Request) -> str | None:
    return USERS.get(request.headers.get("authorization", ""))


@pytest.fixture
def two(connection: Connection, vimeo: Sandbox) -> Iterator[tuple[VimeoToolkit, dict[str, str]]]:
    """A toolkit with two users, each with a Vimeo account of their own: identifier → its URI."""
    people = {"alice": vimeo.user, "bob": vimeo.add_user("Bob")}
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive") as toolkit:
        for identifier, user in people.items():
            toolkit.import_token(identifier=identifier, access_token=vimeo.issue_token(user).access_token)
        vimeo.requests.clear()
        yield toolkit, {identifier: user.uri for identifier, user in people.items()}


async def _who(client: Client) -> str:
    return str(json.loads(text_of(await client.call_tool("vimeo_me_get")))["uri"])


@pytest.mark.parametrize("era", ERAS)
async def test_two_identities_are_never_mixed(
    era: str, two: tuple[VimeoToolkit, dict[str, str]], vimeo: Sandbox
) -> None:
    toolkit, uris = two
    vimeo.latency = 0.02
    with served(http_app(identify, toolkit=toolkit)) as url:
        async with over_http(url, "alice-key", era) as alice, over_http(url, "bob-key", era) as bob:
            seen = await asyncio.gather(*(_who(client) for _ in range(15) for client in (alice, bob)))
    assert seen == [uris["alice"], uris["bob"]] * 15


@pytest.mark.parametrize("version", [None, "2025-06-18", "2026-07-28"])
@pytest.mark.parametrize("sent", [None, "Bearer eve-key", "Bearer", "alice-key", "alice"])
async def test_who_is_nobody_is_refused(
    sent: str | None, version: str | None, two: tuple[VimeoToolkit, dict[str, str]], vimeo: Sandbox
) -> None:
    headers = {"Accept": "application/json, text/event-stream"}
    headers |= {"Authorization": sent} if sent is not None else {}
    headers |= {"MCP-Protocol-Version": version} if version is not None else {}
    with served(http_app(identify, toolkit=two[0])) as url:
        async with httpx2.AsyncClient(headers=headers) as http:
            call = {"name": "vimeo_me_get", "arguments": {}}
            for method, params in ("initialize", {}), ("tools/list", {}), ("tools/call", call):
                body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
                answer = await http.post(url, json=body)
                assert answer.status_code == 401
                assert answer.json()["error"] == "unauthorized"
            assert (await http.get(url)).status_code == 401
    assert writes(vimeo) == []


async def test_a_session_is_its_users_own(two: tuple[VimeoToolkit, dict[str, str]], vimeo: Sandbox) -> None:
    """Who learns a session's id can neither call in it nor answer its questions."""
    with served(http_app(identify, toolkit=two[0])) as url:
        async with httpx2.AsyncClient() as http:

            async def post(key: str, session: str | None, method: str, params: Any) -> Any:
                return await http.post(
                    url,
                    headers={
                        "Authorization": f"Bearer {key}",
                        "Accept": "application/json, text/event-stream",
                        **({"Mcp-Session-Id": session} if session else {}),
                    },
                    json={"jsonrpc": "2.0", "id": 1, "method": method, "params": params},
                )

            hello = {
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "t", "version": "1"},
            }
            session = (await post("alice-key", None, "initialize", hello)).headers["mcp-session-id"]
            call = {"name": "vimeo_me_get", "arguments": {}}
            assert (await post("bob-key", session, "tools/call", call)).status_code == 404
            assert vimeo.requests == []
            assert (await post("alice-key", session, "tools/call", call)).status_code == 200
            assert len(vimeo.requests) == 1


@pytest.mark.parametrize("era", ERAS)
async def test_approvalover_http(era: str, two: tuple[VimeoToolkit, dict[str, str]], vimeo: Sandbox) -> None:
    given = example_input(DELETE, vimeo)
    asked: list[str] = []
    yes = _answering(asked, ElicitResult(action="accept", content={ANSWER: True}))
    no = _answering(asked, ElicitResult(action="decline"))
    with served(http_app(identify, toolkit=two[0])) as url:
        async with over_http(url, "alice-key", era, elicitation_callback=no) as client:
            assert (await client.call_tool(DELETE, given)).is_error
        async with over_http(url, "alice-key", era) as client:
            assert (await client.call_tool(DELETE, given)).is_error
        assert writes(vimeo) == []
        async with over_http(url, "alice-key", era, elicitation_callback=yes) as client:
            assert not (await client.call_tool(DELETE, given)).is_error
    assert len(asked) == 2
    assert [request.method for request in writes(vimeo)] == ["DELETE"]


async def test_an_asynchronous_identify(two: tuple[VimeoToolkit, dict[str, str]]) -> None:
    async def looked_up(request: Request) -> str | None:
        await asyncio.sleep(0)
        return identify(request)

    with served(http_app(looked_up, toolkit=two[0])) as url:
        async with over_http(url, "bob-key") as client:
            assert await _who(client) == two[1]["bob"]


@pytest.mark.parametrize(
    ("raised", "status", "challenge"),
    [
        (HTTPException(401), 401, "Bearer"),
        (HTTPException(401, headers={"WWW-Authenticate": 'Bearer realm="x"'}), 401, 'Bearer realm="x"'),
        (HTTPException(403), 403, None),
        (HTTPException(303, headers={"Location": "/sign-in"}), 303, None),
        (None, 401, "Bearer"),
    ],
)
@pytest.mark.parametrize("asynchronous", [False, True])
async def test_an_identify_that_refuses(
    two: tuple[VimeoToolkit, dict[str, str]],
    raised: HTTPException | None,
    status: int,
    challenge: str | None,
    asynchronous: bool,
) -> None:
    def refuse(request: Request) -> str | None:
        if raised is not None:
            raise raised
        return None

    async def refuse_later(request: Request) -> str | None:
        return refuse(request)

    app = http_app((lambda request: refuse_later(request)) if asynchronous else refuse, toolkit=two[0])
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.post("/mcp", json={})
    assert answer.status_code == status
    assert answer.headers.get("www-authenticate") == challenge


@pytest.mark.parametrize(
    ("ends", "status"),
    [(each, 500) for each in (SystemExit, KeyboardInterrupt, asyncio.CancelledError, StopIteration)]
    + [(None, 503)],
)
async def test_an_identify_that_exits_or_hangs_ends_no_server(
    two: tuple[VimeoToolkit, dict[str, str]],
    ends: type[BaseException] | None,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("vimeo_toolkit.asking.PATIENCE", 0.02 if ends is None else 30.0)
    free = threading.Event()

    def exits(request: Request) -> str | None:
        if ends is not None:
            raise ends
        free.wait(30)
        return None

    transport = httpx.ASGITransport(app=http_app(exits, toolkit=two[0]))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        assert (await client.post("/mcp", json={})).status_code == status
    free.set()


async def test_a_blocking_identify_does_not_stop_the_loop(two: tuple[VimeoToolkit, dict[str, str]]) -> None:
    asked, free = threading.Event(), threading.Event()

    def slow(request: Request) -> str | None:
        asked.set()
        return None if free.wait(30) else "the loop stood still"

    transport = httpx.ASGITransport(app=http_app(slow, toolkit=two[0]))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        waiting = asyncio.create_task(client.post("/mcp", json={}))
        await asyncio.to_thread(asked.wait, 30)
        free.set()
        assert (await waiting).status_code == 401


async def test_a_page_in_a_browser_cannot_reach_it(
    two: tuple[VimeoToolkit, dict[str, str]], vimeo: Sandbox
) -> None:
    """DNS rebinding: the browser sends the page's own name."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}}
    with served(http_app(identify, toolkit=two[0])) as url:
        async with httpx2.AsyncClient(headers={"Authorization": "Bearer alice-key"}) as http:
            for bad in {"Host": "evil.example"}, {"Origin": "https://evil.example"}:
                answer = await http.post(url, headers=bad, json=body)
                assert answer.status_code in (403, 421)
    assert writes(vimeo) == []


def test_parameters_of_a_call_have_no_place_for_identity() -> None:
    # A new version of the protocol that brings one has to be looked at.
    assert set(CallToolRequestParams.model_fields) == {
        "arguments",
        "input_responses",
        "meta",
        "name",
        "request_state",
        "task",
    }
