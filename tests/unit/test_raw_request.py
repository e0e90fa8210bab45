"""A request to any path: what the checks refuse is never sent, what they let through is sent as it was asked."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.properties import examples
from vimeo_toolkit import (
    ApprovalRequired,
    BoundTool,
    Connection,
    Event,
    InvalidInput,
    MissingScope,
    NotFound,
    PlannedCall,
    RateLimited,
    ReadOnly,
    UnknownTool,
    VimeoError,
    VimeoToolkit,
    VimeoToolkitError,
)
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.sandbox import Sandbox

WRITES = ("POST", "PUT", "PATCH", "DELETE")
SCOPES = ["public", "private", "create", "edit", "delete", "interact"]


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def over(vimeo: Sandbox, scopes: list[str] | None = None, **options: Any) -> VimeoToolkit:
    made = VimeoToolkit(
        [Connection(client_id="c", client_secret="s", api_url=vimeo.url)],
        store="sqlite:///:memory:",
        **options,
    )
    token = vimeo.issue_token(scopes=SCOPES if scopes is None else scopes).access_token
    made.import_token(identifier="u", access_token=token)
    vimeo.requests.clear()
    return made


BAD_PATHS = [
    "",
    "/",
    "me",
    "/me/",
    "//evil.example/me",
    "https://evil.example/me",
    "@evil.example/me",
    "/@evil.example",
    "/me//videos",
    "/videos/..",
    "/videos/../me",
    "/videos/%2e%2E/me",
    "/videos/.",
    "/videos/...",
    "/videos/1%2f..%2fme",
    "/videos/1%2F2",
    "/videos/1%5c2",
    "/videos/1\\2",
    "/videos/%252e%252e",
    "/videos/..;/me",
    "/videos/1;a=b",
    "/videos/\uff0e\uff0e",
    "/videos/a\uff0fb",
    "/videos/1%00",
    "/videos/1\r\nHost: evil.example",
    "/videos/%0d%0aHost:evil",
    "/videos/ ",
    "/videos/%ff",
    "/videos/1%2",
    "/videos/1#x",
    "/videos/\u202e1",
    "/videos/\ud800",
    "/me?fields=uri#x",
    "/me?a=1&a=2",
    "/me?fields=%ff",
    "/oauth/verify",
    "/OAuth/access_token",
    "/%6fauth/authorize",
    "/tokens",
    "/\uff4fauth/verify",
    "/videos/" + "9" * 2000,
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_a_path_that_may_lead_elsewhere_is_refused(path: str, shared: Sandbox) -> None:
    with over(shared) as toolkit:
        for method in ("GET", "DELETE"):
            with pytest.raises(InvalidInput, match="path"):
                toolkit.request(method, path, identifier="u")
    assert shared.requests == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"params": {"access_token": "x"}}, "access_token cannot be set"),
        ({"params": {"_method": "DELETE"}}, "_method cannot be set"),
        ({"path": "/me?Access_Token=x"}, "cannot be set"),
        ({"path": "/me?access.token=x"}, "cannot be set"),
        *(
            ({"params": {name: "x"}}, "cannot be set")
            for name in (
                "access token",
                "access[token",
                "access_token[]",
                "_method[0]",
                ".method",
                " _method",
            )
        ),
        ({"method": "POST", "json": {"\uff3fmethod": "DELETE"}}, "cannot be set"),
        ({"path": "/me?fields=uri", "params": {"fields": "name"}}, "fields stands both"),
        ({"params": {"a": {"b": 1}}}, "neither a text"),
        ({"params": {"": 1}}, "is empty"),
        ({"params": {"a\n": 1}}, "does not print"),
        ({"params": {"a": "x" * 9000}}, "more than 8,000"),
        ({"json": {"name": "x"}}, "a GET has no body"),
        ({"method": "PATCH", "json": {"access_token": "x"}}, "cannot be set"),
        ({"method": "PATCH", "json": "text"}, "not JSON"),
        ({"method": "PATCH", "json": {"a": float("nan")}}, "not JSON"),
        ({"method": "PATCH", "json": {"a": object()}}, "not JSON"),
        ({"method": "PATCH", "json": {"a": "\ud800"}}, "not JSON"),
        ({"method": "PATCH", "json": 7}, "a JSON object or a list"),
        ({"method": "PATCH", "json": {"a": "x" * 1_100_000}}, "at most"),
        ({"method": "TRACE"}, "method"),
        ({"method": "GET /x HTTP/1.1"}, "method"),
    ],
)
def test_what_a_server_may_read_otherwise_is_refused(
    given: dict[str, Any], said: str, shared: Sandbox
) -> None:
    with over(shared) as toolkit, pytest.raises(InvalidInput, match=said):
        toolkit.request(**{"method": "GET", "path": "/me", "identifier": "u", **given})
    assert shared.requests == []


def test_it_is_sent_as_it_was_asked(shared: Sandbox) -> None:
    with over(shared) as toolkit:
        made = toolkit.request("post", "/me/albums", identifier="u", json={"name": "Drafts"})
        assert made["name"] == "Drafts"
        toolkit.request("GET", "/me/videos?per_page=2", identifier="u", params={"fields": ["uri", "name"]})
        tags = [{"name": "harbour"}, {"name": "låda"}]
        video = f"/videos/{shared.user.videos[0].id}"
        toolkit.request("PUT", f"{video}/tags", identifier="u", json=tags)
        assert toolkit.request("DELETE", f"{video}/tags/l%C3%A5da", identifier="u")["success"] is True
    sent = [(each.method, each.path, each.query, each.body) for each in shared.requests]
    assert sent == [
        ("POST", "/me/albums", {}, {"name": "Drafts"}),
        ("GET", "/me/videos", {"per_page": "2", "fields": "uri,name"}, None),
        ("PUT", f"{video}/tags", {}, tags),
        ("DELETE", f"{video}/tags/låda", {}, None),
    ]


TEXT = st.text(max_size=8) | st.sampled_from(["..", ".", "%2e", "%2F", "me", "oauth", "1:abc", "å b", "%E5"])
PARTS = st.lists(TEXT, min_size=1, max_size=4)
PATH = (
    st.sampled_from(BAD_PATHS)
    | PARTS.map(lambda parts: "/" + "/".join(parts))
    | PARTS.map(lambda parts: "/" + "/".join(quote(each, safe="", errors="replace") for each in parts))
)
NAMES = st.text(max_size=6) | st.sampled_from(["fields", "access_token", "page", "_method", "client_id"])
VALUES = st.text(max_size=8) | st.integers() | st.booleans() | st.none() | st.lists(st.integers(), max_size=3)
BODIES = st.none() | st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | st.integers(-9, 9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@examples(40, 3000, [HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "get", *WRITES, "HEAD", "CONNECT"]),
    path=PATH,
    params=st.dictionaries(NAMES, VALUES, max_size=3),
    body=BODIES,
)
def test_refused_is_never_sent_and_let_through_is_sent_exactly(
    method: str, path: str, params: dict[str, Any], body: Any, shared: Sandbox, watched: VimeoToolkit
) -> None:
    shared.requests.clear()
    planned: dict[str, Any] = {}
    try:
        planned = dict(
            watched.request(method, path, identifier="u", params=params, json=body, dry_run=True)["requests"][
                0
            ]
        )
        watched.request(method, path, identifier="u", params=params, json=body)
    except InvalidInput:
        assert planned == {}
        assert shared.requests == []
        return
    except VimeoToolkitError:
        pass  # the sandbox has no such path
    (sent,) = [each for each in shared.requests if each.path != "/oauth/verify"]
    place, _, behind = path.partition("?")
    assert sent.method == method.upper() == planned["method"]
    assert planned["path"] == sent.path
    assert quote(sent.path, safe="/:") == quote(planned["path"], safe="/:")
    assert sent.path.count("/") == place.count("/")
    assert sent.path.split("/")[1].casefold() not in ("oauth", "tokens")
    wanted = {name: _written(value) for name, value in params.items() if value is not None}
    assert behind or sent.query == wanted
    assert sent.query == {**sent.query, **wanted}
    assert sent.body == body


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


@pytest.fixture(scope="module")
def watched(shared: Sandbox) -> Iterator[VimeoToolkit]:
    with over(shared) as toolkit:
        yield toolkit


@pytest.mark.parametrize("method", ["GET", *WRITES])
@pytest.mark.parametrize("approval", [None, "destructive", "outward", "writes"])
def test_consent_by_the_toolkits_rule(method: str, approval: Any, shared: Sandbox) -> None:
    """A POST adds something, unless a tool that posts there replaces something by it."""
    path = "/me/albums" if method != "GET" else "/me"
    held = method != "GET" and approval is not None and (method != "POST" or approval != "destructive")
    with over(shared, approval=approval) as toolkit:
        if held:
            with pytest.raises(ApprovalRequired) as refused:
                toolkit.request(method, path, identifier="u", json={"name": "Secret plans"})
            assert refused.value.planned
            assert "Secret plans" in refused.value.planned.question
            assert shared.requests == []
            toolkit.approve(refused.value.approval_id, identifier="u")
        body = None if method == "GET" else {"name": "Secret plans"}
        with suppress(VimeoError):  # a list can be neither changed nor deleted
            toolkit.request(method, path, identifier="u", json=body)
        assert [each.method for each in shared.requests] == [method]


@pytest.mark.parametrize("part", ["pictures", "texttracks", "versions"])
def test_a_post_that_replaces_what_people_see_is_asked_about(part: str, shared: Sandbox) -> None:
    with (
        over(shared, [*SCOPES, "upload"], approval="destructive") as toolkit,
        pytest.raises(ApprovalRequired),
    ):
        toolkit.request("POST", f"/videos/1/{part}", identifier="u", json={})
    assert shared.requests == []


def test_a_toolkit_that_only_reads(shared: Sandbox) -> None:
    with over(shared, read_only=True) as toolkit:
        assert toolkit.request("GET", "/me", identifier="u", params={"fields": "uri"})["uri"]
        for method in WRITES:
            with pytest.raises(ReadOnly):
                toolkit.request(method, "/me", identifier="u")
    assert len(shared.requests) == 1


@pytest.mark.parametrize(
    ("method", "path", "missing"),
    [
        ("PATCH", "/videos/1", "edit"),
        ("GET", "/me/videos", "private"),
        ("GET", "/users/1/live_events/7", "private"),
        ("PUT", "/me/folders/1/videos/2", "interact"),
    ],
)
def test_known_scopes_are_compared_before_anything_is_sent(
    method: str, path: str, missing: str, shared: Sandbox
) -> None:
    with over(shared, ["public"]) as toolkit, pytest.raises(MissingScope, match=f'"{missing}"'):
        toolkit.request(method, path, identifier="u")
    assert shared.requests == []


@pytest.mark.parametrize("method", ["GET", *WRITES])
def test_a_limit_that_is_used_up_lets_nothing_through(method: str, shared: Sandbox) -> None:
    """As the user's other calls have used it, each of which is counted for it, too."""
    user = shared.add_user("Free", plan="free")
    with over(shared, max_wait=0) as toolkit:
        token = shared.issue_token(user, scopes=SCOPES).access_token
        toolkit.import_token(identifier="free", access_token=token)
        shared.requests.clear()
        with suppress(RateLimited):
            for _ in range(200):
                toolkit.request("GET", "/me", params={"fields": "uri"}, identifier="free")
        sent = len(shared.requests)
        assert {each.status for each in shared.requests} == {200}
        with pytest.raises(RateLimited) as raised:
            toolkit.request(method, "/me/folders/1", identifier="free")
        assert raised.value.retry_after > 0
        assert 20 < len(shared.requests) == sent < 200


def test_an_unknown_path_is_left_to_vimeo(shared: Sandbox) -> None:
    with over(shared) as toolkit, pytest.raises(NotFound):
        toolkit.request("GET", "/no/such/thing", identifier="u")
    assert len(shared.requests) == 1


def test_no_secret_is_in_an_answer_a_plan_or_an_error(shared: Sandbox) -> None:
    asked: list[PlannedCall] = []

    def confirm(planned: PlannedCall) -> str:
        asked.append(planned)
        return "Not today."

    given = {"name": "Locked", "privacy": "password", "password": "Brass-Harbour-9"}
    with over(shared, confirm=confirm) as toolkit:
        made = toolkit.request("POST", "/me/albums", identifier="u", json=given)
        texts = [str(made.data), made.to_text(), repr(made)]
        uri = made["uri"]
        texts.append(str(toolkit.request("GET", uri, identifier="u").data))
        planned = toolkit.request("PATCH", uri, identifier="u", json=given, dry_run=True)
        texts += [str(planned.data), planned.to_text()]
        with pytest.raises(VimeoToolkitError) as refused:
            toolkit.request("PATCH", uri, identifier="u", json=given)
        texts += [str(refused.value), repr(asked), asked[0].describe(), str(asked[0].to_dict())]
    assert "Brass-Harbour-9" not in "".join(texts)
    assert '"name": "Locked"' in asked[0].question


def test_an_upload_link_does_not_come_back(shared: Sandbox) -> None:
    with over(shared, [*SCOPES, "upload"]) as toolkit:
        made = toolkit.request(
            "POST", "/me/videos", identifier="u", json={"upload": {"approach": "tus", "size": 10}}
        )
    assert made["upload"]["upload_link"] == "[redacted]"


def test_under_a_key_it_is_made_once(shared: Sandbox) -> None:
    with over(shared) as toolkit:
        for _ in range(2):
            toolkit.request("POST", "/me/albums", identifier="u", json={"name": "Once"}, idempotency_key="k1")
    assert len(shared.requests) == 1


def test_events_and_the_list_of_changes_name_it(shared: Sandbox) -> None:
    heard: list[Event] = []
    video = shared.user.videos[0]
    with over(shared, on_event=heard.append) as toolkit:
        toolkit.request("GET", f"/videos/{video.id}/comments", identifier="u")
        toolkit.request("PATCH", f"/videos/{video.id}", identifier="u", json={"name": "Pier"})
        changes = toolkit.execute_tool(identifier="u", tool_name="vimeo_changes_list")
    ended = [each.data for each in heard if each.name == "call.finished"][:2]
    assert [(each["read_only"], each["objects"]) for each in ended] == [
        (True, [f"video {video.id}"]),
        (False, [f"video {video.id}"]),
    ]
    assert changes["data"][0]["what"] == "vimeo_request"
    assert "Pier" not in str(heard)


def test_a_list_is_walked_by_its_path(shared: Sandbox) -> None:
    with over(shared) as toolkit:
        by_tool = [each["uri"] for each in toolkit.iterate("vimeo_my_videos_list", identifier="u")]
        shared.requests.clear()
        by_path = list(toolkit.iterate("/me/videos?per_page=40", {"fields": "uri"}, identifier="u"))
        assert [each["uri"] for each in by_path] == by_tool
        assert [each.query["page"] for each in shared.requests] == ["1", "2"]
        again = {"method": "GET", "path": "/me/videos", "params": {"fields": "uri", "page": 2}}
        some = list(toolkit.iterate("vimeo_request", again, identifier="u", max_items=3))
        assert [each["uri"] for each in some] == by_tool[3:6]
        for wrong in ("/me/videos?page=0", "/me/videos?per_page=x", "/../me"):
            with pytest.raises(InvalidInput):
                toolkit.iterate(wrong, identifier="u")
        with pytest.raises(InvalidInput):
            toolkit.iterate("vimeo_request", {"method": "DELETE", "path": "/me/videos"}, identifier="u")


async def test_it_works_without_blocking(shared: Sandbox) -> None:
    toolkit = over(shared)
    async with toolkit:
        me = await toolkit.arequest("GET", "/me", identifier="u", params={"fields": "uri"})
        assert me["uri"] == shared.user.uri
        found = [each async for each in toolkit.aiterate("/me/videos", {"fields": "uri"}, identifier="u")]
        assert len(found) == len(shared.user.videos)


def agents(toolkit: VimeoToolkit, **choice: Any) -> dict[str, BoundTool]:
    return {tool.name: tool for tool in toolkit.bind_tools(identifier="u", **choice)}


def test_an_agent_gets_it_only_by_its_name(shared: Sandbox) -> None:
    with over(shared) as toolkit:
        for choice in ({}, {"toolsets": "all"}, {"toolsets": ["default", "admin"]}, {"toolsets": "hosted59"}):
            assert "vimeo_request" not in agents(toolkit, **choice)
        assert "vimeo_request" not in catalog()
        assert "vimeo_request" not in agents(toolkit, include=["vimeo_request"], read_only=True)
        assert "vimeo_request" not in {tool.name for tool in toolkit.bind_tools_on_demand(identifier="u")}
        by_name = agents(toolkit)["vimeo_tool_call"]
        reply = by_name.call({"name": "vimeo_request", "inputs": {"method": "GET", "path": "/me"}})
        assert isinstance(reply.error, UnknownTool)
        with pytest.raises(UnknownTool):
            toolkit.execute_tool(
                identifier="u",
                tool_name="vimeo_request",
                tool_input={"method": "GET", "path": "/me"},
                allowed=["vimeo_me_get"],
            )
    assert shared.requests == []


@pytest.mark.parametrize("approval", [None, "destructive", "writes"])
def test_a_model_is_held_back_from_all_but_reading(approval: Any, shared: Sandbox) -> None:
    with over(shared, approval=approval) as toolkit:
        tool = agents(toolkit, include=["vimeo_request"])["vimeo_request"]
        assert tool.needs_approval
        read = {"method": "GET", "path": "/me", "params": '{"fields": "uri"}'}
        assert not tool.holds_back(read)
        assert not tool.call(read).is_error
        shared.requests.clear()
        for method in WRITES:
            write = {"method": method, "path": "/me/albums", "body": {"name": "By a model"}}
            assert tool.holds_back(write)
            reply = tool.call(write)
            assert isinstance(reply.error, ApprovalRequired)
            assert "By a model" in tool.question_about(write)
        assert shared.requests == []
        write = {"method": "POST", "path": "/me/albums", "body": '{"name": "By a model"}'}
        tool.approve(write, asked=tool.question_about(write))
        assert json.loads(tool.call(write).text)["name"] == "By a model"
        assert isinstance(tool.call(write).error, ApprovalRequired)


def test_text_of_others_is_marked_wherever_it_stands(shared: Sandbox) -> None:
    with over(shared) as toolkit:
        tool = agents(toolkit, include=["vimeo_request"])["vimeo_request"]
        other = next(each for each in shared.world.videos.values() if each.user is not shared.user)
        reply = tool.call({"method": "GET", "path": f"/videos/{other.id}"})
    marked = json.loads(reply.text)["written_by_others"]
    assert all(part in marked for part in ("name", "description_html", "user.name"))


def test_neither_params_nor_body_are_traced(shared: Sandbox) -> None:
    with over(shared) as toolkit:
        tool = agents(toolkit, include=["vimeo_request"])["vimeo_request"]
        given = {"method": "PATCH", "path": "/me", "body": {"password": "Brass-Harbour-9"}}
        assert tool.shown(given) == {"method": "PATCH", "path": "/me", "body": "***"}
        values = tool.tool.validate(given)
        assert "Brass" not in repr(values) + str(values.model_dump())
        with pytest.raises(TypeError):
            pickle.dumps(values)
