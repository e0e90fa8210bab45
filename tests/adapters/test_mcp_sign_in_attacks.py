"""Who steals, replays or guesses a code or a token, or has others press the buttons, gets nothing."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.adapters.signing_in import (
    CHALLENGE,
    REDIRECT,
    Person,
    Site,
    a_code,
    exchange,
    knock,
    link_of,
    registered,
    site,
    some_tokens,
)
from vimeo_toolkit import generate_key
from vimeo_toolkit.sandbox import Sandbox

# ---- codes and tokens ----


async def test_a_code_works_once_and_its_replay_ends_what_it_gave(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    client_id, code = await a_code(here, person)
    first = (await exchange(here, person.http, client_id, code=code)).json()
    assert await knock(here, person.http, first["access_token"]) != 401
    again = await exchange(here, person.http, client_id, code=code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert await knock(here, person.http, first["access_token"]) == 401
    refreshed = await exchange(here, person.http, client_id, refresh_token=first["refresh_token"])
    assert refreshed.json()["error"] == "invalid_grant"


async def test_of_many_who_have_a_code_at_once_none_goes_on(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    client_id, code = await a_code(here, person)
    answers = await asyncio.gather(*(exchange(here, person.http, client_id, code=code) for _ in range(5)))
    given = [answer.json()["access_token"] for answer in answers if answer.status_code == 200]
    assert len(given) <= 1
    assert [await knock(here, person.http, token) for token in given] == [401] * len(given)


async def test_a_code_is_for_who_asked_for_it(here: Site, vimeo: Sandbox) -> None:
    """Another client, another verifier, another redirect URI, another resource: none of them gets tokens."""
    person = Person(vimeo)
    client_id, code = await a_code(here, person)
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
    client_id, tokens = await some_tokens(here, person)
    monkeypatch.setattr("vimeo_toolkit.grants.tokens.CODE_SECONDS", -1.0)
    late_client, late = await a_code(here, person)
    answer = await exchange(here, person.http, late_client, code=late)
    assert answer.json()["error"] == "invalid_grant"
    monkeypatch.setattr("vimeo_toolkit.grants.tokens.ACCESS_SECONDS", -1.0)
    renewed = await exchange(here, person.http, client_id, refresh_token=tokens["refresh_token"])
    assert await knock(here, person.http, renewed.json()["access_token"]) == 401


async def test_a_refresh_token_that_comes_twice_ends_the_grant(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    client_id, first = await some_tokens(here, person)
    second = (await exchange(here, person.http, client_id, refresh_token=first["refresh_token"])).json()
    stolen = await exchange(here, person.http, client_id, refresh_token=first["refresh_token"])
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    for token in first, second:
        assert await knock(here, person.http, token["access_token"]) == 401
    after = await exchange(here, person.http, client_id, refresh_token=second["refresh_token"])
    assert after.json()["error"] == "invalid_grant"


async def test_a_refresh_token_is_for_its_client_and_its_resource(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    client_id, tokens = await some_tokens(here, person)
    given = {"refresh_token": tokens["refresh_token"]}
    other = await registered(here, person.http)
    assert (await exchange(here, person.http, other, **given)).json()["error"] == "invalid_grant"
    elsewhere = await exchange(here, person.http, client_id, **given, resource="https://other.example/mcp")
    assert elsewhere.json()["error"] == "invalid_target"
    assert (await exchange(here, person.http, client_id, **given)).status_code == 200


async def test_a_token_of_another_resource(vimeo: Sandbox, store: str) -> None:
    """Of another server with the same store, key and Vimeo app."""
    person = Person(vimeo)
    key = generate_key()
    with site(vimeo, store, key=key) as one, site(vimeo, store, key=key) as other:
        client_id, tokens = await some_tokens(one, person)
        assert await knock(one, person.http, tokens["access_token"]) != 401
        assert await knock(other, person.http, tokens["access_token"]) == 401
        given = {"refresh_token": tokens["refresh_token"]}
        assert (await exchange(other, person.http, client_id, **given)).json()["error"] == "invalid_grant"
        assert (await exchange(one, person.http, client_id, **given)).status_code == 200


async def test_a_token_ends_with_the_account(here: Site, vimeo: Sandbox) -> None:
    person = Person(vimeo)
    client_id, tokens = await some_tokens(here, person)
    (account,) = here.toolkit.list_connected_accounts()
    here.toolkit.delete_connected_account(identifier=account.identifier)
    assert await knock(here, person.http, tokens["access_token"]) == 401
    refreshed = await exchange(here, person.http, client_id, refresh_token=tokens["refresh_token"])
    assert refreshed.json()["error"] == "invalid_grant"
    _, anew = await some_tokens(here, person)
    assert await knock(here, person.http, anew["access_token"]) != 401
    assert await knock(here, person.http, tokens["access_token"]) == 401, "it is another account"


async def test_a_person_has_few_grants_at_once(
    here: Site, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that was used least lately ends."""
    monkeypatch.setattr("vimeo_toolkit.grants.tokens.MOST", 2)
    person = Person(vimeo)
    client_id, first = await some_tokens(here, person)
    _, second = await some_tokens(here, person)
    answer = await exchange(here, person.http, client_id, refresh_token=first["refresh_token"])
    _, third = await some_tokens(here, person)
    for tokens, works in ((answer.json(), True), (second, False), (third, True)):
        assert (await knock(here, person.http, tokens["access_token"]) != 401) is works


async def test_nothing_that_works_is_in_the_store(vimeo: Sandbox, store: str, tmp_path: Path) -> None:
    person = Person(vimeo)
    with site(vimeo, store, key=generate_key()) as here:
        _, tokens = await some_tokens(here, person)
        kept = await asyncio.to_thread(lambda: b"".join(path.read_bytes() for path in tmp_path.iterdir()))
    secrets = [tokens[which].partition(".")[2] for which in ("access_token", "refresh_token")]
    at_vimeo = list(vimeo.world.tokens)
    assert all(len(each) > 20 for each in (*secrets, *at_vimeo))
    for each in (*secrets, *at_vimeo, REDIRECT, CHALLENGE):
        assert each.encode() not in kept
    seen = json.dumps(tokens) + "".join(page.text + str(page.headers) for page in person.pages)
    assert not [each for each in at_vimeo if each in seen], "Vimeo's tokens never leave the server"


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
