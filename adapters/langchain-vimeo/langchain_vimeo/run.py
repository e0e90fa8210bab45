"""A LangChain tool, or a library, for the user of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from langchain_core.runnables import RunnableConfig, ensure_config

from langchain_vimeo.replay import replayed
from langchain_vimeo.thread import aclaim, claim
from vimeo_toolkit import BoundLibrary, BoundTool, ConfigurationError, Reply, StoreError, WrongUser

if TYPE_CHECKING:
    from langchain_vimeo.vimeo_tool import VimeoTool

__all__ = ["abound_for", "acalled", "bound_for", "called", "for_the_developer"]

B = TypeVar("B", BoundTool, BoundLibrary)


def bound_for(given: B, config: RunnableConfig | None = None) -> B:
    """Return the core's tool, or library, for the user of a run: its own user, or whom its function names.

    Args:
        given: as the agent or the retriever has it.
        config: the run's; by default that of the run in which this is called.

    Raises:
        ConfigurationError: the function named nobody.
        WrongUser: the thread of the run is another user's. Both end the run: a model could do nothing about them.
    """
    if given.run_identity is None:
        return given
    run = ensure_config(config)
    bound = given.for_run(run)
    claim(given, bound, run)
    return bound


async def abound_for(given: B, config: RunnableConfig | None = None) -> B:
    """Return the core's tool, or library, for the user of a run, see `bound_for`; the function may be an
    `async def`."""
    if given.run_identity is None:
        return given
    run = ensure_config(config)
    bound = await given.afor_run(run)
    await aclaim(given, bound, run)
    return bound


def called(tool: VimeoTool, config: RunnableConfig, arguments: dict[str, Any]) -> Reply:
    """Make a call for the user of a run, and return its reply.

    Raises:
        ConfigurationError, WrongUser: see `bound_for`.
    """
    try:
        bound = bound_for(tool.bound, config)
    except (ConfigurationError, WrongUser) as error:
        raise for_the_developer(error, config) from error.__cause__
    except StoreError as error:  # a reply, as where a call itself finds that the store does not answer
        return Reply.of(error)
    with replayed(tool, config, arguments) as made:
        made.reply = bound.call(arguments, idempotency_key=made.key)
    return made.reply


async def acalled(tool: VimeoTool, config: RunnableConfig, arguments: dict[str, Any]) -> Reply:
    """Make a call for the user of a run as `called` does, without holding up the event loop."""
    try:
        bound = await abound_for(tool.bound, config)
    except (ConfigurationError, WrongUser) as error:
        raise for_the_developer(error, config) from error.__cause__
    except StoreError as error:
        return Reply.of(error)
    with replayed(tool, config, arguments) as made:
        made.reply = await bound.acall(arguments, idempotency_key=made.key)
    return made.reply


def for_the_developer(error: ConfigurationError | WrongUser, config: RunnableConfig | None) -> Exception:
    """Return the error to raise from a tool or a retriever: within a graph one that no node tells a model of."""
    if not ensure_config(config).get("metadata", {}).get("langgraph_checkpoint_ns"):
        return error
    from langchain_vimeo.ending import ends_run  # the tools alone do not need LangGraph

    return ends_run(error)
