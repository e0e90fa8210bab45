"""What a user's browser does on the connect pages."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import httpx

from tests.web.conftest import REDIRECT_URI
from vimeo_toolkit.sandbox import Sandbox, User

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
