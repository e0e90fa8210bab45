"""A person's approval by MCP's elicitation: the client asks its user, the core lets the call through."""

from __future__ import annotations

from typing import Any, Final

from mcp.server.context import ServerRequestContext
from mcp_types import (
    CallToolRequestParams,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from vimeo_toolkit import ApprovalDenied, ApprovalRequired

__all__ = ["Request", "ask"]

Request = ServerRequestContext[Any, Any]

ANSWER: Final = "approve"
FORM: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {ANSWER: {"type": "boolean", "title": "Make this call"}},
    "required": [ANSWER],
}


async def ask(
    request: Request, params: CallToolRequestParams, needed: ApprovalRequired
) -> InputRequiredResult | None:
    """Ask the client's user. None: they approved.

    From protocol 2026-07-28 on the question is a result, and the client calls again with the answer; before,
    it is a request of the server's own.

    Raises:
        ApprovalRequired: the one given: the client cannot ask, or its user did not decide.
        ApprovalDenied: they said no.
    """
    if not _can_ask(request):
        raise needed
    form = ElicitRequestFormParams(message=needed.planned.describe(), requested_schema=FORM)
    if request.protocol_version in MODERN_PROTOCOL_VERSIONS:
        given = (params.input_responses or {}).get(ANSWER)
        # An answer counts for the call that was shown and for no other: the state names it.
        if not isinstance(given, ElicitResult) or params.request_state != needed.approval_id:
            return InputRequiredResult(
                input_requests={ANSWER: ElicitRequest(params=form)}, request_state=needed.approval_id
            )
        answer = given
    else:
        answer = await request.session.elicit_form(form.message, FORM, request.request_id)
    if answer.action == "accept" and (answer.content or {}).get(ANSWER) is True:
        return None
    if answer.action == "cancel":
        raise needed
    raise ApprovalDenied(
        f"{needed.tool} was not called: the user did not approve it. Nothing was sent.",
        hint="Do not call it again unless the user asks for it anew.",
        tool=needed.tool,
    )


def _can_ask(request: Request) -> bool:
    capabilities = request.session.client_capabilities
    able = capabilities.elicitation if capabilities is not None else None
    # An empty capability is that of clients older than the modes: forms.
    if able is None or (able.form is None and able.url is not None):
        return False
    return request.protocol_version in MODERN_PROTOCOL_VERSIONS or request.session.can_send_request
