"""A chat model without a language model: it decides by rules, from the tool results that it is given.

It stands where a provider's model would stand in the same agent loop, so that the whole path runs offline. No
id and no count is written into it: it reads the messages as a model does, and each decision follows from them.
It keeps no state between turns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool

__all__ = ["ScriptedOrganizer", "next_step"]

PAGE_SIZE = 5
"""Small, so that a month's videos take more than one page and paging is seen."""


class ScriptedOrganizer(BaseChatModel):
    """Puts this month's videos into a new showcase, for a task that names the showcase in quotes and a system
    message that says `Today is YYYY-MM-DD`."""

    @property
    def _llm_type(self) -> str:
        return "scripted-organizer"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[Any, AIMessage]:
        """The model itself: it knows by rule which tools it calls."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=next_step(messages))])


@dataclass(frozen=True)
class _Exchange:
    """A tool call of this conversation and what came back."""

    name: str
    arguments: dict[str, Any]
    failed: bool
    result: dict[str, Any]


def next_step(messages: Sequence[BaseMessage]) -> AIMessage:
    """What to do after these messages: tool calls, or a closing sentence.

    The order: read pages of videos, newest first, while the last video of a page is still of this month;
    create the showcase; add each video that is not in it; read the showcase back; say what it holds.
    """
    month, title = _task(messages)
    done = list(_exchanges(messages))
    failures = [each for each in done if each.failed]
    if failures:
        reason = failures[0].result.get("message", "no reason was given")
        return AIMessage(f"I stopped: {failures[0].name} failed. {reason}")

    pages = [each.result for each in done if each.name == "vimeo_my_videos_list"]
    if not pages or _goes_on(pages[-1], month):
        return _calls(
            done,
            "vimeo_my_videos_list",
            [{"sort": "date", "direction": "desc", "per_page": PAGE_SIZE, "page": len(pages) + 1}],
        )
    wanted = list(dict.fromkeys(video["uri"] for video in _videos(pages) if _month_of(video) == month))
    if not wanted:
        return AIMessage("No video was uploaded this month, so I created no showcase.")

    created = next((each.result for each in done if each.name == "vimeo_showcase_create"), None)
    if created is None:
        return _calls(done, "vimeo_showcase_create", [{"name": title}])
    showcase = created["uri"].split("/")[-1]

    added = {each.arguments["video_id"] for each in done if each.name == "vimeo_showcase_video_add"}
    missing = [uri for uri in wanted if uri not in added]
    if missing:
        return _calls(
            done, "vimeo_showcase_video_add", [{"album_id": showcase, "video_id": uri} for uri in missing]
        )

    read = [each.result for each in done if each.name == "vimeo_showcase_videos_list"]
    if not read or "next_page" in read[-1]:
        return _calls(
            done,
            "vimeo_showcase_videos_list",
            [{"album_id": showcase, "per_page": 100, "page": len(read) + 1}],
        )
    held = {video["uri"] for video in _videos(read)}
    if held == set(wanted):
        return AIMessage(f"The showcase '{title}' now holds the {len(wanted)} videos uploaded this month.")
    return AIMessage(f"The showcase '{title}' holds {len(held)} videos where {len(wanted)} were expected.")


def _task(messages: Sequence[BaseMessage]) -> tuple[str, str]:
    """The month, as YYYY-MM, and the showcase's title."""
    system = " ".join(str(message.content) for message in messages if isinstance(message, SystemMessage))
    human = " ".join(str(message.content) for message in messages if isinstance(message, HumanMessage))
    today = re.search(r"Today is (\d{4}-\d{2})-\d{2}", system)
    title = re.search(r"'([^']+)'", human)
    if today is None or title is None:
        raise ValueError("The scripted model needs 'Today is YYYY-MM-DD' and a showcase's title in quotes.")
    return today[1], title[1]


def _exchanges(messages: Sequence[BaseMessage]) -> Iterator[_Exchange]:
    answers = {message.tool_call_id: message for message in messages if isinstance(message, ToolMessage)}
    for message in messages:
        for call in message.tool_calls if isinstance(message, AIMessage) else ():
            answer = answers.get(call["id"] or "")
            if answer is None:
                continue
            text = str(answer.content)
            try:
                result = json.loads(text)
            except ValueError:
                result = {"message": text}
            yield _Exchange(call["name"], call["args"], answer.status == "error", result)


def _videos(pages: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for page in pages:
        yield from page["data"]


def _month_of(video: dict[str, Any]) -> str:
    return f"{datetime.fromisoformat(video['created_time']).astimezone(UTC):%Y-%m}"


def _goes_on(page: dict[str, Any], month: str) -> bool:
    """True when the next page may hold more of this month: the last video here does, and there is a next."""
    return "next_page" in page and bool(page["data"]) and _month_of(page["data"][-1]) == month


def _calls(done: Sequence[_Exchange], name: str, arguments: Sequence[dict[str, Any]]) -> AIMessage:
    return AIMessage(
        "",
        tool_calls=[
            {"name": name, "args": each, "id": f"call_{len(done) + place}", "type": "tool_call"}
            for place, each in enumerate(arguments, start=1)
        ],
    )
