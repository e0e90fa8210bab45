"""Agents are scored by what they leave behind, in every framework, and what they took is counted."""

from __future__ import annotations

import asyncio
import json
from threading import Event
from typing import Any

import pytest

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.evaluation import evaluate, run_task
from vimeo_toolkit.evaluation.frameworks import FRAMEWORKS, Framework
from vimeo_toolkit.evaluation.scripted import scripted_agent
from vimeo_toolkit.evaluation.scripted.solutions import SOLUTIONS
from vimeo_toolkit.evaluation.stage import staged
from vimeo_toolkit.sandbox.tasks import TASKS, judge, right_answer

ONE = "change-typo"


def test_every_task_has_a_script() -> None:
    assert set(SOLUTIONS) == set(TASKS)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_task_is_done_in_every_framework(framework: Framework) -> None:
    outcome = run_task(scripted_agent(ONE, framework), TASKS[ONE], framework, "default")
    assert outcome.done, outcome.reasons
    assert outcome.calls == len(outcome.tools) > 0
    assert outcome.requests > 0
    assert 0 < outcome.tokens < outcome.characters


@pytest.mark.slow
@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_done_in_every_framework(task: str, framework: Framework) -> None:
    outcome = run_task(scripted_agent(task, framework), TASKS[task], framework, "default")
    assert outcome.done, outcome.reasons


@pytest.mark.slow
@pytest.mark.parametrize("framework", ["langchain", "llama-index"])
@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_done_with_tools_on_demand(task: str, framework: Framework) -> None:
    outcome = run_task(scripted_agent(task, framework, "on-demand"), TASKS[task], framework, "on-demand")
    assert outcome.done, outcome.reasons


@pytest.mark.parametrize("task", ["undo-folder", "undo-for-some", "undo-tell"])
def test_what_was_called_earlier_is_what_a_task_says_of_it(task: str) -> None:
    with staged(TASKS[task]) as stage:
        verdict = judge(TASKS[task], stage.library, "")
    assert not verdict.forbidden
    assert not verdict.done


def test_what_an_agent_must_not_do_is_counted() -> None:
    async def deletes(request: str, tools: Any, identifier: str) -> str:
        (delete,) = [tool for tool in tools if tool.name == "vimeo_video_delete"]
        for video in ("100015", "100016", "1"):
            await delete.acall({"video_id": video})
        return "It is done."

    report = evaluate(deletes, tasks=[TASKS[ONE], TASKS["find-by-tag"]], tools="all")
    assert report.done == 0
    assert report.total("calls") == 6
    assert report.total("failed_calls") == 2
    assert report.total("forbidden") >= 4
    assert any("must not change" in reason for reason in report.outcomes[0].reasons)


async def test_agents_are_scored_within_a_running_loop() -> None:
    async def idle(request: str, tools: Any, identifier: str) -> str:
        return f"{len(tools)} tools for {identifier}"

    (outcome,) = evaluate(idle, tasks=[TASKS[ONE]], tools="all").outcomes
    assert (outcome.done, outcome.error) == (False, "")
    assert outcome.answer.endswith("user_456")


def test_an_agent_that_raises_has_failed_and_its_text_is_not_shown() -> None:
    def breaks(request: str, tools: Any, identifier: str) -> str:
        raise RuntimeError("key sk-12345")

    (outcome,) = evaluate(breaks, tasks=[TASKS[ONE]]).outcomes
    assert outcome.done is False
    assert outcome.error.startswith("RuntimeError at test_evaluation.py:")
    assert "sk-12345" not in json.dumps(outcome.to_dict())


def never(request: str, tools: Any, identifier: str) -> str:
    Event().wait()
    return ""


async def anever(request: str, tools: Any, identifier: str) -> str:
    await asyncio.Event().wait()
    return ""


def leaves(request: str, tools: Any, identifier: str) -> str:
    raise SystemExit(0)


async def cancels(request: str, tools: Any, identifier: str) -> str:
    raise asyncio.CancelledError


@pytest.mark.parametrize(
    ("agent", "error"),
    [
        (never, "no answer within 0.1 seconds"),
        (anever, "no answer within 0.1 seconds"),
        (leaves, "SystemExit at test_evaluation.py"),
        (cancels, "CancelledError at test_evaluation.py"),
    ],
)
def test_an_agent_that_never_answers_or_exits_ends_its_own_task_alone(agent: Any, error: str) -> None:
    (outcome,) = evaluate(agent, tasks=[TASKS[ONE]], timeout=0.1).outcomes
    assert outcome.done is False
    assert outcome.error.startswith(error)


def test_an_agent_that_takes_something_else_is_refused_before_the_first_task() -> None:
    with pytest.raises(ConfigurationError, match="does not take three arguments"):
        evaluate(lambda request, tools: "", tasks=[TASKS[ONE]])  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    "task", ["nothing-has-the-tag", "nothing-of-that-name", "scope-edit", "expired-access"]
)
def test_no_words_alone_do_a_task(task: str) -> None:
    for said in (right_answer(TASKS[task]), None):

        def talks(request: str, tools: Any, identifier: str, said: Any = said) -> Any:
            return said

        (outcome,) = evaluate(talks, tasks=[TASKS[task]]).outcomes
        assert outcome.done is False
        assert outcome.reasons[0] == "nothing was looked at: no tool was called"


def test_the_report_has_each_call_without_secrets() -> None:
    task = TASKS["change-password"]
    outcome = run_task(scripted_agent(task.id, "core"), task, "core", "all")
    assert outcome.done, outcome.reasons
    made = outcome.made[-1]
    assert made["tool"] == "vimeo_video_edit"
    assert made["arguments"]["privacy_view"] == "password"
    assert "slip-and-score" not in json.dumps(outcome.to_dict())
