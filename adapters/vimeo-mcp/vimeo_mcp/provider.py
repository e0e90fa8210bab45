"""The SDK's hooks of an authorization server, over the toolkit's: people sign in with Vimeo."""

from __future__ import annotations

import re
from typing import Any, Final

from mcp.server.auth.provider import (
    AuthorizationParams,
    AuthorizeError,
    OAuthAuthorizationServerProvider,
    RegistrationError,
    TokenError,
)
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken

from vimeo_mcp.registered import Access, Client, Code, Refresh, access_of, code_of, refresh_of
from vimeo_mcp.resource import SCOPE, is_same
from vimeo_toolkit import AuthorizationServer, ClientRequest, InvalidInput

__all__ = ["Provider"]

_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""SHA-256 in base64url, which is what S256 makes."""

_LONGEST_STATE: Final = 4_000


class Provider(OAuthAuthorizationServerProvider[Code, Refresh, Access]):
    """What the SDK's endpoints and its bearer check ask, see `OAuthAuthorizationServerProvider`."""

    def __init__(self, server: AuthorizationServer) -> None:
        self._server = server

    async def get_client(self, client_id: str) -> Client | None:
        """Return a registered client."""
        found = await self._server.find_client(client_id)
        return None if found is None else Client.model_validate(found)

    async def register_client(self, client_info: OAuthClientInformationFull) -> None:
        """Keep a client. It is told the scope that it has."""
        client_info.scope = SCOPE
        redirects = [str(each) for each in client_info.redirect_uris or ()]
        told = client_info.model_dump(mode="json", exclude_none=True)
        try:
            await self._server.register_client(client_info.client_id, told, redirects)
        except InvalidInput as error:
            about = "redirect" in error.message
            code: Any = "invalid_redirect_uri" if about else "invalid_client_metadata"
            raise RegistrationError(code, error.message) from None

    async def authorize(self, client: OAuthClientInformationFull, params: AuthorizationParams) -> str:
        """Return the page on which the person decides. Without a resource a token is for this one (RFC 8707)."""
        resource = self._server.resource
        if params.resource is not None and not is_same(params.resource, resource):
            raise AuthorizeError("invalid_target", "Tokens are for this server's own resource alone.")
        if not _CHALLENGE.fullmatch(params.code_challenge):
            raise AuthorizeError("invalid_request", "The code_challenge is not one of S256.")
        if len(params.state or "") > _LONGEST_STATE:
            raise AuthorizeError("invalid_request", "The state is too long.")
        return await self._server.begin(
            ClientRequest(
                client_id=client.client_id,
                client_name=client.client_name or "",
                redirect_uri=str(params.redirect_uri),
                code_challenge=params.code_challenge,
                resource=resource,
                scopes=(SCOPE,),
                state=params.state,
                redirect_uri_given=params.redirect_uri_provided_explicitly,
            )
        )

    async def load_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: str
    ) -> Code | None:
        """Return a code that works."""
        return code_of(await self._server.grant_of("code", authorization_code))

    async def exchange_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: Code
    ) -> OAuthToken:
        """Return tokens for a code, once."""
        return await self._tokens(authorization_code.grant, "code")

    async def load_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: str
    ) -> Refresh | None:
        """Return a refresh token that works."""
        return refresh_of(await self._server.grant_of("refresh", refresh_token))

    async def exchange_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: Refresh, scopes: list[str]
    ) -> OAuthToken:
        """Return new tokens, and a new refresh token, once."""
        return await self._tokens(refresh_token.grant, "refresh")

    async def load_access_token(self, token: str) -> Access | None:
        """Return an access token that works."""
        return access_of(await self._server.grant_of("access", token), self._server.issuer)

    async def verify_token(self, token: str) -> Access | None:
        """Return an access token that works, for the check of each request."""
        return await self.load_access_token(token)

    async def revoke_token(self, token: Access | Refresh) -> None:
        """End the grant that a token belongs to."""
        await self._server.revoke(token.grant)

    async def _tokens(self, grant: Any, use: Any) -> OAuthToken:
        made = await self._server.exchanged(grant, use)
        if made is None:
            raise TokenError("invalid_grant", "It was used before.")
        return OAuthToken(
            access_token=made.access_token.reveal(),
            refresh_token=made.refresh_token.reveal(),
            expires_in=made.expires_in,
            scope=" ".join(made.scopes),
        )
