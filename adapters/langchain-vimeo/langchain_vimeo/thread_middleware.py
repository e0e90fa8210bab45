"""Middleware that keeps a thread to its user from the first message on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from langchain_core.tools import BaseTool

from langchain_vimeo.thread_owner import aclaim_thread, claim_thread
from vimeo_toolkit import MissingExtra

try:
    import langchain as _langchain  # noqa: F401
except ImportError:
    raise MissingExtra("VimeoThreadOwner", "langchain", "langchain") from None

from langchain.agents.middleware import AgentMiddleware

__all__ = ["VimeoThreadOwner"]


class VimeoThreadOwner(AgentMiddleware[Any, Any, Any]):
    """Middleware that ends a run with `WrongUser` where it goes on with another user's thread.

        agent = create_agent(model, tools, middleware=[VimeoThreadOwner(tools)], checkpointer=…)

    It looks before each call of the model, so a thread has its user before anything can pause it.

    Args:
        tools: the agent's, from `get_tools`.
    """

    def __init__(self, tools: Iterable[BaseTool]) -> None:
        super().__init__()
        self._of = list(tools)

    def before_model(self, state: Any, runtime: Any) -> None:
        """Note that the thread belongs to the user of the run; see LangChain's `AgentMiddleware`."""
        claim_thread(self._of)

    async def abefore_model(self, state: Any, runtime: Any) -> None:
        """Note that the thread belongs to the user of the run; see LangChain's `AgentMiddleware`."""
        await aclaim_thread(self._of)
