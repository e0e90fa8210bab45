"""The public methods about tools: choose them, and bind them to a user."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, Unpack, cast

from vimeo_toolkit.accounts import records
from vimeo_toolkit.bound import BoundTool, bound_tools
from vimeo_toolkit.calls.result import Detail
from vimeo_toolkit.catalog.selection import (
    TOOL_CALL,
    choose_tools,
    granted_tools,
    reached_by_name,
    repeatable,
)
from vimeo_toolkit.connection import DEFAULT_CONNECTION
from vimeo_toolkit.facade.core import Core
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.run_identity import Identify, require_no_user, whose_tools
from vimeo_toolkit.tool_options import ToolChoice

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool
    from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["Tools"]


class Tools(Core):
    """The asynchronous methods about tools; `_blocking.BlockingTools` has the blocking ones."""

    async def atools(
        self,
        *,
        include: Iterable[str] | None = None,
        exclude: Iterable[str] = (),
        toolsets: str | Iterable[str] | None = None,
        read_only: bool = False,
        identifier: str | None = None,
        connection_name: str = DEFAULT_CONNECTION,
        missing_scopes: Literal["explain", "hide"] = "explain",
    ) -> list[Tool]:
        """Return definitions of the tools, with JSON schemas, for any framework.

        Args:
            include: only these names. exclude: not these.
            toolsets: one of these groups or several, or "all"; "hosted31" and "hosted59" are the hosted
                connector's tools. With neither `include` nor `toolsets`, the default tools
                (`catalog.toolsets.DEFAULT`, or `DEFAULT_WITH_LIBRARY` where libraries are indexed), which "default"
                among several means.
            read_only: only tools that change nothing.
            missing_scopes: "hide" leaves out what `identifier` has not granted the scopes for; "explain"
                keeps it, and a call says which scope is missing.

        Raises:
            UnknownTool: there is no tool of a name in include or exclude.
            InvalidInput: there is no such toolset.
            ConfigurationError: a tool in include searches users' libraries, and none are indexed.
        """
        only_reading = read_only or self._engine.consent.read_only
        indexed = self._context.libraries is not None
        chosen = choose_tools(include, exclude, toolsets, only_reading, self._engine.own, library=indexed)
        if identifier is None:
            return chosen
        identity = self._context.identity(connection_name, identifier)
        if missing_scopes != "hide":
            return chosen
        account = await records.get_account(self._context, self._async, identity)
        return granted_tools(chosen, account.public())

    async def abind_tools(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        identifier: str | Identify = "",
        *,
        detail: Detail = "compact",
        strict: bool = False,
        **choice: Unpack[ToolChoice],
    ) -> list[BoundTool]:
        """Return tools that act as one user of one connection: what the adapter of every framework stands on.

        Args:
            connection_name: the registered Vimeo app.
            identifier: your product's id of the user, or a function that returns it for each run, see `Identify`
                and `BoundTool.for_run`. No argument of a tool can change it.
            detail: "full" gives results unprojected and without tables: many more tokens.
            strict: schemas as the strict modes of providers demand them, see `ToolOptions`.
            choice: which tools, as `atools` takes it, see `ToolChoice`.

        Raises:
            InvalidInput: the identifier is empty, or a name or a toolset is unknown; or it is a function, and
                missing_scopes="hide" would need a user now.
            NotConnected: with missing_scopes="hide", and the user has no account.
        """
        whose = whose_tools(self._context, connection_name, identifier, choice)
        known = whose.identifier if isinstance(whose, Identity) else None
        choice = repeatable(choice)
        chosen = await self.atools(identifier=known, connection_name=connection_name, **choice)
        reached: list[Tool] = []
        if (others := reached_by_name(choice, chosen)) is not None:
            reached = await self.atools(identifier=known, connection_name=connection_name, **others)
        return bound_tools(chosen, reached, cast("VimeoToolkit", self), whose, detail, strict)

    async def abind_tools_on_demand(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        identifier: str | Identify = "",
        *,
        detail: Detail = "compact",
        strict: bool = False,
        **choice: Unpack[ToolChoice],
    ) -> list[BoundTool]:
        """Return all tools that an agent may use when it begins with a few and finds the others by
        vimeo_tools_search, which finds only these.

        Which of them it has by now is told by `tools_on_demand`. See `abind_tools`; with neither `include` nor
        `toolsets` these are all tools.
        """
        # pydantic's models load slowly, so at the first use
        from vimeo_toolkit.catalog.toolsearch import tools_on_demand

        if choice.get("include") is None and choice.get("toolsets") is None:
            choice["toolsets"] = "all"
        whose = whose_tools(self._context, connection_name, identifier, choice)
        known = whose.identifier if isinstance(whose, Identity) else None
        chosen = await self.atools(identifier=known, connection_name=connection_name, **choice)
        names = tools_on_demand([], [tool.name for tool in chosen if tool.name != TOOL_CALL])
        return await self.abind_tools(
            connection_name, identifier, detail=detail, strict=strict, include=names
        )

    def unbound_tools(
        self, *, detail: Detail = "compact", strict: bool = False, **choice: Unpack[ToolChoice]
    ) -> list[BoundTool]:
        """Return tools that are bound to no user yet, for servers that learn only at a call who calls: bind one
        with `tool.for_identity(Identity(connection_name, identifier))`. See `abind_tools`.

        Raises:
            InvalidInput: a name or a toolset is unknown, or missing_scopes="hide", which a user decides.
        """
        require_no_user(choice)
        toolkit = cast("VimeoToolkit", self)
        choice = repeatable(choice)
        chosen = toolkit.tools(**choice)
        others = reached_by_name(choice, chosen)
        reached = [] if others is None else toolkit.tools(**others)
        return bound_tools(chosen, reached, toolkit, None, detail, strict)
