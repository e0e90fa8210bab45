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

from vimeo_toolkit.shape import items_of

__all__ = ["ScriptedOrganizer"]

LIST, CREATE, ADD = "vimeo_my_videos_list", "vimeo_showcase_create", "vimeo_showcase_video_add"
READ = "vimeo_showcase_videos_list"


class ScriptedOrganizer(BaseChatModel):
    """Puts the videos of a month into a new showcase: list until they are older, create, add each, read back.

    Args:
        month: `2026-11`, compared with the beginning of `created_time`.
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
        pages = [body for name, _, body in results if name == LIST]
        videos = [video for page in pages for video in items_of(page)]
        wanted = [video for video in videos if video["created_time"].startswith(self.month)]
        if not pages or (pages[-1].get("next_page") and wanted and wanted[-1] is videos[-1]):
            page = pages[-1]["next_page"] if pages else 1
            asked = {"sort": "date", "direction": "desc", "per_page": 25, "page": page}
            return _call(len(messages), (LIST, asked))
        if not wanted:
            return AIMessage("There are no videos of this month, so I made no showcase.")
        made = next((body for name, _, body in results if name == CREATE), None)
        if made is None:
            return _call(len(messages), (CREATE, {"name": self.showcase, "sort": "newest"}))
        album = made["uri"]
        if not any(name == ADD for name, _, _ in results):
            adds = [(ADD, {"album_id": album, "video_id": video["uri"]}) for video in wanted]
            return _call(len(messages), *adds)
        shown = next((body for name, _, body in results if name == READ), None)
        if shown is None:
            return _call(len(messages), (READ, {"album_id": album, "per_page": 100}))
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
