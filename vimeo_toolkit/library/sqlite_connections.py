"""SQLite's connections to one index: a few for readers, one writer at a time, all of them of the right life.

An index may be deleted, or replaced by another user's, while threads and processes have it open. So each
transaction first looks whether its file is still the one at the path, and then whose it is.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from vimeo_toolkit.library.index import deleted
from vimeo_toolkit.library.sqlite_files import BUSY_SECONDS, OpenFile, file_at, open_file, transaction, typed
from vimeo_toolkit.library.sqlite_schema import owner_of

__all__ = ["Connections"]

_IDLE: Final = 2
"""Connections that are kept open, of each index."""


class Connections:
    """The connections to one index.

    Args:
        path: its file.
        generation: see `Owner.generation`.
    """

    def __init__(self, path: Path, generation: str) -> None:
        self.path = path
        self.generation = generation
        self.reset()
        with _GATE:
            _ALL.add(self)

    def reset(self) -> None:
        """Begin without connections, in a forked process: no thread of its parent's is there to give one back."""
        self._idle: list[OpenFile] = []
        self._busy = 0
        self._state = threading.Condition()
        self._writing = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees one moment of the index."""
        with self._transaction("begin") as db:
            yield db

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Make changes that are there as a whole or not at all."""
        with self._writing, self._transaction("begin immediate") as db:
            yield db

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        opened = self._take()
        whole = False
        try:
            with transaction(opened.db, begin):
                if owner_of(opened.db) != self.generation:
                    raise deleted()
                yield opened.db
            whole = True
        except sqlite3.Error as error:
            raise typed(error, opened.file) from None
        finally:
            self._give(opened, whole)

    def _take(self) -> OpenFile:
        with _GATE, self._state:
            self._busy += 1
            try:
                here = file_at(self.path)
                while self._idle:
                    idle = self._idle.pop()
                    if idle.file == here:
                        return idle
                    idle.db.close()
                opened = open_file(self.path)
                if opened is None:
                    raise deleted()
                return opened
            except BaseException:
                self._busy -= 1
                raise

    def _give(self, opened: OpenFile, whole: bool) -> None:
        with self._state:
            self._busy -= 1
            if whole and len(self._idle) < _IDLE:
                self._idle.append(opened)
            else:
                opened.db.close()
            self._state.notify_all()

    def close(self, wait: float = 0.0) -> None:
        """Close what is not in use now; it is opened again when it is needed."""
        with self._state:
            self._state.wait_for(lambda: self._busy == 0, timeout=wait)
            while self._idle:
                self._idle.pop().db.close()


# A forked process must not use its parent's connections, nor does SQLite see its own locks beside them: so all are
# closed before a fork, and opened again by whoever needs them.

_GATE = threading.RLock()
_ALL: weakref.WeakSet[Connections] = weakref.WeakSet()


def _before_fork() -> None:
    _GATE.acquire()
    for each in list(_ALL):
        each.close(wait=BUSY_SECONDS)


def _after_fork_in_child() -> None:
    global _GATE
    _GATE = threading.RLock()
    for each in list(_ALL):
        each.reset()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=lambda: _GATE.release(),
        after_in_child=_after_fork_in_child,
    )
