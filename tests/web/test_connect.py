"""Every route of the connect pages and everything that can go wrong on them."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Mount

from tests.web.conftest import OWN_PAGE, REDIRECT_URI, signed_in
from vimeo_toolkit import (
    AccountStatus,
    AuthorizationFailed,
    ConfigurationError,
    Connection,
    VimeoToolkit,
)
from vimeo_toolkit.sandbox import Sandbox, User
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.web import connect_app
from vimeo_toolkit.web.messages import OUTCOMES, outcome_of
from vimeo_toolkit.web.origin import form_token, is_form_token

BEN = {"x-test-user": "ben"}


async def start(browser: httpx.AsyncClient, **headers: str) -> str:
    answer = await browser.get("/vimeo/connect", headers=headers)
    assert answer.status_code == 303
    return answer.headers["location"]


async def approved(
    browser: httpx.AsyncClient, vimeo: Sandbox, *, allow: bool = True, user: User | None = None
) -> str:
    """The callback as this process sees it."""
    link = await start(browser)
    callback = await asyncio.to_thread(vimeo.authorize, link, allow=allow, user=user)
    assert callback.startswith(REDIRECT_URI)
    return f"/vimeo/callback?{urlsplit(callback).query}"


async def landed(browser: httpx.AsyncClient, answer: httpx.Response) -> httpx.Response:
    """The page that the redirect leads to, as a browser resolves it."""
    assert answer.status_code == 303
    return await browser.get(answer.url.join(answer.headers["location"]).path)


async def finished(browser: httpx.AsyncClient, callback: str) -> httpx.Response:
    return await landed(browser, await browser.get(callback))


async def test_the_whole_way(browser: httpx.AsyncClient, vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    before = await browser.get("/vimeo/")
    assert before.status_code == 200
    assert "Not connected" in before.text
    assert 'href="connect"' in before.text
    assert "Disconnect" not in before.text

    page = await finished(browser, await approved(browser, vimeo))
    assert (page.status_code, page.url.path) == (200, "/vimeo/result/connected")
    assert f"Connected as {vimeo.user.name}" in page.text
    assert 'href="/home"' in page.text

    account = await toolkit.aget_connected_account(identifier="ana")
    assert account.status is AccountStatus.ACTIVE
    after = await browser.get("/vimeo/")
    assert vimeo.user.name in after.text
    assert "Reconnect" in after.text
    assert "Disconnect" in after.text
    assert "What you have not allowed" not in after.text

    gone = await landed(browser, await browser.post("/vimeo/disconnect", headers=OWN_PAGE))
    assert (gone.status_code, gone.url.path) == (200, "/vimeo/result/disconnected")
    assert "Not connected" in (await browser.get("/vimeo/")).text
    assert [token.revoked for token in vimeo.world.tokens.values()] == [True]


async def test_missing_scopes_are_said_in_words(browser: httpx.AsyncClient, vimeo: Sandbox) -> None:
    link = await start(browser)
    callback = await asyncio.to_thread(vimeo.authorize, link, scopes=["public", "private"])
    page = await finished(browser, f"/vimeo/callback?{urlsplit(callback).query}")
    assert "change your videos and collections" in page.text
    assert "see your private videos" not in page.text
    assert "change your videos and collections" in (await browser.get("/vimeo/")).text


async def test_a_withdrawn_access_is_shown_and_repaired(
    browser: httpx.AsyncClient, vimeo: Sandbox, toolkit: VimeoToolkit
) -> None:
    await finished(browser, await approved(browser, vimeo))
    vimeo.revoke_all(vimeo.user)
    with pytest.raises(Exception, match="no longer"):
        await toolkit.aexecute_tool(identifier="ana", tool_name="vimeo_me_get", tool_input={})
    page = await browser.get("/vimeo/")
    assert "Access withdrawn" in page.text
    assert "Reconnect" in page.text
    stale = await browser.get("/vimeo/result/connected")
    assert stale.status_code == 303
    assert stale.url.join(stale.headers["location"]).path == "/vimeo/"
    await finished(browser, await approved(browser, vimeo))
    assert (await toolkit.aget_connected_account(identifier="ana")).status is AccountStatus.ACTIVE


# ---- what goes wrong ----


async def test_denied(browser: httpx.AsyncClient, vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    page = await finished(browser, await approved(browser, vimeo, allow=False))
    assert page.status_code == 403
    assert "You declined access" in page.text
    assert (await toolkit.aget_connected_account(identifier="ana")).status is AccountStatus.PENDING


async def test_replayed(browser: httpx.AsyncClient, vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    callback = await approved(browser, vimeo)
    await finished(browser, callback)
    page = await finished(browser, callback)
    assert page.status_code == 410
    assert "This link is used up" in page.text
    assert (await toolkit.aget_connected_account(identifier="ana")).status is AccountStatus.ACTIVE


async def test_expired(browser: httpx.AsyncClient, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    callback = await approved(browser, vimeo)
    real = time.time  # the store's clock
    monkeypatch.setattr(time, "time", lambda: real() + 601)
    page = await finished(browser, callback)
    assert page.status_code == 410
    assert vimeo.token_calls == 0


async def test_swapped_session(browser: httpx.AsyncClient, vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    callback = await approved(browser, vimeo)
    answer = await browser.get(callback, headers=BEN)
    page = await landed(browser, answer)
    assert page.status_code == 403
    assert "This link is not yours" in page.text
    assert vimeo.token_calls == 0
    assert [account.identifier for account in await toolkit.alist_connected_accounts()] == ["ana"]


async def test_a_different_vimeo_account(browser: httpx.AsyncClient, vimeo: Sandbox) -> None:
    await finished(browser, await approved(browser, vimeo))
    other = vimeo.add_user("Somebody Else")
    page = await finished(browser, await approved(browser, vimeo, user=other))
    assert page.status_code == 409
    assert f"Connected before as {vimeo.user.name}" in page.text
    assert vimeo.user.name in (await browser.get("/vimeo/")).text


async def test_disconnected_while_at_vimeo(browser: httpx.AsyncClient, vimeo: Sandbox) -> None:
    callback = await approved(browser, vimeo)
    await browser.post("/vimeo/disconnect", headers=OWN_PAGE)
    page = await finished(browser, callback)
    assert page.status_code == 410
    assert "until you disconnect" in page.text
    assert vimeo.token_calls == 0


async def test_a_wrong_code(browser: httpx.AsyncClient, vimeo: Sandbox) -> None:
    callback = await approved(browser, vimeo)
    vimeo.world.codes.clear()
    page = await finished(browser, callback)
    assert page.status_code == 400
    assert "did not accept the approval" in page.text


async def test_vimeo_down(browser: httpx.AsyncClient, vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    callback = await approved(browser, vimeo)
    await asyncio.to_thread(vimeo.stop)
    page = await finished(browser, callback)
    assert page.status_code == 503
    assert "Vimeo does not answer" in page.text


async def test_an_account_that_vimeo_does_not_let_go_is_kept(
    browser: httpx.AsyncClient, vimeo: Sandbox, toolkit: VimeoToolkit
) -> None:
    await finished(browser, await approved(browser, vimeo))
    await asyncio.to_thread(vimeo.stop)
    page = await landed(browser, await browser.post("/vimeo/disconnect", headers=OWN_PAGE))
    assert page.status_code == 503
    assert "Still connected" in page.text
    assert (await toolkit.aget_connected_account(identifier="ana")).status is AccountStatus.ACTIVE


async def test_a_wrong_client_secret_is_our_mistake(
    browser: httpx.AsyncClient, vimeo: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    callback = await approved(browser, vimeo)
    vimeo.app.client_secret = "changed-at-vimeo"
    with caplog.at_level(logging.DEBUG, "vimeo_toolkit"):
        page = await finished(browser, callback)
    assert page.status_code == 500
    assert "This is our mistake" in page.text
    assert "client id and secret" not in page.text
    assert any("does not accept the client id" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("query", ["", "?state=x", "?code=c", "?state=a&state=b&code=c", "?%FF=%00"])
async def test_no_callback_at_all(browser: httpx.AsyncClient, query: str) -> None:
    answer = await browser.get(f"/vimeo/callback{query}")
    page = await landed(browser, answer) if answer.status_code == 303 else answer
    assert page.status_code == 400
    assert "There is nothing to finish here" in page.text


async def test_head_does_not_use_up_a_link(browser: httpx.AsyncClient, vimeo: Sandbox) -> None:
    callback = await approved(browser, vimeo)
    answer = await browser.head(callback)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert (await finished(browser, callback)).status_code == 200


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


# ---- pages ----


async def test_headers_of_every_page(browser: httpx.AsyncClient, vimeo: Sandbox) -> None:
    callback = await browser.get(await approved(browser, vimeo))
    paths = ["/vimeo/", "/vimeo/connect", "/vimeo/callback", "/vimeo/nowhere", "/vimeo/style.css"]
    paths += [f"/vimeo/result/{name.replace('_', '-')}" for name in OUTCOMES]
    for answer in [callback, *[await browser.get(path) for path in paths]]:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        wanted = "no-cache" if answer.url.path.endswith(".css") else "no-store"
        assert answer.headers["cache-control"] == wanted


async def test_every_outcome_has_a_whole_page(
    browser: httpx.AsyncClient, vimeo: Sandbox, toolkit: VimeoToolkit
) -> None:
    await finished(browser, await approved(browser, vimeo))
    for name, outcome in OUTCOMES.items():
        if name == "sign_in":  # never said to somebody who is signed in
            continue
        if name in ("disconnected", "forgotten", "disconnected_meanwhile"):  # said only when it is so
            await toolkit.adelete_connected_account(identifier="ana")
        elif name in ("denied", "not_disconnected"):
            await finished(browser, await approved(browser, vimeo))
        page = await browser.get(f"/vimeo/result/{name.replace('_', '-')}")
        assert page.status_code == outcome.status
        assert page.text.count("<h1>") == 1
        for part in ('<html lang="en">', "<main>", "<title>", 'href="../style.css"', "</html>"):
            assert part in page.text
        for banned in ("<script", "<style", " style=", "{brand}"):
            assert banned not in page.text


async def test_no_secret_on_any_page_or_in_the_log(
    browser: httpx.AsyncClient, vimeo: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "vimeo_toolkit"):
        callback = await approved(browser, vimeo)
        answers = [await browser.get(callback), await browser.get(callback), await browser.get("/vimeo/")]
        answers += [await landed(browser, answer) for answer in answers[:2]]
    query = dict(pair.split("=") for pair in urlsplit(callback).query.split("&"))
    token = next(iter(vimeo.world.tokens))
    for secret in (query["code"], query["state"], token, vimeo.app.client_secret):
        for answer in answers:
            assert secret not in answer.text
            assert secret not in str(answer.headers)
        assert secret not in caplog.text


async def test_a_server_that_logs_urls_does_not_see_the_code(toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    app, seen = connect_app(toolkit, signed_in), []

    async def server(scope: object, receive: object, send: object) -> None:
        await app(scope, receive, send)  # type: ignore[arg-type]
        seen.append(scope["query_string"])  # type: ignore[index]

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=server), base_url="http://x", headers={"x-test-user": "ana"}
    ) as browser:
        await browser.get("/callback?state=s&code=c")
    assert seen == [b""]


async def test_names_are_escaped(browser: httpx.AsyncClient, vimeo: Sandbox) -> None:
    mallory = vimeo.add_user("<script>alert(1)</script>")
    page = await finished(browser, await approved(browser, vimeo, user=mallory))
    status = await browser.get("/vimeo/")
    for text in (page.text, status.text):
        assert "<script" not in text
        assert "&lt;script&gt;" in text


async def test_own_templates_win(toolkit: VimeoToolkit, tmp_path: Path) -> None:
    (tmp_path / "status.html").write_text(
        "{% extends 'base.html' %}{% block main %}<h1>Ours: {{ brand }}</h1>{% endblock %}"
    )
    (tmp_path / "style.css").write_text("body{color:navy}")
    app = connect_app(toolkit, signed_in, templates=tmp_path, brand="Tom & Vimeo")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://x", headers={"x-test-user": "ana"}
    ) as browser:
        assert "<h1>Ours: Tom &amp; Vimeo</h1>" in (await browser.get("/")).text
        assert (await browser.get("/style.css")).text == "body{color:navy}"
        assert "Tom &amp; Vimeo does not answer" in (await browser.get("/result/unavailable")).text


# ---- set-up ----


@pytest.mark.parametrize(
    "changes",
    [{"redirect_uri": "https://product.example/elsewhere"}, {"redirect_uri": ""}, {"client_id": ""}],
)
def test_a_connection_that_cannot_work_is_refused_at_once(
    connection: Connection, changes: dict[str, str]
) -> None:
    given = {
        "client_id": connection.client_id,
        "client_secret": "hush-hush",
        "redirect_uri": REDIRECT_URI,
        **changes,
    }
    with (
        VimeoToolkit([Connection(**given)], store="sqlite:///:memory:") as toolkit,  # type: ignore[arg-type]
        pytest.raises(ConfigurationError) as raised,
    ):
        connect_app(toolkit, signed_in)
    assert "hush-hush" not in str(raised.value)


def test_a_folder_that_does_not_exist_is_refused(toolkit: VimeoToolkit, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="folder"):
        connect_app(toolkit, signed_in, templates=tmp_path / "none")


@pytest.mark.parametrize(
    ("mount", "status"),
    [("/vimeo", 303), ("", 303), ("/inside/vimeo", 500), ("/elsewhere", 500)],
)
@pytest.mark.parametrize("proxied", [False, True])
async def test_pages_mounted_where_the_callback_does_not_lead(
    toolkit: VimeoToolkit, caplog: pytest.LogCaptureFixture, mount: str, status: int, proxied: bool
) -> None:
    if proxied and mount == "/inside/vimeo":
        status = 303  # a proxy that shows itself may add a prefix
    product = Starlette(routes=[Mount(mount, connect_app(toolkit, signed_in))])
    headers = {"x-test-user": "ana", **({"X-Forwarded-For": "192.0.2.1"} if proxied else {})}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=product), base_url="http://x", headers=headers
    ) as browser:
        assert (await browser.get(f"{mount}/connect")).status_code == status
    assert (f"'{mount}/callback'" in caplog.text) is (status == 500)


async def test_without_a_proxy_the_mount_has_to_be_the_registered_one(toolkit: VimeoToolkit) -> None:
    product = Starlette(routes=[Mount("", connect_app(toolkit, signed_in))])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=product),
        base_url="https://product.example",  # the registered host itself: nobody stands in between
        headers={"x-test-user": "ana"},
    ) as browser:
        assert (await browser.get("/connect")).status_code == 500


@pytest.mark.parametrize(
    "reason",
    ["denied", "expired", "used", "other_user", "other_account", "disconnected", "malformed", "refused"],
)
def test_every_reason_of_a_refusal_has_a_page(reason: str) -> None:
    error = AuthorizationFailed("No.", reason=reason)  # type: ignore[arg-type]
    assert 400 <= OUTCOMES[outcome_of(error)].status < 500
