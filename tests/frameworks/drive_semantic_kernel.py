"""How the tools are driven in Semantic Kernel."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from semantic_kernel import Kernel
from semantic_kernel.agents import ChatCompletionAgent, ChatHistoryAgentThread
from semantic_kernel.connectors.ai.chat_completion_client_base import ChatCompletionClientBase
from semantic_kernel.connectors.ai.function_calling_utils import (
    kernel_function_metadata_to_function_call_format,
)
from semantic_kernel.connectors.ai.function_choice_behavior import FunctionChoiceBehavior
from semantic_kernel.connectors.ai.prompt_execution_settings import PromptExecutionSettings
from semantic_kernel.contents import (
    AuthorRole,
    ChatMessageContent,
    FunctionCallContent,
    FunctionResultContent,
)
from semantic_kernel.functions import KernelArguments

from tests.frameworks.driving import Calls, Decide, Declared


def identify(run: Any) -> str:
    return str(run["user"])


def declared(tools: list[Any]) -> Declared:
    sent = [kernel_function_metadata_to_function_call_format(tool.metadata)["function"] for tool in tools]
    return {each["name"].removeprefix("vimeo-"): (each["description"], each["parameters"]) for each in sent}


async def call(tool: Any, given: dict[str, Any], who: str = "") -> str:
    kernel = Kernel()
    made: Any = kernel.add_function("vimeo", tool)
    result = await kernel.invoke(made, KernelArguments(user=who, **given))
    return str(result)


class Scripted(ChatCompletionClientBase):
    """Makes the calls, and then says that it is done."""

    SUPPORTS_FUNCTION_CALLING: ClassVar[bool] = True
    turns: list[Any]

    def get_prompt_execution_settings_class(self) -> type[PromptExecutionSettings]:
        return PromptExecutionSettings

    async def _inner_get_chat_message_contents(
        self, chat_history: Any, settings: Any
    ) -> list[ChatMessageContent]:
        if not self.turns:
            return [ChatMessageContent(role=AuthorRole.ASSISTANT, content="Done.")]
        name, given = self.turns.pop(0)
        made = FunctionCallContent(
            id=f"c{len(self.turns)}", name=f"vimeo-{name}", arguments=json.dumps(given)
        )
        return [ChatMessageContent(role=AuthorRole.ASSISTANT, items=[made])]


def scripted(calls: Calls) -> Any:
    return Scripted(ai_model_id="scripted", service_id="s", turns=[*calls])


async def converse(tools: list[Any], calls: Calls, who: str = "", decide: Decide | None = None) -> list[str]:
    kernel = Kernel()
    kernel.add_functions("vimeo", tools)
    agent = ChatCompletionAgent(
        kernel=kernel,
        name="studio",
        service=scripted(calls),
        function_choice_behavior=FunctionChoiceBehavior.Auto(),
    )
    thread = ChatHistoryAgentThread()
    await agent.get_response("Hello", thread=thread, arguments=KernelArguments(user=who))
    return [
        str(item.result)
        async for message in thread.get_messages()
        for item in message.items
        if isinstance(item, FunctionResultContent)
    ]
