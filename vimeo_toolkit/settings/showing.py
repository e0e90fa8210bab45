"""Show settings without their secrets."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Final

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.settings.places import IN_STORE, shown_store
from vimeo_toolkit.settings.table import DEFAULTS, IN_KEYRING, SETTINGS, Settings

__all__ = ["OTHER_NAMES", "described", "key_ids", "mistyped"]

OTHER_NAMES: Final = frozenset({"VIMEO_TOOLKIT_MCP_TOKEN"})
"""Variables that begin like settings and are read elsewhere."""


def mistyped(names: Iterable[str]) -> list[str]:
    """Return a sentence for each name that begins like a setting's and does not name one."""
    sentences = []
    for name in names:
        close = get_close_matches(name, [*SETTINGS, *OTHER_NAMES], 1)
        meant = f" Did you mean {close[0]}?" if close else ""
        sentences.append(f"{name} is not a setting, and is not used.{meant}")
    return sentences


def described(settings: Settings) -> list[dict[str, Any]]:
    """Return each setting, JSON-ready: its name, where it comes from, and its value where that is not a secret."""
    lines = []
    for name, meaning in SETTINGS.items():
        setting = settings.of(name)
        if setting is not None:
            source = str(setting.file or "environment")
        else:
            source = "default" if name in DEFAULTS else "not set"
        lines.append({"name": name, "value": _shown(settings, name), "source": source, "meaning": meaning})
    return lines


def _shown(settings: Settings, name: str) -> str | None:
    value = settings.text(name)
    match name:
        case "VIMEO_TOOLKIT_KEY":
            # A key's place may be shown, the key not.
            value = " ".join(part if part.startswith(IN_KEYRING) else "***" for part in value.split())
        case "VIMEO_CLIENT_SECRET":
            value = "***" if value else ""
        case "VIMEO_TOOLKIT_STORE":
            value = shown_store(settings.store())
        case "VIMEO_TOOLKIT_LIBRARY":
            place = settings.library() or ""
            value = place if place == IN_STORE else shown_store(place)
    return value or None


def key_ids(settings: Settings) -> list[str]:
    """Return the public names of the keys that are set, newest first; none where a file store keeps its own.

    Raises:
        ConfigurationError: a key is malformed, or is not in the keyring.
    """
    from vimeo_toolkit.stores.cipher import Cipher

    keys = settings.key()
    if keys is None:
        return []
    if not keys or isinstance(keys, str):
        raise ConfigurationError("VIMEO_TOOLKIT_KEY is empty.", hint="Give it its value, or remove it.")
    return Cipher(keys).key_ids
