"""From a tool's request to Vimeo's JSON or one typed error: the token, the rate limit, one retry after a 401."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.accounts.model import AccountStatus
from vimeo_toolkit.accounts.tokens import handle_unauthorized
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.reads import Reads, changed
from vimeo_toolkit.calls.refusals import (
    account_changed,
    means_no_upload,
    missing_scope,
    no_upload,
    unusable,
)
from vimeo_toolkit.calls.request import check_sent, http_request
from vimeo_toolkit.calls.response import body_of, error_of, refusal_of, told_of
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.errors import AccountError, Forbidden, RateLimited, VimeoUnavailable
from vimeo_toolkit.runtime.ports import REPEATABLE, HttpRequest, HttpResponse
from vimeo_toolkit.wire.rate_limit import UNKNOWN
from vimeo_toolkit.wire.redact import redacted
from vimeo_toolkit.wire.sending import GONE, Earlier, Told, send

if TYPE_CHECKING:
    from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["Transport"]

NOT_DONE: Final = frozenset({401, 429})
"""Statuses of requests that Vimeo has not looked at any further."""


class Transport:
    """Send one call's requests with its user's token and within its user's budget.

    Args:
        call: the call.
        quota: the users' budgets.
        reads: what plain reads share; None where each is sent.
    """

    __slots__ = ("_quota", "_reads", "call")

    def __init__(self, call: CallState, quota: Quota, reads: Reads | None = None) -> None:
        self.call = call
        self._quota = quota
        self._reads = reads

    async def read(self, request: ApiRequest) -> Any:
        """Return the answer to a plain read as `send` does, which may be that of an equal one, see `Reads`.

        Raises:
            VimeoToolkitError: see `send`.
        """
        reads = self._reads
        if reads is None or request.method != "GET":
            return await self.send(request)
        kept = reads.find(self.call, request)
        if kept is not None:
            return kept
        answer = await self.send(request, reads=reads)
        reads.keep(self.call, request, answer)
        return answer

    async def send(self, request: ApiRequest, *, redact: bool = True, reads: Reads | None = None) -> Any:
        """Send a request as it is and return the answer's JSON, None for an empty one.

        Args:
            redact: False leaves secrets in for code that needs them, such as the link that a file is sent to; they
                are taken out of the call's result in any case.
            reads: lets it take the answer of an equal read.

        Raises:
            ConfigurationError: the tool may not send it.
            VimeoToolkitError: anything else but success.
        """
        call = self.call
        check_sent(call.tool, request)
        earlier = Earlier(self._told)
        try:
            if reads is None:
                response = await self._authorized(request, earlier)
            else:
                response = await reads.together(call, request, partial(self._authorized, request, earlier))
        except (RateLimited, AccountError) as failure:
            # A rate limit or an ended account says nothing about an earlier attempt whose answer was lost.
            failure.hint = f"{failure.hint} {earlier.lost(request.method)}".strip()
            raise
        call.received += len(response.content)
        if 400 <= response.status < 600:
            return await self._refused(request, response, earlier)
        body = request.reads(response.content) if request.reads and response.status == 200 else None
        if body is None:
            await call.let_others_run()
            body = body_of(response, request.method, request.path)
        await call.let_others_run()
        call.raw = call.raw or not redact
        return redacted(body) if redact else body

    async def _refused(self, request: ApiRequest, response: HttpResponse, earlier: Earlier) -> None:
        """Raise the error for a 4xx answer, unless it shows that an earlier attempt was carried out."""
        call = self.call
        refusal = refusal_of(response, call.all_secrets())
        if refusal.scopes:
            raise await missing_scope(call, refusal.scopes, sent=True)
        error = error_of(refusal, request, call.tool.error_hints)
        if isinstance(error, Forbidden) and means_no_upload(call.tool, error):
            raise no_upload(call, error)
        meant = earlier.judge(request.method, error)
        if meant is not None:
            raise meant
        call.notes.append(GONE)

    async def _authorized(self, request: ApiRequest, earlier: Earlier) -> HttpResponse:
        """Send with the user's token, and look into the first 401. That request was not carried out, so even a
        POST may be sent again with a token that another caller has renewed meanwhile."""
        call = self.call
        response = await self._within_budget(request, earlier)
        if response.status != 401:
            return response
        used = call.account
        account = await handle_unauthorized(call.ctx, call.io, used, deadline=call.deadline)
        if account.status is not AccountStatus.ACTIVE:
            raise await unusable(call, account)
        if account.generation != used.generation:
            # The rest of this call was meant for the Vimeo account with which it began.
            raise account_changed(call)
        call.account = account
        if request.method not in REPEATABLE and account.access_token == used.access_token:
            return response
        await call.emit("call.retried", attempt=1, cause="status 401", remaining=call.rate_limit.remaining)
        return await self._within_budget(request, earlier)

    async def _within_budget(self, request: ApiRequest, earlier: Earlier) -> HttpResponse:
        """Send with the current token, when the user's budget allows it."""
        call, quota = self.call, self._quota
        token = call.account.access_token
        assert token is not None  # noqa: S101 - ACTIVE accounts have one
        wire = http_request(call.connection, token, request, call.spec.identity)
        while True:
            turn = await quota.permit(call)
            try:
                sent = call.io.monotonic()
                response = await self._sent(wire, earlier)
                told, retry_in = await quota.hear(call.io, call.owner, response, sent)
            finally:
                quota.budgets.land(call.owner, turn)
            call.rate_limit = call.rate_limit if told == UNKNOWN else told
            # After a 429 nothing goes out for this user until the reset. What is not safe to repeat is not
            # sent a second time even though a refused one was not carried out: the caller decides.
            if response.status != 429:
                return response
            if request.method not in REPEATABLE:
                raise quota.limited(call, retry_in, status=429)
            await quota.wait(call, retry_in, status=429)

    async def _sent(self, wire: HttpRequest, earlier: Earlier) -> HttpResponse:
        """Send, and note what the call needs to know of it whatever comes."""
        call, writes = self.call, wire.method != "GET"
        # Count the request before it is sent: when its answer is lost, it may still have been counted by Vimeo.
        call.requests += 1
        call.status = None
        try:
            response = await send(
                call.io,
                wire,
                call.ctx.policy,
                deadline=call.deadline,
                on_retry=self._retried,
                earlier=earlier,
            )
        except BaseException as error:
            if writes and (earlier.may_be_done or not isinstance(error, VimeoUnavailable)):
                call.reached = call.changed = True
            raise
        finally:
            if writes:
                changed()
        if writes and (earlier.may_be_done or response.status not in NOT_DONE):
            call.reached = True
        if writes and (earlier.may_be_done or not 400 <= response.status < 500):
            call.changed = True
        call.status = response.status
        return response

    def _told(self, response: HttpResponse) -> Told:
        return told_of(refusal_of(response, self.call.all_secrets()), self.call.tool.error_hints)

    async def _retried(self, attempt: int, cause: str) -> None:
        call = self.call
        call.requests += 1
        await call.emit("call.retried", attempt=attempt, cause=cause, remaining=call.rate_limit.remaining)
