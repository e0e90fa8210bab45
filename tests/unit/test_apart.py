"""What runs apart reaches its end, whatever becomes of its caller."""

from __future__ import annotations

import asyncio
import gc
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from vimeo_toolkit import VimeoUnavailable
from vimeo_toolkit.runtime.asynchronous import AsyncIO
from vimeo_toolkit.runtime.blocking import BlockingIO, run_sync
from vimeo_toolkit.runtime.ports import IO, Event
from vimeo_toolkit.stores.sqlite import SqliteStore

TOLD = Event("account.deleted", "vimeo", "u", None, {"revoked": True})


class Job:
    """A flow that waits in its middle until it is let go on."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.done = False

    async def run(self, io: IO) -> str:
        self.begun.set()
        assert self.go_on.wait(20)
        await io.emit(TOLD)
        self.done = True
        return "done"


@contextmanager
def _worlds(told: list[Event]) -> Iterator[tuple[BlockingIO, AsyncIO]]:
    async def aemit(event: Event) -> None:
        told.append(event)

    store = SqliteStore(":memory:")
    blocking = BlockingIO(store, told.append)
    yield blocking, AsyncIO(store, aemit, blocking)
    blocking.close()
    store.close()


def test_both_worlds_get_the_result_and_the_events() -> None:
    told: list[Event] = []
    with _worlds(told) as (blocking, looped):
        job = Job()
        job.go_on.set()
        assert run_sync(blocking.shielded(job.run)) == "done"
        assert asyncio.run(looped.shielded(job.run)) == "done"
    assert told == [TOLD, TOLD]


def test_errors_come_through() -> None:
    async def broken(io: IO) -> None:
        raise ValueError("so it is")

    with _worlds([]) as (blocking, looped):
        with pytest.raises(ValueError, match="so it is"):
            run_sync(blocking.shielded(broken))
        with pytest.raises(ValueError, match="so it is"):
            asyncio.run(looped.shielded(broken))


def test_a_cancelled_caller() -> None:
    told: list[Event] = []
    job = Job()

    async def main(looped: AsyncIO) -> None:
        task = asyncio.create_task(looped.shielded(job.run))
        await asyncio.to_thread(job.begun.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not job.done
        job.go_on.set()
        await looped.aclose()  # waits for it
        assert job.done
        for _ in range(100):
            if told:
                break
            await asyncio.sleep(0.01)

    with _worlds(told) as (_, looped):
        asyncio.run(main(looped))
    assert told == [TOLD]


def test_a_loop_that_is_closed() -> None:
    told: list[Event] = []
    job = Job()

    async def main(looped: AsyncIO) -> None:
        task = asyncio.create_task(looped.shielded(job.run))
        await asyncio.to_thread(job.begun.wait, 20)
        assert not task.done()

    with _worlds(told) as (_, looped):
        asyncio.run(main(looped))
        assert not job.done
        job.go_on.set()
    assert job.done
    assert told == [TOLD]


def _interrupt(job: Job) -> Callable[[], None]:
    """Interrupt the main thread while the job is under way: it goes on once the main thread has noticed."""
    noticed = threading.Event()

    def handler(*_: object) -> None:
        noticed.set()
        raise KeyboardInterrupt

    def run() -> None:
        job.begun.wait(20)
        # A real signal, because `interrupt_main` does not wake a thread that waits; and again, because one that
        # comes just before the wait does not either.
        while not noticed.is_set():
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            noticed.wait(0.1)
        job.go_on.set()

    signal.signal(signal.SIGINT, handler)
    return run


def interrupted() -> None:
    """Interrupt a blocking call, in a process of its own: pytest's workers end at an interrupt that comes late."""
    told: list[Event] = []
    job = Job()
    gc.disable()  # Python drops what is raised in a collection
    with _worlds(told) as (blocking, _):
        helper = threading.Thread(target=_interrupt(job))
        helper.start()
        with pytest.raises(KeyboardInterrupt):
            run_sync(blocking.shielded(job.run))
        helper.join()
        assert job.done
        assert told == [TOLD]


def test_an_interrupt_waits_for_the_end() -> None:
    code = "from tests.unit.test_apart import interrupted; interrupted()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_in_a_thread_that_is_not_the_main_one() -> None:
    found: list[str] = []
    with _worlds([]) as (blocking, _):
        job = Job()
        job.go_on.set()
        thread = threading.Thread(target=lambda: found.append(run_sync(blocking.shielded(job.run))))
        thread.start()
        thread.join(20)
    assert found == ["done"]


def test_no_thread_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with _worlds([]) as (blocking, looped):
        with monkeypatch.context() as full:
            full.setattr(threading.Thread, "start", none_left)
            with pytest.raises(VimeoUnavailable, match="no more threads"):
                run_sync(blocking.shielded(Job().run))
            with pytest.raises(VimeoUnavailable, match="no more threads"):
                asyncio.run(looped.shielded(Job().run))
        assert not blocking.busy
