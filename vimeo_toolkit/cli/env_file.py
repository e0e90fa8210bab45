"""Add settings to a `.env`: its present lines are not touched."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.secret import Secret

__all__ = ["add_lines", "assignment", "readable_by_others"]

_PLAIN: Final = re.compile(r"[\w./:@=+,\\~-]*", re.ASCII)


def assignment(name: str, value: str) -> str:
    """Return a line that python-dotenv reads as this value.

    Raises:
        InvalidInput: it has a line's end within it.
    """
    if any(character in value for character in "\r\n\0"):
        raise InvalidInput(f"The value for {name} has a line's end in it.", hint="Copy it anew.")
    if _PLAIN.fullmatch(value):
        return f"{name}={value}"
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{name}='{escaped}'"


def add_lines(file: Path, heading: str, values: Mapping[str, Secret], later: Iterable[str]) -> None:
    """Add a heading, these settings, and comments for those to fill in later, at the end of a file, which is made
    if it is not there, readable by its owner alone.

    Raises:
        InvalidInput: a value has a line's end within it, or the file cannot be written.
    """
    for name, value in values.items():
        assignment(name, value.reveal())  # refuses before anything is written
    lines = [heading, *(f"# {name}=" for name in later)]
    try:
        # Never readable by others, not even for a moment. Appended, even if others write at the same time.
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b") as opened:
            before = opened.read()
            end = b"\r\n" if b"\r\n" in before else b"\n"
            gap = end if before and not before.endswith(b"\n") else b""
            gap += end if before else b""
            # One expression, so that no variable of this frame holds the secrets.
            opened.write(
                gap
                + b"".join(
                    line.encode() + end
                    for line in [
                        *lines,
                        *(assignment(name, value.reveal()) for name, value in values.items()),
                    ]
                )
            )
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as error:
        problem = error.strerror
    else:
        return
    raise InvalidInput(f"{str(file)!r} cannot be written ({problem}).", hint="Name another with --file.")


def readable_by_others(file: Path) -> bool:
    """Tell whether other users of this machine may read a file, where the system knows of such rights."""
    return os.name == "posix" and bool(stat.S_IMODE(file.stat().st_mode) & 0o077)
