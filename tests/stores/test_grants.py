"""An authorization server's codes and tokens on every store: each works once, and ends with the account."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

from vimeo_toolkit import AuthorizationServer, ClientRequest, Connection, VimeoToolkit, generate_key
from vimeo_toolkit.sandbox import Sandbox

HERE = "https://mcp.example.com"
WHO = "vimeo:1"


async def test_a_grant_from_its_code_to_its_end(store_url: str, vimeo: Sandbox) -> None:
    app = vimeo.app
    connection = Connection(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=f"{HERE}/vimeo/callback",
        api_url=vimeo.url,
    )
    async with VimeoToolkit([connection], store=store_url, key=generate_key()) as toolkit:
        server = AuthorizationServer(toolkit, public_url=HERE, resource=f"{HERE}/mcp")
        token = vimeo.issue_token().access_token
        account = await toolkit.aimport_token(identifier=WHO, access_token=token)
        await server.register_client("c", {"client_id": "c"}, ["https://client.example/cb"])
        assert await server.find_client("c") == {"client_id": "c"}
        asked = ClientRequest("c", "A client", "https://client.example/cb", "challenge", server.resource)

        async def code() -> str:
            return parse_qs(urlsplit(await server.code_for(asked, account)).query)["code"][0]

        first = await server.grant_of("code", await code())
        assert first is not None
        once = await asyncio.gather(*(server.exchanged(first, "code") for _ in range(4)))
        assert sum(each is not None for each in once) <= 1
        for each in once:  # and what it gave has ended, because it came more than once
            assert each is None or await server.grant_of("access", each.access_token.reveal()) is None

        second = await server.grant_of("code", await code())
        assert second is not None
        tokens = await server.exchanged(second, "code")
        assert tokens is not None
        grant = await server.grant_of("refresh", tokens.refresh_token.reveal())
        assert grant is not None
        renewed = await server.exchanged(grant, "refresh")
        assert renewed is not None
        for each in tokens, renewed:
            assert await server.grant_of("access", each.access_token.reveal()) is not None
            assert await server.grant_of("refresh", each.access_token.reveal()) is None, "of another kind"
        await toolkit.adelete_connected_account(identifier=WHO)
        assert await server.grant_of("access", renewed.access_token.reveal()) is None
        assert await toolkit._store.ascan("oauth_grant") == []
        assert [await server.seconds_to_wait("sign-ins", "2001:db8::1") for _ in range(3)] == [0, 0, 0]
