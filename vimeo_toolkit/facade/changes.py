"""The public methods about plans of many videos' changes: list them, and apply one to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from vimeo_toolkit.accounts import records
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.catalog.selection import find_tool
from vimeo_toolkit.changes.model import Plan
from vimeo_toolkit.changes.rows import Plans
from vimeo_toolkit.changes.summaries import PlanSummary
from vimeo_toolkit.connection import DEFAULT_CONNECTION
from vimeo_toolkit.facade.core import Core
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.ports import IO

__all__ = ["Changes"]

APPLIES: Final = "vimeo_videos_change"
_IDLE: Final = 10
"""So many rounds in a row in which nothing was settled end the work."""


class Changes(Core):
    """The asynchronous methods about plans; `_blocking.BlockingChanges` has the blocking ones."""

    async def alist_plans(
        self, connection_name: str = DEFAULT_CONNECTION, *, identifier: str
    ) -> list[PlanSummary]:
        """Return this user's plans of many videos' changes, the newest first: what each does, how far it is, and
        until when it is kept.

        Raises:
            NotConnected: the user has no account.
        """
        identity = self._context.identity(connection_name, identifier)
        return await (await self._plans(self._async, identity)).list()

    async def aget_plan(
        self, plan_id: str, *, identifier: str, connection_name: str = DEFAULT_CONNECTION
    ) -> Plan:
        """Return a plan with what becomes, or became, of each of its videos. It holds former texts of theirs.

        Raises:
            InvalidInput: this user has no plan of this id.
            NotConnected: the user has no account.
        """
        identity = self._context.identity(connection_name, identifier)
        return await (await self._plans(self._async, identity)).load(plan_id)

    async def aforget_plan(
        self, plan_id: str, *, identifier: str, connection_name: str = DEFAULT_CONNECTION
    ) -> None:
        """Delete a plan with the former texts in it: what was done by it can then not be taken back. Nothing is
        changed at Vimeo, and nothing happens where there is no such plan.

        Raises:
            NotConnected: the user has no account.
        """
        identity = self._context.identity(connection_name, identifier)
        await (await self._plans(self._async, identity)).forget(plan_id)

    async def aapply_plan(
        self,
        plan_id: str,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        progress: Callable[[int, int], Any] | None = None,
    ) -> ToolResult:
        """Apply a plan, or go on with one, to its end, and return its account. Where the user's request limit is
        used up, it waits for the next window, however many there are.

        It can be ended at any moment, by a cancellation, Ctrl-C or a kill: called again, it looks at what stands
        there and goes on. At most one caller works on a plan at a time; another waits for it.

        Args:
            plan_id: as vimeo_videos_change, vimeo_changes_undo or `alist_plans` show it.
            progress: is told how many videos are settled (done, skipped or failed) and of how many, after each
                hundred. What it raises ends the work, which can be gone on with.

        Raises:
            InvalidInput: this user has no plan of this id.
            ApprovalRequired, ApprovalDenied, ReadOnly: the toolkit's rules refuse it.
            VimeoToolkitError: as `aexecute_tool`; what was done is noted, and it can be gone on with.
        """
        identity = self._context.identity(connection_name, identifier)
        return await self._to_the_end(self._aemitting, identity, plan_id, progress)

    async def _plans(self, io: IO, identity: Identity) -> Plans:
        account = await records.get_account(self._context, io, identity)
        owner = Owner(identity, account.generation)
        return Plans(self._context.vault, io, owner, self._context.policy.keep_changes)

    async def _to_the_end(
        self, io: IO, identity: Identity, plan_id: str, progress: Callable[[int, int], Any] | None
    ) -> ToolResult:
        spec = CallSpec(
            identity, find_tool(APPLIES), {"plan_id": plan_id, "apply": True}, on_progress=progress
        )
        before, idle = -1, 0
        while True:
            result = await self._run(io, spec)
            left = result.data.get("left", 0)
            idle = idle + 1 if left == before else 0
            if not left or idle >= _IDLE:
                return result
            before = left
            await io.sleep(float(result.data["continue_in_seconds"]))
