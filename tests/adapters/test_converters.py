"""What the classes of the providers send to their APIs of all tools: nothing that a model needs is lost, nothing is
sent that a provider refuses, and our own schemas stay as they were. They need the group `converters`."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator
from langchain_vimeo import get_tools as langchain_tools
from llama_index.tools.vimeo import get_tools as llama_tools

from tests.adapters.model_server import ModelServer, model_server
from tests.conftest import Connect
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.selection import find_tool
from vimeo_toolkit.sandbox import Sandbox

pytestmark = pytest.mark.slow

Json = dict[str, Any]
ALL: Json = {"identifier": "u", "toolsets": "all"}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


def _schemas() -> dict[tuple[str, bool], Json]:
    return {
        (name, strict): copy.deepcopy(tool.schema(strict=strict))
        for name, tool in catalog().items()
        for strict in (False, True)
    }


def _from(package: str, name: str) -> Any:
    return getattr(pytest.importorskip(package, reason="needs the group `converters`"), name)


def _chat_openai(server: ModelServer, **more: Any) -> Any:
    made = _from("langchain_openai", "ChatOpenAI")
    return made(model="gpt-5-mini", api_key="k", base_url=f"{server.url}/v1", max_retries=0, **more)


def _chat_anthropic(server: ModelServer) -> Any:
    made = _from("langchain_anthropic", "ChatAnthropic")
    return made(model="claude-sonnet-4-5", api_key="k", base_url=server.url, max_retries=0)


def _chat_gemini(server: ModelServer) -> Any:
    made = _from("langchain_google_genai", "ChatGoogleGenerativeAI")
    return made(model="gemini-2.5-flash", google_api_key="k", base_url=server.url)


def _llama_openai(server: ModelServer, strict: bool) -> Any:
    made = _from("llama_index.llms.openai", "OpenAI")
    return made(model="gpt-5-mini", api_key="k", api_base=f"{server.url}/v1", max_retries=0, strict=strict)


def _llama_responses(server: ModelServer, strict: bool) -> Any:
    made = _from("llama_index.llms.openai", "OpenAIResponses")
    return made(model="gpt-5-mini", api_key="k", api_base=f"{server.url}/v1", max_retries=0, strict=strict)


def _llama_anthropic(server: ModelServer) -> Any:
    made = _from("llama_index.llms.anthropic", "Anthropic")
    return made(model="claude-sonnet-4-5", api_key="k", base_url=server.url, max_retries=0)


def _llama_gemini(server: ModelServer) -> Any:
    made = _from("llama_index.llms.google_genai", "GoogleGenAI")
    return made(model="gemini-2.5-flash", api_key="k", http_options={"base_url": server.url})


def _openai_tools(body: Json) -> list[Json]:
    return [tool["function"] for tool in body["tools"]]


def _openai_parameters(tool: Json) -> Json:
    return cast(Json, tool["parameters"])


def _anthropic_parameters(tool: Json) -> Json:
    return cast(Json, tool["input_schema"])


Sent = dict[str, Json]
"""Tool → its schema, as it was sent."""


def _sent(tools: list[Json], parameters: Callable[[Json], Json]) -> Sent:
    return {tool["name"]: parameters(tool) for tool in tools}


# ---- LangChain ----


@pytest.mark.parametrize("strict", [None, False, True])
@pytest.mark.parametrize("responses", [False, True], ids=["chat completions", "responses"])
def test_langchain_openai(
    strict: bool | None, responses: bool, toolkit: VimeoToolkit, server: ModelServer
) -> None:
    before = _schemas()
    model = _chat_openai(server, use_responses_api=responses)
    model.bind_tools(langchain_tools(**ALL, toolkit=toolkit), strict=strict).invoke("Hello")
    (body,) = server.asked
    tools = body["tools"] if responses else _openai_tools(body)
    assert {tool.get("strict") for tool in tools} == {strict}
    # The Responses API takes a tool that says nothing as strict.
    strictly = bool(strict) or (responses and strict is None)
    assert _sent(tools, _openai_parameters) == {
        name: schema for (name, is_strict), schema in before.items() if is_strict is strictly
    }
    assert {tool["name"]: tool["description"] for tool in tools} == {
        name: tool.description for name, tool in catalog().items()
    }
    assert _schemas() == before


@pytest.mark.parametrize("strict", [None, False, True])
def test_langchain_anthropic(strict: bool | None, toolkit: VimeoToolkit, server: ModelServer) -> None:
    before = _schemas()
    tools = langchain_tools(**ALL, toolkit=toolkit)
    _chat_anthropic(server).bind_tools(tools, strict=strict).invoke("Hello")
    (body,) = server.asked
    assert _sent(body["tools"], _anthropic_parameters) == {
        name: schema for (name, is_strict), schema in before.items() if is_strict is bool(strict)
    }
    assert _schemas() == before


@pytest.mark.parametrize("strict", [False, True])
def test_langchain_google_genai(strict: bool, toolkit: VimeoToolkit, server: ModelServer) -> None:
    before = _schemas()
    tools = langchain_tools(**ALL, toolkit=toolkit, strict=strict)
    _chat_gemini(server).bind_tools(tools).invoke("Hello")
    # This class leaves all limits out.
    _compare_with_gemini(server.asked, strict=strict, limits=False)
    assert _schemas() == before


OPENAI_SEARCH: Json = {"type": "tool_search"}
ANTHROPIC_SEARCH: Json = {"type": "tool_search_tool_regex_20251119", "name": "tool_search_tool_regex"}


def test_tools_that_the_providers_own_search_finds(toolkit: VimeoToolkit, server: ModelServer) -> None:
    tools = langchain_tools(**ALL, toolkit=toolkit, extras={"defer_loading": True})
    _chat_openai(server, use_responses_api=True).bind_tools([*tools, OPENAI_SEARCH]).invoke("Hello")
    _chat_anthropic(server).bind_tools([*tools, ANTHROPIC_SEARCH]).invoke("Hello")
    assert len(server.asked) == 2
    for body in server.asked:
        sent = {tool["name"]: tool for tool in body["tools"] if tool.get("name") in catalog()}
        assert len(sent) == len(catalog()) == len(body["tools"]) - 1
        assert all(tool["defer_loading"] is True for tool in sent.values())


# ---- LlamaIndex ----


@pytest.mark.parametrize("strict", [False, True])
def test_llama_index_openai(strict: bool, toolkit: VimeoToolkit, server: ModelServer) -> None:
    before = _schemas()
    tools = llama_tools(**ALL, toolkit=toolkit)
    _llama_openai(server, strict).chat_with_tools(tools, user_msg="Hello")
    _llama_openai(server, not strict).chat_with_tools(tools, user_msg="Hello", strict=strict)
    for body in server.asked:
        assert {tool["strict"] for tool in _openai_tools(body)} == {strict}
        assert _sent(_openai_tools(body), _openai_parameters) == {
            name: {**schema, "additionalProperties": False}
            for (name, is_strict), schema in before.items()
            if is_strict is strict
        }
    assert _schemas() == before


@pytest.mark.parametrize("strict", [False, True])
def test_llama_index_openai_responses(strict: bool, toolkit: VimeoToolkit, server: ModelServer) -> None:
    before = _schemas()
    tools = llama_tools(**ALL, toolkit=toolkit)
    _llama_responses(server, strict).chat_with_tools(tools, user_msg="Hello")
    (body,) = server.asked
    # This class says nothing where it is not strict, and the API takes that as strict.
    assert {tool.get("strict") for tool in body["tools"]} == {strict or None}
    assert _sent(body["tools"], _openai_parameters) == {
        name: schema for (name, is_strict), schema in before.items() if is_strict
    }
    assert _schemas() == before


@pytest.mark.parametrize("strict", [False, True])
def test_llama_index_anthropic(strict: bool, toolkit: VimeoToolkit, server: ModelServer) -> None:
    before = _schemas()
    tools = llama_tools(**ALL, toolkit=toolkit, strict=strict)
    # What `chat_with_tools` sends; that itself does not work with the newest release of Anthropic's client.
    body = _llama_anthropic(server)._prepare_chat_with_tools(tools, user_msg="Hello")
    assert _sent(body["tools"], _anthropic_parameters) == {
        name: schema for (name, is_strict), schema in before.items() if is_strict is strict
    }
    assert _schemas() == before


@pytest.mark.parametrize("strict", [False, True])
def test_llama_index_google_genai(strict: bool, toolkit: VimeoToolkit, server: ModelServer) -> None:
    before = _schemas()
    tools = llama_tools(**ALL, toolkit=toolkit, strict=strict)
    _llama_gemini(server).chat_with_tools(tools, user_msg="Hello")
    # This class asks the pydantic model, which is the same for everybody and not strict.
    _compare_with_gemini(server.asked, strict=False, limits=True)
    assert _schemas() == before


async def test_two_models_of_llama_index_at_once(toolkit: VimeoToolkit, server: ModelServer) -> None:
    """The agents' own way, asynchronous, with a strict model beside another."""
    tools = llama_tools(identifier="u", toolkit=toolkit)
    strict, plain = _llama_openai(server, True), _llama_openai(server, False)
    await asyncio.gather(
        *(model.achat_with_tools(tools, user_msg="Hello") for _ in range(4) for model in (strict, plain))
    )
    assert len(server.asked) == 8
    for body in server.asked:
        for tool in _openai_tools(body):
            expected = find_tool(tool["name"]).schema(strict=tool["strict"])
            assert tool["parameters"] == {**expected, "additionalProperties": False}


# ---- Gemini's own kind of schema: it refuses a request with a keyword or a format that it does not know ----

LIMITS = {"maximum": "maximum", "maxItems": "max_items"}
"""JSON schema's name → the name as Google's client sends it."""


def _compare_with_gemini(asked: list[Json], *, strict: bool, limits: bool) -> None:
    (body,) = asked
    (declared,) = body["tools"]
    sent = {each["name"]: each for each in declared["functionDeclarations"]}
    assert list(sent) == list(catalog())
    for name, tool in catalog().items():
        schema = tool.schema(strict=strict)
        assert sent[name]["description"] == tool.description
        given = sent[name].get("parameters", {})
        # An object without properties may be left out, but Gemini has refused an empty list of them.
        assert given.get("properties", {}).keys() == schema["properties"].keys()
        assert given.get("properties") != {}
        assert set(given.get("required", [])) == set(schema.get("required", []))
        for field, described in schema["properties"].items():
            written = given["properties"][field]
            if field == "title" and "description" not in described:
                written.pop("description", None)  # LangChain's class makes one of its own for this name
            assert written == _as_gemini(described, limits), (name, field)


def _as_gemini(described: Json, limits: bool) -> Json:
    """How Google's client writes the schema of an input."""
    if "anyOf" in described:
        kind, null = described["anyOf"]
        assert null == {"type": "null"}
        words = {name: value for name, value in described.items() if name != "anyOf"}
        return {**_as_gemini({**words, **kind}, limits), "nullable": True}
    assert described.keys() <= {"description", "enum", "items", *LIMITS, "type"}
    written: Json = {}
    for name, value in described.items():
        if name == "type":
            written[name] = value.upper()
        elif name == "items":
            written[name] = _as_gemini(value, limits)
        elif name not in LIMITS:
            written[name] = value
        elif limits:
            written[LIMITS[name]] = value
    return written


# ---- an agent, end to end ----


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_an_agent_with_a_response_format_gives_null_for_all_inputs(
    asynchronous: bool, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect, server: ModelServer
) -> None:
    """LangChain asks for strict schemas by itself where the answer has a format."""
    from langchain.agents import create_agent
    from pydantic import BaseModel

    class Count(BaseModel):
        videos: int

    inputs = catalog()["vimeo_my_videos_list"].schema(strict=True)
    nulls = dict.fromkeys(inputs["required"])
    Draft202012Validator(inputs).validate(nulls)
    function = {"name": "vimeo_my_videos_list", "arguments": json.dumps(nulls)}
    server.messages = [
        {"tool_calls": [{"id": "call_1", "type": "function", "function": function}]},
        {"content": '{"videos": 25}'},
    ]
    tools = langchain_tools(identifier=connect(), toolkit=toolkit, toolsets="hosted31")
    agent: Any = create_agent(_chat_openai(server), tools, response_format=Count)
    question: Any = {"messages": [("user", "How many videos do I have?")]}
    state = await agent.ainvoke(question) if asynchronous else await asyncio.to_thread(agent.invoke, question)
    assert state["structured_response"] == Count(videos=25)
    (answer,) = [message for message in state["messages"] if message.type == "tool"]
    assert answer.status == "success"
    assert len(answer.artifact["data"]) == 25

    first, second = server.asked
    for tool in _openai_tools(first):
        assert tool["strict"] is True
        assert tool["parameters"] == catalog()[tool["name"]].schema(strict=True)
    assert second["messages"][-1]["content"] == answer.content
    (request,) = [each for each in vimeo.requests if each.path == "/me/videos"]
    assert request.query.keys() == {"fields"}
