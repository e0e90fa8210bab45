"""Loaders of what is said in a user's videos: the same documents in both frameworks, whole, and again the same."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.indexing import InMemoryRecordManager, index
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_vimeo import VimeoTranscriptLoader
from llama_index.core import MockEmbedding, VectorStoreIndex
from llama_index.core.readers.base import BasePydanticReader
from llama_index.readers.vimeo import VimeoReader

from tests.adapters.library_world import USER
from vimeo_toolkit import ConfigurationError, Connection, InvalidInput, NotConnected, NotFound, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox, Video
from vimeo_toolkit.sandbox.state.videos import Cue


def loader(toolkit: VimeoToolkit, **given: Any) -> VimeoTranscriptLoader:
    return VimeoTranscriptLoader(identifier=USER, toolkit=toolkit, **given)


def named(vimeo: Sandbox, name: str) -> Video:
    [found] = [video for video in vimeo.user.videos if video.name.startswith(name)]
    return found


@pytest.fixture(scope="module")
def plain(world: tuple[Sandbox, VimeoToolkit]) -> Iterator[VimeoToolkit]:
    """A toolkit for the same user, without an index."""
    vimeo, _ = world
    with VimeoToolkit([Connection(api_url=vimeo.url)], store="sqlite:///:memory:") as toolkit:
        toolkit.import_token(identifier=USER, access_token=vimeo.issue_token(vimeo.user).access_token)
        yield toolkit


@pytest.fixture(scope="module")
def loaded(plain: VimeoToolkit) -> list[Any]:
    return loader(plain).load()


def test_every_word_is_in_a_document(world: tuple[Sandbox, VimeoToolkit], loaded: list[Any]) -> None:
    vimeo, _ = world
    video = named(vimeo, "Evening Lecture")
    mine = [each for each in loaded if each.metadata["video"] == video.uri]
    said = " ".join(cue.text for cue in video.texttracks[0].cues)
    assert " ".join(each.page_content for each in mine).split() == said.split()
    times = [(each.metadata["start"], each.metadata["end"]) for each in mine]
    assert times == sorted(times)
    assert all(start < end <= video.duration + 1 for start, end in times)
    assert {each.metadata["link"] for each in mine} == {
        f"{mine[0].metadata['source']}#t={int(start)}s" for start, _ in times
    }


def test_the_loader_and_the_index_make_the_same_documents(
    world: tuple[Sandbox, VimeoToolkit], loaded: list[Any]
) -> None:
    """So that a vector store that the one fills can be asked beside the other."""
    _, toolkit = world
    library = toolkit.bind_library(identifier=USER)
    found = [
        each
        for question in ("bread", "organ", "boat", "Hochwasser", "abeilles plantes")
        for each in library.search(question, 20)
        if each.metadata["kind"] == "spoken"
    ]
    documents = {each.id: each for each in loaded}
    of_a_hit = {"second", "score", "before", "after", "link"}
    assert len(found) > 5
    for each in found:
        assert documents[each.id].page_content == each.text
        shared = documents[each.id].metadata.items() - {("link", documents[each.id].metadata["link"])}
        assert shared == {(name, value) for name, value in each.metadata.items() if name not in of_a_hit}


async def test_both_frameworks_load_the_same(world: tuple[Sandbox, VimeoToolkit], loaded: list[Any]) -> None:
    _, toolkit = world
    reader = VimeoReader(identifier=USER, toolkit=toolkit)
    assert isinstance(reader, BasePydanticReader)
    assert reader.is_remote
    assert USER not in reader.to_json() + repr(reader)
    seen = [(each.id, each.page_content, each.metadata) for each in loaded]
    assert len({one for one, _, _ in seen}) == len(seen)
    for documents in (reader.load_data(), await reader.aload_data()):
        assert [(each.id_, each.text, each.metadata) for each in documents] == seen
    assert [
        (each.id, each.page_content, each.metadata) async for each in loader(toolkit).alazy_load()
    ] == seen


def test_videos_by_number_link_and_uri(world: tuple[Sandbox, VimeoToolkit], plain: VimeoToolkit) -> None:
    vimeo, toolkit = world
    bread, organ, silent = (
        named(vimeo, name) for name in ("Bread School 1", "Werkstatt", "Harbour, One Hour")
    )
    given = [bread.id, f"https://vimeo.com/{organ.id}", silent.uri, bread.uri]
    for used, requests in ((plain, 5), (toolkit, 1)):  # what there is to know of all; tracks and words of two
        vimeo.requests.clear()
        documents = loader(used, videos=given).load()
        ends = [documents[0].metadata["title"], documents[-1].metadata["title"]]
        assert ends == [bread.name, organ.name]
        assert len(vimeo.requests) == requests


def test_what_the_index_has_read_is_not_asked_for(
    world: tuple[Sandbox, VimeoToolkit], loaded: list[Any]
) -> None:
    vimeo, toolkit = world
    vimeo.requests.clear()
    assert loader(toolkit).load() == loaded
    assert (
        len(vimeo.requests) <= 4
    )  # the list; and whether there is a transcript by now of the two without one


def test_what_has_changed_since_is_asked_for(world: tuple[Sandbox, VimeoToolkit]) -> None:
    vimeo, toolkit = world
    video = named(vimeo, "Bread School 2")
    track, before = video.texttracks[0], video.modified
    cues, track.cues = track.cues, [Cue(0, 4_000, "Entirely other words.")]
    video.modified += timedelta(hours=1)
    try:
        [document] = loader(toolkit, videos=[video.id]).load()
    finally:
        track.cues, video.modified = cues, before
    assert document.page_content == "Entirely other words."


def test_it_is_lazy(world: tuple[Sandbox, VimeoToolkit], plain: VimeoToolkit) -> None:
    vimeo, _ = world
    vimeo.requests.clear()
    assert len(list(islice(loader(plain).lazy_load(), 1))) == 1
    assert len(vimeo.requests) < 10 < len(vimeo.user.videos)


def test_a_language(world: tuple[Sandbox, VimeoToolkit]) -> None:
    vimeo, toolkit = world
    dubbed = named(vimeo, "Taller de")
    assert {each.metadata["language"] for each in loader(toolkit, videos=[dubbed.id]).load()} == {"es"}
    in_english = loader(toolkit, videos=[dubbed.id], language="en").load()
    assert {each.metadata["language"] for each in in_english} == {"en"}


def test_what_has_no_words_is_counted(
    world: tuple[Sandbox, VimeoToolkit], caplog: pytest.LogCaptureFixture
) -> None:
    vimeo, toolkit = world
    videos = [named(vimeo, name).id for name in ("Harbour, One Hour", "Bread School 1")]
    with caplog.at_level(logging.INFO, "vimeo_toolkit.library"):
        assert loader(toolkit, videos=videos).load()
    assert "2 videos were read; 1 of them have no transcript." in caplog.messages


def test_what_is_wrong(world: tuple[Sandbox, VimeoToolkit]) -> None:
    vimeo, toolkit = world
    with pytest.raises(InvalidInput, match="video"):
        loader(toolkit, videos=["no video at all"]).load()
    with pytest.raises(NotFound):
        loader(toolkit, videos=[named(vimeo, "Bread School 1").id, 999_999_999]).load()
    with pytest.raises(NotConnected):
        VimeoTranscriptLoader(identifier="nobody knows", toolkit=toolkit).load()
    of_a_run: Any = str
    for cls in (VimeoTranscriptLoader, VimeoReader):
        with pytest.raises(InvalidInput, match="identifier"):
            cls(toolkit=toolkit)
        with pytest.raises(ConfigurationError, match="bound to no user"):
            cls(identifier=of_a_run, toolkit=toolkit)


def test_a_video_that_goes_meanwhile_is_left_out(world: tuple[Sandbox, VimeoToolkit]) -> None:
    vimeo, toolkit = world
    passing = vimeo.add_video(vimeo.user, "Here and gone")
    documents = loader(toolkit).lazy_load()
    next(documents)  # the list is read
    vimeo.user.videos.remove(passing)
    vimeo.world.videos.pop(passing.id)
    assert "Here and gone" not in {each.metadata["title"] for each in documents}


def test_a_vector_store_of_langchain(world: tuple[Sandbox, VimeoToolkit], loaded: list[Any]) -> None:
    """Loaded again, nothing is there twice, and what is found can be cited."""
    store = InMemoryVectorStore(DeterministicFakeEmbedding(size=16))
    records = InMemoryRecordManager("vimeo")
    records.create_schema()
    first = index(loaded, records, store, cleanup="full", source_id_key="video", key_encoder="sha256")
    again = index(loaded, records, store, cleanup="full", source_id_key="video", key_encoder="sha256")
    assert (first["num_added"], again["num_added"], again["num_skipped"]) == (len(loaded), 0, len(loaded))
    assert all("#t=" in each.metadata["link"] for each in store.similarity_search("bread", k=4))


@pytest.mark.slow
def test_a_vector_store_of_llama_index(world: tuple[Sandbox, VimeoToolkit]) -> None:
    vimeo, toolkit = world
    documents = VimeoReader(identifier=USER, toolkit=toolkit).load_data(videos=[vimeo.user.videos[-1].id])
    built = VectorStoreIndex.from_documents(documents, embed_model=MockEmbedding(embed_dim=8))
    found = built.as_retriever(similarity_top_k=2).retrieve("anything")
    assert all("#t=" in each.node.metadata["link"] for each in found)
    assert {each.node.ref_doc_id for each in found} <= {each.id_ for each in documents}
