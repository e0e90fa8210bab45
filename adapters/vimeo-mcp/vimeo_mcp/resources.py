"""Videos and their transcripts as resources, which a client's user can attach to a conversation.

They are what the tools of the same things give, by the same checks; a server without such a tool has none of them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    ListResourcesResult,
    ListResourceTemplatesResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextResourceContents,
)

from vimeo_mcp.elicitation import Request
from vimeo_toolkit import BoundTool, InvalidInput, NotFound, Reply, VimeoToolkitError

__all__ = ["resource_handlers"]

_log = logging.getLogger(__name__)

JSON: Final = "application/json"
LISTS: Final = "vimeo_my_videos_find"
MOST: Final = 50
"""Videos that are listed, the newest; any other is read by its template."""

TEMPLATES: Final[Mapping[str, ResourceTemplate]] = {
    "vimeo_video_get": ResourceTemplate(
        uri_template="vimeo://videos/{video_id}",
        name="video",
        title="Video",
        description="Title, description, length, privacy and figures of a video.",
        mime_type=JSON,
    ),
    "vimeo_video_transcript_get": ResourceTemplate(
        uri_template="vimeo://videos/{video_id}/transcript{?language,query,start}",
        name="transcript",
        title="Transcript",
        description="What is said in a video, with times.",
        mime_type=JSON,
    ),
}
_OPTIONS: Final = frozenset({"language", "query", "start"})
_URI: Final = re.compile(r"/([^/]+)(/transcript)?")

Bound = Callable[[Request, str], BoundTool]
"""Returns a tool by its name, for the user of a request."""


def resource_handlers(names: Mapping[str, Any], bound: Bound) -> dict[str, Any]:
    """Return the handlers of resources, as the SDK's server takes them.

    Args:
        names: the tools that the server has.
    """
    templates = [template for name, template in TEMPLATES.items() if name in names]
    if not templates:
        return {}

    async def on_list_resource_templates(
        request: Request, params: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        return ListResourceTemplatesResult(resource_templates=templates)

    async def on_list_resources(
        request: Request, params: PaginatedRequestParams | None
    ) -> ListResourcesResult:
        if LISTS not in names or "vimeo_video_get" not in names:
            return ListResourcesResult(resources=[])
        reply = await _asked(bound, request, LISTS, {"limit": MOST})
        rows = reply.artifact.get("data") or []
        return ListResourcesResult(resources=[_listed(row) for row in rows if isinstance(row, Mapping)])

    async def on_read_resource(request: Request, params: ReadResourceRequestParams) -> ReadResourceResult:
        name, arguments = _meant(params.uri)
        if name not in names:
            raise _unknown()
        reply = await _asked(bound, request, name, arguments)
        contents = TextResourceContents(uri=params.uri, mime_type=JSON, text=reply.text)
        return ReadResourceResult(contents=[contents])

    return {
        "on_list_resources": on_list_resources,
        "on_list_resource_templates": on_list_resource_templates,
        "on_read_resource": on_read_resource,
    }


def _listed(video: Mapping[str, Any]) -> Resource:
    number = str(video["uri"]).rpartition("/")[2]
    return Resource(
        uri=f"vimeo://videos/{number}", name=number, title=str(video.get("name") or number), mime_type=JSON
    )


def _meant(uri: str) -> tuple[str, dict[str, Any]]:
    """Return the tool that a resource is read by, and its inputs, which the tool itself checks.

    Raises:
        MCPError: it is not the URI of a resource of ours.
    """
    try:
        parts = urlsplit(uri)
        given = dict(parse_qsl(parts.query, keep_blank_values=True, max_num_fields=10))
    except ValueError:
        raise _unknown() from None
    found = _URI.fullmatch(parts.path)
    if parts.scheme != "vimeo" or parts.netloc != "videos" or found is None or parts.fragment:
        raise _unknown()
    if found[2] is None:
        if given:
            raise _unknown()
        return "vimeo_video_get", {"video_id": found[1]}
    if not given.keys() <= _OPTIONS:
        raise _unknown()
    return "vimeo_video_transcript_get", {"timestamps": True, **given, "video_id": found[1]}


async def _asked(bound: Bound, request: Request, name: str, arguments: dict[str, Any]) -> Reply:
    try:
        reply = await bound(request, name).acall(arguments)
        error = reply.error
    except VimeoToolkitError as raised:
        error = raised
    except Exception:  # a bug: its text may quote anything
        _log.exception("%s failed for a resource", name)
        raise MCPError(INTERNAL_ERROR, "The resource could not be read, on the server's side.") from None
    if error is not None:
        # A link to connect is for a call's answer: a resource is read by a program, which may log it.
        code = INVALID_PARAMS if isinstance(error, InvalidInput | NotFound) else INTERNAL_ERROR
        raise MCPError(code, f"{error.message} {error.hint}".strip(), {"error": error.code})
    return reply


def _unknown() -> MCPError:
    known = ", ".join(template.uri_template for template in TEMPLATES.values())
    return MCPError(INVALID_PARAMS, f"There is no such resource here. The resources are: {known}")
