"""Results that are kept for a while: those that were too large to show as a whole, so that a model can ask for the
rest, and answers that may be given again.

They stay in this process's memory: few for each user, a limited number and size for all, and not for long. They are
kept as JSON, so that their size is known and nobody who holds a result changes what is kept of it.
"""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import PydanticSerializationError, from_json, to_json

from vimeo_toolkit.catalog.api import CachedResult
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.identity import Identity, Owner

__all__ = ["Limits", "ResultCache"]

PER_USER: Final = 8
SECONDS: Final = 900.0
USER_BYTES: Final = 8_000_000
"""Of one user, so that nobody crowds the others out."""
TOTAL_BYTES: Final = 64_000_000

OVERHEAD: Final = 1_100
"""Bytes that an entry takes beside its JSON and its user's name: 960 by `tracemalloc` for a user's only one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many results are kept, how large they are, and for how long."""

    seconds: float = SECONDS
    per_user: int = PER_USER
    user_bytes: int = USER_BYTES
    total_bytes: int = TOTAL_BYTES


@dataclass(frozen=True, slots=True)
class _Packed:
    """A `CachedResult` at rest."""

    json: bytes
    untrusted_fields: tuple[str, ...]
    size: int
    until: float


class _Own(OrderedDict[str, None]):
    """One user's handles, the oldest first, and their size together."""

    size: int = 0


class ResultCache:
    """The kept results of one toolkit. Each method is a short computation, which costs the same however many are
    kept; one that changes something does so under a lock.

    Args:
        limits: of what is kept.
    """

    def __init__(self, limits: Limits = Limits()) -> None:
        self._limits = limits
        self._kept: OrderedDict[tuple[Owner, str], _Packed] = OrderedDict()
        """The oldest first, which is also the first to lapse."""
        self._own: dict[Owner, _Own] = {}
        self._guard = threading.RLock()  # reentrant: a signal handler may run while it is held
        self._changing = False
        self._size = 0

    def keep(
        self, owner: Owner, handle: str, data: dict[str, Any], untrusted_fields: tuple[str, ...], now: float
    ) -> bool:
        """Keep a result under its handle, and let go of the oldest that are too many. False, with nothing kept,
        when it is larger than one user's share or is not JSON (a modifier may have put anything into it), and
        within a signal handler that has interrupted a change."""
        try:
            packed = to_json(data)
        except (PydanticSerializationError, ValueError, TypeError, RecursionError):
            return False
        limits = self._limits
        size = len(packed) + OVERHEAD + sum(map(sys.getsizeof, (handle, *_names(owner))))
        if size > limits.user_bytes:
            return False
        with self._changed() as mine:
            if not mine:
                return False
            self._put((owner, handle), _Packed(packed, untrusted_fields, size, now + limits.seconds))
            own = self._own[owner]
            while len(own) > limits.per_user or own.size > limits.user_bytes:
                self._drop((owner, next(iter(own))))
            while self._kept:
                oldest = next(iter(self._kept))
                if self._size <= limits.total_bytes and self._kept[oldest].until > now:
                    break
                self._drop(oldest)
        return True

    def get(self, owner: Owner, handle: str, now: float) -> CachedResult:
        """Return what was cached for this very user.

        Raises:
            InvalidInput: there is no such result, or no longer.
        """
        found = self.find(owner, handle, now)
        if found is None:
            raise InvalidInput(
                "result: there is no such result, or it is not kept any more.",
                hint="Call the tool that it came from again, with smaller pages.",
            )
        return found

    def find(self, owner: Owner, handle: str, now: float) -> CachedResult | None:
        """Return what was cached for this very user; None where nothing is."""
        found = self._kept.get((owner, handle))  # one step, so it needs no lock
        if found is None or found.until <= now:
            return None
        return CachedResult(from_json(found.json), found.untrusted_fields, found.size, found.until)

    def forget(self, identity: Identity) -> None:
        """Delete everything that is kept for this user, whatever Vimeo account was connected. Within a signal
        handler that has interrupted a change, it is left to lapse: nobody finds it any more."""
        with self._changed() as mine:
            for owner in [owner for owner in self._own if mine and owner.identity == identity]:
                for handle in list(self._own[owner]):
                    self._drop((owner, handle))

    @contextmanager
    def _changed(self) -> Iterator[bool]:
        """Let one change go on at a time: False where this thread itself is in the midst of one."""
        with self._guard:
            if self._changing:
                yield False
                return
            self._changing = True
            try:
                yield True
            finally:
                self._changing = False

    def _put(self, key: tuple[Owner, str], packed: _Packed) -> None:
        if key in self._kept:
            self._drop(key)
        owner, handle = key
        self._kept[key] = packed
        self._size += packed.size
        own = self._own.setdefault(owner, _Own())
        own[handle] = None
        own.size += packed.size

    def _drop(self, key: tuple[Owner, str]) -> None:
        owner, handle = key
        size = self._kept.pop(key).size
        self._size -= size
        own = self._own[owner]
        del own[handle]
        own.size -= size
        if not own:
            del self._own[owner]


def _names(owner: Owner) -> tuple[str, ...]:
    return owner.identity.connection_name, owner.identity.identifier, owner.generation
