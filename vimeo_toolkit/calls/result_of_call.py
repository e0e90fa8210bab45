"""The result of a call, made of what its tool returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.calls.response import pages_of
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.catalog.api import ResultSlice
from vimeo_toolkit.catalog.projections import NOT_SHOWN
from vimeo_toolkit.wire.redact import redacted

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import ToolInput

__all__ = ["bare_result", "result_of"]

MADE_NOW: Final = ("created_time", "modified_time")
"""What a model need not be told of a thing that the call has just made."""


def result_of(state: CallState, values: ToolInput, body: Any) -> ToolResult:
    """Return the result, with what is to be said of it, which parts a model is shown, and which may be other
    people's text.

    Args:
        state: of the call.
        values: its input.
        body: what the tool returned: an answer's JSON, a part of an earlier result, or None.
    """
    tool = state.tool
    unsent = [note for name, note in tool.unsent.items() if getattr(values, name) is not None]
    notes = (*state.notes, *unsent, *tool.effect_notes(values, body))
    result = bare_result(state, body, notes, tool.untrusted_fields_in(values, state.account))
    hidden, result.hidden_note = values.hidden_in(result.data)
    just_made = MADE_NOW if tool.method == "POST" and not tool.input_model.plans else ()
    result.shown = tool.shown(values)
    result.hidden = (*NOT_SHOWN.get(tool.fields or "", ()), *hidden, *just_made)
    result.whole_texts = values.whole_texts
    if not isinstance(body, ResultSlice):
        result.untrusted_fields = tool.others_texts(
            result.data, result.untrusted_fields, state.account, whole=state.raw
        )
    return result


def bare_result(
    state: CallState, body: Any, notes: tuple[str, ...], untrusted_fields: tuple[str, ...]
) -> ToolResult:
    """Return the result for what the tool returned, of which a model is shown all parts."""
    policy = state.ctx.policy
    if isinstance(body, ResultSlice):
        return ToolResult(
            body.data,
            notes=notes,
            handle=body.handle,
            untrusted_fields=body.of.untrusted_fields,
            limit=policy.max_result_tokens,
            start=body.start,
        )
    if body is None:
        body = {"success": True, "message": state.tool.success_message}
    elif isinstance(body, list):
        body = {"data": body, "total": len(body)}
    if state.raw:
        body = redacted(body)
    return ToolResult(
        body,
        rate_limit=state.rate_limit,
        pages=pages_of(body),
        requests=state.requests,
        notes=notes,
        untrusted_fields=untrusted_fields,
        detail=state.spec.detail,
        limit=min(policy.max_result_tokens, state.tool.input_model.longest_shown or policy.max_result_tokens),
    )
