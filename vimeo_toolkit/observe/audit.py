"""The audit log: a file with one JSON line for each change, or attempted change, and who made it."""

from __future__ import annotations

import json
import logging
import os
import stat
import threading
from datetime import UTC, datetime
from typing import Final

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.observe.events import Event

__all__ = ["AuditLog"]

CALLS: Final = frozenset({"call.started", "call.finished"})

_FLAGS = os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

_log = logging.getLogger(__name__)


class AuditLog:
    """A hook that appends JSON lines to a file. Many threads and processes can share one file.

    Written are all account events, and beginning and end of each call of a tool that changes something: the
    beginning too, because a process can be killed in between. A line is the event as a flat object (see
    `EVENTS`) with its time first, `at`, in UTC. `objects` names what a call was about: kinds and numbers, such as
    `video 123`, also of what it made; no title, no privacy hash. Numbers of users and videos, and your own ids of
    users, may be personal data.

    The file is opened for each line, so that it can be rotated by renaming and used after a fork. A new file
    is readable by its owner only; the mode of one that exists is not changed.

    Args:
        path: the file; its folder has to exist.
        reads: write the calls of tools that only read, too: who looked at what.
        fsync: wait until each line is on the disk.

    Attributes:
        lost: how many lines could not be written. A full disk never breaks a call; it is logged.

    Raises:
        ConfigurationError: the file cannot be written, or is not a regular file.
    """

    def __init__(self, path: str | os.PathLike[str], *, reads: bool = False, fsync: bool = False) -> None:
        self._path = os.path.abspath(path)  # the working directory may change
        self._reads = reads
        self._fsync = fsync
        self._guard = threading.RLock()  # reentrant: a signal handler may run while it is held
        self._torn = self._failing = self._writing = False
        self.lost = 0
        try:
            handle = self._open()
            try:
                regular = stat.S_ISREG(os.fstat(handle).st_mode)
            finally:
                os.close(handle)
        except OSError as error:
            raise ConfigurationError(
                f"The audit log cannot be written: {error.strerror or type(error).__name__}.",
                hint="Give the path of a file in a folder that exists and that this process may write to.",
            ) from None
        if not regular:
            raise ConfigurationError(
                "The audit log's path is not a regular file.", hint="Give a file's path."
            )

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | _FLAGS, 0o600)
        except PermissionError:  # the file may be writable and not readable
            return os.open(self._path, os.O_WRONLY | _FLAGS, 0o600)

    def __repr__(self) -> str:
        return f"AuditLog({self._path!r}, reads={self._reads}, fsync={self._fsync})"

    def __call__(self, event: Event) -> None:
        """Write the event, if it is one of those that are written. Never raises."""
        if event.name.startswith("call.") and (
            event.name not in CALLS or (event.data["read_only"] and not self._reads)
        ):
            return
        at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        # ASCII only: no character of an identifier can look like the end of a line.
        self._append(json.dumps({"at": at, **event.to_dict()}, separators=(",", ":")).encode() + b"\n")

    def _append(self, line: bytes) -> None:
        with self._guard:
            # A signal handler may run in the middle of a line of its own thread, which has the lock.
            alone, self._writing = not self._writing, True
            try:
                handle = self._open()
                try:
                    torn = self._torn or (alone and _locked(handle) and _ends_torn(handle))
                    # One write: the kernel appends it in one piece, even if others write.
                    whole = b"\n" + line if torn else line
                    written = os.write(handle, whole)
                    if written < len(whole):
                        self._torn = True  # the next line must not be joined to the incomplete one
                        raise OSError("short write")
                    self._torn = False
                    if self._fsync:
                        os.fsync(handle)
                finally:
                    os.close(handle)
            except OSError as error:
                self.lost += 1
                if not self._failing:
                    self._failing = True
                    why = error.strerror or "the disk took a part only"
                    _log.error("The audit log cannot be written: %s.", why)  # a traceback shows the line
            else:
                if self._failing:
                    self._failing = False
                    _log.warning("The audit log is written again; %d lines were lost so far.", self.lost)
            finally:
                self._writing = not alone


def _locked(handle: int) -> bool:
    """Lock the file until it is closed, where the system has such locks; return whether that worked."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:  # a file system without them
        return False
    return True


def _ends_torn(handle: int) -> bool:
    """Return whether the file ends with an incomplete line, left by a full disk or a killed process."""
    try:
        size = os.fstat(handle).st_size
        if not size:
            return False
        if hasattr(os, "pread"):
            return os.pread(handle, 1, size - 1) != b"\n"
        os.lseek(handle, size - 1, os.SEEK_SET)
        return os.read(handle, 1) != b"\n"
    except OSError:  # opened for writing only
        return False
