"""A model that follows a list, in LlamaIndex's own agent loop. It imports nothing but LlamaIndex."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, LLMMetadata, MessageRole
from llama_index.core.llms import ChatResponseAsyncGen
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import ToolSelection
from llama_index.core.tools import BaseTool as LlamaTool
from pydantic import Field

__all__ = ["OneCallLlm", "TurnsLlm"]


class OneCallLlm(FunctionCallingLLM):
    """Calls one tool, then repeats what the tool said."""

    tool_name: str
    arguments: dict[str, Any]
    more: tuple[dict[str, Any], ...] = ()
    """Arguments of further calls in the same turn."""

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(is_function_calling_model=True)

    def _prepare_chat_with_tools(  # type: ignore[override]
        self, tools: Sequence[LlamaTool], **kwargs: Any
    ) -> dict[str, Any]:
        for tool in tools:
            tool.metadata.to_openai_tool()
        return {"messages": kwargs.get("chat_history") or []}

    def _answer(self, messages: Sequence[ChatMessage]) -> ChatResponse:
        said = [message for message in messages if message.role == MessageRole.TOOL]
        if said:
            text = str(said[-1].content)
            return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=text))
        return ChatResponse(
            message=ChatMessage(
                role=MessageRole.ASSISTANT, content="", additional_kwargs={"tool_calls": ["one"]}
            )
        )

    def get_tool_calls_from_response(
        self, response: ChatResponse, error_on_no_tool_call: bool = True, **kwargs: Any
    ) -> list[ToolSelection]:
        if not response.message.additional_kwargs.get("tool_calls"):
            return []
        return [
            ToolSelection(tool_id=f"call_{place}", tool_name=self.tool_name, tool_kwargs=arguments)
            for place, arguments in enumerate([self.arguments, *self.more], 1)
        ]

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        return self._answer(messages)

    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        return self._answer(messages)

    async def astream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseAsyncGen:
        async def stream() -> AsyncGenerator[ChatResponse, None]:
            yield self._answer(messages)

        return stream()

    async def astream_chat_with_tools(  # type: ignore[override]
        self, tools: Any, **kwargs: Any
    ) -> ChatResponseAsyncGen:
        prepared = self._prepare_chat_with_tools(tools, **kwargs)
        return await self.astream_chat(prepared["messages"])

    def stream_chat(self, messages: Any, **kwargs: Any) -> Any:
        raise AssertionError("agents stream asynchronously")

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        raise AssertionError("a chat model")

    async def acomplete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        raise AssertionError("a chat model")

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        raise AssertionError("a chat model")

    async def astream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        raise AssertionError("a chat model")


class TurnsLlm(OneCallLlm):
    """Makes the calls of one turn after the other, then says so. It keeps no count: what it has heard tells where
    it is, so that it goes on in a run that is restored."""

    tool_name: str = ""
    arguments: dict[str, Any] = Field(default_factory=dict)
    turns: list[list[tuple[str, dict[str, Any]]]]

    def _answer(self, messages: Sequence[ChatMessage]) -> ChatResponse:
        heard = sum(message.role == MessageRole.TOOL for message in messages)
        ahead = 0
        for place, turn in enumerate(self.turns):
            if heard <= ahead:
                more: dict[str, Any] = {"tool_calls": [place]}
                said = ChatMessage(role=MessageRole.ASSISTANT, content="", additional_kwargs=more)
                return ChatResponse(message=said)
            ahead += len(turn)
        return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content="It is done."))

    def get_tool_calls_from_response(
        self, response: ChatResponse, error_on_no_tool_call: bool = True, **kwargs: Any
    ) -> list[ToolSelection]:
        return [
            ToolSelection(tool_id=f"call_{turn}_{place}", tool_name=name, tool_kwargs=arguments)
            for turn in response.message.additional_kwargs.get("tool_calls", [])
            for place, (name, arguments) in enumerate(self.turns[turn])
        ]
