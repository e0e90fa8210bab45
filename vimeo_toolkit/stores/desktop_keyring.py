"""Encryption keys in the desktop's keyring (macOS Keychain, Windows Credential Locker, Secret Service)."""

from __future__ import annotations

import importlib
from typing import Any, Final

from vimeo_toolkit.errors import ConfigurationError, MissingExtra

__all__ = ["read_key", "write_key"]

SERVICE: Final = "vimeo-toolkit"


def read_key(name: str) -> str:
    """Return the key that is kept under this name.

    Raises:
        ConfigurationError: the keyring cannot be used, or has no such key.
    """
    keyring = _package()
    key, problem = None, ""
    try:
        key = keyring.get_password(SERVICE, name)
    except keyring.errors.KeyringError as error:
        problem = type(error).__name__
    if problem:
        raise _unusable(problem)
    if not key:
        raise ConfigurationError(
            f"The keyring of this desktop has no encryption key {name[:80]!r}, which VIMEO_TOOLKIT_KEY names.",
            hint="vimeo-toolkit init --keyring put it there, on the machine and for the user that ran it: restore "
            "it there, or put the key itself into VIMEO_TOOLKIT_KEY. A new one does not open what the old one "
            "sealed.",
        )
    return str(key)


def write_key(name: str, key: str) -> None:
    """Keep a key under this name.

    Raises:
        ConfigurationError: the keyring cannot be used.
    """
    keyring = _package()
    problem = ""
    try:
        keyring.set_password(SERVICE, name, key)
    except keyring.errors.KeyringError as error:
        problem = type(error).__name__
    if problem:
        del key
        raise _unusable(problem)


def _package() -> Any:
    try:
        keyring = importlib.import_module("keyring")
        importlib.import_module("keyring.errors")
    except ImportError:
        raise MissingExtra("Keeping the key in the desktop's keyring", "keyring", "keyring") from None
    return keyring


def _unusable(problem: str) -> ConfigurationError:
    return ConfigurationError(
        f"The keyring of this desktop cannot be used ({problem}).",
        hint="Unlock it, or put the key itself into VIMEO_TOOLKIT_KEY.",
    )
