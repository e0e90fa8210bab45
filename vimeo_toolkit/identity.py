"""For whom a call is made: one user of one connection. It is checked once, when it is made."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Final, NamedTuple

from vimeo_toolkit.errors import InvalidInput

__all__ = ["Identity", "Owner"]

MAX_IDENTIFIER: Final = 512


@dataclass(frozen=True, slots=True)
class Identity:
    """Name one user of one connection.

    Args:
        connection_name: the registered Vimeo app. Whether a toolkit has it is checked by
            `accounts.context.Context.identity`, which is how the toolkit makes identities.
        identifier: the product's own id of the user.

    Raises:
        InvalidInput: the identifier is empty, too long, or not text.
    """

    connection_name: str
    identifier: str

    def __post_init__(self) -> None:
        _check(self.identifier)

    @property
    def digest(self) -> str:
        """Return a text by which the same user is known again, and in which neither of the names can be read."""
        return hashlib.sha256(json.dumps([self.connection_name, self.identifier]).encode()).hexdigest()[:48]


class Owner(NamedTuple):
    """Name the Vimeo user who is connected under an identity now. Another Vimeo user who connects under it later
    is another owner.

    Request budgets, kept results and unfinished uploads belong to an owner.
    """

    identity: Identity
    generation: str = ""
    """See `AccountRecord.generation`."""


def _check(identifier: str) -> None:
    if not isinstance(identifier, str) or not identifier.strip() or len(identifier) > MAX_IDENTIFIER:
        raise InvalidInput(
            f"An identifier is a text of 1 to {MAX_IDENTIFIER} characters.",
            hint="Pass your product's own id of the user who is logged in.",
        )
    try:
        identifier.encode()
    except UnicodeEncodeError:
        raise InvalidInput(
            "The identifier has characters that are not valid Unicode.", hint="Pass a plain user id."
        ) from None
