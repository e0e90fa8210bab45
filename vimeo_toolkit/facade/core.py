"""The base of the public methods."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.calls.engine import Engine
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.catalog.own_tools import Own
from vimeo_toolkit.observe.callables import require_sync
from vimeo_toolkit.observe.dispatch import Hooks
from vimeo_toolkit.runtime.blocking import BlockingIO
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.protocol import Store

if TYPE_CHECKING:
    from vimeo_toolkit.runtime.asynchronous import AsyncIO

__all__ = ["Core", "Part"]


class Core:
    """The parts that `VimeoToolkit` makes of its options, and the two drivers that run its methods.

    A method that tells events runs in `_aemitting`, of which the generated twin is `_emitting`; another one in
    `_async`, of which it is `_blocking`.
    """

    _context: Context
    _engine: Engine
    _hooks: Hooks
    _store: Store
    _blocking: BlockingIO

    @property
    def own_tools(self) -> Own:
        """The product's own tools that this toolkit was given, by name."""
        return self._engine.own

    @cached_property
    def _async(self) -> AsyncIO:
        # imports asyncio, which blocking programs do not need
        from vimeo_toolkit.runtime.asynchronous import AsyncIO

        return AsyncIO(self._store, self._hooks.aemit if self._hooks else None, self._blocking)

    @property
    def _aemitting(self) -> AsyncIO:
        return self._async

    @property
    def _emitting(self) -> BlockingIO:
        self._hooks.require_sync()
        return self._blocking

    async def _run(self, io: IO, spec: CallSpec) -> ToolResult:
        """Make a call, unless it is a blocking one that would have to await the operator's own code."""
        if not io.may_await:
            require_sync(spec.on_progress, "The progress function")
            self._engine.modifiers.require_sync(spec.tool.name)
            if not spec.dry_run:
                self._engine.consent.require_sync(spec.tool)
        return await self._engine.run(io, spec)


class Part:
    """Public methods that a toolkit has under a name of their own, such as `toolkit.library`; their twins are
    generated as those of the toolkit are."""

    def __init__(self, toolkit: Core) -> None:
        self._toolkit = toolkit
        self._context = toolkit._context

    @property
    def _async(self) -> AsyncIO:
        return self._toolkit._async

    @property
    def _aemitting(self) -> AsyncIO:
        return self._toolkit._aemitting

    @property
    def _blocking(self) -> BlockingIO:
        return self._toolkit._blocking

    @property
    def _emitting(self) -> BlockingIO:
        return self._toolkit._emitting
