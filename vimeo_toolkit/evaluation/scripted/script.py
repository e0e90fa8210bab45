"""A model that follows a script: it makes calls, reads what comes of them, and says something at the end.

A solution is a generator: it yields calls and is sent their results, and what it returns is the last text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Generator, Iterable
from dataclasses import dataclass, field
from typing import Any

from vimeo_toolkit.catalog.toolsearch import tools_on_demand
from vimeo_toolkit.tables import items_of

__all__ = ["Call", "Script", "Solution", "call", "finding_tools", "rows", "uris"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool."""

    tool: str
    arguments: dict[str, Any] = field(default_factory=dict)


Steps = Generator[Call | list[Call], Any, str]
Solution = Callable[[str], Steps]
"""Takes the request; a list of calls is made at once, and is sent the list of their results."""


def call(tool: str, **arguments: Any) -> Call:
    """Return a call; `tool` without the `vimeo_` that all tools begin with."""
    return Call(f"vimeo_{tool}", arguments)


def rows(result: Any) -> list[dict[str, Any]]:
    """Return the objects of a list that a tool gave, nested names with dots."""
    return items_of(result)


def uris(result: Any) -> list[str]:
    """Return the URIs of a list that a tool gave."""
    return [str(row["uri"]) for row in items_of(result)]


class Script:
    """A solution on its way, for the models of all frameworks.

    Args:
        solution: what is followed.
        request: the person's words.
    """

    def __init__(self, solution: Solution, request: str) -> None:
        self._steps = solution(request)
        self._alone = False
        self._begun = False

    def next(self, results: Iterable[str]) -> list[Call] | str:
        """Return the calls to make now, or the last text.

        Args:
            results: what the calls that were returned before came to, as a model reads it.
        """
        heard: Any = [parsed(text) for text in results]
        if self._alone and heard:
            (heard,) = heard
        try:
            step = self._steps.send(heard if self._begun else None)
        except StopIteration as end:
            return str(end.value)
        self._begun = True
        self._alone = isinstance(step, Call)
        return [step] if isinstance(step, Call) else step


def parsed(text: str) -> Any:
    """Return a result as JSON, or as the text that it is."""
    try:
        return json.loads(text)
    except ValueError:
        return {"text": text}


def finding_tools(solution: Solution, begin_with: Collection[str]) -> Solution:
    """Return the same solution for an agent that begins with a few tools: it searches for each other one first, and
    calls it by its name where `vimeo_tool_call` is among the few."""

    def steps(request: str) -> Steps:
        known, by_name = set(begin_with), "vimeo_tool_call" in begin_with
        script = Script(solution, request)
        step = script.next([])
        while not isinstance(step, str):
            for wanted in dict.fromkeys(each.tool for each in step):
                if wanted not in known:
                    words = wanted.removeprefix("vimeo_").replace("_", " ")
                    found = yield Call("vimeo_tools_search", {"query": words})
                    known.update(tools_on_demand([json.dumps(found)], ()))
            heard = yield [_by_name(each, begin_with) for each in step] if by_name else step
            step = script.next(json.dumps(each) for each in heard)
        return step

    return steps


def _by_name(made: Call, given: Collection[str]) -> Call:
    if made.tool in given:
        return made
    return Call("vimeo_tool_call", {"name": made.tool, "inputs": json.dumps(made.arguments)})
