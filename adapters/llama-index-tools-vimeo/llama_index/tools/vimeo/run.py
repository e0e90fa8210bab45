"""A LlamaIndex tool for the user of one run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from llama_index.core.workflow import Context
from workflows.context.state_store import DictState
from workflows.runtime.types.results import (
    StepWorkerFailed,
    StepWorkerStateContextVar,
    WaitingForEvent,
)

from vimeo_toolkit import BoundTool, ConfigurationError, Identity, WrongUser

if TYPE_CHECKING:
    from llama_index.tools.vimeo.function_tool import VimeoFunctionTool

__all__ = ["bound_for", "bound_outside", "ends_run"]

USER = "vimeo_user_digest"
"""The key in the run's store: whose run it is, as a digest."""


async def bound_for(tool: VimeoFunctionTool, ctx: Any) -> BoundTool:
    """Return the core's tool for the user of a run: the tool's own user, or whom its function names.

    Args:
        ctx: the run's `Context`; only a tool that has its own user does without one.

    Raises:
        ConfigurationError: there is no context, or the function named nobody.
        WrongUser: the context is of another user's run, such as one that was serialised and is restored.
    """
    if tool.bound.run_identity is None:
        return tool.bound
    if not isinstance(ctx, Context):
        raise _no_run(tool)
    bound = await tool.bound.afor_run(ctx)
    if bound.identity is not None:
        await _require_same(ctx, bound.identity)
    return bound


async def _require_same(ctx: Context, identity: Identity) -> None:
    """Note the user of a run in its context, which is serialised with it, or find that it is the same one."""
    async with ctx.store.edit_state() as state:
        # The product's own workflow may have a state in which nothing can be noted.
        if isinstance(state, DictState) and state.get(USER, identity.digest) != identity.digest:
            raise WrongUser
        if isinstance(state, DictState):
            state[USER] = identity.digest


def bound_outside(tool: VimeoFunctionTool) -> BoundTool:
    """Return the core's tool for a blocking call, which cannot read a `Context`: its store is asynchronous.

    Raises:
        ConfigurationError: only a run's `Context` says who its user is.
    """
    if tool.bound.run_identity is not None:
        raise _no_run(tool)
    return tool.bound


def _no_run(tool: VimeoFunctionTool) -> ConfigurationError:
    return ConfigurationError(
        f"{tool.bound.name} acts as the user of a run, and was called without the run's Context.",
        hint="Let an agent call it, or pass ctx= to acall; or get the tools with the user's id as identifier.",
    )


class _EndsRun(WaitingForEvent[Any], ConfigurationError):
    """A `ConfigurationError` that an agent lets through."""


class _EndsTheirRun(WaitingForEvent[Any], WrongUser):
    """A `WrongUser` that an agent lets through."""


def ends_run(error: ConfigurationError | WrongUser) -> Exception:
    """Return the error to raise, so that the agent's run ends with this one, which only the developer can mend.

    An agent gives a model the text of whatever its tool raises, and goes on, but for what says that its step waits
    for an event. Then LlamaIndex notes for the step what that error has with it: here, that the step failed.
    """
    if StepWorkerStateContextVar.get(None) is None:
        return error
    kind = _EndsTheirRun if isinstance(error, WrongUser) else _EndsRun
    raised = kind.__new__(kind)
    raised.args = error.args
    raised.__dict__.update(error.__dict__)
    raised.add = StepWorkerFailed(exception=error, failed_at=time.time())  # type: ignore[assignment]
    return raised
