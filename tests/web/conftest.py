"""A product whose users sign in with a header, with the connect pages under /vimeo."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount

from tests.web.hooks import Heard
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.web import connect_app

REDIRECT_URI = "https://product.example/vimeo/callback"
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


def signed_in(request: Request) -> str | None:
    """Stands for a session: a test's header."""
    return request.headers.get("x-test-user")


@pytest.fixture
def connection(vimeo: Sandbox) -> Connection:
    vimeo.app.redirect_uris.append(REDIRECT_URI)
    return Connection(
        client_id=vimeo.app.client_id,
        client_secret=vimeo.app.client_secret,
        redirect_uri=REDIRECT_URI,
        scopes=("public", "private", "edit"),
        api_url=vimeo.url,
    )


@pytest.fixture
def product(toolkit: VimeoToolkit) -> Starlette:
    return Starlette(routes=[Mount("/vimeo", connect_app(toolkit, signed_in, after="/home"))])


@pytest.fixture
async def browser(product: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    # As behind a proxy that ends TLS: this process sees neither the public scheme nor the public host.
    transport = httpx.ASGITransport(app=product)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://internal:8080", headers={"x-test-user": "ana"}
    ) as client:
        yield client


@pytest.fixture
def heard() -> Heard:
    """A handler of webhooks."""
    return Heard()
