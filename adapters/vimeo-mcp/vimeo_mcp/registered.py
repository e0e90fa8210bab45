"""The SDK's objects for what the toolkit keeps: a registered client, and a grant by one of its codes and tokens."""

from __future__ import annotations

from typing import Any, Final

from mcp.server.auth.provider import AccessToken, AuthorizationCode, RefreshToken
from mcp.shared.auth import InvalidRedirectUriError, OAuthClientInformationFull
from pydantic import AnyUrl, Field

from vimeo_mcp.resource import SCOPE
from vimeo_toolkit import AuthorizationServer

__all__ = ["Access", "Client", "Code", "Refresh", "access_of", "code_of", "refresh_of"]

_SHOWN: Final = "***"
"""What stands where the SDK has a code or a token."""


class Client(OAuthClientInformationFull):
    """A registered client. It has the one scope, whatever it asks for (RFC 6749, 3.3)."""

    def validate_scope(self, requested_scope: str | None) -> list[str]:
        """Return the scope that a token has."""
        return [SCOPE]

    def validate_redirect_uri(self, redirect_uri: AnyUrl | None) -> AnyUrl:
        """Return where a code is sent.

        Raises:
            InvalidRedirectUriError: the client has not registered it.
        """
        registered = [str(AnyUrl(str(each))) for each in self.redirect_uris or ()]
        if redirect_uri is None and len(registered) == 1:
            return AnyUrl(registered[0])
        if redirect_uri is None or not AuthorizationServer.is_redirect_of(registered, str(redirect_uri)):
            raise InvalidRedirectUriError("The redirect URI is not one that this client registered.")
        return redirect_uri


class Code(AuthorizationCode):
    """A code that works."""

    grant: Any = Field(repr=False, exclude=True)


class Refresh(RefreshToken):
    """A refresh token that works."""

    grant: Any = Field(repr=False, exclude=True)


class Access(AccessToken):
    """An access token that works."""

    grant: Any = Field(repr=False, exclude=True)


def code_of(grant: Any) -> Code | None:
    """Return the code by which a grant was found."""
    if grant is None:
        return None
    asked = grant.asked
    return Code(
        code=_SHOWN,
        expires_at=grant.ends,
        code_challenge=asked.code_challenge,
        redirect_uri=AnyUrl(asked.redirect_uri),
        redirect_uri_provided_explicitly=asked.redirect_uri_given,
        **_common(grant),
    )


def refresh_of(grant: Any) -> Refresh | None:
    """Return the refresh token by which a grant was found."""
    if grant is None:
        return None
    return Refresh(token=_SHOWN, expires_at=int(grant.ends), **_common(grant))


def access_of(grant: Any, issuer: str) -> Access | None:
    """Return the access token by which a grant was found."""
    if grant is None:
        return None
    return Access(token=_SHOWN, expires_at=int(grant.ends), claims={"iss": issuer}, **_common(grant))


def _common(grant: Any) -> dict[str, Any]:
    asked = grant.asked
    return {
        "client_id": asked.client_id,
        "scopes": list(asked.scopes),
        "resource": asked.resource,
        "subject": grant.identifier,
        "grant": grant,
    }
