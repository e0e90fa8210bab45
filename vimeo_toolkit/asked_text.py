"""What a person is asked about a call, as a text and in parts, for frameworks that ask by themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.errors import VimeoToolkitError
from vimeo_toolkit.reply import Reply

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool

__all__ = ["id_in", "of_error", "of_plan", "question_of"]

_PARENTHESES: Final = re.compile(r" \([^)]*\)")
"""Other words for the same in a tool's description, by which a model finds it."""

_APPROVAL_ID: Final = "Approval id: "
"""How the last line of a question begins, for frameworks that keep a question as one text."""

_PARTS: Final = ("approval_id", "question", "description", "changes", "kind", "title")


def question_of(tool: Tool) -> str:
    """Return what a person should know before they approve any call of a tool."""
    undo = "It can be undone." if tool.undo else "It cannot be undone."
    seen = "Other people may see the change or be told of it. " if tool.visible_to_others else ""
    return f"{_PARENTHESES.sub('', tool.description)} {seen}{undo}"


def of_plan(tool: Tool, planned: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a person is asked about a call, given the result of its dry run, see `BoundTool.asked_about`;
    `held` is False where nothing holds the call back."""
    if "approval_id" not in planned:
        return {"text": question_of(tool), "held": False}
    text = f"{planned['description']}\n{_APPROVAL_ID}{planned['approval_id']}"
    return {"text": text, "changes": [], **{name: planned[name] for name in _PARTS if name in planned}}


def of_error(tool: Tool, error: VimeoToolkitError) -> dict[str, Any]:
    """Return what a person is asked about a call that could not be looked at."""
    why = error.message.removeprefix(f"{tool.name} was not called: ")
    text = f"{question_of(tool)} What it would change could not be looked at: {why}"
    return {"text": text, "error": Reply.of(error).without_link().artifact}


def id_in(asked: str) -> str | None:
    """Return the id in the last line of a question. No text from outside can begin a line of it."""
    last = asked.rpartition("\n")[2]
    return last.removeprefix(_APPROVAL_ID) if last.startswith(_APPROVAL_ID) else None
