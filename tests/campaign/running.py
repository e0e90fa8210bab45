"""Run cases, many at once, each in processes of its own, and say what was wrong with each."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.campaign import child
from tests.campaign.cases import Case, chosen
from tests.campaign.ledger import Ledger, Players

__all__ = ["Campaign", "Result"]

_PRELOAD = [
    "tests.campaign.child",
    "vimeo_toolkit.runtime.asynchronous",
    "vimeo_toolkit.stores.postgres",
    "vimeo_toolkit.stores.redis",
    "vimeo_toolkit.stores.sqlite",
]
PATIENCE = 120.0
"""Seconds after which a process that says nothing is given up."""


@dataclass
class Result:
    """What came of one case."""

    case: Case
    at: int
    struck: str = ""
    """The first effect that was struck; empty when the flow ended before."""
    outcome: str = ""
    """How the flow ended for its caller; "killed" where it did not."""
    unknown: int = 0
    """Tokens that only Vimeo ever knew: their answer was lost, or the process with it."""
    interrupted: bool = False
    """The account said that a refresh was interrupted, and was connected again."""
    waited: float = 0.0
    faults: list[str] = field(default_factory=list)
    trace: str = ""


class Campaign:
    """Runs over one store. `url`: of the store; `folder`: for the files that are uploaded."""

    def __init__(self, ledger: Ledger, url: str, folder: Path) -> None:
        self._ledger = ledger
        self._url = url
        self._folder = folder
        self._effects: dict[Any, list[str]] = {}
        self._guards: dict[Any, threading.Lock] = {}
        self._guard = threading.Lock()
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(_PRELOAD)

    def run(self, cases: Iterable[Case], jobs: int, goes_on: Callable[[], bool]) -> Iterator[Result]:
        """Run the cases as long as `goes_on`; results in the order in which they come."""
        waiting = list(cases)
        pool = ThreadPoolExecutor(jobs)
        try:
            futures = [
                pool.submit(lambda case: self.one(case) if goes_on() else None, case) for case in waiting
            ]
            for future in as_completed(futures):
                result = future.result()
                if result is not None:
                    yield result
        finally:
            pool.shutdown(cancel_futures=True)  # who is stopped waits for what runs, and begins nothing

    def one(self, case: Case) -> Result:
        """Run one case."""
        at = chosen(self._count(case), case.share)
        players = self._ledger.players(case, self._url, self._folder, "run")
        result = Result(case, at)
        try:
            self._run(case, players, result)
        finally:
            self._ledger.forget(players)
        return result

    def _count(self, case: Case) -> list[str]:
        """The effects that the flow has when nothing is struck."""
        with self._guard:
            guard = self._guards.setdefault(case.combination, threading.Lock())
        with guard:
            if case.combination not in self._effects:
                players = self._ledger.players(case, self._url, self._folder, "counts")
                messages: list[dict[str, Any]] = []
                self._process(case, players, None, None, messages, Result(case, 0))
                self._ledger.forget(players)
                faults = [each["trace"] for each in messages if "fault" in each]
                if faults or not any("end" in each for each in messages):
                    raise RuntimeError(f"{case} fails without a strike: {faults or messages[-3:]}")
                self._effects[case.combination] = next(
                    each["effects"] for each in messages if "effects" in each
                )
            return self._effects[case.combination]

    def _run(self, case: Case, players: Players, result: Result) -> None:
        messages: list[dict[str, Any]] = []
        ended = self._process(case, players, result.at, None, messages, result)
        told: dict[str, Any] = {}
        for each in messages:
            told.update(each)
        result.struck = next((each["struck"] for each in messages if "struck" in each), "")
        result.outcome = str(told.get("outcome", "killed"))
        if not ended:
            if case.kind != "kill" or "prepared" not in told:
                result.faults.append("the process ended before its time")
                return
            messages.append({"killed": True})
            after = self._process(case, players, int(40 * case.twice) or None, told, messages, result)
            if not after and case.twice:
                messages.append({"killed": True})
                for each in messages:
                    told.update(each)
                after = self._process(case, players, None, told, messages, result)
            if not after:
                result.faults.append("the process after it ended before its time")
        result.interrupted = any("interrupted" in each for each in messages)
        result.waited = next((each["waited"] for each in messages if "waited" in each), 0.0)
        for each in messages:
            if "fault" in each:
                result.faults.append(each["fault"])
                result.trace = each["trace"]
        result.faults += self._ledger.faults(case, players, messages)
        if result.interrupted and not result.unknown:
            result.faults.append("a refresh was told as interrupted, and nothing was lost")

    def _process(
        self,
        case: Case,
        players: Players,
        at: int | None,
        told: dict[str, Any] | None,
        messages: list[dict[str, Any]],
        result: Result,
    ) -> bool:
        """Let a process run to its end; False when it was killed."""
        ours, theirs = self._processes.Pipe()
        arguments = (case, players.settings, at, told, theirs)
        process = self._processes.Process(target=child.run, args=arguments, daemon=True)
        process.start()
        theirs.close()
        seen: list[dict[str, Any]] = []
        try:
            while ours.poll(PATIENCE):
                message = ours.recv()
                seen.append(message)
                messages.append(message)
                if "held" in message:
                    excused = self._unknown(case, players, messages)
                    left = self._ledger.orphans(players, set(message["held"]))
                    result.unknown = len(left & excused)
                    if left - excused:
                        result.faults.append(f"{len(left - excused)} tokens live and nobody holds them")
                    ours.send("go on")
                if "deleted" in message:
                    excused = self._unknown(case, players, messages)
                    if self._ledger.orphans(players, excused):
                        result.faults.append("tokens live on after the account was deleted")
                if "end" in message:
                    return True
        except (EOFError, OSError):
            return False
        finally:
            ours.close()
            process.kill()
            process.join()
        result.faults.append("the process hangs")
        return True

    def _unknown(self, case: Case, players: Players, messages: list[dict[str, Any]]) -> set[str]:
        """Tokens that nobody can hold: their answer never came, or the process died before it could keep them."""
        if case.kind == "cancel":
            return set()
        heard: set[str] = set()
        unkept: set[str] = set()
        for each in messages:
            if "heard" in each:
                heard.add(each["heard"])
                unkept.add(each["heard"])
            if each.get("kept") == players.settings["me"] or "prepared" in each:
                unkept.clear()
            if "killed" in each:
                heard -= unkept
        return set(self._ledger.tokens(players)) - heard
