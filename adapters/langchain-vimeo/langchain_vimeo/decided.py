"""A person's decisions about a turn's calls, read from what LangChain's middleware returns behind its interrupt."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from langchain_core.messages import AIMessage, ToolMessage

from langchain_vimeo.asking import Question
from langchain_vimeo.run import abound_for, bound_for
from langchain_vimeo.turn import Turn, TurnCall
from langchain_vimeo.vimeo_tool import VimeoTool

__all__ = ["Decided", "asked_later", "noted", "only"]

LATER: Final = "vimeo_asked_later"
"""Where the model's message keeps the calls that are asked about once their user has connected."""


class Decided(NamedTuple):
    """What a person decided about the calls that they were asked about."""

    agreed: list[TurnCall]
    """The calls that they agreed to, as they will be made."""
    written: frozenset[str]
    """The ids of those whose arguments they wrote themselves."""
    told: list[ToolMessage]
    """What the model is told in place of the others."""

    @classmethod
    def of(
        cls,
        calls: Sequence[TurnCall],
        left_out: Sequence[TurnCall],
        update: Mapping[str, Any] | None,
        tools: Mapping[str, VimeoTool],
    ) -> Decided:
        """Return the decisions in an update of `HumanInTheLoopMiddleware.after_model`.

        It has messages only behind its interrupt, so without them nobody decided anything.

        Args:
            calls: those of the turn. left_out: those of them that were not asked about.
        """
        if update is None or "messages" not in update:
            return cls([], frozenset(), [])
        told = [message for message in update["messages"] if isinstance(message, ToolMessage)]
        answered = {message.tool_call_id for message in told}
        made = _made(update)
        agreed, written = [], set()
        for each in calls:
            name, given = made.get(each.id, ("", {}))
            if each in left_out or each.id in answered or name not in tools:
                continue
            if (name, given) != (each.call["name"], each.call["args"]):
                written.add(each.id)
            agreed.append(TurnCall(tools[name], {**each.call, "name": name, "args": given}, each.answer))
        return cls(agreed, frozenset(written), told)

    def told_in(self, calls: Sequence[TurnCall]) -> list[ToolMessage]:
        """Return what the model is told, for the places of the answers that are there."""
        named = {each.id: each for each in calls}
        return [named[each.tool_call_id].placed(each) for each in self.told if each.tool_call_id in named]

    def consents(self, questions: Mapping[str, Question]) -> list[tuple[TurnCall, str, int]]:
        """Return for each call that was agreed to the text that the person was shown, "" where they wrote the
        arguments, and how many equal ones there are.

        A call that could not be looked at is left out: the person was not shown what it would do.
        """
        found: dict[str, tuple[TurnCall, str, int]] = {}
        for each in self.agreed:
            asked = {"text": ""} if each.id in self.written else questions.get(each.id, {})
            if each.id not in self.written and "approval_id" not in asked:
                continue
            key = json.dumps([each.call["name"], each.call["args"], asked["text"]], default=str)
            times = found[key][2] if key in found else 0
            found[key] = (each, asked["text"], times + 1)
        return list(found.values())

    def let_through(self, questions: Mapping[str, Question]) -> None:
        """Tell the core of the person's consent."""
        for each, shown, times in self.consents(questions):
            bound_for(each.tool.bound).approve(each.call["args"], asked=shown, times=times)

    async def alet_through(self, questions: Mapping[str, Question]) -> None:
        """Tell the core of the person's consent, without holding up the event loop."""
        for each, shown, times in self.consents(questions):
            bound = await abound_for(each.tool.bound)
            await bound.aapprove(each.call["args"], asked=shown, times=times)


def _made(update: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the name and the arguments with which each call will be made, by its id. LangChain keeps what a person
    wrote beside the model's message; its releases before that put it into the message."""
    said = [call for each in update["messages"] if isinstance(each, AIMessage) for call in each.tool_calls]
    made = {call["id"] or "": (call["name"], call["args"]) for call in said}
    edited = update.get("hitl_edited_tool_calls") or {}
    return made | {key: (action["name"], action["args"]) for key, action in edited.items()}


def only(state: Mapping[str, Any], turn: Turn, left_out: Sequence[TurnCall]) -> Mapping[str, Any]:
    """Return the state as if the model had not made these calls."""
    if not left_out or turn.said is None:
        return state
    ids = {each.id for each in left_out}
    fewer = [call for call in turn.said.tool_calls if call["id"] not in ids]
    said = turn.said.model_copy(update={"tool_calls": fewer})
    return {**state, "messages": [said if each is turn.said else each for each in state["messages"]]}


def noted(turn: Turn, later: Sequence[TurnCall], update: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the update with the model's message whole again, and a note in it of the calls to ask about later."""
    left_out = [*turn.answered, *later]
    if turn.said is None or not left_out or (update is None and not later):
        return None if update is None else dict(update)
    metadata = turn.said.response_metadata | ({LATER: [each.id for each in later]} if later else {})
    made = {} if update is None or "messages" not in update else _made({"messages": update["messages"]})
    calls = [
        {**call, "name": made[key][0], "args": made[key][1]} if (key := call["id"] or "") in made else call
        for call in turn.said.tool_calls
    ]
    said = turn.said.model_copy(update={"response_metadata": metadata, "tool_calls": calls})
    others = [each for each in (update or {}).get("messages", ()) if not isinstance(each, AIMessage)]
    return {**(update or {}), "messages": [said, *others]}


def asked_later(turn: Turn) -> list[TurnCall]:
    """Return the calls that were to be asked about later, and that the core has refused meanwhile for want of
    approval."""
    ids = [] if turn.said is None else turn.said.response_metadata.get(LATER, [])
    return [each for each in turn.calls if each.id in ids and each.error.get("error") == "approval_required"]
