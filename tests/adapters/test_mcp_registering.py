"""What clients may register at the sign-in server and ask it for, and how often."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.adapters.signing_in import (
    REDIRECT,
    Person,
    Site,
    a_code,
    exchange,
    knock,
    link_of,
    query_of,
    registered,
)
from vimeo_toolkit.grants.limits import LIMITS, Limit, seconds_to_wait
from vimeo_toolkit.sandbox import Sandbox

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
    monkeypatch.setitem(LIMITS, "registrations", Limit(2, 4, 3_600.0))
    rows, io = here.toolkit._context.vault.rows, here.toolkit._async

    async def waits(*addresses: str) -> list[bool]:
        return [await seconds_to_wait(rows, io, "registrations", each) > 0 for each in addresses]

    assert await waits(*["192.0.2.1"] * 8) == [False] * 2 + [True] * 6
    # As a server writes them that listens on IPv4 and IPv6: they are not one network.
    assert await waits("::ffff:192.0.2.1", "::ffff:192.0.2.2") == [True, False]
    assert await waits("2001:db8::1", "192.0.2.3") == [False, True], "all have come now"


# ---- what is asked for ----


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
    client_id, code = await a_code(here, person, resource=None)
    tokens = (await exchange(here, person.http, client_id, code=code)).json()
    assert await knock(here, person.http, tokens["access_token"]) != 401
