"""What an upload reads from: a file that must not change, or an open stream of the operator's."""

from __future__ import annotations

import hashlib
import io
import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.uploads.content import EXPECTED, Kind, fits
from vimeo_toolkit.uploads.opening import NotRegular, identity_of, open_regular

__all__ = ["FileSource", "Source", "own_files", "refuse_own", "source_of"]

SAMPLE: Final = 65_536
"""Bytes at a file's beginning and end by which it is recognised."""

_JOINERS: Final = "\u200c\u200d"
"""Invisible characters that Persian words and emoji of families need."""


class Source(Protocol):
    """Bytes of a known number that can be read from anywhere."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def key(self) -> str | None:
        """A key that is the same for the same bytes, even after a restart; None when there cannot be one."""
        ...

    @property
    def place(self) -> str | None:
        """Where the bytes come from, whether or not they have changed; None for a source without a place."""
        ...

    def read(self, offset: int, count: int) -> bytes: ...


class FileSource:
    """A regular file, opened anew for each part: an upload can last longer than a process keeps files open.

    Args:
        path: absolute, with every symbolic link resolved.

    Raises:
        OSError: see `opening.open_regular`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = shown_name(path.name)
        self.place: str | None = str(path)
        descriptor = open_regular(path)
        with os.fdopen(descriptor, "rb") as file:
            self.found = os.fstat(descriptor)
            self.size = self.found.st_size
            # Without the device's number, which can change with a restart.
            digest = hashlib.sha256(" ".join(map(str, _state(self.found)[1:])).encode())
            digest.update(file.read(SAMPLE))
            file.seek(max(0, self.size - SAMPLE))
            digest.update(file.read(SAMPLE))
        self.key: str | None = digest.hexdigest()

    def is_in(self, folder: Path) -> bool:
        """Return whether it is somewhere in a folder, wherever links to that lead."""
        return self._path.is_relative_to(os.path.realpath(folder)) and folder.is_dir()

    def read(self, offset: int, count: int) -> bytes:
        """Return a part of it.

        Raises:
            InvalidInput: it is not the file any more that it was at the beginning.
        """
        with suppress(OSError):
            descriptor = open_regular(self._path)
            with os.fdopen(descriptor, "rb") as file:
                file.seek(offset)
                part = file.read(count)
                # Checked after the read, so that a change during it counts, too.
                if _state(os.fstat(descriptor)) == _state(self.found):
                    return part
        raise InvalidInput(
            "The file changed while it was uploaded: it was written to, replaced, moved or removed.",
            hint="Wait until nothing writes to it, then upload it again from the beginning.",
        )


def _state(found: os.stat_result) -> tuple[Any, ...]:
    # st_ctime_ns as well: programs that copy timestamps can set st_mtime back.
    return *identity_of(found), found.st_size, found.st_mtime_ns, found.st_ctime_ns


class StreamSource:
    """An open binary stream that can seek. What is before its position is not a part of it."""

    key: str | None = None
    place: str | None = None

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._begin = stream.tell()
        self.size = stream.seek(0, io.SEEK_END) - self._begin
        named = getattr(stream, "name", "")
        self.name = shown_name(Path(named).name if isinstance(named, str) else "") or "upload"
        self._guard = threading.Lock()
        self._found = self._file_behind()

    def _file_behind(self) -> tuple[Any, ...]:
        """Return the state of the file behind the stream, empty where there is none."""
        try:
            return _state(os.fstat(self._stream.fileno()))
        except (AttributeError, OSError, TypeError, ValueError):
            return ()

    def read(self, offset: int, count: int) -> bytes:
        """Return a part of it.

        Raises:
            InvalidInput: it was closed, cannot be read, or its file changed.
        """
        with suppress(OSError, ValueError), self._guard:
            self._stream.seek(self._begin + offset)
            part = b""
            # An unbuffered stream may return less than it has.
            while len(part) < count and (more := self._stream.read(count - len(part))):
                part += more
            if self._file_behind() == self._found:
                return part
        raise InvalidInput(
            "The stream was closed or failed while it was uploaded, or its file changed.",
            hint="Keep it open and as it is until the end, then upload it again from the beginning.",
        )


def source_of(given: str | os.PathLike[str] | BinaryIO, own: Iterable[Path] = ()) -> Source:
    """Return the source that the operator's code passes. Its kind is not checked: the operator knows it.

    Args:
        own: the toolkit's own files, see `own_files`.

    Raises:
        InvalidInput: it is not a file, is empty, one of `own`, or a stream that cannot seek.
    """
    if isinstance(given, str | os.PathLike):
        return _file(given, own)
    try:
        if not given.seekable():
            raise InvalidInput(
                "The stream cannot seek, so a broken upload could not be resumed.",
                hint="Write it to a temporary file, and upload that.",
            )
        if not isinstance(given.read(0), bytes):
            raise InvalidInput("The stream gives text and not bytes.", hint='Open it with mode "rb".')
        return not_empty(StreamSource(given))
    except (AttributeError, OSError, TypeError, ValueError):
        pass
    raise InvalidInput(
        "The source is neither a path nor an open binary stream.", hint='Pass a path, or open(path, "rb").'
    )


def _file(given: str | os.PathLike[str], own: Iterable[Path]) -> Source:
    name = ""
    try:
        path = Path(os.fsdecode(given))
        name = shown_name(path.name)
        source = FileSource(path.resolve(strict=True))
    except NotRegular:
        raise InvalidInput(f"{name!r} is not a regular file.", hint="Give the path of a file.") from None
    except PermissionError:
        raise InvalidInput(
            f"{name!r} may not be read.", hint="Give this process the right to read it."
        ) from None
    except (OSError, RuntimeError, TypeError, ValueError):
        raise InvalidInput(f"There is no readable file {name!r}.", hint="Check its path.") from None
    refuse_own(source, own)
    return not_empty(source)


def not_empty(source: Source) -> Source:
    """Return it.

    Raises:
        InvalidInput: it has no bytes.
    """
    if source.size <= 0:
        raise InvalidInput(f"{source.name!r} is empty.", hint="Give a file with content.")
    return source


def own_files(store: Path | None, library: Path | None = None) -> tuple[Path, ...]:
    """Return the files that are the toolkit's own and never uploaded: the store with what SQLite keeps beside
    it, its key, the folder of users' libraries, and the environment's `.env`."""
    kept = () if store is None else ("", "-wal", "-shm", "-journal", ".key")
    places = () if store is None else dict.fromkeys([store, Path(os.path.realpath(store))])
    beside = (place.with_name(place.name + end) for place in places for end in kept)
    return (*beside, *(() if library is None else (library,)), Path(".env"))


def refuse_own(source: FileSource, own: Iterable[Path]) -> None:
    """Refuse the toolkit's own files, compared by the file itself, so that another path or a hard link does not
    evade it.

    Raises:
        InvalidInput: it is one of `own`.
    """
    for path in own:
        with suppress(OSError):
            if os.path.samestat(path.stat(), source.found) or source.is_in(path):
                raise InvalidInput(
                    f"path: {source.name!r} is one of this toolkit's own files (its store, its key, its "
                    "libraries or its settings), which are never uploaded.",
                    hint="Give another file.",
                )


def require_kind(source: Source, kind: Kind) -> None:
    """Check by a file's first bytes that it is what the tool takes.

    Raises:
        InvalidInput: it is something else, whatever its name says.
    """
    if not fits(kind, source.size, source.read):
        raise InvalidInput(
            f"path: by its first bytes {source.name!r} is not {EXPECTED[kind]}.",
            hint="Give the path of such a file.",
        )


def shown_name(name: str) -> str:
    """Return a file's name as it may stand in a title or an error: printable, at most 128 characters."""
    name = name.encode(errors="replace").decode()
    name = "".join(sign if sign.isprintable() or sign in _JOINERS else " " for sign in name)
    return " ".join(name.split())[:128]
