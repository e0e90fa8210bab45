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
from vimeo_toolkit.errors import InvalidInput, OutcomeUnknown, StoreError, UploadInterrupted
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import Key

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import ToolInput

__all__ = ["once"]

CALL: Final = "call"
LASTS: Final = 86_400.0
"""Seconds in which a call is known to have been made: a person may answer a pause on the next morning."""
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
    key, noted = _key(state, values)
    if (kept := await _begin(state, key, noted)) is not None:
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
        await _keep(state, key, noted, result)
    return result


async def _begin(state: CallState, key: Key, noted: dict[str, Any]) -> ToolResult | None:
    """Note that the call is begun, or return what came of it before."""
    rows, io = state.ctx.vault.rows, state.io
    for _ in range(_ATTEMPTS):
        found = await rows.read_json(io, key, void=True)
        if found is None:
            if await rows.put_json(io, key, noted, ttl=LASTS):
                return None
            continue
        if found[0].get("call") != noted["call"]:
            raise InvalidInput(
                f"This idempotency_key was used for another call of {state.tool.name}. Nothing was sent.",
                hint="Use one key for one call.",
            )
        if (outcome := found[0].get("outcome")) is None:
            break
        result = ToolResult(
            outcome["data"],
            notes=tuple(outcome["notes"]),
            untrusted_fields=tuple(outcome["untrusted_fields"]),
            shown=tuple(outcome.get("shown", ())),
            detail=state.spec.detail,
            limit=state.ctx.policy.max_result_tokens,
        )
        result.hidden = tuple(outcome.get("hidden", ()))
        return result
    raise OutcomeUnknown(
        f"{state.tool.name} was begun before for this very call, and it is not known what came of it. It was not "
        "made again.",
        hint="Look whether it was carried out before you call it anew.",
    )


async def _keep(state: CallState, key: Key, noted: dict[str, Any], result: ToolResult) -> None:
    """Keep what came of the call."""
    rows = state.ctx.vault.rows
    outcome = {
        "data": result.data,
        "notes": list(result.notes),
        "untrusted_fields": list(result.untrusted_fields),
        "shown": list(result.shown),
        "hidden": list(result.hidden),
    }
    found = await rows.read_json(state.io, key, void=True)
    if found is not None:
        await rows.put_json(state.io, key, {**noted, "outcome": outcome}, ttl=LASTS, expected=found[1])


def _key(state: CallState, values: ToolInput) -> tuple[Key, dict[str, Any]]:
    """Return where the call is noted, and what is noted of it at first."""
    identity, tool = state.spec.identity, state.tool
    shown: Any = values.model_dump(mode="json", exclude=set(tool.secret_inputs), exclude_none=True)
    call = [identity.identifier, state.owner.generation, tool.name, shown, state.spec.idempotency_key]
    hashed = hashlib.sha256(json.dumps(call, sort_keys=True).encode())
    key = Key(CALL, identity.connection_name, hashed.hexdigest())
    # Keys of rows are in clear, so a short password must not be guessable from one. The row's content is sealed.
    secrets = {name: getattr(values, name) for name in tool.secret_inputs}
    hashed.update(json.dumps(secrets, sort_keys=True, default=Secret.reveal).encode())
    return key, {"identifier": identity.identifier, "call": hashed.hexdigest(), "outcome": None}
