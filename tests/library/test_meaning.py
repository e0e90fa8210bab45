"""A library that is searched by meaning: which models are taken, and what becomes of those that fail."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding
from llama_index.core import MockEmbedding

from tests.library.embedding import TopicEmbeddings, of_topics
from vimeo_toolkit import ConfigurationError, Connection, MissingExtra, VimeoToolkit, generate_key
from vimeo_toolkit.library import embedding
from vimeo_toolkit.library.embedding import NoVectors, embedding_of, text_of
from vimeo_toolkit.library.index import Unembedded
from vimeo_toolkit.sandbox import Sandbox

ME: dict[str, Any] = {"identifier": "user_1"}
KEY = generate_key()
SECRET = "sk-secret-of-the-model"
QUESTION = "quays and docks"


class Failing(TopicEmbeddings):
    """A model that raises what names its key, until it is mended."""

    broken = True

    def embed_documents(self, texts: Sequence[str]) -> list[list[float]]:
        if self.broken:
            raise ValueError(f"{SECRET}: {texts}")
        return super().embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        if self.broken:
            raise SystemExit(SECRET)
        return super().embed_query(text)


class Giving(TopicEmbeddings):
    """A model that gives this."""

    def __init__(self, gives: Any) -> None:
        super().__init__()
        self.gives = gives

    def embed_documents(self, texts: Sequence[str]) -> Any:
        return self.gives

    def embed_query(self, text: str) -> Any:
        return self.gives


@pytest.fixture(scope="module")
def vimeo() -> Iterator[Sandbox]:
    """A sandbox whose user has a few talks, one of them about a boat. Syncs look at its limit every few moments."""
    with Sandbox(window_seconds=2.0) as sandbox:
        sandbox.user.videos.clear()
        talks = sandbox.add_talks()
        sandbox.user.videos[:] = [video for video in talks if video.name.startswith(("Looking", "Bread"))]
        yield sandbox


@pytest.fixture
def made(vimeo: Sandbox, tmp_path: Path) -> Iterator[Callable[..., VimeoToolkit]]:
    """Returns a toolkit with this model, over the same library as the others."""
    toolkits: list[VimeoToolkit] = []

    def make(model: Any = None, **options: Any) -> VimeoToolkit:
        toolkits.append(
            VimeoToolkit(
                [Connection(api_url=vimeo.url)],
                store=f"sqlite:///{tmp_path / 'accounts.db'}",
                key=KEY,
                library=f"sqlite:///{tmp_path / 'library'}",
                embed=model,
                **options,
            )
        )
        if len(toolkits) == 1:
            toolkits[0].import_token(**ME, access_token=vimeo.issue_token().access_token)
        return toolkits[-1]

    yield make
    for each in toolkits:
        each.close()


# ---- from a sync to a search ----


def test_a_sync_makes_vectors_and_a_search_compares_them(made: Callable[..., VimeoToolkit]) -> None:
    model = TopicEmbeddings()
    toolkit = made(model)
    report = toolkit.library.sync(**ME)
    status = toolkit.library.status(**ME)
    assert report.complete
    assert report.why == ""
    assert (report.embedded, report.unembedded) == (status.vectors, 0)
    assert status.vectors == status.vectors_of == len(model.embedded) > status.coverage.passages
    assert any("Wooden Boat" in text and "Rainwater" in text for text in model.embedded), "titles are above"
    found = toolkit.library.search(QUESTION, **ME)
    assert found.not_compared == ""
    assert found.hits[0].video.name.startswith("Looking After a Wooden Boat")
    assert all(hit.passage.start <= hit.second <= hit.passage.end for hit in found.hits)
    assert made().library.search(QUESTION, **ME).hits == (), "no word of it is said"
    again = toolkit.library.sync(**ME)
    assert (again.embedded, again.unembedded) == (0, 0)
    assert made().library.status(**ME).vectors is None


def test_what_was_indexed_without_a_model_gets_vectors(made: Callable[..., VimeoToolkit]) -> None:
    plain = made()
    assert plain.library.sync(**ME).embedded == 0
    toolkit = made(TopicEmbeddings())
    assert "a sync makes their vectors" in toolkit.library.search(QUESTION, **ME).not_compared
    report = toolkit.library.sync(**ME)
    assert (report.read, report.embedded) == (report.rechecked, toolkit.library.status(**ME).vectors_of)
    assert toolkit.library.search(QUESTION, **ME).hits
    other = made(TopicEmbeddings("other topics"))
    assert other.library.status(**ME).vectors == 0
    assert other.library.search(QUESTION, **ME).hits == ()
    assert other.library.sync(**ME).embedded == report.embedded


async def test_asynchronous_callers_have_the_same(
    made: Callable[..., VimeoToolkit], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(TopicEmbeddings):
        def embed_query(self, text: str) -> list[float]:
            waits.set()
            assert goes_on.wait(30)
            return super().embed_query(text)

    waits, goes_on = threading.Event(), threading.Event()
    toolkit = made(Slow())
    assert (await toolkit.library.async_sync(**ME)).unembedded == 0
    searching = asyncio.create_task(toolkit.library.asearch(QUESTION, **ME))
    assert await asyncio.to_thread(waits.wait, 30), "the loop goes on while the model is at work"
    goes_on.set()
    assert (await searching).hits[0].video.name.startswith("Looking")
    waits.clear()
    goes_on.clear()
    monkeypatch.setattr(embedding, "QUESTION_SECONDS", 0.01)
    assert "no answer within" in (await toolkit.library.asearch(QUESTION, **ME)).not_compared
    goes_on.set()
    await toolkit.aclose()


def test_a_batch_that_was_made_is_kept_when_a_sync_ends(
    made: Callable[..., VimeoToolkit], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(Exception):
        pass

    def progress(done: int, of: int) -> None:
        if len(model.embedded) >= 8:
            raise Ended

    model = TopicEmbeddings()
    toolkit = made(model)
    monkeypatch.setattr("vimeo_toolkit.library.sync_vectors.BATCH", 4)
    with pytest.raises(Ended):
        toolkit.library.sync(**ME, progress=progress)
    assert toolkit.library.status(**ME).vectors == 8
    rest = toolkit.library.sync(**ME)
    assert len(model.embedded) == rest.embedded + 8 == toolkit.library.status(**ME).vectors


# ---- models that fail ----


def test_a_model_that_fails_leaves_the_words(
    made: Callable[..., VimeoToolkit], caplog: pytest.LogCaptureFixture
) -> None:
    model = Failing()
    toolkit = made(model)
    report = toolkit.library.sync(**ME)
    assert report.complete, "all words are there"
    assert (report.embedded, report.unembedded) == (0, toolkit.library.status(**ME).vectors_of)
    assert report.why == "The embedding model failed (ValueError)."
    model.broken = False
    toolkit.library.sync(**ME)
    model.broken = True
    found = toolkit.library.search("rotten wood", **ME)
    assert found.hits
    assert found.not_compared == "The embedding model failed (SystemExit). Words alone were searched."
    told = toolkit.execute_tool(**ME, tool_name="vimeo_library_search", tool_input={"query": "rotten wood"})
    assert "a moment ago" in " ".join(told.notes), "it rests after it has failed"
    assert SECRET not in caplog.text
    assert SECRET not in repr(toolkit.library.search("rotten wood", **ME))


@pytest.mark.parametrize("gives", [None, 5, "text", [[0.1]], [["a"], ["b"]], [0.1, None]])
def test_a_model_that_gives_something_else_is_told_of(gives: Any) -> None:
    used = embedding_of(Giving(gives), None)
    with pytest.raises(NoVectors, match="The embedding model gave"):
        used.passages([Unembedded(key, "", "", "text", "spoken") for key in (1, 2)])
    with pytest.raises(NoVectors, match="The embedding model"):
        used.question("a", 0.0)


def test_what_cannot_be_compared_leaves_the_words(made: Callable[..., VimeoToolkit]) -> None:
    report = made(Giving([[float("inf"), 0.2]] * 16), embed_name="topics").library.sync(**ME)
    assert (report.complete, report.embedded) == (True, 0)
    assert report.why.startswith("The embedding model gave")
    made(TopicEmbeddings(), embed_name="topics").library.sync(**ME)
    found = made(Giving([1.0, 2.0]), embed_name="topics").library.search("rotten wood", **ME)
    assert found.hits
    assert "gives 2 numbers for a text and the index has 11" in found.not_compared


def test_a_question_asks_a_model_that_failed_again_later() -> None:
    model = Failing()
    used = embedding_of(model, None)
    with pytest.raises(NoVectors, match="SystemExit"):
        used.question("a", 100.0)
    model.broken = False
    with pytest.raises(NoVectors, match="a moment ago"):
        used.question("a", 110.0)
    assert used.question("a harbour", 140.0) == of_topics("a harbour")


# ---- which models are taken ----


@pytest.mark.parametrize(
    ("model", "name"),
    [(DeterministicFakeEmbedding(size=8), "fake"), (MockEmbedding(embed_dim=8), "mock")],
    ids=["langchain", "llama_index"],
)
def test_models_of_both_frameworks(made: Callable[..., VimeoToolkit], model: Any, name: str) -> None:
    with pytest.raises(ConfigurationError, match="embed_name"):
        made(model)
    toolkit = made(model, embed_name=name)
    report = toolkit.library.sync(**ME)
    assert report.unembedded == 0
    assert report.embedded > 10
    found = toolkit.library.search("rotten wood", **ME)
    assert found.not_compared == ""
    assert found.hits[0].video.name.startswith("Looking")


def test_a_model_says_its_name() -> None:
    named = MockEmbedding(embed_dim=8, model_name="small")
    assert embedding_of(named, None).name == "MockEmbedding small"
    assert embedding_of(named, "mine").name == "mine"
    shortened = TopicEmbeddings("large")
    shortened.dimensions = 256  # type: ignore[attr-defined]
    assert embedding_of(shortened, None).name == "TopicEmbeddings large 256"
    assert "large" in repr(embedding_of(shortened, None))
    shortened.deployment = "ours"  # type: ignore[attr-defined]
    assert embedding_of(shortened, None).name == "TopicEmbeddings large ours 256"


@pytest.mark.parametrize(
    "name", ["/models/small", "./small", "~/small", "C:\\models\\small", "unknown", "", None, 5]
)
def test_a_file_of_this_machine_is_not_a_name(name: Any) -> None:
    with pytest.raises(ConfigurationError, match="embed_name"):
        embedding_of(TopicEmbeddings(name), None)
    assert embedding_of(TopicEmbeddings(name), "small").name == "small"


@pytest.mark.parametrize(
    "model", ["openai:text-embedding-3-small", object(), TopicEmbeddings, len, 5, {"embed_query": len}]
)
def test_something_else_is_refused(made: Callable[..., VimeoToolkit], model: Any) -> None:
    with pytest.raises(ConfigurationError, match="embed_documents, embed_query"):
        made(model)


def test_options_that_cannot_work_are_refused(
    made: Callable[..., VimeoToolkit], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match="library="):
        VimeoToolkit([Connection()], store="sqlite:///:memory:", embed=TopicEmbeddings())
    for name in ("", " ", "x" * 300, 5):
        with pytest.raises(ConfigurationError, match="embed_name"):
            made(TopicEmbeddings(), embed_name=name)
    monkeypatch.setitem(sys.modules, "vimeo_toolkit.library.vectors", None)
    with pytest.raises(MissingExtra, match="numpy"):
        made(TopicEmbeddings())


def test_the_text_of_a_passage_has_its_titles() -> None:
    assert text_of(Unembedded(1, "A talk", "A chapter", "Words.", "spoken")) == "A talk\nA chapter\nWords."
    assert text_of(Unembedded(1, "A talk", "", "A talk\ntags", "about")) == "A talk\ntags"
    assert text_of(Unembedded(1, "", " ", "", "about")) == "untitled"
    assert len(text_of(Unembedded(1, "A talk", "", "x" * 50_000, "spoken"))) == 4_000
