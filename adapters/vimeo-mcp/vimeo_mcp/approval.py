"""A person's approval by MCP's elicitation: the client asks its user, the core lets the call through."""

from __future__ import annotations

from typing import Any, Final

from vimeo_mcp.elicitation import Person
from vimeo_toolkit import ApprovalRequest

__all__ = ["ask_approval"]

ANSWER: Final = "approve"
FORM: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {ANSWER: {"type": "boolean", "title": "Make this call"}},
    "required": [ANSWER],
}


async def ask_approval(person: Person, asked: ApprovalRequest) -> bool | None:
    """Return what the client's user answered; None when they did not decide, or cannot be asked here."""
    answer = await person.fill_in(ANSWER, asked.approval_id, asked.description, FORM)
    if answer is None or answer.action == "cancel":
        return None
    return answer.action == "accept" and (answer.content or {}).get(ANSWER) is True
