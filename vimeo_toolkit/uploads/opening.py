"""Open exactly the file that was meant, even if somebody replaces a folder or a file by a link meanwhile.

POSIX: each part of the path is opened relative to the folder before it (openat) and never through a symbolic
link, so what is read is below the folder that was checked. Elsewhere (Windows has no openat) the file is opened
first and then compared with what stands at the path.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

__all__ = ["NotRegular", "identity_of", "open_regular"]

WALKS: Final = os.open in os.supports_dir_fd and os.stat in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")

_COMMON: Final = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
_FOLDER: Final = (
    # Passing through a folder needs the right to enter it, not the right to list it.
    getattr(os, "O_PATH", getattr(os, "O_SEARCH", os.O_RDONLY)) | getattr(os, "O_DIRECTORY", 0) | _COMMON
)
_FILE: Final = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOINHERIT", 0)
    | getattr(os, "O_NOCTTY", 0)
    # O_NONBLOCK, because opening a pipe that nobody writes to would wait for ever.
    | getattr(os, "O_NONBLOCK", 0)
    | _COMMON
)


class NotRegular(OSError):
    """It is a folder, a pipe, a socket or a device."""


def open_regular(path: Path) -> int:
    """Open a regular file for reading, and return its descriptor.

    Args:
        path: absolute, with every symbolic link resolved.

    Raises:
        NotRegular: it is something else.
        OSError: there is none, it may not be read, or a part of the path became a symbolic link.
    """
    descriptor = _walked(path) if WALKS else _compared(path)
    try:
        _require_regular(os.fstat(descriptor).st_mode)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _require_regular(mode: int) -> None:
    if stat.S_ISLNK(
        mode
    ):  # a link to itself, which Python 3.13 and later call resolved, or one of this very moment
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if not stat.S_ISREG(mode):
        raise NotRegular


def _walked(path: Path) -> int:
    *folders, name = path.parts[1:] or ("",)
    folder = os.open(path.anchor, _FOLDER)
    try:
        for part in folders:
            inner = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = inner
        # Check its kind before it is opened, because opening a device can already have an effect.
        _require_regular(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
        return os.open(name, _FILE, dir_fd=folder)
    finally:
        os.close(folder)


def _compared(path: Path) -> int:
    _require_regular(path.lstat().st_mode)
    descriptor = os.open(path, _FILE)
    try:
        if path.resolve(strict=True) != path or not os.path.samestat(os.fstat(descriptor), path.lstat()):
            raise OSError("the path leads elsewhere")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def identity_of(found: os.stat_result) -> tuple[int, int]:
    """Return a key that is equal for two paths to one file, such as hard links."""
    return found.st_dev, found.st_ino
