"""The pause of `VimeoConnect` as a node, for graphs that are not made by `create_agent`.

connect = connect_node(tools)
graph.add_node("connect", connect)        # before the tools: looks at all calls of the turn
graph.add_node("tools", ToolNode(tools))  # or a node of your own
graph.add_node("reconnect", connect)      # behind them: an account that broke only at Vimeo
model → connect → tools → reconnect → model
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.tools import BaseTool

from langchain_vimeo.pause import amended, apause, mended, pause
from langchain_vimeo.turn import Turn, TurnCall, turn_of, vimeo_tools
from vimeo_toolkit import Reply

__all__ = ["connect_node"]

DECLINED: Final = "vimeo_declined"
"""Where the model's message keeps that its calls were declined, so that the node behind them does not ask again."""


def connect_node(tools: Iterable[BaseTool], *, messages_key: str = "messages") -> Runnable[Any, Any]:
    """Return a node that pauses the graph until the user has connected Vimeo, or has granted what a call needs.

    It does one or the other, as it finds the turn: before the tools it looks at the calls that wait, and behind
    them at those that failed. It sends no write before a pause, so none is sent twice. See `VimeoConnect` for what
    the interrupt holds and how to resume. After a no, the tools themselves tell the model, without a link.

    Args:
        tools: those of the graph. Vimeo's among them keep the link out of their messages from now on.
        messages_key: of the state; its reducer replaces messages by their id, as LangGraph's `add_messages` does.
    """
    named = vimeo_tools(tools)
    for tool in named.values():
        tool.hide_links()

    def turn(state: Any) -> Turn:
        messages = state[messages_key] if isinstance(state, Mapping) else getattr(state, messages_key)
        return turn_of(messages, named)

    def vimeo_connect(state: Any) -> dict[str, Any]:
        now = turn(state)
        if now.waiting:
            return {messages_key: _marked(now, pause(now.waiting))}
        told, failed = _told(now)
        return {messages_key: told + mended(failed)}

    async def avimeo_connect(state: Any) -> dict[str, Any]:
        now = turn(state)
        if now.waiting:
            return {messages_key: _marked(now, await apause(now.waiting))}
        told, failed = _told(now)
        return {messages_key: told + await amended(failed)}

    return RunnableLambda(vimeo_connect, avimeo_connect, name="vimeo_connect")


def _marked(turn: Turn, refused: Mapping[str, Reply]) -> list[Any]:
    """Note the calls that the user declined. Answering them here would answer them twice: a node of tools makes
    all calls of the model's message."""
    if not refused or turn.said is None:
        return []
    noted = {key: reply.text for key, reply in refused.items()}
    metadata = {**turn.said.response_metadata, DECLINED: noted}
    return [turn.said.model_copy(update={"response_metadata": metadata})]


def _told(turn: Turn) -> tuple[list[Any], list[TurnCall]]:
    """Return what the model is told of failed calls that the user declined before, and the other failed ones."""
    noted = {} if turn.said is None else turn.said.response_metadata.get(DECLINED, {})
    declined = [each for each in turn.failed if each.id in noted]
    told = [each.refused(Reply(noted[each.id], json.loads(noted[each.id]))) for each in declined]
    return told, [each for each in turn.failed if each.id not in noted]
