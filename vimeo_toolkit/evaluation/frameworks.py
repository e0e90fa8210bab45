"""What an agent is given to work with, in each framework that has an adapter, and without one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any, Final, Literal, get_args

from vimeo_toolkit.errors import ConfigurationError, MissingExtra
from vimeo_toolkit.evaluation.stage import IDENTIFIER
from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["FRAMEWORKS", "Framework", "Given", "given_to", "options_of", "require_framework"]

Framework = Literal["core", "langchain", "llama-index", "mcp"]
FRAMEWORKS: Final[tuple[Framework, ...]] = get_args(Framework)

Given = Any
"""LangChain: a list of tools, or the middleware of tools on demand. LlamaIndex: a list of tools, or a retriever.
MCP: a connected client. core: a list of `BoundTool`."""

ON_DEMAND: Final = "on-demand"

_ADAPTERS: Final = {
    "langchain": "langchain_vimeo",
    "llama-index": "llama_index.tools.vimeo",
    "mcp": "vimeo_mcp",
}


def options_of(tools: str) -> dict[str, Any]:
    """Return the options that bind these tools: "default", "on-demand", or a toolset such as "all".

    Raises:
        InvalidInput: there is no such toolset.
    """
    from vimeo_toolkit.catalog.selection import choose_tools

    if tools in ("default", ON_DEMAND):
        return {}
    choose_tools(None, (), tools, False)
    return {"toolsets": tools}


@asynccontextmanager
async def given_to(framework: Framework, toolkit: VimeoToolkit, tools: str) -> AsyncIterator[Given]:
    """Make what an agent of this framework is given, and yield it; see `options_of`.

    Raises:
        MissingExtra: the framework is not installed.
        ConfigurationError: MCP has no tools on demand.
    """
    options = options_of(tools)
    require_framework(framework)
    if framework == "mcp":
        if tools == ON_DEMAND:
            raise ConfigurationError(
                "The MCP server lists its tools once, so it has none on demand.",
                hint="Score the default tools, or another framework.",
            )
        from mcp import Client
        from vimeo_mcp import create_server

        server = create_server(IDENTIFIER, toolkit=toolkit, connect_url=None, **options)
        async with Client(server) as client:
            yield client
        return
    make = {"langchain": _langchain, "llama-index": _llama_index, "core": _core}[framework]
    yield make(toolkit, options, tools == ON_DEMAND)


def require_framework(framework: Framework) -> None:
    """Require that a framework's adapter can be imported.

    Raises:
        MissingExtra: the framework is not installed.
    """
    try:
        if framework in _ADAPTERS:
            import_module(_ADAPTERS[framework])
    except ImportError as missing:
        package = (missing.name or framework).partition(".")[0]
        raise MissingExtra(f"The framework {framework}", package, framework) from None


def _langchain(toolkit: VimeoToolkit, options: dict[str, Any], on_demand: bool) -> Given:
    from langchain_vimeo import VimeoToolsOnDemand, get_tools

    if on_demand:
        return VimeoToolsOnDemand(identifier=IDENTIFIER, toolkit=toolkit)
    return get_tools(identifier=IDENTIFIER, toolkit=toolkit, **options)


def _llama_index(toolkit: VimeoToolkit, options: dict[str, Any], on_demand: bool) -> Given:
    from llama_index.tools.vimeo import VimeoToolRetriever, get_tools

    if on_demand:
        return VimeoToolRetriever(identifier=IDENTIFIER, toolkit=toolkit)
    return get_tools(identifier=IDENTIFIER, toolkit=toolkit, **options)


def _core(toolkit: VimeoToolkit, options: dict[str, Any], on_demand: bool) -> Given:
    if on_demand:
        return toolkit.bind_tools_on_demand(identifier=IDENTIFIER)
    return toolkit.bind_tools(identifier=IDENTIFIER, **options)
