"""How the tools are driven in Pydantic AI."""

from __future__ import annotations

from typing import Any

from pydantic_ai import Agent, DeferredToolRequests, DeferredToolResults
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from tests.frameworks.driving import Calls, Decide, Declared


def identify(run: Any) -> str:
    return str(run.deps["user"])


def declared(tools: list[Any]) -> Declared:
    seen: list[AgentInfo] = []

    def model(messages: Any, info: AgentInfo) -> ModelResponse:
        seen.append(info)
        return ModelResponse([TextPart("Done.")])

    Agent(FunctionModel(model), tools=tools).run_sync("Hello")
    return {
        each.name: (each.description or "", each.parameters_json_schema) for each in seen[0].function_tools
    }


async def call(tool: Any, given: dict[str, Any], who: str = "") -> str:
    (text,) = await converse([tool], [(tool.name, given)], who)
    return text


def scripted(calls: Calls) -> Any:
    turns = [*calls]

    def model(messages: Any, info: AgentInfo) -> ModelResponse:
        return ModelResponse([ToolCallPart(*turns.pop(0)) if turns else TextPart("Done.")])

    return FunctionModel(model)


async def converse(tools: list[Any], calls: Calls, who: str = "", decide: Decide | None = None) -> list[str]:
    agent: Any = Agent(scripted(calls), tools=tools, deps_type=dict, output_type=[str, DeferredToolRequests])
    result = await agent.run("Hello", deps={"user": who})
    while isinstance(result.output, DeferredToolRequests):
        if decide is None:
            return [str(each["description"]) for each in result.output.metadata.values()]
        shown = result.output.metadata
        results = DeferredToolResults(
            approvals={
                each.tool_call_id: decide(
                    each.tool_name, each.args_as_dict(), shown[each.tool_call_id]["description"]
                )
                for each in result.output.approvals
            },
            metadata=shown,
        )
        result = await agent.run(
            message_history=result.all_messages(), deferred_tool_results=results, deps={"user": who}
        )
    parts = (part for message in result.all_messages() for part in message.parts)
    return [str(part.content) for part in parts if isinstance(part, ToolReturnPart)]
