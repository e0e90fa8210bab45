"""Settings: what the environment and a `.env` file say, read by one rule wherever a toolkit is not made by hand.

The command line, `VimeoToolkit.from_env()` and `get_tools()` without `toolkit=` all come here. A variable of the
environment goes before the same one of the file. Of the file nothing but the settings is read.
"""

from __future__ import annotations

from vimeo_toolkit.settings.reading import ENV_FILE, read_settings, variables_of
from vimeo_toolkit.settings.table import DEFAULT_STORE, IN_KEYRING, SETTINGS, Settings

__all__ = [
    "DEFAULT_STORE",
    "ENV_FILE",
    "IN_KEYRING",
    "SETTINGS",
    "Settings",
    "read_settings",
    "variables_of",
]
