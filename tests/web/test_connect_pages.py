"""The connect pages as they are shown, with their headers and templates, and what is refused at set-up."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.web.conftest import REDIRECT_URI, signed_in
from tests.web.visiting import approved, finished, landed
from vimeo_toolkit import AuthorizationFailed, ConfigurationError, Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.web import connect_app
from vimeo_toolkit.web.messages import OUTCOMES, outcome_of

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


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("path", ["/callback", "/elsewhere"])
async def test_a_server_that_logs_urls_does_not_see_the_code(
    method: str, path: str, toolkit: VimeoToolkit
) -> None:
    app, seen = connect_app(toolkit, signed_in), []

    async def server(scope: object, receive: object, send: object) -> None:
        await app(scope, receive, send)  # type: ignore[arg-type]
        seen.append(scope["query_string"])  # type: ignore[index]

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=server), base_url="http://x", headers={"x-test-user": "ana"}
    ) as browser:
        await browser.request(method, f"{path}?state=s&code=c")
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
