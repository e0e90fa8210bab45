"""Runs calls: made once by a toolkit, with all that its calls have in common."""

from __future__ import annotations

from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.calls.consent import Consent
from vimeo_toolkit.calls.execute import execute
from vimeo_toolkit.calls.kept import Results
from vimeo_toolkit.calls.modify import Modifiers
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.errors import UnknownTool
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.uploads.files import Files

__all__ = ["Engine"]

NO_MODIFIERS = Modifiers()
NO_RULES = Consent()
NO_FILES = Files()


class Engine:
    """Make calls for the users of one toolkit.

    Args:
        ctx: the accounts, and how patient calls are.
        quota: the users' request budgets.
        modifiers: the operator's code before and after calls.
        consent: which calls need a person's consent.
        results: what is kept of results that were too large to show.
        files: which files calls may read.
    """

    def __init__(
        self,
        ctx: Context,
        quota: Quota,
        *,
        modifiers: Modifiers = NO_MODIFIERS,
        consent: Consent = NO_RULES,
        results: Results | None = None,
        files: Files = NO_FILES,
    ) -> None:
        self.ctx = ctx
        self.quota = quota
        self.modifiers = modifiers
        self.consent = consent
        self.results = results or Results()
        self.files = files

    async def run(self, io: IO, spec: CallSpec) -> ToolResult:
        """Make a call and return its result.

        Raises:
            VimeoToolkitError: see `VimeoToolkit.execute_tool`.
        """
        if spec.allowed is not None and spec.tool.name not in spec.allowed:
            raise UnknownTool(
                f"{spec.tool.name} is not among the tools of this agent.", hint="Use another tool."
            )
        return await execute(
            self.ctx,
            self.quota,
            io,
            spec.tool,
            spec.tool_input,
            spec.identity.connection_name,
            spec.identity.identifier,
            self.modifiers,
            self.consent,
            results=self.results,
            detail=spec.detail,
            allowed=spec.allowed,
            dry_run=spec.dry_run,
            files=spec.files or self.files,
        )
