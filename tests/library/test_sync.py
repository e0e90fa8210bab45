"""What a sync finds and keeps, what it costs, and what is left when it is broken off."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.changes.library import Died, Dying, Library
from tests.changes.test_thousand import Moving
from tests.library.filling import index_of
from vimeo_toolkit import Connection, InvalidInput, NotConnected, VimeoToolkit, generate_key
from vimeo_toolkit.errors import AccountError, VimeoUnavailable
from vimeo_toolkit.library.sync_report import SyncOptions, SyncReport
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse
from vimeo_toolkit.sandbox import Sandbox, Video
from vimeo_toolkit.sandbox.state import Chapter, Cue, TextTrack

ME: dict[str, Any] = {"identifier": "user_1"}
WORDS = "We fold the letter twice and close it with wax."


class Stage:
    """A user with a library of their own, and a toolkit that indexes it."""

    def __init__(self, vimeo: Sandbox, folder: Path) -> None:
        self.vimeo = vimeo
        self.vimeo.user.plan = "enterprise"
        self.vimeo.user.videos.clear()
        self.toolkit = VimeoToolkit(
            [Connection(api_url=vimeo.url)], store="sqlite:///:memory:", library=f"sqlite:///{folder}"
        )
        self.toolkit.import_token(access_token=vimeo.issue_token().access_token, **ME)
        self._cursor = 0

    def film(self, name: str, words: str = WORDS, **more: Any) -> Video:
        """Add a video; with captions unless there are no words."""
        video = self.vimeo.add_video(self.vimeo.user, name, **more)
        if words:
            video.texttracks.append(track(self.vimeo, words))
        self.touch(video)
        return video

    def touch(self, video: Video) -> None:
        self.vimeo.clock.advance(2)
        video.modified = self.vimeo.clock.now()

    def sync(self, **more: Any) -> SyncReport:
        self.vimeo.requests.clear()
        report = self.toolkit.library.sync(**{"recheck": 0.0, **ME, **more})
        assert report.requests == len(self.vimeo.requests), "what is reported is what was sent"
        return report

    def paths(self) -> Counter[str]:
        return Counter(request.path for request in self.vimeo.requests)

    def changes(self) -> list[tuple[str, str]]:
        """What was told since the last time."""
        told = self.toolkit.changes(since=self._cursor, **ME)
        self._cursor = max([self._cursor, *(change.number for change in told)])
        return [(f"{change.kind} {' '.join(change.what)}".strip(), change.name) for change in told]

    def found(self, words: str) -> set[str]:
        return {hit.video.name for hit in self.toolkit.library.search(words, **ME).hits}

    def through(self, wrap: Callable[[Any], Any]) -> None:
        """Let what follows act through another `IO`."""
        self.toolkit._blocking = wrap(self.toolkit._blocking)


def track(vimeo: Sandbox, words: str, language: str = "en-US", **more: Any) -> TextTrack:
    cues = [Cue(1_000, 4_000, words)]
    return TextTrack(vimeo.world.next_id(), "captions", language, "Words", cues=cues, **more)


class Answering:
    """An `IO` in which a function sees each request first, and may answer it."""

    def __init__(self, io: Any, answer: Callable[[HttpRequest], HttpResponse | None]) -> None:
        self._io, self._answer = io, answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._io, name)

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        made = self._answer(request)
        return made or await self._io.send(request, timeout=timeout)

    async def sleep(self, seconds: float) -> None:
        """Waits are over at once."""


@pytest.fixture
def stage(vimeo: Sandbox, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(vimeo, tmp_path / "library")
    with ExitStack() as stack:
        stack.callback(made.toolkit.close)
        yield made


# ---- what it finds, and what that costs ----


def test_what_there_is(stage: Stage) -> None:
    spoken = stage.film("Letters", tags=["Craft"], description="About wax.")
    silent = stage.film("Silence", "")
    unlisted = stage.film("Hidden", "Nobody hears this.", view="unlisted")
    report = stage.sync()
    assert (report.complete, report.new, report.of, report.done, report.read) == (True, 3, 3, 3, 2)
    assert report.requests == 1 + 2 * 2, "a page, and two for each with words; none for a silent one"
    assert (report.changed, report.failed, report.why) == (0, (), "")
    index = index_of(stage.toolkit, "user_1")
    video = index.video(f"/videos/{spoken.id}")
    assert video is not None
    assert (video.name, video.tags, video.description, video.words) == (
        "Letters",
        ("Craft",),
        "About wax.",
        "captions",
    )
    assert [passage.text for passage in index.passages(f"/videos/{spoken.id}")] == [WORDS]
    hidden = index.video(f"/videos/{unlisted.id}")
    assert hidden is not None
    assert hidden.link.count("/") == 4, "with the hash"
    assert hidden.uri == f"/videos/{unlisted.id}"
    assert stage.found("wax") == {"Letters"}
    assert stage.found("silence") == {silent.name}
    status = stage.toolkit.library.status(**ME)
    assert (status.coverage.captions, status.coverage.none, status.of) == (2, 1, 0)
    assert status.synced is not None
    assert stage.changes() == [], "what was there before the first sync has not changed"


def test_a_second_sync_is_one_request(stage: Stage) -> None:
    for number in range(5):
        stage.film(f"Film {number}")
    stage.sync()
    report = stage.sync()
    assert (report.requests, report.read, report.complete) == (1, 0, True)
    assert stage.vimeo.requests[0].query["per_page"] == "100"


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_thousand_videos(stage: Stage) -> None:
    stage.vimeo.add_library(videos=1_000, hours=20)
    first = stage.sync()
    assert (first.complete, first.of, first.read) == (True, 1_000, 1_000)
    assert first.requests <= 2_020
    assert stage.sync().requests <= 11
    again = stage.sync(recheck=0.05)
    assert (again.rechecked, again.changed) == (50, 0)
    assert again.requests <= 11 + 2 * 50


# ---- what has changed ----


def test_the_feed(stage: Stage) -> None:
    film, other, gone = stage.film("Letters"), stage.film("Boats", ""), stage.film("Gone", "Farewell.")
    making = stage.film("Rough cut", "", status="transcoding", transcode="in_progress")
    stage.sync()
    film.name, film.tags, film.view = "Letters, again", ["paper"], "nobody"
    stage.touch(film)
    other.texttracks.append(track(stage.vimeo, "Row, row."))
    making.status, making.transcode = "available", "complete"
    stage.vimeo.world.remove_video(gone)
    fresh = stage.film("Fresh", "Just said.")
    report = stage.sync()
    assert sorted(stage.changes()) == [
        ("captioned", "Boats"),
        ("captioned", "Fresh"),
        ("deleted", "Gone"),
        ("edited name tags privacy", "Letters, again"),
        ("new", "Fresh"),
        ("transcoded", "Rough cut"),
    ]
    assert (report.new, report.removed, report.changed) == (1, 1, 4)
    assert stage.found("farewell") == set()
    assert stage.found("row") == {"Boats"}
    index = index_of(stage.toolkit, "user_1")
    changed = index.video(f"/videos/{film.id}")
    assert changed is not None
    assert (changed.privacy, changed.words) == ("nobody", "captions")
    assert stage.sync().requests == 1
    assert stage.changes() == []
    fresh.texttracks.clear()
    stage.sync()
    assert stage.changes() == [("edited captions", "Fresh")]
    assert stage.found("just said") == set()


def test_chapters(stage: Stage) -> None:
    film = stage.film("Letters")
    stage.sync()
    film.chapters.append(Chapter(stage.vimeo.world.next_id(), "Sealing", 2.0))
    stage.touch(film)
    stage.sync()
    assert stage.changes() == [("edited chapters", "Letters")]
    assert stage.found("sealing") == {"Letters"}
    film.chapters.clear()
    stage.touch(film)
    stage.sync()
    assert stage.changes() == [("edited chapters", "Letters")]
    assert stage.found("sealing") == set()


def test_an_edit_that_nothing_tells_of_is_found_by_the_share_that_is_looked_at_again(stage: Stage) -> None:
    films = [stage.film(f"Film {number}") for number in range(10)]
    stage.sync()
    films[3].texttracks[0].cues = [Cue(0, 2_000, "A corrected sentence.")]
    assert stage.sync().rechecked == 0
    assert stage.changes() == []
    looked: list[SyncReport] = []
    while not (told := stage.changes()):
        stage.vimeo.clock.advance(3_600)
        looked.append(stage.sync(recheck=0.2))
        assert looked[-1].rechecked == 2
        assert looked[-1].requests == 1 + 2 * 2
        assert len(looked) <= 5, "1 / recheck syncs at the latest"
    assert told == [("captioned", "Film 3")]
    assert stage.found("corrected") == {"Film 3"}
    for _ in range(5 - len(looked)):
        stage.vimeo.clock.advance(3_600)
        stage.sync(recheck=0.2)
    stamps = index_of(stage.toolkit, "user_1").stamps().values()
    assert min(stamp.checked for stamp in stamps) > 0


def test_a_full_sync_reads_all_words_again(stage: Stage) -> None:
    films = [stage.film(f"Film {number}") for number in range(3)]
    stage.sync()
    films[1].texttracks[0].cues = [Cue(0, 2_000, "A corrected sentence.")]
    report = stage.sync(full=True)
    assert (report.read, report.changed, report.requests) == (3, 1, 7)
    assert stage.changes() == [("captioned", "Film 1")]


def test_single_videos_as_for_a_webhook(stage: Stage) -> None:
    old, gone, other = stage.film("Old"), stage.film("Gone", "Farewell."), stage.film("Other")
    stage.sync()
    old.texttracks[0].cues = [Cue(0, 2_000, "A corrected sentence.")]
    stage.vimeo.world.remove_video(gone)
    other.name = "Not asked for"
    fresh = stage.film("Fresh", "Just said.")
    stranger = next(
        video for video in stage.vimeo.world.videos.values() if video.user is not stage.vimeo.user
    )
    asked = [old.id, f"https://vimeo.com/{fresh.id}", f"/videos/{gone.id}", stranger.id]
    report = stage.sync(videos=asked)
    assert report.requests == 1 + 2 * 2
    assert report.failed == (f"/videos/{stranger.id}",)
    assert "not one of the user's" in report.why
    assert sorted(stage.changes()) == [
        ("captioned", "Fresh"),
        ("captioned", "Old"),
        ("deleted", "Gone"),
        ("new", "Fresh"),
    ]
    assert index_of(stage.toolkit, "user_1").video(f"/videos/{stranger.id}") is None
    with pytest.raises(InvalidInput):
        stage.sync(videos=["/users/3"])


def test_a_list_that_somebody_changes_while_it_is_read_loses_nothing(stage: Stage) -> None:
    films = [stage.film(f"Film {number}", "") for number in range(150)]
    stage.sync()

    def removing(request: HttpRequest) -> None:
        if "page=2" in request.url and len(stage.vimeo.user.videos) == 150:
            stage.vimeo.world.remove_video(
                films[0]
            )  # the rest moves up, one of them off the page that follows

    stage.through(lambda io: Answering(io, removing))
    report = stage.sync()
    assert (report.of, report.removed) == (150, 0)
    assert report.requests == 2 + 1 + 2, "one was looked up by its URI, and then found in a second list"
    assert stage.found("film 100") >= {"Film 100"}
    assert stage.changes() == []
    assert stage.sync().removed == 1
    assert stage.changes() == [("deleted", "Film 0")]


def test_what_is_hidden_from_the_list_goes(stage: Stage) -> None:
    film, other = stage.film("Hidden", "Nobody hears this."), stage.film("Other")
    stage.sync()
    stage.vimeo.user.videos.remove(film)
    report = stage.sync()
    assert (report.removed, report.of, report.requests) == (1, 1, 3)
    assert stage.changes() == [("deleted", "Hidden")]
    assert stage.found("nobody hears") == set()
    assert stage.found("wax") == {other.name}
    assert stage.sync().requests == 1


def test_an_empty_list_is_not_believed_while_the_videos_are_there(stage: Stage) -> None:
    films = [stage.film(f"Film {number}") for number in range(3)]
    stage.sync()
    stage.vimeo.user.videos.clear()
    report = stage.sync()
    assert (report.complete, report.removed) == (False, 0)
    assert "not believed" in report.why
    assert stage.changes() == []
    stage.vimeo.user.videos.extend(films)
    for film in films:
        stage.vimeo.world.remove_video(film)
    report = stage.sync()
    assert (report.complete, report.removed) == (True, 3)


# ---- whose words, in which language ----


def test_what_is_spoken_goes_before_what_is_translated(stage: Stage) -> None:
    film = stage.film("Brief", "", language="de")
    film.texttracks += [
        track(stage.vimeo, "We fold it.", "en-x-autogen", provenance="autogen_dubbed"),
        track(stage.vimeo, "Wir falten ihn.", "de-x-autogen", provenance="autogen_source_audio"),
    ]
    stage.sync()
    (passage,) = stage.toolkit.library.passages(film.id, **ME)
    assert (passage.text, passage.language) == ("Wir falten ihn.", "de")


def test_tracks_that_do_not_tell_are_chosen_by_the_videos_language_without_a_request(stage: Stage) -> None:
    film = stage.film("Lettre", "", language="fr")
    film.texttracks += [track(stage.vimeo, "We fold it."), track(stage.vimeo, "On la plie.", "fr")]
    for each in film.texttracks:
        each.provenance = ""
    assert stage.sync().requests == 3
    (passage,) = stage.toolkit.library.passages(film.id, **ME)
    assert passage.text == "On la plie."


def test_words_that_vimeo_is_still_making_are_looked_for_while_the_video_is_young(stage: Stage) -> None:
    film, never = stage.film("Letters"), stage.film("Never")
    cues, film.texttracks[0].cues, never.texttracks[0].cues = film.texttracks[0].cues, [], []
    assert stage.sync().read == 2
    assert stage.toolkit.library.status(**ME).coverage.pending == 2
    film.texttracks[0].cues = cues
    assert stage.sync().read == 2
    assert stage.changes() == [("captioned", "Letters")]
    assert stage.sync().read == 1
    stage.vimeo.clock.advance(3 * 86_400)
    assert stage.sync().read == 1, "a last time"
    assert stage.sync().requests == 1


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
    for number in range(12):
        stage.film(f"Film {number}", f"Word{number} is said.")
    asked = 0

    def failing(request: HttpRequest) -> HttpResponse | None:
        nonlocal asked
        asked += "transcripts" in request.url
        return HttpResponse(503, {}, b"") if asked > 3 and "/videos/" in request.url else None

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
    alive = stage.toolkit._blocking
    stage.vimeo.clock.advance(60)
    stage.vimeo.requests.clear()
    stage.toolkit._blocking = Dying(alive, 8, after=False)  # type: ignore[assignment]
    with pytest.raises(Died):
        stage.toolkit.library.sync(full=True, **ME)
    stage.toolkit._blocking = alive
    read = sum("/transcripts/" in path for path in stage.paths())
    assert 2 <= read < 6
    assert stage.sync().read == 6 - read, "a sync that is not asked to be full finishes it"
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
        assert (report.complete, report.read) == (True, 2)
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


# ---- for a tool ----


def test_so_many_requests_at_most(stage: Stage) -> None:
    for number in range(6):
        stage.film(f"Film {number}")
    api = Library(stage.vimeo, stage.toolkit).api()
    assert api.library is not None
    report = run_sync(api.library.sync(api, SyncOptions(requests=6)))
    assert (report.complete, report.requests, report.done, report.of) == (False, 6, 2, 6)
    assert "as many as were allowed" in report.why
    assert len(index_of(stage.toolkit, "user_1").stamps()) == 6, "all titles are there"
    assert stage.sync().read == 4


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
            assert sum(reads.values()) <= 150 + 4, "a kill costs what was under way"
            assert toolkit.library.sync(recheck=0.0, **ME).requests == 2


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_over_a_free_plans_limit(stage: Stage) -> None:
    """Hours of windows, in which Vimeo refuses nothing."""
    stage.vimeo.user.plan = "free"
    stage.vimeo.add_library(videos=250, hours=5)
    moving: Any = Moving(stage.toolkit._blocking, stage.vimeo)
    stage.toolkit._blocking = moving
    report = stage.sync()
    assert (report.complete, report.done, report.of) == (True, 250, 250)
    assert report.requests == 3 + 2 * 250
    assert not [each for each in stage.vimeo.requests if each.status == 429]
    assert moving.passed > 15 * 60, "there were many windows"
    assert moving.passed < 40 * 60, "and each was used"
