"""What every account flow of one toolkit shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.errors import ConfigurationError, InvalidInput
from vimeo_toolkit.wire.sending import Policy

__all__ = ["Context", "checked_identifier"]

MAX_IDENTIFIER = 512


@dataclass(frozen=True, slots=True)
class Context:
    connections: Mapping[str, Connection]
    vault: Vault
    policy: Policy

    def connection(self, name: str) -> Connection:
        """The connection of this name.

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


def checked_identifier(identifier: str) -> str:
    """The identifier, if it can be one.

    Raises:
        InvalidInput: it is empty, too long, or not text.
    """
    if not isinstance(identifier, str) or not identifier.strip() or len(identifier) > MAX_IDENTIFIER:
        raise InvalidInput(
            f"An identifier is a text of 1 to {MAX_IDENTIFIER} characters.",
            hint="Pass your product's own id of the user who is logged in.",
        )
    try:
        identifier.encode()
    except UnicodeEncodeError:
        raise InvalidInput(
            "The identifier has characters that are no valid Unicode.", hint="Pass a plain user id."
        ) from None
    return identifier
