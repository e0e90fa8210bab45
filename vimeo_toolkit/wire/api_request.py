"""A request to Vimeo's API as the tools and the uploads make it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ApiRequest"]


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request to the API, before the address and the token are added.

    To change one that a declaration made, use `dataclasses.replace`.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = field(default=None, repr=False)
    """Not in the `repr`: it may hold a password, and a traceback's locals are often logged."""
    fields: str | None = None
    """The projection, sent as `fields`; None for DELETE, which takes none."""
    reads: Callable[[bytes], Any] | None = field(default=None, repr=False, compare=False)
    """Reads an answer that is not JSON; returns None for one that it does not know."""

    def __hash__(self) -> int:
        return hash((self.method, self.path, frozenset(self.query.items()), self.fields))
