"""A tool of the core as LangChain's class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from typing import Any, ClassVar, Literal, Self, TypeVar, cast

from langchain_core.runnables import RunnableConfig
from langchain_core.tools import ArgsSchema, BaseTool
from pydantic import Field, PrivateAttr

from langchain_vimeo.failing import as_message, calling, passed_on
from langchain_vimeo.former import moved_to_bound
from langchain_vimeo.run import acalled, called
from vimeo_toolkit import BoundTool, Tool, ToolInput

__all__ = ["VimeoTool"]

RunT = TypeVar("RunT", bound=Callable[..., Any])


def _annotated_for_langchain(run: RunT) -> RunT:
    """Leave only the annotation by whose type LangChain finds the parameter for a run's config: it evaluates all of
    them anew at each call, which takes a tenth of the call's time."""
    run.__annotations__ = {"config": RunnableConfig}
    return run


class VimeoTool(BaseTool):
    """A tool of the core, bound to one user or to the user of each run. Content is compact JSON; the artifact is
    the whole answer.

    An error that a model can act on becomes a tool message of status "error", whose artifact has it as a dict: its
    code as "error", "message", "hint", and what a product needs to draw a button. A bug propagates.
    """

    response_format: Literal["content", "content_and_artifact"] = "content_and_artifact"
    # A function, which cannot be written out as JSON with the other fields.
    handle_tool_error: Any = Field(default=as_message, exclude=True, repr=False)

    strict: bool = False
    """Whether models are always shown a strict schema, see `ToolOptions`, and not only where LangChain was asked
    for one."""

    # Private, so that neither a model's arguments nor a trace contains the user.
    _bound: BoundTool = PrivateAttr()
    _hides_links: bool = PrivateAttr(default=False)

    @classmethod
    def of(
        cls, tool: BoundTool | Tool, *former: Any, extras: Mapping[str, Any] | None = None, **named: Any
    ) -> Self:
        """Return the LangChain tool of a bound tool, with `extras` for the model's provider as `BaseTool` has them;
        what else it takes is for one version, see `BoundTool.of`."""
        bound = BoundTool.of(tool, *former, **named)
        # A copy, because validating the same texts for each user takes three times as long.
        own = {
            "metadata": bound.annotations,
            "strict": bound.strict,
            "extras": deepcopy(dict(extras)) if extras else None,
        }
        made = _unbound(cls, bound.tool).model_copy(update=own)
        made._bound = bound
        return cast(Self, made)

    @property
    def bound(self) -> BoundTool:
        """The core's tool, bound to its user; `run.bound_for` gives that of a run."""
        return self._bound

    def hide_links(self) -> None:
        """Keep the link under which a user connects out of messages from now on, because the product itself shows
        it, see `VimeoConnect`."""
        self._hides_links = True

    @property
    def hides_links(self) -> bool:
        """Whether messages are without the link under which a user connects."""
        return self._hides_links

    needs_approval: ClassVar[Any] = moved_to_bound("needs_approval")
    question: ClassVar[Any] = moved_to_bound("question")
    question_about: ClassVar[Any] = moved_to_bound("question_about")
    approve: ClassVar[Any] = moved_to_bound("approve")
    aapprove: ClassVar[Any] = moved_to_bound("aapprove")

    @property
    def tool_call_schema(self) -> ArgsSchema:
        """The JSON schema that models are shown, a copy: a strict one where LangChain was asked for that."""
        # LangChain would derive a model per instance, which takes a thousand times as long and loses the
        # compact schema.
        tool = cast(type[ToolInput], self.args_schema).tool  # quicker to reach than a private attribute
        schema = tool.schema(strict=self.strict, converter="convert_to_openai_function")
        schema["title"], schema["description"] = self.name, self.description
        return schema

    def run(self, tool_input: Any, *args: Any, **kwargs: Any) -> Any:
        """See LangChain. Agents that write text give one value, or an object as JSON."""
        with calling(kwargs.get("tool_call_id")):
            return super().run(self._bound.arguments(tool_input), *args, **kwargs)

    async def arun(self, tool_input: Any, *args: Any, **kwargs: Any) -> Any:
        """See `run`."""
        with calling(kwargs.get("tool_call_id")):
            return await super().arun(self._bound.arguments(tool_input), *args, **kwargs)

    def invoke(self, input: Any, config: Any = None, **kwargs: Any) -> Any:  # noqa: A002 - LangChain's name
        """Make the call and return what LangChain's tools return: a `ToolMessage` for a tool call, else the
        text."""
        return super().invoke(self._named(input), config, **kwargs)

    async def ainvoke(self, input: Any, config: Any = None, **kwargs: Any) -> Any:  # noqa: A002
        """Make the call as `invoke` does, without holding up the event loop."""
        return await super().ainvoke(self._named(input), config, **kwargs)

    def _named(self, given: Any) -> Any:
        # LangChain copies a call's arguments before anything else, which only a dict can do.
        if isinstance(given, dict) and given.get("type") == "tool_call":
            return {**given, "args": self._bound.arguments(given.get("args"))}
        return given

    def _to_args_and_kwargs(self, tool_input: Any, *rest: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        # Unchanged: the core validates them once, with the same words for all frameworks. As one value, so that
        # none of them can take the place of the run's config, which LangChain passes by name.
        return (dict(tool_input),), {}

    def _filter_injected_args(self, tool_input: dict[str, Any]) -> dict[str, Any]:
        # LangChain passes these to callbacks and traces; the call itself gets the original arguments.
        return self._bound.shown(super()._filter_injected_args(tool_input))

    @_annotated_for_langchain
    def _run(
        self, given: dict[str, Any] | None = None, /, *, config: RunnableConfig, **arguments: Any
    ) -> tuple[str, dict[str, Any]]:
        reply = called(self, config, {**(given or {}), **arguments})
        return passed_on(reply.without_link() if self._hides_links else reply, self.name)

    @_annotated_for_langchain
    async def _arun(
        self, given: dict[str, Any] | None = None, /, *, config: RunnableConfig, **arguments: Any
    ) -> tuple[str, dict[str, Any]]:
        reply = await acalled(self, config, {**(given or {}), **arguments})
        return passed_on(reply.without_link() if self._hides_links else reply, self.name)


@cache
def _unbound(kind: type[VimeoTool], tool: Tool) -> VimeoTool:
    """Return the tool bound to no user, which is the same for all users."""
    return kind(name=tool.name, description=tool.description, args_schema=tool.input_model)
