"""The process's own toolkit, made of its settings (`settings/`)."""

from __future__ import annotations

import atexit
import os
from typing import TYPE_CHECKING

from vimeo_toolkit.settings import Settings, read_settings

if TYPE_CHECKING:
    from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["default_toolkit"]

_defaults: dict[tuple[int, str, Settings], VimeoToolkit] = {}


def default_toolkit() -> VimeoToolkit:
    """Return the process's toolkit from its settings, made at the first call; another when they have changed.

    The settings are those of `VimeoToolkit.from_env`: the environment and `.env` of the working folder.

    Raises:
        ConfigurationError: something of the settings cannot work.
    """
    from vimeo_toolkit.toolkit import VimeoToolkit  # which imports this module

    settings = read_settings()
    seen = (os.getpid(), os.getcwd(), settings)
    if seen not in _defaults:
        if not _defaults:
            atexit.register(_close)
        _defaults.clear()
        _defaults[seen] = VimeoToolkit(
            [settings.connection()],
            store=settings.store(),
            key=settings.key(),
            library=settings.library(),
        )
    return _defaults[seen]


def _close() -> None:
    """Close what this process made: nobody else can."""
    for (pid, *_), made in _defaults.items():
        if pid == os.getpid():
            made.close()
