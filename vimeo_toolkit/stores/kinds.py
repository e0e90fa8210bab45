"""Every kind of row that the toolkit keeps, in one table; what depends on a kind is derived from it.

Sealing all rows under a new key, copying them to another store, and forgetting a user go over this table, so a
kind that is not in it would be left behind by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["KINDS", "Kind"]

Owner = Literal["address", "prefix", "inside", "nobody"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is so of all rows of a kind. Every one of them is sealed."""

    owner: Owner
    """Whose a row is: the user's in its address; the user's with whose digest its name begins
    (`Identity.digest`), of which each can have many; one's that it names inside (`identifier`); or nobody's."""
    lasts: float | None = None
    """Seconds that a row stays at most; None: until it is deleted."""
    ephemeral: bool = False
    """Its loss in a power cut does no harm: a store need not wait for the disk for it."""
    moves: bool = True
    """It goes along when accounts are copied to another store."""


KINDS: Final[Mapping[str, Kind]] = {
    # A connected account.
    "account": Kind("address"),
    # An authorization link that waits for its callback. One of its two copies could be used twice: it stays.
    "state": Kind("inside", lasts=600.0, moves=False),
    # Which links of a user wait, so that there are not too many.
    "links": Kind("address", lasts=600.0, moves=False),
    # A call that waits for a person's consent, or has it.
    "approval": Kind("inside", lasts=3_600.0),
    # A call that may be made only once, and what came of it.
    "call": Kind("inside", lasts=86_400.0),
    # A user's unfinished uploads.
    "upload": Kind("address", lasts=7 * 86_400.0),
    # Which plans of many videos' changes a user has. A year is the most that a toolkit may be set to; each ends
    # when it says.
    "plans": Kind("address", lasts=365 * 86_400.0),
    # Some of the videos of such a plan: what changes, and how far it has come.
    "plan": Kind("prefix", lasts=365 * 86_400.0),
    # That a single call changed something.
    "write": Kind("prefix", lasts=365 * 86_400.0, ephemeral=True),
    # What is left of a user's rate limit; learned anew where it is lost.
    "budget": Kind("address", lasts=86_400.0, ephemeral=True, moves=False),
    # To which user a conversation with an agent belongs; renewed while it goes on.
    "thread": Kind("nobody", lasts=90 * 86_400.0),
    # A client of the authorization server; renewed while it is used.
    "oauth_client": Kind("nobody", lasts=180 * 86_400.0),
    # What a client asked for, while its user signs in. One of two copies could be used twice: it stays.
    "oauth_request": Kind("nobody", lasts=900.0, moves=False),
    # What a user allowed a client: digests of its code and tokens; renewed while the client is used. Of two copies
    # each could be renewed: it stays, and users sign in again.
    "oauth_grant": Kind("prefix", lasts=30 * 86_400.0, moves=False),
    # How often strangers have asked lately.
    "oauth_count": Kind("nobody", lasts=3_600.0, ephemeral=True, moves=False),
    # A webhook delivery that was dealt with, or is being.
    "delivery": Kind("nobody", lasts=7 * 86_400.0),
}
