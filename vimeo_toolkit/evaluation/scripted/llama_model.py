"""The scripted model for LlamaIndex's loop."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, takewhile
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, MessageRole, TextBlock, ToolCallBlock
from llama_index.core.llms.mock import MockFunctionCallingLLM

from vimeo_toolkit.evaluation.scripted.script import Script

__all__ = ["scripted_llm"]


def scripted_llm(script: Script) -> MockFunctionCallingLLM:
    """Return a model that makes the calls of a script, once."""
    turns = count()

    def answer(messages: Sequence[ChatMessage], **kwargs: Any) -> ChatMessage:
        last = takewhile(lambda message: message.role == MessageRole.TOOL, reversed(messages))
        heard = {message.additional_kwargs.get("tool_call_id"): str(message.content) for message in last}
        step = script.next(heard[name] for name in sorted(heard, key=str))
        if isinstance(step, str):
            return ChatMessage(role=MessageRole.ASSISTANT, blocks=[TextBlock(text=step)])
        turn = next(turns)
        calls = [
            ToolCallBlock(
                tool_call_id=f"call_{turn:03}_{place:03}", tool_name=each.tool, tool_kwargs=each.arguments
            )
            for place, each in enumerate(step)
        ]
        return ChatMessage(role=MessageRole.ASSISTANT, blocks=calls)

    return MockFunctionCallingLLM(response_generator=answer)
