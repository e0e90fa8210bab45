"""One call of one tool for one user, from its arguments to its result. No I/O but through `IO`."""

from __future__ import annotations

import contextlib
import dataclasses
import math
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.accounts.authorize import authorization_link
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.accounts.tokens import after_unauthorized, fresh
from vimeo_toolkit.calls.budget import User
from vimeo_toolkit.calls.consent import Consent, Grant, Stands, give_back, request
from vimeo_toolkit.calls.kept import Results
from vimeo_toolkit.calls.modify import Modifiers
from vimeo_toolkit.calls.plan import PlannedCall, plan
from vimeo_toolkit.calls.preview import Preview, looks_of, preview
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.request import http_request
from vimeo_toolkit.calls.response import Refusal, body_of, error_of, pages_of, refusal_of, told_of
from vimeo_toolkit.calls.result import Detail, ToolResult
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.api import Kept, Part
from vimeo_toolkit.errors import (
    AccountError,
    ApprovalDenied,
    Expired,
    Forbidden,
    MissingScope,
    NotConnected,
    RateLimited,
    Revoked,
    StoreError,
    UploadInterrupted,
    UploadNotGranted,
    VimeoToolkitError,
    VimeoUnavailable,
)
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.events import Event, EventName
from vimeo_toolkit.runtime.ports import IO, HttpResponse
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.uploads.files import Files, Source
from vimeo_toolkit.uploads.sending import Uploader
from vimeo_toolkit.wire.rate_limit import RateLimit
from vimeo_toolkit.wire.redact import redacted
from vimeo_toolkit.wire.sending import GONE, REPEATABLE, Earlier, Told, in_seconds, send

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool, ToolInput
    from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["execute"]

NO_MODIFIERS: Final = Modifiers()
LARGE: Final = 200_000
"""Bytes; what is done to answers of fewer takes no longer than a few milliseconds."""
NO_RULES: Final = Consent()

NOT_DONE: Final = frozenset({401, 429})
"""Statuses of requests that Vimeo has not looked at any further."""

MOST_QUESTIONS: Final = 3
"""So often a hook is asked about one call whose subject changes while it is asked."""

WORTH_KEEPING: Final = 1_500
"""Bytes; of an answer of fewer nothing is left out."""


async def execute(
    ctx: Context,
    quota: Quota,
    io: IO,
    tool: Tool,
    arguments: Mapping[str, Any] | None,
    connection_name: str,
    identifier: str,
    modifiers: Modifiers = NO_MODIFIERS,
    consent: Consent = NO_RULES,
    *,
    results: Results | None = None,
    detail: Detail = "compact",
    allowed: Collection[str] | None = None,
    dry_run: bool = False,
    files: Files | None = None,
) -> ToolResult:
    """Validate, find the user's token, check its scopes, consent and budget, send, and shape the result.

    `dry_run`: send nothing; the result is what would be sent. No event tells of it: nothing is done.
    """
    try:
        connection = ctx.connection(connection_name)
        call = _Call(
            ctx,
            quota,
            io,
            tool,
            connection.name,
            Identity(connection_name, identifier).identifier,
            results or Results(),
            detail,
            allowed,
            files or Files(),
        )
        work = call.perform(arguments, modifiers, consent, dry_run)
    finally:
        del arguments  # they may hold a password, and a traceback's locals are often logged
    if dry_run or not io.listening:
        return await work
    call.id = io.new_id()
    started = io.monotonic()
    try:
        await call.tell("call.started", read_only=tool.read_only)
        result = await work
    except GeneratorExit:  # the flow was thrown away, and may not await any more
        work.close()
        raise
    except BaseException as error:
        work.close()  # for one that was cancelled before it began
        await call.tell_finished(started, error)
        raise
    await call.tell_finished(started)
    return result


class _Call:
    """The state of one call, and the `Api` that its tool is given."""

    def __init__(
        self,
        ctx: Context,
        quota: Quota,
        io: IO,
        tool: Tool,
        connection_name: str,
        identifier: str,
        results: Results,
        detail: Detail,
        allowed: Collection[str] | None,
        files: Files,
    ) -> None:
        self._files = files
        self._ctx = ctx
        self._results = results
        self._detail = detail
        self._allowed = allowed
        self._quota = quota
        self._io = io
        self._tool = tool
        self._connection = ctx.connection(connection_name)
        self._identifier = identifier
        self._user = (connection_name, identifier)
        self._account: AccountRecord | None = None
        self._waited = 0.0
        self._secrets: list[Secret] = []
        self._deadline = 0.0
        """For all requests of this call; each wait for the rate limit moves it."""
        self.id: str | None = None
        self.status: int | None = None
        self.rate_limit = RateLimit()
        self.requests = 0
        self.reached = False
        """A write may have been carried out, or Vimeo has decided about it."""
        self._received = 0
        self._raw = False
        """An answer came whose secrets were left in for the tool."""
        self.notes: list[str] = []

    @property
    def account(self) -> AccountRecord:
        assert self._account is not None  # noqa: S101 - set by `load`
        return self._account

    @property
    def _owner(self) -> User:
        """Whose requests are counted, and whose results are kept: the Vimeo user's who is connected now."""
        return User(*self._user, self.account.generation)

    @property
    def allow_private_urls(self) -> bool:
        return self._ctx.policy.allow_private_urls

    @property
    def max_chars(self) -> int:
        return self._ctx.policy.max_result_chars

    @property
    def tools(self) -> Mapping[str, Tool]:
        if self._allowed is None:
            return catalog()
        return {name: tool for name, tool in catalog().items() if name in self._allowed}

    @cached_property
    def uploader(self) -> Uploader:
        """See `catalog.tool.Api`."""

        return Uploader(self, self._io, self._ctx.vault, self._files, self._connection.api_url)

    async def send_anew(self, request: ApiRequest, *, redact: bool = True) -> Any:
        """Like `send`, with a time limit of its own: an upload's requests may come after a long one's bytes."""
        self._deadline = self._io.monotonic() + self._ctx.policy.timeout
        return await self.send(request, redact=redact)

    async def sleep(self, seconds: float) -> None:
        """See `catalog.tool.Api`."""
        await self._io.sleep(seconds)
        self._deadline += seconds

    def more_time(self) -> None:
        """See `catalog.tool.Api`."""
        self._deadline = self._io.monotonic() + self._ctx.policy.timeout

    def now(self) -> float:
        return self._quota.now(self._io, self._connection.name)

    def keep_secret(self, values: Iterable[Secret | None]) -> None:
        """Inputs and upload links that no error may repeat, even if Vimeo's does."""
        self._secrets.extend(value for value in values if value)

    def note(self, text: str) -> None:
        self.notes.append(text)

    async def perform(
        self, arguments: Mapping[str, Any] | None, modifiers: Modifiers, consent: Consent, dry_run: bool
    ) -> ToolResult:
        """The call itself, from what the caller wrote to what the caller gets."""
        tool = self._tool
        try:
            consent.allow(tool)
            if modifiers:
                arguments = await modifiers.arguments(
                    tool, arguments, Identity(*self._user), may_await=self._io.may_await
                )
            values = tool.validate(arguments)
        finally:
            del arguments
        self.keep_secret(getattr(values, name) for name in tool.secret_inputs)
        await self.load(sending=not dry_run or consent.concerns(tool))
        await self.require(values.needed_scopes())
        if dry_run:
            return await self.shown(values, consent)
        # Here at the latest: whatever the tool does from now on may change something.
        grant = await self._agreed(values, consent) if consent.concerns(tool) else None
        try:
            body = await values.run(self)
        except BaseException as error:
            # One that was thrown away cannot await any more.
            unsent = not self.reached and not isinstance(error, GeneratorExit | UploadInterrupted)
            if grant is not None and unsent:
                with contextlib.suppress(StoreError):
                    await give_back(self._ctx.vault, self._io, grant)
            raise
        notes = [note for name, note in tool.unsent.items() if getattr(values, name) is not None]
        notes += tool.effect_notes(values, body)
        result = self.result(body, [*self.notes, *notes], tool.others_text_in(values, self.account))
        if modifiers:
            # Another identity than the one above: whatever was done to that one, it is told the truth.
            result = await modifiers.result(
                tool.name, result, Identity(*self._user), may_await=self._io.may_await
            )
        await self._let_others_run()
        self._keep(result)
        return result

    def _keep(self, result: ToolResult) -> None:
        """Keep what may have to be cut, so that a model can ask for the rest."""
        if self._received <= WORTH_KEEPING or not isinstance(result.data, dict):
            return
        handle = f"r{self._io.random_token()[:7]}"
        if self._results.keep(self._owner, handle, result.data, result.others_text, self._io.monotonic()):
            result.handle = handle

    def kept(self, handle: str) -> Kept:
        """See `catalog.tool.Api`."""
        return self._results.get(self._owner, handle, self._io.monotonic())

    async def _agreed(self, values: ToolInput, consent: Consent) -> Grant | None:
        """Have a person's consent to this call and to what stands there now.

        Raises:
            ApprovalRequired, ApprovalDenied: there is none.
            VimeoToolkitError: it cannot be looked at what the call would change.
        """
        seen = await self._looked(values)
        for _ in range(MOST_QUESTIONS):
            stands = Stands(self.account.generation, seen.digest)
            grant = await consent.obtain(
                self._ctx.vault, self._io, self._tool, values, await self.planned(values, seen), stands
            )
            if grant is not None:
                return grant
            # The answer may have taken longer than the token was valid, and is no part of the call's time.
            await self.load()
            seen = await self._looked(values)
            if Stands(self.account.generation, seen.digest) == stands:
                return None
        raise ApprovalDenied(
            f"{self._tool.name} was not called: what it would change has changed at each look, so that no answer "
            "was about what is there. Nothing was sent.",
            hint="Try again later.",
            tool=self._tool.name,
        )

    async def _looked(self, values: ToolInput) -> Preview:
        """Look at what the call would change; the call's time begins afterwards."""
        await self.planned(values)  # what is wrong with the input is said before anything is sent
        looks = (look.scopes for look in looks_of(self._tool, values))
        await self.require(values.needed_scopes().union(*looks))
        received = self._received
        seen = await preview(self, self._tool, values)
        self._received = received
        self.more_time()
        return seen

    async def look(self, request: ApiRequest) -> Any:
        """See `preview.Caller`."""
        return await self._answer(request, redact=True)

    async def file(self, values: ToolInput) -> Source | None:
        """See `preview.Caller`. From here on this is the call's file, whatever is put in its place."""
        kind, path = self._tool.file, getattr(values, "path", None)
        if kind is None or path is None:
            return None
        source = await self.uploader.open(path, kind)
        self._files = dataclasses.replace(self._files, given=source)
        del self.uploader
        return source

    async def read(self, source: Source, offset: int, count: int) -> bytes:
        """See `preview.Caller`."""
        return await self._io.read(source, offset, count)

    async def planned(self, values: ToolInput, seen: Preview | None = None) -> PlannedCall:
        """What this call would do."""
        return await plan(
            self._tool,
            values,
            self.account,
            Identity(*self._user),
            prepare=self._detailed,
            allow_private_urls=self.allow_private_urls,
            now=self.now,
            seen=seen,
        )

    async def shown(self, values: ToolInput, consent: Consent) -> ToolResult:
        """The result of a dry run."""
        seen = await self._looked(values) if consent.concerns(self._tool) else None
        planned = await self.planned(values, seen)
        data = {"dry_run": True, **planned.to_dict(), "needs_approval": seen is not None}
        if seen is not None:
            stands = Stands(self.account.generation, seen.digest)
            data["approval_id"] = await request(
                self._ctx.vault, self._io, self._tool, values, Identity(*self._user), stands
            )
            data["description"] = planned.describe()
        # Nothing in it is cut or made a table.
        return ToolResult(data, detail="full", requests=self.requests, rate_limit=self.rate_limit)

    async def tell(self, name: EventName, **data: Any) -> None:
        if self._io.listening:
            await self._io.emit(Event(name, *self._user, self._tool.name, data, self.id))

    async def tell_finished(self, started: float, error: BaseException | None = None) -> None:
        status = self.status
        match error:
            case None:
                outcome = "ok"
            case VimeoToolkitError():
                outcome = error.code
                status = getattr(error, "status", None) or status
            case Exception():
                outcome = "error"
            case _:
                outcome = "cancelled"
        await self.tell(
            "call.finished",
            outcome=outcome,
            error_type=None if error is None else type(error).__name__,
            status=status,
            seconds=self._io.monotonic() - started,
            requests=self.requests,
            remaining=self.rate_limit.remaining,
            read_only=self._tool.read_only,
        )

    async def load(self, *, sending: bool = True) -> None:
        """Load the account and make sure that its token can be used.

        `sending`: False leaves the token as it is, because that takes a request.

        Raises:
            NotConnected, Expired, Revoked: with an authorization link.
        """
        account = await self._ctx.vault.load(self._io, Identity(*self._user))
        if account is not None and sending:
            account = await fresh(self._ctx, self._io, account)
        if sending and self._tool.needs_app and account is not None and account.app_uri is None:
            account = await after_unauthorized(self._ctx, self._io, account)
        if account is None or account.status is not AccountStatus.ACTIVE:
            raise await self._unusable(account)
        self._account = account
        # From here on: a refresh has a time of its own, since one that is cut short can cost the token.
        self._deadline = self._io.monotonic() + self._ctx.policy.timeout

    async def require(self, needed: frozenset[str]) -> None:
        """Compare with what was granted; nothing is sent when something is missing.

        Vimeo answers some reads without their scope with an empty list, so this cannot be left to it.

        Raises:
            MissingScope, UploadNotGranted.
        """
        if needed.difference(self.account.granted_scopes):
            raise await self._missing(needed, sent=False)

    async def send(self, request: ApiRequest, *, redact: bool = True) -> Any:
        """See `catalog.tool.Api`. `redact`: False leaves secrets in for code that needs them, such as the link
        that a file is sent to; they are taken out of the call's result in any case."""
        return await self._answer(self._detailed(request), redact=redact)

    async def _answer(self, request: ApiRequest, *, redact: bool) -> Any:
        earlier = Earlier(self._told)
        try:
            response = await self._authorized(request, earlier)
        except (RateLimited, AccountError) as failure:
            # The limit and the account's end say nothing of the attempt before, whose answer was lost.
            failure.hint = f"{failure.hint} {earlier.lost(request.method)}".strip()
            raise
        self._received += len(response.content)
        if 400 <= response.status < 600:
            refusal = self._refusal(response)
            if refusal.scopes:
                raise await self._missing(refusal.scopes, sent=True)
            error = error_of(refusal, request, self._tool.explain)
            if isinstance(error, Forbidden) and self._means_no_upload(error):
                raise await self._no_upload(error)
            meant = earlier.judge(request.method, error)
            if meant is None:
                self.note(GONE)
                return None
            raise meant
        body = request.reads(response.content) if request.reads and response.status == 200 else None
        if body is None:
            await self._let_others_run()
            body = body_of(response, request.method, request.path)
        await self._let_others_run()
        self._raw = self._raw or not redact
        return redacted(body) if redact else body

    async def _let_others_run(self) -> None:
        """Let an event loop see to its other tasks between two steps of work on a large answer."""
        if self._received > LARGE:
            await self._io.sleep(0)

    def _refusal(self, response: HttpResponse) -> Refusal:
        """What an answer of 4xx or 5xx says, without the secrets of this call that it may repeat."""
        used = None if self._account is None else self._account.access_token
        return refusal_of(response, [*self._secrets, *([used] if used else [])])

    def _detailed(self, request: ApiRequest) -> ApiRequest:
        """The request with the fields that the caller wants."""
        if self._detail == "full" and request.method == "GET":
            return dataclasses.replace(request, fields=None)
        return request

    async def _authorized(self, request: ApiRequest, earlier: Earlier) -> HttpResponse:
        """Send with the user's token; a 401 is looked into once. It was not carried out, so even a POST may
        go again with a token that another caller has renewed meanwhile."""
        response = await self._within_budget(request, earlier)
        if response.status != 401:
            return response
        used = self.account
        account = await after_unauthorized(self._ctx, self._io, used, deadline=self._deadline)
        if account.status is not AccountStatus.ACTIVE:
            raise await self._unusable(account)
        if account.generation != used.generation:
            # The rest of this call was meant for the Vimeo account that it began with.
            raise NotConnected(
                "Another Vimeo account was connected for this user while the call ran.",
                hint="It was stopped. Call it again if it shall be done for the account connected now.",
                connection_name=account.connection_name,
                identifier=account.identifier,
            )
        self._account = account
        if request.method not in REPEATABLE and account.access_token == used.access_token:
            return response
        await self.tell("call.retried", attempt=1, cause="status 401", remaining=self.rate_limit.remaining)
        return await self._within_budget(request, earlier)

    async def _within_budget(self, request: ApiRequest, earlier: Earlier) -> HttpResponse:
        io, policy = self._io, self._ctx.policy
        token = self.account.access_token
        assert token is not None  # noqa: S101 - ACTIVE accounts have one
        wire = http_request(self._connection, token, request)
        while True:
            self._deadline += await self._permit()
            # Counted before: that its answer was lost does not mean that it was not sent.
            self.requests += 1
            self.status = None
            sent = io.monotonic()
            writes = request.method != "GET"
            try:
                response = await send(
                    io, wire, policy, deadline=self._deadline, on_retry=self._retried, earlier=earlier
                )
            except BaseException as error:
                self.reached |= writes and (earlier.may_be_done or not isinstance(error, VimeoUnavailable))
                raise
            self.reached |= writes and (earlier.may_be_done or response.status not in NOT_DONE)
            self.status = response.status
            told, retry_in = await self._quota.hear(io, self._owner, response, sent)
            if told != RateLimit():
                self.rate_limit = told
            # After a 429 nothing goes out for this user until the reset. What is not safe to repeat is not
            # sent a second time even though a refused one was not carried out: the caller decides.
            if response.status != 429:
                return response
            if request.method not in REPEATABLE:
                raise self._limited(retry_in, status=429)
            self._deadline += await self._wait(retry_in, status=429)

    async def _permit(self) -> float:
        """Take one request from the user's budget; the seconds waited for it.

        Raises:
            RateLimited: that would take longer than the call's patience.
        """
        io, budgets, user = self._io, self._quota.budgets, self._owner
        waited = 0.0
        ticket: int | None = None
        try:
            while not budgets.take(user, io.monotonic(), ticket):
                wait = await self._quota.refill(io, user)
                if wait.seconds <= 0:
                    continue
                ticket = budgets.ticket(user) if ticket is None else ticket
                if wait.limited:
                    waited += await self._wait(wait.seconds)
                elif io.monotonic() < self._deadline + waited:
                    await io.sleep(wait.seconds)
                else:
                    raise self._limited(wait.seconds, status=None)
        finally:
            if ticket is not None:
                budgets.leave(user, ticket)
        return waited

    async def _wait(self, seconds: float, status: int | None = None) -> float:
        """Sleep, if the call's patience allows it; the seconds slept.

        Raises:
            RateLimited: it does not.
        """
        if self._waited + seconds > self._ctx.policy.max_wait:
            # The next look may come soon, and still nobody promises anything before this.
            most = self._quota.budgets.most(self._owner, self._io.monotonic())
            raise self._limited(max(seconds, most), status=status)
        # A little more than asked for, and not all at the same moment.
        pause = seconds + 0.05 * self._io.jitter()
        if seconds >= 0.1:
            remaining = self.rate_limit.remaining
            await self.tell("call.waited", seconds=seconds, status=status, remaining=remaining)
        await self._io.sleep(pause)
        self._waited += pause
        return pause

    def _limited(self, seconds: float, *, status: int | None) -> RateLimited:
        seconds = max(1.0, float(math.ceil(seconds - 0.001)))
        banned = self._quota.budgets.banned(self._owner)
        return RateLimited(
            "Vimeo refuses all of the user's requests for now."
            if banned
            else "The user's request limit at Vimeo is used up.",
            hint=f"Try again {in_seconds(seconds)}, with fewer requests or larger pages.",
            retry_after=seconds,
            status=status,
        )

    def _told(self, response: HttpResponse) -> Told:
        return told_of(self._refusal(response), self._tool.explain)

    async def _retried(self, attempt: int, cause: str) -> None:
        self.requests += 1
        remaining = self.rate_limit.remaining
        await self.tell("call.retried", attempt=attempt, cause=cause, remaining=remaining)

    def result(self, body: Any, notes: list[str], others_text: tuple[str, ...]) -> ToolResult:
        if isinstance(body, Part):
            return ToolResult(
                body.data,
                notes=tuple(notes),
                handle=body.handle,
                others_text=body.of.others_text,
                limit=self._ctx.policy.max_result_chars,
                start=body.start,
            )
        if body is None:
            body = {"success": True, "message": self._tool.done}
        elif isinstance(body, list):
            body = {"data": body, "total": len(body)}
        if self._raw:
            body = redacted(body)
        return ToolResult(
            body,
            rate_limit=self.rate_limit,
            pages=pages_of(body),
            requests=self.requests,
            notes=tuple(notes),
            others_text=others_text,
            detail=self._detail,
            limit=self._ctx.policy.max_result_chars,
        )

    async def _link(self, scopes: frozenset[str] = frozenset()) -> str | None:
        if not self._connection.can_authorize:
            return None
        known = sorted(scope for scope in scopes if scope in _LINKABLE)
        made = await authorization_link(
            self._ctx, self._io, Identity(*self._user), scopes=known, create=False
        )
        return made.link

    async def _unusable(self, account: AccountRecord | None) -> AccountError:
        link = await self._link()
        # The product's own user id stays out of texts that a model reads; it is on the error.
        cls: type[AccountError]
        if account is None or account.status is AccountStatus.PENDING:
            cls, message = NotConnected, "The user has not connected a Vimeo account yet."
        elif account.status is AccountStatus.EXPIRED:
            cls, message = Expired, f"The user's Vimeo connection has expired. {account.reason or ''}"
        else:
            cls, message = Revoked, f"The user's Vimeo connection was revoked. {account.reason or ''}"
        return cls(
            message.strip(),
            hint="Ask the user to open the authorization link and allow the access."
            if link
            else "Ask the operator to import a new access token (import_token).",
            connection_name=self._connection.name,
            identifier=self._identifier,
            authorization_link=link,
        )

    async def _missing(self, needed: frozenset[str], *, sent: bool) -> MissingScope:
        granted = self.account.granted_scopes
        missing = sorted(needed.difference(granted)) or sorted(needed)
        link = await self._link(frozenset(missing))
        names = ", ".join(f'"{scope}"' for scope in missing)
        word = "scope" if len(missing) == 1 else "scopes"
        hint = f"The user has to grant the {names} {word}: " + (
            "ask them to open the authorization link."
            if link
            else "make a new access token with it on your app's page on Vimeo's developer site, and import it."
        )
        cls: type[MissingScope] = MissingScope
        if "upload" in missing:
            cls = UploadNotGranted
            hint += " Upload access is granted to an app separately: request it on the app's page first."
        told = "Vimeo says that the" if sent else "The"
        return cls(
            f"{told} user's token lacks the {names} {word} that {self._tool.name} needs."
            + ("" if sent else " Nothing was sent."),
            hint=hint,
            needed=needed,
            granted=granted,
            tool=self._tool.name,
            connection_name=self._connection.name,
            identifier=self._identifier,
            authorization_link=link,
        )

    def _means_no_upload(self, error: Forbidden) -> bool:
        # Not by the code: 3200 is also a plan or a role. Not where it is the quota, which is another class.
        said = error.message.lower()
        return "upload" in self._tool.scopes and any(words in said for words in _NO_UPLOAD)

    async def _no_upload(self, error: Forbidden) -> UploadNotGranted:
        """Vimeo lets the user upload nothing. Its own words stay: a token can have the scope all the same."""
        granted = self.account.granted_scopes
        lacking = "upload" not in granted
        return UploadNotGranted(
            error.message,
            hint="Upload access is granted to an app separately: the operator requests it on the app's page at "
            "Vimeo. If the app has it, the user's plan or role does not allow uploads.",
            needed=["upload"],
            granted=granted,
            tool=self._tool.name,
            connection_name=self._connection.name,
            identifier=self._identifier,
            authorization_link=await self._link(frozenset({"upload"})) if lacking else None,
        )


_NO_UPLOAD: Final = ("unable to upload", "can't upload", "cannot upload", "not allowed to upload")

_LINKABLE = frozenset(
    {"private", "create", "edit", "delete", "interact", "upload", "stats", "video_files", "purchased"}
)
