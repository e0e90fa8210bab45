"""A process that uses, deletes and makes indexes again and again, beside others that do the same."""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

from tests.library.promises import said, video
from vimeo_toolkit.errors import StoreError
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.library.index import Libraries, Stamp
from vimeo_toolkit.library.postgres_libraries import PostgresLibraries
from vimeo_toolkit.library.search import search
from vimeo_toolkit.library.sqlite_libraries import SqliteLibraries

__all__ = ["USERS", "VIDEOS", "begin", "current", "libraries_at", "word", "work"]

USERS = 4
VIDEOS = 6


def word(generation: int) -> str:
    """Return a word that only what is said in this life of an account has."""
    return "word" + "".join("abcdefghij"[int(digit)] for digit in str(generation)) + "q"


def current(folder: Path, user: int) -> int:
    """Return the generation of an account that is connected now."""
    return int(_place(folder, user).read_text())


def _place(folder: Path, user: int) -> Path:
    return folder / f"generation of {user}"


def _connect_anew(folder: Path, user: int) -> None:
    place = _place(folder, user)
    made = place.with_name(f"{place.name} by {os.getpid()}")
    made.write_text(str(current(folder, user) + 1))
    made.replace(place)


def work(folder: Path, seed: int, seconds: float) -> int:
    """Return how often a passage of another user or of another life was found; write of each on standard error."""
    dice, libraries, wrong = random.Random(seed), libraries_at((folder / "libraries").read_text()), 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        user = dice.randrange(USERS)
        if dice.random() < 0.02:
            _connect_anew(folder, user)
        generation = current(folder, user)
        owner = Owner(Identity("vimeo", f"user {user}"), str(generation))
        try:
            index, chance = libraries.index(owner), dice.random()
            if chance < 0.5:
                texts = [f"{word(generation)} user{user}x harbour {part}" for part in range(8)]
                index.put(video(dice.randrange(VIDEOS)), Stamp("s", 1.0), said(*texts))
            elif chance < 0.97:
                for hit in search(index, "harbour", limit=30).hits:
                    if word(generation) not in hit.passage.text or f"user{user}x" not in hit.passage.text:
                        wrong += 1
                        sys.stderr.write(f"user {user} found {hit.passage.text}\n")
            else:
                libraries.forget(owner.identity)
        except StoreError as error:
            if "deleted" not in error.message:
                sys.stderr.write(f"{error}\n")
    return wrong


def libraries_at(place: str) -> Libraries:
    """Return the libraries of a folder, or of a PostgreSQL URL."""
    return PostgresLibraries(place) if place.startswith("postgresql://") else SqliteLibraries(place)


def begin(folder: Path, place: str) -> None:
    """Write that every account is in its first life, and where the libraries are."""
    (folder / "libraries").write_text(place)
    for user in range(USERS):
        _place(folder, user).write_text("1")


if __name__ == "__main__":
    raise SystemExit(min(work(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])), 1))
