"""A scripted world that is made once and used for hundred thousands of calls."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from tests.unit.world import World, answer, execute
from vimeo_toolkit import VimeoToolkitError
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.objects import kinds_of_inputs
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse

__all__ = ["SEVERAL", "Endless", "call", "check_error", "check_request", "looks_up", "ready", "route"]

_HEADERS = {"Authorization", "Accept", "User-Agent", "Accept-Encoding", "Content-Type"}
_ENCODED = r"(?!\.{1,2}(?:/|$))(?:[0-9A-Za-z_.~:\-]|%(?!2[fF]|5[cC])[0-9A-F]{2}){1,2000}"
_SEGMENT = r"(?!\.{1,2}(?:/|$))[0-9A-Za-z_:\-]{1,64}"
_OWNER = rf"/(?:me|users/{_SEGMENT})"


SEVERAL = (
    "vimeo_embed_domain_add",
    "vimeo_embed_domain_remove",
    "vimeo_folder_video_add",
    "vimeo_folder_videos_add",
    "vimeo_showcase_create",
    "vimeo_showcase_video_add",
    "vimeo_showcase_videos_add",
    "vimeo_showcase_videos_set",
    "vimeo_videos_change",
)
"""Tools that look at what was there or what they left. What is filled when it was made is filled by PUTs."""


LOOKUPS = {"folder": "/me/projects", "showcase": "/me/albums", "user": "/users"}
"""Kind of a thing that is given by its name → where it is looked up, once."""


def looks_up(tool: str, method: str, path: str) -> bool:
    """Whether a request looks up the name of what one of the tool's inputs means."""
    kinds = set(kinds_of_inputs(catalog()[tool].input_model).values())
    return method == "GET" and path in {LOOKUPS[kind] for kind in kinds & LOOKUPS.keys()}


class Endless(World):
    """Answers every request with the same answer."""

    def __init__(self, response: HttpResponse | None = None) -> None:
        super().__init__()
        self.response = response or answer(body=b'{"uri":"/x/1","data":[]}')

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        self.sent.append(request)
        return self.response


@cache
def ready() -> tuple[Endless, Context]:
    """A world with one connected user."""
    world = Endless()
    ctx = world.context()
    world.account(ctx)
    return world, ctx


def call(tool: str, arguments: Any) -> tuple[ToolResult | VimeoToolkitError, list[HttpRequest]]:
    """Call a tool: what came of it, and what was sent. Any exception that is not typed gets through."""
    world, ctx = ready()
    world.sent.clear()
    world.events.clear()
    try:
        result = run_sync(execute(ctx, world, tool, arguments))
    except VimeoToolkitError as error:
        check_error(error)
        return error, list(world.sent)
    return result, list(world.sent)


def check_error(error: VimeoToolkitError) -> None:
    """Short, one printable line, and JSON."""
    assert str(error).isprintable()
    assert len(str(error)) < 3000
    json.dumps(error.to_dict()).encode()


def check_request(tool: str, arguments: Mapping[str, Any], sent: HttpRequest) -> None:
    """The request is the tool's own: method, host and path as declared, no header more, JSON as its body."""
    declared = catalog()[tool]
    parts = urlsplit(sent.url)
    assert sent.method == declared.method or (tool in SEVERAL and sent.method in ("GET", "PUT"))
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "api.vimeo.com", "")
    assert re.fullmatch(route(tool), parts.path, re.ASCII), (tool, parts.path)
    assert {name for name, _ in sent.headers} <= _HEADERS
    assert len(dict(sent.headers)) == len(sent.headers)
    for _, value in sent.headers:
        assert value.isascii()
        assert value.isprintable()
    assert sent.url.isascii()
    assert sent.url.isprintable()
    assert " " not in sent.url
    if sent.content:
        body = json.loads(sent.content)
        if tool == "vimeo_video_tags_add":
            body = {"tags": body}
        assert isinstance(body, dict)
        names = {name for name in declared.input_model.model_fields if f"{{{name}}}" not in declared.path}
        known = (
            {"webhook_url", "webhook_type", "is_enabled"}
            if "webhook" in tool
            else {"title", "stream_description", "stream_privacy", "stream_password", "chat_enabled"}
            if "live_event" in tool
            else names | {"privacy", "link", "videos", "upload", "file_name"}
        )
        assert set(body) <= known


@cache
def route(tool: str) -> str:
    """The paths that a tool may ask for, as a pattern."""
    path = catalog()[tool].path
    if tool == "vimeo_my_videos_find":
        return rf"/me/videos|{_OWNER}/(?:albums|projects)/{_SEGMENT}/videos"
    if tool == "vimeo_videos_change":  # the plan alone
        return rf"/videos(?:/{_SEGMENT}/privacy/domains)?|{_OWNER}/(?:albums|projects)/{_SEGMENT}(?:/videos)?"
    if tool == "vimeo_videos_search":
        return rf"/videos|/users/{_SEGMENT}/videos"
    if tool == "vimeo_channels_list":
        return "/channels|/me/channels"
    if tool == "vimeo_user_update":
        return rf"/me|/users/{_SEGMENT}"
    if tool == "vimeo_my_comments_find":
        return rf"/(?:me/)?videos|/videos/{_SEGMENT}/comments"
    if tool == "vimeo_folder_video_add":
        return rf"{_OWNER}/projects/{_SEGMENT}/videos/{_SEGMENT}|/videos(/{_SEGMENT})?"
    if tool == "vimeo_showcase_create":
        return rf"/me/albums(/{_SEGMENT}/videos(/{_SEGMENT})?)?"
    if tool == "vimeo_showcase_video_add":
        return rf"{_OWNER}/albums/{_SEGMENT}(/videos/{_SEGMENT})?|/videos/{_SEGMENT}"
    if tool.startswith("vimeo_embed_domain_"):
        return rf"/videos/{_SEGMENT}/privacy/domains(/{_ENCODED})?"
    if tool == "vimeo_folder_videos_add":
        return rf"{_OWNER}/projects/{_SEGMENT}/videos|/videos"
    if tool in ("vimeo_showcase_videos_add", "vimeo_showcase_videos_set"):
        return rf"{_OWNER}/albums/{_SEGMENT}/videos(/{_SEGMENT})?"
    segment = _ENCODED if {"{tag}", "{word}", "{domain}"} & set(path.split("/")) else _SEGMENT
    pattern = re.sub(r"\\{\w+\\}", segment.replace("\\", "\\\\"), re.escape(path))
    return re.sub(r"^/me(?=/(?:projects|albums))", lambda _: _OWNER, pattern)
