"""How the tools are driven in the OpenAI Agents SDK."""

from __future__ import annotations

import json
from typing import Any

from agents import Agent, Model, ModelResponse, RunConfig, Runner, Usage
from agents.models.openai_responses import Converter
from agents.tool_context import ToolContext
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText

from tests.frameworks.driving import Calls, Decide, Declared


def identify(run: Any) -> str:
    return str(run.context["user"])


def declared(tools: list[Any]) -> Declared:
    sent: Any = Converter.convert_tools(tools, handoffs=[]).tools
    return {each["name"]: (each["description"], each["parameters"]) for each in sent}


async def call(tool: Any, given: dict[str, Any], who: str = "") -> str:
    written = json.dumps(given)
    run: Any = ToolContext({"user": who}, tool_name=tool.name, tool_call_id="1", tool_arguments=written)
    return str(await tool.on_invoke_tool(run, written))


class Scripted(Model):
    """Makes the calls, and then says that it is done."""

    def __init__(self, calls: Calls) -> None:
        self.turns: list[Any] = [
            ResponseFunctionToolCall(
                arguments=json.dumps(given), call_id=f"c{at}", name=name, type="function_call"
            )
            for at, (name, given) in enumerate(calls)
        ]

    async def get_response(self, *args: Any, **more: Any) -> ModelResponse:
        text = ResponseOutputText(annotations=[], text="Done.", type="output_text")
        done = ResponseOutputMessage(
            id="m", content=[text], role="assistant", status="completed", type="message"
        )
        return ModelResponse([self.turns.pop(0) if self.turns else done], Usage(), None)

    def stream_response(self, *args: Any, **more: Any) -> Any:
        raise NotImplementedError("Model has it, and no test here streams.")


def scripted(calls: Calls) -> Any:
    return Scripted(calls)


async def converse(tools: list[Any], calls: Calls, who: str = "", decide: Decide | None = None) -> list[str]:
    agent: Any = Agent(name="Studio", tools=tools, model=scripted(calls))
    quiet = RunConfig(tracing_disabled=True)
    result: Any = await Runner.run(agent, "Hello", context={"user": who}, run_config=quiet)
    while result.interruptions and decide is not None:
        state = result.to_state()
        for item in result.interruptions:
            if decide(item.raw_item.name, json.loads(item.raw_item.arguments), ""):
                state.approve(item)
            else:
                state.reject(item)
        result = await Runner.run(agent, state, run_config=quiet)
    return [item.output for item in result.new_items if item.type == "tool_call_output_item"]
