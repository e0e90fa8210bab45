"""Answers questions by keywords, so that the example works without a model provider's key.

It is not a language model, but it goes through the same agent loop: it calls one of the customer's tools and says
what came back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

__all__ = ["KeywordModel"]

_VIDEOS = "vimeo_my_videos_list"
_NEWEST = {"sort": "date", "direction": "desc", "per_page": 5}
_RULES: list[tuple[str, str, dict[str, Any]]] = [
    (r"\b(who am i|account|plan|profile)\b", "vimeo_me_get", {}),
    (r"\b(most (played|popular|watched)|plays)\b", _VIDEOS, {**_NEWEST, "sort": "plays"}),
    (r"\b(oldest|first)\b", _VIDEOS, {**_NEWEST, "direction": "asc"}),
]
_ABOUT = re.compile(r"\b(?:about|with|named|called)\s+(?:an?\s+|the\s+)?(\w+)", re.IGNORECASE)


class KeywordModel(BaseChatModel):
    """One tool call by keyword, then a sentence about its result."""

    @property
    def _llm_type(self) -> str:
        return "keywords"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        last = messages[-1]
        reply = AIMessage(_told(last)) if isinstance(last, ToolMessage) else _chosen(messages)
        return ChatResult(generations=[ChatGeneration(message=reply)])


def _chosen(messages: list[BaseMessage]) -> AIMessage:
    question = next(message.text for message in reversed(messages) if isinstance(message, HumanMessage))
    about = _ABOUT.search(question)
    name, arguments = (_VIDEOS, {**_NEWEST, "query": about[1]}) if about else (_VIDEOS, _NEWEST)
    for pattern, tool, fixed in _RULES:
        if re.search(pattern, question, re.IGNORECASE):
            name, arguments = tool, fixed
            break
    return AIMessage("", tool_calls=[{"name": name, "args": arguments, "id": "call_1", "type": "tool_call"}])


def _told(result: ToolMessage) -> str:
    body = json.loads(str(result.content))
    if result.status == "error":
        return f"{body['message']} {body.get('hint', '')}".strip()
    if result.name == "vimeo_me_get":
        return f"You are {body['name']} on Vimeo."
    names = [item["name"] for item in body["data"]]
    if not names:
        return "None of your videos fits."
    total = body["total"]
    found = "1 video" if total == 1 else f"{total} videos"
    return f"I found {found}: {', '.join(names)}{', …' if total > len(names) else '.'}"
