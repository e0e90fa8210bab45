"""A function that an option names as MODULE:FUNCTION."""

from __future__ import annotations

import os
import sys
import traceback
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
        ConfigurationError: there is no such function, or its module cannot be imported.
    """
    module, found, function = name.partition(":")
    sys.path.insert(0, os.getcwd())  # as uvicorn does for an application
    try:
        made = getattr(import_module(module), function, None) if found and module else None
    except Exception as error:
        if not isinstance(error, ImportError) or not f"{module}.".startswith(f"{error.name}."):
            raise _broken(module, error) from None
        made = None
    if not callable(made):
        raise ConfigurationError(
            f"{name[:80]!r} names no function.",
            hint=f"Write {option} module:function, importable from here.",
        )
    return made  # type: ignore[no-any-return]


def _broken(module: str, error: Exception) -> ConfigurationError:
    """Say what a module raised and where, without its text, which may quote a key."""
    what = type(error).__name__
    if isinstance(error, SyntaxError):
        place = f"{error.filename}:{error.lineno}"
    else:
        frames = traceback.extract_tb(error.__traceback__)
        frame = next((each for each in reversed(frames) if _is_own(each.filename)), frames[-1])
        place = f"{frame.filename}:{frame.lineno}"
    if isinstance(error, ModuleNotFoundError):
        return ConfigurationError(
            f"The module {module[:80]!r} needs {error.name!r}, which is not installed ({place}).",
            hint="Install it in the environment in which this command runs.",
        )
    return ConfigurationError(
        f"The module {module[:80]!r} cannot be imported: {what} at {place}.",
        hint=f'See it whole with: python -c "import {module[:80]}"',
    )


def _is_own(filename: str) -> bool:
    return filename.startswith(os.getcwd()) and "site-packages" not in filename
