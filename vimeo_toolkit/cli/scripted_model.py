"""A chat model that follows a script instead of thinking, for a demonstration without a provider's key.

It is not a model of any kind; it decides from the tool results that it is given, through the same agent loop.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from vimeo_toolkit.tables import items_of

__all__ = ["ScriptedOrganizer"]

FIND, CREATE = "vimeo_my_videos_find", "vimeo_showcase_create"


class ScriptedOrganizer(BaseChatModel):
    """Puts the videos of a month into a new showcase: finds them, makes the showcase with them, reads it back.

    Args:
        month: `2026-11`.
        showcase: the new showcase's name.
    """

    month: str
    showcase: str

    @property
    def _llm_type(self) -> str:
        return "scripted-organizer"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._next(messages))])

    def _next(self, messages: list[BaseMessage]) -> AIMessage:
        results = _results_since_question(messages)
        for name, status, _ in results:
            if status == "error":
                return AIMessage(f"{name} failed, so I stopped. See its message for what to do.")
        finds = [body for name, _, body in results if name == FIND]
        made = next((body for name, _, body in results if name == CREATE), None)
        if not finds:
            return _call(len(messages), (FIND, {"from_date": self.month, "until_date": self.month}))
        found = [video["uri"] for video in items_of(finds[0])]
        if not found:
            return AIMessage("There are no videos of this month, so I made no showcase.")
        if made is None:
            return _call(len(messages), (CREATE, {"name": self.showcase, "videos": found, "sort": "newest"}))
        if len(finds) == 1:
            return _call(len(messages), (FIND, {"showcase_id": made["uri"]}))
        shown = finds[1]
        names = "\n".join(f"- {video['name']}" for video in items_of(shown))
        return AIMessage(f"The showcase “{self.showcase}” now holds {shown['total']} videos:\n{names}")


def _call(turn: int, *calls: tuple[str, dict[str, Any]]) -> AIMessage:
    return AIMessage(
        content="",
        tool_calls=[
            {"name": name, "args": arguments, "id": f"call_{turn}_{place}", "type": "tool_call"}
            for place, (name, arguments) in enumerate(calls)
        ],
    )


def _results_since_question(messages: list[BaseMessage]) -> list[tuple[str, str, Any]]:
    """Name, status and content of every tool result since the user's last message."""
    results: list[tuple[str, str, Any]] = []
    for message in messages:
        if isinstance(message, HumanMessage):
            results = []
        elif isinstance(message, ToolMessage):
            try:
                body = json.loads(str(message.content))
            except ValueError:
                body = {}
            results.append((str(message.name), message.status, body))
    return results
