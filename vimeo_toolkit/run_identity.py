"""The user of a call, named at the call by the product's own function: one set of tools serves many users."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vimeo_toolkit.errors import ConfigurationError, InvalidInput
from vimeo_toolkit.identity import Identity

if TYPE_CHECKING:
    from vimeo_toolkit.accounts.context import Context

__all__ = ["Identify", "RunIdentity", "require_no_user", "whose_tools"]

Identify = Callable[[Any], str | Awaitable[str | None] | None]
"""Takes what the framework knows of a run (LangChain's config, LlamaIndex's `Context`) and returns your product's
own id of the user whose run it is: a plain function, or an `async def` where the call is asynchronous."""


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """Names the user of each call anew; what it returned is kept nowhere.

    Args:
        connection_name: the registered Vimeo app.
        identify: the product's function.
    """

    connection_name: str
    identify: Identify = field(repr=False)

    def of(self, run: Any) -> Identity:
        """Return the user of this run, for a blocking call.

        Raises:
            ConfigurationError: the function is an `async def`, failed, or named nobody.
        """
        found = self._asked(run)
        if inspect.isawaitable(found):
            if inspect.iscoroutine(found):
                found.close()
            raise ConfigurationError(
                "The function given as identifier is asynchronous, and this call is blocking.",
                hint="Give a plain function, or make the call asynchronously (ainvoke, acall).",
            )
        return self._identity(found)

    async def aof(self, run: Any) -> Identity:
        """Return the user of this run, for an asynchronous call, see `of`."""
        found = self._asked(run)
        if inspect.isawaitable(found):
            try:
                found = await found
            except Exception as error:
                raise _failed(error) from error
        return self._identity(found)

    def _asked(self, run: Any) -> Any:
        try:
            return self.identify(run)
        except Exception as error:
            raise _failed(error) from error

    def _identity(self, found: Any) -> Identity:
        if found is None or (isinstance(found, str) and not found.strip()):
            raise _no_user("The function given as identifier returned nobody for this run.")
        try:
            return Identity(self.connection_name, found)
        except InvalidInput as error:
            kind = "" if isinstance(found, str) else f" It returned a {type(found).__name__}."
            raise ConfigurationError(
                f"The function given as identifier returned no identifier.{kind}", hint=error.message
            ) from None


def whose_tools(
    context: Context, connection_name: str, identifier: str | Identify, choice: Mapping[str, Any]
) -> Identity | RunIdentity:
    """Return the user for whom tools are bound, or what names the user of each call.

    Raises:
        InvalidInput: it is neither, or the choice needs a user and there is none yet.
    """
    if callable(identifier):
        require_no_user(choice)
        return RunIdentity(context.connection(connection_name).name, identifier)
    if identifier is None or identifier == "":
        raise InvalidInput(
            f"The tools would be nobody's: identifier is {identifier!r}.",
            hint="Pass identifier=, your product's own id of the user who is logged in, or a function that "
            "returns it for each run.",
        )
    return context.identity(connection_name, identifier)


def require_no_user(choice: Mapping[str, Any]) -> None:
    """Refuse a choice of tools that goes by a user, where none is known yet."""
    if choice.get("missing_scopes") == "hide":
        raise InvalidInput(
            'missing_scopes="hide" goes by what a user has granted, and these tools are nobody\'s yet.',
            hint="Leave it out: a call then says which scope is missing.",
        )


def _no_user(message: str) -> ConfigurationError:
    """Return the error for a call of which nobody has said whose it is."""
    return ConfigurationError(
        message,
        hint="Start each run with the user of your session where the function looks, also when a run is resumed. "
        "Nothing was sent.",
    )


def _failed(error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"The function given as identifier raised {type(error).__name__}.",
        hint="See the exception that this one was raised from. Nothing was sent.",
    )
