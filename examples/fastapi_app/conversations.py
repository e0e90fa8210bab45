"""One agent for all customers, whose conversations wait while a customer connects Vimeo or decides about a change.

What waits is LangGraph's `interrupt`. It is kept with the conversation and shown to the customer as buttons.
Neither the link nor the decision passes through the model.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_vimeo import VimeoApproval, VimeoConnect, VimeoThreadOwner, get_tools
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.runtime import get_runtime
from langgraph.types import Command, Interrupt

from vimeo_toolkit import AccountStatus, NotConnected, VimeoToolkit, VimeoToolkitError

__all__ = ["Conversation", "Conversations", "ModelFailed"]

PROMPT = "Help users with their own Vimeo library, with the tools. Be brief."


@dataclass(frozen=True)
class Session:
    """What a run of the agent is told and no model sees: whose it is."""

    customer: str


def customer_of(config: Any) -> str:
    """Whose run it is, for the tools: `Conversations` starts each with the customer of the web session."""
    return get_runtime(Session).context.customer


class ModelFailed(Exception):
    """The agent stopped. Each provider has errors of its own, whose texts may quote a key and are not shown."""


@dataclass(frozen=True)
class Conversation:
    """What the page shows of a conversation."""

    messages: Sequence[AnyMessage] = ()
    waits: Interrupt | None = None
    """What the customer has to do before it goes on."""

    @property
    def used(self) -> list[str]:
        """The tools that were used for the last question."""
        used: list[str] = []
        for message in self.messages:
            if isinstance(message, HumanMessage):
                used = []
            elif isinstance(message, ToolMessage):
                used.append(message.name or "")
        return used

    @property
    def said(self) -> list[tuple[str, str]]:
        """Who said what."""
        return [
            ("You" if isinstance(each, HumanMessage) else "Videodesk", each.text)
            for each in self.messages
            if isinstance(each, HumanMessage | AIMessage) and each.text
        ]

    @property
    def needs_vimeo(self) -> Mapping[str, Any] | None:
        """What the customer has to allow at Vimeo, with the link for it; see `VimeoConnect`."""
        asked = {} if self.waits is None else self.waits.value
        return asked if asked.get("type") == "vimeo_connect" else None

    @property
    def changes(self) -> list[str]:
        """What the agent would change, in words for the customer, who has to decide about it."""
        asked = {} if self.waits is None else self.waits.value
        return [each["description"] for each in asked.get("action_requests", ())]


class Conversations:
    """The conversations of all customers. A real product keeps them in a database: LangGraph has checkpointers."""

    def __init__(self, toolkit: VimeoToolkit, model: BaseChatModel) -> None:
        self._toolkit = toolkit
        tools = get_tools(identifier=customer_of, toolkit=toolkit, toolsets=["default", "library"])
        self._agent: Any = create_agent(
            model,
            tools,
            system_prompt=PROMPT,
            # The last looks first at what the model wants: connect, and then approve what is there.
            middleware=[
                VimeoThreadOwner(tools),
                VimeoApproval(tools),
                VimeoConnect(tools),
            ],
            context_schema=Session,
            checkpointer=InMemorySaver(),
        )
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def can_go_on(self, customer: str, thread: str) -> bool:
        """Return whether a conversation waits for Vimeo, and that is done, or its link is too old by now: going on
        makes a new one."""
        needed = (await self._now(thread)).needs_vimeo
        if needed is None:
            return False
        too_old = datetime.fromisoformat(needed["expires_at"]).timestamp() <= time.time()
        return too_old or await self._allowed(customer, needed)

    async def look(self, customer: str, thread: str) -> Conversation:
        """Return a conversation. If it waited for Vimeo and that is done, it goes on first."""
        async with self._turns[thread]:
            if await self.can_go_on(customer, thread):
                await self._go_on(customer, thread, Command(resume={"connected": True}))
            return await self._now(thread)

    async def ask(self, customer: str, thread: str, question: str) -> None:
        """Ask the agent. Nothing is asked while the conversation waits for the customer."""
        async with self._turns[thread]:
            if (await self._now(thread)).waits is None:
                await self._go_on(customer, thread, {"messages": [HumanMessage(question)]})

    async def decide(self, customer: str, thread: str, about: str, yes: bool) -> None:
        """Go on with the customer's decision about what they were shown, which `about` names."""
        async with self._turns[thread]:
            now = await self._now(thread)
            if now.waits is None or now.waits.id != about:
                return  # a page that was left open, or a second click
            if now.needs_vimeo is not None:
                answer: Any = {"connected": yes}
            else:
                answer = {"decisions": [{"type": "approve" if yes else "reject"} for _ in now.changes]}
            await self._go_on(customer, thread, Command(resume=answer))

    async def _go_on(self, customer: str, thread: str, given: Any) -> None:
        config = {"configurable": {"thread_id": thread}, "recursion_limit": 20}
        try:
            await self._agent.ainvoke(given, config, context=Session(customer))
        except VimeoToolkitError:
            raise
        except Exception as error:
            raise ModelFailed(f"The model stopped with {type(error).__name__}.") from error

    async def _now(self, thread: str) -> Conversation:
        state = await self._agent.aget_state({"configurable": {"thread_id": thread}})
        return Conversation(state.values.get("messages", ()), next(iter(state.interrupts), None))

    async def _allowed(self, customer: str, needed: Mapping[str, Any]) -> bool:
        """Whether the customer has connected and granted what the agent waits for."""
        try:
            account = await self._toolkit.aget_connected_account(identifier=customer)
        except NotConnected:
            return False
        granted = set(needed["missing_scopes"]) <= set(account.granted_scopes)
        return account.status is AccountStatus.ACTIVE and granted
