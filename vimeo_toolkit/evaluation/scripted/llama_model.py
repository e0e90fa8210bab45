"""The scripted model for LlamaIndex's loop."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from itertools import takewhile
from typing import Any, Self

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, LLMMetadata, MessageRole
from llama_index.core.llms import ChatResponseAsyncGen
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import ToolSelection
from pydantic import PrivateAttr

from vimeo_toolkit.evaluation.scripted.script import Call, Script

__all__ = ["ScriptedLlm"]


class ScriptedLlm(FunctionCallingLLM):
    """Makes the calls of a script."""

    _script: Script = PrivateAttr()
    _turns: list[list[Call]] = PrivateAttr(default_factory=list)

    @classmethod
    def following(cls, script: Script) -> Self:
        """Return a model that follows this script, once."""
        made = cls()
        made._script = script
        return made

    @property
    def metadata(self) -> LLMMetadata:
        """What LlamaIndex asks of a model before it gives it tools."""
        return LLMMetadata(is_function_calling_model=True)

    def _prepare_chat_with_tools(self, tools: Any, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        return {"messages": kwargs.get("chat_history") or []}

    def _answer(self, messages: Sequence[ChatMessage]) -> ChatResponse:
        last = takewhile(lambda message: message.role == MessageRole.TOOL, reversed(messages))
        heard = {message.additional_kwargs.get("tool_call_id"): str(message.content) for message in last}
        step = self._script.next(heard[name] for name in sorted(heard, key=str))
        more: dict[str, Any] = {}
        if not isinstance(step, str):
            more = {"tool_calls": [len(self._turns)]}
            self._turns.append(step)
        text = step if isinstance(step, str) else ""
        message = ChatMessage(role=MessageRole.ASSISTANT, content=text, additional_kwargs=more)
        return ChatResponse(message=message)

    def get_tool_calls_from_response(
        self, response: ChatResponse, error_on_no_tool_call: bool = True, **kwargs: Any
    ) -> list[ToolSelection]:
        """Return the calls that an answer stands for."""
        return [
            ToolSelection(
                tool_id=f"call_{turn:03}_{place:03}", tool_name=each.tool, tool_kwargs=each.arguments
            )
            for turn in response.message.additional_kwargs.get("tool_calls", [])
            for place, each in enumerate(self._turns[turn])
        ]

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """Answer with the next step."""
        return self._answer(messages)

    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """Answer with the next step."""
        return self._answer(messages)

    async def astream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseAsyncGen:
        """Answer with the next step, in one piece."""

        async def stream() -> AsyncGenerator[ChatResponse, None]:
            yield self._answer(messages)

        return stream()

    async def astream_chat_with_tools(  # type: ignore[override]
        self, tools: Any, **kwargs: Any
    ) -> ChatResponseAsyncGen:
        """Answer with the next step, in one piece."""
        return await self.astream_chat(self._prepare_chat_with_tools(tools, **kwargs)["messages"])

    def stream_chat(self, messages: Any, **kwargs: Any) -> Any:
        """Refuse: agents stream asynchronously."""
        raise NotImplementedError

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        """Refuse: it is a chat model."""
        raise NotImplementedError

    async def acomplete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        """Refuse: it is a chat model."""
        raise NotImplementedError

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        """Refuse: it is a chat model."""
        raise NotImplementedError

    async def astream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        """Refuse: it is a chat model."""
        raise NotImplementedError
