"""Several things done by one call for which Vimeo has no request for many: one after the other, with an account of
each.

A call that broke off, or is repeated, goes on: what is done with a thing looks first whether it is done already.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.tool_input import ToolInput
from vimeo_toolkit.errors import (
    OutcomeUnknown,
    RateLimited,
    VimeoError,
    VimeoToolkitError,
    VimeoUnavailable,
)

__all__ = ["OneOrSeveral", "each_of"]

_WAITS: Final = 5
"""Seconds to wait for another call that does the same: one that died is over within three."""
_SHORT: Final = 4.0
"""Seconds of the call's time with which no further thing is begun."""

Outcome = Mapping[str, Any]
"""What became of one thing: `state`, and what belongs to it."""


class OneOrSeveral(ToolInput):
    """An input that means one thing, or several of which the result has an account."""

    @property
    def several(self) -> bool:
        """Whether several are meant."""
        return False

    @property
    def accounts_itself(self) -> bool:
        return self.several

    @property
    def one_request(self) -> bool:
        return not self.several


async def each_of(
    api: Api,
    noun: str,
    things: Iterable[str],
    act: Callable[[str], Awaitable[Outcome]],
    done: Mapping[str, str],
) -> dict[str, Any]:
    """Return an account of what came of one thing after the other.

    What Vimeo refuses of one does not stop the others. The call's time, the user's limit and a Vimeo that does not
    answer do: those that are left are counted, and the same call goes on.

    Args:
        api: the call's.
        noun: what one of them is called, such as "comment".
        things: what each is told by, such as its URI.
        act: what is done with one; it returns its `state`.
        done: the states that mean that nothing is left to do, with what is said of so many, such as "were deleted".

    Raises:
        VimeoToolkitError: nothing could be done at all.
    """
    named = list(things)
    if api.planning:
        return await _each(api, noun, named, act, done)
    for attempt in range(_WAITS):
        if attempt:
            await api.sleep(1.0)
        # The same call may be repeated while it still runs: it would not see what the other is about to say.
        async with api.alone(f"{noun}s") as mine:
            if mine:
                return await _each(api, noun, named, act, done)
    return _account(noun, len(named), [], done, "Another call is doing this right now.", _WAITS)


async def _each(
    api: Api, noun: str, named: list[str], act: Callable[[str], Awaitable[Outcome]], done: Mapping[str, str]
) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    why, seconds = "", 0.0
    for thing in named:
        if rows and api.time_left() < _SHORT:
            why = "The time of one call is over."
            break
        try:
            rows.append({noun: thing, **await act(thing)})
        except OutcomeUnknown as error:
            rows.append({noun: thing, "state": "unclear", "why": error.message})
            why = error.message
            break
        except (RateLimited, VimeoUnavailable) as error:
            if not rows:
                raise
            why, seconds = error.message, error.retry_after or 0.0
            break
        except VimeoError as error:
            rows.append({noun: thing, "state": "failed", "why": f"{error.message} {error.hint}".strip()})
        except VimeoToolkitError as error:
            if not rows:
                raise
            why = f"{error.message} {error.hint}".strip()
            break
    api.name_objects([str(row.get("uri", row[noun])) for row in rows])
    return _account(noun, len(named), rows, done, why, seconds)


def _account(
    noun: str, of: int, rows: list[dict[str, Any]], done: Mapping[str, str], why: str, seconds: float
) -> dict[str, Any]:
    counts = Counter(str(row["state"]) for row in rows)
    settled = sum(counts[state] for state in done)
    left = of - len(rows) + counts["unclear"]
    said = [
        f"{counts[state]} of {of} {noun}s {words}."
        for number, (state, words) in enumerate(done.items())
        if counts[state] or not number
    ]
    if counts["failed"]:
        said.append(f"{counts['failed']} could not be: see why.")
    if left:
        said.append(f"{left} are left: the same call goes on with them, and does nothing twice.")
    told: dict[str, Any] = {"message": " ".join(said), "done": settled, "of": of}
    if left:
        told |= {"left": left, "why": why, "continue_in_seconds": math.ceil(seconds)}
    return told | {"data": rows}
