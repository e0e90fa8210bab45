"""What an endpoint is: a function of one authenticated call, declared with its method, paths and scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from vimeo_toolkit.sandbox.errors import ASK_THE_CREATOR, refused
from vimeo_toolkit.sandbox.state import Token, User
from vimeo_toolkit.sandbox.world import SandboxWorld

__all__ = ["ENDPOINTS", "Answer", "Call", "Declared", "endpoint"]


@dataclass(slots=True)
class Answer:
    status: int
    body: Any = None
    media: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False
    """The connection is cut before it."""


@dataclass(slots=True)
class Call:
    """One authenticated request, as an endpoint sees it."""

    world: SandboxWorld
    token: Token
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    url_path: str
    base: str = ""
    """Scheme and host that the request came to."""
    since: str | None = None
    """The If-Modified-Since header."""

    @property
    def user(self) -> User:
        """The user of the token.

        Raises:
            ApiError: 401/8002, the token has none.
        """
        if self.token.user is None:
            raise refused(401, 8002, "This access token has no user.", error=ASK_THE_CREATOR)
        return self.token.user

    def has(self, scope: str) -> bool:
        return scope in self.token.scopes

    def object(self) -> dict[str, Any]:
        """Return the JSON body as an object; {} where there is none."""
        return self.body if isinstance(self.body, dict) else {}


Endpoint = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Declared:
    method: str
    path: str
    scope: str | None
    function: Endpoint


ENDPOINTS: list[Declared] = []


def endpoint(method: str, *paths: str, scope: str | None = None) -> Callable[[Endpoint], Endpoint]:
    """Declare an endpoint, at one or more paths. `scope`: what a token must have, else 403."""

    def declare(function: Endpoint) -> Endpoint:
        ENDPOINTS.extend(Declared(method, path, scope, function) for path in paths)
        return function

    return declare
