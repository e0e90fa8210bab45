"""What a person is asked about an agent's calls, kept as it was shown to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, Final

from langchain_core.messages import ToolCall
from langgraph.func import task

from langchain_vimeo.run import abound_for, bound_for
from langchain_vimeo.turn import TurnCall
from vimeo_toolkit import StoreError

__all__ = ["Question", "aask_about", "ask_about", "asking", "shown", "told", "waits"]

Question = Mapping[str, Any]
"""See `BoundTool.asked_about`."""

UNSEEN: Final = "It could not be looked at what this call would do; approving it does not let it through."

_asked: ContextVar[Mapping[str, Question]] = ContextVar("vimeo_questions")


def ask_about(calls: Sequence[TurnCall]) -> Mapping[str, Question]:
    """Return what a person is asked about each call, by its id: the same when the node runs again."""
    questions: Mapping[str, Question] = _looked(calls).result() if calls else {}
    return questions


async def aask_about(calls: Sequence[TurnCall]) -> Mapping[str, Question]:
    """Return what a person is asked as `ask_about` does, without holding up the event loop."""
    questions: Mapping[str, Question] = await _alooked(calls) if calls else {}
    return questions


def _look(calls: Sequence[TurnCall]) -> dict[str, Question]:
    questions: dict[str, Question] = {}
    for each in calls:
        with suppress(StoreError):  # the call itself says it
            questions[each.id] = bound_for(each.tool.bound).asked_about(each.call["args"])
    return questions


async def _alook(calls: Sequence[TurnCall]) -> dict[str, Question]:
    questions: dict[str, Question] = {}
    for each in calls:
        with suppress(StoreError):
            bound = await abound_for(each.tool.bound)
            questions[each.id] = await bound.aasked_about(each.call["args"])
    return questions


# LangGraph keeps what a task has returned while its node is paused. So consent is for what the person was shown,
# and not for what stands there when their answer comes.
_kept: Any = task(name="vimeo_questions")
_looked: Any = _kept(_look)
_alooked: Any = _kept(_alook)


@contextmanager
def asking(questions: Mapping[str, Question]) -> Iterator[None]:
    """Let `shown` find these questions meanwhile."""
    token = _asked.set(questions)
    try:
        yield
    finally:
        _asked.reset(token)


def shown(tool_call: ToolCall) -> Question:
    """Return what a person is shown about a call that is being asked about."""
    return _asked.get({}).get(tool_call["id"] or "") or {"text": UNSEEN}


def told(question: Question) -> str:
    """Return a question in words for people. Its text has the approval id as well, which is nothing to them."""
    return str(question.get("description") or question["text"])


def waits(call: TurnCall, questions: Mapping[str, Question]) -> bool:
    """Return whether a call cannot be asked about before its user has connected, for which they will be asked."""
    error = questions.get(call.id, {}).get("error") or {}
    return call.tool.hides_links and bool(error.get("can_connect"))
