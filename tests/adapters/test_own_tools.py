"""Tools that a product declares itself are tools like ours, in every framework."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

import pytest
from langchain_vimeo import get_tools as langchain_tools
from llama_index.tools.vimeo import get_tools as llama_tools
from mcp import Client
from vimeo_mcp import create_server

from tests.adapters.ways import WAYS, Way, bound_tool
from tests.examples import writes
from vimeo_toolkit import (
    Api,
    ApiRequest,
    ApprovalRequired,
    BodyPath,
    ConfigurationError,
    Connection,
    Help,
    InvalidInput,
    Look,
    MissingScope,
    Modifier,
    Paged,
    ReadOnly,
    ToolInput,
    Toolset,
    UnknownTool,
    VideoNumber,
    VimeoToolkit,
)
from vimeo_toolkit.display import tools_table
from vimeo_toolkit.sandbox import Sandbox

acme = Toolset("acme", "What Acme's editors do.")
RELEASE, CHECK, LISTED, MOTTO = "acme_video_release", "acme_video_check", "acme_uploads_list", "acme_motto"


@acme.patch(
    "/videos/{video_id}",
    name=RELEASE,
    scopes={"edit"},
    destructive=True,
    visible_to_others=True,
    undo=f"{RELEASE} with the former title.",
    asks="Release {video}?",
    looks=(Look("video", "/videos/{video_id}", "uri,name", kind="video"),),
)
class Release(ToolInput):
    """Release a finished film under its final title."""

    video_id: VideoNumber
    title: Annotated[str, BodyPath("name"), Help("The title that people will see.")]
    licence: Annotated[Literal["by", "cc0"] | None, BodyPath("license"), Help("Its licence.", "None.")] = None


@acme.get("/videos/{video_id}", name=CHECK, fields="uri,name")
class Check(ToolInput):
    """Check whether a film is ready for the festival committee."""

    video_id: VideoNumber

    async def run(self, api: Api) -> Any:
        video = await api.send(self.request(api.account))
        comments = await api.send(ApiRequest("GET", f"{video['uri']}/comments", fields="uri"))
        return {**video, "comments": comments["total"], "asked_by": api.account.identifier}


@acme.get("/me/videos", name=LISTED, scopes={"private"}, fields="uri,name")
class Uploads(Paged):
    """List the films of the festival."""


@acme.local(name=MOTTO)
class Motto(ToolInput):
    """Tell the festival's motto."""

    async def run(self, api: Api) -> Any:
        return {"motto": "Slow is smooth."}


@pytest.fixture
def toolkit(connection: Connection, vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    with VimeoToolkit(
        [connection], store="sqlite:///:memory:", approval="destructive", tools=acme.tools
    ) as made:
        made.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        little = vimeo.issue_token(scopes=["public"]).access_token
        made.import_token(identifier="reads_only", access_token=little)
        vimeo.requests.clear()
        yield made


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("choice", [{}, None])
def test_every_framework_has_it(
    way: Way, choice: dict[str, Any] | None, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    video = vimeo.user.videos[0]
    told, is_error = way(toolkit, "u", CHECK, {"video_id": video.uri}, choice)
    assert not is_error
    found = json.loads(told)
    assert (found["name"], found["asked_by"]) == (video.name, "u")
    if choice is None:
        told, is_error = way(toolkit, "u", CHECK, {"video_id": "../me"})
        assert is_error
        assert "invalid_input" in told
        told, is_error = way(toolkit, "reads_only", RELEASE, {"video_id": "1", "title": "A"})
        assert is_error
        assert "missing_scope" in told
        told, is_error = way(toolkit, "u", RELEASE, {"video_id": str(video.id), "title": "A"})
        assert is_error
        assert "approval_required" in told
        told, is_error = way(toolkit, "u", MOTTO, {})
        assert "Slow is smooth." in told
    assert writes(vimeo) == []


async def test_schema_and_description_are_the_same_everywhere(toolkit: VimeoToolkit) -> None:
    core = bound_tool(toolkit, "u", RELEASE)
    assert core.schema["required"] == ["video_id", "title"]
    assert core.input_help["title"] == "The title that people will see."
    (chain,) = langchain_tools(identifier="u", toolkit=toolkit, include=[RELEASE])
    (llama,) = llama_tools(identifier="u", toolkit=toolkit, include=[RELEASE])
    async with Client(create_server("u", toolkit=toolkit, include=[RELEASE])) as client:
        (server,) = (await client.list_tools()).tools
    assert chain.description == llama.metadata.description == server.description == core.description
    args: Any = chain.args_schema
    assert args.model_json_schema() == core.schema
    assert server.input_schema["properties"] == core.schema["properties"]
    assert server.annotations
    assert server.annotations.destructive_hint
    assert tools_table([chain, llama, core, core.tool]).rows[0][0] == RELEASE


def test_a_dry_run_and_a_persons_question(toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    video = vimeo.user.videos[0]
    given = {"video_id": str(video.id), "title": "Final cut", "licence": "cc0"}
    planned = toolkit.execute_tool(identifier="u", tool_name=RELEASE, tool_input=given, dry_run=True)
    assert planned["requests"][0]["body"] == {"name": "Final cut", "license": "cc0"}
    assert video.name in planned["question"]
    assert "Final cut" in planned["question"]
    assert not planned["can_be_undone"]  # it had no licence, which cannot be set
    title_alone = {"video_id": str(video.id), "title": "Final cut"}
    assert toolkit.execute_tool(identifier="u", tool_name=RELEASE, tool_input=title_alone, dry_run=True)[
        "undo"
    ]
    with pytest.raises(ApprovalRequired):
        toolkit.execute_tool(identifier="u", tool_name=RELEASE, tool_input=given)
    assert writes(vimeo) == []
    toolkit.approve(planned["approval_id"], identifier="u")
    assert toolkit.execute_tool(identifier="u", tool_name=RELEASE, tool_input=given)["name"] == "Final cut"
    changes = toolkit.execute_tool(identifier="u", tool_name="vimeo_changes_list")
    assert (changes["data"][0]["what"], changes["data"][0]["take_back"]) == (
        RELEASE,
        f"{RELEASE} with the former title.",
    )


def test_it_is_found_called_by_name_and_walked(toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    found = toolkit.execute_tool(
        identifier="u",
        tool_name="vimeo_tools_search",
        tool_input={"query": "ready for the festival committee"},
    )
    assert CHECK in [each["name"] for each in found["data"]]
    by_name = bound_tool(toolkit, "u", "vimeo_tool_call", {"exclude": [MOTTO]})
    video = str(vimeo.user.videos[0].id)
    reply = by_name.call({"name": CHECK, "inputs": {"video_id": video}})
    assert "one of your own tools" in reply.text  # it was given
    assert isinstance(by_name.call({"name": MOTTO}).error, UnknownTool)
    walked = list(toolkit.iterate(LISTED, identifier="u", max_items=3))
    assert len(walked) == 3
    assert toolkit.needs_approval(RELEASE)
    wanted = toolkit.connection_request([(RELEASE, {"video_id": "1", "title": "A"})], identifier="reads_only")
    assert wanted
    assert wanted.missing_scopes == ("edit",)
    for choice in ({"toolsets": "acme"}, {"toolsets": "all"}, {"toolsets": ["default", "webhooks"]}):
        assert {tool.name for tool in acme.tools} <= {tool.name for tool in toolkit.tools(**choice)}
    assert CHECK not in {tool.name for tool in toolkit.tools(toolsets="webhooks")}
    with pytest.raises(UnknownTool, match="acme_video_chek"):
        toolkit.execute_tool(identifier="u", tool_name="acme_video_chek")


def test_no_other_toolkit_has_it(connection: Connection) -> None:
    with VimeoToolkit([connection], store="sqlite:///:memory:") as other:
        assert not {tool.name for tool in acme.tools} & {tool.name for tool in other.tools(toolsets="all")}
        with pytest.raises(UnknownTool):
            other.tools(include=[CHECK])
        with pytest.raises(InvalidInput, match="acme"):
            other.tools(toolsets="acme")


def test_the_toolkits_rules_hold_for_it(connection: Connection, vimeo: Sandbox) -> None:
    def shouted(tool: str, arguments: dict[str, Any], identity: Any) -> dict[str, Any]:
        return {**arguments, "title": arguments["title"].upper()}

    with VimeoToolkit(
        [connection], store="sqlite:///:memory:", tools=[Release], read_only=True
    ) as only_reads:
        only_reads.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        assert RELEASE not in {tool.name for tool in only_reads.tools()}
        with pytest.raises(ReadOnly):
            only_reads.execute_tool(
                identifier="u", tool_name=RELEASE, tool_input={"video_id": "1", "title": "A"}
            )
    with VimeoToolkit(
        [connection],
        store="sqlite:///:memory:",
        tools=[Release],
        modifiers=[Modifier(tools=RELEASE, before=shouted)],
    ) as changed:
        changed.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        given = {"video_id": str(vimeo.user.videos[0].id), "title": "quiet"}
        assert changed.execute_tool(identifier="u", tool_name=RELEASE, tool_input=given)["name"] == "QUIET"


@pytest.mark.parametrize(
    "request_",
    [
        ApiRequest("DELETE", "/videos/1"),
        ApiRequest("POST", "/me/albums", body={"name": "A"}),
        ApiRequest("delete", "/videos/1"),
        ApiRequest("GET", "/oauth/verify"),
        ApiRequest("DELETE", "/tokens"),
        ApiRequest("GET", "/me", {"access_token": "x"}),
    ],
    ids=lambda sent: f"{sent.method} {sent.path}",
)
@pytest.mark.parametrize("kind", ["get", "local"])
def test_it_does_no_more_than_it_is_declared_for(
    request_: ApiRequest, kind: str, connection: Connection, vimeo: Sandbox
) -> None:
    """Or nobody would be asked, and a toolkit that only reads would change something."""

    async def run(self: Any, api: Api) -> Any:
        return await api.send(request_)

    tools: Any = [_with({"run": run}, kind=kind)()]
    with VimeoToolkit([connection], store="sqlite:///:memory:", tools=tools, read_only=True) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        vimeo.requests.clear()
        for dry_run in False, True:
            with pytest.raises(ConfigurationError, match="acme_it may not send"):
                toolkit.execute_tool(identifier="u", tool_name="acme_it", dry_run=dry_run)
    assert vimeo.requests == []


def test_names_that_are_taken(connection: Connection) -> None:
    def refused(*tools: Any) -> str:
        with pytest.raises(ConfigurationError) as error:
            VimeoToolkit([connection], store="sqlite:///:memory:", tools=tools)
        assert error.value.hint
        return error.value.message

    def declared(toolset: str, name: str) -> type[ToolInput]:
        @Toolset(toolset, "Mine.").get("/me", name=name)
        class Mine(ToolInput):
            """Get me."""

        return Mine

    class Undeclared(ToolInput):
        """Not declared."""

    assert "vimeo_video_get" in refused(declared("acme", "vimeo_video_get"))
    assert "Vimeo-video_get" in refused(declared("acme", "Vimeo-video_get"))
    assert "vimeo_request" in refused(declared("acme", "vimeo_request"))
    assert "vimeo_not_there_yet" in refused(declared("acme", "vimeo_not_there_yet"))
    assert "Two of your tools" in refused(declared("acme", "acme_me"), declared("other", "acme_me"))
    for toolset in ("publish", "all", "default", "hosted59"):
        assert repr(toolset) in refused(declared(toolset, "acme_me"))
    assert "Undeclared" in refused(Undeclared)
    assert "str" in refused("acme_video_check")
    assert "VimeoToolkit" in refused(VimeoToolkit)


def _get(path: str = "/videos/{video_id}", **declared: Any) -> Callable[[], object]:
    def declare() -> object:
        @Toolset("acme", "Mine.").get(path, **{"name": "acme_it", **declared})
        class It(ToolInput):
            """Get it."""

            video_id: VideoNumber

        return It

    return declare


def _with(
    body: dict[str, Any], annotations: dict[str, Any] | None = None, **declared: Any
) -> Callable[[], object]:
    def declare() -> object:
        made = type(
            "It",
            (ToolInput,),
            {"__doc__": "Do it.", "__module__": __name__, "__annotations__": annotations or {}, **body},
        )
        toolset = Toolset("acme", "Mine.")
        kind = declared.pop("kind", "get")
        if kind == "local":
            return toolset.local(name="acme_it", **declared)(made)
        return getattr(toolset, kind)("/me", **{"name": "acme_it", **declared})(made)

    return declare


async def _run(self: Any, api: Any) -> Any:
    return {}


@pytest.mark.parametrize(
    ("declare", "said"),
    [
        (_get("/videos/{clip_id}"), "clip_id, which are not inputs"),
        (_get("videos/{video_id}"), "cannot be sent"),
        (_get("https://evil.example/{video_id}"), "cannot be sent"),
        (_get("/videos/{video_id}/../me"), "cannot be sent"),
        (_get("/oauth/{video_id}"), "cannot be sent"),
        (_get("/videos/{video_id}?fields=uri"), "has a query"),
        (_get(name="acme it"), "not a name"),
        (_get(name=7), "has no name"),
        (_get(scopes="edit"), "scopes has 'edit'"),
        (_get(scopes={"edti"}), "scopes has edti"),
        (_get(scope={"edit"}), "cannot be declared with scope"),
        (_get(looks=("video",)), "not a Look"),
        (_get(looks=(Look("clip", "/videos/{clip_id}", "uri"),)), "clip_id, which is not an input"),
        (_with({"__doc__": ""}), "description is missing"),
        (_with({"__doc__": "a" * 2000}), "description is missing or too long"),
        (_with({}, {"schema": str}), "schema cannot be the name"),
        (_with({"run": lambda self, api: {}}), "not an async def"),
        (_with({}, kind="local"), "has no run"),
        (_with({}, kind="post"), "does not ask"),
        (_with({}, kind="post", asks="Do it"), "does not ask"),
        (_with({}, kind="post", asks="Do {that}?"), "neither an input nor a look"),
        (_with({}, kind="delete", read_only=True), "only reads, and sends a DELETE"),
        (lambda: Toolset("acme", "Mine.").get("/me", name="acme_it")(dict), "not a class of ToolInput"),  # type: ignore[type-var]
        (lambda: Toolset("my tools!", "Mine."), "not a name of a toolset"),
        (_with({}, {"by": "NoSuchType"}), "types of its inputs"),
        (_with({}, {"by": object()}), "types of its inputs"),
    ],
)
@pytest.mark.filterwarnings("ignore:Field name")
def test_a_wrong_declaration_is_refused_when_it_is_made(declare: Callable[[], object], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as error:
        declare()
    assert error.value.hint
    assert _with({"run": _run}, kind="local")()


def test_two_of_a_name_in_one_toolset_and_a_cell_that_runs_again() -> None:
    mine = Toolset("mine", "Mine.")

    def cell() -> type[ToolInput]:
        @mine.get("/me", name="mine_me")
        class Me(ToolInput):
            """Get me."""

        return Me

    cell()
    again = cell()
    assert [tool.input_model for tool in mine.tools] == [again]
    with pytest.raises(ConfigurationError, match="declared twice"):

        @mine.get("/me", name="mine_me")
        class Other(ToolInput):
            """Get me."""


def test_a_scope_that_lacks_is_told_with_a_link(toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    with pytest.raises(MissingScope) as error:
        toolkit.execute_tool(
            identifier="reads_only", tool_name=RELEASE, tool_input={"video_id": "1", "title": "A"}
        )
    assert error.value.authorization_link
    assert vimeo.requests == []
