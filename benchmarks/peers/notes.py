"""What is said of the figures: the fewest requests, what is simulated and what is not, what consent adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from benchmarks.peers.run import Figures
from benchmarks.peers.tasks import HOSTED, TASKS

__all__ = ["notes"]

SIMULATED: Final = (
    (
        "Vimeo is the sandbox, in a process of its own on this machine. Each answer comes {latency:.0f} ms late; "
        "a page of 100 whole videos also takes the sandbox some tenths of a second, which are in the seconds of "
        "those who ask for that. What became of each task is looked at in the sandbox afterwards."
    ),
    (
        "No model runs: a script makes the calls that a model would have to make. A turn is a time that a model "
        "is asked; its own time is in no figure. Tokens are what it reads of results and writes for calls, once; "
        "those of definitions are in the section Tools."
    ),
    (
        "vimeo-toolkit is `get_tools()` as it is, called as LangGraph's `ToolNode` does. By one call it also "
        "looks whether a showcase of that name is there. Where the library is indexed, a sync has sent the "
        "requests before."
    ),
    (
        "The hosted connector's tools are those that it publishes: a request each, of which a model reads the "
        "whole answer, one call after the other or up to 20 at once. Its own service in between is not simulated, "
        "which favours it. None of them gives the words of a transcript."
    ),
    (
        "PyVimeo is a script, so one turn, with one call after the other. A model reads whole answers, or the "
        "summary that the script's author makes of a few fields."
    ),
    (
        "A Free plan has 25 requests a minute, and 50 with `fields` (Vimeo's help page). Waits for the next "
        "minute are in the seconds; they are skipped by moving the clocks."
    ),
)


def notes(asked: Mapping[str, tuple[Figures, Figures]], latency: float) -> list[str]:
    """Return them as a list.

    Args:
        asked: task → what it costs where a person has to agree, and where nobody has to.
        latency: of an answer, in seconds.
    """
    least = ". ".join(f"{_begun(task.name)}: {task.least}, {task.why}" for task in TASKS)
    changes = {task.name: task.changes for task in TASKS}
    consent = ". ".join(
        f"{_begun(name)}: questions {consented.questions}, more requests {consented.requests - usual.requests}; by "
        f"the {HOSTED} questions {changes[name]}"
        for name, (consented, usual) in asked.items()
    )
    said = [
        f"How many requests Vimeo's routes need at least. {least}.",
        *(each.format(latency=latency * 1e3) for each in SIMULATED),
        (
            f'Where a person has to agree (`approval="writes"`). {consent}. Turns stay as they are, but for one '
            "more a question in frameworks that cannot ask within a call."
        ),
    ]
    return [f"- {each}" for each in said]


def _begun(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
