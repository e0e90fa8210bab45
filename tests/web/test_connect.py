"""The whole way to connect, and everything that can go wrong on it."""

from __future__ import annotations

import asyncio
import logging
import time
from urllib.parse import urlsplit

import httpx
import pytest

from tests.waiting import hurry
from tests.web.conftest import OWN_PAGE
from tests.web.visiting import BEN, approved, finished, landed, start
from vimeo_toolkit import AccountStatus, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox


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


async def test_more_than_the_connection_asks_for(
    browser: httpx.AsyncClient, vimeo: Sandbox, toolkit: VimeoToolkit
) -> None:
    """What a call lacks is asked for beside what is granted, and never from another site without a look at it."""

    async def granted(scopes: str) -> set[str]:
        answer = await browser.get("/vimeo/connect", params={"scopes": scopes})
        callback = await asyncio.to_thread(vimeo.authorize, answer.headers["location"])
        await finished(browser, f"/vimeo/callback?{urlsplit(callback).query}")
        return set(toolkit.get_connected_account(identifier="ana").granted_scopes)

    assert await granted("create") == {"public", "private", "edit", "create"}
    assert await granted("delete") == {"public", "private", "edit", "create", "delete"}
    foreign = {"Sec-Fetch-Site": "cross-site"}
    page = await browser.get("/vimeo/connect?scopes=upload", headers=foreign)
    assert page.status_code == 200
    assert 'href="connect?scopes=upload"' in page.text
    assert "upload" in page.text.partition("What is asked for now")[2].partition("<div")[0]
    for headers in {}, foreign:
        unknown = await browser.get("/vimeo/connect?scopes=win+a+prize", headers=headers)
        assert unknown.status_code >= 400
        assert "prize" not in unknown.text


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
    hurry(toolkit)
    await asyncio.to_thread(vimeo.stop)
    page = await finished(browser, callback)
    assert page.status_code == 503
    assert "Vimeo does not answer" in page.text


async def test_an_account_that_vimeo_does_not_let_go_is_kept(
    browser: httpx.AsyncClient, vimeo: Sandbox, toolkit: VimeoToolkit
) -> None:
    await finished(browser, await approved(browser, vimeo))
    hurry(toolkit)
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
