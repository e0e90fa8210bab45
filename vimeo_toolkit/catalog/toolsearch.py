"""Find tools by what they are for, so that an agent can begin with a few and get others when it needs them."""

import json
from collections.abc import Iterable
from typing import Annotated, Any, Final

from pydantic import Field

from vimeo_toolkit.catalog.abilities import plans_of
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.search import Fitting, fitting_tools
from vimeo_toolkit.catalog.selection import TOOL_CALL, TOOL_SEARCH
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.tool_call import inputs_told
from vimeo_toolkit.catalog.toolsets import BEGIN_WITH, admin
from vimeo_toolkit.tables import items_of

__all__ = ["ToolsSearch", "tools_on_demand"]

MOST: Final = 5
MOST_TOLD: Final = 3
"""Where their inputs are told, too."""


@admin.local(name=TOOL_SEARCH)
class ToolsSearch(ToolInput):
    """Search for a tool that can do something else: is there a way to do something with thumbnails, live
    events, statistics, what else you can do.
    """

    query: Annotated[
        str,
        Field(min_length=1, max_length=300),
        Help("What the tool is wanted for, in a few words, 300 characters at most."),
    ]
    """The task in a few words."""

    async def run(self, api: Api) -> Any:
        """Return names and descriptions of the tools that fit and are not at hand, with the scopes that the user
        has not granted, and which plans have it where not all have; the names of those at hand; and that no tool
        does it, where none does."""
        others = {name: tool for name, tool in api.tools.items() if name not in (TOOL_SEARCH, TOOL_CALL)}
        by_name = TOOL_CALL in api.at_hand
        fitting = fitting_tools(self.query, others, MOST_TOLD if by_name else MOST)
        new = [tool for tool in fitting.tools if tool.name not in api.at_hand]
        at_hand = [tool.name for tool in fitting.tools if tool.name in api.at_hand]
        granted = set(api.account.granted_scopes)
        found: list[dict[str, Any]] = []
        for tool in new:
            missing = sorted(tool.scopes - granted)
            found.append(
                {
                    "name": tool.name,
                    "description": tool.description,
                    **({"inputs": inputs_told(tool)} if by_name else {}),
                    **({"missing_scopes": missing} if missing else {}),
                    **({"plans": plans} if (plans := plans_of(tool.name)) else {}),
                }
            )
        message = _message(fitting, at_hand) or (_BY_NAME if by_name and found else "")
        return {
            "total": len(found),
            "data": found,
            **({"at_hand": at_hand} if at_hand else {}),
            **({"message": message} if message else {}),
        }


_BY_NAME: Final = f"Call one by {TOOL_CALL}, with its name and its inputs."


def _message(fitting: Fitting, at_hand: list[str]) -> str:
    """Return what an agent should know beside the tools; "" where they say all."""
    if fitting.lacking:
        return f"No tool does this: there are none for {fitting.lacking}. Tell the user so."
    if not fitting.tools:
        return (
            "No tool does this, as far as these words tell. Ask once more with what is to be done and to which "
            "thing, such as a video, showcase, folder, comment or caption; else tell the user that no tool does it."
        )
    if fitting.tools[0].name in at_hand:
        return f"You have the tool that fits best: {at_hand[0]}."
    return ""


def tools_on_demand(results: Iterable[str], begin_with: Iterable[str] = BEGIN_WITH) -> list[str]:
    """Return the tools that an agent has now: those that it began with and those that it has found since.

    Args:
        results: what vimeo_tools_search gave so far, as models are shown it. Text that it did not write is taken
            for nothing.
        begin_with: names of tools; the search is always among them.
    """
    names = dict.fromkeys((TOOL_SEARCH, *begin_with))
    for text in results:
        try:
            found = json.loads(text)
            names |= dict.fromkeys(str(item["name"]) for item in items_of(found) if "name" in item)
            if isinstance(found, dict):
                names |= dict.fromkeys(map(str, found.get("at_hand", ())))
        except (ValueError, TypeError, AttributeError):
            continue
    return list(names)
