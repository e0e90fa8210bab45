"""What the core has, as MCP's own messages."""

from __future__ import annotations

from mcp_types import CallToolResult, TextContent, Tool, ToolAnnotations

from vimeo_toolkit import BoundTool, Reply

__all__ = ["definition", "result"]


def definition(bound: BoundTool) -> Tool:
    """Return what a client is told of a tool."""
    does = bound.annotations
    return Tool(
        name=bound.name,
        description=bound.description,
        input_schema=bound.schema,
        annotations=ToolAnnotations(
            read_only_hint=does["read_only"],
            destructive_hint=does["destructive"],
            idempotent_hint=does["idempotent"],
            # What comes back was written by other people, too.
            open_world_hint=True,
        ),
    )


def result(reply: Reply) -> CallToolResult:
    """Return what came of a call."""
    # No structured content beside it: clients that show both to the model would pay twice.
    return CallToolResult(content=[TextContent(type="text", text=reply.text)], is_error=reply.is_error)
