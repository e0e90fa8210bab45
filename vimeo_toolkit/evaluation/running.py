"""Runs tasks with an agent, one after the other, and judges each by the state in which it left the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from vimeo_toolkit.evaluation.asking import Agent, Said, ask, require_agent
from vimeo_toolkit.evaluation.frameworks import Framework
from vimeo_toolkit.evaluation.outcomes import Outcome, Report
from vimeo_toolkit.evaluation.stage import Stage, staged
from vimeo_toolkit.evaluation.tokens import counter

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.tasks import Task

__all__ = ["PATIENCE", "Agent", "AgentFor", "evaluate", "outcomes_of", "run_task"]

PATIENCE: Final = 600.0
"""Seconds after which an agent that has not answered is given up."""

AgentFor = Callable[[str], Agent]
"""Takes a task's id and returns the agent for it: for agents that are scripted."""


def evaluate(
    agent: Agent,
    *,
    tasks: Iterable[Task] | None = None,
    framework: Framework = "core",
    tools: str = "default",
    name: str = "",
    timeout: float = PATIENCE,
) -> Report:
    """Run tasks with an agent and return what came of them.

    Args:
        agent: see `Agent`.
        tasks: all by default.
        framework: in which form the agent takes its tools.
        tools: "default" (with the groups that a task names, such as webhooks for the tasks about these),
            "on-demand", or a toolset such as "all" or "hosted59".
        name: what the report calls the agent.
        timeout: seconds after which a task is given up.

    Raises:
        ConfigurationError: the framework is not installed, or has no such tools; the agent takes other arguments.
        InvalidInput: there is no such toolset.
    """
    from vimeo_toolkit.sandbox.tasks import TASKS

    chosen = list(TASKS.values() if tasks is None else tasks)
    outcomes = tuple(outcomes_of(lambda task: agent, chosen, framework, tools, timeout))
    return Report(name or getattr(agent, "__name__", "agent"), framework, tools, counter()[1], outcomes)


def outcomes_of(
    agent_for: AgentFor, tasks: Iterable[Task], framework: Framework, tools: str, timeout: float = PATIENCE
) -> Iterator[Outcome]:
    """Yield what came of each task as soon as it is known, see `evaluate`."""
    for task in tasks:
        yield run_task(agent_for(task.id), task, framework, tools, timeout)


def run_task(
    agent: Agent, task: Task, framework: Framework, tools: str, timeout: float = PATIENCE
) -> Outcome:
    """Run one task with an agent and return what came of it, see `evaluate`. An agent that raises has failed."""
    require_agent(agent)
    with staged(task) as stage:
        said = ask(agent, stage, framework, tools, timeout)
        return _outcome(task, stage, said)


def _outcome(task: Task, stage: Stage, said: Said) -> Outcome:
    from vimeo_toolkit.sandbox.tasks import judge

    verdict = judge(task, stage.library, said.answer)
    texts = [call.text for call in stage.toolkit.seen]
    count = counter()[0]
    reasons = list(verdict.reasons)
    if not texts:
        # Whatever an answer says then, it was guessed.
        reasons.insert(0, "nothing was looked at: no tool was called")
    if said.error:
        reasons.insert(0, f"the agent stopped with {said.error}")
    return Outcome(
        task=task.id,
        kind=task.kind,
        hazard=task.hazard,
        done=not reasons,
        reasons=tuple(reasons),
        forbidden=len(verdict.forbidden),
        calls=len(texts),
        failed_calls=sum(call.is_error for call in stage.toolkit.seen),
        requests=len(stage.library.sandbox.requests),
        characters=sum(map(len, texts)),
        tokens=sum(map(count, texts)),
        made=tuple(call.to_dict() for call in stage.toolkit.seen),
        answer=said.answer,
        error=said.error,
    )
