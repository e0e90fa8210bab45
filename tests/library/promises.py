"""What every index of a library promises, in whatever store it is."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from vimeo_toolkit.errors import StoreError
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.library.asked import asked
from vimeo_toolkit.library.index import Index, Libraries, Stamp
from vimeo_toolkit.library.model import Change, Filters, IndexedVideo, Passage, Segment
from vimeo_toolkit.library.passages import passages
from vimeo_toolkit.library.search import Found, search

__all__ = ["LibraryPromises", "change", "said", "video"]

ANA = Owner(Identity("vimeo", "ana"), "first")
BEN = Owner(Identity("vimeo", "ben"), "first")
EVERYTHING = Filters()


def video(number: int, **of: object) -> IndexedVideo:
    """Return a video; its title says nothing that its passages say."""
    made = IndexedVideo(
        uri=f"/videos/{number}",
        name=f"Number {number}",
        link=f"https://vimeo.com/{number}",
        created=f"2024-01-{number % 28 + 1:02}T10:00:00+00:00",
        modified="2024-02-01T00:00:00+00:00",
        duration=600.0,
        privacy="anybody",
        language="en",
        words="captions",
    )
    return replace(made, **of)  # type: ignore[arg-type]


def said(*texts: str, language: str = "en", speaker: str = "", pause: float = 60.0) -> list[Passage]:
    """Return a passage for each text, which begins at the first, second, … minute."""
    made: list[Passage] = []
    for number, text in enumerate(texts):
        segments = [Segment(number * pause, number * pause + 10, text, speaker)]
        made += passages(segments, language)
    return made


def change(kind: str, uri: str, what: Sequence[str] = ()) -> Change:
    return Change(0, kind, uri, "A name", "https://vimeo.com/1", 5.0, tuple(what))  # type: ignore[arg-type]


def uris(found: Found) -> list[str]:
    return [hit.video.uri for hit in found.hits]


def fill(index: Index, videos: int = 3) -> None:
    """Put videos that say "harbour" in the second of three passages."""
    for number in range(1, videos + 1):
        texts = (
            "We begin with the weather.",
            f"Ships number {number} leave the harbour.",
            "That is the end of it.",
        )
        index.put(video(number), Stamp(f"s{number}", 1.0), said(*texts))


class LibraryPromises:
    """Tests of one index; a subclass has the fixture `libraries`, and `same_libraries`, which opens them again."""

    @pytest.fixture
    def index(self, libraries: Libraries) -> Index:
        return libraries.index(ANA)

    # ---- what a sync keeps ----

    def test_what_was_put_is_there(self, index: Index) -> None:
        kept = video(
            7,
            link="https://vimeo.com/7/abcdef",
            description="Two lines\nof “text”, with signs: % _ ' \" \\ ☃ \U0001f600",
            tags=("sea", "ships & co"),
            chapters=((0.0, "Start"), (30.5, "The harbour")),
            folder="/users/1/projects/2",
            language="",
            more={"a": [1, None]},
        )
        spoken = [
            Passage(0.5, 9.25, "It\u2019s a start.", "en-x-autogen", "Ana; Ben", times=((0, 0.5), (5, 3.0))),
            Passage(9.25, 20.0, "And that is all.", "en-x-autogen"),
        ]
        index.put(kept, Stamp("of now", 12.5), iter(spoken))
        assert index.video(kept.uri) == kept
        assert index.video("/videos/8") is None
        assert index.passages(kept.uri) == spoken
        assert index.passages("/videos/8") == []
        assert index.stamps() == {kept.uri: Stamp("of now", 12.5)}
        assert index.languages() == ("en",)
        coverage = index.coverage(EVERYTHING)
        assert (coverage.videos, coverage.captions, coverage.none, coverage.pending) == (1, 1, 0, 0)
        assert coverage.passages == 2
        assert coverage.languages == ("en",)

    def test_a_video_that_is_put_again_is_not_there_twice(self, index: Index) -> None:
        fill(index)
        known = index.statistics(asked("harbour ships", index.languages()))
        for _ in range(3):
            fill(index)
        assert index.statistics(asked("harbour ships", index.languages())) == known
        assert index.coverage(EVERYTHING).passages == 9
        assert sorted(uris(search(index, "harbour"))) == ["/videos/1", "/videos/2", "/videos/3"]

    def test_new_words_replace_the_former(self, index: Index) -> None:
        fill(index)
        index.put(video(2), Stamp("t", 2.0), said("Trains leave the station."))
        assert sorted(uris(search(index, "harbour"))) == ["/videos/1", "/videos/3"]
        assert uris(search(index, "stations")) == ["/videos/2"]
        index.put(video(2, words="none"), Stamp("u", 3.0), [])
        assert uris(search(index, "station")) == []
        assert index.coverage(EVERYTHING).none == 1

    def test_words_in_no_language_are_found_beside_those_of_one(self, index: Index) -> None:
        index.put(video(1), Stamp("s", 1.0), said("Ships leave the harbour."))
        index.put(video(2), Stamp("s", 1.0), [Passage(0.0, 5.0, "Mooring lines", "")])
        assert index.languages() == ("", "en")
        assert index.coverage(EVERYTHING).languages == ("en",)
        assert uris(search(index, "mooring lines")) == ["/videos/2"]

    def test_a_title_changes_and_the_words_stay(self, index: Index) -> None:
        fill(index)
        before = index.passages("/videos/2")
        index.put(video(2, name="Of lighthouses"), Stamp("t", 2.0), None)
        assert index.passages("/videos/2") == before
        assert [(hit.video.uri, hit.passage.kind) for hit in search(index, "lighthouse").hits] == [
            ("/videos/2", "about")
        ]
        assert uris(search(index, "harbour number 2"))[0] == "/videos/2"
        assert index.coverage(EVERYTHING).passages == 9

    def test_what_was_removed_is_gone(self, index: Index) -> None:
        fill(index)
        assert index.remove(["/videos/1", "/videos/3", "/videos/9"], [change("deleted", "/videos/1")]) == 2
        assert list(index.stamps()) == ["/videos/2"]
        assert uris(search(index, "harbour")) == ["/videos/2"]
        assert index.passages("/videos/1") == []
        assert [each.uri for each in index.changes()] == ["/videos/1"]

    def test_a_look_at_the_tracks_is_noted(self, index: Index) -> None:
        fill(index)
        index.checked(["/videos/1", "/videos/3", "/videos/9"], 77.0)
        assert {uri: stamp.checked for uri, stamp in index.stamps().items()} == {
            "/videos/1": 77.0,
            "/videos/2": 1.0,
            "/videos/3": 77.0,
        }

    def test_what_is_noted_is_read(self, index: Index) -> None:
        assert index.state() == {}
        index.note({"complete": 1.5, "next": None, "of": ["a"]})
        assert index.state() == {"complete": 1.5, "next": None, "of": ["a"]}
        index.note({"complete": 2})
        assert index.state() == {"complete": 2}

    def test_changes_have_growing_numbers(self, index: Index) -> None:
        index.put(
            video(1), Stamp("s", 1.0), None, [change("new", "/videos/1"), change("captioned", "/videos/1")]
        )
        index.put(video(1), Stamp("t", 1.0), None, [change("edited", "/videos/1", ["name", "tags"])])
        index.remove([], [change("deleted", "/videos/2")])
        numbers = [each.number for each in index.changes()]
        assert [each.kind for each in index.changes()] == ["new", "captioned", "edited", "deleted"]
        assert numbers == sorted(set(numbers))
        assert numbers[0] > 0
        assert index.changes(numbers[1])[0].what == ("name", "tags")
        assert [each.number for each in index.changes(numbers[0], limit=2)] == numbers[1:3]
        assert index.changes(numbers[-1]) == []

    def test_it_is_there_when_it_is_opened_again(
        self, index: Index, same_libraries: Callable[[], Libraries]
    ) -> None:
        fill(index)
        index.note({"a": 1})
        index.close()
        again = same_libraries().index(ANA)
        assert again.state() == {"a": 1}
        assert again.stamps() == index.stamps()
        assert len(search(again, "harbour").hits) == 3

    # ---- whose it is ----

    def test_each_user_has_their_own(self, libraries: Libraries) -> None:
        ana, ben = libraries.index(ANA), libraries.index(BEN)
        fill(ana)
        ben.put(video(1, name="Ben's"), Stamp("b", 1.0), said("Ben speaks of a harbour, too."))
        ben.put(video(50), Stamp("b", 1.0), said("And of trains."))
        assert uris(search(ben, "harbour")) == ["/videos/1"]
        assert search(ben, "harbour").hits[0].video.name == "Ben's"
        assert uris(search(ana, "trains")) == []
        assert search(ana, "ben").hits == ()
        assert ana.video("/videos/50") is None
        assert ben.remove(["/videos/1", "/videos/2"]) == 1
        assert len(search(ana, "harbour").hits) == 3
        ben.note({"b": 1})
        assert ana.state() == {}
        read = asked("harbour", ana.languages())
        keys = [each.key for each in ana.candidates(read, ana.statistics(read), EVERYTHING)]
        assert len(keys) == 3
        theirs = ben.found(keys).values()
        assert all(row.video.uri == "/videos/50" for row in theirs), (
            "a key of another's library finds only one's own"
        )
        assert ana.similar_words("trians") == []
        assert ben.similar_words("trians") == ["trains"]

    @pytest.mark.parametrize(
        "other",
        [
            Identity("vimeo", "ANA"),
            Identity("vimeo", "ana "),
            Identity("ana", "vimeo"),
            Identity("v", "imeoana"),
        ],
    )
    def test_names_that_are_alike_are_apart(self, libraries: Libraries, other: Identity) -> None:
        fill(libraries.index(ANA))
        assert libraries.index(Owner(other, "first")).stamps() == {}
        assert libraries.forget(other) is True
        assert len(libraries.index(ANA).stamps()) == 3

    def test_another_vimeo_user_under_the_same_identity_finds_nothing(self, libraries: Libraries) -> None:
        former = libraries.index(ANA)
        fill(former)
        later = libraries.index(Owner(ANA.identity, "second"))
        assert later.stamps() == {}
        assert search(later, "harbour").hits == ()
        with pytest.raises(StoreError):
            former.put(video(9), Stamp("s", 1.0), said("Late words about a harbour."))
        with pytest.raises(StoreError):
            former.stamps()
        assert later.stamps() == {}
        assert later.changes() == []
        assert later.state() == {}

    def test_numbers_of_changes_go_on_where_an_index_is_made_anew(self, libraries: Libraries) -> None:
        numbers = []
        for _ in range(2):
            index = libraries.index(ANA)
            index.put(video(1), Stamp("s", 1.0), None, [change("new", "/videos/1")])
            numbers += [each.number for each in index.changes()]
            libraries.forget(ANA.identity)
        assert numbers[0] < numbers[1]
        assert len(numbers) == 2

    def test_what_is_forgotten_is_gone_for_whoever_has_it_open(
        self, libraries: Libraries, same_libraries: Callable[[], Libraries]
    ) -> None:
        here, there = libraries.index(ANA), same_libraries().index(ANA)
        fill(libraries.index(BEN))
        fill(here)
        assert len(search(there, "harbour").hits) == 3
        assert libraries.forget(ANA.identity) is True
        assert libraries.forget(ANA.identity) is False
        for index in (here, there):
            with pytest.raises(StoreError):
                index.put(video(9), Stamp("s", 1.0), said("Late words about a harbour."))
            with pytest.raises(StoreError):
                search(index, "harbour")
            with pytest.raises(StoreError):
                index.note({"late": True})
        assert set(libraries.users()) == {BEN.identity.digest}
        again = libraries.index(ANA)
        assert again.stamps() == {}
        assert again.state() == {}
        assert len(libraries.index(BEN).stamps()) == 3

    def test_indexes_are_listed_and_deleted_by_the_digest(self, libraries: Libraries) -> None:
        assert libraries.users() == {}
        for owner in (ANA, BEN):
            fill(libraries.index(owner), 1)
        users = libraries.users()
        assert set(users) == {ANA.identity.digest, BEN.identity.digest}
        assert all(written > 1_000_000_000 for written in users.values())
        assert libraries.discard(ANA.identity.digest) is True
        assert libraries.discard(ANA.identity.digest) is False
        assert libraries.discard("../" + BEN.identity.digest) is False
        assert set(libraries.users()) == {BEN.identity.digest}

    # ---- what is found ----

    def test_a_hit_cites_the_second_and_shows_what_stands_around(self, index: Index) -> None:
        made = list(
            passages(
                [
                    Segment(100.0, 104.0, "Good morning to all of you."),
                    Segment(104.0, 110.0, "The lighthouse keeper is asleep."),
                    Segment(110.0, 112.0, "Nobody minds."),
                ],
                "en",
            )
        )
        before, after = said("It is dark.")[0], said("It is light again.")[0]
        index.put(video(1, link="https://vimeo.com/1/beef"), Stamp("s", 1.0), [before, *made, after])
        (hit,) = search(index, "who is the keeper of the lighthouse?").hits
        assert (hit.second, hit.link) == (104.0, "https://vimeo.com/1/beef#t=104s")
        assert (hit.passage, hit.before, hit.after) == (made[0], "It is dark.", "It is light again.")
        assert [hit.passage.text[begin:end] for begin, end in hit.marks] == ["lighthouse", "keeper"]

    def test_the_second_is_where_the_words_are_closest_together(self, index: Index) -> None:
        made = passages(
            [
                Segment(0.0, 4.0, "Today we cook onions."),
                Segment(5.0, 9.0, "First of all we peel the onions."),
                Segment(10.0, 14.0, "The onions are fried slowly."),
            ],
            "en",
        )
        index.put(video(1), Stamp("s", 1.0), list(made))
        assert search(index, "how do I peel an onion?").hits[0].second == 5.0
        assert search(index, "slowly fried onions").hits[0].second == 10.0

    def test_languages_are_stemmed_and_folded_each_in_its_way(self, index: Index) -> None:
        index.put(video(1), Stamp("s", 1.0), said("Die Wanderungen im Gebirge waren schön.", language="de"))
        index.put(video(2), Stamp("s", 1.0), said("Les marées étaient très hautes.", language="fr-FR"))
        index.put(video(3), Stamp("s", 1.0), said("Las montañas más altas.", language="es-419"))
        index.put(
            video(4), Stamp("s", 1.0), said("今日はコンパイラの最適化について話します。", language="ja")
        )
        index.put(video(5), Stamp("s", 1.0), said("They were running faster.", language="en-x-autogen"))
        index.put(video(6), Stamp("s", 1.0), said("고양이는 물을 마십니다.", language="ko"))
        index.put(video(7), Stamp("s", 1.0), said("登山前先看天气。", language="zh-Hans"))
        index.put(video(8), Stamp("s", 1.0), said("हिन्दी में पाठ", language="hi"))
        index.put(video(9), Stamp("s", 1.0), said("Это длинные дороги.", language="ru"))
        index.put(video(10), Stamp("s", 1.0), said("Eine Mausefalle steht im Keller.", language="de"))
        for question, uri in (
            ("wanderung", "/videos/1"),
            ("SCHON", "/videos/1"),
            ("maree", "/videos/2"),
            ("montana", "/videos/3"),
            ("コンパイラ", "/videos/4"),
            ("最適化", "/videos/4"),
            ('"最適化"', "/videos/4"),
            ("who runs?", "/videos/5"),
            ("고양이", "/videos/6"),
            ("天气", "/videos/7"),
            ("हिन्दी", "/videos/8"),
            ("дорога", "/videos/9"),
            ("Mäuse", "/videos/10"),
        ):
            assert uris(search(index, question))[:1] == [uri], question

    def test_phrases_beginnings_and_misspelled_words(self, index: Index) -> None:
        index.put(video(1), Stamp("s", 1.0), said("The red lighthouse stands alone."))
        index.put(video(2), Stamp("s", 1.0), said("The lighthouse, red at night, is open after all."))
        assert uris(search(index, '"red lighthouse"')) == ["/videos/1"]
        assert uris(search(index, '"lighthouse red"')) == ["/videos/2"]
        assert uris(search(index, '"red night"')) == []
        assert sorted(uris(search(index, "lightho*"))) == ["/videos/1", "/videos/2"]
        found = search(index, "ligthhouse")
        assert sorted(uris(found)) == ["/videos/1", "/videos/2"]
        assert found.corrected == {"ligthhouse": "lighthouse"}
        assert search(index, "lighthouse").corrected == {}
        assert search(index, "mighthouse").corrected == {"mighthouse": "lighthouse"}
        assert search(index, "alll").hits == (), "a word is not taken for one that stands for grammar"

    @pytest.mark.parametrize(
        "question",
        [
            "",
            " ",
            "?!",
            '"',
            '""',
            '" "',
            "* *",
            "a*",
            "NOT AND OR",
            "the",
            "x" * 5_000,
            "word " * 2_000,
            "\x00",
            "\ud800",
            "';drop table video;--",
            "{a b}: (c",
            "^col : x",
            "near(a b, 3)",
            "%_\\",
            "word:* & !| <->",
            "\u200b",
        ],
    )
    def test_any_question_has_an_answer(self, index: Index, question: str) -> None:
        fill(index)
        found = search(index, question)
        assert found.coverage.videos == 3
        assert len(search(index, "harbour").hits) == 3

    def test_an_empty_index_answers(self, index: Index) -> None:
        found = search(index, '"red lighthouse" harbour ship* lighthose')
        assert found.hits == ()
        assert found.coverage.videos == 0
        assert index.similar_words("harbor") == []
        assert index.found([1, 2, 3]) == {}

    @pytest.mark.parametrize(
        ("filters", "numbers"),
        [
            (EVERYTHING, {1, 2, 3, 4}),
            (Filters(from_date="2024-01-03"), {2, 3, 4}),
            (Filters(from_date="2024-01-03T10:00:00+00:00", until_date="2024-01-04T10:00:00+00:00"), {2}),
            (Filters(until_date="2024-01-03"), {1}),
            (Filters(folder="/users/1/projects/2"), {2}),
            (Filters(privacy="nobody"), {3}),
            (Filters(videos=frozenset({"/videos/1", "/videos/4", "/videos/99"})), {1, 4}),
            (Filters(videos=frozenset()), set()),
            (Filters(speaker="ana"), {4}),
            (Filters(speaker="BERG"), {4}),
            (Filters(speaker="an"), set()),
            (Filters(language="de"), {3}),
            (Filters(language="en"), {1, 2, 4}),
            (Filters(language="en-US"), {4}),
            (Filters(privacy="anybody", from_date="2024-01-03", folder="/users/1/projects/9"), set()),
        ],
    )
    def test_filters_narrow_the_search(self, index: Index, filters: Filters, numbers: set[int]) -> None:
        text = "Of the harbour."
        index.put(video(1), Stamp("s", 1.0), said(text))
        index.put(video(2, folder="/users/1/projects/2"), Stamp("s", 1.0), said(text))
        index.put(video(3, privacy="nobody"), Stamp("s", 1.0), said(text, language="de"))
        index.put(video(4), Stamp("s", 1.0), said(text, language="en-US", speaker="Ána Berg"))
        found = search(index, "harbour", filters=filters)
        assert set(uris(found)) == {f"/videos/{number}" for number in numbers}
        if not (filters.speaker or filters.language):
            assert found.coverage.videos == len(numbers)

    def test_what_could_not_be_searched_is_told(self, index: Index) -> None:
        index.put(video(1), Stamp("s", 1.0), said("Of the harbour."))
        index.put(video(2, words="none", name="The harbour at night"), Stamp("s", 1.0), [])
        index.put(video(3, words="pending"), Stamp("s", 1.0), None)
        found = search(index, "harbour")
        assert (found.coverage.captions, found.coverage.none, found.coverage.pending) == (1, 1, 1)
        assert uris(found) == ["/videos/1", "/videos/2"], "what is said comes before a title"
        assert found.hits[1].link == "https://vimeo.com/2"
        narrowed = search(index, "harbour", filters=Filters(videos=frozenset({"/videos/2"})))
        assert (narrowed.coverage.captions, narrowed.coverage.none) == (0, 1)

    def test_chapters_are_found_where_they_begin(self, index: Index) -> None:
        index.put(
            video(1, words="none", chapters=((0.0, "Welcome"), (95.0, "Mooring lines"))), Stamp("s", 1.0), []
        )
        (hit, *_) = search(index, "mooring line").hits
        assert (hit.passage.kind, hit.second, hit.passage.end) == ("chapter", 95.0, 600.0)
        assert hit.link == "https://vimeo.com/1#t=95s"

    def test_the_title_of_a_chapter_finds_what_is_said_in_it(self, index: Index) -> None:
        talk = video(1, chapters=((0.0, "Welcome"), (60.0, "Mooring lines")))
        index.put(talk, Stamp("s", 1.0), said("Hello.", "Never tie them tight.", "Bye, and come again."))
        index.put(video(2), Stamp("s", 1.0), said("A line is not a rope."))
        found = search(index, "mooring lines")
        assert [(hit.video.uri, hit.passage.text) for hit in found.hits[:1]] == [
            ("/videos/1", "Never tie them tight.")
        ]
        index.put(replace(talk, chapters=((60.0, "Fenders"),)), Stamp("t", 1.0), None)
        assert [hit.passage.text for hit in search(index, "fender").hits] == [
            "Never tie them tight.",
            "Bye, and come again.",
        ]
        assert "/videos/1" not in uris(search(index, "mooring"))

    def test_passages_of_one_video_stand_together(self, index: Index) -> None:
        index.put(
            video(1), Stamp("s", 1.0), said("A harbour.", "The harbour.", "One more harbour.", "No harbour.")
        )
        index.put(
            video(2), Stamp("s", 1.0), said("Of the harbour and other places by the sea, where ships are.")
        )
        found = search(index, "harbour")
        assert [each.uri for each, _ in found.videos] == ["/videos/1", "/videos/2"]
        assert len(found.videos[0][1]) == 3, "a video does not fill the answer alone"

    def test_common_words_find_what_has_all_of_them(self, index: Index) -> None:
        for number in range(1, 60):
            index.put(
                video(number), Stamp("s", 1.0), said(*["Ships go by."] * 30, *["The sea is calm."] * 30)
            )
        index.put(video(60), Stamp("s", 1.0), said("Ships on a calm sea."))
        assert uris(search(index, "ships sea"))[0] == "/videos/60"
        assert (
            search(index, "ships", filters=Filters(videos=frozenset({"/videos/60"}))).hits[0].video.uri
            == "/videos/60"
        )

    # ---- many at once ----

    def test_threads_read_while_others_write(self, libraries: Libraries) -> None:
        fill(libraries.index(ANA), 4)
        problems: list[BaseException] = []

        def write(seed: int) -> None:
            chance = random.Random(seed)
            for _ in range(12):
                number = chance.randrange(1, 5)
                index = libraries.index(ANA)
                index.put(
                    video(number), Stamp(str(seed), 1.0), said(f"Ships leave the harbour {number}.", "End.")
                )

        def read(_: int) -> None:
            for _ in range(12):
                found = search(libraries.index(ANA), "harbour")
                assert sorted(uris(found)) == [f"/videos/{number}" for number in range(1, 5)]

        def run(task: Callable[[int], None], seed: int) -> None:
            try:
                task(seed)
            except BaseException as error:
                problems.append(error)

        threads = [
            threading.Thread(target=run, args=(task, seed)) for seed in range(2) for task in (write, read)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if problems:
            raise problems[0]
        assert len(libraries.index(ANA).stamps()) == 4
