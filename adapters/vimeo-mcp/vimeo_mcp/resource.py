"""The server as a protected resource (RFC 9728): who gives tokens for it, and which of them are for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mcp.server.auth.provider import AccessToken, TokenVerifier
from mcp.server.auth.routes import build_resource_metadata_url, create_protected_resource_routes
from pydantic import AnyHttpUrl, ConfigDict, TypeAdapter
from starlette.routing import Route

from vimeo_toolkit import AuthorizationServer, ConfigurationError

__all__ = ["SCOPE", "ForResource", "Resource", "is_same", "url_of"]

SCOPE: Final = "vimeo"
"""The one scope of our own tokens. What a user granted at Vimeo limits them."""

# As it is written: issuers are compared letter by letter, and pydantic would add a slash.
_URL: Final = TypeAdapter(AnyHttpUrl, config=ConfigDict(url_preserve_empty_path=True))


def url_of(text: str) -> AnyHttpUrl:
    """Return a URL as the SDK takes it."""
    return _URL.validate_python(text)


def is_same(asked: str, resource: str) -> bool:
    """Return whether a URL names a resource; clients write the slash at its end or leave it out."""
    return asked.removesuffix("/") == resource.removesuffix("/")


@dataclass(frozen=True, slots=True)
class Resource:
    """A server that clients get tokens for."""

    url: str
    """Its public URL, such as `https://mcp.example.com/mcp`: what tokens are for."""
    authorization_server: str
    """Who gives them."""

    @classmethod
    def of(cls, public_url: str | None, path: str, authorization_server: str | None) -> Resource | None:
        """Return the resource that these name; None where they name none.

        Raises:
            ConfigurationError: one of them is missing, or cannot be a server's URL.
        """
        if public_url is None and authorization_server is None:
            return None
        if public_url is None or authorization_server is None:
            raise ConfigurationError(
                "Where clients get tokens is told with public_url and authorization_server together.",
                hint="Give both: the URL under which clients reach this server, and that of the server which gives "
                "them tokens. Without one of your own: sign_in_app.",
            )
        return cls(f"{AuthorizationServer.checked_origin(public_url)}{path}", authorization_server)

    @property
    def metadata_url(self) -> str:
        """Where clients learn of it, for a refusal's `WWW-Authenticate`."""
        return str(build_resource_metadata_url(url_of(self.url)))

    def routes(self) -> list[Route]:
        """Return the route of its metadata."""
        return create_protected_resource_routes(url_of(self.url), [url_of(self.authorization_server)])


class ForResource:
    """Passes on only tokens that were given for this very resource.

    By this, and not by `AuthSettings.validate_token_resource`, which releases of the SDK before 2.3 do not have.
    """

    def __init__(self, verifier: TokenVerifier, resource: str) -> None:
        self._verifier = verifier
        self._resource = resource

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return what a token says; None where it is not a token for this resource, or names no user."""
        found = await self._verifier.verify_token(token)
        if found is None or not found.subject or found.resource is None:
            return None
        return found if is_same(found.resource, self._resource) else None
