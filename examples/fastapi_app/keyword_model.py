"""Answers questions by keywords, so that the example works without a model provider's key.

It is not a language model, but it goes through the same agent loop: it calls one of the customer's tools and says
what came back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

__all__ = ["SUGGESTED", "KeywordModel"]

SUGGESTED = (
    "Which are my newest videos?",
    "Which of my videos are played most?",
    "Which is my oldest video?",
    "Which plan do I have at Vimeo?",
)
"""Questions that the page offers. Each is answered for every library, an empty one too."""


@dataclass(frozen=True)
class _Rule:
    """What is asked of Vimeo for a question of this pattern, and how its answer is told."""

    pattern: str
    tool: str
    arguments: dict[str, Any]
    told: Callable[[Mapping[str, Any]], str]


def _videos(answer: Mapping[str, Any], *, plays: bool = False) -> str:
    videos = answer["data"]
    if not videos:
        return "None of your videos fits."
    told = [f"“{video['name']}”{_plays(video) if plays else ''}" for video in videos]
    total = answer["total"]
    if total == len(told):
        return f"{'1 video' if total == 1 else f'{total} videos'}: {', '.join(told)}."
    return f"The first {len(told)} of {total} videos: {', '.join(told)}."


def _plays(video: Mapping[str, Any]) -> str:
    """How often it was played. Vimeo says so only with the scope `stats`, and to a video's owner."""
    count = (video.get("stats") or {}).get("plays")
    return "" if count is None else " (1 play)" if count == 1 else f" ({count:,} plays)"


def _most_played(answer: Mapping[str, Any]) -> str:
    return _videos(answer, plays=True)


def _oldest(answer: Mapping[str, Any]) -> str:
    videos = answer["data"]
    return (
        f"“{videos[0]['name']}”, of {videos[0]['created_time'][:10]}."
        if videos
        else "You have no videos yet."
    )


def _profile(answer: Mapping[str, Any]) -> str:
    return f"You are {answer['name']} on Vimeo, with the plan “{answer['account']}”."


_LIST = "vimeo_my_videos_list"
_NEWEST = {"sort": "date", "direction": "desc", "per_page": 5}
_RULES = (
    _Rule(r"\b(who am i|account|plan|profile)\b", "vimeo_me_get", {}, _profile),
    _Rule(
        r"\b(most (played|popular|watched)|played most|plays)\b",
        _LIST,
        {**_NEWEST, "sort": "plays"},
        _most_played,
    ),
    _Rule(r"\b(oldest|first)\b", _LIST, {**_NEWEST, "direction": "asc", "per_page": 1}, _oldest),
)
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
        question = next(each.text for each in reversed(messages) if isinstance(each, HumanMessage))
        rule = _rule_for(question)
        last = messages[-1]
        if isinstance(last, ToolMessage):
            reply = AIMessage(_told(last, rule))
        else:
            call = {"name": rule.tool, "args": rule.arguments, "id": "call_1", "type": "tool_call"}
            reply = AIMessage("", tool_calls=[call])
        return ChatResult(generations=[ChatGeneration(message=reply)])


def _rule_for(question: str) -> _Rule:
    for rule in _RULES:
        if re.search(rule.pattern, question, re.IGNORECASE):
            return rule
    about = _ABOUT.search(question)
    return _Rule("", _LIST, {**_NEWEST, "query": about[1]} if about else _NEWEST, _videos)


def _told(result: ToolMessage, rule: _Rule) -> str:
    if result.status == "error":
        return _failed(json.loads(result.text))
    # The text is for a language model, and long lists are columns and rows in it. Code reads the artifact, which
    # is Vimeo's answer as it is.
    return rule.told(result.artifact)


def _failed(error: Mapping[str, Any]) -> str:
    if error["error"] == "missing_scope":
        return "You have not allowed this product to look that up at Vimeo."
    if "authorization_link" in error:
        return "Your Vimeo account is no longer connected, so I could not look."
    return str(error["message"])
