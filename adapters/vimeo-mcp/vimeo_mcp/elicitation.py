"""The user of the client that sent one request: what their client can ask them, and what they have answered."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import Any, Literal

from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError, UrlElicitationRequiredError
from mcp_types import (
    CallToolRequestParams,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitRequestURLParams,
    ElicitResult,
    InputRequiredResult,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from starlette.requests import Request as HTTPRequest

__all__ = ["Person", "Request"]

Request = ServerRequestContext[Any, Any]


class Person:
    """The user of the client that sent one request.

    From protocol 2026-07-28 on a question is a result, and the client calls again with the answer; before, it is a
    request of the server's own.
    """

    question: InputRequiredResult | None = None
    """The result that asks, once something was asked of which the answer comes with another call."""

    def __init__(self, request: Request, params: CallToolRequestParams) -> None:
        self._opening = ""
        self._request = request
        self._params = params
        self._modern = request.protocol_version in MODERN_PROTOCOL_VERSIONS

    def can(self, mode: Literal["form", "url"]) -> bool:
        """Return whether their client can show them a form, or open a page for them."""
        capabilities = self._request.session.client_capabilities
        able = capabilities.elicitation if capabilities is not None else None
        if able is None:
            return False
        if mode == "url":
            return able.url is not None
        # Clients older than the modes send an empty capability, which means forms.
        return able.form is not None or able.url is None

    def has_answered(self, name: str) -> bool:
        """Return whether an answer came with the call."""
        return name in (self._params.input_responses or {})

    @property
    def can_be_reached(self) -> bool:
        """Whether something can be asked within this request."""
        return self._modern or self._request.session.can_send_request

    @property
    def session(self) -> str | None:
        """The id of their client's session over HTTP; None by other ways, which have one client."""
        request = self._request.request
        return request.headers.get("mcp-session-id") if isinstance(request, HTTPRequest) else None

    @property
    def is_asked_within(self) -> bool:
        """Whether a form is filled in while the call lasts, and not between two calls."""
        return not self._modern and self.can("form") and self.can_be_reached

    async def fill_in(self, name: str, state: str, message: str, form: dict[str, Any]) -> ElicitResult | None:
        """Return the answer to a form; None where it comes with the next call (`question`), or nobody can answer.

        Args:
            name: what is asked, for the protocol.
            state: tells apart the questions of one call. An answer counts for the question that it names.
        """
        if not self.can("form") or not self.can_be_reached:
            return None
        if self._modern:
            asked = ElicitRequestFormParams(message=message, requested_schema=form)
            return self._given(name, state, asked)
        with suppress(MCPError):  # the client could not ask after all
            return await self._request.session.elicit_form(message, form, self._request.request_id)
        return None

    async def open(self, name: str, state: str, message: str, url: str) -> ElicitResult | None:
        """Return whether they opened a page, see `fill_in`. "accept" does not say that they did anything there.

        Raises:
            UrlElicitationRequiredError: nothing can be asked within this request: the client opens the page, and
                calls again by itself.
        """
        if self._modern:
            return self._given(name, state, ElicitRequestURLParams(message=message, url=url))
        opening = secrets.token_urlsafe(12)
        if not self.can_be_reached:
            asked = ElicitRequestURLParams(message=message, url=url, elicitation_id=opening)
            raise UrlElicitationRequiredError([asked])
        self._opening = opening
        with suppress(MCPError):
            return await self._request.session.elicit_url(message, url, opening, self._request.request_id)
        return None

    async def close(self) -> None:
        """Tell the client that the page that was opened has done what it is for."""
        if not self._modern:
            await self._request.session.send_elicit_complete(self._opening, self._request.request_id)

    def _given(
        self, name: str, state: str, asked: ElicitRequestFormParams | ElicitRequestURLParams
    ) -> ElicitResult | None:
        """Return the answer that came with the call, or ask for one."""
        given = (self._params.input_responses or {}).get(name)
        if self._params.request_state == state and isinstance(given, ElicitResult):
            return given
        self.question = InputRequiredResult(
            input_requests={name: ElicitRequest(params=asked)}, request_state=state
        )
        return None
