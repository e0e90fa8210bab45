"""The Vimeo app that the operator registered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.loopback import is_confidential, split_url
from vimeo_toolkit.secret import Secret

__all__ = ["DEFAULT_API_URL", "DEFAULT_CONNECTION", "KNOWN_SCOPES", "SCOPES", "Connection", "scope_words"]

DEFAULT_CONNECTION = "vimeo"
DEFAULT_API_URL = "https://api.vimeo.com"

SCOPES: Final = {
    "public": "see your public profile and videos",
    "private": "see your private videos and collections",
    "purchased": "see what you have bought",
    "purchase": "buy videos for you",
    "create": "make showcases, folders and channels",
    "edit": "change your videos and collections",
    "delete": "delete your videos and collections",
    "interact": "like, follow and comment as you",
    "upload": "upload videos",
    "stats": "see your statistics",
    "promo_codes": "manage your promotion codes",
    "video_files": "get at your video files",
    "email": "see your e-mail address",
    "scim": "manage your team's members",
    "ai": "use AI features with your videos",
    "webhooks": "be told of events in your account",
}
"""What each scope lets an app do, in words for the user. The scopes are those of the API's OpenAPI document (2024),
and two that later descriptions add: `ai`, `webhooks`."""

KNOWN_SCOPES = frozenset(SCOPES)


def scope_words(scopes: Iterable[str]) -> list[str]:
    """Return what these scopes let an app do, one phrase for each."""
    return [SCOPES.get(scope, scope) for scope in sorted(scopes)]


@dataclass(frozen=True, init=False)
class Connection:
    """One registered Vimeo app: who asks users for access, and for what.

    Args:
        name: what calls name it by (`connection_name`).
        client_id: the app's client identifier. Not needed when users only bring personal access tokens.
        client_secret: the app's client secret; never shown again.
        redirect_uri: the callback URL, exactly as registered on Vimeo's developer page.
        scopes: what users are asked for. Every scope but `public` also needs `private`, which is added.
        api_url: where the API is: Vimeo's by default, a sandbox's in tests.
        pkce: send a PKCE challenge (S256). Vimeo does not document it; RFC 6749 obliges a server to ignore
            what it does not know, RFC 9700 asks clients to use it. Switch it off if Vimeo ever refuses.

    Raises:
        ConfigurationError: a value cannot work.
    """

    name: str = DEFAULT_CONNECTION
    client_id: str = ""
    client_secret: str | Secret = field(default="", repr=False)
    redirect_uri: str = ""
    scopes: Sequence[str] = ("public", "private")
    api_url: str = DEFAULT_API_URL
    pkce: bool = True

    # By hand, because the frame of a generated __init__ would hold the secret in clear while its checks raise.
    def __init__(
        self,
        *,
        name: str = "vimeo",
        client_id: str = "",
        client_secret: str | Secret = "",
        redirect_uri: str = "",
        scopes: Sequence[str] = ("public", "private"),
        api_url: str = DEFAULT_API_URL,
        pkce: bool = True,
    ) -> None:
        object.__setattr__(self, "client_secret", Secret.of(client_secret))
        del client_secret
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "client_id", client_id)
        object.__setattr__(self, "redirect_uri", redirect_uri)
        object.__setattr__(self, "scopes", scopes)
        object.__setattr__(self, "api_url", api_url)
        object.__setattr__(self, "pkce", pkce)
        self._check()

    def _check(self) -> None:
        if not self.name or any(ord(character) < 32 for character in self.name):
            raise ConfigurationError(
                "A connection's name is empty or has control characters.", hint='Use a name such as "vimeo".'
            )
        scopes = self.scopes.replace(",", " ").split() if isinstance(self.scopes, str) else list(self.scopes)
        unknown = sorted(set(scopes) - KNOWN_SCOPES)
        if unknown:
            raise ConfigurationError(
                f"Connection {self.name!r} asks for scopes that Vimeo does not have: {', '.join(unknown)}.",
                hint=f"Vimeo's scopes are {', '.join(sorted(KNOWN_SCOPES))}.",
            )
        if set(scopes) - {"public"}:
            scopes.append("private")
        object.__setattr__(self, "scopes", tuple(dict.fromkeys(["public", *scopes])))
        object.__setattr__(self, "api_url", _checked_api_url(self.name, self.api_url))

    @property
    def secret(self) -> Secret:
        """The client secret, empty where there is none."""
        assert isinstance(self.client_secret, Secret)  # noqa: S101 - set in __init__
        return self.client_secret

    @property
    def can_authorize(self) -> bool:
        """True when authorization links can be made: the app's id, secret and redirect URI are all known."""
        return bool(self.client_id and self.secret and self.redirect_uri)


def _checked_api_url(name: str, url: str) -> str:
    parts = split_url(url)
    if parts is None or parts.query or parts.fragment:
        raise ConfigurationError(
            f"Connection {name!r} has an api_url that is not a plain origin.", hint=f"Use {DEFAULT_API_URL}."
        )
    if not is_confidential(url):
        raise ConfigurationError(
            f"Connection {name!r} has an api_url without https: tokens would travel in clear.",
            hint="Use https; http is accepted for loopback addresses only.",
        )
    return url.rstrip("/")
