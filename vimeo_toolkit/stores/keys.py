"""Where the encryption key comes from when the operator gives none."""

from __future__ import annotations

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

    Without one: a file store has its keys in a file beside it (made now, with a warning that says where), a
    store in memory gets a random key.

    Raises:
        ConfigurationError: a key is malformed, a key file can be read by others, or the store is shared with
            other machines and no key was given.
    """
    if key is not None:
        keys: list[str | bytes] = [key] if isinstance(key, str | bytes) else list(key)
        if not keys:
            raise ConfigurationError("key is an empty list.", hint="Pass one, made with generate_key().")
        for each in keys:
            parse_key(each)
        return keys
    path = getattr(store, "path", None)
    if isinstance(path, Path):
        return _keys_beside(path)
    if store.shared or path is not None:
        raise ConfigurationError(
            "A store that other machines share needs an encryption key.",
            hint="Make one with generate_key(), keep it in your secret manager and pass it as key= or in "
            "VIMEO_TOOLKIT_KEY.",
        )
    return [generate_key()]


def _keys_beside(database: Path) -> list[str | bytes]:
    path = database.with_name(database.name + ".key")
    try:
        if not path.exists() and _made(path):
            warnings.warn(
                f"No encryption key was given: a new one is in {path}. Back it up apart from the database; "
                "without it the accounts cannot be read. In production pass key= or VIMEO_TOOLKIT_KEY.",
                stacklevel=5,
            )
        with path.open() as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            keys: list[str | bytes] = list(file.read(65536).split())
    except (OSError, UnicodeError) as error:
        raise ConfigurationError(
            f"The key file {path} cannot be made or read ({type(error).__name__}).",
            hint="Give this process access to it and its folder, or pass key= or VIMEO_TOOLKIT_KEY.",
        ) from None
    if os.name == "posix" and mode & 0o077:
        raise ConfigurationError(
            f"The key file {path} can be read by others than its owner.", hint=f"Run: chmod 600 {path}"
        )
    try:
        for key in keys:
            parse_key(key)
    except ConfigurationError:
        keys = []
    if not keys:
        raise ConfigurationError(
            f"The key file {path} does not hold encryption keys, one a line, newest first.",
            hint="Restore it from a backup; a new key does not open what the old one sealed.",
        )
    return keys


def _made(path: Path) -> bool:
    """Make the file with a new key; False when another process was quicker.

    Written whole under another name and then linked: of many processes that start at once, one wins, and none
    ever reads half a key.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(generate_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True
