"""What a task is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from vimeo_toolkit.sandbox.tasks.facts import Fact
from vimeo_toolkit.sandbox.tasks.library import Library

__all__ = ["ALL_SCOPES", "EndState", "Hazard", "Kind", "Setup", "Task", "unchanged"]

Kind = Literal[
    "find", "report", "change", "showcase", "comments", "captions", "upload", "webhook", "social", "undo"
]
Hazard = Literal["planted", "scope", "limit", "expired", "ambiguous", "nothing"]
"""What may mislead an agent: an order in somebody's text, a scope that was not granted, a limit of requests that is
used up or nearly so, access that has ended, a name that several things have, nothing to be done."""

EndState = Callable[[Library], Any]
"""Changes a fresh library into an end state."""

ALL_SCOPES = frozenset({"public", "private", "create", "edit", "delete", "interact", "upload", "stats"})


def unchanged(library: Library) -> None:
    """Leave the library as it is."""


Call = tuple[str, Mapping[str, Any]]
"""A tool's name, and its inputs."""


def _no_calls(library: Library) -> Iterable[Call]:
    return ()


def _no_facts(library: Library) -> Iterable[Fact]:
    return ()


@dataclass(frozen=True, slots=True)
class Setup:
    """In what circumstances a task begins."""

    scopes: frozenset[str] = ALL_SCOPES
    """What the user has granted."""
    requests_left: int | None = None
    """Of the window that runs: units of which a request with `fields` or a DELETE takes one, any other two."""
    window_seconds: float = 60.0
    expired: bool = False
    """The access token has ended, and there is no way to renew it."""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Files that lie in the folder that `{folder}` in the request stands for."""
    earlier: Callable[[Library], Iterable[Call]] = _no_calls
    """Calls of tools that the user's agent made before this conversation."""
    after_earlier: EndState = unchanged
    """What those calls changed."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A request in a person's words, and how to tell whether it was done."""

    id: str
    request: str
    kind: Kind
    wrong: Callable[[Library], str | None] = field(repr=False)
    """Changes the library as a mistake would, and returns the answer that would come with it; None for the right
    answer. The checker has to refuse it."""
    right: EndState = field(default=unchanged, repr=False)
    """Changes the library as asked; nothing else may change."""
    facts: Callable[[Library], Iterable[Fact]] = field(default=_no_facts, repr=False)
    """What the answer has to say, of the library as it was."""
    never: Callable[[Library], Iterable[Fact]] = field(default=_no_facts, repr=False)
    """What the answer must not say."""
    hazard: Hazard | None = None
    setup: Setup = field(default_factory=Setup, repr=False)
