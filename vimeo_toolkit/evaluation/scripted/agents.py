"""The scripted model as an agent of each framework."""

from __future__ import annotations

import asyncio
from typing import Any

from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.evaluation.frameworks import ON_DEMAND, Framework
from vimeo_toolkit.evaluation.running import Agent
from vimeo_toolkit.evaluation.scripted.script import Call, Script, Solution, finding_tools
from vimeo_toolkit.evaluation.scripted.solutions import SOLUTIONS

__all__ = ["scripted_agent"]


def scripted_agent(task: str, framework: Framework, tools: str = "default") -> Agent:
    """Return the agent that does this task by its script.

    Args:
        task: its id.
        framework: whose agent loop it runs in.
        tools: as `evaluate` takes them; on demand, it searches for the tools that it does not have.

    Raises:
        InvalidInput: there is no script for such a task.
    """
    solution = SOLUTIONS.get(task)
    if solution is None:
        raise InvalidInput(
            f"There is no script for a task {task[:64]!r}.", hint="Give a model or an agent of your own."
        )
    if tools == ON_DEMAND:
        from vimeo_toolkit.catalog.toolsets import BEGIN_WITH

        solution = finding_tools(solution, BEGIN_WITH)
    elif tools == "default":
        from vimeo_toolkit.catalog.selection import choose_tools

        solution = finding_tools(solution, {tool.name for tool in choose_tools(None, (), None, False)})
    return _IN[framework](solution)


def _langchain(solution: Solution) -> Agent:
    from vimeo_toolkit.evaluation.langchain_agents import agent_with
    from vimeo_toolkit.evaluation.scripted.chat_model import ScriptedChat

    return agent_with(lambda request: ScriptedChat.following(Script(solution, request)))


def _llama_index(solution: Solution) -> Agent:
    from llama_index.core.agent.workflow import FunctionAgent

    from vimeo_toolkit.evaluation.scripted.llama_model import scripted_llm

    async def run(request: str, given: Any, identifier: str) -> str:
        llm = scripted_llm(Script(solution, request))
        tools = {"tools": given} if isinstance(given, list) else {"tool_retriever": given}
        return str(await FunctionAgent(llm=llm, **tools).run(user_msg=request, max_iterations=80))

    return run


def _mcp(solution: Solution) -> Agent:
    async def run(request: str, client: Any, identifier: str) -> str:
        async def called(call: Call) -> str:
            result = await client.call_tool(call.tool, call.arguments)
            return str(result.content[0].text)

        await client.list_tools()
        return await _loop(Script(solution, request), called)

    return run


def _core(solution: Solution) -> Agent:
    async def run(request: str, tools: Any, identifier: str) -> str:
        by_name = {tool.name: tool for tool in tools}

        async def called(call: Call) -> str:
            return str((await by_name[call.tool].acall(call.arguments)).text)

        return await _loop(Script(solution, request), called)

    return run


async def _loop(script: Script, called: Any) -> str:
    results: list[str] = []
    while not isinstance(step := script.next(results), str):
        results = list(await asyncio.gather(*map(called, step)))
    return step


_IN = {"core": _core, "langchain": _langchain, "llama-index": _llama_index, "mcp": _mcp}
