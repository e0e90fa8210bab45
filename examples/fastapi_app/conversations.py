"""One agent for all customers, whose conversations wait while a customer connects Vimeo or decides about a change.

What waits is LangGraph's `interrupt`. It is kept with the conversation and shown to the customer as buttons.
Neither the link nor the decision passes through the model.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_vimeo import VimeoConnect, VimeoThreadOwner, approval_config, aresume, get_tools
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command, Interrupt

from vimeo_toolkit import AccountStatus, NotConnected, VimeoToolkit, VimeoToolkitError

__all__ = ["Conversation", "Conversations", "ModelFailed"]

ALLOWED_TO = {
    "delete": "delete videos",
    "edit": "change videos",
    "private": "see your library",
    "stats": "see how often videos are played",
}
"""What customers are told of scopes."""
PROMPT = "Help users with their own Vimeo library, with the tools. Be brief."


def customer_of(config: Mapping[str, Any]) -> str:
    """Whose run it is: `Conversations` starts each with the customer of the session. No model can change it."""
    customer: str = config["configurable"]["customer"]
    return customer


class ModelFailed(Exception):
    """The agent stopped. Each provider has errors of its own, whose texts may quote a key and are not shown."""


@dataclass
class Conversation:
    """What the page shows of a conversation."""

    messages: Sequence[AnyMessage] = ()
    waits: Interrupt | None = None
    """What the customer has to do before it goes on."""
    question: str = field(init=False, default="")
    used: list[str] = field(init=False, default_factory=list)
    """The tools that were used for the last question."""

    def __post_init__(self) -> None:
        for message in self.messages:
            if isinstance(message, HumanMessage):
                self.question, self.used = message.text, []
            elif isinstance(message, ToolMessage):
                self.used.append(message.name or "")

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
    def permissions(self) -> list[str]:
        """What the customer has not allowed yet, in words for them."""
        return [ALLOWED_TO.get(scope, scope) for scope in (self.needs_vimeo or {}).get("missing_scopes", ())]

    @property
    def changes(self) -> list[str]:
        """What the agent would change, in words for the customer, who has to decide about it."""
        asked = {} if self.waits is None else self.waits.value
        return [each["description"] for each in asked.get("action_requests", ())]


class Conversations:
    """The conversations of all customers. A real product keeps them in a database: LangGraph has checkpointers."""

    def __init__(self, toolkit: VimeoToolkit, model: BaseChatModel) -> None:
        self._toolkit = toolkit
        self._tools = get_tools(identifier=customer_of, toolkit=toolkit)
        self._agent: Any = create_agent(
            model,
            self._tools,
            system_prompt=PROMPT,
            # The last looks first at what the model wants: connect, and then approve what is there.
            middleware=[
                VimeoThreadOwner(self._tools),
                HumanInTheLoopMiddleware(interrupt_on=approval_config(self._tools)),
                VimeoConnect(self._tools),
            ],
            checkpointer=InMemorySaver(),
        )
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def can_go_on(self, customer: str, thread: str) -> bool:
        """Return whether a conversation waits for Vimeo, and that is done."""
        now = await self._now(self._config(customer, thread))
        return now.needs_vimeo is not None and await self._allowed(customer, now.needs_vimeo)

    async def look(self, customer: str, thread: str) -> Conversation:
        """Return a conversation. If it waited for Vimeo and that is done, it goes on first."""
        config = self._config(customer, thread)
        async with self._turns[thread]:
            now = await self._now(config)
            if now.needs_vimeo is not None and await self._allowed(customer, now.needs_vimeo):
                await self._go_on(Command(resume={"connected": True}), config)
                now = await self._now(config)
            return now

    async def ask(self, customer: str, thread: str, question: str) -> None:
        """Ask the agent. Nothing is asked while the conversation waits for the customer."""
        config = self._config(customer, thread)
        async with self._turns[thread]:
            if (await self._now(config)).waits is None:
                await self._go_on({"messages": [HumanMessage(question)]}, config)

    async def decide(self, customer: str, thread: str, about: str, yes: bool) -> None:
        """Go on with the customer's decision about what they were shown, which `about` names."""
        config = self._config(customer, thread)
        async with self._turns[thread]:
            now = await self._now(config)
            if now.waits is None or now.waits.id != about:
                return  # a page that was left open, or a second click
            if now.needs_vimeo is not None:
                answer: Any = {"connected": yes}
            else:
                decisions = [{"type": "approve" if yes else "reject"} for _ in now.changes]
                answer = await aresume(self._tools, [now.waits], decisions, config=config)
            await self._go_on(Command(resume=answer), config)

    async def _go_on(self, given: Any, config: Mapping[str, Any]) -> None:
        try:
            await self._agent.ainvoke(given, config)
        except VimeoToolkitError:
            raise
        except Exception as error:
            raise ModelFailed(f"The model stopped with {type(error).__name__}.") from error

    @staticmethod
    def _config(customer: str, thread: str) -> dict[str, Any]:
        return {"configurable": {"thread_id": thread, "customer": customer}, "recursion_limit": 20}

    async def _now(self, config: Mapping[str, Any]) -> Conversation:
        state = await self._agent.aget_state(config)
        return Conversation(state.values.get("messages", ()), next(iter(state.interrupts), None))

    async def _allowed(self, customer: str, needed: Mapping[str, Any]) -> bool:
        """Whether the customer has connected and granted what the agent waits for."""
        try:
            account = await self._toolkit.aget_connected_account(identifier=customer)
        except NotConnected:
            return False
        granted = set(needed["missing_scopes"]) <= set(account.granted_scopes)
        return account.status is AccountStatus.ACTIVE and granted
