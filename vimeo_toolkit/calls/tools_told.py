"""Which tools a text names to an agent: those that it has, others with the way to call them, and none that it can
never call: a hint that names one of these sends a model after something that is not there."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.catalog.selection import TOOL_CALL, TOOL_SEARCH

if TYPE_CHECKING:
    from vimeo_toolkit.calls.result import ToolResult
    from vimeo_toolkit.errors import VimeoToolkitError

__all__ = ["NOTHING_LEFT", "ToolsTold"]

NOTHING_LEFT: Final = "None of this agent's tools helps here: tell the user what is wrong."
"""The hint of an error where each sentence of it was about tools that the agent cannot call."""

_NAME: Final = re.compile(r"\bvimeo_[a-z0-9_]{2,60}\b", re.ASCII)
_SENTENCE: Final = re.compile(r"(?<=[.;])\s+")
_OURS: Final = ("message", "next", "incomplete", "counted", "advice")
"""Parts of results that are the toolkit's own words."""
_OF_ROWS: Final = ("take_back",)


class ToolsTold:
    """What may be named to one agent.

    Args:
        allowed: the names of all tools that it may use in any way.
        at_hand: those of them that it has been given, where it can get at others, too; all of them when empty.
        known: the names of all tools that there are.
        called: the tool that is called, which the agent has found its way to.
    """

    __slots__ = ("_allowed", "_at_hand", "_called", "_known", "_way")

    def __init__(
        self, allowed: Collection[str], at_hand: Collection[str], known: Collection[str], called: str = ""
    ) -> None:
        self._allowed = allowed
        self._at_hand = at_hand or allowed
        self._known = known
        self._called = called
        self._way = f"by {TOOL_CALL}" if TOOL_CALL in self._at_hand else f"{TOOL_SEARCH} finds it"

    def text(self, text: str) -> str:
        """Return a text of the toolkit's as this agent should read it."""
        if "vimeo_" not in text:
            return text
        parts = _SENTENCE.split(text)
        kept = [part for part in parts if self._reaches(part)]
        said = " ".join(kept)
        if len(kept) < len(parts) and said.endswith(";"):
            said = f"{said[:-1]}."
        told: set[str] = set()
        return _NAME.sub(lambda found: self._named(found[0], told), said)

    def error(self, error: VimeoToolkitError) -> None:
        """Change the hint of an error, and its message where it names tools, to what this agent should read."""
        if error.hint:
            error.hint = self.text(error.hint) or NOTHING_LEFT
        error.message = self.text(error.message) or error.message

    def result(self, result: ToolResult) -> None:
        """Change the same of a result: its notes, and the parts that are the toolkit's own words."""
        result.notes = tuple(filter(None, map(self.text, result.notes)))
        _retell(result.data, _OURS, self)
        rows = result.data.get("data")
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                _retell(row, _OF_ROWS, self)

    def _reaches(self, text: str) -> bool:
        return all(name in self._allowed for name in _NAME.findall(text) if name in self._known)

    def _named(self, name: str, told: set[str]) -> str:
        if name in self._at_hand or name == self._called or name not in self._known or name in told:
            return name
        told.add(name)
        return f"{name} ({self._way})"


def _retell(part: dict[str, Any], names: Collection[str], tools: ToolsTold) -> None:
    for name in names:
        value = part.get(name)
        if isinstance(value, str):
            part[name] = tools.text(value)
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            part[name] = [said for each in value if (said := tools.text(each))]
