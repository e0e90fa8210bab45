"""How the tools are driven in Google's ADK."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from google.adk.agents import LlmAgent
from google.adk.models import BaseLlm, LlmRequest, LlmResponse
from google.adk.runners import InMemoryRunner
from google.genai import types

from tests.frameworks.driving import Calls, Decide, Declared

ASKS = "adk_request_confirmation"


def identify(run: Any) -> str:
    return str(run.user_id)


def declared(tools: list[Any]) -> Declared:
    request: Any = LlmRequest(model="scripted")
    request.append_tools(tools)
    return {
        each.name: (each.description, each.parameters_json_schema)
        for tool in request.config.tools
        for each in tool.function_declarations
    }


async def call(tool: Any, given: dict[str, Any], who: str = "") -> str:
    (text,) = await converse([tool], [(tool.name, given)], who)
    return text


class Scripted(BaseLlm):
    """Makes the calls, and then says that it is done."""

    turns: list[Any]

    async def generate_content_async(
        self, llm_request: LlmRequest, stream: bool = False
    ) -> AsyncGenerator[LlmResponse, None]:
        part = (
            types.Part.from_function_call(name=self.turns[0][0], args=self.turns.pop(0)[1])
            if self.turns
            else types.Part.from_text(text="Done.")
        )
        yield LlmResponse(content=types.Content(role="model", parts=[part]))


def scripted(calls: Calls) -> Any:
    return Scripted(model="scripted", turns=[*calls])


async def converse(tools: list[Any], calls: Calls, who: str = "", decide: Decide | None = None) -> list[str]:
    agent = LlmAgent(name="studio", model=scripted(calls), tools=tools)
    runner = InMemoryRunner(agent, app_name="studio")
    session = await runner.session_service.create_session(app_name="studio", user_id=who or "somebody")
    read: list[str] = []
    said: Any = types.Content(role="user", parts=[types.Part.from_text(text="Hello")])
    while said is not None:
        asked: Any = None
        async for event in runner.run_async(user_id=session.user_id, session_id=session.id, new_message=said):
            for each in event.get_function_calls():
                asked = each if each.name == ASKS else asked
            answered: Any = event.get_function_responses()
            read += [text for answer in answered for text in answer.response.values()]
        said = None
        if asked is not None and decide is not None:
            read.pop()  # that the call waits
            about = asked.args["originalFunctionCall"]
            confirmed = decide(about["name"], about["args"], asked.args["toolConfirmation"]["hint"])
            answer = types.FunctionResponse(id=asked.id, name=ASKS, response={"confirmed": confirmed})
            said = types.Content(role="user", parts=[types.Part(function_response=answer)])
    return read
