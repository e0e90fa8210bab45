"""The table of settings, and the values that were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vimeo_toolkit.connection import DEFAULT_API_URL, DEFAULT_CONNECTION, Connection
from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.settings.places import absolute_store

__all__ = ["DEFAULTS", "DEFAULT_STORE", "IN_KEYRING", "SETTINGS", "Setting", "Settings"]

DEFAULT_STORE: Final = "sqlite:///vimeo_accounts.db"

SETTINGS: Final[Mapping[str, str]] = {
    "VIMEO_CLIENT_ID": "the app's client identifier",
    "VIMEO_CLIENT_SECRET": "the app's client secret",
    "VIMEO_REDIRECT_URI": "the app's callback URL",
    "VIMEO_SCOPES": "what users are asked for, separated by spaces",
    "VIMEO_API_URL": "where the API is",
    "VIMEO_TOOLKIT_STORE": "where accounts are kept",
    "VIMEO_TOOLKIT_KEY": "the encryption key, or several, newest first, or keyring:NAME",
    "VIMEO_TOOLKIT_LIBRARY": "where users' libraries are indexed",
}
"""Every setting and what it is."""

DEFAULTS: Final[Mapping[str, str]] = {
    "VIMEO_SCOPES": "public private",
    "VIMEO_API_URL": DEFAULT_API_URL,
    "VIMEO_TOOLKIT_STORE": DEFAULT_STORE,
}

IN_KEYRING: Final = "keyring:"
"""What a key's name begins with when the key itself is in the desktop's keyring: such a name is not a secret."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its value, and the file that it came from, None for the environment."""

    name: str
    value: Secret
    file: Path | None

    @property
    def place(self) -> str:
        """Where it was set, as part of a sentence."""
        return f"in {self.file}" if self.file is not None else "in the environment"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that were found, by name. Two are equal when all values and their sources are."""

    found: tuple[Setting, ...] = ()
    file: Path | None = None
    """The file that was read."""
    named: bool = False
    """Whether somebody named the file; otherwise it was found in the working folder."""
    unknown: tuple[str, ...] = ()
    """Names that begin like the toolkit's own and do not name a setting: mistypings."""

    def of(self, name: str) -> Setting | None:
        """Return a setting; None when it is not set."""
        return next((each for each in self.found if each.name == name), None)

    def text(self, name: str) -> str:
        """Return a setting's value, else its default, else an empty text."""
        setting = self.of(name)
        return setting.value.reveal() if setting is not None else DEFAULTS.get(name, "")

    def connection(self) -> Connection:
        """Return the one connection that the settings describe.

        Raises:
            ConfigurationError: a value cannot work.
        """
        return Connection(
            name=DEFAULT_CONNECTION,
            client_id=self.text("VIMEO_CLIENT_ID"),
            client_secret=Secret(self.text("VIMEO_CLIENT_SECRET")),
            redirect_uri=self.text("VIMEO_REDIRECT_URI"),
            scopes=self.text("VIMEO_SCOPES").split(),
            api_url=self.text("VIMEO_API_URL"),
        )

    def store(self) -> str:
        """Return the store's URL. A file's relative path, and the default, count from the folder of the file."""
        setting = self.of("VIMEO_TOOLKIT_STORE")
        base = self.file if setting is None else setting.file
        return absolute_store(self.text("VIMEO_TOOLKIT_STORE"), None if base is None else base.parent)

    def library(self) -> str | None:
        """Return where libraries are indexed; None when the setting is not there. A relative path counts from the
        folder of the file that has it."""
        setting = self.of("VIMEO_TOOLKIT_LIBRARY")
        if setting is None:
            return None
        return absolute_store(setting.value.reveal(), None if setting.file is None else setting.file.parent)

    def key(self) -> list[str | bytes] | str | None:
        """Return the keys, newest first; None when the setting is not there.

        Raises:
            ConfigurationError: one is said to be in the desktop's keyring, and is not.
        """
        setting = self.of("VIMEO_TOOLKIT_KEY")
        if setting is None:
            return None
        names = [part for part in setting.value.reveal().split() if part.startswith(IN_KEYRING)]
        kept: dict[str, Secret] = {}
        if names:
            from vimeo_toolkit.stores.desktop_keyring import read_key

            kept = {name: Secret(read_key(name.removeprefix(IN_KEYRING))) for name in names}
        if not all(part in kept or _is_key(part) for part in setting.value.reveal().split()):
            raise ConfigurationError(
                f"VIMEO_TOOLKIT_KEY {setting.place} is not an encryption key: one is 32 bytes in url-safe base64, "
                "44 characters; several are separated by spaces.",
                hint="Copy it whole from where vimeo-toolkit init wrote it. A new one does not open what the old "
                "one sealed.",
            )
        return [
            kept[part].reveal() if part in kept else part for part in setting.value.reveal().split()
        ] or ""

    def summary(self) -> str:
        """Return a sentence that says which settings were read from where, without any value."""
        told = []
        if self.file is not None:
            inside = [each.name for each in self.found if each.file is not None]
            told.append(f"{', '.join(inside) or 'nothing'} from {self.file}")
        environment = [each.name for each in self.found if each.file is None]
        if environment:
            told.append(f"{', '.join(environment)} from the environment")
        return f"Settings: {'; '.join(told) or 'none are set, so the defaults are used'}."


def _is_key(text: str) -> bool:
    from vimeo_toolkit.stores.cipher import parse_key

    try:
        parse_key(text)
    except ConfigurationError:
        return False
    return True
