"""What every account flow of one toolkit shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.accounts.waiting import Offer
from vimeo_toolkit.connection import DEFAULT_API_URL, Connection
from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.loopback import is_loopback_host
from vimeo_toolkit.runtime.ports import IO, HttpRequest, HttpResponse
from vimeo_toolkit.wire.clock import VimeoClock
from vimeo_toolkit.wire.sending import Policy, send

if TYPE_CHECKING:
    from vimeo_toolkit.library.embedding import Embedding
    from vimeo_toolkit.library.index import Libraries

__all__ = ["Context"]


@dataclass(frozen=True, slots=True)
class Context:
    connections: Mapping[str, Connection]
    vault: Vault
    policy: Policy
    libraries: Libraries | None = None
    """The indexes of users' libraries, where the operator has them made."""
    embedding: Embedding | None = field(default=None, repr=False)
    """Compares the meaning of what is in them with that of a question."""
    clock: VimeoClock = field(default_factory=VimeoClock)
    offers: dict[tuple[Identity, tuple[str, ...], float | None], Offer] = field(
        default_factory=dict, repr=False
    )
    """Links that this process's failing calls have offered: by user, scopes, and when the account was made."""

    def connection(self, name: str) -> Connection:
        """Return the connection of this name.

        Raises:
            ConfigurationError: there is none.
        """
        try:
            return self.connections[name]
        except (KeyError, TypeError):
            known = ", ".join(repr(known) for known in self.connections) or "none"
            raise ConfigurationError(
                f"There is no connection named {str(name)[:64]!r}.", hint=f"The toolkit has: {known}."
            ) from None

    def identity(self, connection_name: str, identifier: str) -> Identity:
        """Return the user that these name.

        Raises:
            ConfigurationError: there is no such connection.
            InvalidInput: the identifier cannot be one.
        """
        return Identity(self.connection(connection_name).name, identifier)

    def home(self, record: AccountRecord) -> Connection:
        """Return the connection of this account, if its token may be sent there.

        A token goes to the API that gave it and to no other: a setting that was changed, or that came with
        somebody else's folder, must not carry it away. An account of a release that did not note its API is
        taken for one of Vimeo's own.

        Raises:
            ConfigurationError: the connection's API is another one than the account's.
        """
        connection = self.connection(record.connection_name)
        theirs = record.api_url or DEFAULT_API_URL
        if place_of(theirs) != place_of(connection.api_url):
            raise ConfigurationError(
                f"This account was connected at {place_of(theirs)}, and connection {connection.name!r} is set to "
                f"{place_of(connection.api_url)}: its token was not sent there.",
                hint="Look at the connection's api_url (VIMEO_API_URL). If it is meant to be another one now, "
                "connect the user again.",
            )
        return connection

    async def ask(self, io: IO, request: HttpRequest, *, deadline: float | None = None) -> HttpResponse:
        """Send a request about an account, and hear Vimeo's time. Raises what `wire.sending.send` raises."""
        response = await send(io, request, self.policy, deadline=deadline)
        self.clock.sync(response.headers, io.now())
        return response

    def now(self, io: IO) -> float:
        """Return the time as Vimeo's clock has it."""
        return self.clock.now(io.now())


@lru_cache(maxsize=64)  # called twice for each call
def place_of(api_url: str) -> str:
    """Return where an API is: its origin. All of this machine are one place, since a sandbox changes its port."""
    parts = urlsplit(api_url)
    host = (parts.hostname or "").rstrip(".")
    if is_loopback_host(host):
        return "this machine"
    default = 443 if parts.scheme == "https" else 80
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in (None, default) else "")
