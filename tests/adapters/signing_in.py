"""A server that people sign in to with Vimeo, the SDK's own client, and a person with a browser."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import html
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
from mcp import Client
from mcp.client.auth import OAuthClientProvider, TokenStorage
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)
from pydantic import AnyUrl
from vimeo_mcp import sign_in_app

from tests.adapters.mcp_clients import free_port, served, text_of
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox, User

REDIRECT = "http://127.0.0.1:33418/callback"
"""Where the client under test would listen."""

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Site:
    """A server that runs."""

    url: str
    vimeo: Sandbox
    own: VimeoToolkit | None = None
    """Of a server in this process."""
    path: str = "/mcp"

    @property
    def toolkit(self) -> VimeoToolkit:
        assert self.own is not None
        return self.own

    @property
    def mcp(self) -> str:
        return f"{self.url}{self.path}"


@contextmanager
def site(vimeo: Sandbox, store: str = "sqlite:///:memory:", port: int = 0, **rules: Any) -> Iterator[Site]:
    """Serve it under the address that it is told, which Vimeo leads back to."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    with site_toolkit(vimeo, url, store, **rules) as toolkit, served(sign_in_app(url, toolkit=toolkit), port):
        yield Site(url, vimeo, toolkit)


def site_toolkit(vimeo: Sandbox, url: str, store: str, **rules: Any) -> VimeoToolkit:
    callback = f"{url}/vimeo/callback"
    vimeo.app.redirect_uris.append(callback)
    app = vimeo.app
    connection = Connection(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=callback,
        scopes=("public", "private", "edit", "delete"),
        api_url=vimeo.url,
    )
    return VimeoToolkit([connection], store=store, **{"approval": "destructive", **rules})


@dataclass
class Memory(TokenStorage):
    """Where a client keeps what it got."""

    tokens: OAuthToken | None = None
    client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


@dataclass
class Person:
    """Somebody with a browser, who is signed in at Vimeo as one of its users."""

    vimeo: Sandbox
    user: User | None = None
    decision: str = "allow"
    allows_at_vimeo: bool = True
    pages: list[httpx2.Response] = field(default_factory=list)
    http: httpx2.AsyncClient = field(default_factory=lambda: httpx2.AsyncClient(timeout=30))

    async def visit(self, url: str) -> str:
        """Follow a client's authorization link; return where the client gets its answer."""
        page = await self.open(url)
        if page.status_code != 200:
            return str(page.headers.get("location", ""))
        onward = await self.send(page, decision=self.decision)
        if not onward.startswith(self.vimeo.url):
            return onward
        return await self.back(await self.at_vimeo(onward))

    async def open(self, url: str) -> httpx2.Response:
        """Return the page of a client's link, or the answer that refuses it."""
        answer = await self.http.get(url)
        if answer.status_code == 302 and "/sign-in/" in answer.headers["location"]:
            answer = await self.http.get(answer.headers["location"])
        self.pages.append(answer)
        return answer

    async def send(self, page: httpx2.Response, **changed: str) -> str:
        """Press a button of a page; return where it leads on to, or the text of the page that refuses it."""
        fields = dict(re.findall(r'name="(form_token)" value="([^"]*)"', page.text))
        answer = await self.http.post(str(page.url), data={**fields, **changed})
        self.pages.append(answer)
        led = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', answer.text)
        return html.unescape(led[1]) if led else answer.text

    async def at_vimeo(self, link: str) -> str:
        """Return the callback that Vimeo sends this browser to."""
        return await asyncio.to_thread(self.vimeo.authorize, link, user=self.user, allow=self.allows_at_vimeo)

    async def back(self, callback: str) -> str:
        """Come back from Vimeo; return where that leads."""
        answer = await self.http.get(callback)
        assert answer.status_code == 303
        return str(answer.headers["location"])


class Visits(Protocol):
    """Somebody to whom a client gives its link, and whom it is sent back by."""

    async def visit(self, url: str) -> str: ...


@asynccontextmanager
async def connected(
    site: Site, person: Visits, memory: Memory | None = None, **more: Any
) -> AsyncIterator[Client]:
    """The SDK's own client, as whoever adds one URL to it."""
    kept = memory if memory is not None else Memory()
    landed: list[str] = []

    async def opened(url: str) -> None:
        landed.append(await person.visit(url))

    async def answer() -> AuthorizationCodeResult:
        values = query_of(landed[-1])
        return AuthorizationCodeResult(
            code=values.get("code", ""), state=values.get("state"), iss=values.get("iss")
        )

    metadata = OAuthClientMetadata(
        redirect_uris=[AnyUrl(more.pop("redirect", REDIRECT))],
        client_name="Test client",
        token_endpoint_auth_method=more.pop("method", "none"),
    )
    auth = OAuthClientProvider(site.mcp, metadata, kept, opened, answer)
    async with (
        httpx2.AsyncClient(auth=auth, timeout=30, follow_redirects=True) as http,
        Client(streamable_http_client(site.mcp, http_client=http), **more) as client,
    ):
        yield client


async def me_of(client: Client) -> str:
    """Whose Vimeo account the client's calls are for."""
    return str(json.loads(text_of(await client.call_tool("vimeo_me_get")))["uri"])


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


# ---- the protocol by hand, for what no client does by mistake ----


async def registered(site: Site, http: httpx2.AsyncClient, **said: Any) -> str:
    """The id of a new client without a secret."""
    answer = await http.post(
        f"{site.url}/register",
        json={"redirect_uris": [REDIRECT], "token_endpoint_auth_method": "none", **said},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["client_id"])


def link_of(site: Site, client_id: str, **changed: str | None) -> str:
    """A client's authorization link; None leaves a part out."""
    values = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": REDIRECT,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "state": "the-state",
        "resource": site.mcp,
        **changed,
    }
    sent = {name: value for name, value in values.items() if value is not None}
    return f"{site.url}/authorize?{urlencode(sent)}"


async def exchange(site: Site, http: httpx2.AsyncClient, client_id: str, **given: str) -> httpx2.Response:
    """Ask for tokens: for a `code`, or for a `refresh_token`."""
    if "code" in given:
        values = {
            "grant_type": "authorization_code",
            "redirect_uri": REDIRECT,
            "code_verifier": VERIFIER,
            "resource": site.mcp,
        }
    else:
        values = {"grant_type": "refresh_token", "resource": site.mcp}
    return await http.post(f"{site.url}/token", data={"client_id": client_id, **values, **given})


async def knock(site: Site, http: httpx2.AsyncClient, token: str) -> int:
    """The status that a request with a token gets; 401 where it does not work."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {}}
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
    return (await http.post(site.mcp, json=body, headers=headers)).status_code


async def a_code(here: Site, person: Person, **changed: str | None) -> tuple[str, str]:
    """A new client, and a code that a person gave it."""
    client_id = await registered(here, person.http)
    landed = query_of(await person.visit(link_of(here, client_id, **changed)))
    return client_id, landed["code"]


async def some_tokens(here: Site, person: Person) -> tuple[str, dict[str, Any]]:
    """A new client, and the tokens that it got for a person's code."""
    client_id, code = await a_code(here, person)
    answer = await exchange(here, person.http, client_id, code=code)
    assert answer.status_code == 200, answer.text
    return client_id, answer.json()
