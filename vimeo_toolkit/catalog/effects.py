"""Whether the effect of a write was what was asked: the inputs that were sent, held against Vimeo's answer.

A status of 200 says that Vimeo took the request, not that it did all of it: a setting that the plan does not have
is dropped without a word. Each input is compared with its own place in the answer, or where `Shown` says, and what
differs or does not show becomes a note in the result.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from vimeo_toolkit.wire.format import one_line

__all__ = [
    "Asked",
    "Same",
    "differences",
    "effect_notes",
    "includes",
    "last_part",
    "same_any_case",
    "same_color",
    "same_end",
    "same_value",
]

Same = Callable[[Any, Any], bool]
"""Compares what was asked with what is shown."""

_ABSENT: Final = object()
_TELLABLE: Final = re.compile(r"[\w.:#/+-]{1,40}", re.ASCII)
"""Words that a note may repeat: settings, but no sentences that somebody wrote."""


def same_value(asked: Any, shown: Any) -> bool:
    """Compare as people would: Vimeo trims texts, escapes HTML and writes null for an empty text."""
    if shown is None:
        return asked in ("", False, None) or asked == []
    if isinstance(asked, list | tuple):
        return isinstance(shown, list | tuple) and set(map(_text, asked)) == set(map(_text, shown))
    if isinstance(asked, bool) or isinstance(shown, bool):
        return bool(asked == shown)
    if isinstance(asked, int | float):
        try:
            return abs(float(asked) - float(shown)) < 0.001
        except (TypeError, ValueError):
            return False
    return _text(asked) == _text(shown)


def same_any_case(asked: Any, shown: Any) -> bool:
    """Compare texts whatever their case, such as language tags."""
    return _text(asked).casefold() == _text(shown).casefold()


def same_color(asked: Any, shown: Any) -> bool:
    """Compare hex colours with or without their `#`."""
    return same_any_case(str(asked).lstrip("#"), str(shown).lstrip("#"))


def same_end(asked: Any, shown: Any) -> bool:
    """Compare the last parts of addresses: an id with a URI, a custom name with a link."""
    return isinstance(shown, str) and last_part(str(asked)) == last_part(shown)


def includes(asked: Any, shown: Any) -> bool:
    """Return whether each of the words asked for is among the items shown, under one of their names.

    Vimeo's canonical form of a word has letters and digits only.
    """
    if not isinstance(shown, list | tuple):
        return False
    items = [item for item in shown if isinstance(item, dict)]
    names = {_squeezed(text) for item in items for text in item.values() if isinstance(text, str)}
    return all(_squeezed(word) in names for word in asked)


@dataclass(frozen=True, slots=True)
class Asked:
    """One requested value, and where the answer should show it."""

    name: str
    value: Any
    path: str
    same: Same = same_value


def differences(asked: Iterable[Asked], answer: Any) -> list[str]:
    """Return a sentence for each requested value that the answer shows differently or not at all; [] where all is
    well."""
    notes, unseen = [], []
    for each in asked:
        shown = _at(answer, each.path)
        if shown is _ABSENT:
            unseen.append(each.name)
        elif not each.same(each.value, shown):
            notes.append(_difference(each.name, _told(each.value), _told(shown)))
    if unseen:
        notes.append(f"Vimeo's answer does not show {', '.join(unseen)}: look whether it took effect.")
    return notes


def effect_notes(asked: Iterable[Asked], answer: Any, *, makes_something: bool) -> list[str]:
    """Return notes about an effect that differs from the request; [] where it does not.

    Args:
        asked: what the inputs asked for.
        answer: the JSON of the call.
        makes_something: the answer should name a new thing.
    """
    notes = differences(asked, answer)
    if makes_something and not notes and not _names_something(answer):
        notes.append("Vimeo's answer does not name what was made: look whether it is there.")
    return notes


def _names_something(answer: Any) -> bool:
    """Return whether the answer to a POST names what was made, or is a tool's own."""
    return isinstance(answer, dict) and ("uri" in answer or "data" in answer or "success" in answer)


def _at(answer: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(answer, dict) or name not in answer:
            return _ABSENT
        answer = answer[name]
    return answer


def _text(value: Any) -> str:
    return " ".join(html.unescape(str(value)).split())


def last_part(address: str) -> str:
    """Return the last part of a URI or link without its privacy hash: a number, or a custom name."""
    return address.rstrip("/").rpartition("/")[2].partition(":")[0].casefold()


def _squeezed(word: str) -> str:
    kept = "".join(sign for sign in _text(word).casefold() if sign.isalnum())
    return kept or _text(word)


def _told(value: Any) -> str | None:
    """Return the value as a note may repeat it; None for texts that somebody wrote."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or value in ("", []):
        return "nothing"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str) and _TELLABLE.fullmatch(value):
        return f'"{value}"'
    if isinstance(value, list | tuple) and all(_TELLABLE.fullmatch(str(word)) for word in value):
        return one_line(", ".join(map(str, value)), 100)
    return None


def _difference(name: str, asked: str | None, shown: str | None) -> str:
    if asked is None or shown is None:
        return f"{name} did not take effect as asked: Vimeo shows something else."
    return f"{name} did not take effect as asked: asked for {asked}, and Vimeo shows {shown}."
