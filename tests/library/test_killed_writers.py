"""A process that is killed in the midst of a write leaves an index that is whole."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.library import many_lives
from tests.library.promises import ANA, EVERYTHING, fill, said, uris, video
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.library import sqlite
from vimeo_toolkit.library.asked import asked
from vimeo_toolkit.library.index import Index, Stamp
from vimeo_toolkit.library.search import search
from vimeo_toolkit.library.sqlite_libraries import SqliteLibraries

VIDEOS = 8
WRITER = """
import itertools, sys
from tests.library import many_lives
from tests.library.promises import ANA, change, said, video
from vimeo_toolkit.library.index import Stamp

index = many_lives.libraries_at(sys.argv[1]).index(ANA)
first = int(sys.argv[2])
for turn in itertools.count(first):
    number = turn % {videos}
    uri = f"/videos/{{number}}"
    if turn % 5 == 4:
        index.remove([uri], [change("deleted", uri)])
        print(number, "gone", flush=True)
    else:
        word = "of" + "abcdefghij"[turn % 10]
        spoken = said(*[f"Turn {{word}} number {{part}} of the harbour." for part in range(40)])
        index.put(video(number), Stamp(str(turn), 1.0), spoken, [change("edited", uri)])
        print(number, turn, flush=True)
"""


def whole(index: Index, folder: Path) -> None:
    """Check that an index is what a new one is that is given the same."""
    again = SqliteLibraries(folder).index(ANA)
    for uri, stamp in index.stamps().items():
        kept = index.video(uri)
        assert kept is not None
        spoken = index.passages(uri)
        assert len(spoken) == 40
        assert len({passage.text.split()[1] for passage in spoken}) == 1, "words of two turns"
        again.put(kept, stamp, spoken)
    question = asked("harbour number turn", ["en"])
    assert index.statistics(question) == again.statistics(question)
    assert index.coverage(EVERYTHING) == again.coverage(EVERYTHING)
    for letter in "abcdefghij":
        words = f"of{letter}"
        assert sorted(uris(search(index, words, limit=50))) == sorted(uris(search(again, words, limit=50)))
    numbers = [each.number for each in index.changes(limit=100_000)]
    assert numbers == sorted(set(numbers))


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where libraries are."""
    if request.param == "sqlite":
        return str(tmp_path / "words")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.mark.slow
def test_a_killed_writer_leaves_whole_videos(place: str, tmp_path: Path) -> None:
    dice = random.Random(5)
    libraries = many_lives.libraries_at(place)
    for kill in range(12):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER.format(videos=VIDEOS), place, str(kill * 7)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        told = "".join(writer.stdout.readline() for _ in range(dice.randrange(1, 12)))
        time.sleep(dice.random() / 50)
        writer.send_signal(signal.SIGKILL)
        told += writer.stdout.read()
        writer.wait()
        index = libraries.index(ANA)
        number, turn = told.rpartition("\n")[0].splitlines()[-1].split()
        there = index.stamps().get(f"/videos/{number}")
        assert (there.stamp if there else "gone") == turn, "what was told is there"
        whole(index, tmp_path / f"again-{kill}")
    libraries.close()


@pytest.mark.slow
def test_processes_that_are_killed_while_indexes_come_and_go_leave_no_words_of_another_life(
    place: str, tmp_path: Path
) -> None:
    many_lives.begin(tmp_path, place)
    dice = random.Random(3)

    def process(seed: int, seconds: float) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", many_lives.__name__, str(tmp_path), str(seed), str(seconds)]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    running = [process(seed, 30) for seed in range(3)]
    for kill in range(20):
        time.sleep(0.2 + dice.random() / 5)
        struck = dice.randrange(3)
        running[struck].kill()
        assert running[struck].communicate()[1] == "", "an error other than that it was deleted"
        running[struck] = process(10 + kill, 30)
    for each in running:
        each.kill()
        assert each.communicate()[1] == ""
    last = process(99, 2)
    assert last.communicate()[1] == ""
    assert last.returncode == 0, "words of another life were found"
    libraries = many_lives.libraries_at(place)
    for user in range(many_lives.USERS):
        generation = many_lives.current(tmp_path, user)
        index = libraries.index(Owner(Identity("vimeo", f"user {user}"), str(generation)))
        for number in range(many_lives.VIDEOS):
            spoken = index.passages(f"/videos/{number}")
            assert len(spoken) in (0, 8)
            assert all(many_lives.word(generation) in passage.text for passage in spoken)
    libraries.close()


def test_a_write_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    libraries = SqliteLibraries(tmp_path / "words")
    index = libraries.index(ANA)
    fill(index)
    before = index.stamps(), index.changes(), index.coverage(EVERYTHING)

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(sqlite, "note_changes", fail)
        with pytest.raises(ZeroDivisionError):
            index.put(video(1), Stamp("late", 2.0), said("Trains instead."))
        with pytest.raises(ZeroDivisionError):
            index.put(video(9), Stamp("late", 2.0), said("Trains, too."))
    assert (index.stamps(), index.changes(), index.coverage(EVERYTHING)) == before
    assert uris(search(index, "trains")) == []
    fill(index, 4)
    assert len(search(index, "harbour").hits) == 4
    libraries.close()
