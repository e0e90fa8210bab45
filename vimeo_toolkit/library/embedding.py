"""An embedding model of LangChain or LlamaIndex, as a library uses it: by its methods, so neither is imported.

Its blocking methods are called, each in a thread that is given up when it takes too long: a model may be a service
that does not answer. What it raises is never shown, since such texts have keys and what was asked in them.
"""

from __future__ import annotations

import contextvars
import importlib
import logging
import re
import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Any, Final

from vimeo_toolkit.errors import ConfigurationError, MissingExtra
from vimeo_toolkit.library.index import Unembedded

__all__ = ["Embedding", "NoVectors", "embedding_of"]

BATCH: Final = 32
"""Passages whose vectors are asked for at once."""
BATCH_SECONDS: Final = 120.0
QUESTION_SECONDS: Final = 5.0
"""How long a model may take for a batch, and for a question, which somebody waits for."""
_REST: Final = 30.0
"""Seconds in which a model that failed is not asked about questions."""
_LONGEST: Final = 4_000
"""Characters of a text: a description may be longer than what a model takes."""
_NAMED: Final = ("model_name", "model", "model_id")
"""Where a model's name is in the classes of both frameworks."""
_UNNAMED: Final = frozenset({"", "unknown", "default"})
_PATH: Final = re.compile(r"[./~\\]|[A-Za-z]:[/\\]")
"""How a model's name begins that is a file of this machine, and another one's on others."""
_VARIANT: Final = ("deployment", "azure_deployment", "dimensions")
"""What else decides which vectors a model of this name gives: at Azure the deployment, and how long they are."""

_log = logging.getLogger("vimeo_toolkit.library")

Vectors = list[list[float]]


class NoVectors(Exception):
    """The model gave none; the text, a sentence, says why."""


class Embedding:
    """A model and the name under which its vectors are kept.

    Args:
        name: of the model: vectors of another name are made anew.
        of_texts: returns the vectors of passages.
        of_question: returns the vector of a question.
    """

    def __init__(
        self,
        name: str,
        of_texts: Callable[[list[str]], Any],
        of_question: Callable[[str], Any],
    ) -> None:
        self.name = name
        self._of_texts = of_texts
        self._of_question = of_question
        self._rests_until = float("-inf")

    def __repr__(self) -> str:
        return f"Embedding({self.name!r})"

    def passages(self, listed: Sequence[Unembedded]) -> Vectors:
        """Return the vectors of passages, in their order. It blocks.

        Raises:
            NoVectors: the model failed, took too long or gave something else.
        """
        vectors = self._within(BATCH_SECONDS, self._of_texts, [text_of(each) for each in listed])
        try:
            made = list(vectors)
        except TypeError:
            made = []
        if len(made) != len(listed):
            raise NoVectors(f"The embedding model gave {len(made)} vectors for {len(listed)} texts.")
        return [_numbers(vector) for vector in made]

    def question(self, text: str, now: float) -> list[float]:
        """Return the vector of a question. It blocks.

        Args:
            text: the question.
            now: seconds on a clock that nobody sets; a model that has just failed is not asked.

        Raises:
            NoVectors: the model failed, took too long or gave something else, or did so a moment ago.
        """
        if now < self._rests_until:
            raise NoVectors("The embedding model failed a moment ago.")
        try:
            return _numbers(self._within(QUESTION_SECONDS, self._of_question, text))
        except NoVectors:
            self._rests_until = now + _REST
            raise

    def _within(self, seconds: float, function: Callable[[Any], Any], given: Any) -> Any:
        answers: SimpleQueue[tuple[bool, Any]] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put((True, function(given)))
            except BaseException as error:  # also a model that ends the program
                answers.put((False, type(error).__name__))

        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(ask,), name="vimeo-embedding", daemon=True).start()
        try:
            worked, answer = answers.get(timeout=seconds)
        except Empty:
            worked, answer = False, f"no answer within {seconds:g} seconds"
        if not worked:
            _log.warning("The embedding model %s failed: %s.", self.name, answer)
            raise NoVectors(f"The embedding model failed ({answer}).")
        return answer


def text_of(passage: Unembedded) -> str:
    """Return the text whose vector stands for a passage: with the titles that it is under, which say what it is
    about where it does not."""
    titles = () if passage.kind == "about" else (passage.title, passage.heading)
    text = "\n".join(filter(str.strip, (*titles, passage.text)))
    return text[:_LONGEST] or passage.title or "untitled"


def _numbers(vector: Any) -> list[float]:
    try:
        return [float(number) for number in vector]
    except (TypeError, ValueError):
        raise NoVectors("The embedding model gave something else than a list of numbers.") from None


def embedding_of(model: Any, name: str | None) -> Embedding:
    """Return what a model of LangChain or LlamaIndex does, under a name that stays.

    Args:
        model: has `embed_documents` and `embed_query`, as LangChain's `Embeddings`; or `get_text_embedding_batch`
            and `get_query_embedding`, as LlamaIndex's `BaseEmbedding`.
        name: of the model; None to take it from the object.

    Raises:
        ConfigurationError: it is something else, or it has no name of its own.
        MissingExtra: numpy is not installed.
    """
    for texts, question in _METHODS:
        of_texts, of_question = getattr(model, texts, None), getattr(model, question, None)
        if not isinstance(model, type) and callable(of_texts) and callable(of_question):
            break
    else:
        raise ConfigurationError(
            f"embed= is not an embedding model: it is {_described(model)}.",
            hint="Pass an object of LangChain's Embeddings (embed_documents, embed_query) or of LlamaIndex's "
            "BaseEmbedding (get_text_embedding_batch, get_query_embedding).",
        )
    if name is not None and not (isinstance(name, str) and name.strip() and len(name) <= _MOST_NAME):
        raise ConfigurationError(f"embed_name is not a text of 1 to {_MOST_NAME} characters.")
    named = name or _name_of(model)
    if named is None:
        raise ConfigurationError(
            f"The embedding model, {_described(model)}, does not say a name that is the same everywhere.",
            hint='Pass embed_name="…", another one for each model: by it the vectors are kept.',
        )
    try:
        importlib.import_module("vimeo_toolkit.library.vectors")
    except ImportError:
        raise MissingExtra("Comparing vectors (embed=)", "numpy>=2", "library-embeddings") from None
    return Embedding(named, of_texts, of_question)


_METHODS: Final = (
    ("embed_documents", "embed_query"),
    ("get_text_embedding_batch", "get_query_embedding"),
)
_MOST_NAME: Final = 200


def _described(model: Any) -> str:
    return f"the class {model.__name__}" if isinstance(model, type) else f"a {type(model).__name__}"


def _name_of(model: Any) -> str | None:
    """Return a name that is the same in every process that makes the same model; None where it has none."""
    for attribute in _NAMED:
        found = getattr(model, attribute, None)
        if isinstance(found, str) and found not in _UNNAMED and not _PATH.match(found):
            parts = (found, *(getattr(model, attribute, None) for attribute in _VARIANT))
            told = " ".join(str(part) for part in parts if isinstance(part, str | int))
            return f"{type(model).__name__} {told}"[:_MOST_NAME]
    return None
