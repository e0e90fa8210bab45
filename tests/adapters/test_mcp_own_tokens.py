"""An MCP server for which a product's own authorization server gives tokens, and settings that cannot be."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from mcp.server.auth.provider import AccessToken
from starlette.requests import Request
from vimeo_mcp import http_app, sign_in_app

from tests.adapters.mcp_clients import served
from tests.adapters.signing_in import (
    Site,
    knock,
)
from vimeo_toolkit import ConfigurationError, Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

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
