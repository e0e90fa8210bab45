"""An agent begins with a handful of tools, finds others with vimeo_tools_search, and has them from then on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, Unpack

from langchain_core.messages import ToolMessage
from langchain_core.tools import BaseTool

from langchain_vimeo.vimeo_tool import VimeoTool
from vimeo_toolkit import (
    Identify,
    MissingExtra,
    ToolOptions,
    VimeoToolkit,
    default_toolkit,
    tools_on_demand,
)

try:
    import langchain as _langchain  # noqa: F401
except ImportError:
    raise MissingExtra("VimeoToolsOnDemand", "langchain", "langchain") from None

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain.agents.middleware.types import ToolCallRequest

__all__ = ["VimeoToolsOnDemand"]

SEARCH: Final = "vimeo_tools_search"


class VimeoToolsOnDemand(AgentMiddleware[Any, Any, Any]):
    """Middleware that shows a model only the Vimeo tools that it has found so far.

        agent = create_agent(model, middleware=[VimeoToolsOnDemand(identifier="user_456")])

    It brings the tools, so they are not passed to `create_agent` as well. What was found is read from the
    conversation's own messages: it lasts as long as they do, over processes, and one agent serves many.

    Args:
        identifier: your product's id of the user, or a function that takes the run's config, as in `get_tools`.
        begin_with: names of the tools that are there at first, beside vimeo_tools_search.
        options: what may be found at all, as in `get_tools`; with neither `include` nor `toolsets`, every tool.
            Nothing else can be loaded or called.
    """

    def __init__(
        self,
        connection_name: str = "vimeo",
        identifier: str | Identify = "",
        *,
        toolkit: VimeoToolkit | None = None,
        begin_with: Iterable[str] | None = None,
        **options: Unpack[ToolOptions],
    ) -> None:
        super().__init__()
        used = toolkit if toolkit is not None else default_toolkit()
        bound = used.bind_tools_on_demand(connection_name, identifier, **options)
        self.tools: list[BaseTool] = [VimeoTool.of(each) for each in bound]
        self._begin_with = tools_on_demand([]) if begin_with is None else list(begin_with)

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """Call the model with the Vimeo tools that were found so far; see LangChain's `AgentMiddleware`."""
        return handler(self._narrowed(request))

    async def awrap_model_call(
        self,
        request: ModelRequest[Any],
        handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any]:
        """Call the model with the Vimeo tools that were found so far; see LangChain's `AgentMiddleware`."""
        return await handler(self._narrowed(request))

    def wrap_tool_call(self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Any]) -> Any:
        """Make the call; a search learns which tools the model has. See LangChain's `AgentMiddleware`."""
        return handler(self._telling(request))

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Any]]
    ) -> Any:
        """Make the call as `wrap_tool_call` does."""
        return await handler(self._telling(request))

    def _narrowed(self, request: ModelRequest[Any]) -> ModelRequest[Any]:
        """Return the request without the Vimeo tools that have not been found yet; other tools are left alone."""
        shown = self._shown(request.messages)
        return request.override(
            tools=[tool for tool in request.tools if not isinstance(tool, VimeoTool) or tool.name in shown]
        )

    def _telling(self, request: ToolCallRequest) -> ToolCallRequest:
        """Return the call, of a search with the tools that the model has been shown."""
        if not isinstance(request.tool, VimeoTool) or request.tool.name != SEARCH:
            return request
        search = request.tool.model_copy()
        search._bound = request.tool.bound.beside(self._shown(request.state["messages"]))
        return request.override(tool=search)

    def _shown(self, messages: Iterable[Any]) -> set[str]:
        """Return the names of the tools that the model has been shown, by what its searches found."""
        found = [
            message.text
            for message in messages
            if isinstance(message, ToolMessage) and message.name == SEARCH
        ]
        return set(tools_on_demand(found, self._begin_with))
