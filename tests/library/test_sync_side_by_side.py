"""The words of several videos are asked for at the same time, and kept as if one after the other."""

from __future__ import annotations

import asyncio

import pytest

from tests.changes.library import Library
from tests.library.filling import index_of
from tests.library.syncing import ME, Stage
from vimeo_toolkit.library.sync_report import SyncOptions, SyncReport
from vimeo_toolkit.runtime.ahead import AT_ONCE
from vimeo_toolkit.runtime.blocking import run_sync

FILMS = 16


@pytest.fixture
def filled(stage: Stage) -> Stage:
    for number in range(FILMS):
        stage.film(f"Film {number}", f"Word{number} is said.")
    stage.vimeo.requests.clear()
    return stage


@pytest.mark.parametrize("asynchronous", [False, True], ids=["blocking", "asynchronous"])
def test_as_many_requests_as_one_after_the_other_several_of_them_at_once(
    filled: Stage, asynchronous: bool
) -> None:
    filled.vimeo.latency = 0.01
    told: list[tuple[int, int]] = []

    async def sync() -> SyncReport:
        try:
            return await filled.toolkit.library.async_sync(progress=lambda *now: told.append(now), **ME)
        finally:
            await filled.toolkit.aclose()

    if asynchronous:
        report = asyncio.run(sync())
    else:
        report = filled.toolkit.library.sync(progress=lambda *now: told.append(now), **ME)
    assert (report.complete, report.read, report.requests) == (True, FILMS, 1 + 2 * FILMS)
    assert set(filled.paths().values()) == {1}
    assert 2 < max(each.overlapping for each in filled.vimeo.requests) <= AT_ONCE
    assert told == [(done, FILMS) for done in range(FILMS + 1)], "each in its turn"


def limited(stage: Stage, most: int) -> SyncReport:
    """Sync with so many requests at most."""
    stage.vimeo.requests.clear()
    api = Library(stage.vimeo, stage.toolkit).api()
    assert api.library is not None
    report = run_sync(api.library.sync(api, SyncOptions(requests=most, recheck=0.0)))
    assert report.requests == len(stage.vimeo.requests) <= most
    return report


@pytest.mark.parametrize("most", [4, 20])
def test_so_many_requests_each_time_come_to_the_end(filled: Stage, most: int) -> None:
    """What is begun at the same time does not use up what is needed to read one to its end."""
    done, sent = 0, 0
    while not (report := limited(filled, most)).complete:
        assert report.done > done
        done, sent = report.done, sent + report.requests
    calls = -(-2 * FILMS // (most - 1))
    assert sent + report.requests <= 2 * FILMS + 3 * calls, (
        "a list each time, and the half of what was not ended"
    )
    assert len(index_of(filled.toolkit, "user_1").stamps()) == FILMS
    assert filled.found("word0") == {"Film 0"}


def test_the_newest_are_read_first(filled: Stage) -> None:
    limited(filled, 13)
    index = index_of(filled.toolkit, "user_1")
    words = [video.words for film in filled.vimeo.user.videos if (video := index.video(film.uri))]
    assert words == ["pending"] * (FILMS - 6) + ["captions"] * 6
