"""Connect in the conversation, by LlamaIndex's workflow events.

    tools = get_tools(identifier=user, toolkit=toolkit, connect=True)
    handler = FunctionAgent(tools=tools, llm=llm).run("…")
    async for event in handler.stream_events():
        if isinstance(event, ConnectionRequestEvent):
            …  # show event.authorization_link to that user, and when your callback is done:
            handler.ctx.send_event(ConnectionResponseEvent())

The answer grants nothing: the account is looked at again. One event asks for all calls of a turn that wait by then,
with one link, and one answer wakes all of them.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any, Final

from llama_index.core.workflow import HumanResponseEvent, InputRequiredEvent
from llama_index.tools.vimeo.pausing import Done, Pause
from pydantic import StrictBool

from vimeo_toolkit import BoundTool, ConnectionRequest, aconnection_requests

__all__ = ["ConnectionRequestEvent", "ConnectionResponseEvent", "ask_connection"]

GATHER: Final = 0.05
"""Seconds in which the other calls of a turn find out what they lack, so that one link is for all of them."""


class ConnectionRequestEvent(InputRequiredEvent):
    """A user has to connect Vimeo, or to grant more, before calls can be made. It is for the product, and no model
    reads it."""

    error: str
    """`not_connected`, `missing_scope`, `upload_not_granted`, `expired` or `revoked`."""
    message: str
    """What is wrong, a sentence about the user."""
    question: str
    """What the user is asked to do, a sentence to them."""
    connection_name: str
    missing_scopes: list[str]
    """What the calls need and the user has not granted."""
    authorization_link: str
    """Show it to that very user, who is logged in to your product."""
    expires_at: str
    """Until when the link can be used."""


class ConnectionResponseEvent(HumanResponseEvent):
    """The user came back from Vimeo, or will not go. It grants nothing."""

    connected: StrictBool = True
    reason: str = ""
    """Why not: the model is told."""


async def ask_connection(
    pause: Pause, bound: BoundTool, arguments: Any, needed: ConnectionRequest
) -> bool | str | None:
    """Ask by an event and return the answer, see `Connect` of the core."""
    topic = f"connection:{_digest(*bound.whose.values())}"
    pause.share(topic, (bound, arguments))

    async def request() -> ConnectionRequestEvent | None:
        await asyncio.sleep(GATHER)
        wanted = await aconnection_requests(pause.shared(topic))
        return _event(wanted[0]) if wanted else None  # None: they have connected meanwhile

    about = _digest(needed.error, *needed.missing_scopes)
    answer = await pause.ask(topic, request, "connection", about)
    if isinstance(answer, ConnectionResponseEvent):
        return answer.connected is True or answer.reason or False
    return True if isinstance(answer, Done) and not answer.over else None


def _event(asked: ConnectionRequest) -> ConnectionRequestEvent:
    return ConnectionRequestEvent(
        error=asked.error,
        message=asked.message,
        question=asked.question,
        connection_name=asked.connection_name,
        missing_scopes=list(asked.missing_scopes),
        authorization_link=asked.authorization_link,
        expires_at=asked.expires_at.isoformat(),
    )


def _digest(*parts: str) -> str:
    """Return a short name for what a serialised context need not tell."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
