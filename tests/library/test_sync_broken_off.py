"""What is left of a sync that meets errors, is broken off or killed, or runs beside others."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.changes.library import Died, Dying
from tests.library.filling import index_of
from tests.library.syncing import ME, Answering, Stage
from vimeo_toolkit import Connection, InvalidInput, NotConnected, VimeoToolkit, generate_key
from vimeo_toolkit.errors import AccountError, VimeoUnavailable
from vimeo_toolkit.library.sync_report import SyncReport
from vimeo_toolkit.runtime.ahead import AT_ONCE
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.state import Cue

# ---- errors ----


@pytest.mark.parametrize("status", [403, 404])
def test_a_video_that_vimeo_refuses_is_not_asked_for_at_each_sync(stage: Stage, status: int) -> None:
    film, other = stage.film("Refused"), stage.film("Other", "Other words.")

    def refusing(request: HttpRequest) -> HttpResponse | None:
        here = f"/videos/{film.id}/texttracks" in request.url
        return HttpResponse(status, {}, b'{"error": "no"}') if here else None

    before = stage.toolkit._blocking
    stage.through(lambda io: Answering(io, refusing))
    first = stage.toolkit.library.sync(**ME)
    assert (first.failed, first.complete) == ((f"/videos/{film.id}",), True)
    assert first.why
    stage.toolkit._blocking = before
    assert stage.sync().requests == 1
    assert stage.found("other words") == {other.name}
    stage.touch(film)
    stage.sync()
    assert stage.found("wax") == {"Refused"}


def test_a_vimeo_that_stops_to_answer_ends_the_work_and_the_next_sync_goes_on(stage: Stage) -> None:
    films = [stage.film(f"Film {number}", f"Word{number} is said.") for number in range(12)]
    silent = [f"/videos/{film.id}/" for film in films[:-3]]

    def failing(request: HttpRequest) -> HttpResponse | None:
        return HttpResponse(503, {}, b"") if any(part in request.url for part in silent) else None

    before = stage.toolkit._blocking
    stage.through(lambda io: Answering(io, failing))
    report = stage.toolkit.library.sync(**ME)
    assert (report.complete, report.done, report.of) == (False, 6, 12)
    assert len(report.failed) == 4
    status = stage.toolkit.library.status(**ME)
    assert (status.synced, status.of) == (None, 12)
    stage.toolkit._blocking = before
    report = stage.sync()
    assert (report.complete, report.read) == (True, 9)
    assert stage.found("word11") == {"Film 11"}


def test_nothing_at_all_is_an_error(stage: Stage) -> None:
    stage.film("Film")
    stage.sync()
    stage.through(lambda io: Answering(io, lambda request: HttpResponse(503, {}, b"")))
    with pytest.raises(VimeoUnavailable):
        stage.toolkit.library.sync(**ME)
    assert stage.found("wax") == {"Film"}


def test_a_list_that_breaks_off_forgets_nothing(stage: Stage) -> None:
    for number in range(120):
        stage.film(f"Film {number}", "")
    stage.sync()
    failing = lambda request: HttpResponse(503, {}, b"") if "page=2" in request.url else None  # noqa: E731
    before = stage.toolkit._blocking
    stage.through(lambda io: Answering(io, failing))
    report = stage.toolkit.library.sync(**ME)
    assert (report.complete, report.removed, report.of) == (False, 0, 100)
    assert report.why
    stage.toolkit._blocking = before
    assert len(index_of(stage.toolkit, "user_1").stamps()) == 120


@pytest.mark.parametrize("recheck", [-0.1, 1.1])
def test_what_is_not_a_share(stage: Stage, recheck: float) -> None:
    stage.vimeo.requests.clear()
    with pytest.raises(InvalidInput, match="recheck"):
        stage.toolkit.library.sync(recheck=recheck, **ME)
    assert not stage.vimeo.requests


# ---- broken off, and several at once ----


def test_killed_at_any_moment_it_goes_on_from_there(stage: Stage) -> None:
    for number in range(6):
        stage.film(f"Film {number}", f"Word{number} is said.")
    stage.vimeo.requests.clear()
    alive = stage.toolkit._blocking
    for fatal in (1, 2, 3, 3):
        for after in (False, True):
            stage.toolkit._blocking = Dying(alive, fatal, after=after)  # type: ignore[assignment]
            with pytest.raises(Died):
                stage.toolkit.library.sync(**ME)
    stage.toolkit._blocking = alive
    kills, before = 8, len(stage.vimeo.requests)
    report = stage.sync()
    assert report.complete
    assert report.of == 6
    assert before + report.requests <= 1 + 2 * 6 + 4 * kills, "a kill costs a listing, and what was under way"
    coverage = stage.toolkit.library.status(**ME).coverage
    assert (coverage.videos, coverage.captions, coverage.passages) == (6, 6, 6), "and nothing is there twice"
    assert stage.changes() == []


def test_a_full_sync_that_was_killed_goes_on_too(stage: Stage) -> None:
    for number in range(6):
        stage.film(f"Film {number}")
    stage.sync()
    stage.vimeo.clock.advance(60)

    def killed(done: int, of: int) -> None:
        if done == 4:
            raise Died

    with pytest.raises(Died):
        stage.toolkit.library.sync(full=True, progress=killed, **ME)
    assert stage.sync().read == 2, "a sync that is not asked to be full finishes it"
    assert stage.sync().read == 0


def test_one_works_and_the_others_are_told_how_far_it_is(stage: Stage) -> None:
    for number in range(15):
        stage.film(f"Film {number}")
    others: list[SyncReport] = []

    def progress(done: int, of: int) -> None:
        if done == 12 and not others:
            seen = threading.Thread(target=lambda: others.append(stage.toolkit.library.sync(**ME)))
            seen.start()
            seen.join()

    before = len(stage.vimeo.requests)
    stage.through(lambda io: Answering(io, lambda request: None))  # waits are over at once
    report = stage.toolkit.library.sync(progress=progress, **ME)
    assert (report.complete, report.elsewhere) == (True, False)
    assert len(stage.vimeo.requests) - before == report.requests
    (other,) = others
    assert (other.elsewhere, other.complete, other.of, other.requests) == (True, False, 15, 0)
    assert 10 <= other.done <= 12
    assert "right now" in other.why


def test_what_is_asked_for_while_another_works_is_read_by_that_one(stage: Stage) -> None:
    films = [stage.film(f"Film {number}") for number in range(3)]
    stage.sync()
    stage.touch(films[0])
    asked: list[SyncReport] = []

    def progress(done: int, of: int) -> None:
        if not asked:
            films[2].texttracks[0].cues = [Cue(0, 2_000, "A corrected sentence.")]
            asking = threading.Thread(
                target=lambda: asked.append(stage.toolkit.library.sync(videos=[films[2].id], **ME))
            )
            asking.start()
            asking.join()

    io = stage.toolkit._blocking
    stage.through(lambda io: Answering(io, lambda request: None))  # the waits of who asks are over at once
    report = stage.toolkit.library.sync(progress=progress, recheck=0.0, **ME)
    stage.toolkit._blocking = io
    assert asked[0].elsewhere
    assert report.read == 2
    assert stage.found("corrected") == {"Film 2"}


def test_progress_and_what_it_raises(stage: Stage) -> None:
    for number in range(4):
        stage.film(f"Film {number}")
    told: list[tuple[int, int]] = []

    def progress(done: int, of: int) -> None:
        told.append((done, of))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage.toolkit.library.sync(progress=progress, **ME)
    assert told == [(0, 4), (1, 4), (2, 4)]
    report = stage.sync()
    assert (report.complete, report.read) == (True, 2)


def test_cancelled(stage: Stage) -> None:
    for number in range(4):
        stage.film(f"Film {number}")

    async def cancelled() -> None:
        task: asyncio.Task[Any]

        def progress(done: int, of: int) -> None:
            if done == 2:
                task.cancel()

        task = asyncio.create_task(stage.toolkit.library.async_sync(progress=progress, **ME))
        with pytest.raises(asyncio.CancelledError):
            await task
        report = await stage.toolkit.library.async_sync(recheck=0.0, **ME)
        assert report.complete
        assert report.read in (
            1,
            2,
        )  # one more may be written before the cancellation comes: its words are there
        await stage.toolkit.aclose()

    asyncio.run(cancelled())


def test_an_account_that_is_deleted_meanwhile_leaves_nothing(stage: Stage, tmp_path: Path) -> None:
    for number in range(4):
        stage.film(f"Film {number}")

    def progress(done: int, of: int) -> None:
        if done == 2:
            stage.toolkit.delete_connected_account(**ME)

    with pytest.raises(AccountError) as raised:
        stage.toolkit.library.sync(progress=progress, **ME)
    assert isinstance(raised.value, NotConnected)
    stage.toolkit.import_token(access_token=stage.vimeo.issue_token().access_token, **ME)
    assert index_of(stage.toolkit, "user_1").stamps() == {}


def _sync(url: str, folder: str, key: str) -> None:
    """Bring the library up to date in a process of its own."""
    place = f"sqlite:///{folder}"
    with VimeoToolkit(
        [Connection(api_url=url)], store=f"{place}/accounts.db", key=key, library=f"{place}/library"
    ) as toolkit:
        toolkit.library.sync(**ME)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_processes_that_are_killed(tmp_path: Path) -> None:
    """`kill -9` at any moment, while other processes sync the same library: the last one finds all of it, once."""
    dice, key, context = random.Random(5), generate_key(), multiprocessing.get_context("forkserver")
    place = f"sqlite:///{tmp_path}"
    with Sandbox() as vimeo:
        vimeo.user.plan, vimeo.latency = "enterprise", 0.005
        vimeo.user.videos.clear()
        films = vimeo.add_library(videos=150, hours=5)
        with VimeoToolkit(
            [Connection(api_url=vimeo.url)],
            store=f"{place}/accounts.db",
            key=key,
            library=f"{place}/library",
        ) as toolkit:
            toolkit.import_token(access_token=vimeo.issue_token().access_token, **ME)
            for _ in range(4):
                begun = len(vimeo.requests)
                both = [
                    context.Process(target=_sync, args=(vimeo.url, str(tmp_path), key), daemon=True)
                    for _ in range(2)
                ]
                for process in both:
                    process.start()
                most = begun + dice.randrange(3, 60)
                while len(vimeo.requests) < most and any(process.is_alive() for process in both):
                    time.sleep(0.005)
                for process in both:
                    process.kill()
                    process.join()
            report = toolkit.library.sync(recheck=0.0, **ME)
            assert (report.complete, report.elsewhere, report.of) == (True, False, 150)
            index = index_of(toolkit, "user_1")
            assert len(index.stamps()) == 150
            for film in films:
                spoken = index.passages(f"/videos/{film.id}")
                said = " ".join(cue.text for cue in film.texttracks[0].cues)
                assert " ".join(passage.text for passage in spoken) == said, "whole, and once"
            assert index.changes() == []
            reads = Counter(each.path for each in vimeo.requests if "/transcripts/" in each.path)
            assert sum(reads.values()) <= 150 + 4 * AT_ONCE, "a kill costs what was under way"
            assert toolkit.library.sync(recheck=0.0, **ME).requests == 2
