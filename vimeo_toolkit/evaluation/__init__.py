"""Scores any agent on tasks in people's words, in a sandbox, by the end state in which it leaves the library.

    from vimeo_toolkit.evaluation import evaluate

    report = evaluate(my_agent, framework="langchain")   # my_agent(request, tools, identifier) -> text
    report.done, report.total("calls"), report.to_dict()

`vimeo-toolkit eval` is the same as a command.
"""

from vimeo_toolkit.evaluation.outcomes import Outcome, Report
from vimeo_toolkit.evaluation.running import Agent, evaluate, run_task

__all__ = ["Agent", "Outcome", "Report", "evaluate", "run_task"]
