"""How the tools are driven in CrewAI."""

from __future__ import annotations

import asyncio
import json
from contextvars import ContextVar
from typing import Any

from crewai import Agent, BaseLLM, Crew, Task
from crewai.utilities.agent_utils import convert_tools_to_openai_schema

from tests.frameworks.driving import Calls, Decide, Declared

USER: ContextVar[str] = ContextVar("USER")


def identify(run: Any) -> str:
    return USER.get()


def declared(tools: list[Any]) -> Declared:
    sent = [each["function"] for each in convert_tools_to_openai_schema(tools)[0]]
    return {each["name"]: (each["description"], each["parameters"]) for each in sent}


async def call(tool: Any, given: dict[str, Any], who: str = "") -> str:
    USER.set(who)
    assert isinstance(await asyncio.to_thread(tool.run, **given), str)
    return str(await tool.arun(**given))


class Scripted(BaseLLM):
    """Writes the calls as CrewAI's agents read them from a text, and keeps what it is told."""

    turns: list[Any]
    told: list[str]

    def call(self, messages: Any, *args: Any, **more: Any) -> str:
        self.told = [str(each["content"]) for each in messages if each["role"] == "assistant"]
        if not self.turns:
            return "Thought: I now know the final answer\nFinal Answer: Done."
        name, given = self.turns.pop(0)
        return f"Thought: So\nAction: {name}\nAction Input: {json.dumps(given)}"

    def supports_function_calling(self) -> bool:
        return False

    def get_context_window_size(self) -> int:
        return 100_000


def scripted(calls: Calls) -> Any:
    return Scripted(model="scripted", turns=[*calls], told=[])


async def converse(tools: list[Any], calls: Calls, who: str = "", decide: Decide | None = None) -> list[str]:
    USER.set(who)
    model = scripted(calls)
    agent = Agent(role="Studio", goal="Help", backstory="None.", llm=model, tools=tools, verbose=False)
    task = Task(description="Hello", expected_output="An answer.", agent=agent)
    await asyncio.to_thread(Crew(agents=[agent], tasks=[task], verbose=False).kickoff)
    return [text.rpartition("\nObservation: ")[2] for text in model.told if "\nObservation: " in text]
