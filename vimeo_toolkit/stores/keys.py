"""Where the encryption key comes from when the operator gives none."""

from __future__ import annotations

import contextlib
import os
import stat
import warnings
from collections.abc import Sequence
from pathlib import Path

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.stores.cipher import generate_key, parse_key
from vimeo_toolkit.stores.protocol import Store

__all__ = ["resolve_keys"]


def resolve_keys(key: str | bytes | Sequence[str | bytes] | None, store: Store) -> list[str | bytes]:
    """The keys, newest first.

    Without one: a file store has its key in a file beside it (made now, with a warning that says where), a
    store in memory gets a random key.

    Raises:
        ConfigurationError: a key is malformed, a key file can be read by others, or the store is shared with
            other machines and no key was given.
    """
    if key is not None:
        keys: list[str | bytes] = [key] if isinstance(key, str | bytes) else list(key)
        try:
            all(map(parse_key, keys))
        except ConfigurationError:
            del key, keys  # a traceback's locals are often logged
            raise
        return keys
    path = getattr(store, "path", None)
    if isinstance(path, Path):
        return [_key_beside(path)]
    if store.shared or path is not None:
        raise ConfigurationError(
            "A store that other machines share needs an encryption key.",
            hint="Make one with generate_key(), keep it in your secret manager and pass it as key= or in "
            "VIMEO_TOOLKIT_KEY.",
        )
    return [generate_key()]


def _key_beside(database: Path) -> str:
    path = database.with_name(database.name + ".key")
    if not path.exists():
        # Written whole under another name and then linked: of many processes that start at once, one wins,
        # and none ever reads half a key.
        draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(generate_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
            warnings.warn(
                f"No encryption key was given: a new one is in {path}. Back it up apart from the database; "
                "without it the accounts cannot be read. In production pass key= or VIMEO_TOOLKIT_KEY.",
                stacklevel=5,
            )
        draft.unlink()
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigurationError(
            f"The key file {path} can be read by others than its owner.", hint=f"Run: chmod 600 {path}"
        )
    return path.read_text().strip()
