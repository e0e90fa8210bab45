"""The scripted model for LangChain's loop."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any, Self

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import PrivateAttr

from vimeo_toolkit.evaluation.scripted.script import Script

__all__ = ["ScriptedChat"]


class ScriptedChat(BaseChatModel):
    """Makes the calls of a script."""

    _script: Script = PrivateAttr()

    @classmethod
    def following(cls, script: Script) -> Self:
        """Return a model that follows this script, once."""
        made = cls()
        made._script = script
        return made

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        """Take the tools, whose schemas a script does not need."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        last = takewhile(lambda message: isinstance(message, ToolMessage), reversed(messages))
        step = self._script.next([message.text for message in last][::-1])
        if isinstance(step, str):
            said = AIMessage(step)
        else:
            calls = [
                {
                    "name": each.tool,
                    "args": each.arguments,
                    "id": f"call_{len(messages)}_{place}",
                    "type": "tool_call",
                }
                for place, each in enumerate(step)
            ]
            said = AIMessage(content="", tool_calls=calls)
        return ChatResult(generations=[ChatGeneration(message=said)])
