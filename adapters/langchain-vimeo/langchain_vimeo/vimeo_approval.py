"""Approval by LangChain's own words: what the product resumes with is enough.

    toolkit = VimeoToolkit(…, approval="destructive")
    tools = get_tools(identifier=user, toolkit=toolkit)
    agent = create_agent(model, tools, middleware=[VimeoApproval(tools)], checkpointer=…)
    state = agent.invoke(…, config)
    # show state["__interrupt__"][0].value to the person; when they have decided:
    state = agent.invoke(Command(resume={"decisions": [{"type": "approve"}]}), config)

The core is told of a decision at the one place where it is known to be a person's: behind the middleware's own
interrupt. No decision is read from the state, which others can write, and a call that comes by any other way finds
no approval in the core.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final, cast

from langchain_core.messages import AIMessage
from langchain_core.tools import BaseTool

from langchain_vimeo.asking import aask_about, ask_about, asking, shown, told, waits
from langchain_vimeo.decided import Decided, asked_later, noted, only
from langchain_vimeo.turn import TurnCall, turn_of, vimeo_tools
from vimeo_toolkit import MissingExtra

try:
    import langchain as _langchain  # noqa: F401
except ImportError:
    raise MissingExtra("VimeoApproval", "langchain", "langchain") from None

from langchain.agents.middleware import AgentMiddleware, HumanInTheLoopMiddleware, InterruptOnConfig

__all__ = ["VimeoApproval"]

Update = dict[str, Any] | None

WRAPS: Final = HumanInTheLoopMiddleware.wrap_tool_call is not AgentMiddleware.wrap_tool_call
"""LangChain's middleware looks at calls of tools; its releases before `interrupt_mode` do not."""


class VimeoApproval(HumanInTheLoopMiddleware[Any, Any, Any]):
    """LangChain's human-in-the-loop middleware for the tools that their toolkit holds back for approval.

    The interrupt is LangChain's, and so are the answers. Each of its `action_requests` has as `description` what
    the call would do to what stands at Vimeo now, in words for people, and as `vimeo` the same in parts:
    `approval_id`, `question`, `description` and `changes`. Consent is for what was shown: if that has changed by
    the time of the call, the core refuses it.

    Args:
        tools: those of the agent, from `get_tools`.
        interrupt_on: what else people are asked about, as LangChain takes it.
        options: LangChain's further ones, such as `interrupt_mode`.
    """

    def __init__(
        self,
        tools: Iterable[BaseTool],
        *,
        interrupt_on: Mapping[str, bool | InterruptOnConfig] | None = None,
        **options: Any,
    ) -> None:
        self._tools = vimeo_tools(tools)
        self._held = {name: tool for name, tool in self._tools.items() if tool.bound.needs_approval}
        ours = InterruptOnConfig(
            allowed_decisions=["approve", "edit", "reject"],
            description=lambda tool_call, state, runtime: told(shown(tool_call)),
            when=lambda request: shown(request.tool_call).get("held", True),
        )
        super().__init__({**(interrupt_on or {}), **dict.fromkeys(self._held, ours)}, **options)

    def after_model(self, state: Any, runtime: Any) -> Update:
        """Ask about the calls of the turn, and tell the core which of them a person agreed to."""
        turn = turn_of(state["messages"], self._held)
        if self._per_call or not turn.calls:
            return super().after_model(state, runtime)
        questions = ask_about(turn.waiting)
        later = [each for each in turn.waiting if waits(each, questions)]
        with asking(questions):
            update = super().after_model(cast(Any, only(state, turn, [*turn.answered, *later])), runtime)
        Decided.of(turn.waiting, later, update, self._tools).let_through(questions)
        return noted(turn, later, update)

    async def aafter_model(self, state: Any, runtime: Any) -> Update:
        """Ask as `after_model` does, without holding up the event loop."""
        turn = turn_of(state["messages"], self._held)
        if self._per_call or not turn.calls:
            return super().after_model(state, runtime)
        questions = await aask_about(turn.waiting)
        later = [each for each in turn.waiting if waits(each, questions)]
        with asking(questions):
            update = super().after_model(cast(Any, only(state, turn, [*turn.answered, *later])), runtime)
        await Decided.of(turn.waiting, later, update, self._tools).alet_through(questions)
        return noted(turn, later, update)

    def before_model(self, state: Any, runtime: Any) -> Update:
        """Ask about calls that had to wait until their user had connected, and make those that are agreed to."""
        turn = turn_of(state["messages"], self._held)
        if not (late := asked_later(turn)):
            return None
        questions = ask_about(late)
        others = [each for each in turn.calls if each not in late]
        with asking(questions):
            update = super().after_model(cast(Any, only(state, turn, others)), runtime)
        decided = Decided.of(turn.calls, others, update, self._tools)
        decided.let_through(questions)
        return {"messages": [*decided.told_in(late), *(each.again() for each in decided.agreed)]}

    async def abefore_model(self, state: Any, runtime: Any) -> Update:
        """Ask as `before_model` does, without holding up the event loop."""
        turn = turn_of(state["messages"], self._held)
        if not (late := asked_later(turn)):
            return None
        questions = await aask_about(late)
        others = [each for each in turn.calls if each not in late]
        with asking(questions):
            update = super().after_model(cast(Any, only(state, turn, others)), runtime)
        decided = Decided.of(turn.calls, others, update, self._tools)
        await decided.alet_through(questions)
        again = [await each.aagain() for each in decided.agreed]
        return {"messages": [*decided.told_in(late), *again]}

    def wrap_tool_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        """Ask about one call in LangChain's mode "per_call", and tell the core if a person agreed to it."""
        if (call := self._asked_now(request)) is None:
            return super().wrap_tool_call(request, handler) if WRAPS else handler(request)
        questions = ask_about([call])

        def agreed(made: Any) -> Any:
            _decided(call, made, self._tools).let_through(questions)
            return handler(made)

        with asking(questions):
            return super().wrap_tool_call(request, agreed)

    async def awrap_tool_call(self, request: Any, handler: Callable[[Any], Awaitable[Any]]) -> Any:
        """Ask as `wrap_tool_call` does, without holding up the event loop."""
        if (call := self._asked_now(request)) is None:
            return await (super().awrap_tool_call(request, handler) if WRAPS else handler(request))
        questions = await aask_about([call])

        async def agreed(made: Any) -> Any:
            await _decided(call, made, self._tools).alet_through(questions)
            return await handler(made)

        with asking(questions):
            return await super().awrap_tool_call(request, agreed)

    @property
    def _per_call(self) -> bool:
        return getattr(self, "interrupt_mode", "batched") == "per_call"

    def _asked_now(self, request: Any) -> TurnCall | None:
        tool = self._held.get(request.tool_call["name"]) if self._per_call else None
        return None if tool is None else TurnCall(tool, request.tool_call, None)

    def _create_action_and_config(self, tool_call: Any, *rest: Any) -> Any:
        # What a page shows beside LangChain's own keys.
        action, config = super()._create_action_and_config(tool_call, *rest)
        parts = {name: part for name, part in shown(tool_call).items() if name != "text"}
        return ({**action, "vimeo": parts} if tool_call["name"] in self._held else action), config


def _decided(call: TurnCall, made: Any, tools: Mapping[str, Any]) -> Decided:
    """Return the decision that LangChain has just let a call through for, which its person may have edited."""
    return Decided.of([call], [], {"messages": [AIMessage("", tool_calls=[made.tool_call])]}, tools)
