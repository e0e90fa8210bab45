"""The operator's own code that runs before and after a call. It changes the input or the result, never the
user."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.errors import ConfigurationError, InvalidInput
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.callables import name_of, require_sync, settled
from vimeo_toolkit.secret import Secret

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool

__all__ = ["Modifier", "Modifiers"]


Arguments = Mapping[str, Any]
Before = Callable[[str, dict[str, Any], Identity], Arguments | Awaitable[Arguments | None] | None]
After = Callable[[str, ToolResult, Identity], ToolResult | Awaitable[ToolResult | None] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Modifier:
    """Code that runs before or after calls of some tools, whichever framework calls them.

    Args:
        tools: a tool's name, several, or "*" for all.
        before: `before(tool_name, arguments, identity)` gives the arguments to use, or None for those that it
            was given, which are its own copy to change. They are without those that are left out, and read as
            the inputs' types ask for: numbers, lists and the values of enumerations are such; an id may be a
            number, a URI, a link or a name as the caller wrote it. They are validated afterwards; a password among
            them is a `Secret`.
        after: `after(tool_name, result, identity)` gives the result to use, or None for the one that it was
            given, whose `data` it may change. It is not called when the call failed.

    Either may be an `async def`, which blocking calls refuse. What one raises ends the call and reaches the
    caller as it is; a `VimeoToolkitError`, `Forbidden` for example, is what a model is told.

    Raises:
        ConfigurationError: there is nothing to run.
    """

    tools: str | Iterable[str] = "*"
    before: Before | None = None
    after: After | None = None

    def __post_init__(self) -> None:
        given = [function for function in (self.before, self.after) if function is not None]
        if not given or not all(map(callable, given)):
            raise ConfigurationError(
                "A Modifier needs a callable as before, as after, or as both.",
                hint="Pass Modifier(tools=…, before=function).",
            )
        names = (self.tools,) if isinstance(self.tools, str) else tuple(self.tools)
        object.__setattr__(self, "tools", names)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tools that it runs for, or `("*",)`."""
        return tuple(self.tools)

    def concerns(self, tool_name: str) -> bool:
        """Return whether it runs for calls of this tool."""
        return "*" in self.tools or tool_name in self.tools


class Modifiers:
    """The modifiers of one toolkit: `before` in the order given, `after` in the opposite one, so that the
    first encloses the others."""

    def __init__(self, modifiers: Iterable[Modifier] = ()) -> None:
        self.all = tuple(modifiers)
        for modifier in self.all:
            if not isinstance(modifier, Modifier):
                raise ConfigurationError(
                    f"modifiers takes Modifier objects, and {type(modifier).__qualname__} is not one.",
                    hint="Pass modifiers=[Modifier(tools=…, before=…)].",
                )

    def __bool__(self) -> bool:
        return bool(self.all)

    def require_sync(self, tool_name: str) -> None:
        """Refuse a blocking call before an asynchronous modifier would have to run.

        Raises:
            ConfigurationError: one that concerns this tool is an `async def`.
        """
        for modifier in self.all:
            for function in (modifier.before, modifier.after):
                if modifier.concerns(tool_name):
                    require_sync(function, "The modifier")

    async def arguments(
        self, tool: Tool, arguments: Arguments | None, identity: Identity, *, may_await: bool = True
    ) -> Any:
        """Return what is to be validated, instead of what the caller wrote. `may_await`: see `IO`.

        Raises:
            ConfigurationError: a modifier gave something to await in a blocking call.
            TypeError: a modifier gave back something else than arguments.
        """
        chosen = [
            modifier.before for modifier in self.all if modifier.before and modifier.concerns(tool.name)
        ]
        if not chosen or not (arguments is None or isinstance(arguments, Mapping)):
            return arguments  # the validation refuses anything else
        try:
            # As they will be understood: code that refuses "anybody" has to see it where "Public" was written. A
            # copy, because LangChain keeps the dict in its history.
            changed: dict[str, Any] = {
                name: Secret.of(value)
                if name in tool.secret_inputs and isinstance(value, str)
                else copy.deepcopy(value)
                for name, value in tool.coerced(arguments or {}).items()
                if value is not None
            }
        except RecursionError:
            raise InvalidInput(f"{tool.name} was not called: its input is nested too deeply.") from None
        finally:
            del arguments
        for before in chosen:
            given: Any = await settled(
                before(tool.name, changed, identity),
                before,
                may_await=may_await,
                what="The modifier",
                after="Nothing was sent.",
            )
            if given is None:
                continue
            if not isinstance(given, Mapping):
                raise TypeError(f"{name_of(before)} gave back {type(given).__qualname__} and no arguments")
            changed = dict(given)
        return changed

    async def result(
        self, tool_name: str, result: ToolResult, identity: Identity, *, may_await: bool = True
    ) -> ToolResult:
        """Return what the caller gets, instead of what Vimeo gave. `may_await`: see `IO`.

        Raises:
            ConfigurationError: a modifier gave something to await in a blocking call. The result is withheld,
                because the modifier may be there to take something out of it.
            TypeError: a modifier gave back something else than a result.
        """
        for modifier in reversed(self.all):
            after = modifier.after
            if after is None or not modifier.concerns(tool_name):
                continue
            given: Any = await settled(
                after(tool_name, result, identity),
                after,
                may_await=may_await,
                what="The modifier",
                after=f"{tool_name} was carried out; only its result is withheld. Do not call it again.",
            )
            if given is None:
                continue
            if not isinstance(given, ToolResult):
                raise TypeError(f"{name_of(after)} gave back {type(given).__qualname__} and no ToolResult")
            result = given
        return result
