"""What single calls changed, so that an agent can say afterwards what it did: which tool, when, about what.

A row for each call, which costs one write to the store and no read; its name begins with a digest of the user and
goes on with the time. No input is in it, so no secret: the things' kinds and numbers, and the title of the one that
was changed, where that is the user's own and Vimeo's answer, or the look before a person was asked, tells it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.errors import StoreError, WrongKey
from vimeo_toolkit.identity import Owner
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.protocol import Key

__all__ = ["Writes", "Written"]

WRITE: Final = "write"
MOST: Final = 200
"""So many of one user are kept, about."""
_TRIMS: Final = 1 / 64
"""How often a write looks whether there are too many."""
_MOST_OBJECTS: Final = 20


@dataclass(frozen=True, slots=True)
class Written:
    """A call that changed something, or may have."""

    tool: str
    at: float
    """Seconds since the epoch, by Vimeo's clock."""
    objects: tuple[str, ...]
    """What it was about, such as `video 123`; the first of many."""
    outcome: str
    """`ok`, or the code of the error with which it ended after it may have changed something."""
    name: str = field(default="", repr=False)
    """What the user calls the thing that was changed; "" where that is not known."""


class Writes:
    """What one owner's calls changed.

    Args:
        vault: seals the rows.
        io: what is acted through.
        owner: whose they are.
        keep: seconds that they are kept.
    """

    def __init__(self, vault: Vault, io: IO, owner: Owner, keep: float) -> None:
        self._rows = vault.rows
        self._io = io
        self._owner = owner
        self._keep = keep

    async def note(self, written: Written) -> None:
        """Note a call. A store that fails costs the note, not the call."""
        io, now = self._io, self._io.now()
        key = self._key(f"{int(now * 1_000_000):020}-{io.new_id()}")
        body = {
            "tool": written.tool,
            "at": written.at,
            "objects": list(written.objects[:_MOST_OBJECTS]),
            "outcome": written.outcome,
            "name": written.name,
            "generation": self._owner.generation,
            "ends": now + self._keep,
        }
        with suppress(StoreError):
            await self._rows.put_json(io, key, body, ttl=self._keep)
            if io.jitter() < _TRIMS:
                await self.list()

    async def list(self) -> list[Written]:
        """Return what there is, the newest first; drop what is too much.

        Raises:
            StoreError: the store cannot be read.
        """
        found = await self._rows.named(self._io, WRITE, self._owner.identity)
        for key, _ in found[:-MOST]:
            await self._rows.drop(self._io, key)
        written: list[Written] = []
        for key, row in reversed(found[-MOST:]):
            with suppress(WrongKey, ValueError, KeyError, TypeError):
                body: dict[str, Any] = self._rows.opened(key, row)
                if body["generation"] == self._owner.generation and body["ends"] > self._io.now():
                    names = ("tool", "at", "outcome")
                    kept = {name: body[name] for name in names} | {"objects": tuple(body["objects"])}
                    written.append(Written(**kept, name=body.get("name", "")))
        return written

    def _key(self, name: str) -> Key:
        identity = self._owner.identity
        return Key(WRITE, identity.connection_name, f"{identity.digest}-{name}")
