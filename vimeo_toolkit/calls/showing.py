"""How texts and values are written for the person who decides about a call.

Titles and comments stand in marks that they cannot close, on one line, bounded, and signs that do not show or that
turn the text around are written out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, Final

__all__ = ["IN_LIST", "NAME", "NAMED", "TEXT", "listed", "quoted", "size", "visible"]

NAME: Final = 128
"""Characters of a title, as many as Vimeo takes."""
IN_LIST: Final = 60
"""Characters of a title among others."""
TEXT: Final = 300
"""Characters of a text that is changed."""
NAMED: Final = 5
"""Items of a list that are named."""

_BLANK: Final = frozenset("\u00a0\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that print nothing."""
_MARKS: Final = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "\uff02": '"'})
_UNITS: Final = (("kB", 1e3), ("MB", 1e6), ("GB", 1e9))
_STACKED: Final = 2
"""Marks over one letter; no language has more than two in a row outside of poetry."""


def visible(text: Any, most: int = NAME) -> str:
    """Return a text on one line with every sign that hides or turns written out, cut to about `most` characters."""
    text = (text if isinstance(text, str) else str(text)).replace("\r\n", "\n")
    shown: list[str] = []
    stacked = 0
    for sign in text[:most]:
        stacked = stacked + 1 if unicodedata.combining(sign) else 0
        plain = sign == " " or (sign.isprintable() and sign not in _BLANK and stacked <= _STACKED)
        shown.append(sign if plain else "↵" if sign == "\n" else ascii(sign)[1:-1])
    rest = len(text) - most
    return "".join(shown) + (f"… ({rest:,} more character{'s' * (rest > 1)})" if rest > 0 else "")


def quoted(text: Any, most: int = NAME) -> str:
    """Return the same in marks that it cannot close."""
    return f"“{visible(text, most).translate(_MARKS)}”"


def listed(items: Sequence[str], most: int = NAMED) -> str:
    """Return `a, b and c` for the items, which are shown already, or the first of them and how many more."""
    named = list(items[:most])
    if (more := len(items) - most) > 0:
        return f"{', '.join(named)} and {more:,} more"
    return " and ".join(filter(None, (", ".join(named[:-1]), *named[-1:])))


def size(count: int) -> str:
    """Return a number of bytes as people write it, such as 12.3 MB."""
    if count < 1000:
        return f"{count} byte{'' if count == 1 else 's'}"
    unit, factor = next((each for each in _UNITS if round(count / each[1], 1) < 1000), _UNITS[-1])
    return f"{count / factor:,.1f}".removesuffix(".0") + f" {unit}"
