"""People add one URL to their MCP client and sign in with Vimeo: the SDK's own client, and those who attack."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.server.auth.provider import AccessToken
from mcp_types import ElicitResult
from starlette.requests import Request
from vimeo_mcp import http_app, sign_in_app
from vimeo_mcp.approval import ANSWER

from tests.adapters.mcp_clients import free_port, served, text_of
from tests.adapters.signing_in import (
    CHALLENGE,
    REDIRECT,
    VERIFIER,
    Memory,
    Person,
    Site,
    connected,
    exchange,
    knock,
    link_of,
    query_of,
    registered,
    site,
    site_toolkit,
)
from tests.examples import writes
from vimeo_toolkit import ConfigurationError, Connection, Event, StoreBusy, VimeoToolkit, generate_key
from vimeo_toolkit.sandbox import Sandbox

DELETE = "vimeo_video_delete"


@pytest.fixture
def store(tmp_path: Path) -> str:
    """One that several servers share."""
    return f"sqlite:///{tmp_path / 'accounts.db'}"


@pytest.fixture
def here(vimeo: Sandbox) -> Iterator[Site]:
    with site(vimeo) as made:
        yield made


async def _me(client: Any) -> str:
    return str(json.loads(text_of(await client.call_tool("vimeo_me_get")))["uri"])


async def _code(here: Site, person: Person, **changed: str | None) -> tuple[str, str]:
    """A new client, and a code that a person gave it."""
    client_id = await registered(here, person.http)
    landed = query_of(await person.visit(link_of(here, client_id, **changed)))
    return client_id, landed["code"]


async def _tokens(here: Site, person: Person) -> tuple[str, dict[str, Any]]:
    client_id, code = await _code(here, person)
    answer = await exchange(here, person.http, client_id, code=code)
    assert answer.status_code == 200, answer.text
    return client_id, answer.json()


# ---- what a person does ----


async def test_two_people_add_one_url_at_once(here: Site, vimeo: Sandbox) -> None:
    other = vimeo.add_user("Other")
    people = [Person(vimeo), Person(vimeo, other)]
    both = asyncio.Barrier(2)

    async def work(person: Person) -> str:
        async with connected(here, person) as client:
            await both.wait()
            return await _me(client)

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
        assert await _me(client) == vimeo.user.uri


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
    client_id, tokens = await _tokens(here, person)
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
        assert await _me(client) == vimeo.user.uri


async def test_a_refresh_goes_on_with_the_same_person(here: Site, vimeo: Sandbox) -> None:
    memory, person = Memory(), Person(vimeo)
    async with connected(here, person, memory) as client:
        assert await _me(client) == vimeo.user.uri
    assert memory.tokens is not None
    first, visits = memory.tokens.access_token, len(person.pages)
    answer = (
        await exchange(
            here, person.http, memory.client.client_id, refresh_token=memory.tokens.refresh_token or ""
        )
        if memory.client
        else None
    )
    assert answer is not None
    renewed = answer.json()
    assert renewed["access_token"] != first
    assert renewed["refresh_token"] != memory.tokens.refresh_token
    assert await knock(here, person.http, renewed["access_token"]) != 401
    assert await knock(here, person.http, first) != 401, "calls are under way with it"
    assert len(person.pages) == visits


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


# ---- a person says no ----


@pytest.mark.parametrize("where", ["here", "at Vimeo"])
async def test_who_declines_gives_no_code(where: str, here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo, decision="decline" if where == "here" else "allow", allows_at_vimeo=False)
    client_id = await registered(here, person.http)
    landed = await person.visit(link_of(here, client_id))
    assert landed.startswith(f"{REDIRECT}?")
    assert query_of(landed) == {"error": "access_denied", "state": "the-state", "iss": here.url}
    assert here.toolkit.list_connected_accounts() == []


# ---- attacks ----


async def test_a_code_works_once_and_its_replay_ends_what_it_gave(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    client_id, code = await _code(here, person)
    first = (await exchange(here, person.http, client_id, code=code)).json()
    assert await knock(here, person.http, first["access_token"]) != 401
    again = await exchange(here, person.http, client_id, code=code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert await knock(here, person.http, first["access_token"]) == 401
    refreshed = await exchange(here, person.http, client_id, refresh_token=first["refresh_token"])
    assert refreshed.json()["error"] == "invalid_grant"


async def test_of_many_who_have_a_code_at_once_none_goes_on(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    client_id, code = await _code(here, person)
    answers = await asyncio.gather(*(exchange(here, person.http, client_id, code=code) for _ in range(5)))
    given = [answer.json()["access_token"] for answer in answers if answer.status_code == 200]
    assert len(given) <= 1
    assert [await knock(here, person.http, token) for token in given] == [401] * len(given)


async def test_a_code_is_for_who_asked_for_it(here: Site, vimeo: Sandbox) -> None:
    """Another client, another verifier, another redirect URI, another resource: none of them gets tokens."""
    person = Person(vimeo)
    client_id, code = await _code(here, person)
    other = await registered(here, person.http)
    for who, changed in (
        (other, {}),
        (client_id, {"code_verifier": "w" * 43}),
        (client_id, {"redirect_uri": "http://127.0.0.1:33418/other"}),
        (client_id, {"resource": "https://other.example/mcp"}),
        (client_id, {"code": f"{code[:-1]}{'A' if code[-1] != 'A' else 'B'}"}),
    ):
        answer = await exchange(here, person.http, who, **{"code": code, **changed})
        assert answer.status_code == 400, changed
        assert "access_token" not in answer.text
    assert (await exchange(here, person.http, client_id, code=code)).status_code == 200


async def test_what_is_too_old(here: Site, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person(vimeo)
    client_id, tokens = await _tokens(here, person)
    monkeypatch.setattr("vimeo_toolkit.grants.tokens.CODE_SECONDS", -1.0)
    late_client, late = await _code(here, person)
    answer = await exchange(here, person.http, late_client, code=late)
    assert answer.json()["error"] == "invalid_grant"
    monkeypatch.setattr("vimeo_toolkit.grants.tokens.ACCESS_SECONDS", -1.0)
    renewed = await exchange(here, person.http, client_id, refresh_token=tokens["refresh_token"])
    assert await knock(here, person.http, renewed.json()["access_token"]) == 401


async def test_a_refresh_token_that_comes_twice_ends_the_grant(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    client_id, first = await _tokens(here, person)
    second = (await exchange(here, person.http, client_id, refresh_token=first["refresh_token"])).json()
    stolen = await exchange(here, person.http, client_id, refresh_token=first["refresh_token"])
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    for token in first, second:
        assert await knock(here, person.http, token["access_token"]) == 401
    after = await exchange(here, person.http, client_id, refresh_token=second["refresh_token"])
    assert after.json()["error"] == "invalid_grant"


async def test_a_refresh_token_is_for_its_client_and_its_resource(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    client_id, tokens = await _tokens(here, person)
    given = {"refresh_token": tokens["refresh_token"]}
    other = await registered(here, person.http)
    assert (await exchange(here, person.http, other, **given)).json()["error"] == "invalid_grant"
    elsewhere = await exchange(here, person.http, client_id, **given, resource="https://other.example/mcp")
    assert elsewhere.json()["error"] == "invalid_target"
    assert (await exchange(here, person.http, client_id, **given)).status_code == 200


FOREIGN = [
    "https://evil.example/callback",
    "http://127.0.0.1:33418/callback/../evil",
    "http://127.0.0.1:33418/callback?next=evil",
    "http://localhost:33418/callback",
    "http://127.0.0.1.evil.example:33418/callback",
    "http://127.0.0.1@evil.example/callback",
    "http://127.0.0.1:33418/callbac",
    "http://127.0.0.1:40000/callback#here",
]


async def test_nobody_is_sent_to_a_foreign_address(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    client_id = await registered(here, person.http)
    for foreign in FOREIGN:
        answer = await person.http.get(link_of(here, client_id, redirect_uri=foreign))
        assert answer.status_code == 400, foreign
        assert "location" not in answer.headers


async def test_an_app_on_this_machine_may_take_another_port(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    client_id = await registered(here, person.http)
    landed = await person.visit(link_of(here, client_id, redirect_uri="http://127.0.0.1:40000/callback"))
    assert landed.startswith("http://127.0.0.1:40000/callback?code=")


NOT_TO_BE_ASKED_FOR: list[tuple[dict[str, str | None], str]] = [
    ({"resource": "https://other.example/mcp"}, "invalid_target"),
    ({"code_challenge": "short"}, "invalid_request"),
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"response_type": "token"}, "unsupported_response_type"),
]


async def test_what_a_client_may_not_ask_for(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    client_id = await registered(here, person.http)
    for changed, error in NOT_TO_BE_ASKED_FOR:
        landed = query_of(await person.visit(link_of(here, client_id, **changed)))
        assert (landed["error"], landed["state"], landed["iss"]) == (error, "the-state", here.url)


async def test_without_a_resource_a_token_is_for_this_server(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    client_id, code = await _code(here, person, resource=None)
    tokens = (await exchange(here, person.http, client_id, code=code)).json()
    assert await knock(here, person.http, tokens["access_token"]) != 401


async def test_a_token_of_another_resource(vimeo: Sandbox, store: str) -> None:
    """Of another server with the same store, key and Vimeo app."""
    person = Person(vimeo)
    key = generate_key()
    with site(vimeo, store, key=key) as one, site(vimeo, store, key=key) as other:
        client_id, tokens = await _tokens(one, person)
        assert await knock(one, person.http, tokens["access_token"]) != 401
        assert await knock(other, person.http, tokens["access_token"]) == 401
        given = {"refresh_token": tokens["refresh_token"]}
        assert (await exchange(other, person.http, client_id, **given)).json()["error"] == "invalid_grant"
        assert (await exchange(one, person.http, client_id, **given)).status_code == 200


async def test_two_machines_are_one_server(vimeo: Sandbox, store: str) -> None:
    """Each step of a sign-in at another one, as behind a load balancer."""
    from starlette.applications import Starlette
    from vimeo_mcp import sign_in_app

    from tests.adapters.mcp_clients import free_port, served
    from tests.adapters.signing_in import site_toolkit

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
            client_id, tokens = await _tokens(here, person)
            for _ in range(2):
                again = await exchange(here, person.http, client_id, refresh_token=tokens["refresh_token"])
                assert again.status_code == 200, again.text
                tokens = again.json()
            assert next(turn) > 6


async def test_a_token_ends_with_the_account(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    client_id, tokens = await _tokens(here, person)
    (account,) = here.toolkit.list_connected_accounts()
    here.toolkit.delete_connected_account(identifier=account.identifier)
    assert await knock(here, person.http, tokens["access_token"]) == 401
    refreshed = await exchange(here, person.http, client_id, refresh_token=tokens["refresh_token"])
    assert refreshed.json()["error"] == "invalid_grant"
    _, anew = await _tokens(here, person)
    assert await knock(here, person.http, anew["access_token"]) != 401
    assert await knock(here, person.http, tokens["access_token"]) == 401, "it is another account"


async def test_who_takes_the_access_back_at_vimeo_signs_in_again(here: Site, vimeo: Sandbox) -> None:
    memory, person = Memory(), Person(vimeo)
    async with connected(here, person, memory) as client:
        assert await _me(client) == vimeo.user.uri
        vimeo.revoke_all(vimeo.user)
        told = json.loads(text_of(await client.call_tool("vimeo_me_get")))
        assert told["error"] == "revoked"
        assert memory.tokens is not None
        assert await knock(here, person.http, memory.tokens.access_token) == 401
        assert await _me(client) == vimeo.user.uri, "the client has signed in again by itself"


async def test_a_person_has_few_grants_at_once(
    here: Site, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that was used least lately ends."""
    monkeypatch.setattr("vimeo_toolkit.grants.tokens.MOST", 2)
    person = Person(vimeo)
    client_id, first = await _tokens(here, person)
    _, second = await _tokens(here, person)
    answer = await exchange(here, person.http, client_id, refresh_token=first["refresh_token"])
    _, third = await _tokens(here, person)
    for tokens, works in ((answer.json(), True), (second, False), (third, True)):
        assert (await knock(here, person.http, tokens["access_token"]) != 401) is works


async def test_an_operator_is_told_of_clients(vimeo: Sandbox) -> None:
    told: list[tuple[str, str, Any]] = []

    def hook(event: Event) -> None:
        if event.name.startswith("client."):
            told.append((event.name, event.identifier, event.data.get("cause")))

    person = Person(vimeo)
    with site(vimeo, on_event=hook) as here:
        client_id, tokens = await _tokens(here, person)
        for _ in range(3):
            await exchange(here, person.http, client_id, refresh_token=tokens["refresh_token"])
        client_id, tokens = await _tokens(here, person)
        given = {"token": tokens["access_token"], "client_id": client_id}
        await person.http.post(f"{here.url}/revoke", data=given)
        (account,) = here.toolkit.list_connected_accounts()
    assert told == [
        ("client.allowed", account.identifier, None),
        ("client.ended", account.identifier, "reused"),
        ("client.allowed", account.identifier, None),
        ("client.ended", account.identifier, "revoked"),
    ]


async def test_a_client_takes_its_token_back(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    for which in "access_token", "refresh_token":
        client_id, tokens = await _tokens(here, person)
        other = await registered(here, person.http)
        given = {"token": tokens[which], "client_id": other}
        await person.http.post(f"{here.url}/revoke", data=given)
        assert await knock(here, person.http, tokens["access_token"]) != 401, "not another client's"
        answer = await person.http.post(f"{here.url}/revoke", data={**given, "client_id": client_id})
        assert answer.status_code == 200
        assert await knock(here, person.http, tokens["access_token"]) == 401


# ---- the pages ----


async def test_a_page_is_decided_by_the_browser_that_was_shown_it(here: Site, vimeo: Sandbox) -> None:
    person, stranger = Person(vimeo), Person(vimeo)
    client_id = await registered(here, person.http)
    page = await person.open(link_of(here, client_id))
    await stranger.open(str(page.url))
    for who, changed in (
        (stranger, {}),  # with a cookie of its own, and the token of another browser's page
        (Person(vimeo), {}),  # without a cookie
        (person, {"form_token": ""}),
        (person, {"form_token": "1.0"}),
    ):
        assert "Not from this page" in await who.send(page, decision="allow", **changed)
    foreign = {"Sec-Fetch-Site": "cross-site"}
    person.http.headers.update(foreign)
    assert "Not from this page" in await person.send(page, decision="allow")
    del person.http.headers["Sec-Fetch-Site"]
    assert (await person.send(page, decision="allow")).startswith(vimeo.url)
    assert "nothing to decide" in await person.send(page, decision="allow"), "once"


async def test_who_is_sent_a_link_of_an_attacker_gives_them_nothing(here: Site, vimeo: Sandbox) -> None:
    """The attacker allows their own client, and has the victim go on from Vimeo's page."""
    attacker, victim = Person(vimeo), Person(vimeo, vimeo.add_user("Victim"))
    client_id = await registered(here, attacker.http)
    page = await attacker.open(link_of(here, client_id))
    callback = await victim.at_vimeo(await attacker.send(page, decision="allow"))
    assert await victim.back(callback) == f"{here.url}/sign-in/result/other_user"
    assert await attacker.back(callback) == f"{here.url}/sign-in/result/used"
    assert here.toolkit.list_connected_accounts() == []


async def test_a_client_cannot_write_into_the_page(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    name = '<script>alert(1)</script>" \u202eevil\n{{ 7*7 }}'
    client_id = await registered(here, person.http, client_name=name)
    page = await person.open(link_of(here, client_id))
    assert "<script" not in page.text
    assert "\u202e" not in page.text
    assert "{{ 7*7 }}" in page.text


# ---- registration ----


NOT_TO_BE_REGISTERED: list[tuple[dict[str, Any], str]] = [
    ({"redirect_uris": ["http://evil.example/callback"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["data:text/html,x"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["ms-msdt:/id"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["search-ms:query"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["https://host.example/callback#fragment"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["https://good.example@evil.example/"]}, "invalid_redirect_uri"),
    (
        {"redirect_uris": [f"https://host.example/{number}" for number in range(30)]},
        "invalid_redirect_uri",
    ),
    ({"redirect_uris": []}, "invalid_client_metadata"),
    ({"contacts": ["x" * 20_000]}, "invalid_client_metadata"),
]


async def test_a_client_that_cannot_be_registered(here: Site) -> None:
    async with httpx2.AsyncClient() as http:
        for said, error in NOT_TO_BE_REGISTERED:
            answer = await http.post(f"{here.url}/register", json={"redirect_uris": [REDIRECT], **said})
            assert (answer.status_code, answer.json()["error"]) == (400, error), said


async def test_a_flood_of_registrations(here: Site, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from vimeo_toolkit.grants.limits import LIMITS, Limit

    monkeypatch.setitem(LIMITS, "registrations", Limit(3, 1_000, 3_600.0))
    said = {"redirect_uris": [REDIRECT], "token_endpoint_auth_method": "none"}
    async with httpx2.AsyncClient() as http:
        client_id = await registered(here, http)
        answers = [await http.post(f"{here.url}/register", json=said) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [201, 201, 429, 429, 429]
        assert 0 < int(answers[-1].headers["retry-after"]) <= 3_600
        large = await http.post(f"{here.url}/token", content=b"x" * 100_000)
        assert large.status_code == 413
    person = Person(vimeo)
    assert "code=" in await person.visit(link_of(here, client_id)), "who is registered goes on"


async def test_one_sender_does_not_use_up_what_there_is_for_all(
    here: Site, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vimeo_toolkit.grants.limits import LIMITS, Limit, seconds_to_wait

    monkeypatch.setitem(LIMITS, "registrations", Limit(2, 4, 3_600.0))
    rows, io = here.toolkit._context.vault.rows, here.toolkit._async

    async def waits(*addresses: str) -> list[bool]:
        return [await seconds_to_wait(rows, io, "registrations", each) > 0 for each in addresses]

    assert await waits(*["192.0.2.1"] * 8) == [False] * 2 + [True] * 6
    # As a server writes them that listens on IPv4 and IPv6: they are not one network.
    assert await waits("::ffff:192.0.2.1", "::ffff:192.0.2.2") == [True, False]
    assert await waits("2001:db8::1", "192.0.2.3") == [False, True], "all have come now"


@pytest.mark.parametrize("path", ["/", "/mcp/"])
async def test_a_path_that_ends_with_a_slash(path: str, vimeo: Sandbox) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (
        site_toolkit(vimeo, url, "sqlite:///:memory:") as toolkit,
        served(sign_in_app(url, toolkit=toolkit, path=path), port),
    ):
        async with connected(Site(url, vimeo, toolkit, path), Person(vimeo)) as client:
            assert await _me(client) == vimeo.user.uri


async def test_nothing_that_works_is_in_the_store(vimeo: Sandbox, store: str, tmp_path: Path) -> None:
    person = Person(vimeo)
    with site(vimeo, store, key=generate_key()) as here:
        _, tokens = await _tokens(here, person)
        kept = await asyncio.to_thread(lambda: b"".join(path.read_bytes() for path in tmp_path.iterdir()))
    secrets = [tokens[which].partition(".")[2] for which in ("access_token", "refresh_token")]
    at_vimeo = list(vimeo.world.tokens)
    assert all(len(each) > 20 for each in (*secrets, *at_vimeo))
    for each in (*secrets, *at_vimeo, REDIRECT, CHALLENGE):
        assert each.encode() not in kept
    seen = json.dumps(tokens) + "".join(page.text + str(page.headers) for page in person.pages)
    assert not [each for each in at_vimeo if each in seen], "Vimeo's tokens never leave the server"


# ---- with an authorization server of one's own ----

PUBLIC = "https://mcp.example.com"
AUTH = "https://auth.example.com"


class Verifier:
    """Knows the tokens of a product's own server, two of which are for another resource, or for none."""

    async def verify_token(self, token: str) -> AccessToken | None:
        resources = {
            "right": f"{PUBLIC}/mcp",
            "slash": f"{PUBLIC}/mcp/",
            "other": f"{PUBLIC}/other",
            "none": None,
        }
        if token not in resources:
            return None
        return AccessToken(token=token, client_id="c", scopes=[], subject="u", resource=resources[token])


def _identify(request: Request) -> str | None:
    return "u" if request.headers.get("authorization") == "Bearer right" else None


@pytest.mark.parametrize("who", [Verifier(), _identify])
async def test_a_server_of_ones_own(who: Any, toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    app = http_app(who, toolkit=toolkit, public_url=PUBLIC, authorization_server=AUTH)
    with served(app) as url:
        about = "/.well-known/oauth-protected-resource/mcp"
        async with httpx2.AsyncClient() as http:
            refused = await http.post(url, json={})
            assert refused.status_code == 401
            assert f'resource_metadata="{PUBLIC}{about}"' in refused.headers["www-authenticate"]
            told = (await http.get(url.removesuffix("/mcp") + about)).json()
            assert (told["resource"], told["authorization_servers"]) == (f"{PUBLIC}/mcp", [AUTH])
            here = Site(url.removesuffix("/mcp"), vimeo)
            assert await knock(here, http, "right") != 401
            for token in "other", "none", "wrong":
                assert await knock(here, http, token) == 401
            host = {"Host": "mcp.example.com", "Authorization": "Bearer right"}
            assert (await http.post(url, json={}, headers=host)).status_code not in (401, 403, 421)


@pytest.mark.parametrize(
    "wrong",
    [
        {"public_url": PUBLIC},
        {"authorization_server": AUTH},
        {"public_url": "http://mcp.example.com", "authorization_server": AUTH},
        {"public_url": f"{PUBLIC}/path", "authorization_server": AUTH},
        {"public_url": "mcp.example.com", "authorization_server": AUTH},
    ],
)
def test_urls_that_cannot_be_a_servers(wrong: dict[str, str], toolkit: VimeoToolkit) -> None:
    with pytest.raises(ConfigurationError):
        http_app(_identify, toolkit=toolkit, **wrong)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError):
        http_app(Verifier(), toolkit=toolkit)


@pytest.mark.parametrize(
    "callback",
    [
        "",
        f"{PUBLIC}/",
        f"{PUBLIC}/token",
        f"{PUBLIC}/mcp",
        f"{PUBLIC}/sign-in/x",
        "https://other.example/callback",
    ],
)
def test_a_connection_that_does_not_lead_back(callback: str, vimeo: Sandbox) -> None:
    app = vimeo.app
    connection = Connection(
        client_id=app.client_id, client_secret=app.client_secret, redirect_uri=callback, api_url=vimeo.url
    )
    with (
        VimeoToolkit([connection], store="sqlite:///:memory:") as toolkit,
        pytest.raises(ConfigurationError) as caught,
    ):
        sign_in_app(PUBLIC, toolkit=toolkit)
    assert "redirect" in str(caught.value)
