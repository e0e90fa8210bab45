"""An agent begins with a handful of tools, finds others with vimeo_tools_search, and has them from then on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, Unpack

from llama_index.core.objects import ObjectRetriever
from llama_index.core.schema import QueryBundle
from llama_index.core.tools import BaseTool, ToolOutput
from llama_index.tools.vimeo.function_tool import VimeoFunctionTool

from vimeo_toolkit import Identify, ToolOptions, VimeoToolkit, default_toolkit, tools_on_demand

__all__ = ["VimeoToolRetriever"]

MOST_LOADED: Final = 20
"""The most tools that stay loaded; those that were found longest ago go first."""


class VimeoToolRetriever(ObjectRetriever[BaseTool]):
    """A retriever that gives an agent only the Vimeo tools that it has found so far.

        agent = FunctionAgent(tool_retriever=VimeoToolRetriever(identifier="user_456"), llm=llm)

    An agent asks it before every call of its model and before every call of a tool. It remembers what was found, so
    make one for each conversation; it costs next to nothing.

    Args:
        begin_with: names of the tools that are there at first, beside vimeo_tools_search.
        connect: calls pause the run until the user has connected, as in `get_tools`.
        options: what may be found at all, as in `get_tools`; with neither `include` nor `toolsets`, every tool.
            Nothing else can be loaded or called.
    """

    def __init__(
        self,
        connection_name: str = "vimeo",
        identifier: str | Identify = "",
        *,
        toolkit: VimeoToolkit | None = None,
        begin_with: Iterable[str] | None = None,
        connect: bool = False,
        **options: Unpack[ToolOptions],
    ) -> None:
        # The base's is not called: it wants an index of nodes, which is not used here.
        used = toolkit if toolkit is not None else default_toolkit()
        bound = used.bind_tools_on_demand(connection_name, identifier, **options)
        self._tools = {each.name: VimeoFunctionTool.of(each, connect=connect) for each in bound}
        self._begin_with = tools_on_demand([]) if begin_with is None else tools_on_demand([], begin_with)
        self._loaded: OrderedDict[str, None] = OrderedDict()
        self._search = self._tools["vimeo_tools_search"]
        self._search.on_output = self._learn

    def retrieve(self, str_or_query_bundle: str | QueryBundle) -> list[BaseTool]:
        """Return the tools that an agent has now. Asked for a tool by its exact name, as at a call, that one is
        among them."""
        asked = str_or_query_bundle if isinstance(str_or_query_bundle, str) else str_or_query_bundle.query_str
        names = dict.fromkeys([*self._begin_with, *self._loaded, asked])
        self._search.bound = self._search.bound.beside([*self._begin_with, *self._loaded])
        return [self._tools[name] for name in names if name in self._tools]

    async def aretrieve(self, str_or_query_bundle: str | QueryBundle) -> list[BaseTool]:
        """See `retrieve`."""
        return self.retrieve(str_or_query_bundle)

    def _learn(self, output: ToolOutput) -> None:
        """Load what a search has found."""
        for name in tools_on_demand([output.content], ()):
            self._loaded[name] = None
            self._loaded.move_to_end(name)
        while len(self._loaded) > MOST_LOADED:
            self._loaded.popitem(last=False)
