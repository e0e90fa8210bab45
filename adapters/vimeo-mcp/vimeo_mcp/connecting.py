"""Connect in the conversation, by MCP's elicitation in URL mode: the client opens a page for its user."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from vimeo_mcp.elicitation import Person
from vimeo_toolkit import BoundTool, ConnectionRequest, Identity, aconnection_requests

__all__ = ["ConnectUrl", "Pages", "authorization_link"]

ConnectUrl = Callable[[ConnectionRequest], str]
"""Returns the page where the user does what is asked, such as your product's connect page: it checks that whoever
opens it is that very user."""

NAME: Final = "connect"

PATIENCE: Final = 45.0
"""Seconds that a call waits for the account after the page was opened, or for another call that asks and whose
client may be gone without a word: clients end a call after a minute."""

STEP: Final = 0.5
"""Seconds between two looks at the account."""

GATHER: Final = 0.05
"""Seconds in which the other calls that a client makes at once find out what they lack, for one link for all."""

_Call = tuple[BoundTool, Any]
_Client = tuple[Identity | None, str | None]


def authorization_link(asked: ConnectionRequest) -> str:
    """Return Vimeo's own page. Its callback refuses whoever is not the user for whom the link was made."""
    return asked.authorization_link


@dataclass(eq=False)
class _Waiting:
    """A call that waits for its user."""

    call: _Call
    asked: asyncio.Future[bool | None] | None = None
    """What another call has asked for this one, too."""
    of_all: ConnectionRequest | None = None
    """What all calls lack that waited when one of them asked."""


class Pages:
    """The pages that one server asks its users to open. Of the calls that a user's client makes at once, one asks.

    Args:
        url_of: makes the page's address.
    """

    def __init__(self, url_of: ConnectUrl) -> None:
        self._url_of = url_of
        self._waiting: dict[_Client, list[_Waiting]] = {}
        self._asked: dict[_Client, asyncio.Future[bool | None]] = {}

    async def ask(
        self, person: Person, bound: BoundTool, arguments: Any, needed: ConnectionRequest
    ) -> bool | None:
        """Return whether the user has done what a call needs: False when they declined, None when they have not
        done it yet, or the answer comes with the client's next call.

        Raises:
            UrlElicitationRequiredError: nothing can be asked within this request.
        """
        whose = bound.identity, person.session
        this = _Waiting((bound, arguments), self._asked.get(whose))
        waiting = self._waiting.setdefault(whose, [])
        waiting.append(this)
        try:
            if not person.has_answered(NAME):
                await asyncio.sleep(GATHER)
            while this.asked is not None:
                asked, this.asked = this.asked, None
                await asyncio.wait({asked}, timeout=PATIENCE)
                if asked.done() and not asked.cancelled():
                    if asked.result() is not True:
                        return asked.result()
                    this.of_all = None  # its link has been used
            asked = self._asked[whose] = asyncio.get_running_loop().create_future()
            for each in waiting:
                each.asked = None if each is this else asked
            try:
                answer = await self._opened(person, this, needed)
                if person.question is None:
                    asked.set_result(answer)
                return answer
            finally:
                asked.cancel()  # where it has no result, the others ask themselves
                if self._asked.get(whose) is asked:  # and not that of a call that waited for this one in vain
                    del self._asked[whose]
        finally:
            waiting.remove(this)
            if not waiting:
                self._waiting.pop(whose, None)

    async def _opened(self, person: Person, this: _Waiting, needed: ConnectionRequest) -> bool | None:
        if not await aconnection_requests([this.call]):
            return True  # done while this call waited
        of_all = this.of_all
        if of_all is None:
            waiting = self._waiting[this.call[0].identity, person.session]
            of_all = (await aconnection_requests([each.call for each in waiting]) or [needed])[0]
            for each in waiting:
                each.of_all = of_all
        answer = await person.open(NAME, _want(needed), of_all.question, self._url_of(of_all))
        if answer is None or answer.action == "cancel":
            return None
        if answer.action != "accept":
            return False
        if not await _done(this.call, needed):
            return None
        await person.close()
        return True


async def _done(call: _Call, needed: ConnectionRequest) -> bool:
    """Return whether the account has changed within the time that a call may take: the page was merely opened."""
    ends = time.monotonic() + PATIENCE
    while True:
        now = await aconnection_requests([call])
        if not now or _want(now[0]) != _want(needed):
            return True
        if time.monotonic() >= ends:
            return False
        await asyncio.sleep(STEP)


def _want(needed: ConnectionRequest) -> str:
    return " ".join([needed.error, *needed.missing_scopes])
