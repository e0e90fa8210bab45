"""Where a store's URL leads: to a file, to this machine, or elsewhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from vimeo_toolkit.connection import DEFAULT_API_URL
from vimeo_toolkit.loopback import is_loopback_host

__all__ = ["IN_STORE", "absolute_store", "is_local_store", "is_vimeo_or_local", "shown_store", "store_file"]

IN_STORE: Final = "store"
"""Where libraries are indexed that are in the database of the accounts."""

_SQLITE: Final = "sqlite:///"


def absolute_store(url: str, folder: Path | None = None) -> str:
    """Return a store's URL, with a relative SQLite path made absolute from this folder; without one, as it is."""
    path = url.removeprefix(_SQLITE)
    if folder is None or path in (url, "", ":memory:") or Path(path).is_absolute():
        return url
    return f"{_SQLITE}{os.path.normpath(folder / path)}"


def store_file(url: str) -> Path | None:
    """Return the file of a store's URL; None where the store is not a file."""
    path = url.removeprefix(_SQLITE)
    return None if path in (url, "", ":memory:") else Path(path).absolute()


def shown_store(url: str) -> str:
    """Return a store's URL without what may be a password in it."""
    if url.startswith(_SQLITE):
        return url
    try:
        parts = urlsplit(url)
        place = f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
    except ValueError:
        return "***"
    if not parts.scheme or not parts.netloc:
        return "***"
    return f"{parts.scheme}://{place}{parts.path}"


def is_vimeo_or_local(url: str) -> bool:
    """Tell whether an API's address is Vimeo's own, or one of this machine."""
    if url.rstrip("/") == DEFAULT_API_URL:
        return True
    try:
        parts = urlsplit(url)
        return "@" not in parts.netloc and is_loopback_host(parts.hostname)
    except ValueError:
        return False


def is_local_store(url: str) -> bool:
    """Tell whether a store is a file, or a server of this machine.

    A URL whose query might change where it leads (libpq's `host`, `service`) is taken for elsewhere, and so is a
    file on another machine's share, as Windows opens them.
    """
    if url.startswith(_SQLITE):
        return not url.removeprefix(_SQLITE).replace("/", "\\").startswith("\\\\")
    try:
        parts = urlsplit(url)
        hosts = parts.netloc.rpartition("@")[2]
        if parts.query or "," in hosts:
            return False
        return parts.scheme == "unix" or is_loopback_host(parts.hostname)
    except ValueError:
        return False
