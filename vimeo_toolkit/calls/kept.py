"""Results that were too large to show as a whole, kept for a while so that a model can ask for the rest.

They stay in this process's memory: few for each user, a limited number and size for all, and not for long.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from vimeo_toolkit.errors import InvalidInput

__all__ = ["Kept", "Results"]

PER_USER: Final = 8
SECONDS: Final = 900.0
TOTAL_BYTES: Final = 64_000_000

User = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """One result, with what is needed to show parts of it."""

    data: dict[str, Any]
    others_text: tuple[str, ...]
    size: int
    """Bytes that it came as."""
    until: float


class Results:
    """The kept results of one toolkit. Each method is a short computation under a lock."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[User, str], Kept] = OrderedDict()
        self._guard = threading.Lock()
        self._size = 0

    def keep(
        self,
        user: User,
        handle: str,
        data: dict[str, Any],
        others_text: tuple[str, ...],
        size: int,
        now: float,
    ) -> None:
        """Keep a result under its handle, and let go of the oldest that are too many."""
        with self._guard:
            self._put((user, handle), Kept(data, others_text, size, now + SECONDS))
            own = [key for key in self._kept if key[0] == user]
            for key in own[:-PER_USER]:
                self._drop(key)
            for key in list(self._kept):
                if self._kept[key].until > now and self._size <= TOTAL_BYTES:
                    break
                self._drop(key)

    def get(self, user: User, handle: str, now: float) -> Kept:
        """What was kept for this very user.

        Raises:
            InvalidInput: there is no such result, or no longer.
        """
        with self._guard:
            found = self._kept.get((user, handle))
            if found is None or found.until <= now:
                raise InvalidInput(
                    "result: there is no such result, or it is not kept any more.",
                    hint="Call the tool that it came from again, with smaller pages.",
                )
            return found

    def _put(self, key: tuple[User, str], kept: Kept) -> None:
        self._kept[key] = kept
        self._size += kept.size

    def _drop(self, key: tuple[User, str]) -> None:
        self._size -= self._kept.pop(key).size
