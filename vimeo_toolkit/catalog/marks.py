"""What a declaration says of one input beside its type: `Annotated[…, BodyPath("privacy.view")]`."""

from __future__ import annotations

from dataclasses import dataclass

from vimeo_toolkit.catalog.effects import Same, same_value

__all__ = ["BodyPath", "Help", "IgnoredParam", "Shown"]


@dataclass(frozen=True, slots=True)
class BodyPath:
    """The input's place in the JSON body, dots for nesting."""

    path: str


@dataclass(frozen=True, slots=True)
class Help:
    """What an input is for, as people read it: see `input_help`.

    It stands with a type, for all inputs of that type, or with one input. A model is sent the input's docstring
    instead, which is a few words or nothing, because it pays for each.
    """

    about: str
    left_out: str = ""
    """What happens without an optional input. Tools that change something (PATCH) need none: what is left out
    stays."""


@dataclass(frozen=True, slots=True)
class IgnoredParam:
    """An input kept for callers who know it from elsewhere; the endpoint has none like it.

    Nothing is sent; `note` goes into the result, so that nobody believes it took effect.
    """

    note: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Where an answer shows what the input asked for: dots for nesting; None where no answer of Vimeo's does."""

    path: str | None
    same: Same = same_value
