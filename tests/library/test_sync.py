"""What a sync finds and keeps, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.changes.library import Library
from tests.changes.test_thousand import Moving
from tests.library.filling import index_of
from tests.library.syncing import ME, WORDS, Answering, Stage, track
from vimeo_toolkit import InvalidInput
from vimeo_toolkit.library.sync_report import SyncOptions, SyncReport
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import HttpRequest
from vimeo_toolkit.sandbox.state import Chapter, Cue

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
