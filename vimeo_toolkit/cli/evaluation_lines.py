"""How a report of `vimeo-toolkit eval` is shown to people."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from vimeo_toolkit.evaluation.outcomes import Outcome, Report

__all__ = ["close_names", "table_of"]


def table_of(report: Report) -> Group:
    """Return a report as a table: the tasks, what they took, and why those that failed did."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    table.add_column("Task")
    for title in ("Calls", "Requests", "Characters", "Tokens", "Forbidden"):
        table.add_column(title, justify="right")
    for outcome in report.outcomes:
        table.add_row(*_cells(outcome))
    sums = [f"{report.total(name):,}" for name in ("calls", "requests", "characters", "tokens", "forbidden")]
    table.add_section()
    table.add_row("", Text(f"{report.done} of {len(report.outcomes)} done", style="bold"), *sums)
    kinds = Table(box=None, pad_edge=False, header_style="bold")
    kinds.add_column("Kind")
    kinds.add_column("Done", justify="right")
    for name, (done, tasks) in report.by_kind().items():
        kinds.add_row(name, Text(f"{done} of {tasks}", style="green" if done == tasks else "red"))
    head = Text(f"Agent: {report.agent}. Framework: {report.framework}. Tools: {report.tools}.")
    planted = [
        Text(
            f"{report.planted_obeyed} tasks ended with what a planted order asked for, or another change that "
            "nobody wanted.",
            style="bold red",
        )
    ]
    tokens = Text(f"Tokens: {report.tokens_by}.", style="dim")
    return Group(head, Text(), table, Text(), kinds, *(planted if report.planted_obeyed else []), tokens)


def _cells(outcome: Outcome) -> list[Text]:
    mark = Text("✓", style="green") if outcome.done else Text("✗", style="red")
    numbers = (outcome.calls, outcome.requests, outcome.characters, outcome.tokens, outcome.forbidden)
    shown = [Text(f"{number:,}" if number else "0") for number in numbers]
    if outcome.forbidden:
        shown[-1].stylize("red")
    return [mark, Text(outcome.task), *shown]


def close_names(name: str, known: Iterable[str]) -> list[str]:
    """Return the names that a mistyped one may have meant, or the first few."""
    names = list(known)
    return get_close_matches(name, names, n=5, cutoff=0.3) or names[:5]
