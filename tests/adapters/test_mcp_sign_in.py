"""People add one URL to their MCP client and sign in with Vimeo: the SDK's own client, and what it is told."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx2
import pytest
from mcp_types import ElicitResult
from starlette.applications import Starlette
from vimeo_mcp import sign_in_app
from vimeo_mcp.approval import ANSWER

from tests.adapters.mcp_clients import free_port, served, text_of
from tests.adapters.signing_in import (
    REDIRECT,
    VERIFIER,
    Memory,
    Person,
    Site,
    connected,
    exchange,
    knock,
    link_of,
    me_of,
    query_of,
    registered,
    site,
    site_toolkit,
    some_tokens,
)
from tests.examples import writes
from vimeo_toolkit import Event, StoreBusy, generate_key
from vimeo_toolkit.sandbox import Sandbox

DELETE = "vimeo_video_delete"


# ---- what a person does ----


async def test_two_people_add_one_url_at_once(here: Site, vimeo: Sandbox) -> None:
    other = vimeo.add_user("Other")
    people = [Person(vimeo), Person(vimeo, other)]
    both = asyncio.Barrier(2)

    async def work(person: Person) -> str:
        async with connected(here, person) as client:
            await both.wait()
            return await me_of(client)

    assert await asyncio.gather(*map(work, people)) == [vimeo.user.uri, other.uri]
    assert len(here.toolkit.list_connected_accounts()) == 2
    for person in people:
        (consent,) = [page for page in person.pages if "calls itself" in page.text]
        assert "Test client" in consent.text
        assert "127.0.0.1:33418" in consent.text
        assert "frame-ancestors 'none'" in consent.headers["content-security-policy"]
        assert vimeo.app.client_secret not in consent.text


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
async def test_a_client_with_a_secret(method: str, here: Site, vimeo: Sandbox) -> None:
    async with connected(here, Person(vimeo), method=method) as client:
        assert await me_of(client) == vimeo.user.uri


async def test_a_client_that_tells_its_id_in_the_header_alone(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    said = {"redirect_uris": [REDIRECT], "token_endpoint_auth_method": "client_secret_basic"}
    client = (await person.http.post(f"{here.url}/register", json=said)).json()
    landed = query_of(await person.visit(link_of(here, client["client_id"])))
    form = {
        "grant_type": "authorization_code",
        "code": landed["code"],
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }
    for secret, status in (("wrong", 401), (client["client_secret"], 200)):
        pair = (client["client_id"], secret)
        assert (await person.http.post(f"{here.url}/token", data=form, auth=pair)).status_code == status


async def test_a_store_that_does_not_answer(
    here: Site, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(vimeo)
    client_id, tokens = await some_tokens(here, person)
    page = await person.open(link_of(here, client_id))

    async def busy(*args: Any, **more: Any) -> None:
        raise StoreBusy("The store does not answer.", hint="Try again.")

    monkeypatch.setattr(here.toolkit._async.store, "aget", busy)
    assert await knock(here, person.http, tokens["access_token"]) == 503
    answers = [
        await exchange(here, person.http, client_id, refresh_token=tokens["refresh_token"]),
        await person.http.post(f"{here.url}/register", json={"redirect_uris": [REDIRECT]}),
        await person.http.get(link_of(here, client_id)),
    ]
    assert [answer.status_code for answer in answers] == [503] * 3
    shown = await person.http.get(str(page.url), follow_redirects=True)
    assert (shown.status_code, "We cannot get at your account" in shown.text) == (503, True)


async def test_a_deletion_asks_the_person_who_signed_in(here: Site, vimeo: Sandbox) -> None:
    asked: list[str] = []

    async def yes(context: Any, params: Any) -> ElicitResult:
        asked.append(params.message)
        return ElicitResult(action="accept", content={ANSWER: True})

    given = {"video_id": str(vimeo.user.videos[0].id)}
    async with connected(here, Person(vimeo), mode="legacy") as client:
        assert json.loads(text_of(await client.call_tool(DELETE, given)))["error"] == "approval_required"
    async with connected(here, Person(vimeo), mode="legacy", elicitation_callback=yes) as client:
        assert not (await client.call_tool(DELETE, given)).is_error
    assert len(asked) == 1
    # The token from before the second sign-in is taken back, too.
    assert [request.path for request in writes(vimeo)] == ["/tokens", f"/videos/{given['video_id']}"]


async def test_more_is_allowed_on_a_page_of_the_server(here: Site, vimeo: Sandbox) -> None:
    """In another browser, too: whoever signs in there is whose account it is."""
    person, anew = Person(vimeo), Person(vimeo)

    async def opened(context: Any, params: Any) -> ElicitResult:
        assert params.url.startswith(f"{here.url}/sign-in/connect?scopes=")
        page = await anew.open(params.url)
        landed = await anew.back(await anew.at_vimeo(await anew.send(page, decision="allow")))
        assert landed == f"{here.url}/sign-in/result/connected"
        return ElicitResult(action="accept")

    async with connected(here, person, elicitation_callback=opened) as client:
        made = await client.call_tool("vimeo_folder_create", {"name": "A folder"})
        assert not made.is_error, text_of(made)
        assert await me_of(client) == vimeo.user.uri


async def test_a_refresh_goes_on_with_the_same_person(here: Site, vimeo: Sandbox) -> None:
    memory, person = Memory(), Person(vimeo)
    async with connected(here, person, memory) as client:
        assert await me_of(client) == vimeo.user.uri
    assert memory.client is not None
    assert memory.tokens is not None
    first, visits = memory.tokens.access_token, len(person.pages)
    given = {"refresh_token": memory.tokens.refresh_token or ""}
    renewed = (await exchange(here, person.http, memory.client.client_id, **given)).json()
    assert renewed["access_token"] != first
    assert renewed["refresh_token"] != memory.tokens.refresh_token
    assert await knock(here, person.http, renewed["access_token"]) != 401
    assert await knock(here, person.http, first) != 401, "calls are under way with it"
    assert len(person.pages) == visits


async def test_two_machines_are_one_server(vimeo: Sandbox, store: str) -> None:
    """Each step of a sign-in at another one, as behind a load balancer."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    key = generate_key()
    with (
        site_toolkit(vimeo, url, store, key=key) as first,
        site_toolkit(vimeo, url, store, key=key) as second,
    ):
        machines: list[Starlette] = [sign_in_app(url, toolkit=each) for each in (first, second)]
        turn = iter(range(1_000))

        async def balanced(scope: Any, receive: Any, send: Any) -> None:
            at = 0 if scope["type"] == "lifespan" else next(turn) % 2
            await machines[at](scope, receive, send)

        with served(balanced, port):
            here, person = Site(url, vimeo, first), Person(vimeo)
            client_id, tokens = await some_tokens(here, person)
            for _ in range(2):
                again = await exchange(here, person.http, client_id, refresh_token=tokens["refresh_token"])
                assert again.status_code == 200, again.text
                tokens = again.json()
            assert next(turn) > 6


@pytest.mark.parametrize("path", ["/", "/mcp/"])
async def test_a_path_that_ends_with_a_slash(path: str, vimeo: Sandbox) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (
        site_toolkit(vimeo, url, "sqlite:///:memory:") as toolkit,
        served(sign_in_app(url, toolkit=toolkit, path=path), port),
    ):
        async with connected(Site(url, vimeo, toolkit, path), Person(vimeo)) as client:
            assert await me_of(client) == vimeo.user.uri


# ---- what a client is told ----


async def test_a_refusal_says_where_tokens_come_from(here: Site) -> None:
    async with httpx2.AsyncClient() as http:
        for headers in {}, {"Authorization": "Bearer vta_guessed"}:
            refused = await http.post(here.mcp, json={}, headers=headers)
            assert refused.status_code == 401
            about = f"{here.url}/.well-known/oauth-protected-resource/mcp"
            assert f'resource_metadata="{about}"' in refused.headers["www-authenticate"]
        told = (await http.get(about)).json()
        assert (told["resource"], told["authorization_servers"]) == (here.mcp, [here.url])
        server = (await http.get(f"{here.url}/.well-known/oauth-authorization-server")).json()
    assert server["issuer"] == here.url
    assert server["code_challenge_methods_supported"] == ["S256"]
    assert "none" in server["token_endpoint_auth_methods_supported"]
    assert server["authorization_response_iss_parameter_supported"] is True


async def test_an_operator_is_told_of_clients(vimeo: Sandbox) -> None:
    told: list[tuple[str, str, Any]] = []

    def hook(event: Event) -> None:
        if event.name.startswith("client."):
            told.append((event.name, event.identifier, event.data.get("cause")))

    person = Person(vimeo)
    with site(vimeo, on_event=hook) as here:
        client_id, tokens = await some_tokens(here, person)
        for _ in range(3):
            await exchange(here, person.http, client_id, refresh_token=tokens["refresh_token"])
        client_id, tokens = await some_tokens(here, person)
        given = {"token": tokens["access_token"], "client_id": client_id}
        await person.http.post(f"{here.url}/revoke", data=given)
        (account,) = here.toolkit.list_connected_accounts()
    assert told == [
        ("client.allowed", account.identifier, None),
        ("client.ended", account.identifier, "reused"),
        ("client.allowed", account.identifier, None),
        ("client.ended", account.identifier, "revoked"),
    ]


# ---- a person says no ----


@pytest.mark.parametrize("where", ["here", "at Vimeo"])
async def test_who_declines_gives_no_code(where: str, here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo, decision="decline" if where == "here" else "allow", allows_at_vimeo=False)
    client_id = await registered(here, person.http)
    landed = await person.visit(link_of(here, client_id))
    assert landed.startswith(f"{REDIRECT}?")
    assert query_of(landed) == {"error": "access_denied", "state": "the-state", "iss": here.url}
    assert here.toolkit.list_connected_accounts() == []


async def test_who_takes_the_access_back_at_vimeo_signs_in_again(here: Site, vimeo: Sandbox) -> None:
    memory, person = Memory(), Person(vimeo)
    async with connected(here, person, memory) as client:
        assert await me_of(client) == vimeo.user.uri
        vimeo.revoke_all(vimeo.user)
        told = json.loads(text_of(await client.call_tool("vimeo_me_get")))
        assert told["error"] == "revoked"
        assert memory.tokens is not None
        assert await knock(here, person.http, memory.tokens.access_token) == 401
        assert await me_of(client) == vimeo.user.uri, "the client has signed in again by itself"


async def test_a_client_takes_its_token_back(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    for which in "access_token", "refresh_token":
        client_id, tokens = await some_tokens(here, person)
        other = await registered(here, person.http)
        given = {"token": tokens[which], "client_id": other}
        await person.http.post(f"{here.url}/revoke", data=given)
        assert await knock(here, person.http, tokens["access_token"]) != 401, "not another client's"
        answer = await person.http.post(f"{here.url}/revoke", data={**given, "client_id": client_id})
        assert answer.status_code == 200
        assert await knock(here, person.http, tokens["access_token"]) == 401
