"""A call that failed, as LangChain's tool message with the whole error beside its text.

LangChain makes a message of an exception's text alone. It takes a message as it is, too, and that needs the id of
the tool call, which only `run` and `arun` are given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from langchain_core.messages import ToolMessage
from langchain_core.tools import ToolException

from vimeo_toolkit import Reply

__all__ = ["as_message", "calling", "current_call", "message_of", "passed_on"]

_call: ContextVar[str | None] = ContextVar("vimeo_tool_call", default=None)


@contextmanager
def calling(tool_call_id: str | None) -> Iterator[None]:
    """Note the tool call that is answered; None where text is enough."""
    token = _call.set(tool_call_id)
    try:
        yield
    finally:
        _call.reset(token)


def current_call() -> str | None:
    """Return the id of the tool call that is answered; None if there is none."""
    return _call.get()


class CallFailed(ToolException):
    """An error that a model can act on; its text is what the model reads."""

    def __init__(self, reply: Reply, name: str) -> None:
        super().__init__(reply.text)
        self.reply = reply
        self.name = name


def passed_on(reply: Reply, name: str) -> tuple[str, dict[str, Any]]:
    """Return content and artifact of a reply.

    Raises:
        CallFailed: it is an error.
    """
    if reply.is_error:
        raise CallFailed(reply, name)
    return reply.text, reply.artifact


def as_message(error: ToolException) -> Any:
    """Return what LangChain's `handle_tool_error` is to answer with: a whole message for a tool call, else the
    text."""
    call = _call.get()
    if call is None or not isinstance(error, CallFailed):
        return error.args[0] if error.args else "The tool failed."
    return message_of(error.reply, error.name, call)


def message_of(reply: Reply, name: str, tool_call_id: str) -> ToolMessage:
    """Return the message that tells a model of an error."""
    return ToolMessage(
        reply.text, artifact=reply.artifact, tool_call_id=tool_call_id, name=name, status="error"
    )
