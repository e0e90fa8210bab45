"""Unfinished uploads of a user, sealed in the store, so that a new process can go on with them."""

from __future__ import annotations

from typing import Any, Final

from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.errors import StoreBusy
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import Key

__all__ = ["Journal"]

KIND: Final = "upload"
LASTS: Final = 86_400.0
"""Seconds: Vimeo keeps an unfinished upload for a day (its upload guide)."""

MOST: Final = 50
_ATTEMPTS: Final = 50


class Journal:
    """One user's unfinished uploads: for each file what Vimeo answered when it began."""

    def __init__(self, vault: Vault, io: IO, connection_name: str, identifier: str) -> None:
        self._vault = vault
        self._io = io
        self._key = Key(KIND, connection_name, identifier)

    async def find(self, name: str) -> tuple[Secret, dict[str, Any]] | None:
        """The link and the beginning of an unfinished upload."""
        found = await self._vault.read_json(self._io, self._key)
        entry = None if found is None else found[0].get(name)
        if entry is None or entry["ends"] <= self._io.now():
            return None
        return Secret(entry["link"]), dict(entry["began"])

    async def note(self, name: str, link: Secret, began: dict[str, Any]) -> None:
        """Before the first byte goes out."""
        entry = {"link": link, "began": began, "ends": self._io.now() + LASTS}
        await self._change(name, entry)

    async def forget(self, name: str) -> None:
        await self._change(name, None)

    async def _change(self, name: str, entry: dict[str, Any] | None) -> None:
        for _ in range(_ATTEMPTS):
            found = await self._vault.read_json(self._io, self._key)
            entries, version = found if found is not None else ({}, 0)
            now = self._io.now()
            entries = {key: each for key, each in entries.items() if key != name and each["ends"] > now}
            if entry is not None:
                entries = {**dict(list(entries.items())[-MOST + 1 :]), name: entry}
            if not entries:
                if not version or await self._io.store.adelete(self._key, expected=version):
                    return
            elif await self._vault.put_json(self._io, self._key, entries, ttl=LASTS, expected=version):
                return
            await self._io.sleep(0.01 * self._io.jitter())
        raise StoreBusy("The list of unfinished uploads is being changed by too many callers at once.")
