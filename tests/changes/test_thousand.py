"""A thousand videos over a Free plan's limit: no refusal of Vimeo's reaches the caller, no break costs anything.

A wait moves the sandbox's clock, so that an hour of windows takes seconds.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from pathlib import Path
from typing import Any

import pytest

from tests.changes.library import Died, Dying, Library
from vimeo_toolkit import Connection, VimeoToolkit, generate_key
from vimeo_toolkit.changes.model import Edit
from vimeo_toolkit.sandbox import Sandbox, Video

COUNT = 1_000


class Moving:
    """An `IO` for which a wait is over at once, and moves the sandbox's clock and its own."""

    def __init__(self, io: Any, vimeo: Sandbox) -> None:
        self._io, self._vimeo = io, vimeo
        self.passed = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._io, name)

    async def sleep(self, seconds: float) -> None:
        self.passed += seconds
        self._vimeo.clock.advance(seconds)

    def now(self) -> float:
        return float(self._io.now()) + self.passed

    def monotonic(self) -> float:
        return float(self._io.monotonic()) + self.passed


def changed(video: Video) -> tuple[Edit, ...]:
    return (Edit("name", video.name, f"{video.name} (2026)"), Edit("privacy", "anybody", "nobody"))


def stands(library: Library) -> list[tuple[str, str]]:
    return [(video.name, video.view) for video in library.videos]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_over_a_free_plans_limit_and_killed_three_times(library: Library) -> None:
    library.vimeo.user.plan = "free"
    library.fill(COUNT)
    before = stands(library)
    plan_id = library.plan(changed)
    library.vimeo.requests.clear()
    toolkit = library.toolkit
    moving: Any = Moving(toolkit._blocking, library.vimeo)
    told: list[tuple[int, int]] = []
    dice = random.Random(14)
    for after in (True, False, True):
        toolkit._blocking = Dying(moving, dice.randrange(50, 300), after=after)  # type: ignore[assignment]
        with pytest.raises(Died):
            toolkit.apply_plan(plan_id, identifier="user_1")
    toolkit._blocking = moving
    account = toolkit.apply_plan(
        plan_id, identifier="user_1", progress=lambda settled, of: told.append((settled, of))
    )
    assert (account["done"], account["of"], account["state"]) == (COUNT, COUNT, "done")
    assert stands(library) == [(f"{name} (2026)", "nobody") for name, _ in before]
    assert told[-1] == (COUNT, COUNT)
    assert told == sorted(told)
    sent = library.sent()
    assert set(sent.values()) == {1}, "nothing is done twice"
    assert len(sent) == COUNT, "and nothing is left out"
    assert not [each for each in library.vimeo.requests if each.status == 429]
    assert moving.passed > 15 * 60, "there were many windows"
    undone = toolkit.execute_tool(
        identifier="user_1", tool_name="vimeo_changes_undo", tool_input={"plan_id": plan_id}
    )
    assert undone["left"]
    assert toolkit.apply_plan(undone["plan_id"], identifier="user_1")["done"] == COUNT
    assert stands(library) == before
    assert not [each for each in library.vimeo.requests if each.status == 429]


def _apply(url: str, store: str, key: str, plan_id: str) -> None:
    """Apply a plan in a process of its own."""
    with VimeoToolkit([Connection(api_url=url)], store=store, key=key) as toolkit:
        toolkit.apply_plan(plan_id, identifier="user_1")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_processes_that_are_killed(tmp_path: Path) -> None:
    """`kill -9` at any moment of three processes, and a fourth that finishes."""
    store, key = f"sqlite:///{tmp_path / 'accounts.db'}", generate_key()
    context = multiprocessing.get_context("forkserver")
    dice = random.Random(7)
    with Sandbox() as vimeo:
        vimeo.user.plan = "enterprise"
        vimeo.latency = 0.01
        with VimeoToolkit([Connection(api_url=vimeo.url)], store=store, key=key) as toolkit:
            toolkit.import_token(identifier="user_1", access_token=vimeo.issue_token().access_token)
            library = Library(vimeo, toolkit)
            library.fill(200)
            before = stands(library)
            plan_id = library.plan(changed)
            vimeo.requests.clear()
            for _ in range(3):
                begun = len(vimeo.requests)
                process = context.Process(target=_apply, args=(vimeo.url, store, key, plan_id), daemon=True)
                process.start()
                while len(vimeo.requests) < begun + dice.randrange(5, 40) and process.is_alive():
                    time.sleep(0.01)
                process.kill()
                process.join()
            account = toolkit.apply_plan(plan_id, identifier="user_1")
            assert (account["done"], account["of"]) == (200, 200)
            sent = library.sent()  # a request that the kill cut off is not carried out
            assert set(sent.values()) == {1}
            assert len(sent) == 200
            undone = toolkit.execute_tool(
                identifier="user_1", tool_name="vimeo_changes_undo", tool_input={"plan_id": plan_id}
            )
            toolkit.apply_plan(undone["plan_id"], identifier="user_1")
            assert stands(library) == before
