"""A user connects Vimeo in the middle of a conversation, and the agent goes on.

    tools = get_tools(identifier=user, toolkit=toolkit)
    agent = create_agent(model, tools, middleware=[VimeoConnect(tools)], checkpointer=…)
    state = agent.invoke(…, config)
    # state["__interrupt__"][0].value has the link, for a button; when the user is back from Vimeo:
    state = agent.invoke(Command(resume={"connected": True}), config)

All calls of a turn are looked at before any is made, so none is made twice. Where an account turns out to be
unusable only at Vimeo, the agent pauses after the calls of that turn, and those that failed for it are made then.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from langchain_core.tools import BaseTool

from langchain_vimeo.pause import amended, apause, mended, pause
from langchain_vimeo.turn import turn_of, vimeo_tools
from langchain_vimeo.vimeo_tool import VimeoTool
from vimeo_toolkit import MissingExtra

try:
    import langchain as _langchain  # noqa: F401
except ImportError:
    raise MissingExtra("VimeoConnect", "langchain", "langchain") from None

from langchain.agents.middleware import AgentMiddleware

__all__ = ["VimeoConnect"]

Update = dict[str, Any] | None


class VimeoConnect(AgentMiddleware[Any, Any, Any]):
    """Middleware that pauses an agent until its user has connected Vimeo, or has granted what a call needs.

    The interrupt's value is `{"type": "vimeo_connect", "error", "message", "connection_name", "missing_scopes",
    "tools", "authorization_link", "expires_at"}`, with one link for all calls of the turn. Show it to the user
    whose conversation it is; it is in no message. Resume with `{"connected": True}` once they are back: the core
    looks at the account, and asks again if they have not done it, three times in all. After `{"connected": False}`,
    with a "reason" or without, the model is told that they declined.

    Args:
        tools: those of the agent. Vimeo's among them keep the link out of their messages from now on.
    """

    def __init__(self, tools: Iterable[BaseTool]) -> None:
        super().__init__()
        self._tools = vimeo_tools(tools)
        for tool in self._tools.values():
            tool.hide_links()

    def wrap_tool_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        """Hide the link, too, where the agent has other instances of the tools than were given here."""
        _hide_link(request.tool)
        return handler(request)

    async def awrap_tool_call(self, request: Any, handler: Callable[[Any], Awaitable[Any]]) -> Any:
        """Hide the link as `wrap_tool_call` does."""
        _hide_link(request.tool)
        return await handler(request)

    def after_model(self, state: Any, runtime: Any) -> Update:
        """Pause before the calls of the turn are made, if one of them could not be."""
        waiting = turn_of(state["messages"], self._tools).waiting
        refused = pause(waiting)
        return _said([each.refused(refused[each.id]) for each in waiting if each.id in refused])

    async def aafter_model(self, state: Any, runtime: Any) -> Update:
        """Pause as `after_model` does, without holding up the event loop."""
        waiting = turn_of(state["messages"], self._tools).waiting
        refused = await apause(waiting)
        return _said([each.refused(refused[each.id]) for each in waiting if each.id in refused])

    def before_model(self, state: Any, runtime: Any) -> Update:
        """Pause after the calls of the turn were made, if the account broke meanwhile, and make those again."""
        return _said(mended(turn_of(state["messages"], self._tools).failed))

    async def abefore_model(self, state: Any, runtime: Any) -> Update:
        """Pause as `before_model` does, without holding up the event loop."""
        return _said(await amended(turn_of(state["messages"], self._tools).failed))


def _hide_link(tool: Any) -> None:
    if isinstance(tool, VimeoTool):
        tool.hide_links()


def _said(messages: list[Any]) -> Update:
    return {"messages": messages} if messages else None
