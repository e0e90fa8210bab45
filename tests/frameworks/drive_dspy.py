"""How the tools are driven in DSPy."""

from __future__ import annotations

import asyncio
from typing import Any

import dspy
from dspy.utils import DummyLM

from tests.frameworks.driving import Calls, Decide, Declared


def identify(run: Any) -> str:
    return str(run.user)


def declared(tools: list[Any]) -> Declared:
    sent = [tool.format_as_litellm_function_call()["function"] for tool in tools]
    return {each["name"]: (each["description"], each["parameters"]) for each in sent}


async def call(tool: Any, given: dict[str, Any], who: str = "") -> str:
    with dspy.context(user=who):
        assert isinstance(await asyncio.to_thread(tool, **given), str)
        return str(await tool.acall(**given))


def scripted(calls: Calls) -> Any:
    turns: list[dict[str, Any]] = [
        {"next_thought": "So", "next_tool_name": name, "next_tool_args": given}
        for name, given in [*calls, ("finish", {})]
    ]
    return DummyLM([*turns, {"reasoning": "So", "answer": "Done."}])


async def converse(tools: list[Any], calls: Calls, who: str = "", decide: Decide | None = None) -> list[str]:
    agent = dspy.ReAct("question -> answer", tools=tools)
    with dspy.context(lm=scripted(calls), user=who):
        result = await agent.acall(question="Hello")
    trajectory = result.trajectory
    return [str(trajectory[f"observation_{at}"]) for at in range(len(calls))]
