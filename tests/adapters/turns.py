"""A model that makes listed calls, several in a turn, in LangChain's own loops; and what a user does at Vimeo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

__all__ = ["TurnsChat", "told"]

Turn = list[tuple[str, dict[str, Any]]]


class TurnsChat(BaseChatModel):
    """Makes the calls of one turn after another, then says that it is done."""

    turns: list[Turn]
    read: list[list[BaseMessage]]
    """What it was given, at each turn."""

    @property
    def _llm_type(self) -> str:
        return "turns"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.read.append(list(messages))
        latest = max(place for place, each in enumerate(messages) if isinstance(each, HumanMessage))
        done = sum(isinstance(each, AIMessage) for each in messages[latest:])
        calls = [
            {"name": name, "args": dict(given), "id": f"{done}_{place}", "type": "tool_call"}
            for place, (name, given) in enumerate(self.turns[done] if done < len(self.turns) else [])
        ]
        answer = AIMessage(content="" if calls else "Done.", tool_calls=calls)
        return ChatResult(generations=[ChatGeneration(message=answer)])


def told(state: Any) -> list[ToolMessage]:
    """Return the messages of tools, in the order of their calls."""
    messages = [message for message in state["messages"] if isinstance(message, ToolMessage)]
    return sorted(messages, key=lambda message: message.tool_call_id)
