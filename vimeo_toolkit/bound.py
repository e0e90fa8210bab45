"""A tool that acts as one user: what the adapter of every framework stands on.

    for bound in toolkit.bind_tools(connection_name="vimeo", identifier="user_456"):
        bound.name, bound.description, bound.schema   # what a model is shown
        reply = bound.call({"per_page": 5})           # or: await bound.acall(…)
        reply.text                                    # what the model reads, of a result and of an error
        reply.artifact                                # the same for your own code, whole

An adapter puts these into the framework's own class and adds nothing: which tools there are, what a model may write
in place of arguments, which errors are replies, how a person is asked and what may be traced are the same in all.
"""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, cast

from vimeo_toolkit import asked_text
from vimeo_toolkit.catalog.selection import RAW_REQUEST, TOOL_CALL, called
from vimeo_toolkit.connecting import Connect, acall_when_connected
from vimeo_toolkit.errors import ConfigurationError, InvalidInput, VimeoToolkitError
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.reply import ApprovalRequest, Reply, denied
from vimeo_toolkit.run_identity import RunIdentity
from vimeo_toolkit.tool_options import ToolChoice, ToolOptions

if TYPE_CHECKING:
    from vimeo_toolkit.calls.result import Detail
    from vimeo_toolkit.catalog.tool import Tool
    from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["Ask", "BoundTool", "ToolChoice", "ToolOptions", "bound_tools"]

MOST_QUESTIONS: Final = 3
"""How often a person is asked about one call when its subject changes while they decide."""


def bound_tools(
    tools: Collection[Tool],
    reached: Collection[Tool],
    toolkit: VimeoToolkit,
    whose: Identity | RunIdentity | None,
    detail: Detail,
    strict: bool,
) -> list[BoundTool]:
    """Return these tools for this user. They mention each other and those that can be called by name, and no other
    tool.

    Args:
        tools: those that an agent is given.
        reached: those that it may call by name besides.
    """
    given = frozenset(tool.name for tool in tools)
    names = given.union(tool.name for tool in reached)
    identity, of_run = (None, whose) if isinstance(whose, RunIdentity) else (whose, None)
    at_hand = given if TOOL_CALL in given else frozenset[str]()
    return [BoundTool(tool, toolkit, identity, names, detail, of_run, strict, at_hand) for tool in tools]


Ask = Callable[[ApprovalRequest], Awaitable[bool | str | None]]
"""Asks a person: True when they agree, False or the reason when they do not, None when nobody decided."""


@dataclass(frozen=True, slots=True)
class BoundTool:
    """A tool of the core that acts as one user. Cheap to make, and never changed: bind anew for another user."""

    tool: Tool
    """The tool itself, the same for every user."""
    toolkit: VimeoToolkit = field(repr=False)
    identity: Identity | None = field(repr=False)
    """The user for whom it calls; None: it cannot call. It is in no `repr`, so that no framework's trace holds
    it."""
    allowed: frozenset[str] | None = field(default=None, repr=False)
    """Names of the only tools that its results may mention; all by default."""
    detail: Detail = "compact"
    run_identity: RunIdentity | None = field(default=None, repr=False)
    """Names the user of each call, where only a run says who it is; the tool itself has no `identity` then."""
    strict: bool = False
    """Its schema is as the strict modes of providers demand it, see `ToolOptions`."""
    at_hand: frozenset[str] = field(default=frozenset(), repr=False)
    """Names of the tools that the agent has been shown so far, where it can find others, see `beside`."""

    @classmethod
    def of(cls, given: BoundTool | Tool, *former: Any, **named: Any) -> BoundTool:
        """Return the bound tool that is given. The adapters' tool classes of 0.1.0 were given its parts instead,
        which goes on working for one version: tool, toolkit, connection_name, identifier, allowed, detail."""
        if isinstance(given, BoundTool) and not former and not named:
            return given
        warnings.warn(
            "A tool class takes a BoundTool of VimeoToolkit.bind_tools now; its parts go with the next version.",
            DeprecationWarning,
            stacklevel=3,
        )
        return _of_parts(cast("Tool", given), *former, **named)

    def for_identity(self, identity: Identity) -> BoundTool:
        """Return the same tool for another user."""
        return replace(self, identity=identity, run_identity=None)

    def __deepcopy__(self, memo: Any) -> BoundTool:
        # Some frameworks copy their agents with all of their tools, and nothing in this one is ever changed.
        return self

    def beside(self, at_hand: Iterable[str]) -> BoundTool:
        """Return the same tool for an agent that has been shown these tools, by name, so far: a search does not
        give them as new."""
        return replace(self, at_hand=frozenset(at_hand))

    def for_run(self, run: Any) -> BoundTool:
        """Return the tool for the user of this run, where its identifier is a function; else the tool itself.

        Args:
            run: what that function takes: of LangChain the config, of LlamaIndex the `Context`.

        Raises:
            ConfigurationError: the function is an `async def`, failed, or named nobody. It is for the developer,
                and never for a model to see.
        """
        return self if self.run_identity is None else self.for_identity(self.run_identity.of(run))

    async def afor_run(self, run: Any) -> BoundTool:
        """Return the tool for the user of this run, see `for_run`; the function may be an `async def`."""
        return self if self.run_identity is None else self.for_identity(await self.run_identity.aof(run))

    # ---- what a model is shown ----

    @property
    def name(self) -> str:
        """The tool's name, as the model calls it."""
        return self.tool.name

    @property
    def description(self) -> str:
        """What the tool does, as the model reads it."""
        return self.tool.description

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of its arguments, an object. A copy: frameworks write into what they are given."""
        return self.tool.schema(strict=self.strict)

    @property
    def input_help(self) -> Mapping[str, str]:
        """Input name → what it is for, which values it takes and what happens without it, as people read it."""
        return self.tool.input_help

    @property
    def described_schema(self) -> dict[str, Any]:
        """The schema with `input_help` as the description of every input, a copy: for forms that people fill in,
        and for frameworks that demand descriptions. `schema` has less than half of the tokens."""
        return self.tool.described_schema

    @property
    def annotations(self) -> dict[str, Any]:
        """Facts for frameworks: the toolset, the scopes, and what the tool does to things."""
        tool = self.tool
        return {
            "scopes": sorted(tool.scopes),
            "toolset": tool.toolset,
            "read_only": tool.read_only,
            "destructive": tool.destructive,
            "idempotent": tool.idempotent,
        }

    @property
    def needs_approval(self) -> bool:
        """Whether the toolkit's rule holds this tool back until a person approves the call."""
        return self.toolkit.needs_approval(self.name)

    def holds_back(self, arguments: Any) -> bool:
        """Return whether the rule holds back this very call: not a plan that is only shown, or that goes on."""
        if (meant := self.meant(arguments)) is None:
            return False
        tool, inputs = meant
        plans = tool.input_model.plans
        return self.toolkit.needs_approval(tool.name, inputs) and (
            not plans or self.asked_about(arguments).get("held", True)
        )

    # ---- a call ----

    def arguments(self, given: Any) -> dict[str, Any]:
        """Return named arguments for what an agent gave in their place: nothing, one value, or JSON as text."""
        return self.tool.arguments(given)

    def shown(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments as they may be traced and logged, without secrets."""
        if self.name != TOOL_CALL or (meant := self.meant(arguments)) is None:
            return self.tool.without_secrets(arguments)
        tool, inputs = meant
        return {"name": tool.name, "inputs": tool.without_secrets(inputs)}

    def call(self, arguments: Any = None, *, idempotency_key: str | None = None) -> Reply:
        """Make the call and return what came of it; an error that a model can act on is a reply, too.

        Args:
            arguments: the tool's inputs by name, or what an agent wrote in place of them. "" leaves an optional
                input out, because many models fill in every input; `(empty)` clears a text.
            idempotency_key: under it a call that changes something is made once, see `VimeoToolkit.execute_tool`.

        Raises:
            ConfigurationError: the tool is bound to nobody.
            Exception: a bug, or what the product's own hooks raised: never for a model to see.
        """
        call = self._call(arguments)
        try:
            return Reply.of(self.toolkit.execute_tool(**call, idempotency_key=idempotency_key))
        except VimeoToolkitError as error:
            return Reply.of(error)

    async def acall(
        self,
        arguments: Any = None,
        *,
        ask: Ask | None = None,
        connect: Connect | None = None,
        idempotency_key: str | None = None,
        on_progress: Callable[[int, int], Any] | None = None,
    ) -> Reply:
        """Make the call and return what came of it, see `call`.

        Args:
            ask: asks a person about a call that needs approval. When they agree, it is made; when what it would
                change has changed meanwhile, they are asked anew, three times at the most. Without it such a call
                is refused, and the reply says what to approve.
            connect: asks the user to connect, or to grant more, before a call that could not be made without. What
                the model reads has no link then.
            idempotency_key: see `call`.
            on_progress: is told how far a long call is, see `VimeoToolkit.aexecute_tool`.
        """
        how: dict[str, Any] = {"idempotency_key": idempotency_key, "on_progress": on_progress}
        if connect is not None:
            return await acall_when_connected(
                self, arguments, connect, lambda: self.acall(arguments, ask=ask, **how)
            )
        for _ in range(MOST_QUESTIONS):
            reply = await self._acalled(arguments, how)
            asked = None if ask is None else reply.needs_approval
            if ask is None or asked is None:
                return reply
            answer = await ask(asked)
            if answer is None:
                return reply
            if answer is not True:
                return denied(asked.tool_name, answer)
            # What it would change may have changed while they decided, or an equal call may have used the approval
            # up: then the call is asked about anew.
            try:
                with suppress(InvalidInput):
                    await self.toolkit.aapprove(asked.approval_id, **self.whose)
            except VimeoToolkitError as error:
                return Reply.of(error)
        return await self._acalled(arguments, how)

    async def _acalled(self, arguments: Any, how: Mapping[str, Any]) -> Reply:
        call = self._call(arguments)
        try:
            return Reply.of(await self.toolkit.aexecute_tool(**call, **how))
        except VimeoToolkitError as error:
            return Reply.of(error)

    # ---- approval where the framework asks by itself, with a text ----

    @property
    def question(self) -> str:
        """What a person should know before they approve any call of it; the arguments stand beside it."""
        return asked_text.question_of(self.tool)

    def question_about(self, arguments: Any) -> str:
        """Return what this very call would do, with the names of things as they stand now, and in the last line the
        id by which it is approved. It looks at Vimeo with a few GETs."""
        return str(self.asked_about(arguments)["text"])

    def asked_about(self, arguments: Any) -> dict[str, Any]:
        """Return what a person is asked about this very call, JSON-ready: `text`, see `question_about`, and its
        parts `approval_id`, `question`, `description` and `changes` for a page of one's own. It looks at Vimeo with
        a few GETs. Where it cannot, there is the text alone, and the error without a link as `error`."""
        tool, _ = self.meant(arguments) or (self.tool, None)
        try:
            planned = self.toolkit.execute_tool(**self._call(arguments), dry_run=True)
        except VimeoToolkitError as error:
            return asked_text.of_error(tool, error)
        return asked_text.of_plan(tool, planned)

    async def aasked_about(self, arguments: Any) -> dict[str, Any]:
        """Return what a person is asked as `asked_about` does, without holding up the event loop."""
        tool, _ = self.meant(arguments) or (self.tool, None)
        try:
            planned = await self.toolkit.aexecute_tool(**self._call(arguments), dry_run=True)
        except VimeoToolkitError as error:
            return asked_text.of_error(tool, error)
        return asked_text.of_plan(tool, planned)

    def approve(self, arguments: Any, *, asked: str = "", times: int = 1) -> None:
        """Let exactly this call through. For code that has a person's decision, never for a model.

        What keeps it from being approved is not raised: the call itself will say it to the model.

        Args:
            asked: the text that the person was shown, see `question_about`; consent is then for what it told, and
                void if that has changed since.
            times: how many equal calls they agreed to.
        """
        with suppress(VimeoToolkitError):
            approval_id = asked_text.id_in(asked)
            if approval_id is None:
                planned = self.toolkit.execute_tool(**self._call(arguments), dry_run=True)
                approval_id = planned.get("approval_id")
            if approval_id is not None:
                self.toolkit.approve(approval_id, **self.whose, times=times)

    async def aapprove(self, arguments: Any, *, asked: str = "", times: int = 1) -> None:
        """See `approve`."""
        with suppress(VimeoToolkitError):
            approval_id = asked_text.id_in(asked)
            if approval_id is None:
                planned = await self.toolkit.aexecute_tool(**self._call(arguments), dry_run=True)
                approval_id = planned.get("approval_id")
            if approval_id is not None:
                await self.toolkit.aapprove(approval_id, **self.whose, times=times)

    @property
    def whose(self) -> dict[str, Any]:
        """The user for whom it calls, as the toolkit's methods take it.

        Raises:
            ConfigurationError: the tool is bound to nobody.
        """
        if self.identity is None:
            known = "tool.for_identity(Identity(…))" if self.run_identity is None else "tool.for_run(…)"
            raise ConfigurationError(f"{self.name} is bound to no user.", hint=f"Call what {known} returns.")
        return {
            "connection_name": self.identity.connection_name,
            "identifier": self.identity.identifier,
        }

    def meant(self, arguments: Any) -> tuple[Tool, Any] | None:
        """Return the tool that a call with these arguments is made of, and its inputs: another one only for
        `vimeo_tool_call`, and for `vimeo_request` the one for its method.

        None where it names no tool that it may call, which the call itself will say.
        """
        if self.name == RAW_REQUEST:
            return called(RAW_REQUEST, self.tool.arguments(arguments))
        if self.name != TOOL_CALL:
            return self.tool, arguments
        with suppress(InvalidInput):
            tool, inputs = called(TOOL_CALL, arguments, self.at_hand, self.toolkit.own_tools)
            if self.allowed is None or tool.name in self.allowed:
                return tool, inputs
        return None

    def _call(self, arguments: Any) -> dict[str, Any]:
        return {
            **self.whose,
            "tool_name": self.name,
            "tool_input": self.tool.arguments(arguments),
            "allowed": self.allowed,
            "at_hand": self.at_hand,
            "detail": self.detail,
        }


def _of_parts(
    tool: Tool,
    toolkit: VimeoToolkit,
    connection_name: str,
    identifier: str,
    allowed: Collection[str] | None = None,
    detail: Detail = "compact",
) -> BoundTool:
    names = None if allowed is None else frozenset(allowed)
    return BoundTool(tool, toolkit, Identity(connection_name, identifier), names, detail)
