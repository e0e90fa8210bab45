"""Where the encryption key comes from when the operator gives none."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.stores.cipher import Cipher, generate_key, parse_key
from vimeo_toolkit.stores.kinds import KINDS
from vimeo_toolkit.stores.protocol import Store, is_in_memory

__all__ = ["KEYS_ARE_MADE_BY", "keys_beside", "resolve_keys", "sealed_with"]

KEYS_ARE_MADE_BY: Final = (
    "Keys are made by two commands: vimeo-toolkit init keeps one in VIMEO_TOOLKIT_KEY of its .env, and without "
    "that setting the first use of a file store, such as vimeo-toolkit connect, keeps one beside it (.key)."
)


def resolve_keys(key: str | bytes | Sequence[str | bytes] | None, store: Store) -> list[str | bytes]:
    """Return the keys, newest first.

    Without one: the toolkit's own file store has its keys in a file beside it (made now, with a warning that
    says where), a store in memory gets a random key. Where there are rows already, no key is made: it would not
    open them.

    Raises:
        ConfigurationError: a key is malformed, a key file can be read by others or is missing where there are rows,
            or no key was given for another store whose rows outlive the process.
    """
    if key is not None:
        try:
            keys: list[str | bytes] = [key] if isinstance(key, str | bytes) else list(key)
            empty = not keys or not all(keys)
            all(map(parse_key, () if empty else keys))
        except TypeError:
            del key
            raise ConfigurationError(
                "key is neither a key nor a list of keys.", hint="Pass one, made with generate_key()."
            ) from None
        except ConfigurationError:
            del key, keys  # a traceback's locals are often logged
            raise
        if empty:
            del key, keys
            raise ConfigurationError(
                "The encryption key is empty, or is an empty list.",
                hint="Pass one, made with generate_key(), or leave key (VIMEO_TOOLKIT_KEY) out.",
            )
        return keys
    from vimeo_toolkit.stores.sqlite import SqliteStore

    embedded = store if isinstance(store, SqliteStore) else None
    if embedded is not None and embedded.path is not None:
        return _keys_beside(embedded.path, embedded)
    if not is_in_memory(store):
        shared = "that other machines share" if store.shared else f"that keeps its rows in {store.path}"
        raise ConfigurationError(
            f"A store {shared} needs an encryption key: with a new one in each process nobody could open its rows.",
            hint="Make one with generate_key(), keep it in your secret manager and pass it as key= or in "
            "VIMEO_TOOLKIT_KEY.",
        )
    # The embedded store in memory has none before it is opened, which may happen on either side of a fork.
    sealed = "" if embedded is not None and not embedded.is_open else sealed_with(store)
    if sealed:
        raise ConfigurationError(
            f"The store has rows that were sealed with key {sealed}, and no key was given.",
            hint="Pass the key that made them as key= or in VIMEO_TOOLKIT_KEY.",
        )
    return [generate_key()]


def sealed_with(store: Store) -> str:
    """Return the public name of a key that a row in the store was sealed with; empty where there are no rows."""
    for kind in KINDS:
        for _, row in store.scan(kind, limit=1):
            return Cipher.key_id_of(row.value) or "unknown"
    return ""


def _beside(database: Path) -> list[Path]:
    """Where the key file of a database may be: beside the path that was given, and beside the file itself."""
    places = [database, Path(os.path.realpath(database))]
    return list(dict.fromkeys(place.with_name(place.name + ".key") for place in places))


def _keys_beside(database: Path, store: Store) -> list[str | bytes]:
    paths = _beside(database)
    if not any(map(os.path.lexists, paths)) and database.exists() and database.stat().st_size:
        sealed = sealed_with(store)
        # Looked for again: the process that wrote the first row may have made the key just now.
        if sealed and not any(map(os.path.lexists, paths)):
            places = " or ".join(map(str, paths))
            setting = _setting_beside(database, sealed)
            if setting is not None:
                hint = (
                    f"That key is in {setting}, where vimeo-toolkit init put it. Name that file (--env-file, "
                    "VIMEO_ENV_FILE), work in its folder, or pass the key as key= or in VIMEO_TOOLKIT_KEY."
                )
            else:
                hint = (
                    "Put the key file there (it lies where the database was when it was first used), or pass the "
                    f"key as key= or in VIMEO_TOOLKIT_KEY. {KEYS_ARE_MADE_BY} If it is lost, move the database "
                    "away and connect the users again."
                )
            raise ConfigurationError(
                f"The database {database} has rows that were sealed with key {sealed}, and its key file is not at "
                f"{places}. No new key was made: it would not open them.",
                hint=hint,
            )
    # Made beside the file itself, so that every path to it finds the same.
    if not any(map(os.path.lexists, paths)):
        _make(paths[-1], database)
    return list(dict.fromkeys(key for path in paths if os.path.lexists(path) for key in _read(path)))


def _setting_beside(database: Path, sealed: str) -> Path | None:
    """Return the `.env` in the database's folder, if the key that is missing is in it."""
    from dotenv import dotenv_values

    path = database.with_name(".env")
    try:
        kept = (dotenv_values(path, interpolate=False).get("VIMEO_TOOLKIT_KEY") or "").split()
        return path if kept and sealed in Cipher(list(kept)).key_ids else None
    except (OSError, UnicodeError, ConfigurationError):
        return None


def keys_beside(database: Path) -> tuple[Path | None, list[str]]:
    """Return the key file of a database and the public names of its keys; none is made.

    Raises:
        ConfigurationError: the file does not hold keys, or others can read it.
    """
    for path in _beside(database):
        if os.path.lexists(path):
            return path, Cipher(_read(path)).key_ids
    return None, []


def _make(path: Path, database: Path) -> None:
    try:
        made = _made(path)
    except OSError as error:
        raise _no_access(path, error) from None
    if made:
        warnings.warn(
            f"No encryption key was given: a new one is in {path}. Back it up apart from the accounts, which are "
            f"in {database}: without it they cannot be read. In production pass key= or VIMEO_TOOLKIT_KEY.",
            stacklevel=6,
        )


def _read(path: Path) -> list[str | bytes]:
    try:
        with path.open() as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            keys: list[str | bytes] = list(file.read(65536).split())
    except (OSError, UnicodeError) as error:
        raise _no_access(path, error) from None
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


def _no_access(path: Path, error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"The key file {path} cannot be made or read ({type(error).__name__}).",
        hint="Give this process access to it and its folder, or pass key= or VIMEO_TOOLKIT_KEY.",
    )


def _made(path: Path) -> bool:
    """Make the file with a new key; False when another process was quicker.

    Written whole under another name and then linked: of many processes that start at once, one wins, and none
    ever reads half a key. Where files cannot be linked (FAT, some network shares) it is written in its place.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        _write(draft)
        try:
            os.link(draft, path)
        except FileExistsError:
            raise
        except OSError:
            _write(path)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def _write(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(generate_key() + "\n")
        file.flush()
        os.fsync(file.fileno())
