"""List the files that an agent may upload: what `UploadOptions.open` would take, by its path and size."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vimeo_toolkit.uploads.files import UploadOptions, folders_for, no_folders
from vimeo_toolkit.uploads.opening import identity_of

if TYPE_CHECKING:
    from vimeo_toolkit.identity import Identity

__all__ = ["Listing", "LocalFile", "files_of"]

MOST: Final = 500
"""Files of one listing."""
MOST_SEEN: Final = 50_000
"""Entries that are looked at. A folder of more is not what somebody made for uploads."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """One file, with the path by which an upload tool takes it."""

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The first files by their paths."""

    files: list[LocalFile]
    total: int
    whole: bool = True
    """All entries of the folders were looked at."""


def files_of(options: UploadOptions, identity: Identity, name_contains: str = "") -> Listing:
    """Return the files of a user's folders for uploads: no hidden ones, none of the toolkit's own, no empty ones,
    and nothing that lies outside, wherever a link leads.

    Args:
        name_contains: only files whose path has this in it, in whatever case.

    Raises:
        InvalidInput: there are no folders.
        ConfigurationError: the operator's function failed.
    """
    folders = folders_for(options.folders, identity)
    if not folders:
        raise no_folders()
    own = _Own.of(options.own)
    found: dict[str, int] = {}
    seen = 0
    for folder in folders:
        for path in _below(folder):
            seen += 1
            if seen > MOST_SEEN:
                break
            shown = path.relative_to(folder).as_posix()
            # The first folder that has a file of this path is the one that it is read from.
            if shown.isprintable() and name_contains.casefold() in shown.casefold() and shown not in found:
                size = _size(path, folder, own)
                if size:
                    found[shown] = size
    files = [LocalFile(path, found[path]) for path in sorted(found)]
    return Listing(files[:MOST], len(files), seen <= MOST_SEEN)


def _below(folder: Path) -> Iterator[Path]:
    """Yield the entries below a folder, not those in hidden folders or behind links to folders."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place, name) for name in names if not name.startswith("."))


@dataclass(frozen=True, slots=True)
class _Own:
    """The toolkit's own files and folders, by what they are and not by their paths."""

    files: frozenset[tuple[int, int]]
    folders: tuple[Path, ...]

    @classmethod
    def of(cls, paths: Iterable[Path]) -> _Own:
        files, folders = set(), []
        for path in paths:
            with suppress(OSError):
                files.add(identity_of(path.stat()))
                if path.is_dir():
                    folders.append(path.resolve())
        return cls(frozenset(files), tuple(folders))


def _size(path: Path, folder: Path, own: _Own) -> int | None:
    """Return the size of a file that may be read; None for one that may not."""
    with suppress(OSError, RuntimeError, ValueError):
        if path.is_symlink():
            path = path.resolve(strict=True)
            if any(part.startswith(".") for part in path.relative_to(folder).parts):
                return None
        found = path.lstat()
        is_own = identity_of(found) in own.files or any(map(path.is_relative_to, own.folders))
        if stat.S_ISREG(found.st_mode) and not is_own:
            return found.st_size
    return None
