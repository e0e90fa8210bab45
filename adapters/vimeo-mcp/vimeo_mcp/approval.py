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

from vimeo_toolkit import ApprovalRequest, Reply

__all__ = ["Person", "Request"]

Request = ServerRequestContext[Any, Any]

ANSWER: Final = "approve"
FORM: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {ANSWER: {"type": "boolean", "title": "Make this call"}},
    "required": [ANSWER],
}


class Person:
    """The user of the client that sent one request.

    From protocol 2026-07-28 on a question is a result, and the client calls again with the answer; before, it is a
    request of the server's own.
    """

    def __init__(self, request: Request, params: CallToolRequestParams) -> None:
        self._request = request
        self._params = params
        self._modern = request.protocol_version in MODERN_PROTOCOL_VERSIONS

    async def ask(self, asked: ApprovalRequest) -> bool | None:
        """Return what they answered; None when they did not decide, or cannot be asked here."""
        answer = self._given(asked)
        if answer is None and not self._modern and self._can_be_asked():
            session = self._request.session
            answer = await session.elicit_form(asked.description, FORM, self._request.request_id)
        if answer is None or answer.action == "cancel":
            return None
        return answer.action == "accept" and (answer.content or {}).get(ANSWER) is True

    def question(self, reply: Reply) -> InputRequiredResult | None:
        """Return the question that a reply leaves open, as a result for a client that then calls again."""
        asked = reply.needs_approval
        if asked is None or not self._modern or not self._can_be_asked() or self._given(asked) is not None:
            return None
        form = ElicitRequestFormParams(message=asked.description, requested_schema=FORM)
        return InputRequiredResult(
            input_requests={ANSWER: ElicitRequest(params=form)}, request_state=asked.approval_id
        )

    def _given(self, asked: ApprovalRequest) -> ElicitResult | None:
        """Return the answer that came with the call. It counts for the call that was shown, which the state
        names."""
        given = (self._params.input_responses or {}).get(ANSWER)
        shown = self._modern and self._can_be_asked() and self._params.request_state == asked.approval_id
        return given if shown and isinstance(given, ElicitResult) else None

    def _can_be_asked(self) -> bool:
        capabilities = self._request.session.client_capabilities
        able = capabilities.elicitation if capabilities is not None else None
        # Clients older than the modes send an empty capability, which means forms.
        if able is None or (able.form is None and able.url is not None):
            return False
        return self._modern or self._request.session.can_send_request
