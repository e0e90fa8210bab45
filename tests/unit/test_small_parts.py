"""Connections, secrets, errors, results, the environment, declarations."""

from __future__ import annotations

import copy
import pickle
import re
import subprocess
import sys
from typing import Any

import pytest

import vimeo_toolkit
from vimeo_toolkit import (
    ApprovalRequired,
    ConfigurationError,
    Connection,
    InvalidInput,
    MissingExtra,
    MissingScope,
    RateLimited,
    UnknownTool,
    VimeoToolkit,
    VimeoToolkitError,
    errors,
)
from vimeo_toolkit.calls.request import http_request
from vimeo_toolkit.calls.result import Pages, ToolResult
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.declaring import Toolset
from vimeo_toolkit.catalog.selection import find_tool
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.redact import redacted

MARK = "marker-of-a-secret"


def test_a_secret_keeps_quiet() -> None:
    secret = Secret(MARK)
    assert MARK not in f"{secret} {secret!r} {[secret]} {secret:>5}"
    assert secret.reveal() == MARK
    assert secret == Secret(MARK) != Secret("other")
    assert copy.deepcopy({"a": secret})["a"] is secret
    with pytest.raises(TypeError, match="picklable"):
        pickle.dumps(secret)


def test_a_connection_keeps_its_secret() -> None:
    connection = Connection(client_id="a", client_secret=MARK, redirect_uri="http://127.0.0.1/cb")
    assert MARK not in repr(connection)
    with pytest.raises(TypeError):
        pickle.dumps(connection)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "a\nb"},
        {"scopes": ["everything"]},
        {"api_url": "http://api.vimeo.com"},
        {"api_url": "https://user:pw@api.vimeo.com"},
        {"api_url": "https://api.vimeo.com?x=1"},
        {"api_url": "ftp://api.vimeo.com"},
        {"api_url": ""},
    ],
)
def test_connections_that_cannot_work(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        Connection(**wrong)


def test_scopes_bring_what_they_need() -> None:
    assert Connection(scopes=["edit"]).scopes == ("public", "edit", "private")
    assert Connection(scopes="public").scopes == ("public",)
    assert set(Connection(scopes="edit,delete").scopes) == {"public", "private", "edit", "delete"}


def test_the_environment() -> None:
    env = {
        "VIMEO_CLIENT_ID": "id",
        "VIMEO_CLIENT_SECRET": MARK,
        "VIMEO_REDIRECT_URI": "http://127.0.0.1/cb",
        "VIMEO_SCOPES": "private edit",
        "VIMEO_TOOLKIT_STORE": "sqlite:///:memory:",
        "VIMEO_TOOLKIT_KEY": vimeo_toolkit.generate_key(),
    }
    with VimeoToolkit.from_env(env) as toolkit:
        link = toolkit.get_authorization_link(identifier="u").link
        assert link.startswith("https://api.vimeo.com/oauth/authorize?response_type=code&client_id=id")
        assert MARK not in repr(toolkit)
        assert copy.deepcopy(toolkit) is toolkit
        with pytest.raises(TypeError):
            pickle.dumps(toolkit)
    with pytest.raises(ConfigurationError, match="key"):
        VimeoToolkit.from_env({**env, "VIMEO_TOOLKIT_KEY": "short"})
    with pytest.raises(ConfigurationError, match="sqlite"):
        VimeoToolkit.from_env({**env, "VIMEO_TOOLKIT_STORE": "mysql://x"})


def test_toolkits_that_cannot_work() -> None:
    with pytest.raises(ConfigurationError, match="connection"):
        VimeoToolkit([], store="sqlite:///:memory:")
    with pytest.raises(ConfigurationError, match="timeout"):
        VimeoToolkit([Connection()], store="sqlite:///:memory:", timeout=0)


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_survives_a_pickle(name: str) -> None:
    cls = getattr(errors, name)
    more: dict[str, Any] = {"retry_after": 3.0} if cls is RateLimited else {}
    if cls is ApprovalRequired:
        more = {"approval_id": "x", "planned": None}
    text = "It happened. Do this."
    if cls is MissingExtra:
        error = MissingExtra("It", "a-package", "an-extra")
        text = str(error)
    else:
        error = cls("It happened.", hint="Do this.", **more)
    back = pickle.loads(pickle.dumps(error))  # noqa: S301 - made a moment ago
    assert type(back) is cls
    assert (str(back), back.to_dict()) == (str(error), error.to_dict()) == (text, back.to_dict())
    assert isinstance(error, VimeoToolkitError)
    assert cls.__doc__
    assert cls.code


def test_missing_scopes_are_those_not_granted() -> None:
    error = MissingScope("x", needed=["edit", "private"], granted=["private"])
    assert error.missing == ["edit"]
    assert MissingScope("x", needed=["edit"], granted=["edit"]).missing == ["edit"]


def test_a_result_reads_like_its_json() -> None:
    body = {"total": 2, "page": 1, "per_page": 25, "paging": {"next": "/x"}, "data": [{"a": None, "b": 1}]}
    result = ToolResult(body, pages=Pages(1, 25, 2, 2), notes=("Mind this.",))
    assert result["data"][0]["b"] == 1
    assert list(result) == list(body)
    assert len(result) == 5
    assert dict(result) == body
    assert result.for_model() == {
        "total": 2,
        "page": 1,
        "columns": ["a", "b"],
        "data": [[None, 1]],
        "next_page": 2,
        "notes": ["Mind this."],
    }
    assert (
        result.to_text()
        == '{"total":2,"page":1,"columns":["a","b"],"data":[[null,1]],"next_page":2,"notes":["Mind this."]}'
    )
    assert "Mind this" in repr(result)


def test_redaction_reaches_everywhere() -> None:
    value = {
        "password": MARK,
        "x": [{"secret": MARK}, [{"access_token": MARK}]],
        "name": "keep",
        "password2": "",
    }
    assert MARK not in str(redacted(value))
    assert value["name"] == "keep"


@pytest.mark.parametrize(
    "path", ["/videos//x", "/videos/../me", "/videos/./x", "videos/1", "/videos/", "//evil.example"]
)
def test_the_last_door_before_the_network(path: str) -> None:
    with pytest.raises(InvalidInput):
        http_request(Connection(), Secret("t"), ApiRequest("GET", path))


def test_closest_names() -> None:
    with pytest.raises(UnknownTool, match="vimeo_my_videos_list"):
        find_tool("vimeo_my_video_list")
    with pytest.raises(UnknownTool, match=r"toolkit\.tools"):
        find_tool("zzz")


def test_mistakes_in_a_declaration_are_found_at_once() -> None:
    tools = Toolset("t", "d")
    with pytest.raises(ConfigurationError, match="not inputs"):

        @tools.get("/videos/{video_id}", name="vimeo_x")
        class _NoSuchInput(ToolInput):
            """Does something."""

    with pytest.raises(ConfigurationError, match="not a name"):

        @tools.get("/videos", name="vimeo x")
        class _BadName(ToolInput):
            """Does something."""

    with pytest.raises(ConfigurationError, match="description"):

        @tools.get("/videos", name="vimeo_x")
        class _NoDescription(ToolInput):
            pass

    assert tools.tools == []


@pytest.mark.parametrize("name", sorted(catalog(library=True)))
def test_every_declaration(name: str) -> None:
    tool = catalog(library=True)[name]
    assert tool.name == name
    assert tool.read_only == (tool.method in ("GET", ""))
    assert not (tool.destructive and tool.read_only)
    # What is taken out of a list, and can be put back, is not lost.
    assert tool.destructive or tool.method != "DELETE" or tool.undo
    assert (tool.fields is None) == (tool.method in ("DELETE", ""))
    assert tool.undo is None or (not tool.read_only and tool.undo.endswith("."))
    for other in re.findall(
        r"vimeo_\w+", f"{tool.undo} {tool.description} {list(tool.error_hints.values())}"
    ):
        assert other in catalog(library=True)
    assert tool.description.endswith(".")
    assert len(tool.description) <= 400
    assert tool.input_schema["type"] == "object"
    for each in tool.input_schema["properties"].values():
        assert "title" not in each
        assert "anyOf" not in each


@pytest.mark.parametrize(
    ("tool", "values", "problem"),
    [
        ("vimeo_my_videos_list", {"per_page": 101}, "per_page"),
        ("vimeo_my_videos_list", {"per_page": 0}, "per_page"),
        ("vimeo_my_videos_list", {"sort": "newest"}, "sort"),
        ("vimeo_my_videos_list", {"sort": "plays", "direction": "asc"}, "direction"),
        ("vimeo_my_videos_list", {"query": "a", "containing_uri": "/videos/1"}, "containing_uri"),
        ("vimeo_video_edit", {"video_id": "1"}, "at least one"),
        ("vimeo_video_edit", {"video_id": "1", "name": "x" * 129}, "name"),
        ("vimeo_video_edit", {"video_id": "1", "description": "x" * 5001}, "description"),
        ("vimeo_video_edit", {"video_id": "1", "password": "x" * 33}, "password"),
        ("vimeo_video_edit", {"video_id": "1", "content_rating": "mild"}, "content_rating"),
        ("vimeo_showcase_create", {"name": "a", "privacy": "password"}, "password"),
        ("vimeo_showcase_create", {"name": ""}, "name"),
        ("vimeo_channels_list", {"sort": "relevant"}, "query"),
        (
            "vimeo_channel_videos_list",
            {"channel_id": "a", "sort": "default", "direction": "asc"},
            "direction",
        ),
        ("vimeo_video_comment_add", {"video_id": "1", "text": "  "}, "text"),
        ("vimeo_webhook_create", {"url": "ftp://x", "event_types": ["video-created"]}, "url"),
        ("vimeo_webhook_create", {"url": "https://x", "event_types": []}, "event_types"),
    ],
)
def test_limits_are_checked_before_sending(tool: str, values: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem) as caught:
        catalog()[tool].validate(values)
    assert caught.value.problems
    assert "x" * 33 not in str(caught.value)


def test_every_public_name_is_there_without_any_extra() -> None:
    code = (
        "import sys\n"
        "for name in ('starlette', 'uvicorn', 'langchain', 'mcp', 'typer', 'rich', 'psycopg', 'redis'):\n"
        "    sys.modules[name] = None\n"
        "from vimeo_toolkit import *\n"
        "assert Asker and VimeoToolkit"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_every_public_name_is_there() -> None:
    assert set(dir(vimeo_toolkit)) == set(vimeo_toolkit.__all__)
    for name in vimeo_toolkit.__all__:
        assert getattr(vimeo_toolkit, name) is not None
    assert set(errors.__all__) <= set(vimeo_toolkit.__all__)
    with pytest.raises(AttributeError, match="nothing_of_ours"):
        vimeo_toolkit.nothing_of_ours  # noqa: B018
