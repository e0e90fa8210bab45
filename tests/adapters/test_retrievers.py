"""Retrievers over a user's library: LangChain's standard tests, whose is searched, and what a document has."""

from __future__ import annotations

import asyncio
import pickle
from typing import Any
from urllib.parse import urlsplit

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableConfig, RunnableLambda
from langchain_core.tools import create_retriever_tool
from langchain_tests.integration_tests import RetrieversIntegrationTests
from langchain_vimeo import VimeoRetriever
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode
from llama_index.readers.vimeo import VimeoRetriever as LlamaRetriever

from tests.adapters.library_world import OTHER, USER
from vimeo_toolkit import (
    ConfigurationError,
    Connection,
    Filters,
    InvalidInput,
    NotConnected,
    VimeoToolkit,
    WrongUser,
)
from vimeo_toolkit.sandbox import Sandbox

QUESTION = "how to keep a sourdough starter alive"


@pytest.fixture
def indexed(world: tuple[Sandbox, VimeoToolkit]) -> VimeoToolkit:
    return world[1]


class TestStandard(RetrieversIntegrationTests):
    """LangChain's own tests for retrievers."""

    toolkit: VimeoToolkit

    @pytest.fixture(autouse=True)
    def _give(self, world: tuple[Sandbox, VimeoToolkit]) -> None:
        type(self).toolkit = world[1]

    @property
    def retriever_constructor(self) -> type[VimeoRetriever]:
        return VimeoRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"identifier": USER, "toolkit": self.toolkit}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


def test_a_document_has_what_a_citation_needs(world: tuple[Sandbox, VimeoToolkit]) -> None:
    vimeo, toolkit = world
    first = VimeoRetriever(identifier=USER, toolkit=toolkit).invoke("how long in the refrigerator")[0]
    shown = first.metadata
    [video] = [each for each in vimeo.user.videos if each.uri == shown["video"]]
    [cue] = [each for each in video.texttracks[0].cues if each.start == shown["second"] * 1000]
    assert "refrigerator" in cue.text
    assert cue.text in first.page_content
    assert (shown["title"], shown["owner"], shown["folder"]) == (
        video.name,
        vimeo.user.uri,
        f"{vimeo.user.uri}/projects/{video.folder.id if video.folder else ''}",
    )
    assert shown["link"] == f"{shown['source']}#t={int(shown['second'])}s"
    assert 0 < shown["start"] <= shown["second"] <= shown["end"]
    assert (shown["language"], shown["privacy"]) == ("en-US", "anybody")


def test_every_value_is_a_text_or_a_number(indexed: VimeoToolkit) -> None:
    """Some vector stores refuse lists and None, and some ids that are not UUIDs."""
    for question in (QUESTION, "organ tuning", "Festival Recap", "knead"):
        for document in VimeoRetriever(identifier=USER, toolkit=indexed, k=20).invoke(question):
            assert {type(value) for value in document.metadata.values()} <= {str, int, float}
            assert len(str(document.id)) == 36


def test_the_hash_of_an_unlisted_video_is_kept(world: tuple[Sandbox, VimeoToolkit]) -> None:
    vimeo, toolkit = world
    [video] = [each for each in vimeo.user.videos if each.name == "Sleep, Light and Night Shifts"]
    found = toolkit.library.search("night shifts sleep", identifier=USER, limit=1).hits[0]
    assert urlsplit(found.link).path == f"/{video.id}/{video.secret_hash}"
    assert found.player == (
        f"https://player.vimeo.com/video/{video.id}?h={video.secret_hash}#t={int(found.second)}s"
    )


async def test_both_frameworks_find_the_same(indexed: VimeoToolkit) -> None:
    lang = VimeoRetriever(identifier=USER, toolkit=indexed, k=5)
    llama = LlamaRetriever(identifier=USER, toolkit=indexed, similarity_top_k=5)
    documents = lang.invoke(QUESTION)
    nodes = llama.retrieve(QUESTION)
    assert [(each.id, each.page_content, each.metadata) for each in documents] == [
        (each.node_id, each.text, each.metadata) for each in nodes
    ]
    assert await lang.ainvoke(QUESTION) == documents
    assert [each.node_id for each in await llama.aretrieve(QUESTION)] == [each.node_id for each in nodes]
    assert [each.score for each in nodes] == sorted((each.score or 0.0 for each in nodes), reverse=True)


def test_what_llama_index_shows_to_models(indexed: VimeoToolkit) -> None:
    node = LlamaRetriever(identifier=USER, toolkit=indexed).retrieve(QUESTION)[0].node
    embedded, read = (node.get_content(mode) for mode in (MetadataMode.EMBED, MetadataMode.LLM))
    assert "https://" not in embedded
    assert node.metadata["link"] in read
    assert "/users/" not in read


def test_filters_at_the_beginning_and_at_a_call(indexed: VimeoToolkit) -> None:
    german = Filters(language="de")
    retriever = VimeoRetriever(identifier=USER, toolkit=indexed, filters=german)
    assert {each.metadata["language"] for each in retriever.invoke("Orgel Kette Sauerkraut")} == {"de"}
    secret = retriever.invoke("payments", filters=Filters(privacy="nobody"))
    assert {each.metadata["privacy"] for each in secret} == {"nobody"}


class _Trace(BaseCallbackHandler):
    raise_error = True

    def __init__(self) -> None:
        self.told: list[str] = []

    def on_retriever_start(self, *args: Any, **kwargs: Any) -> None:
        self.told.append(repr((args, kwargs)))

    def on_retriever_end(self, documents: Any, **kwargs: Any) -> None:
        self.told.append(repr((documents, kwargs)))


def test_no_identity_in_what_is_shown_and_traced(indexed: VimeoToolkit) -> None:
    trace = _Trace()
    lang = VimeoRetriever(identifier=USER, toolkit=indexed)
    found = lang.invoke(QUESTION, {"callbacks": [trace]})
    llama = LlamaRetriever(identifier=USER, toolkit=indexed)
    assert len(trace.told) == 2
    for text in (
        *trace.told,
        repr(lang),
        lang.model_dump_json(),
        repr(found),
        repr(llama.retrieve(QUESTION)),
    ):
        assert USER not in text
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        pickle.dumps(lang)


# ---- whose library ----


def of_config(config: RunnableConfig) -> str:
    return str(config["configurable"]["user"])


def owners(documents: list[Document]) -> set[str]:
    return {each.metadata["owner_name"] for each in documents}


async def test_one_retriever_serves_many_users(world: tuple[Sandbox, VimeoToolkit]) -> None:
    vimeo, toolkit = world
    retriever = VimeoRetriever(identifier=of_config, toolkit=toolkit)
    chain = RunnableLambda(lambda question: question) | retriever
    cues: Any = vimeo.users[1].videos[0].texttracks[0].cues
    word = cues.unique_word
    for runnable in (retriever, chain):
        config: RunnableConfig = {"configurable": {"user": OTHER}}
        assert owners(runnable.invoke(word, config)) == {"Other"}
        assert owners(await runnable.ainvoke(word, config)) == {"Other"}
        config = {"configurable": {"user": USER}}
        assert "Other" not in owners(runnable.invoke(word, config) + await runnable.ainvoke(QUESTION, config))
    calls = (
        retriever.ainvoke(question, {"configurable": {"user": user}})
        for user, question in ((USER, QUESTION), (OTHER, word)) * 5
    )
    assert [owners(each) for each in await asyncio.gather(*calls)] == [{vimeo.user.name}, {"Other"}] * 5
    with pytest.raises(ConfigurationError, match="identifier"):
        retriever.invoke(QUESTION)


def test_a_thread_belongs_to_who_began_it(indexed: VimeoToolkit) -> None:
    retriever = VimeoRetriever(identifier=of_config, toolkit=indexed)
    graph = StateGraph(MessagesState)
    graph.add_node(
        "find", lambda state: {"messages": [("ai", retriever.invoke("bread")[0].metadata["link"])]}
    )
    graph.add_edge(START, "find")
    app = graph.compile(checkpointer=InMemorySaver())
    asked: Any = {"messages": [("user", "bread")]}
    app.invoke(asked, {"configurable": {"thread_id": "a conversation", "user": USER}})
    with pytest.raises(WrongUser):
        app.invoke(asked, {"configurable": {"thread_id": "a conversation", "user": OTHER}})


def test_as_a_tool_of_an_agent(indexed: VimeoToolkit) -> None:
    """It has the run's user there, too, and a run of nobody ends: no model is told of it."""
    retriever = VimeoRetriever(identifier=of_config, toolkit=indexed, k=2)
    tool = create_retriever_tool(retriever, "find_talks", "Find what is said in the user's talks.")
    graph = StateGraph(MessagesState)
    graph.add_node("tools", ToolNode([tool], handle_tool_errors=True))
    graph.add_edge(START, "tools")
    app = graph.compile()
    call = {"name": "find_talks", "args": {"query": "sourdough"}, "id": "1", "type": "tool_call"}
    asked: Any = {"messages": [AIMessage("", tool_calls=[call])]}
    told = app.invoke(asked, {"configurable": {"user": USER}})["messages"][-1]
    assert "sourdough" in told.content
    with pytest.raises(ConfigurationError):
        app.invoke(asked)


def test_a_query_engine_of_llama_index(indexed: VimeoToolkit) -> None:
    retriever = LlamaRetriever(identifier=USER, toolkit=indexed, similarity_top_k=2)
    engine = RetrieverQueryEngine.from_args(retriever, llm=MockLLM())
    answer = engine.query(QUESTION)
    assert [each.node.metadata["link"] for each in answer.source_nodes] == [
        each.node.metadata["link"] for each in retriever.retrieve(QUESTION)
    ]


def test_llama_index_finds_the_user_by_a_function(indexed: VimeoToolkit) -> None:
    whose = [OTHER]
    retriever = LlamaRetriever(identifier=lambda run: whose[0], toolkit=indexed)
    assert owners([each.node for each in retriever.retrieve("the")]) <= {"Other"}  # type: ignore[misc]
    whose[0] = USER
    assert "Other" not in {each.metadata["owner_name"] for each in retriever.retrieve(QUESTION)}


@pytest.mark.parametrize("cls", [VimeoRetriever, LlamaRetriever])
def test_what_is_wrong_is_said_at_once(cls: Any, indexed: VimeoToolkit, toolkit: VimeoToolkit) -> None:
    with pytest.raises(InvalidInput, match="identifier"):
        cls(toolkit=indexed)
    with pytest.raises(ConfigurationError) as without:
        cls(identifier=USER, toolkit=toolkit)
    assert "library=" in without.value.hint


def test_a_user_without_an_account(indexed: VimeoToolkit) -> None:
    with pytest.raises(NotConnected):
        VimeoRetriever(identifier="nobody knows", toolkit=indexed).invoke(QUESTION)
    with pytest.raises(NotConnected):
        LlamaRetriever(identifier="nobody knows", toolkit=indexed).retrieve(QUESTION)


def test_an_index_that_was_never_made_is_warned_of(
    world: tuple[Sandbox, VimeoToolkit], caplog: pytest.LogCaptureFixture
) -> None:
    vimeo, toolkit = world
    toolkit.import_token(identifier="new here", access_token=vimeo.issue_token(vimeo.users[1]).access_token)
    assert VimeoRetriever(identifier="new here", toolkit=toolkit).invoke(QUESTION) == []
    assert "toolkit.library.sync" in caplog.text
    assert "new here" not in caplog.text
    toolkit.delete_connected_account(identifier="new here")


def test_a_toolkit_needs_a_connection_for_it() -> None:
    with (
        VimeoToolkit([Connection()], store="sqlite:///:memory:") as toolkit,
        pytest.raises(ConfigurationError),
    ):
        toolkit.bind_library("another", USER)
