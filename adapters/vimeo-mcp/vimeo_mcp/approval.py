"""A person's approval by MCP's elicitation: the client asks its user, the core lets the call through."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from weakref import WeakValueDictionary

from vimeo_mcp.elicitation import Person
from vimeo_toolkit import ApprovalRequest, BoundTool

__all__ = ["Turns", "ask_approval"]

PATIENCE: Final = 30.0
"""Seconds that a call waits for an equal one: clients end a call after a minute."""

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


class Turns:
    """Lets equal calls of a user that need approval go one by one.

    They have one approval id until that is used up, so of several yeses at once only one would count. A client may
    also be gone without a word while its user is asked, so a call does not wait for long.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[Any, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, person: Person, bound: BoundTool, arguments: Any) -> AsyncIterator[None]:
        """Wait for the turn of a call, where its user is asked while it lasts."""
        if not bound.needs_approval or not person.is_asked_within:
            yield
            return
        call = person.session, bound.identity, bound.name, json.dumps(arguments, sort_keys=True)
        lock = self._locks.setdefault(call, asyncio.Lock())
        try:
            async with asyncio.timeout(PATIENCE):
                await lock.acquire()
        except TimeoutError:
            yield
            return
        try:
            yield
        finally:
            lock.release()
