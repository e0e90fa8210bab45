"""How the tasks are done, by task."""

from collections.abc import Mapping
from typing import Final

from vimeo_toolkit.evaluation.scripted.script import Solution
from vimeo_toolkit.evaluation.scripted.solutions.changing import CHANGING

__all__ = ["SOLUTIONS"]

SOLUTIONS: Final[Mapping[str, Solution]] = {**CHANGING}
"""The solution of each task, by its id."""
