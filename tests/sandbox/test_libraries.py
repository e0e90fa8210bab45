"""Words to search: the talks in several languages, and libraries of any size."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from vimeo_toolkit.sandbox import Sandbox, Video

NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def vimeo() -> Iterator[Sandbox]:
    with Sandbox(now=NOW, seed_library=False) as running:
        running.add_talks()
        running.add_library(running.add_user("Large"), videos=300, hours=300, seed=7)
        yield running


def talk(vimeo: Sandbox, name: str) -> Video:
    (found,) = [video for video in vimeo.user.videos if video.name.startswith(name)]
    return found


def read(vimeo: Sandbox, path: str) -> object:
    token = vimeo.issue_token(vimeo.user)
    headers = {"Authorization": f"bearer {token.access_token}"}
    return httpx.get(f"{vimeo.url}{path}", headers=headers).json()


# ---- talks ----


def test_talks_leave_the_default_library_as_it_is() -> None:
    plain, more = Sandbox(now=NOW), Sandbox(now=NOW)
    before = [video.id for video in more.user.videos]
    added = more.add_talks()
    assert [video.id for video in plain.user.videos] == before
    assert more.user.videos == [*more.user.videos[: len(before)], *added]


def test_talks_have_all_kinds_of_videos(vimeo: Sandbox) -> None:
    talks = vimeo.user.videos
    spoken = {(video.language or "").partition("-")[0] for video in talks if video.texttracks}
    assert spoken == {"de", "en", "es", "fr", "it", "ja", "pt", "sv"}
    assert {video.view for video in talks} == {"anybody", "nobody", "unlisted", "password", "disable"}
    assert [video.name for video in talks if not video.texttracks and video.playable] == [
        "Harbour, One Hour, No Words"
    ]
    assert [video.name for video in talks if any(not track.cues for track in video.texttracks)] == [
        "Conversation With the Mayor"
    ]
    assert [video.status for video in talks if not video.playable] == ["transcoding"]
    assert {track.provenance for video in talks for track in video.texttracks} == {
        "user_uploaded",
        "autogen_source_audio",
        "autogen_dubbed",
    }
    assert any(video.folder for video in talks)
    assert not all(video.folder for video in talks)
    assert {showcase.name for showcase in vimeo.user.showcases} == {
        "Evening Lectures",
        "Kitchen Courses",
        "Small Studio Podcast",
    }


def test_cues_follow_one_another_within_their_video(vimeo: Sandbox) -> None:
    for video in vimeo.user.videos:
        for track in video.texttracks:
            moment = 0
            for cue in track.cues:
                assert moment <= cue.start < cue.end <= video.duration * 1_000, (video.name, cue)
                assert cue.text.strip() == cue.text
                moment = cue.end
        timecodes = [chapter.timecode for chapter in video.chapters]
        assert timecodes == sorted(set(timecodes))
        assert all(second < video.duration for second in timecodes)


def test_speakers_have_names_where_people_wrote_the_captions(vimeo: Sandbox) -> None:
    track = talk(vimeo, "Small Studio Podcast 14").texttracks[0]
    assert {(cue.speaker, cue.voice) for cue in track.cues} == {("1", "Lena"), ("2", "Marcus")}
    path = f"{talk(vimeo, 'Small Studio Podcast 14').uri}/transcripts/{track.id}"
    segments = read(vimeo, f"{path}?fields=speaker,lines.voice")
    assert isinstance(segments, list)
    assert segments[:2] == [
        {"speaker": "1", "lines": [{"voice": "Lena"}]},
        {"speaker": "2", "lines": [{"voice": "Marcus"}]},
    ]


def test_what_was_misheard_is_in_the_track_that_is_no_longer_shown(vimeo: Sandbox) -> None:
    video = talk(vimeo, "Telescope Evening")
    heard, corrected = video.texttracks
    assert (heard.active, corrected.active) == (False, True)
    assert any("beetle juice" in cue.text for cue in heard.cues)
    assert not any("beetle juice" in cue.text for cue in corrected.cues)
    assert video.modified > video.created


# ---- libraries of any size ----


def test_a_library_has_its_size_and_its_hours(vimeo: Sandbox) -> None:
    videos = vimeo.users[1].videos
    assert len(videos) == 300
    assert sum(video.duration for video in videos) == pytest.approx(300 * 3_600, rel=0.001)
    assert len({video.uri for video in videos}) == len({video.name for video in videos}) == 300


def test_words_are_the_same_at_every_reading_and_for_the_same_seed(vimeo: Sandbox) -> None:
    video = vimeo.users[1].videos[17]
    again = Sandbox(now=NOW).add_library(videos=300, hours=300, seed=7)[17]
    other = Sandbox(now=NOW).add_library(videos=300, hours=300, seed=8)[17]
    cues = list(video.texttracks[0].cues)
    assert cues == list(video.texttracks[0].cues) == list(again.texttracks[0].cues)
    assert cues != list(other.texttracks[0].cues)
    assert len(cues) == len(video.texttracks[0].cues)
    assert cues[-1].end <= video.duration * 1_000


def test_each_video_says_a_word_of_its_own_once(vimeo: Sandbox) -> None:
    said: set[str] = set()
    for video in vimeo.users[1].videos[::60]:
        speech = video.texttracks[0].cues
        texts = [cue.text.lower() for cue in speech]
        word = speech.unique_word  # type: ignore[attr-defined]
        assert [place for place, text in enumerate(texts) if word in text] == [speech.unique_place]  # type: ignore[attr-defined]
        assert word not in said
        said.add(word)


def test_few_words_are_everywhere_and_most_are_rare(vimeo: Sandbox) -> None:
    count: dict[str, int] = {}
    for video in vimeo.users[1].videos[:4]:
        for cue in video.texttracks[0].cues:
            for word in cue.text.lower().strip(".").split():
                count[word] = count.get(word, 0) + 1
    total, most = sum(count.values()), sorted(count.values(), reverse=True)
    assert 0.2 < sum(most[:100]) / total < 0.6
    assert sum(number == 1 for number in most) > len(most) / 3


@pytest.mark.parametrize(("videos", "hours"), [(0, 1), (10, 0)])
def test_a_library_of_nothing_is_refused(videos: int, hours: float) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Sandbox(seed_library=False).add_library(videos=videos, hours=hours)
