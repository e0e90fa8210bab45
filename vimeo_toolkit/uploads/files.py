"""What may be uploaded: files in folders that the operator named, or what the operator's own code hands over."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import threading
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from vimeo_toolkit.errors import ConfigurationError, InvalidInput

__all__ = ["CHUNK", "Files", "Source", "UploadProgress", "source_of", "upload_folders"]

CHUNK: Final = 32 * 1024 * 1024
"""Bytes sent with one request: held in memory, and lost at most once when a connection breaks. (Vimeo's guide
advises 128 MB and more for fast lines.)"""


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How far an upload is. `resumed`: bytes that an earlier attempt had sent already."""

    sent: int
    total: int
    resumed: int = 0


class Source(Protocol):
    """Bytes of a known number that can be read from anywhere."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def key(self) -> str | None:
        """The same for the same bytes, after a restart, too; None when that cannot be said."""
        ...

    def read(self, offset: int, count: int) -> bytes: ...


class _FileSource:
    """A file, opened anew for each part: an upload can last longer than a process keeps files open."""

    def __init__(self, path: Path) -> None:
        found = path.stat()
        self._path = path
        self.name = path.name
        self.size = found.st_size
        self._modified = found.st_mtime_ns
        shown = f"{path}\0{found.st_size}\0{found.st_mtime_ns}"
        self.key: str | None = hashlib.sha256(shown.encode(errors="surrogateescape")).hexdigest()[:32]

    def read(self, offset: int, count: int) -> bytes:
        with self._path.open("rb") as file:
            found = os.fstat(file.fileno())
            if (found.st_size, found.st_mtime_ns) != (self.size, self._modified):
                raise InvalidInput(
                    "The file changed while it was uploaded.",
                    hint="Wait until nothing writes to it, then upload it again from the beginning.",
                )
            file.seek(offset)
            return file.read(count)


class _StreamSource:
    """An open binary stream that can seek. What is before its position is not a part of it."""

    key: str | None = None

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._begin = stream.tell()
        self.size = stream.seek(0, io.SEEK_END) - self._begin
        self.name = Path(str(getattr(stream, "name", ""))).name or "upload"
        self._guard = threading.Lock()

    def read(self, offset: int, count: int) -> bytes:
        with self._guard:
            self._stream.seek(self._begin + offset)
            return self._stream.read(count)


def source_of(given: str | os.PathLike[str] | BinaryIO) -> Source:
    """What the operator's code wants uploaded.

    Raises:
        InvalidInput: it is no file, is empty, or a stream that cannot seek.
    """
    if isinstance(given, str | os.PathLike):
        return _file(Path(given))
    if not (hasattr(given, "seekable") and given.seekable()):
        raise InvalidInput(
            "The stream cannot seek, so a broken upload could not be resumed.",
            hint="Write it to a temporary file, and upload that.",
        )
    return _not_empty(_StreamSource(given))


def _file(path: Path) -> Source:
    try:
        mode = path.stat().st_mode
    except OSError:
        raise InvalidInput(f"There is no readable file {path.name!r}.", hint="Check its path.") from None
    if not stat.S_ISREG(mode):
        raise InvalidInput(f"{path.name!r} is no regular file.", hint="Give the path of a file.")
    if not os.access(path, os.R_OK):
        raise InvalidInput(f"{path.name!r} may not be read.", hint="Give this process the right to read it.")
    return _not_empty(_FileSource(path.resolve()))


def _not_empty(source: Source) -> Source:
    if source.size <= 0:
        raise InvalidInput(f"{source.name!r} is empty.", hint="Give a file with content.")
    return source


Progress = Callable[[UploadProgress], Any]


@dataclass(frozen=True, slots=True)
class Files:
    """The files that one call may read.

    `folders`: where a model may choose from. `given`: what the operator's code hands over instead.
    """

    folders: tuple[Path, ...] = ()
    given: Source | None = None
    on_progress: Progress | None = field(default=None, repr=False)
    chunk: int = CHUNK

    def open(self, path: str) -> Source:
        """The file behind a path that a model wrote, or what was given instead of it.

        Raises:
            InvalidInput: it is none of the files that may be read.
        """
        if self.given is not None:
            return self.given
        if not self.folders:
            raise InvalidInput(
                "path: this agent may not upload local files.",
                hint="The operator names folders with VimeoToolkit(upload_folders=[…]).",
            )
        if "\0" in path:
            raise InvalidInput("path: it is no path.")
        for folder in self.folders:
            # Links are followed first: what counts is where the file really is.
            found = (folder / path).resolve()
            if found.is_relative_to(folder) and found.is_file():
                return _file(found)
        names = ", ".join(folder.name for folder in self.folders)
        raise InvalidInput(
            "path: there is no such file in the folders for uploads.",
            hint=f"Give a path within these folders: {names}.",
        )

    async def report(self, progress: UploadProgress) -> None:
        if self.on_progress is not None:
            answer = self.on_progress(progress)
            if isinstance(answer, Awaitable):
                await answer


def upload_folders(folders: Iterable[str | os.PathLike[str]]) -> tuple[Path, ...]:
    """The folders that an operator named.

    Raises:
        ConfigurationError: one of them is none.
    """
    if isinstance(folders, str):
        raise ConfigurationError("upload_folders is a list of folders, and not one text.")
    found = tuple(Path(folder).resolve() for folder in folders)
    for folder in found:
        if not folder.is_dir():
            raise ConfigurationError(
                f"upload_folders: {folder.name!r} is no folder.", hint="Create it first."
            )
    return found
