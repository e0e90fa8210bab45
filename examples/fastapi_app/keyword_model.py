"""Answers questions by keywords, so that the example works without a model provider's key.

It is not a language model, but it goes through the same agent loop: it calls the customer's tools and says what
came back.
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

__all__ = ["CHANGES", "SUGGESTED", "KeywordModel"]

SUGGESTED = (
    "Which are my newest videos?",
    "Which of my videos are played most?",
    "Which is my oldest video?",
    "Which plan do I have at Vimeo?",
)
"""Questions that the page offers. Each is answered for every library, an empty one too."""
CHANGES = ("Rename my newest video to “Summer”", "Delete my oldest video")
"""What it offers to change, which the customer is asked about before it is done."""


@dataclass(frozen=True)
class _Rule:
    """What is asked of Vimeo for a question of this pattern, and how its answer is told."""

    pattern: str
    tool: str
    arguments: dict[str, Any]
    told: Callable[[Mapping[str, Any]], str]
    change: Callable[[Mapping[str, Any], str], tuple[str, dict[str, Any]]] | None = None
    """The call that follows, of the first video that was found and the new title."""


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


def _changed(answer: Mapping[str, Any]) -> str:
    if "data" in answer:
        return "You have no videos yet."
    return f"It is called “{answer['name']}” now." if "name" in answer else str(answer["message"])


def _rename(video: Mapping[str, Any], title: str) -> tuple[str, dict[str, Any]]:
    return "vimeo_video_edit", {"video_id": video["uri"], "name": title}


def _delete(video: Mapping[str, Any], title: str) -> tuple[str, dict[str, Any]]:
    return "vimeo_video_delete", {"video_id": video["uri"]}


_LIST = "vimeo_my_videos_list"
_NEWEST = {"sort": "date", "direction": "desc", "per_page": 5}
_ONE_NEWEST = {**_NEWEST, "per_page": 1}
_ONE_OLDEST = {**_ONE_NEWEST, "direction": "asc"}
_RULES = (
    _Rule(r"\brename\b.*\bto [“\"]?(?P<title>[^”\"]+)", _LIST, _ONE_NEWEST, _changed, _rename),
    _Rule(r"\bdelete\b", _LIST, _ONE_OLDEST, _changed, _delete),
    _Rule(r"\b(who am i|account|plan|profile)\b", "vimeo_me_get", {}, _profile),
    _Rule(
        r"\b(most (played|popular|watched)|played most|plays)\b",
        _LIST,
        {**_NEWEST, "sort": "plays"},
        _most_played,
    ),
    _Rule(r"\b(oldest|first)\b", _LIST, _ONE_OLDEST, _oldest),
)
_ABOUT = re.compile(r"\b(?:about|with|named|called)\s+(?:an?\s+|the\s+)?(\w+)", re.IGNORECASE)


class KeywordModel(BaseChatModel):
    """A tool call or two by keyword, then a sentence about the result."""

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
        asked = max(place for place, each in enumerate(messages) if isinstance(each, HumanMessage))
        results = [each for each in messages[asked:] if isinstance(each, ToolMessage)]
        call = _next_call(messages[asked].text, results)
        if call is None:
            reply = AIMessage(_told(results[-1], _rule_for(messages[asked].text)))
        else:
            name, arguments = call
            made = {"name": name, "args": arguments, "id": f"call_{len(messages)}", "type": "tool_call"}
            reply = AIMessage("", tool_calls=[made])
        return ChatResult(generations=[ChatGeneration(message=reply)])


def _next_call(question: str, results: Sequence[ToolMessage]) -> tuple[str, dict[str, Any]] | None:
    rule = _rule_for(question)
    if not results:
        return rule.tool, rule.arguments
    if rule.change is None or len(results) > 1 or results[0].status == "error":
        return None
    found = re.search(rule.pattern, question, re.IGNORECASE)
    title = (found.groupdict().get("title") or "") if found else ""
    videos = results[0].artifact["data"]
    return rule.change(videos[0], title.strip()) if videos else None


def _rule_for(question: str) -> _Rule:
    for rule in _RULES:
        if re.search(rule.pattern, question, re.IGNORECASE):
            return rule
    about = _ABOUT.search(question)
    return _Rule("", _LIST, {**_NEWEST, "query": about[1]} if about else _NEWEST, _videos)


def _told(result: ToolMessage, rule: _Rule) -> str:
    if result.status == "error":
        return _failed(result)
    # The text is for a language model, and lists are columns and rows in it. Code reads the artifact, which
    # is Vimeo's answer as it is.
    return rule.told(result.artifact)


def _failed(result: ToolMessage) -> str:
    try:
        error = json.loads(result.text)
    except ValueError:  # LangChain's own words for a call that the customer rejected
        return "I have changed nothing."
    match error["error"]:
        case "approval_denied":
            return "I have changed nothing."
        case "missing_scope":
            return "You have not allowed this product to do that at Vimeo."
        case "not_connected" | "expired" | "revoked":
            return "Your Vimeo account is not connected, so I could not look."
    return str(error["message"])
