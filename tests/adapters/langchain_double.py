"""A model that follows a list, in LangChain's own agent loop. It imports nothing but LangChain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

__all__ = ["OneCallChat"]


class OneCallChat(BaseChatModel):
    """Calls one tool, then repeats what the tool said."""

    tool_name: str
    arguments: dict[str, Any]

    @property
    def _llm_type(self) -> str:
        return "one-call"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        from langchain_core.utils.function_calling import convert_to_openai_tool

        for tool in tools:  # as a real model does
            convert_to_openai_tool(tool)
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        said = [message for message in messages if isinstance(message, ToolMessage)]
        if said:
            answer = AIMessage(str(said[-1].content))
        else:
            call = {"name": self.tool_name, "args": self.arguments, "id": "call_1", "type": "tool_call"}
            answer = AIMessage(content="", tool_calls=[call])
        return ChatResult(generations=[ChatGeneration(message=answer)])
