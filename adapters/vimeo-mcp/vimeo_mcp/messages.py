"""Translate the core's tools and replies into MCP's messages."""

from __future__ import annotations

from mcp_types import CallToolResult, TextContent, Tool, ToolAnnotations

from vimeo_toolkit import BoundTool, Reply

__all__ = ["definition", "result"]


def definition(bound: BoundTool) -> Tool:
    """Return a tool's definition for clients."""
    does = bound.annotations
    return Tool(
        name=bound.name,
        description=bound.description,
        input_schema=bound.schema,
        annotations=ToolAnnotations(
            read_only_hint=does["read_only"],
            destructive_hint=does["destructive"],
            idempotent_hint=does["idempotent"],
            # Results contain text that other people have written.
            open_world_hint=True,
        ),
    )


def result(reply: Reply) -> CallToolResult:
    """Return the result of a call for clients."""
    # No structured content: clients that show both to the model would pay twice.
    return CallToolResult(content=[TextContent(type="text", text=reply.text)], is_error=reply.is_error)
