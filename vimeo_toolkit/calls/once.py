"""Make a call once, and give the same result to whoever makes it again under the same key.

A program that is run again from its beginning, as LangGraph runs a node again after a pause or a failure, makes its
calls again. A row says before anything is sent that the call was begun, and afterwards what came of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.errors import OutcomeUnknown, StoreError, UploadInterrupted
from vimeo_toolkit.stores.protocol import Key

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import ToolInput

__all__ = ["once"]

CALL: Final = "call"
LASTS: Final = 3600.0
"""Seconds in which a call is known to have been made."""
_ATTEMPTS: Final = 5


async def once(state: CallState, values: ToolInput, make: Callable[[], Awaitable[ToolResult]]) -> ToolResult:
    """Make the call, unless it was made under its `idempotency_key` before.

    A call that has changed nothing is not kept: it may be made again.

    Args:
        state: of the call, whose account was found.
        values: its input.
        make: makes it.

    Raises:
        OutcomeUnknown: it was begun before, and it is not known what came of it.
        VimeoToolkitError: what `make` raises.
    """
    if state.spec.idempotency_key is None or state.tool.read_only:
        return await make()
    key = _key(state, values)
    if (kept := await _begin(state, key)) is not None:
        return kept
    try:
        result = await make()
    except GeneratorExit:  # the coroutine is being closed and may not await any more
        raise
    except BaseException as error:
        # An upload that was interrupted goes on where it was.
        if not state.changed or isinstance(error, UploadInterrupted):
            with suppress(StoreError):
                await state.ctx.vault.rows.drop(state.io, key)
        raise
    with suppress(StoreError):
        await _keep(state, key, result)
    return result


async def _begin(state: CallState, key: Key) -> ToolResult | None:
    """Note that the call is begun, or return what came of it before."""
    rows, io = state.ctx.vault.rows, state.io
    noted = {"identifier": state.spec.identity.identifier, "outcome": None}
    for _ in range(_ATTEMPTS):
        found = await rows.read_json(io, key, void=True)
        if found is None:
            if await rows.put_json(io, key, noted, ttl=LASTS):
                return None
            continue
        if (outcome := found[0].get("outcome")) is None:
            break
        return ToolResult(
            outcome["data"],
            notes=tuple(outcome["notes"]),
            untrusted_fields=tuple(outcome["untrusted_fields"]),
            detail=state.spec.detail,
            limit=state.ctx.policy.max_result_chars,
        )
    raise OutcomeUnknown(
        f"{state.tool.name} was begun before for this very call, and it is not known what came of it. It was not "
        "made again.",
        hint="Look whether it was carried out before you call it anew.",
    )


async def _keep(state: CallState, key: Key, result: ToolResult) -> None:
    """Keep what came of the call."""
    rows = state.ctx.vault.rows
    outcome = {
        "data": result.data,
        "notes": list(result.notes),
        "untrusted_fields": list(result.untrusted_fields),
    }
    body = {"identifier": state.spec.identity.identifier, "outcome": outcome}
    found = await rows.read_json(state.io, key, void=True)
    if found is not None:
        await rows.put_json(state.io, key, body, ttl=LASTS, expected=found[1])


def _key(state: CallState, values: ToolInput) -> Key:
    identity, tool = state.spec.identity, state.tool
    # Keys of rows are in clear, so a short password must not be guessable from one.
    shown: Any = values.model_dump(mode="json", exclude=set(tool.secret_inputs), exclude_none=True)
    call = [identity.identifier, state.owner.generation, tool.name, shown, state.spec.idempotency_key]
    digest = hashlib.sha256(json.dumps(call, sort_keys=True).encode()).hexdigest()
    return Key(CALL, identity.connection_name, digest)
