"""Runs tasks with an agent, one after the other, and judges each by the state in which it left the sandbox."""

from __future__ import annotations

import asyncio
import inspect
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vimeo_toolkit.evaluation.frameworks import Framework, Given, given_to
from vimeo_toolkit.evaluation.outcomes import Outcome, Report
from vimeo_toolkit.evaluation.stage import IDENTIFIER, Stage, staged
from vimeo_toolkit.evaluation.tokens import counter

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.tasks import Task

__all__ = ["Agent", "AgentFor", "evaluate", "outcomes_of", "run_task"]

Agent = Callable[[str, Given, str], str | Awaitable[str]]
"""Takes a request, what its framework's adapter gives, and the user's identifier; returns the last text that the
agent wrote. A plain function, or an `async def`."""

AgentFor = Callable[[str], Agent]
"""Takes a task's id and returns the agent for it: for agents that are scripted."""


def evaluate(
    agent: Agent,
    *,
    tasks: Iterable[Task] | None = None,
    framework: Framework = "core",
    tools: str = "default",
    name: str = "",
) -> Report:
    """Run tasks with an agent and return what came of them.

    Args:
        agent: see `Agent`.
        tasks: all by default.
        framework: in which form the agent takes its tools.
        tools: "default" (with the groups that a task names, such as webhooks for the tasks about these),
            "on-demand", or a toolset such as "all" or "hosted59".
        name: what the report calls the agent.

    Raises:
        ConfigurationError: the framework is not installed, or has no such tools.
        InvalidInput: there is no such toolset.
    """
    from vimeo_toolkit.sandbox.tasks import TASKS

    chosen = list(TASKS.values() if tasks is None else tasks)
    outcomes = tuple(outcomes_of(lambda task: agent, chosen, framework, tools))
    return Report(name or getattr(agent, "__name__", "agent"), framework, tools, counter()[1], outcomes)


def outcomes_of(
    agent_for: AgentFor, tasks: Iterable[Task], framework: Framework, tools: str
) -> Iterator[Outcome]:
    """Yield what came of each task as soon as it is known, see `evaluate`."""
    for task in tasks:
        yield run_task(agent_for(task.id), task, framework, tools)


def run_task(agent: Agent, task: Task, framework: Framework, tools: str) -> Outcome:
    """Run one task with an agent and return what came of it, see `evaluate`. An agent that raises has failed."""
    answer, error = "", ""
    with staged(task) as stage:
        given = _to_its_end(_answered(agent, stage, framework, tools, task.toolsets))
        if isinstance(given, Exception):
            error = _named(given)
        else:
            answer = given
        return _outcome(task, stage, answer, error)


def _named(error: Exception) -> str:
    """Return what was raised and where, of the agent's own code if it was there: never the text, see `Outcome`."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename and __file__ != frame.filename]
    place = own[-1] if own else frames[-1]
    return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"


def _to_its_end(answered: Coroutine[Any, Any, str | Exception]) -> str | Exception:
    """Run it in a loop of its own; where one is running already, as in a notebook, in a thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(answered)
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, answered).result()


async def _answered(
    agent: Agent, stage: Stage, framework: Framework, tools: str, more: tuple[str, ...]
) -> str | Exception:
    async with given_to(framework, stage.toolkit, tools, more) as given:
        try:
            if inspect.iscoroutinefunction(agent):
                answer = await agent(stage.request, given, IDENTIFIER)
            else:
                # In a thread, so that it may run a loop of its own.
                answer = await asyncio.to_thread(agent, stage.request, given, IDENTIFIER)
                if inspect.isawaitable(answer):
                    answer = await answer
            return str(answer)
        except Exception as error:  # noqa: BLE001, RUF100 - each framework and provider has errors of its own
            return error


def _outcome(task: Task, stage: Stage, answer: str, error: str) -> Outcome:
    from vimeo_toolkit.sandbox.tasks import judge

    verdict = judge(task, stage.library, answer)
    texts = [call.text for call in stage.toolkit.seen]
    count = counter()[0]
    told: dict[str, Any] = {"reasons": tuple(verdict.reasons)}
    if error:
        told["reasons"] = (f"the agent stopped with {error}", *verdict.reasons)
    return Outcome(
        task=task.id,
        kind=task.kind,
        hazard=task.hazard,
        done=verdict.done and not error,
        forbidden=len(verdict.forbidden),
        calls=len(texts),
        failed_calls=sum(call.is_error for call in stage.toolkit.seen),
        requests=len(stage.library.sandbox.requests),
        characters=sum(map(len, texts)),
        tokens=sum(map(count, texts)),
        made=tuple(call.to_dict() for call in stage.toolkit.seen),
        answer=answer,
        error=error,
        **told,
    )
