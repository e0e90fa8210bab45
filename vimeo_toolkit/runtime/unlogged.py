"""Keep out of logs what other libraries tell of the toolkit's requests: addresses, which may be upload links, and
headers."""

from __future__ import annotations

import contextvars
import logging
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["unlogged"]

_ours: contextvars.ContextVar[bool] = contextvars.ContextVar("ours", default=False)


class _NotOurs(logging.Filter):
    """Drops what is logged about the toolkit's requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not _ours.get()


_not_ours = _NotOurs()


@contextmanager
def unlogged(*loggers: str) -> Iterator[None]:
    """Drop what these loggers are told within the block; others' use of them is logged as ever.

    Args:
        loggers: their exact names.
    """
    for name in loggers:
        logging.getLogger(name).addFilter(_not_ours)  # logging adds the same filter only once
    token = _ours.set(True)
    try:
        yield
    finally:
        _ours.reset(token)
