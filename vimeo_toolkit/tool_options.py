"""Which tools somebody binds, and how much of a result they show: the options that all adapters take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from vimeo_toolkit.calls.result import Detail

__all__ = ["ToolChoice", "ToolOptions"]


class ToolChoice(TypedDict, total=False):
    """Which tools; all of it may be left out."""

    include: Iterable[str] | None
    """Only tools of these names."""
    exclude: Iterable[str]
    """No tools of these names."""
    toolsets: str | Iterable[str] | None
    """Only tools of these groups, or "all", or "hosted31" or "hosted59", the hosted connector's; with neither
    `include` nor `toolsets`, the default tools, which `["default", "webhooks"]` also has."""
    read_only: bool
    """Only tools that change nothing."""
    missing_scopes: Literal["explain", "hide"]
    """"hide" leaves out tools that the user has not granted the scopes for; by default they stay, and a call says
    which scope is missing."""


class ToolOptions(ToolChoice, total=False):
    """Which tools, and how much of a result they show; all of it may be left out."""

    detail: Detail
    """"full" gives results unprojected and without tables: many more tokens."""
    strict: bool
    """Schemas as the strict modes of providers demand them: every input is required, and the optional ones take
    null. LangChain's `bind_tools(strict=True)` and LlamaIndex's `OpenAI(strict=True)` get them without it."""
