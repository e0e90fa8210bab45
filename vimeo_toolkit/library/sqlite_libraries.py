"""The indexes of all users in one folder: a SQLite database for each, and nothing of one in another's."""

from __future__ import annotations

import re
import threading
import warnings
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Final

from vimeo_toolkit.errors import ConfigurationError, StoreError
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.library.sqlite import SqliteIndex
from vimeo_toolkit.library.sqlite_files import removed
from vimeo_toolkit.stores.sqlite_schema import network_disk

__all__ = ["SqliteLibraries"]

_OPEN: Final = 64
"""Indexes whose connections stay open, those used last."""
_FILES: Final = ("db", "db-wal")
_DIGEST: Final = re.compile("[0-9a-f]{48}")


class SqliteLibraries:
    """The indexes of all users on one machine, for any number of threads and processes.

    Args:
        folder: made with mode 0700 where there is none; the files in it have mode 0600. They can be read by who can
            read them: no key seals them.

    Raises:
        ConfigurationError: the folder that it is in is missing, or it is not a folder.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).absolute()
        self._indexes: OrderedDict[str, SqliteIndex] = OrderedDict()
        self._guard = threading.Lock()
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
        except FileNotFoundError:
            raise ConfigurationError(
                f"The folder {self.folder.parent}, in which the library's folder is to be, does not exist.",
                hint="Make it first.",
            ) from None
        except OSError:
            raise ConfigurationError(
                f"{self.folder} cannot be used as the library's folder.",
                hint="Name a folder that this process may write to: library='sqlite:///folder'.",
            ) from None
        disk = network_disk(self.folder)
        if disk:
            warnings.warn(
                f"The library's folder is on a network file system ({disk}). Only processes of one machine may use "
                'it there: put it on a local disk, or use library="store" with a PostgreSQL store.',
                stacklevel=3,
            )

    def __repr__(self) -> str:
        return f"SqliteLibraries({str(self.folder)!r})"

    def index(self, owner: Owner) -> SqliteIndex:
        """See `Libraries`.

        Raises:
            ConfigurationError: a newer release has changed the index.
            StoreError: it cannot be opened.
        """
        digest = owner.identity.digest
        with self._guard:
            index = self._indexes.pop(digest, None)
            if index is None or index.generation != owner.generation:
                if index is not None:
                    index.close()
                index = SqliteIndex(self._path(digest), owner.generation)
            self._indexes[digest] = index
            while len(self._indexes) > _OPEN:
                self._indexes.popitem(last=False)[1].close()
        index.prepare()
        return index

    def forget(self, identity: Identity) -> bool:
        """See `Libraries`."""
        return self.discard(identity.digest)

    def users(self) -> dict[str, float]:
        """See `Libraries`."""
        written: dict[str, float] = {}
        for file in self._listed():
            digest, _, end = file.name.partition(".")
            if end in _FILES and _DIGEST.fullmatch(digest):
                with suppress(FileNotFoundError):  # deleted meanwhile
                    written[digest] = max(written.get(digest, 0.0), file.stat().st_mtime)
        return written

    def _listed(self) -> list[Path]:
        try:
            return list(self.folder.iterdir())
        except FileNotFoundError:  # deleted meanwhile
            return []
        except OSError as error:
            raise StoreError(
                f"The library's folder cannot be read: {error.strerror or type(error).__name__}.",
                hint=f"Let this process read {self.folder}.",
            ) from None

    def discard(self, digest: str) -> bool:
        """See `Libraries`."""
        if not _DIGEST.fullmatch(digest):
            return False
        with self._guard:
            index = self._indexes.pop(digest, None)
            if index is not None:
                index.close()
        return removed(self._path(digest))

    def close(self) -> None:
        """See `Libraries`. An index that is used afterwards opens its file again."""
        with self._guard:
            while self._indexes:
                self._indexes.popitem()[1].close()

    def _path(self, digest: str) -> Path:
        return self.folder / f"{digest}.db"
