"""A user's unfinished uploads, sealed in the store, so that a new process can resume them.

An entry is for one request of one connected Vimeo account: whoever asks for something else (another name, privacy,
folder, file or tool), or has connected another Vimeo account since, does not get it. What was asked is kept as a
salted digest, because a password may be among it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from vimeo_toolkit.accounts.rows import own_key
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.errors import StoreBusy
from vimeo_toolkit.identity import Owner
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret

__all__ = ["Journal", "Unfinished", "Wanted"]

KIND: Final = "upload"
LASTS: Final = 7 * 86_400.0
"""Seconds. Vimeo keeps an unfinished upload for a day (its upload guide) and is asked whether it still does; the
entry stays longer, so that what was left at Vimeo can be named."""

MOST: Final = 50
_ATTEMPTS: Final = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What identifies a requested upload. Its `repr` shows nothing: a password may be among it."""

    everything: bytes
    """The request and the content of the file."""
    subject: bytes
    """The file's path, or whatever else two attempts at the same thing have in common."""

    @classmethod
    def of(cls, *everything: Any, subject: Any) -> Wanted:
        """Return it for JSON-ready values."""
        return cls(_canonical(everything), _canonical(subject))

    def __repr__(self) -> str:
        return "<Wanted>"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An upload that an earlier attempt began. `began` is what Vimeo answered, without the link."""

    name: str
    link: Secret
    began: dict[str, Any]


class Journal:
    """One owner's unfinished uploads."""

    def __init__(self, vault: Vault, io: IO, owner: Owner) -> None:
        self._vault = vault
        self._io = io
        self._generation = owner.generation
        self._key = own_key(KIND, owner.identity)

    async def find(self, wanted: Wanted) -> tuple[Unfinished | None, list[Unfinished]]:
        """Return the unfinished upload of exactly this request, and those of others for the same subject.

        Raises:
            StoreError: the row cannot be read. One that does not open is void.
        """
        found = await self._vault.rows.read_json(self._io, self._key, void=True)
        same: Unfinished | None = None
        others: list[Unfinished] = []
        for name, entry in ({} if found is None else found[0]).items():
            if not self._usable(entry):
                continue
            one = Unfinished(name, Secret(entry["link"]), dict(entry["began"]))
            if hmac.compare_digest(entry["wanted"], _digest(entry["salt"], wanted.everything)):
                if same is not None:  # two calls at once have begun it; the newer one is resumed
                    others.append(same)
                same = one
            elif hmac.compare_digest(entry["subject"], _digest(entry["salt"], wanted.subject)):
                others.append(one)
        return same, others

    def _usable(self, entry: Any) -> bool:
        """Return whether an entry belongs to this Vimeo account and has all that a resumption needs."""
        return (
            isinstance(entry, dict)
            and all(isinstance(entry.get(name), str) for name in ("link", "wanted", "subject", "salt"))
            and isinstance(entry.get("began"), dict)
            and entry.get("generation") == self._generation
            and _alive(entry, self._io.now())
        )

    async def note(self, wanted: Wanted, link: Secret, began: dict[str, Any]) -> str:
        """Save an entry before the first byte is sent; return its name.

        Raises:
            StoreError: the row cannot be written.
        """
        salt = self._io.random_token()
        name = _digest(salt, wanted.everything)
        entry = {
            "link": link,
            "began": began,
            "ends": self._io.now() + LASTS,
            "generation": self._generation,
            "salt": salt,
            "wanted": name,
            "subject": _digest(salt, wanted.subject),
        }
        await self._change(lambda entries: {**dict(list(entries.items())[-MOST + 1 :]), name: entry})
        return name

    async def forget(self, *names: str) -> None:
        """Delete entries."""
        await self._change(lambda entries: {key: each for key, each in entries.items() if key not in names})

    async def _change(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        for _ in range(_ATTEMPTS):
            found = await self._vault.rows.read_json(self._io, self._key, void=True)
            before, version = found if found is not None else ({}, 0)
            now = self._io.now()
            # Entries of another Vimeo account are useless to this one.
            entries = change(
                {
                    key: each
                    for key, each in before.items()
                    if isinstance(each, dict)
                    and _alive(each, now)
                    and each.get("generation", self._generation) == self._generation
                }
            )
            if entries == before:
                return
            if not entries:
                if not version or await self._io.store.adelete(self._key, expected=version):
                    return
            elif await self._vault.rows.put_json(self._io, self._key, entries, ttl=LASTS, expected=version):
                return
            await self._io.sleep(0.01 * self._io.jitter())
        raise StoreBusy("The list of unfinished uploads is being changed by too many callers at once.")


def _alive(entry: dict[str, Any], now: float) -> bool:
    ends = entry.get("ends")
    return isinstance(ends, int | float) and ends > now


def _digest(salt: str, content: bytes) -> str:
    return hmac.new(salt.encode(), content, hashlib.sha256).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_revealed).encode()


def _revealed(value: Any) -> Any:
    return value.reveal() if isinstance(value, Secret) else str(value)
