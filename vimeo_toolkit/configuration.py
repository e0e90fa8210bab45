"""What the environment says: the settings of a toolkit, and the process's own toolkit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vimeo_toolkit.connection import DEFAULT_API_URL, DEFAULT_CONNECTION, Connection
from vimeo_toolkit.secret import Secret

if TYPE_CHECKING:
    from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["DEFAULT_STORE", "ENVIRONMENT", "Settings", "default_toolkit", "kept_secret", "settings_of"]

DEFAULT_STORE = "sqlite:///vimeo_accounts.db"

ENVIRONMENT = (
    "VIMEO_CLIENT_ID",
    "VIMEO_CLIENT_SECRET",
    "VIMEO_REDIRECT_URI",
    "VIMEO_SCOPES",
    "VIMEO_API_URL",
    "VIMEO_TOOLKIT_STORE",
    "VIMEO_TOOLKIT_KEY",
)

_defaults: dict[tuple[int | str | None, ...], VimeoToolkit] = {}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a toolkit is made of. Neither the store's address, which may have a password, nor a key is shown."""

    connection: Connection
    store: str = field(repr=False)
    keys: list[str] | str | None = field(repr=False)
    """None where none is given, and the empty text where it is given and empty, which is refused later."""


def kept_secret(environ: Mapping[str, str]) -> dict[str, Secret]:
    """Return the variables that are ours, so that no frame shows what is in them."""
    try:
        return {name: Secret.of(environ[name]) for name in ENVIRONMENT if name in environ}
    finally:
        del environ


def settings_of(env: Mapping[str, Secret]) -> Settings:
    """Return the settings that the variables make.

    Raises:
        ConfigurationError: one of them cannot work.
    """

    def read(name: str, default: str = "") -> str:
        return env[name].reveal() if name in env else default

    connection = Connection(
        name=DEFAULT_CONNECTION,
        client_id=read("VIMEO_CLIENT_ID"),
        client_secret=read("VIMEO_CLIENT_SECRET"),
        redirect_uri=read("VIMEO_REDIRECT_URI"),
        scopes=read("VIMEO_SCOPES", "public private").split(),
        api_url=read("VIMEO_API_URL", DEFAULT_API_URL),
    )
    return Settings(
        connection,
        store=read("VIMEO_TOOLKIT_STORE", DEFAULT_STORE),
        keys=(read("VIMEO_TOOLKIT_KEY").split() or "") if "VIMEO_TOOLKIT_KEY" in env else None,
    )


def default_toolkit() -> VimeoToolkit:
    """Return the process's toolkit from the environment, made at the first call; another when that has changed.

    Raises:
        ConfigurationError: something of the environment cannot work.
    """
    from vimeo_toolkit.toolkit import VimeoToolkit  # which reads its settings here

    seen = (os.getpid(), os.getcwd(), *(os.environ.get(name) for name in ENVIRONMENT))
    if seen not in _defaults:
        _defaults.clear()
        _defaults[seen] = VimeoToolkit.from_env()
    return _defaults[seen]
