"""A toolkit that keeps what an agent called and what it was told, in whatever framework."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from vimeo_toolkit.errors import VimeoToolkitError
from vimeo_toolkit.reply import Reply
from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["SeenCall", "WatchedToolkit"]


@dataclass(frozen=True, slots=True)
class SeenCall:
    """One call that an agent made."""

    tool: str
    text: str = field(repr=False)
    """What the model read."""
    is_error: bool


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
            self.seen.append(SeenCall(str(call.get("tool_name")), reply.text, reply.is_error))
