"""Agents of LangChain: a chat model in LangChain's own loop."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.evaluation.running import Agent

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["agent_of_model", "agent_with", "chat_model"]

MOST_STEPS: Final = 80
"""Turns of model and tools after which a model that goes in circles is stopped."""

PROMPT: Final = (
    "You look after one user's Vimeo library with the tools that you are given. Do what the user asks and nothing "
    "else. If it is not clear which of several things is meant, ask, and change nothing. Answer in plain words at "
    "the end, with the names and numbers that were asked for."
)


def chat_model(name: str) -> BaseChatModel:
    """Return the chat model of this name, `provider:name`.

    Raises:
        ConfigurationError: its package or its key is missing.
    """
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(name)
    except ImportError as missing:
        # LangChain's own error has the package's name in its text alone.
        named = re.search(r"langchain[-_][a-z0-9_-]+", f"{missing.name} {missing}")
        package = named[0].replace("_", "-") if named else "the package of its provider"
        raise ConfigurationError(
            f"The model {name!r} needs a package that is not installed.",
            hint=f"Install it: pip install {package}",
        ) from None
    except Exception as error:
        # Each provider has its own errors, and their texts may quote a key.
        raise ConfigurationError(
            f"The model {name!r} could not be made ({type(error).__name__}).",
            hint="Name it as PROVIDER:NAME, such as openai:gpt-5-mini, and set the provider's key, such as "
            "OPENAI_API_KEY.",
        ) from None


def agent_of_model(model: BaseChatModel) -> Agent:
    """Return the agent that this chat model drives."""
    return agent_with(lambda request: model)


def agent_with(model_for: Callable[[str], BaseChatModel]) -> Agent:
    """Return an agent whose model is chosen by the request."""

    def run(request: str, given: Any, identifier: str) -> str:
        from langchain.agents import create_agent
        from langchain_core.messages import HumanMessage

        tools: dict[str, Any] = {"tools": given} if isinstance(given, list) else {"middleware": [given]}
        agent: Any = create_agent(model_for(request), system_prompt=PROMPT, **tools)
        said = agent.invoke({"messages": [HumanMessage(request)]}, {"recursion_limit": MOST_STEPS})
        return str(said["messages"][-1].text)

    return run
