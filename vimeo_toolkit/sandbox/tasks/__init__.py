"""Tasks in people's words over a library of their own, with checkers of the end state: they score any agent.

    library = open_library()
    with library.sandbox as vimeo:
        ...                                    # let an agent work on task.request against vimeo.url
    verdict = judge(task, library, answer)     # verdict.done, verdict.reasons

`vimeo-toolkit eval` runs them with an agent and counts what it took.
"""

from vimeo_toolkit.sandbox.tasks.judging import Verdict, judge, right_answer
from vimeo_toolkit.sandbox.tasks.library import Library, open_library
from vimeo_toolkit.sandbox.tasks.table import TASKS
from vimeo_toolkit.sandbox.tasks.task import Setup, Task

__all__ = ["TASKS", "Library", "Setup", "Task", "Verdict", "judge", "open_library", "right_answer"]
