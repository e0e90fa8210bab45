"""What an MCP server started by the command line adds to its answers: the commands that solve problems."""

from __future__ import annotations

import json
from typing import Any, Final

from mcp.server.lowlevel import Server
from mcp_types import CallToolRequestParams, CallToolResult, TextContent

from vimeo_toolkit.cli.failures import advice, translated
from vimeo_toolkit.cli.session import Session
from vimeo_toolkit.loopback import is_loopback_host, split_url

__all__ = ["advise", "links_lead_somewhere"]

_CALL: Final = "tools/call"

_CANNOT_ASK: Final = (
    "This client cannot ask its user by itself (MCP's elicitation). Which calls wait is set where the server is "
    "started: --approval none lets all of them through, --approval writes holds back everything that changes "
    "something."
)


def advise(server: Server[Any], session: Session, identifier: str, notice: str = "") -> None:
    """Add to a server's errors the commands that solve them, and to its first answer the notice, if any."""
    from vimeo_mcp.elicitation import Person

    entry = server.get_request_handler(_CALL)
    if entry is None:
        return
    answer = entry.handler
    notices = [notice] if notice else []

    async def handle(request: Any, params: CallToolRequestParams) -> Any:
        result = await answer(request, params)
        if isinstance(result, CallToolResult):
            if result.is_error:
                asks = Person(request, params).can("form")
                result.content = [_mended(each, session, identifier, asks=asks) for each in result.content]
            if notices:
                result.content = [*result.content, TextContent(type="text", text=notices.pop())]
        return result

    server.add_request_handler(_CALL, CallToolRequestParams, handle)


def links_lead_somewhere(session: Session) -> bool:
    """Return whether somebody waits where an authorization link leads: on this machine only a running
    `vimeo-toolkit connect` does."""
    parts = split_url(session.settings.text("VIMEO_REDIRECT_URI"))
    return parts is not None and not is_loopback_host(parts.hostname)


def _mended(content: Any, session: Session, identifier: str, *, asks: bool) -> Any:
    try:
        told = json.loads(content.text)
        hint = advice(told, identifier, session) or translated(told.get("hint", ""))
    except (AttributeError, KeyError, TypeError, ValueError):  # not one of our errors
        return content
    if told["error"] == "approval_required" and not asks:
        hint = f"{hint}. {_CANNOT_ASK}"
    if hint:
        told["hint"] = hint
    if not links_lead_somewhere(session):
        told.pop("authorization_link", None)
    return TextContent(type="text", text=json.dumps(told, ensure_ascii=False))
