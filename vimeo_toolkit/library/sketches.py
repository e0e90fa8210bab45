"""The sketches of a video's passages, as they stand together in a store; see `vectors`."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

__all__ = ["Sketches", "joined"]


class Sketches(NamedTuple):
    """The sketches of some passages, one after the other."""

    keys: bytes
    """The passages' numbers, 8 bytes each."""
    bits: bytes

    def __repr__(self) -> str:
        return f"Sketches({len(self.keys) // 8})"

    def among(self, there: Iterable[int]) -> Sketches:
        """Return those of these passages."""
        return self.renamed({key: key for key in there})

    def renamed(self, names: Mapping[int, int]) -> Sketches:
        """Return those of these passages, by other numbers.

        Args:
            names: former number → new one.
        """
        numbers = struct.unpack(f"<{len(self.keys) // 8}q", self.keys)
        width = len(self.bits) // max(len(numbers), 1)
        kept = [place for place, key in enumerate(numbers) if key in names]
        return joined(
            [names[numbers[place]] for place in kept],
            [self.bits[place * width : (place + 1) * width] for place in kept],
        )


def joined(keys: Sequence[int], bits: Sequence[bytes]) -> Sketches:
    """Return the sketches of passages as they are kept."""
    return Sketches(struct.pack(f"<{len(keys)}q", *keys), b"".join(bits))
