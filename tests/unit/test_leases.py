"""A blocking lease that is interrupted, at whatever step, is not kept alive by anybody."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from vimeo_toolkit.runtime import blocking, driver_parts
from vimeo_toolkit.runtime.blocking import BlockingIO, run_sync
from vimeo_toolkit.stores.sqlite import SqliteStore


class Interrupt(BaseException):
    """What a signal's handler raises."""


@pytest.fixture
def io(monkeypatch: pytest.MonkeyPatch) -> Iterator[BlockingIO]:
    """Leases of a moment, so that keepers are soon at work."""
    monkeypatch.setattr(driver_parts, "LEASE_SECONDS", 0.03)
    store = SqliteStore(":memory:")
    yield BlockingIO(store)
    store.close()


async def _hold(io: BlockingIO, name: str = "account") -> None:
    async with io.lease(name):
        pass


def _assert_unkept(when: str) -> None:
    gc.collect()
    for thread in threading.enumerate():
        if thread.name == "vimeo-toolkit-lease" and thread.is_alive():
            thread.join(5)
            assert not thread.is_alive(), f"a lease is kept alive after an interrupt {when}"


def _interrupted(io: BlockingIO, step: int) -> bool:
    """Hold a lease, and raise at the step-th line of it."""
    left = step

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        if (frame.f_code.co_filename, frame.f_code.co_name) != (blocking.__file__, "lease"):
            return None
        left -= event == "line"
        if left == 0 and event == "line":
            raise Interrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run_sync(_hold(io, f"account {step}"))
    except Interrupt:
        return True
    finally:
        sys.settrace(before)
    return False


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_at_any_step(io: BlockingIO, every: int) -> None:
    step = 1
    while _interrupted(io, step):
        _assert_unkept(f"at step {step}")
        step += every
    assert step > 12


def test_while_its_keeper_starts(io: BlockingIO, monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start

    def interrupted(thread: threading.Thread) -> None:
        start(thread)
        if thread.name == "vimeo-toolkit-lease":
            raise Interrupt

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(Interrupt):
        run_sync(_hold(io))
    _assert_unkept("while its keeper starts")


def test_one_whose_keeper_cannot_start_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqliteStore(":memory:")

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(RuntimeError):
        run_sync(_hold(BlockingIO(store)))
    assert store.acquire("account", "next", 1.0)
    store.close()
