"""Who uses the connect pages: who is signed in, and which pages a disconnection may come from."""

from __future__ import annotations

import asyncio
import re
import time

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request

from tests.web.conftest import OWN_PAGE
from tests.web.visiting import approved, finished, landed
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox, User
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.web import connect_app
from vimeo_toolkit.web.origin import form_token, is_form_token

# ---- who is signed in ----


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/vimeo/"),
        ("GET", "/vimeo/connect"),
        ("GET", "/vimeo/callback?state=s&code=c"),
        ("GET", "/vimeo/result/connected"),
        ("POST", "/vimeo/disconnect"),
    ],
)
async def test_nobody_signed_in(
    browser: httpx.AsyncClient, toolkit: VimeoToolkit, method: str, path: str
) -> None:
    answer = await browser.request(method, path, headers={**OWN_PAGE, "x-test-user": ""})
    assert answer.status_code == 401
    assert "Sign in first" in answer.text
    assert await toolkit.alist_connected_accounts() == []


async def test_no_parameter_names_the_user(
    browser: httpx.AsyncClient, vimeo: Sandbox, toolkit: VimeoToolkit
) -> None:
    for name in ("identifier", "user", "user_id", "x-test-user"):
        await browser.get("/vimeo/connect", params={name: "victim"})
    assert [account.identifier for account in await toolkit.alist_connected_accounts()] == ["ana"]


@pytest.mark.parametrize("wrapped", [False, True])
async def test_an_identify_that_is_a_function_around_an_async_one(
    toolkit: VimeoToolkit, wrapped: bool
) -> None:
    async def identify(request: Request) -> str | None:
        return "ana"

    app = connect_app(toolkit, (lambda request: identify(request)) if wrapped else identify)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x") as browser:
        assert (await browser.get("/")).status_code == 200


async def test_identify_may_be_async_and_may_redirect(toolkit: VimeoToolkit) -> None:
    async def identify(request: Request) -> str | None:
        raise HTTPException(303, headers={"Location": "/sign-in"})

    transport = httpx.ASGITransport(app=connect_app(toolkit, identify))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as browser:
        answer = await browser.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


async def test_a_slow_identify_does_not_hold_up_others(toolkit: VimeoToolkit) -> None:
    import threading

    free = threading.Event()

    def slow(request: Request) -> str | None:
        if request.headers.get("x-test-user") == "slow":
            assert free.wait(30)
        return "somebody"

    transport = httpx.ASGITransport(app=connect_app(toolkit, slow))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as browser:
        waiting = asyncio.create_task(browser.get("/", headers={"x-test-user": "slow"}))
        assert (await browser.get("/")).status_code == 200
        assert not waiting.done()
        free.set()
        assert (await waiting).status_code == 200


async def test_an_identify_that_gives_no_text_is_our_mistake(toolkit: VimeoToolkit) -> None:
    transport = httpx.ASGITransport(app=connect_app(toolkit, lambda request: 7))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as browser:
        assert (await browser.get("/")).status_code == 500


async def test_two_users_at_once(product: Starlette, vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    names = [f"user {place}" for place in range(12)]
    people = [vimeo.add_user(f"Person {place}") for place in range(12)]

    async def connect(name: str, person: User) -> None:
        transport = httpx.ASGITransport(app=product)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://x", headers={"x-test-user": name}
        ) as browser:
            assert (await finished(browser, await approved(browser, vimeo, user=person))).status_code == 200

    await asyncio.gather(*map(connect, names, people))
    accounts = {
        account.identifier: account.vimeo_name for account in await toolkit.alist_connected_accounts()
    }
    assert accounts == {name: person.name for name, person in zip(names, people, strict=True)}


# ---- disconnecting from elsewhere ----


@pytest.mark.parametrize(
    ("headers", "carried_out"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://product.example"}, False),
        ({"Origin": "https://product.example"}, True),
        ({"Origin": "http://internal:8080"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "https://product.example.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://["}, False),
        ({"Origin": "https://product.example@evil.example"}, False),
        ({}, False),
    ],
)
async def test_only_own_pages_disconnect(
    browser: httpx.AsyncClient, vimeo: Sandbox, headers: dict[str, str], carried_out: bool
) -> None:
    await finished(browser, await approved(browser, vimeo))
    answer = await browser.post("/vimeo/disconnect", headers=headers)
    assert answer.status_code == (303 if carried_out else 403)
    assert ("Disconnect" in (await browser.get("/vimeo/")).text) is not carried_out


def _token_of(page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("headers", "token", "carried_out"),
    [
        ({"Origin": "null"}, "own", True),  # what a browser without Sec-Fetch-Site sends from our pages
        ({}, "own", True),
        ({"Sec-Fetch-Site": "same-origin"}, "none", True),
        ({"Sec-Fetch-Site": "cross-site"}, "own", False),
        ({"Origin": "null"}, "another user's", False),
        ({"Origin": "null"}, "expired", False),
        ({"Origin": "null"}, "forged", False),
        ({"Origin": "null"}, "none", False),
    ],
)
async def test_the_forms_own_token_settles_it_for_every_browser(
    browser: httpx.AsyncClient, vimeo: Sandbox, headers: dict[str, str], token: str, carried_out: bool
) -> None:
    await finished(browser, await approved(browser, vimeo))
    secret = Secret(vimeo.app.client_secret)
    tokens = {
        "own": _token_of((await browser.get("/vimeo/")).text),
        "another user's": form_token(secret, "ben"),
        "expired": form_token(secret, "ana", time.time() - 50_000),
        "forged": f"99999999999.{'0' * 64}",
        "none": "",
    }
    answer = await browser.post("/vimeo/disconnect", headers=headers, data={"form_token": tokens[token]})
    assert answer.status_code == (303 if carried_out else 403)
    assert ("Disconnect" in (await browser.get("/vimeo/")).text) is not carried_out


@pytest.mark.parametrize("token", ["", ".", "1", "1.", "٣.x", f"{'9' * 400}.x", "1.\ud800", "-1.x"])
def test_what_is_not_a_form_token(token: str) -> None:
    assert not is_form_token(token, Secret("s"), "ana")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Dest": "iframe"},
    ],
)
async def test_a_foreign_visit_writes_nothing_and_asks_first(
    browser: httpx.AsyncClient, toolkit: VimeoToolkit, headers: dict[str, str]
) -> None:
    page = await browser.get("/vimeo/connect", headers=headers)
    assert page.status_code == 200
    assert 'href="connect"' in page.text
    assert await toolkit.alist_connected_accounts() == []


@pytest.mark.parametrize(
    ("name", "connected"),
    [("connected", False), ("not-disconnected", False), ("other-account", False), ("sign-in", False)]
    + [(name, True) for name in ("disconnected", "forgotten", "disconnected-meanwhile", "sign-in")],
)
async def test_a_result_page_says_nothing_that_is_not_so(
    browser: httpx.AsyncClient, vimeo: Sandbox, name: str, connected: bool
) -> None:
    if connected:
        await finished(browser, await approved(browser, vimeo))
    page = await landed(browser, await browser.get(f"/vimeo/result/{name}"))
    assert page.url.path == "/vimeo/"


async def test_disconnect_is_no_link(browser: httpx.AsyncClient, vimeo: Sandbox) -> None:
    await finished(browser, await approved(browser, vimeo))
    assert (await browser.get("/vimeo/disconnect", headers=OWN_PAGE)).status_code == 405
    assert vimeo.user.name in (await browser.get("/vimeo/")).text
