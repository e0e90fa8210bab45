"""The same calls through a bound tool and through every adapter: the same words, the same consent."""

from __future__ import annotations

import ast
import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from langchain_vimeo import VimeoTool
from llama_index.tools.vimeo import VimeoFunctionTool
from mcp.shared.exceptions import MCPError

from tests.adapters import ways
from tests.adapters.ways import WAYS, Way, bound_tool
from tests.examples import example_input, writes
from tests.frameworks import driving
from tests.rules.imports import PACKAGE, SOURCES
from vimeo_toolkit import (
    ApprovalRequest,
    ConfigurationError,
    Identity,
    InvalidInput,
    StoreBusy,
    VimeoToolkit,
)
from vimeo_toolkit.sandbox import Sandbox

READ, DELETE, MAKE = "vimeo_video_get", "vimeo_video_delete", "vimeo_folder_create"
ADAPTERS = Path(__file__).parents[2] / "adapters"


REPLIES: list[tuple[str, str, dict[str, Any], str | None]] = [
    ("u", READ, {}, None),
    ("u", DELETE, {}, "approval_required"),
    ("u", READ, {"video_id": "../me"}, "invalid_input"),
    ("u", READ, {"identifier": "reads_only"}, "invalid_input"),
    ("u", READ, {"self": "x"}, "invalid_input"),
    ("u", READ, {"video_id": "9999999999"}, "not_found"),
    ("reads_only", DELETE, {}, "missing_scope"),
    ("nobody", READ, {}, "not_connected"),
]


@pytest.mark.parametrize(("who", "name", "change", "error"), REPLIES)
def test_every_way_says_the_same(
    who: str, name: str, change: dict[str, Any], error: str | None, guarded: VimeoToolkit, vimeo: Sandbox
) -> None:
    given = {**example_input(name, vimeo), **change}
    replies = [way(guarded, who, name, given) for way in WAYS]
    # Each link can be used once, so no two are the same.
    first, *others = (({**json.loads(text), "authorization_link": ""}, failed) for text, failed in replies)
    assert first[1] is (error is not None)
    assert first[0].get("error") == error
    for other in others:
        assert other == first
    assert writes(vimeo) == []


@pytest.mark.parametrize("way", WAYS)
def test_a_call_goes_through_once_when_a_person_has_approved_it(
    way: Way, guarded: VimeoToolkit, vimeo: Sandbox
) -> None:
    given = example_input(DELETE, vimeo)
    needed = json.loads(way(guarded, "u", DELETE, given)[0])
    guarded.approve(needed["approval_id"], identifier="u")
    assert not way(guarded, "u", DELETE, given)[1]
    assert len(writes(vimeo)) == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_bug_is_never_a_reply(
    way: Way, guarded: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**call: Any) -> Any:
        raise ZeroDivisionError("bug-marker")

    monkeypatch.setattr(guarded, "execute_tool", broken)
    monkeypatch.setattr(guarded, "aexecute_tool", broken)
    with pytest.raises((ZeroDivisionError, MCPError)) as caught:
        way(guarded, "u", READ, example_input(READ, vimeo))
    assert isinstance(caught.value, ZeroDivisionError) or "bug-marker" not in str(caught.value)


# ---- what an adapter is: no logic that another has, too ----


def _shapes(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each function's name and what it does, whatever things are called in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            statements = [each for each in node.body if not isinstance(each, ast.Expr)]
            size = sum(isinstance(each, ast.stmt) for one in statements for each in ast.walk(one))
            if size >= 4:
                yield node.name, _nameless(statements)


def _nameless(statements: list[ast.stmt]) -> str:
    kept = [ast.parse(ast.unparse(each)) for each in statements]
    for tree in kept:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                node.id = "_"
            elif isinstance(node, ast.Constant):
                node.value = None
    return "\n".join(map(ast.dump, kept)).replace("AsyncFor", "For").replace("AsyncWith", "With")


def test_no_logic_stands_in_two_adapters() -> None:
    where: dict[str, set[str]] = defaultdict(set)
    for path in ADAPTERS.rglob("*.py"):
        adapter = path.relative_to(ADAPTERS).parts[0]
        for name, shape in _shapes(ast.parse(path.read_text())):
            where[shape].add(f"{adapter}: {name}")
    assert len(where) > 10
    assert not [sorted(names) for names in where.values() if len({name.split(":")[0] for name in names}) > 1]


def test_every_adapter_is_held_against_the_others() -> None:
    text = Path(ways.__file__).read_text() + Path(driving.__file__).read_text()
    with_tools = [
        root
        for root, folder in SOURCES.items()
        if root != PACKAGE and any("BoundTool" in path.read_text() for path in folder.rglob("*.py"))
    ]
    assert len(with_tools) > 3
    assert not [root for root in with_tools if f"from {root} import" not in text]


def test_adapters_decide_nothing_about_errors() -> None:
    """What becomes a reply, and in which words, is decided once."""
    for path in ADAPTERS.rglob("*.py"):
        text = path.read_text()
        assert "error.to_dict()" not in text, path
        assert "except ApprovalRequired" not in text, path
        assert "execute_tool" not in text, path


# ---- a bound tool by itself ----


def test_what_a_model_is_shown(toolkit: VimeoToolkit) -> None:
    for bound in toolkit.bind_tools(identifier="tenant-marker", toolsets="all"):
        assert bound.schema["type"] == "object"
        assert {"properties": bound.schema["properties"]}.items() <= bound.tool.input_schema.items()
        assert bound.annotations["read_only"] is bound.tool.read_only
        assert "tenant-marker" not in repr(bound)
        bound.schema["properties"].clear()  # what a framework does to it stays with the framework
        assert bound.schema["properties"] == bound.tool.input_schema["properties"]


@pytest.mark.parametrize("of", [VimeoTool.of, VimeoFunctionTool.of])
def test_a_tool_class_takes_the_parts_of_a_bound_tool_for_one_version(of: Any, toolkit: VimeoToolkit) -> None:
    bound = replace(bound_tool(toolkit, "u", READ), detail="full")
    with pytest.warns(DeprecationWarning, match="takes a BoundTool"):
        made = of(bound.tool, toolkit, "vimeo", "u", bound.allowed, detail="full")
    assert made.bound == bound
    with pytest.warns(DeprecationWarning, match="takes a BoundTool"):
        made = of(tool=bound.tool, toolkit=toolkit, connection_name="vimeo", identifier="u")
    assert made.bound.identity == bound.identity
    with pytest.warns(DeprecationWarning, match="takes a BoundTool"), pytest.raises(InvalidInput):
        of(bound.tool, toolkit, "vimeo", "")


@pytest.mark.filterwarnings("default::DeprecationWarning")
def test_a_langchain_tool_has_its_approvals_itself_for_one_version(
    guarded: VimeoToolkit, vimeo: Sandbox
) -> None:
    tool: Any = VimeoTool.of(bound_tool(guarded, "u", DELETE))
    arguments = example_input(DELETE, vimeo)
    with pytest.warns(DeprecationWarning, match=r"VimeoTool\.question is VimeoTool\.bound\.question now"):
        assert tool.question == tool.bound.question
    assert tool.needs_approval
    tool.approve(arguments, asked=tool.question_about({"args": arguments}, {}, None))
    asyncio.run(tool.aapprove(arguments))
    assert not tool.bound.call(arguments).is_error


def test_a_password_is_not_shown(toolkit: VimeoToolkit) -> None:
    bound = bound_tool(toolkit, "u", "vimeo_video_edit")
    shown = bound.shown({"video_id": "1", "password": "pass-marker", "passwrod": "pass-marker"})
    assert shown["video_id"] == "1"
    assert "pass-marker" not in str(shown)


def test_the_same_tool_for_another_user(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    other = vimeo.add_user("Other")
    for who, user in (("one", vimeo.user), ("two", other)):
        toolkit.import_token(identifier=who, access_token=vimeo.issue_token(user).access_token)
    bound = bound_tool(toolkit, "one", "vimeo_me_get")
    assert bound.call().artifact["name"] == vimeo.user.name
    assert bound.for_identity(Identity("vimeo", "two")).call().artifact["name"] == "Other"
    assert bound.call().artifact["name"] == vimeo.user.name


async def test_a_tool_of_nobody_is_called_for_nobody(toolkit: VimeoToolkit) -> None:
    (bound,) = toolkit.unbound_tools(include=["vimeo_me_get"])
    with pytest.raises(ConfigurationError, match="for_identity"):
        bound.call()
    with pytest.raises(ConfigurationError, match="for_identity"):
        await bound.acall()
    with pytest.raises(InvalidInput, match="missing_scopes"):
        toolkit.unbound_tools(missing_scopes="hide")
    for nobody in "", None:
        with pytest.raises(InvalidInput, match="identifier"):
            toolkit.bind_tools(identifier=nobody)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [None, {}, "", "{}", "```json\n{}\n```"])
def test_what_a_model_writes_in_place_of_arguments(given: Any, guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    assert bound_tool(guarded, "u", "vimeo_me_get").call(given).artifact["name"] == vimeo.user.name


async def test_a_person_is_asked(guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    video, *_ = vimeo.user.videos
    video.name = "Spring teaser"
    bound = bound_tool(guarded, "u", DELETE)
    given = {"video_id": str(video.id)}
    asked: list[ApprovalRequest] = []

    def answering(answer: bool | str | None) -> Any:
        async def ask(request: ApprovalRequest) -> bool | str | None:
            asked.append(request)
            return answer

        return ask

    assert (await bound.acall(given)).needs_approval is not None
    undecided = await bound.acall(given, ask=answering(None))
    assert undecided.artifact["error"] == "approval_required"
    refused = await bound.acall(given, ask=answering("It is good."))
    assert refused.artifact["error"] == "approval_denied"
    assert "It is good." in refused.text
    assert (await bound.acall(given, ask=answering(False))).needs_approval is None
    assert writes(vimeo) == []
    assert not (await bound.acall(given, ask=answering(True))).is_error
    assert len(writes(vimeo)) == 1
    assert all("Spring teaser" in each.question and each.question in each.description for each in asked)
    assert {each.tool_name for each in asked} == {DELETE}


async def test_a_person_is_asked_anew_and_not_for_ever(guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    video, *_ = vimeo.user.videos
    bound = bound_tool(guarded, "u", DELETE)
    asked: list[str] = []

    async def ask(request: ApprovalRequest) -> bool:
        asked.append(request.question)
        video.name = f"name {len(asked)}"
        return True

    reply = await bound.acall({"video_id": str(video.id)}, ask=ask)
    assert reply.artifact["error"] == "approval_required"
    assert len(set(asked)) == 3
    assert writes(vimeo) == []


async def test_an_approval_that_cannot_be_kept_is_a_reply(
    guarded: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*call: Any, **more: Any) -> None:
        raise StoreBusy("The store is busy.")

    async def ask(request: ApprovalRequest) -> bool:
        return True

    monkeypatch.setattr(guarded, "aapprove", busy)
    reply = await bound_tool(guarded, "u", DELETE).acall(example_input(DELETE, vimeo), ask=ask)
    assert reply.artifact["error"] == "store_busy"
    assert writes(vimeo) == []


def test_what_a_page_needs_for_a_button_is_in_the_artifact(guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    given = example_input(DELETE, vimeo)
    lacking = bound_tool(guarded, "reads_only", DELETE).call(given)
    assert lacking.artifact["error"] == "missing_scope"
    assert lacking.artifact["needed_scopes"] == lacking.artifact["missing_scopes"] == ["delete"]
    assert lacking.artifact["granted_scopes"] == ["public"]
    assert lacking.artifact["authorization_link"].startswith(vimeo.url)
    held = bound_tool(guarded, "u", DELETE).call(given)
    assert held.needs_approval is not None
    assert held.artifact["approval_id"] == held.needs_approval.approval_id
    assert held.artifact["description"] == held.needs_approval.description
    assert held.artifact["question"] in held.artifact["description"]
    assert held.artifact["changes"] == []
    assert "description" not in json.loads(held.text), "a person reads it, and a model pays for it"
    for reply in lacking, held:
        assert json.loads(json.dumps(reply.artifact)) == reply.artifact
        assert reply.artifact["message"]
        assert reply.artifact["hint"]
