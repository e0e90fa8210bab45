"""The same calls, errors, approvals and identities through the tools of every framework, and through whole agents
with a scripted model. They need the group `frameworks`, or an environment of `scripts/frameworks`."""

from __future__ import annotations

import asyncio
import json
import os
from copy import deepcopy
from typing import Annotated, Any

import pytest

from tests.examples import example_input, writes
from tests.frameworks.driving import FRAMEWORKS, adapter, driver
from vimeo_toolkit import (
    BodyPath,
    BoundTool,
    Connection,
    Help,
    ToolInput,
    Toolset,
    VideoNumber,
    VimeoToolkit,
)
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.sandbox import Sandbox

pytestmark = pytest.mark.slow

READ, DELETE, LIST = "vimeo_video_get", "vimeo_video_delete", "vimeo_my_videos_find"
CHOSEN = tuple(os.environ.get("VIMEO_FRAMEWORKS", "").split()) or FRAMEWORKS

REPLIES: list[tuple[str, str, dict[str, Any], str | None]] = [
    ("u", READ, {}, None),
    ("u", DELETE, {}, "approval_required"),
    ("u", READ, {"video_id": "../me"}, "invalid_input"),
    ("u", READ, {"identifier": "reads_only"}, "invalid_input"),
    ("u", READ, {"video_id": "9999999999"}, "not_found"),
    ("reads_only", DELETE, {}, "missing_scope"),
    ("nobody", READ, {}, "not_connected"),
]
CHECKS_FIRST = {"crewai", "semantic_kernel", "smolagents"}
"""Their agents refuse in their own words, or leave out, an input that the tool does not have."""
ASKS = {"openai_agents", "google_adk", "pydantic_ai", "agent_framework", "agno", "haystack", "ag2", "strands"}
"""Their agents ask a person by themselves."""
SHOWS = {"google_adk", "pydantic_ai", "ag2", "strands"}
"""They show what the call would do, and their yes is enough; OpenAI's yes is enough, too."""
HOLDS = {"agent_framework", "agno"}
"""They ask about every call of a tool that needs approval, also about one that could not be made."""
LOOSE = {"smolagents"}
"""They have no strict schemas."""
STRICT = {"crewai"}
"""They have no others."""
ENDS = {"openai_agents", "google_adk", "pydantic_ai", "agent_framework"}
"""What only the developer can mend ends the run; the others tell their model of every error. Agno stops its run."""

each_framework = pytest.mark.parametrize("name", CHOSEN)


def _tools(name: str, toolkit: VimeoToolkit, who: Any, tool: str) -> list[Any]:
    return list(adapter(name).get_tools(identifier=who, toolkit=toolkit, include=[tool]))


def _bound(toolkit: VimeoToolkit, who: str, tool: str) -> BoundTool:
    (bound,) = toolkit.bind_tools(identifier=who, include=[tool])
    return bound


def _plain(text: str) -> dict[str, Any]:
    """What a model reads. Each link can be used once, so no two are the same."""
    return {**json.loads(text), "authorization_link": ""}


@each_framework
def test_every_schema_is_kept(name: str, toolkit: VimeoToolkit) -> None:
    for strict in (False, True):
        kind = (strict and name not in LOOSE) or name in STRICT
        before = {key: json.dumps(tool.schema(strict=kind)) for key, tool in catalog().items()}
        tools = adapter(name).get_tools(identifier="u", toolkit=toolkit, toolsets="all", strict=strict)
        declared = driver(name).declared(tools)
        assert list(declared) == list(catalog())
        for key, (description, sent) in declared.items():
            ours = json.loads(before[key])
            assert description == catalog()[key].description
            assert sent["properties"].keys() == ours["properties"].keys()
            assert set(sent.get("required", ())) == set(ours.get("required", ()))
            for field, described in ours["properties"].items():
                assert _holds(sent["properties"][field], described), (key, field)
        assert before == {key: json.dumps(tool.schema(strict=kind)) for key, tool in catalog().items()}


def _holds(sent: dict[str, Any], ours: dict[str, Any]) -> bool:
    """Whether nothing of our schema of an input is lost; a description may go on."""
    described = str(sent.get("description", "")).startswith(ours.get("description", ""))
    return described and all(sent.get(key) == ours[key] for key in ours.keys() - {"description"})


@each_framework
def test_a_tool_says_what_the_core_says(name: str, guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    for who, tool, change, error in REPLIES:
        given = {**example_input(tool, vimeo), **change}
        reply = _bound(guarded, who, tool).call(given)
        assert _plain(reply.text).get("error") == error
        (made,) = _tools(name, guarded, who, tool)
        if error == "approval_required" and name in SHOWS:
            continue  # it asks, see below
        if "identifier" in change and name == "semantic_kernel":
            continue  # what is not an input is the run's there
        assert _plain(asyncio.run(driver(name).call(made, given))) == _plain(reply.text)
    assert writes(vimeo) == []


@each_framework
def test_an_agent_reads_what_the_core_says(name: str, guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    for who, tool, change, error in REPLIES:
        given = {**example_input(tool, vimeo), **change}
        if error == "approval_required" or (tool == DELETE and name in HOLDS):
            continue
        if "identifier" in change and name in CHECKS_FIRST:
            continue
        reply = _bound(guarded, who, tool).call(given)
        (read,) = asyncio.run(driver(name).converse(_tools(name, guarded, who, tool), [(tool, given)]))
        assert _plain(read) == _plain(reply.text)
    assert writes(vimeo) == []


@each_framework
@pytest.mark.parametrize("agrees", [False, True])
def test_a_person_decides(name: str, agrees: bool, guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    asked: list[str] = []

    def decide(tool: str, arguments: dict[str, Any], shown: str) -> bool:
        planned = guarded.execute_tool(identifier="u", tool_name=tool, tool_input=arguments, dry_run=True)
        if shown:
            assert planned["description"] in shown
        elif agrees and name != "openai_agents":
            guarded.approve(planned["approval_id"], identifier="u")
        asked.append(tool)
        return agrees

    given = example_input(DELETE, vimeo)
    tools = _tools(name, guarded, "u", DELETE)
    if name in ASKS:
        (read,) = asyncio.run(driver(name).converse(tools, [(DELETE, given)], "u", decide))
        assert asked == [DELETE]
    else:
        (told,) = asyncio.run(driver(name).converse(tools, [(DELETE, given)]))
        assert "Tell the user what it would do" in told
        if agrees:
            guarded.approve(json.loads(told)["approval_id"], identifier="u")
        (read,) = asyncio.run(driver(name).converse(tools, [(DELETE, given)]))
    assert len(writes(vimeo)) == agrees
    assert ('"success":true' in read) is agrees


@pytest.mark.parametrize("name", [name for name in CHOSEN if name in SHOWS | {"openai_agents"}])
def test_a_yes_is_for_what_was_shown(name: str, guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    given = example_input(DELETE, vimeo)
    shown: list[str] = []

    def decide(tool: str, arguments: dict[str, Any], text: str) -> bool:
        shown.append(text)
        if len(shown) == 1:  # meanwhile somebody else is at work
            (video,) = [each for each in vimeo.user.videos if each.uri.endswith(given["video_id"])]
            video.name = "Another title"
        return len(shown) == 1

    (read,) = asyncio.run(
        driver(name).converse(_tools(name, guarded, "u", DELETE), [(DELETE, given)], "u", decide)
    )
    assert writes(vimeo) == []
    if name not in {
        "google_adk",
        "openai_agents",
    }:  # these ask once about a call: the model has to make it anew
        assert len(shown) == 2
        assert "Another title" in shown[1]
    else:
        assert json.loads(read)["error"] == "approval_required"


@each_framework
def test_nothing_goes_through_without_a_person(name: str, guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    given = example_input(DELETE, vimeo)
    asyncio.run(driver(name).converse(_tools(name, guarded, "u", DELETE), [(DELETE, given)] * 2))
    assert writes(vimeo) == []


@each_framework
def test_one_set_of_tools_serves_every_user(name: str, users: VimeoToolkit) -> None:
    driven = driver(name)
    tools = _tools(name, users, driven.identify, LIST)
    for videos in (2, 1, 3, 2):
        (read,) = asyncio.run(driven.converse(tools, [(LIST, {})], f"u{videos}"))
        assert json.loads(read)["total"] == videos


@each_framework
def test_a_run_of_nobody_sends_nothing(name: str, users: VimeoToolkit, vimeo: Sandbox) -> None:
    tools = _tools(name, users, lambda run: None, LIST)
    told = "function given as identifier returned nobody"
    if name in ENDS:
        with pytest.raises(Exception, match=told):
            asyncio.run(driver(name).converse(tools, [(LIST, {})], "u1"))
    else:
        (read,) = asyncio.run(driver(name).converse(tools, [(LIST, {})], "u1"))
        assert told in read
    assert not vimeo.requests


@each_framework
def test_no_argument_of_a_model_changes_the_user(name: str, users: VimeoToolkit) -> None:
    """Not even one under a name by which the framework gives a tool its run."""
    driven = driver(name)
    for argument in ("identifier", "user", "run", "vimeo_run", "_agno_run_context", "context"):
        tools = _tools(name, users, driven.identify, LIST)
        read = asyncio.run(driven.converse(tools, [(LIST, {argument: {"user": "u1"}})], "u2"))
        assert '"total":1,' not in str(read)
        assert "u1" not in str(read) or name not in ENDS


@each_framework
def test_a_tool_shows_no_identity_and_works_as_a_copy(name: str, users: VimeoToolkit, vimeo: Sandbox) -> None:
    users.import_token(identifier="tenant-marker-8812", access_token=vimeo.issue_token().access_token)
    (made,) = _tools(name, users, "tenant-marker-8812", LIST)
    assert "tenant-marker-8812" not in repr(made)
    assert "tenant-marker-8812" not in str(driver(name).declared([made]))
    copied = made if name == "crewai" else deepcopy(made)  # each tool of CrewAI's has a lock
    assert "total" in json.loads(asyncio.run(driver(name).call(copied, {})))


own = Toolset("acme", "What Acme's editors do with their videos.")


@own.patch(
    "/videos/{video_id}",
    name="acme_video_release",
    scopes={"edit"},
    undo="Release it anew.",
    asks="Release {title}?",
)
class VideoRelease(ToolInput):
    """Release a finished video under its final title."""

    video_id: VideoNumber
    title: Annotated[str, BodyPath("name"), Help("The title that people will see.")]
    """The final title."""


@each_framework
def test_a_tool_of_the_products_own(name: str, connection: Connection, vimeo: Sandbox) -> None:
    with VimeoToolkit([connection], store="sqlite:///:memory:", tools=[VideoRelease]) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        little = vimeo.issue_token(scopes=["public"]).access_token
        toolkit.import_token(identifier="reads_only", access_token=little)
        given = {"video_id": vimeo.user.videos[0].uri, "title": "Final"}
        for who, expected in (("reads_only", "missing_scope"), ("u", "Final")):
            tools = _tools(name, toolkit, who, "acme_video_release")
            (_, declared) = driver(name).declared(tools)["acme_video_release"]
            assert set(declared["required"]) == {"video_id", "title"}
            (read,) = asyncio.run(driver(name).converse(tools, [("acme_video_release", given)], who))
            assert expected in read
    assert vimeo.user.videos[0].name == "Final"


@pytest.mark.skipif("anthropic" not in CHOSEN, reason="another framework's environment")
def test_tools_for_anthropics_asynchronous_client(guarded: VimeoToolkit, vimeo: Sandbox) -> None:
    for who, tool, change, _ in REPLIES:
        given = {**example_input(tool, vimeo), **change}
        (made,) = adapter("anthropic").get_async_tools(identifier=who, toolkit=guarded, include=[tool])
        read = asyncio.run(driver("anthropic").call(made, given))
        assert _plain(read) == _plain(_bound(guarded, who, tool).call(given).text)
