"""One run of a task in one way: what it costs, and how it waits for a user's limit without lasting as long."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.peers.stage import Facts, Seen, Stage

__all__ = ["Answer", "Figures", "Right", "Run", "Solve", "figures_of"]

AT_ONCE: Final = 20_000
"""Characters whose tokens are counted together: a text of megabytes would take minutes."""
WINDOW: Final = 60.0
"""Seconds of the window that a user's limit is for."""

Answer = Any
"""What is said at the end of a task."""


@dataclass(slots=True)
class Run:
    """A run while it lasts.

    `calls` are those of tools, or of a client; `turns` how often a model is asked for them; `waits` those for the
    user's limit that are left to whoever calls; `questions` what a person is asked; `texts` what a model reads and
    writes.
    """

    stage: Stage
    token: str = field(repr=False)
    latency: float
    approval: bool = False
    calls: int = 0
    turns: int = 0
    waits: int = 0
    questions: int = 0
    texts: list[str] = field(default_factory=list, repr=False)
    skipped: float = 0.0
    """Seconds that were over at once."""
    _began: float = 0.0

    def begin(self) -> None:
        """Let the task begin, with a new window: whoever does it is connected by now."""
        self.skip(WINDOW + 1)
        self.stage.begin(self.latency)
        self._began = self._clock()

    @property
    def seconds(self) -> float:
        """How long the task has taken, with the waits that were skipped."""
        return self._clock() - self._began

    def called(self, wrote: object = None) -> None:
        """Count a call, and what a model wrote for it."""
        self.calls += 1
        if wrote is not None:
            self.texts.append(json.dumps(wrote, separators=(",", ":")))

    def wait(self, seconds: float) -> None:
        """Wait for the user's limit before the next call."""
        self.waits += 1
        self.skip(seconds)

    def skip(self, seconds: float) -> None:
        """Let so many seconds be over at once, here and in the sandbox."""
        self.skipped += seconds
        self.stage.advance(seconds)

    def _clock(self) -> float:
        return time.monotonic() + self.skipped


Solve = Callable[[Run], Awaitable[Answer]]
"""Does a task in one way."""
Right = Callable[[Facts, Seen, Answer], bool]
"""Tells whether a task was done, by what stands in the sandbox and by the answer."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run cost."""

    calls: int
    turns: int
    requests: int
    refused: int
    waits: int
    questions: int
    seconds: float
    texts: tuple[str, ...] = field(repr=False)

    def tokens(self, count: Callable[[str], int]) -> int:
        """Return how many tokens a model reads and writes."""
        parts = (text[at : at + AT_ONCE] for text in self.texts for at in range(0, len(text), AT_ONCE))
        return sum(map(count, parts))


async def figures_of(
    stage: Stage,
    solve: Solve,
    right: Right,
    *,
    library: str,
    plan: str,
    latency: float,
    approval: bool = False,
) -> Figures:
    """Do a task once, look what became of it, and return what it cost.

    Raises:
        RuntimeError: it was not done right.
    """
    stage.reset(plan)
    run = Run(stage, stage.facts.tokens[library], latency, approval)
    answer = await solve(run)
    seconds, seen = run.seconds, stage.seen()
    if not right(stage.facts, seen, answer):
        raise RuntimeError(f"{solve.__module__}.{solve.__qualname__} did not do its task.")
    return Figures(
        run.calls,
        run.turns,
        seen.requests,
        seen.refused,
        run.waits,
        run.questions,
        seconds,
        tuple(run.texts),
    )
