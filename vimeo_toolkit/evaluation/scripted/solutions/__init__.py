"""How the tasks are done, by task."""

from collections.abc import Mapping
from typing import Final

from vimeo_toolkit.evaluation.scripted.script import Solution
from vimeo_toolkit.evaluation.scripted.solutions.changing import CHANGING
from vimeo_toolkit.evaluation.scripted.solutions.finding import FINDING
from vimeo_toolkit.evaluation.scripted.solutions.hazards import HAZARDS
from vimeo_toolkit.evaluation.scripted.solutions.others import OTHERS
from vimeo_toolkit.evaluation.scripted.solutions.reporting import REPORTING
from vimeo_toolkit.evaluation.scripted.solutions.showcasing import SHOWCASING
from vimeo_toolkit.evaluation.scripted.solutions.talking import TALKING

__all__ = ["SOLUTIONS"]

SOLUTIONS: Final[Mapping[str, Solution]] = {
    **FINDING,
    **REPORTING,
    **CHANGING,
    **SHOWCASING,
    **TALKING,
    **OTHERS,
    **HAZARDS,
}
"""The solution of each task, by its id."""
