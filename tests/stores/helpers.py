"""What the tests of stores share. Functions that run in other processes are at the top level of a module."""

from __future__ import annotations

import inspect
import multiprocessing
import multiprocessing.context
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vimeo_toolkit.testing.hands import all_names, fill, key

__all__ = ["SPAWN", "all_names", "another_connection", "awaited", "fill", "in_processes", "key"]

SPAWN = multiprocessing.get_context("spawn")
"""Processes that share nothing: forking pytest, with its threads, would test something else."""


async def awaited(found: Any) -> Any:
    """The result of a blocking or of an asynchronous operation."""
    return await found if inspect.isawaitable(found) else found


def another_connection(path: Path) -> sqlite3.Connection:
    """What another program has that opens the embedded store's file."""
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def in_processes(count: int, function: Callable[..., Any], *arguments: Any) -> list[Any]:
    """Run `function(number, *arguments)` in so many processes at once; what they return."""
    with SPAWN.Pool(count) as pool:
        pending = [pool.apply_async(function, (number, *arguments)) for number in range(count)]
        return [each.get(timeout=110) for each in pending]
