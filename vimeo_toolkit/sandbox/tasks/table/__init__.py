"""The tasks, by what they are about."""

from typing import Final

from vimeo_toolkit.sandbox.tasks.table.changes import CHANGES
from vimeo_toolkit.sandbox.tasks.table.finding import FINDING
from vimeo_toolkit.sandbox.tasks.table.hazards import HAZARDS
from vimeo_toolkit.sandbox.tasks.table.others import OTHERS
from vimeo_toolkit.sandbox.tasks.table.planted import PLANTED
from vimeo_toolkit.sandbox.tasks.table.reports import REPORTS
from vimeo_toolkit.sandbox.tasks.table.showcases import SHOWCASES
from vimeo_toolkit.sandbox.tasks.table.talking import TALKING
from vimeo_toolkit.sandbox.tasks.table.undoing import UNDOING
from vimeo_toolkit.sandbox.tasks.task import Task

__all__ = ["TASKS"]

TASKS: Final[dict[str, Task]] = {
    task.id: task
    for tasks in (
        FINDING, REPORTS, CHANGES, SHOWCASES, TALKING, OTHERS, UNDOING, HAZARDS, PLANTED,
    )
    for task in tasks
}  # fmt: skip
"""All tasks by id."""
