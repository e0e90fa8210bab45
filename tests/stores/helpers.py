"""What the tests of stores share. Functions that run in other processes are at the top level of a module."""

from __future__ import annotations

import multiprocessing
import multiprocessing.context
from collections.abc import Callable
from typing import Any

from vimeo_toolkit.stores import Key, Store

SPAWN = multiprocessing.get_context("spawn")
"""Processes that share nothing: forking pytest, with its threads, would test something else."""


def key(name: str = "u", *, kind: str = "account", connection: str = "vimeo") -> Key:
    return Key(kind, connection, name)


def fill(store: Store, names: list[str], **where: str) -> None:
    for name in names:
        assert store.put(key(name, **where), name.encode(), version=1, expected=0)


def all_names(
    store: Store, kind: str = "account", connection: str | None = None, limit: int = 500
) -> list[str]:
    """All pages."""
    names: list[str] = []
    after: Key | None = None
    while page := store.scan(kind, connection, after=after, limit=limit):
        names += [found.name for found, _ in page]
        after = page[-1][0]
    return names


def in_processes(count: int, function: Callable[..., Any], *arguments: Any) -> list[Any]:
    """Run `function(number, *arguments)` in so many processes at once; what they return."""
    with SPAWN.Pool(count) as pool:
        pending = [pool.apply_async(function, (number, *arguments)) for number in range(count)]
        return [each.get(timeout=110) for each in pending]
