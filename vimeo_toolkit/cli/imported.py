"""A function that an option names as MODULE:FUNCTION."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from vimeo_toolkit.errors import ConfigurationError

__all__ = ["imported"]


def imported(name: str, option: str) -> Callable[..., Any]:
    """Import a function and return it.

    Args:
        name: `module:function`, importable from the working folder.
        option: which option named it, for the error.

    Raises:
        ConfigurationError: there is no such function.
    """
    module, found, function = name.partition(":")
    sys.path.insert(0, os.getcwd())  # as uvicorn does for an application
    try:
        made = getattr(import_module(module), function, None) if found and module else None
    except ImportError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise  # the module exists, but something that it needs does not
        made = None
    if not callable(made):
        raise ConfigurationError(
            f"{name[:80]!r} names no function.",
            hint=f"Write {option} module:function, importable from here.",
        )
    return made  # type: ignore[no-any-return]
