"""Whether an object is a whole store, told when a toolkit is made and not by an AttributeError in a call."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.stores.protocol import Checked, KeepsEnds, Store

__all__ = ["FORMS", "members_of", "require_complete"]

FORMS: Final = (
    "sqlite:///file.db, sqlite:////absolute/file.db, sqlite:///:memory:, postgresql://user:password@host/database, "
    "redis://host:6379/0, rediss://host:6379/0, unix:///path/to/socket, valkey://host:6379/0"
)
"""The URLs of stores."""


def members_of(protocol: type) -> list[str]:
    """Return the names of a protocol's methods and properties."""
    return [name for name in vars(protocol) if not name.startswith("_")]


def require_complete(candidate: object) -> None:
    """Look for every member of `Store`: that it is there, takes what the toolkit gives it, and is an `async def` or
    not, as it has to be.

    Raises:
        ConfigurationError: something is missing, all of which the message names.
    """
    if isinstance(candidate, type):
        raise ConfigurationError(
            f"store is the class {candidate.__name__}.", hint="Pass an object of it: store=MyStore(…)."
        )
    if not any(hasattr(candidate, name) for name in members_of(Store)):
        raise ConfigurationError(
            "store is neither a URL nor a Store.", hint=f"Use one of {FORMS}, or a Store of your own."
        )
    wrong = list(_wrong_in(candidate, Store))
    for optional in (KeepsEnds, Checked):
        if any(hasattr(candidate, name) for name in members_of(optional)):
            wrong += _wrong_in(candidate, optional)
    if wrong:
        raise ConfigurationError(
            f"The store {type(candidate).__name__} is incomplete: {'; '.join(wrong)}.",
            hint="vimeo_toolkit.Store says what each member has to do, and the tests of "
            "vimeo_toolkit.testing.StorePromises hold a store against it.",
        )


def _wrong_in(candidate: object, protocol: type) -> Iterator[str]:
    for name in members_of(protocol):
        declared = vars(protocol)[name]
        try:
            value = getattr(candidate, name)
        except AttributeError:
            yield f"{name} is missing"
            continue
        if isinstance(declared, property):
            yield from _wrong_value(name, value)
        elif not callable(value):
            yield f"{name} is not a method"
        elif inspect.iscoroutinefunction(declared) and not _awaitable(value):
            yield f"{name} is not an async def"
        elif inspect.iscoroutinefunction(value) and not inspect.iscoroutinefunction(declared):
            yield f"{name} is an async def, and has to be a plain one"
        elif not _takes(value, declared):
            yield f"{name} does not take {_parameters(declared)}"


def _wrong_value(name: str, value: object) -> Iterator[str]:
    if name == "shared" and not isinstance(value, bool):
        yield f"shared is a {type(value).__name__} and not True or False"
    if name == "path" and not isinstance(value, Path | None):
        yield f"path is a {type(value).__name__} and not a pathlib.Path or None"


def _awaitable(method: Callable[..., Any]) -> bool:
    """Return whether a method gives something to await, as far as can be seen; a decorator may hide it."""
    return (
        inspect.iscoroutinefunction(method)
        or inspect.iscoroutinefunction(inspect.unwrap(method))
        or "Awaitable" in (returns := str(getattr(method, "__annotations__", {}).get("return", "")))
        or "Coroutine" in returns
    )


def _takes(method: Callable[..., Any], declared: Callable[..., Any]) -> bool:
    """Return whether a method can be called as the protocol says, as far as can be seen."""
    wanted = [each for each in inspect.signature(declared).parameters.values() if each.name != "self"]
    positional = [each.name for each in wanted if each.kind is each.POSITIONAL_OR_KEYWORD]
    named = {each.name: None for each in wanted if each.kind is each.KEYWORD_ONLY}
    try:
        inspect.signature(method).bind(*positional, **named)
    except TypeError:
        return False
    except ValueError:  # a built-in one does not say
        return True
    return True


def _parameters(declared: Callable[..., Any]) -> str:
    shown = str(inspect.signature(declared).replace(return_annotation=inspect.Signature.empty))
    return shown.replace("(self, ", "(")
