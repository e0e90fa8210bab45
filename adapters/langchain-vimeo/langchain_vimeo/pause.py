"""The pause in which a user connects Vimeo: one interrupt with one link, until the core sees that it is done."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any, Final

from langchain_core.messages import ToolMessage
from langgraph.types import interrupt

from langchain_vimeo.run import abound_for, bound_for
from langchain_vimeo.turn import TurnCall
from vimeo_toolkit import (
    BoundTool,
    ConnectionRequest,
    Reply,
    StoreError,
    aconnection_requests,
    connection_requests,
)

__all__ = ["amended", "apause", "mended", "pause"]

MOST_PAUSES: Final = 3
"""How often a user is asked in one turn, when they come back and have not done it."""


class _Asked(dict[str, Any]):
    """An interrupt's value. Its text is without the link: LangGraph raises it, and tracers write errors down."""

    def __repr__(self) -> str:
        return repr({**self, "authorization_link": "…"})


Calls = list[tuple[BoundTool, Any]]
Pausing = Generator[tuple[Calls, Sequence[str]], list[ConnectionRequest], dict[int, Reply]]


def pause(calls: Sequence[TurnCall], refused_scopes: Sequence[str] = ()) -> dict[str, Reply]:
    """Pause the graph until nothing keeps these calls from being made.

    Args:
        refused_scopes: scopes that Vimeo itself said are missing when these calls were made.

    Returns what the model is to be told, by id, about the calls that the user did not make possible.
    """
    try:
        steps = _pausing([(bound_for(each.tool.bound), each.call["args"]) for each in calls], refused_scopes)
        asked, scopes = next(steps)
        while True:
            asked, scopes = steps.send(connection_requests(asked, refused_scopes=scopes))
    except StoreError:
        return {}  # the calls themselves say it
    except StopIteration as ended:
        return {calls[place].id: reply for place, reply in ended.value.items()}


async def apause(calls: Sequence[TurnCall], refused_scopes: Sequence[str] = ()) -> dict[str, Reply]:
    """Pause the graph as `pause` does, without holding up the event loop."""
    try:
        steps = _pausing(
            [(await abound_for(each.tool.bound), each.call["args"]) for each in calls], refused_scopes
        )
        asked, scopes = next(steps)
        while True:
            asked, scopes = steps.send(await aconnection_requests(asked, refused_scopes=scopes))
    except StoreError:
        return {}  # the calls themselves say it
    except StopIteration as ended:
        return {calls[place].id: reply for place, reply in ended.value.items()}


def _pausing(calls: Calls, refused_scopes: Sequence[str]) -> Pausing:
    # For each answer the node runs again from its beginning, and does not ask again for what was done meanwhile: so
    # an answer may reach a later question than it was given to. It never grants anything, the core looks.
    refused: dict[int, Reply] = {}
    left = list(range(len(calls)))
    pauses = 0
    while left and (needed := (yield [calls[place] for place in left], refused_scopes)):
        request, said = needed[0], None
        places = [left[place] for place in request.calls]
        if pauses < MOST_PAUSES:
            pauses += 1
            names = dict.fromkeys(calls[place][0].name for place in places)
            said = _declined(interrupt(_Asked(request.to_dict(), tools=list(names))))
            refused_scopes = ()  # what Vimeo said of the former token
            if said is None:
                continue
        refused |= {place: request.refused(calls[place][0].name, said) for place in places}
        left = [place for place in left if place not in refused]
    return refused


def _declined(answer: Any) -> str | None:
    """Return the user's reason if the answer says that they do not want to, "" without one; None if it does not.

    Whatever else a product resumes with says that it is worth looking again.
    """
    if isinstance(answer, str):
        return answer
    if isinstance(answer, Mapping) and (answer.get("connected") is False or answer.get("reason")):
        return str(answer.get("reason") or "")
    return "" if answer is False else None


def mended(failed: Sequence[TurnCall]) -> list[ToolMessage]:
    """Pause until the user has mended what calls failed for, and make them again: once, and only those of which
    nothing was done. Return the messages that take the place of their errors."""
    refused = pause(failed, _refused_scopes(failed))
    told = [each.refused(refused[each.id]) for each in failed if each.id in refused]
    return told + [each.again() for each in failed if _repeatable(each, refused)]


async def amended(failed: Sequence[TurnCall]) -> list[ToolMessage]:
    """Make the calls again as `mended` does, without holding up the event loop."""
    refused = await apause(failed, _refused_scopes(failed))
    told = [each.refused(refused[each.id]) for each in failed if each.id in refused]
    return told + [await each.aagain() for each in failed if _repeatable(each, refused)]


def _refused_scopes(failed: Sequence[TurnCall]) -> list[str]:
    return sorted({scope for each in failed for scope in each.error.get("missing_scopes", ())})


def _repeatable(call: TurnCall, refused: Mapping[str, Reply]) -> bool:
    return call.id not in refused and not call.error.get("partly_done")
