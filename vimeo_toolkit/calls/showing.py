"""How texts of other people are shown to the person who decides about a call.

Titles and comments stand in marks that they cannot close, on one line, bounded, and signs that do not show or that
turn the text around are written out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

from vimeo_toolkit.wire.redact import REDACTED

__all__ = ["NAME", "NAMED", "TEXT", "Change", "lines_of", "quoted", "visible"]

Change = Mapping[str, Any]
"""`{"input": …, "before": …, "after": …}`"""

NAME: Final = 120
"""Characters of a title."""
TEXT: Final = 300
"""Characters of a text that is changed."""
NAMED: Final = 10
"""Items of a list that are named."""

_BLANK: Final = frozenset("\u00a0\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that print nothing."""
_MARKS: Final = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "\uff02": '"'})
_STACKED: Final = 2
"""Marks over one letter; no language has more than two in a row outside of poetry."""


def visible(text: Any, most: int = NAME) -> str:
    """Return a text on one line with every sign that hides or turns written out, cut to about `most` characters."""
    text = text if isinstance(text, str) else str(text)
    shown: list[str] = []
    stacked = 0
    for sign in text[:most]:
        stacked = stacked + 1 if unicodedata.combining(sign) else 0
        plain = sign == " " or (sign.isprintable() and sign not in _BLANK and stacked <= _STACKED)
        shown.append(sign if plain else ascii(sign)[1:-1])
    rest = len(text) - most
    return "".join(shown) + (f"… ({rest} more characters)" if rest > 0 else "")


def quoted(text: Any, most: int = NAME) -> str:
    """Return the same in marks that it cannot close."""
    return f"“{visible(text, most).translate(_MARKS)}”"


def lines_of(changes: tuple[Change, ...]) -> Iterator[str]:
    """Yield a line for each change that has something to show."""
    for change in changes:
        if change["before"] == change["after"]:
            continue
        yield f"  {change['input']}: {_shown(change['before'])} → {_shown(change['after'])}"


def _shown(value: Any) -> str:
    if value is None or value == "" or value == []:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(quoted(each) for each in value[:NAMED])
    hidden = value in (REDACTED, "***")
    return quoted(value, TEXT) if isinstance(value, str) and not hidden else visible(value)
