"""Whether a task was done: a sandbox's state is compared with the right one, and the answer is read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from vimeo_toolkit.sandbox.tasks.facts import Fact, says, told
from vimeo_toolkit.sandbox.tasks.library import Library, open_library
from vimeo_toolkit.sandbox.tasks.snapshot import Snapshot, agrees, snapshot_of
from vimeo_toolkit.sandbox.tasks.task import Task

__all__ = ["Verdict", "judge", "right_answer"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a task."""

    missing: tuple[str, ...] = ()
    """What should stand in the library and does not."""
    forbidden: tuple[str, ...] = ()
    """What was changed and should not have been."""
    unsaid: tuple[str, ...] = ()
    """Facts that the answer does not say."""
    wrongly_said: tuple[str, ...] = ()
    """What the answer says and must not."""

    @property
    def done(self) -> bool:
        """Whether everything is as asked."""
        return not (self.missing or self.forbidden or self.unsaid or self.wrongly_said)

    @property
    def reasons(self) -> list[str]:
        """What is wrong, a line each."""
        return [
            *(f"not done: {each}" for each in self.missing),
            *(f"must not change: {each}" for each in self.forbidden),
            *(f"not said: {each}" for each in self.unsaid),
            *(f"must not be said: {each}" for each in self.wrongly_said),
        ]


def judge(task: Task, library: Library, answer: str) -> Verdict:
    """Return what came of a task.

    Args:
        library: the one that an agent was at work in, made by `open_library`.
        answer: the last text that the agent wrote.
    """
    wanted = _wanted(task)
    found = snapshot_of(library.world, library.last_id)
    missing, forbidden = _differences(wanted.before, wanted.after, found)
    return Verdict(
        tuple(missing),
        tuple(forbidden),
        tuple(told(fact) for fact in wanted.facts if not says(answer, fact)),
        tuple(told(fact) for fact in wanted.never if says(answer, fact)),
    )


def right_answer(task: Task) -> str:
    """Return an answer that says all that a task asks for, and no more."""
    return "; ".join(map(told, _wanted(task).facts)) or "It is done."


@dataclass(frozen=True, slots=True)
class _Wanted:
    before: Snapshot
    after: Snapshot
    facts: tuple[Fact, ...]
    never: tuple[Fact, ...]


@cache
def _wanted(task: Task) -> _Wanted:
    """Return what a task begins with and what it asks for. The library is the same each time."""
    library = open_library()
    facts, never = tuple(task.facts(library)), tuple(task.never(library))
    task.setup.after_earlier(library)
    before = snapshot_of(library.world, library.last_id)
    done = open_library()
    task.right(done)
    return _Wanted(before, snapshot_of(done.world, done.last_id), facts, never)


def _differences(before: Snapshot, wanted: Snapshot, found: Snapshot) -> tuple[list[str], list[str]]:
    missing: list[str] = []
    forbidden: list[str] = []
    for key in [*wanted, *(key for key in found if key not in wanted)]:
        title = _title(key, found.get(key) or before.get(key) or wanted[key])
        if key not in found:
            (forbidden if key in before else missing).append(
                f"{title} was deleted" if key in before else f"{title} is to be made"
            )
        elif key not in wanted:
            (missing if key in before else forbidden).append(
                f"{title} is to be deleted" if key in before else f"{title} was made"
            )
        else:
            for name, value in wanted[key].items():
                if agrees(value, found[key].get(name)):
                    continue
                same = key in before and agrees(value, before[key].get(name))
                line = f"{title}: {name} is {_shown(found[key].get(name))} instead of {_shown(value)}"
                (forbidden if same else missing).append(line)
    return missing, forbidden


def _title(key: str, values: dict[str, Any]) -> str:
    name = values.get("name") or values.get("text") or values.get("title")
    return key if name is None or key.startswith("new ") else f"{key} {str(name)[:60]!r}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:119] + "…"
