"""A toolkit that keeps what an agent called and what it was told, in whatever framework."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from vimeo_toolkit.catalog.selection import called
from vimeo_toolkit.errors import InvalidInput, VimeoToolkitError
from vimeo_toolkit.reply import Reply
from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["SeenCall", "WatchedToolkit"]


@dataclass(frozen=True, slots=True)
class SeenCall:
    """One call that an agent made."""

    tool: str
    arguments: dict[str, Any]
    """Without secrets."""
    text: str = field(repr=False)
    """What the model read."""
    is_error: bool

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON, with the length of what the model read in its place."""
        told = {"tool": self.tool, "arguments": self.arguments, "characters": len(self.text)}
        return told | ({"failed": True} if self.is_error else {})


class WatchedToolkit(VimeoToolkit):
    """Notes every call. Dry runs are left out: they are questions of the product, and not calls of the agent."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.seen: list[SeenCall] = []

    def execute_tool(self, *given: Any, **call: Any) -> Any:
        """See `VimeoToolkit.execute_tool`."""
        try:
            result = super().execute_tool(*given, **call)
        except VimeoToolkitError as error:
            self._note(call, Reply.of(error))
            raise
        self._note(call, Reply.of(result))
        return result

    async def aexecute_tool(self, *given: Any, **call: Any) -> Any:
        """See `VimeoToolkit.aexecute_tool`."""
        try:
            result = await super().aexecute_tool(*given, **call)
        except VimeoToolkitError as error:
            self._note(call, Reply.of(error))
            raise
        self._note(call, Reply.of(result))
        return result

    def _note(self, call: dict[str, Any], reply: Reply) -> None:
        if not call.get("dry_run"):
            name, shown = _called(str(call.get("tool_name")), call.get("tool_input") or {})
            self.seen.append(SeenCall(name, shown, reply.text, reply.is_error))


def _called(name: str, given: Any) -> tuple[str, dict[str, Any]]:
    """Return the tool that was called, by its name too, and the inputs without secrets."""
    try:
        tool, inputs = called(name, given)
    except InvalidInput:
        return name, {}
    return tool.name, tool.without_secrets(inputs or {})
