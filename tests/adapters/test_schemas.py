"""Schemas that are handed out: strict where that was asked for, short where not, and copies always."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator
from langchain_core.utils.function_calling import (
    convert_to_json_schema,
    convert_to_openai_function,
    convert_to_openai_tool,
)
from langchain_vimeo import get_tools as langchain_tools
from llama_index.tools.vimeo import get_tools as llama_tools
from vimeo_mcp.messages import definition

from tests.conftest import Connect
from tests.examples import keep_example
from tests.unit.inputs import minimal
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.sandbox import Sandbox

Schema = dict[str, Any]
ALL: dict[str, Any] = {"identifier": "u", "toolsets": "all"}

KNOWN_TO_ALL = {
    "additionalProperties",
    "anyOf",
    "description",
    "enum",
    "items",
    "properties",
    "required",
    "type",
}
"""The keywords that every provider's strict mode knows."""


def _parts(schema: Schema) -> Iterator[Schema]:
    """All schemas within a schema, and itself."""
    yield schema
    for part in (*schema.get("properties", {}).values(), *schema.get("anyOf", ()), schema.get("items")):
        if part is not None:
            yield from _parts(part)


def _enumerations(schema: Schema) -> list[list[Any]]:
    return [part["enum"] for part in _parts(schema) if "enum" in part]


def _problems_of_strict(strict: Schema, plain: Schema) -> list[str]:
    """What a provider's strict mode, or a caller, would have against the strict form of a plain schema."""
    problems = []
    Draft202012Validator.check_schema(strict)
    for part in _parts(strict):
        problems += sorted(part.keys() - KNOWN_TO_ALL)
        if part.get("type") == "object" and part.get("additionalProperties") is not False:
            problems.append("additionalProperties")
    if list(strict["properties"]) != strict["required"] or list(plain["properties"]) != strict["required"]:
        problems.append("required")
    if _enumerations(strict) != _enumerations(plain):
        problems.append("enum")
    for name, described in strict["properties"].items():
        takes_null = Draft202012Validator(described).is_valid(None)
        if takes_null is (name in plain.get("required", ())):
            problems.append(f"null for {name}")
    return problems


@pytest.mark.parametrize("name", sorted(catalog()))
def test_a_strict_schema_requires_every_input_and_takes_null_for_what_may_be_left_out(name: str) -> None:
    tool = catalog()[name]
    plain, strict = tool.whole_schema, tool.schema(strict=True)
    assert _problems_of_strict(strict, plain) == []
    for limit in ("maximum", "maxItems"):  # in words, since not every provider knows the keyword
        for field, described in plain["properties"].items():
            if limit in described:
                assert f"At most {described[limit]}" in strict["properties"][field]["description"]


def test_a_schema_has_no_const() -> None:
    """Gemini refuses it or leaves it out, by the class that is used."""
    for tool in catalog().values():
        for schema in (tool.schema(), tool.schema(strict=True)):
            assert not [part for part in _parts(schema) if "const" in part], tool.name
    assert catalog()["vimeo_following_list"].input_schema["properties"]["filter"] == {
        "enum": ["online"],
        "type": "string",
    }


# ---- asked for by the framework ----


def test_langchain_gets_strict_schemas_where_it_was_asked_for_them(toolkit: VimeoToolkit) -> None:
    for tool in langchain_tools(**ALL, toolkit=toolkit):
        plain, strict = catalog()[tool.name].schema(), catalog()[tool.name].schema(strict=True)
        for asked in (None, False):
            assert convert_to_openai_tool(tool, strict=asked)["function"]["parameters"] == plain
        function = convert_to_openai_tool(tool, strict=True)["function"]
        assert function["parameters"] == strict
        assert function["strict"] is True
        assert convert_to_json_schema(tool, strict=True)["properties"] == strict["properties"]
        assert convert_to_openai_function(tool.args_schema, strict=True)["parameters"] == strict  # type: ignore[arg-type]
        # Neither has one call changed the next.
        assert convert_to_openai_tool(tool)["function"]["parameters"] == plain


class _Model:
    """Does with tools what LlamaIndex's classes of OpenAI's models do."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict

    def _prepare_chat_with_tools(self, tools: list[Any], strict: bool | None = None) -> list[Schema]:
        given = [tool.metadata.to_openai_tool() for tool in tools]
        for each in given:
            each["function"]["parameters"]["additionalProperties"] = False
        return [each["function"]["parameters"] for each in given]


@pytest.mark.parametrize(
    ("own", "asked", "expected"),
    [(True, None, True), (False, None, False), (False, True, True), (True, False, False)],
)
def test_llama_index_gets_strict_schemas_where_its_model_is(
    own: bool, asked: bool | None, expected: bool, toolkit: VimeoToolkit
) -> None:
    tools = llama_tools(**ALL, toolkit=toolkit)
    for tool, given in zip(tools, _Model(own)._prepare_chat_with_tools(tools, asked), strict=True):
        own_schema = catalog()[tool.metadata.get_name()].schema(strict=expected)
        assert given == {**own_schema, "additionalProperties": False}


class _ChatModel:
    """Binds tools as LangChain's class of OpenAI's models does."""

    def __init__(self, decide: Callable[[Schema], bool]) -> None:
        self._use_responses_api = decide

    def bind_tools(self, tools: list[Any], *, strict: bool | None = None, **kwargs: Any) -> list[Schema]:
        return [convert_to_openai_tool(tool, strict=strict) for tool in tools]


def _fails(payload: Schema) -> bool:
    raise LookupError


def test_the_responses_api_takes_tools_that_say_nothing_as_strict(toolkit: VimeoToolkit) -> None:
    name = "vimeo_my_videos_list"
    tools = langchain_tools(identifier="u", toolkit=toolkit, include=[name])
    plain, strict = catalog()[name].schema(), catalog()[name].schema(strict=True)

    def shown(model: _ChatModel, tools: list[Any] = tools, **asked: Any) -> Schema:
        return cast(Schema, model.bind_tools(tools, **asked)[0]["function"]["parameters"])

    assert shown(_ChatModel(lambda _: True)) == strict
    assert shown(_ChatModel(lambda _: True), strict=False) == plain
    for decide in (lambda _: False, _fails):
        assert shown(_ChatModel(decide)) == plain
        assert shown(_ChatModel(decide), strict=True) == strict
    # What decides it may be another argument, or a tool of OpenAI's own.
    by_argument, by_tool = (
        (lambda payload: "reasoning" in payload),
        (lambda payload: len(payload["tools"]) > 1),
    )
    assert shown(_ChatModel(by_argument)) == shown(_ChatModel(by_tool)) == plain
    assert shown(_ChatModel(by_argument), reasoning={"effort": "low"}) == strict
    assert shown(_ChatModel(by_tool), [*tools, {"type": "web_search"}]) == strict


def test_a_model_of_the_responses_api_gets_the_tools_of_an_iterator_too(toolkit: VimeoToolkit) -> None:
    """The caller goes through it once; a look at it would take tools away."""
    tools = langchain_tools(**ALL, toolkit=toolkit)
    strict = [tool.schema(strict=True) for tool in catalog().values()]
    for given in (iter(tools), (tool for tool in tools), {tool.name: tool for tool in tools}.values()):
        shown = _ChatModel(lambda _: True).bind_tools(given)  # type: ignore[arg-type]
        assert [each["function"]["parameters"] for each in shown] == strict


def test_a_wrapper_around_a_converter_hides_it_from_nobody(
    toolkit: VimeoToolkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What observes a program wraps functions of the frameworks."""

    def wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return function(*args, **kwargs)

        return wrapper

    monkeypatch.setattr(
        "langchain_core.utils.function_calling.convert_to_openai_function",
        wrapped(wrapped(convert_to_openai_function)),
    )
    (tool,) = langchain_tools(identifier="u", toolkit=toolkit, include=["vimeo_my_videos_list"])
    strict = catalog()[tool.name].schema(strict=True)
    for given in (
        convert_to_openai_tool(tool, strict=True),
        _ChatModel(lambda _: True).bind_tools([tool])[0],
    ):
        assert given["function"]["parameters"] == strict


class _Unreadable:
    @property
    def strict(self) -> bool:
        raise LookupError

    def __bool__(self) -> bool:
        raise LookupError


@pytest.mark.parametrize("unreadable", ["self", "strict"])
def test_another_function_of_the_converters_name_gets_the_plain_schema(unreadable: str) -> None:
    tool = catalog()["vimeo_my_videos_list"]

    def convert(self: Any, strict: Any) -> Schema:
        return tool.schema(converter="convert")

    assert convert(**{"self": None, "strict": None, unreadable: _Unreadable()}) == tool.schema()


def test_a_converter_gets_a_copy_at_each_time_and_its_frame_stays_as_it_is() -> None:
    tool = catalog()["vimeo_my_videos_list"]

    def convert(strict: bool) -> set[str]:
        for _ in range(2):
            schema = tool.schema(converter="convert")
            assert schema == tool.schema(strict=strict)
            _spoil(schema)
        return {name for name in locals() if name.isidentifier() or " " in name}

    for strict in (True, False):
        assert convert(strict) == {"_", "schema", "strict", "tool"}


@pytest.mark.parametrize("strict", [True, False])
def test_the_option_holds_for_everybody(strict: bool, toolkit: VimeoToolkit) -> None:
    shown = {name: tool.schema(strict=strict) for name, tool in catalog().items()}
    bound = toolkit.bind_tools(**ALL, strict=strict)
    lang = langchain_tools(**ALL, toolkit=toolkit, strict=strict)
    llama = llama_tools(**ALL, toolkit=toolkit, strict=strict)
    assert {each.name: each.schema for each in bound} == shown
    assert {each.name: each.schema for each in toolkit.unbound_tools(toolsets="all", strict=strict)} == shown
    assert {each.name: convert_to_openai_tool(each)["function"]["parameters"] for each in lang} == shown
    assert {each.metadata.get_name(): each.metadata.get_parameters_dict() for each in llama} == shown


def test_a_tool_outside_of_any_framework_is_plain() -> None:
    """A caller of another kind with a name like the converter's, or a `strict` of its own, changes nothing."""
    tool = catalog()["vimeo_my_videos_list"]

    def convert(strict: Any) -> Schema:
        return tool.schema(converter="convert")

    def convert_to_openai_function(strict: Any) -> Schema:
        return tool.schema()

    assert convert(True) == tool.schema(strict=True)
    assert convert(False) == convert_to_openai_function(True) == tool.schema()


def test_only_reading_and_what_a_provider_is_told(toolkit: VimeoToolkit) -> None:
    reading = {name for name, tool in catalog().items() if tool.read_only}
    told: Schema = {"defer_loading": True, "cache_control": {"type": "ephemeral"}}
    lang = langchain_tools(**ALL, toolkit=toolkit, read_only=True, extras=told)
    llama = llama_tools(**ALL, toolkit=toolkit, read_only=True)
    assert {tool.name for tool in lang} == {tool.metadata.get_name() for tool in llama} == reading
    assert {each.name for each in toolkit.unbound_tools(toolsets="all", read_only=True)} == reading
    assert [tool.extras for tool in lang] == [told] * len(lang)
    _spoil(lang[0].extras)
    assert lang[1].extras == told == {"defer_loading": True, "cache_control": {"type": "ephemeral"}}
    assert langchain_tools(identifier="u", toolkit=toolkit)[0].extras is None


# ---- copies ----


def _spoil(value: Any) -> None:
    """Write into all that can be written into, as converters do."""
    if isinstance(value, dict):
        for each in list(value.values()):
            _spoil(each)
        value["additionalProperties"] = "spoiled"
    elif isinstance(value, list):
        for each in value:
            _spoil(each)
        value.append("spoiled")


DOORS: dict[str, Callable[[VimeoToolkit], list[Schema]]] = {
    "Tool.input_schema": lambda toolkit: [tool.input_schema for tool in catalog().values()],
    "Tool.schema": lambda toolkit: [tool.schema(strict=True) for tool in catalog().values()],
    "model_json_schema": lambda toolkit: [
        tool.input_model.model_json_schema() for tool in catalog().values()
    ],
    "BoundTool.schema": lambda toolkit: [each.schema for each in toolkit.bind_tools(**ALL)],
    "strict": lambda toolkit: [each.schema for each in toolkit.bind_tools(**ALL, strict=True)],
    "tool_call_schema": lambda toolkit: [
        tool.tool_call_schema  # type: ignore[misc]
        for tool in langchain_tools(**ALL, toolkit=toolkit)
    ],
    "BaseTool.args": lambda toolkit: [tool.args for tool in langchain_tools(**ALL, toolkit=toolkit)],
    "args_schema": lambda toolkit: [
        tool.args_schema.model_json_schema()  # type: ignore[union-attr]
        for tool in langchain_tools(**ALL, toolkit=toolkit)
    ],
    "convert_to_openai_tool": lambda toolkit: [
        convert_to_openai_tool(tool, strict=True) for tool in langchain_tools(**ALL, toolkit=toolkit)
    ],
    "get_parameters_dict": lambda toolkit: [
        tool.metadata.get_parameters_dict() for tool in llama_tools(**ALL, toolkit=toolkit)
    ],
    "fn_schema": lambda toolkit: [
        tool.metadata.fn_schema.model_json_schema()  # type: ignore[union-attr]
        for tool in llama_tools(**ALL, toolkit=toolkit)
    ],
    "MCP": lambda toolkit: [definition(each).input_schema for each in toolkit.bind_tools(**ALL)],
    "to_openai_tool": lambda toolkit: [
        tool.metadata.to_openai_tool() for tool in llama_tools(**ALL, toolkit=toolkit)
    ],
}


@pytest.mark.parametrize("door", DOORS)
def test_nobody_can_change_a_schema_for_the_next_one(door: str, toolkit: VimeoToolkit) -> None:
    before = {
        (name, strict): copy.deepcopy(tool.schema(strict=strict))
        for name, tool in catalog().items()
        for strict in (False, True)
    }
    given = DOORS[door](toolkit)
    expected = copy.deepcopy(given)
    assert len(given) == len(catalog())
    _spoil(given)
    assert "spoiled" in json.dumps(given)
    assert {(name, strict): catalog()[name].schema(strict=strict) for name, strict in before} == before
    assert DOORS[door](toolkit) == expected


# ---- a call as a model in strict mode makes it ----


def test_every_tool_can_be_called_with_null_for_all_that_may_be_left_out(
    toolkit: VimeoToolkit, connect: Connect
) -> None:
    identifier = connect()
    keep_example(toolkit, identifier)
    for name, tool in catalog().items():
        given = minimal(name)
        every_input = {**dict.fromkeys(tool.schema(strict=True)["required"]), **given}
        Draft202012Validator(tool.schema(strict=True)).validate(every_input)
        plans = [
            toolkit.execute_tool(identifier=identifier, tool_name=name, tool_input=arguments, dry_run=True)
            for arguments in (given, every_input)
        ]
        assert dict(plans[0]) == dict(plans[1]), name


def test_null_means_left_out_in_every_framework(
    vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    name = "vimeo_my_videos_list"
    chosen: dict[str, Any] = {"identifier": connect(), "include": [name], "toolkit": toolkit}
    nulls = dict.fromkeys(catalog()[name].schema(strict=True)["required"])
    (lang,), (llama,) = langchain_tools(**chosen), llama_tools(**chosen)
    vimeo.requests.clear()
    answer = lang.invoke({"type": "tool_call", "id": "1", "name": name, "args": nulls})
    output = llama.call(**nulls)
    assert answer.content == output.content
    assert not output.is_error
    assert [(each.method, each.path, set(each.query)) for each in vimeo.requests] == [
        ("GET", "/me/videos", {"fields"})
    ] * 2
