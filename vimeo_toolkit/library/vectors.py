"""Which vectors are nearest, and how they are kept: the same in every store.

A vector is kept whole, in 16 bits for each of its numbers, and as a sketch, in one: whether it is above the centre
of the library's vectors. The sketches of a video stand together, so that a search reads and compares those of the
whole library in a few milliseconds; the vectors themselves are compared of the passages alone whose sketches differ
least. Nothing is held in memory between two searches.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy import bitwise_count  # since numpy 2

from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.library.model import Near
from vimeo_toolkit.library.sketches import Sketches, joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

__all__ = [
    "CENTRED",
    "bytes_of",
    "centre_of",
    "nearest",
    "sketches_of",
    "units",
    "vectors_in",
]

CENTRED: Final = 512
"""Vectors whose centre stands for that of the library."""
_COMPARED: Final = 512
"""Passages whose vectors are compared as a whole. All of a library that is not larger."""
_WEIGHED: Final = 4_000
"""Passages whose sketches are compared with the question's numbers, not only with its sketch: those whose sketches
differ least."""


def units(rows: Iterable[Sequence[float]]) -> Numbers:
    """Return vectors with length 1, one below the other.

    Raises:
        InvalidInput: they are not vectors of one length, or not all of their numbers are finite.
    """
    try:
        made = np.asarray([np.asarray(row, dtype=np.float32) for row in rows], dtype=np.float32)
    except (TypeError, ValueError):
        made = np.empty(0, dtype=np.float32)
    if made.ndim != 2 or not made.shape[1] or not np.isfinite(made).all():
        raise InvalidInput(
            "The embedding model gave something else than vectors of one length.",
            hint="Each text's vector is a list of numbers, as many as for every other text.",
        )
    lengths = np.linalg.norm(made, axis=1, keepdims=True)
    return np.asarray(made / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def bytes_of(vectors: Numbers) -> list[bytes]:
    """Return each vector as it is kept."""
    return [row.tobytes() for row in vectors.astype("<f2")]


def vectors_in(bodies: Sequence[bytes]) -> Numbers:
    """Return the vectors that were kept."""
    return np.frombuffer(b"".join(bodies), dtype="<f2").reshape(len(bodies), -1).astype(np.float32)


def centre_of(vectors: Numbers) -> bytes:
    """Return the centre of vectors as it is kept."""
    return np.asarray(vectors.mean(axis=0), dtype="<f4").tobytes()


def sketches_of(rows: Sequence[tuple[int, bytes]], centre: bytes) -> Sketches:
    """Return the sketches of passages.

    Args:
        rows: each passage's number and its vector as it is kept.
        centre: of the library.
    """
    made = _sketched(vectors_in([body for _, body in rows]), centre)
    return joined([key for key, _ in rows], [row.tobytes() for row in made])


def nearest(
    asked: Sequence[float],
    centre: bytes,
    sketches: Iterable[Sketches],
    read: Callable[[list[int]], Iterable[tuple[int, bytes]]],
    limit: int,
    *,
    among: Collection[int] | None = None,
) -> list[Near]:
    """Return the passages whose vectors are nearest, the nearest first.

    Args:
        asked: the vector that they are compared with, as long as theirs.
        centre: of the library.
        sketches: of the videos that are searched.
        read: returns the vectors of passages, as far as they are still there.
        limit: how many passages at most.
        among: the passages that are searched; None for all of these videos.
    """
    listed = list(sketches)
    keys = np.frombuffer(b"".join(each.keys for each in listed), dtype="<i8")
    if not len(keys):
        return []
    vector = units([asked])
    bits = np.frombuffer(b"".join(each.bits for each in listed), dtype=np.uint8).reshape(len(keys), -1)
    if among is not None:
        kept = np.isin(keys, np.fromiter(among, dtype=np.int64, count=len(among)))
        keys, bits = keys[kept], bits[kept]
    most = max(_COMPARED, limit)
    if len(keys) > max(_WEIGHED, most):
        differ = bitwise_count(bits.view(np.uint64) ^ _sketched(vector, centre).view(np.uint64))
        least = np.argpartition(differ @ np.ones(differ.shape[1], dtype=np.uint16), _WEIGHED)[:_WEIGHED]
        keys, bits = keys[least], bits[least]
    if len(keys) > most:
        above = np.unpackbits(bits, axis=1)[:, : vector.shape[1]].astype(np.float32)
        keys = keys[np.argpartition(-_alike(above, vector[0] - _numbers_of(centre)), most)[:most]]
    rows = list(read(np.sort(keys).tolist()))
    if not rows:
        return []
    alike = _alike(vectors_in([body for _, body in rows]), vector[0])
    best = np.argsort(-alike, kind="stable")[:limit]
    return [Near(rows[place][0], float(alike[place])) for place in best]


def _alike(vectors: Numbers, asked: Numbers) -> Numbers:
    """Return the product of each vector with one. `@` would start threads, which wait for each other on a machine
    that is busy, and for so few numbers none are needed."""
    return np.asarray(np.einsum("ij,j->i", vectors, asked), dtype=np.float32)


def _sketched(vectors: Numbers, centre: bytes) -> NDArray[np.uint8]:
    """Return the sketches, each in whole words of 64 bits."""
    bits = np.packbits(vectors > _numbers_of(centre), axis=1)
    whole = np.zeros((len(bits), math.ceil(bits.shape[1] / 8) * 8), dtype=np.uint8)
    whole[:, : bits.shape[1]] = bits
    return whole


def _numbers_of(centre: bytes) -> Numbers:
    return np.frombuffer(centre, dtype="<f4")
