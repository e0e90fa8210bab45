"""The Vimeo calls of an agent's last turn: those that wait, and those that failed for want of an account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from langchain_core.messages import AIMessage, ToolCall, ToolMessage
from langchain_core.tools import BaseTool

from langchain_vimeo.failing import message_of
from langchain_vimeo.vimeo_tool import VimeoTool
from vimeo_toolkit import Reply

__all__ = ["Turn", "TurnCall", "turn_of", "vimeo_tools"]


class TurnCall(NamedTuple):
    """A call of a Vimeo tool that the model made in its last turn."""

    tool: VimeoTool
    call: ToolCall
    answer: ToolMessage | None
    """The message that answers it; None while it waits."""

    @property
    def id(self) -> str:
        """The id of the tool call."""
        return self.call["id"] or ""

    @property
    def error(self) -> Mapping[str, Any]:
        """The error that answers it; {} if none does."""
        told = None if self.answer is None else self.answer.artifact
        return told if isinstance(told, Mapping) and "error" in told else {}

    def again(self) -> ToolMessage:
        """Make the call, and return its answer for the place of the one that is there."""
        return self.placed(self.tool.invoke({**self.call, "type": "tool_call"}))

    async def aagain(self) -> ToolMessage:
        """Make the call as `again` does, without holding up the event loop."""
        return self.placed(await self.tool.ainvoke({**self.call, "type": "tool_call"}))

    def refused(self, reply: Reply) -> ToolMessage:
        """Return the message that tells the model why the call is not made, for the place of the answer."""
        return self.placed(message_of(reply, self.tool.name, self.id))

    def placed(self, message: ToolMessage) -> ToolMessage:
        """Return an answer for the place of the one that is there."""
        return message if self.answer is None else message.model_copy(update={"id": self.answer.id})


class Turn(NamedTuple):
    """What the model said last, and its calls of Vimeo tools; nothing once the user has written again."""

    said: AIMessage | None = None
    calls: Sequence[TurnCall] = ()

    @property
    def waiting(self) -> list[TurnCall]:
        """The calls that were not made yet."""
        return [each for each in self.calls if each.answer is None]

    @property
    def answered(self) -> list[TurnCall]:
        """The calls that were made, or that the model was told why they are not."""
        return [each for each in self.calls if each.answer is not None]

    @property
    def failed(self) -> list[TurnCall]:
        """The calls that failed for something which the user can mend at Vimeo."""
        return [each for each in self.calls if each.error.get("can_connect")]


def turn_of(messages: Sequence[Any], tools: Mapping[str, VimeoTool]) -> Turn:
    """Return the last turn of a conversation, with its calls of these tools."""
    answers: dict[str, ToolMessage] = {}
    for message in reversed(messages):
        if isinstance(message, ToolMessage):
            answers.setdefault(message.tool_call_id, message)
        elif isinstance(message, AIMessage):
            calls = [call for call in message.tool_calls if call["name"] in tools]
            return Turn(
                message,
                [TurnCall(tools[call["name"]], call, answers.get(call["id"] or "")) for call in calls],
            )
        else:
            break
    return Turn()


def vimeo_tools(tools: Iterable[BaseTool]) -> dict[str, VimeoTool]:
    """Return those of the tools that are Vimeo's, by name."""
    return {tool.name: tool for tool in tools if isinstance(tool, VimeoTool)}
