"""One call of one tool for one user: validate, account, scopes, approval, run, result. No I/O but through `IO`."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.accounts.model import AccountStatus
from vimeo_toolkit.accounts.tokens import ensure_valid_token, handle_unauthorized
from vimeo_toolkit.calls.agreeing import agree, ask_about, described, is_planned, needs_consent, plan_of_call
from vimeo_toolkit.calls.api import CallApi
from vimeo_toolkit.calls.approvals import Subject, UsedApproval, give_back, hold
from vimeo_toolkit.calls.consent import Consent
from vimeo_toolkit.calls.modify import Modifiers
from vimeo_toolkit.calls.once import once
from vimeo_toolkit.calls.plan import plan
from vimeo_toolkit.calls.preview import Preview, looks_of, preview
from vimeo_toolkit.calls.question import own_title_of
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.reads import Reads, changed
from vimeo_toolkit.calls.refusals import missing_scope, unusable
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.result_cache import ResultCache
from vimeo_toolkit.calls.result_of_call import result_of
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.calls.transport import Transport
from vimeo_toolkit.catalog.names import Named, names_in, scopes_of, with_ids
from vimeo_toolkit.catalog.untrusted import LONGEST_TITLE, own_title
from vimeo_toolkit.changes.view import view_of
from vimeo_toolkit.changes.writes import Written
from vimeo_toolkit.errors import (
    AccountError,
    ApprovalDenied,
    StoreError,
    UploadInterrupted,
    VimeoToolkitError,
)
from vimeo_toolkit.wire.format import one_line

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.plan_input import PlanInput
    from vimeo_toolkit.catalog.tool import ToolInput

__all__ = ["Call"]

MOST_QUESTIONS: Final = 3
"""How often a hook is asked about one call when its subject changes while it decides."""

RESULT_READ: Final = "vimeo_result_read"
WORTH_KEEPING: Final = 1_500
"""Bytes. Nothing is left out of a smaller answer, so it need not be kept."""


class Call:
    """Make one call.

    Args:
        state: what the call is told and finds out.
        quota: the users' request budgets.
        modifiers: the operator's code before and after calls.
        consent: which calls need a person's consent.
        results: what is kept of large results.
        reads: what plain reads share; None where each is sent.
    """

    __slots__ = ("_api", "_consent", "_modifiers", "_results", "_transport", "state")

    def __init__(
        self,
        state: CallState,
        quota: Quota,
        modifiers: Modifiers,
        consent: Consent,
        results: ResultCache,
        reads: Reads | None,
    ) -> None:
        self.state = state
        self._modifiers = modifiers
        self._consent = consent
        self._results = results
        self._transport = Transport(state, quota, reads)
        self._api = CallApi(state, self._transport, results)

    async def perform(self) -> ToolResult:
        """Make the whole call, from the caller's arguments to the result.

        Raises:
            VimeoToolkitError: see `VimeoToolkit.execute_tool`.
        """
        state = self.state
        tool, dry_run = state.tool, state.spec.dry_run
        self._consent.allow(tool)
        asks = self._consent.concerns(tool)
        values = await self._validated()
        names = names_in(values)
        await self._load(sending=asks or values.plans or not dry_run or bool(names))
        await self._require(values.needed_scopes() | scopes_of(names))
        if not dry_run:
            return await once(state, values, partial(self._carried_out, values, names, asks=asks))
        values = await self._identified(values, names)
        if is_planned(values):
            return await self._shown_plan(values)
        return await self._shown(values, asks=asks)

    async def _carried_out(self, values: ToolInput, names: list[Named], *, asks: bool) -> ToolResult:
        """Make the call, when its person has agreed if it `asks`: from here on it may change something.

        Names are looked up here: what was made once under a key is not looked up again, when another thing may have
        the name.
        """
        state, tool = self.state, self.state.tool
        values = await self._identified(values, names)
        try:
            if is_planned(values):
                body = await self._run_plan(values)
            else:
                used = await self._approved(values) if asks else None
                body = await self._run(values.run(self._api), used)
        except VimeoToolkitError as error:
            if isinstance(error, AccountError):
                error.partly_done = state.changed
            await self._noted(values, None, error.code)
            raise
        await self._noted(values, body, "ok")
        if state.id is not None and not tool.read_only:
            state.objects = tuple(dict.fromkeys((*state.objects, *tool.objects_of_answer(body))))
        return await self._result(values, body)

    async def _noted(self, values: ToolInput, body: Any, outcome: str) -> None:
        """Note what the call changed, if it did, unless its plan has noted it. A call of which each part was
        refused has ended well and changed nothing."""
        state, tool = self.state, self.state.tool
        if tool.read_only or state.journaled or not state.changed:
            return
        objects = dict.fromkeys((*tool.objects_of_answer(body), *tool.objects_in(values)))
        may_be_theirs = tool.untrusted_fields_in(values, state.account)
        theirs = tool.others_texts(body, may_be_theirs, state.account, whole=state.raw)
        title = own_title(body, theirs) or one_line(state.title, LONGEST_TITLE)
        await state.writes.note(Written(tool.name, state.now(), tuple(objects), outcome, title))

    # ---- validate ----

    async def _validated(self) -> ToolInput:
        """Return the input as a model, after the operator's code has changed it.

        Raises:
            InvalidInput: something in it is wrong.
        """
        state = self.state
        arguments = state.spec.tool_input
        try:
            if self._modifiers:
                arguments = await self._modifiers.arguments(
                    state.tool, arguments, state.identity_copy(), may_await=state.io.may_await
                )
            values = state.tool.validate(arguments)
        finally:
            del arguments  # they may hold a password, and a traceback's locals are often logged
        state.keep_secret(getattr(values, name) for name in state.tool.secret_inputs)
        if state.id is not None:
            state.objects = state.tool.objects_in(values)
        return values

    async def _identified(self, values: ToolInput, names: list[Named]) -> ToolInput:
        """Return the input with ids for the names in it.

        Raises:
            InvalidInput: a name is that of none or of several.
        """
        if not names:
            return values
        made = await with_ids(self._api, values, names)
        if self.state.id is not None:
            self.state.objects = self.state.tool.objects_in(made)
        return made

    # ---- account and scopes ----

    async def _load(self, *, sending: bool = True) -> None:
        """Load the account and make sure that its token can be used.

        Args:
            sending: False leaves the token as it is, because that takes a request.

        Raises:
            NotConnected, Expired, Revoked: with an authorization link.
            WrongUser: it is another account than that of the calls before.
        """
        state = self.state
        ctx, io = state.ctx, state.io
        account = await ctx.vault.load(io, state.spec.identity)
        if account is not None and sending:
            account = await ensure_valid_token(ctx, io, account)
        if sending and state.tool.needs_app and account is not None and account.app_uri is None:
            account = await handle_unauthorized(ctx, io, account)
        if account is None or account.status is not AccountStatus.ACTIVE:
            raise await unusable(state, account)
        if state.spec.one_account is not None:
            state.spec.one_account.require(account)
        # The call's time begins here: a refresh has its own, since one that is cut short can cost the token.
        state.begin(account)

    async def _require(self, needed: frozenset[str]) -> None:
        """Compare the scopes with those granted; nothing is sent when one is missing.

        Vimeo answers some reads without their scope with an empty list, so this cannot be left to it.

        Raises:
            MissingScope, UploadNotGranted.
        """
        if needed.difference(self.state.account.granted_scopes):
            raise await missing_scope(self.state, needed, sent=False)

    # ---- approval ----

    async def _approved(self, values: ToolInput) -> UsedApproval | None:
        """Get a person's consent to this call and to the state of the things that it changes.

        Raises:
            ApprovalRequired, ApprovalDenied: there is none.
            VimeoToolkitError: it cannot be looked at what the call would change.
        """
        state, vault = self.state, self.state.ctx.vault
        seen = await self._look(values)
        for _ in range(MOST_QUESTIONS):
            subject = Subject(state.owner, values, seen.digest)
            used = await self._consent.obtain(vault, state.io, subject, await plan(state, values, seen))
            state.title = own_title_of(state.tool, seen, state.account)
            if used is not None:
                return used
            # The person may have taken longer than the token was valid; that time does not count as the call's.
            await self._load()
            seen = await self._look(values)
            if Subject(state.owner, values, seen.digest).digest == subject.digest:
                return None
        raise ApprovalDenied(
            f"{state.tool.name} was not called: what it would change has changed at each look, so that no answer "
            "was about what is there. Nothing was sent.",
            hint="Try again later.",
            tool=state.tool.name,
        )

    async def _look(self, values: ToolInput) -> Preview:
        """Look at what the call would change; the call's time begins afterwards."""
        state = self.state
        await plan(state, values)  # report a wrong input before anything is sent
        looks = (look.scopes for look in looks_of(state.tool, values))
        await self._require(values.needed_scopes().union(*looks))
        received = state.received
        seen = await preview(self._transport, values, await self._api.file_of(values))
        state.received = received
        state.more_time()
        return seen

    async def _shown(self, values: ToolInput, *, asks: bool) -> ToolResult:
        """Return the result of a dry run. `asks`: the call would need consent."""
        state = self.state
        seen = await self._look(values) if asks else None
        planned = await plan(state, values, seen)
        data = {"dry_run": True, **planned.to_dict(), "needs_approval": seen is not None}
        if seen is not None:
            subject = Subject(state.owner, values, seen.digest)
            data["description"] = planned.describe()
            data["approval_id"] = await hold(state.ctx.vault, state.io, subject, planned.describe())
        # Show it whole and without tables.
        return ToolResult(data, detail="full", requests=state.requests, rate_limit=state.rate_limit)

    async def _shown_plan(self, values: PlanInput) -> ToolResult:
        """Return the result of a dry run of a tool that changes things by a plan. It is kept only where it cannot
        be applied without consent."""
        state = self.state
        keep = values.applies and self._consent.concerns(state.tool)
        made = await plan_of_call(state, self._api, self._consent, values, keep=keep)
        planned = described(state, values, made)
        asked = values.applies and needs_consent(self._consent, made)
        view = view_of(made, state.rate_limit)
        data = {"dry_run": True, **planned.to_dict(), "needs_approval": asked, "plan": view}
        if not keep:
            data["plan"] = {name: value for name, value in view.items() if name not in ("plan_id", "next")}
        if asked:
            data["description"] = planned.describe()
            data["approval_id"] = await ask_about(state, made, planned)
        return ToolResult(data, detail="full", requests=state.requests, rate_limit=state.rate_limit)

    # ---- run ----

    async def _run_plan(self, values: PlanInput) -> Any:
        """Make a plan, and apply it when its person has agreed where that is needed."""
        state = self.state
        made = await plan_of_call(state, self._api, self._consent, values)
        used = None
        asked = values.applies and needs_consent(self._consent, made)
        if not asked and values.applies and not made.agreed and values.only_shown(made):
            return await values.shown(self._api, made)
        if asked:
            used = await agree(state, self._consent, values, made)
            if used is None:  # a hook has agreed, which may have taken longer than the token was valid
                await self._load()
        return await self._run(values.applied(self._api, made), used)

    async def _run(self, flow: Awaitable[Any], used: UsedApproval | None) -> Any:
        """Run the tool. If nothing was sent, a consent that was used up is given back."""
        state = self.state
        try:
            return await flow
        except BaseException as error:
            # A coroutine that is closed cannot await any more.
            unsent = not state.reached and not isinstance(error, GeneratorExit | UploadInterrupted)
            if used is not None and unsent:
                with contextlib.suppress(StoreError):
                    await give_back(state.ctx.vault, state.io, used)
            raise
        finally:
            if not state.tool.read_only:
                changed()  # the bytes of an upload, which go another way than requests

    # ---- result ----

    async def _result(self, values: ToolInput, body: Any) -> ToolResult:
        """Return the result for what the tool returned, after the operator's code has changed it."""
        state = self.state
        result = result_of(state, values, body)
        if self._modifiers:
            result = await self._modifiers.result(
                state.tool.name, result, state.identity_copy(), may_await=state.io.may_await
            )
        if (told := state.told) is not None:
            told.result(result)
        await state.let_others_run()
        self._keep(result)
        return result

    def _keep(self, result: ToolResult) -> None:
        """Keep a result that may be cut when it is shown, so that a model can ask for the rest."""
        state = self.state
        if state.received <= WORTH_KEEPING or not isinstance(result.data, dict):
            return
        if state.spec.allowed is not None and RESULT_READ not in state.spec.allowed:
            return  # whoever calls cannot ask for the rest
        handle = f"r{state.io.random_token()[:7]}"
        if self._results.keep(
            state.owner, handle, result.data, result.untrusted_fields, state.io.monotonic()
        ):
            result.handle = handle
