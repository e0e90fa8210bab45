"""The engine that runs calls. A toolkit makes it once, with everything that its calls share."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.calls.call import Call
from vimeo_toolkit.calls.consent import Consent
from vimeo_toolkit.calls.modify import Modifiers
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.reads import Reads
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.result_cache import ResultCache
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.catalog.own_tools import NO_TOOLS, Own
from vimeo_toolkit.errors import UnknownTool, VimeoToolkitError
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.uploads.files import UploadOptions

__all__ = ["Engine"]

NO_MODIFIERS: Final = Modifiers()
NO_RULES: Final = Consent()
NO_FILES: Final = UploadOptions()


class Engine:
    """Make calls for the users of one toolkit.

    Args:
        ctx: the accounts, and how patient calls are.
        quota: the users' request budgets.
        modifiers: the operator's code before and after calls.
        consent: which calls need a person's consent.
        files: which files calls may read.
        own: the product's own tools.
    """

    def __init__(
        self,
        ctx: Context,
        quota: Quota,
        *,
        modifiers: Modifiers = NO_MODIFIERS,
        consent: Consent = NO_RULES,
        files: UploadOptions = NO_FILES,
        own: Own = NO_TOOLS,
    ) -> None:
        self.ctx = ctx
        self.quota = quota
        self.modifiers = modifiers
        self.consent = consent
        self.results = ResultCache()
        """What is kept of results that were too large to show."""
        self.reads = Reads() if ctx.policy.reuse_reads else None
        """What plain reads share; None where each is sent."""
        self.files = files
        self.own = own

    def forget(self, identity: Identity) -> None:
        """Let go of what this process remembers of a user whose account was deleted."""
        self.results.forget(identity)
        self.quota.budgets.forget(identity)
        if self.reads is not None:
            self.reads.kept.forget(identity)

    async def run(self, io: IO, spec: CallSpec) -> ToolResult:
        """Make a call and return its result, and tell the operator's hooks of it.

        Of a dry run no event tells: nothing is done.

        Args:
            io: the world in which the call is made.
            spec: the call.

        Raises:
            VimeoToolkitError: see `VimeoToolkit.execute_tool`.
        """
        if spec.allowed is not None and spec.tool.name not in spec.allowed:
            raise UnknownTool(
                f"{spec.tool.name} is not among the tools of this agent.", hint="Use another tool."
            )
        clock = self.quota.clock(spec.identity.connection_name)
        state = CallState(io, self.ctx, spec, clock, spec.files or self.files, self.own)
        call = Call(state, self.quota, self.modifiers, self.consent, self.results, self.reads)
        try:
            return await _observed(call, state)
        except VimeoToolkitError as error:
            if (told := state.told) is not None:
                told.error(error)
            raise


async def _observed(call: Call, state: CallState) -> ToolResult:
    """Make the call, and tell the operator's hooks of it if there are any."""
    io, spec = state.io, state.spec
    if spec.dry_run or not io.has_listeners:
        return await call.perform()
    state.id = io.new_id()
    started = io.monotonic()
    try:
        state.objects = spec.tool.objects_in(spec.tool_input)
        await state.emit("call.started", read_only=spec.tool.read_only, objects=list(state.objects))
        result = await call.perform()
    except GeneratorExit:  # the coroutine is being closed and may not await any more
        raise
    except BaseException as error:
        await _emit_finished(state, started, error)
        raise
    await _emit_finished(state, started)
    return result


async def _emit_finished(state: CallState, started: float, error: BaseException | None = None) -> None:
    """Tell the end of a call, as it ended."""
    status = state.status
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
    await state.emit(
        "call.finished",
        outcome=outcome,
        error_type=None if error is None else type(error).__name__,
        status=status,
        seconds=state.io.monotonic() - started,
        requests=state.requests,
        remaining=state.rate_limit.remaining,
        read_only=state.tool.read_only,
        objects=list(state.objects),
    )
