"""What every index promises of vectors, in whatever store it is."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.library.embedding import of_topics
from tests.library.promises import ANA, BEN, EVERYTHING, fill, said, video
from vimeo_toolkit.errors import InvalidInput, StoreError
from vimeo_toolkit.identity import Owner
from vimeo_toolkit.library import vectors
from vimeo_toolkit.library.index import Index, Libraries, Stamp
from vimeo_toolkit.library.meaning import Meaning
from vimeo_toolkit.library.model import Filters
from vimeo_toolkit.library.search import search

__all__ = ["VectorPromises", "embed", "near"]

PORT = of_topics("a vessel at the quay")


def embed(index: Index, model: str = "topics", most: int = 1_000) -> int:
    """Make vectors of the passages that have none; return of how many."""
    listed = index.vectors_missing(model, most)
    return index.put_vectors(model, [(each.key, of_topics(each.text)) for each in listed])


def near(index: Index, filters: Filters = EVERYTHING, model: str = "topics", limit: int = 50) -> list[str]:
    """Return the videos of the passages that are nearest to ships in a port, and only of those that are near."""
    keys = [each.key for each in index.nearest(model, PORT, filters, limit) if each.similarity > 0.9]
    rows = index.found(keys)
    return [rows[key].video.uri for key in keys]


class VectorPromises:
    """Tests of one index, beside `LibraryPromises`."""

    def test_passages_get_vectors_and_are_found_by_them(self, index: Index) -> None:
        assert (index.vectors().model, index.vectors().having) == ("", 0)
        assert index.nearest("topics", PORT, EVERYTHING, 5) == []
        fill(index)
        listed = index.vectors_missing("topics", 5)
        assert len(listed) == 5
        assert {each.title for each in listed} <= {"Number 1", "Number 2", "Number 3"}
        following = index.vectors_missing("topics", 50, after=listed[-1].key)
        assert len({each.key for each in (*listed, *following)}) == 12, "three passages and a title each"
        assert {each.kind for each in (*listed, *following)} == {"about", "spoken"}
        assert embed(index, most=5) == 5
        assert (index.vectors().having, index.vectors().passages) == (5, 12)
        assert embed(index) == 7
        assert embed(index) == 0
        kept = index.vectors()
        assert (kept.model, kept.dimensions, kept.having) == ("topics", len(PORT), 12)
        assert sorted(near(index)) == ["/videos/1", "/videos/2", "/videos/3"]
        best = index.nearest("topics", PORT, EVERYTHING, 50)
        assert [each.similarity for each in best] == sorted((each.similarity for each in best), reverse=True)
        assert best[0].kind == "spoken"
        assert best[0].similarity == pytest.approx(1, abs=0.01)
        assert len(index.nearest("topics", PORT, EVERYTHING, 2)) == 2

    def test_filters_hold_for_meaning(self, index: Index) -> None:
        text = "Of the harbour and its ships."
        index.put(video(1), Stamp("s", 1.0), said(text))
        index.put(video(2, folder="/users/1/projects/2"), Stamp("s", 1.0), said(text))
        index.put(video(3, privacy="nobody"), Stamp("s", 1.0), said(text, language="de"))
        index.put(video(4), Stamp("s", 1.0), said(text, language="en-US", speaker="Ána Berg"))
        embed(index)
        for filters, numbers in (
            (EVERYTHING, {1, 2, 3, 4}),
            (Filters(from_date="2024-01-03", until_date="2024-01-05"), {2, 3}),
            (Filters(folder="/users/1/projects/2"), {2}),
            (Filters(privacy="nobody"), {3}),
            (Filters(videos=frozenset({"/videos/1", "/videos/9"})), {1}),
            (Filters(videos=frozenset()), set()),
            (Filters(speaker="berg"), {4}),
            (Filters(speaker="an"), set()),
            (Filters(language="en"), {1, 2, 4}),
            (Filters(language="en", folder="/users/1/projects/2"), {2}),
        ):
            assert set(near(index, filters)) == {f"/videos/{number}" for number in numbers}, filters
            meaning = Meaning("topics", of_topics("docks"))
            found = search(index, "docks", filters=filters, meaning=meaning)
            spoken = {hit.video.uri for hit in found.hits if hit.passage.kind == "spoken"}
            assert spoken == {f"/videos/{number}" for number in numbers}, filters

    def test_vectors_go_with_their_passages(self, index: Index) -> None:
        fill(index)
        embed(index)
        index.put(video(2), Stamp("t", 2.0), said("Trains leave the station."))
        assert index.vectors().having == 8, "those of the words and of the title are gone"
        assert sorted(near(index)) == ["/videos/1", "/videos/3"]
        index.put(video(1, description="Other"), Stamp("t", 2.0), None)
        assert index.vectors().having == 7, "what is said is as it was"
        assert sorted(near(index)) == ["/videos/1", "/videos/3"]
        index.put(video(3, name="Other"), Stamp("t", 2.0), None)
        assert index.vectors().having == 3, "the vectors of what is said in it were under the former title"
        embed(index)
        assert sorted(near(index)) == ["/videos/1", "/videos/3"]
        index.remove(["/videos/1"])
        assert index.vectors().having == index.vectors().passages == 6
        assert near(index) == ["/videos/3"]

    def test_vectors_of_passages_that_were_replaced_meanwhile_are_dropped(self, index: Index) -> None:
        fill(index)
        listed = index.vectors_missing("topics", 50)
        index.remove(["/videos/1"])
        index.put(video(2), Stamp("t", 2.0), said("Ships in another harbour."))
        kept = index.put_vectors("topics", [(each.key, of_topics(each.text)) for each in listed])
        assert kept == index.vectors().having == 4
        assert near(index) == ["/videos/3"]
        assert index.put_vectors("topics", []) == 0

    def test_those_of_another_model_are_made_anew(self, index: Index) -> None:
        fill(index)
        embed(index)
        assert len(index.vectors_missing("other", 50)) == 12
        assert near(index, model="other") == []
        embed(index, "other", 3)
        assert (index.vectors().model, index.vectors().having) == ("other", 3)
        assert near(index) == []
        (first, *_) = index.vectors_missing("other", 50)
        index.put_vectors("other", [(first.key, [1.0, 0.0])])
        assert (index.vectors().dimensions, index.vectors().having) == (2, 1), (
            "a model that changed its length"
        )
        assert index.nearest("other", PORT, EVERYTHING, 5) == [], "they cannot be compared"
        assert len(index.nearest("other", [1.0, 0.0], EVERYTHING, 5)) == 1

    @pytest.mark.parametrize(
        "bad",
        [
            [[1.0, float("nan")], [1.0, 2.0]],
            [[1.0, 2.0], [1.0]],
            [[], []],
            [["a", "b"], ["c", "d"]],
            [None, None],
            [1.0, 2.0],
            [[[1.0]], [[1.0]]],
        ],
    )
    def test_what_is_no_vector_is_refused(self, index: Index, bad: list[list[float]]) -> None:
        fill(index)
        embed(index, most=4)
        keys = [each.key for each in index.vectors_missing("topics", 2)]
        with pytest.raises(InvalidInput, match="vectors"):
            index.put_vectors("topics", list(zip(keys, bad, strict=True)))
        assert index.vectors().having == 4

    def test_a_vector_of_zeros_is_near_to_nothing(self, index: Index) -> None:
        fill(index, 1)
        (first, *_) = index.vectors_missing("zeros", 5)
        index.put_vectors("zeros", [(first.key, [0.0, 0.0, 0.0])])
        assert [each.similarity for each in index.nearest("zeros", [1.0, 0.0, 0.0], EVERYTHING, 5)] == [0.0]

    def test_nobody_finds_those_of_others(
        self, libraries: Libraries, same_libraries: Callable[[], Libraries]
    ) -> None:
        ana, ben = libraries.index(ANA), libraries.index(BEN)
        fill(ana)
        fill(ben, 1)
        embed(ana)
        assert ben.vectors().having == 0
        assert ben.nearest("topics", PORT, EVERYTHING, 5) == []
        keys = [each.key for each in ana.nearest("topics", PORT, EVERYTHING, 5)]
        strange = ben.put_vectors("topics", [(key + 1_000, PORT) for key in keys])
        assert (strange, ben.vectors().having) == (0, 0)
        embed(ben)
        libraries.forget(ANA.identity)
        with pytest.raises(StoreError):
            ana.nearest("topics", PORT, EVERYTHING, 5)
        with pytest.raises(StoreError):
            ana.put_vectors("topics", [(1, PORT)])
        again = same_libraries().index(ANA)
        assert again.vectors().having == 0
        assert again.nearest("topics", PORT, EVERYTHING, 5) == []
        assert near(same_libraries().index(BEN)) == ["/videos/1"]
        later = libraries.index(Owner(BEN.identity, "second"))
        assert later.nearest("topics", PORT, EVERYTHING, 5) == []

    def test_meaning_finds_what_no_word_does(self, index: Index) -> None:
        fill(index)
        embed(index)
        question = "any quays with a vessel?"
        assert search(index, question).hits == ()
        meaning = Meaning("topics", of_topics(question))
        found = search(index, question, meaning=meaning, limit=3)
        assert {hit.passage.text[:5] for hit in found.hits} == {"Ships"}
        assert all(hit.second == hit.passage.start == 60.0 and hit.marks == () for hit in found.hits)
        assert found.corrected == {}
        assert search(index, '"quays with"', meaning=meaning).hits == (), "a phrase is asked for as it is"

    def test_only_what_stands_out_is_found_by_meaning_alone(self, index: Index) -> None:
        for number in range(1, 40):
            index.put(video(number), Stamp("s", 1.0), said(f"Bread of day {number}, and more loaves."))
        index.put(video(40), Stamp("s", 1.0), said("A ship in the harbour."))
        embed(index)
        meaning = Meaning("topics", PORT)
        hits = search(index, "vessels at quays", meaning=meaning, limit=50).hits
        assert [hit.video.uri for hit in hits if hit.passage.kind == "spoken"] == ["/videos/40"]

    def test_words_that_are_there_come_before_meaning(self, index: Index) -> None:
        fill(index)
        index.put(video(4), Stamp("s", 1.0), said("The quay of Lisbon is new.", "Trains stop there."))
        embed(index)
        meaning = Meaning("topics", of_topics("quay in Lisbon"))
        found = search(index, "quay in Lisbon", meaning=meaning)
        assert found.hits[0].video.uri == "/videos/4"
        assert len({hit.video.uri for hit in found.hits}) == 4, "the others follow"

    def test_the_nearest_of_many_are_found_by_their_sketches(
        self, index: Index, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chance = random.Random(7)
        shift = [chance.gauss(0, 1) for _ in range(40)]
        for number in range(1, 9):
            index.put(video(number), Stamp("s", 1.0), said(*[f"Text {each}." for each in range(30)]))
        listed = index.vectors_missing("m", 1_000)
        made = {each.key: [base + chance.gauss(0, 0.5) for base in shift] for each in listed}
        for begin in range(0, len(listed), 50):
            index.put_vectors("m", [(each.key, made[each.key]) for each in listed[begin : begin + 50]])
        exact, asked = [], [base + chance.gauss(0, 0.5) for base in shift]
        exact = [each.key for each in index.nearest("m", asked, EVERYTHING, 10)]
        assert len(exact) == 10
        monkeypatch.setattr(vectors, "_WEIGHED", 200)
        monkeypatch.setattr(vectors, "_COMPARED", 100)
        found = [each.key for each in index.nearest("m", asked, EVERYTHING, 10)]
        assert len(set(found) & set(exact)) >= 8
