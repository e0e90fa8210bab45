"""What a call would do, found out without sending anything: for a dry run, and for a person who has to approve."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from vimeo_toolkit.calls.preview import Preview
from vimeo_toolkit.calls.question import changes_of, lines_of, question_of, undo_of, visible
from vimeo_toolkit.calls.request import detailed
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.redact import redacted

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import ToolInput
    from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["PlannedCall", "plan"]

MOST_ARGUMENT: Final = 12_000
"""Characters of an argument that a person is shown: more than any text but captions may have."""


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call that is ready to be sent and was not. No token and no secret is in it."""

    tool_name: str
    description: str
    """The tool's own, as a model reads it."""
    arguments: Mapping[str, Any]
    """As validated; a password is `***`."""
    identity: Identity
    requests: tuple[Mapping[str, Any], ...]
    """`{"method": …, "path": …, "query": …, "body": …}` for each request that is known beforehand."""
    complete: bool
    """False: more requests may follow, which depend on what Vimeo answers."""
    scopes: tuple[str, ...]
    read_only: bool
    destructive: bool
    outward: bool
    """Other people see what it does, or are told of it."""
    undo: str | None
    """By which tool it is taken back; None when it cannot be, or there is nothing to take back."""
    question: str = ""
    """What it does, in a person's words, with the names of things as they stand now; "" where nobody is asked."""
    changes: tuple[Mapping[str, Any], ...] = ()
    """`{"input": …, "before": …, "after": …}` for each thing that an edit sets, where that was looked at."""
    looks: int = 0
    """Requests that looking at what stands there takes, each time: when it is asked, and when it is done."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, without the identity. `quota_cost` is the least number of requests when not `complete`, with
        the looks that come before a call that needs approval."""
        return copy.deepcopy(
            {
                "tool": self.tool_name,
                "arguments": dict(self.arguments),
                "requests": [dict(request) for request in self.requests],
                "complete": self.complete,
                "quota_cost": len(self.requests) + self.looks,
                "scopes": list(self.scopes),
                "read_only": self.read_only,
                "destructive": self.destructive,
                "outward": self.outward,
                "can_be_undone": self.undo is not None,
                **({} if self.undo is None else {"undo": self.undo}),
                **({"question": self.question} if self.question else {}),
                **({"changes": [dict(change) for change in self.changes]} if self.changes else {}),
                **({"approval_looks": self.looks} if self.looks else {}),
            }
        )

    def describe(self) -> str:
        """A few lines for the person who decides. Nothing that a model or a stranger wrote can pose as another
        line."""
        inputs = ", ".join(f"{name}={_plain(value)}" for name, value in self.arguments.items())
        lines = [f"{self.question}?"] if self.question else []
        lines += lines_of(self.changes)
        lines += [f"{self.tool_name}({inputs})", self.description]
        lines += [f"Sends {request['method']} {_plain(request['path'])[1:-1]}" for request in self.requests]
        if not self.complete:
            lines.append("More requests may follow, depending on Vimeo's answers.")
        if self.outward:
            lines.append("Other people see it or are told of it.")
        if self.destructive:
            lines.append("It takes away or replaces what others see, or cannot be taken back.")
        if self.undo is not None:
            lines.append(f"To undo it: {self.undo}")
        elif not self.read_only:
            lines.append("No tool undoes it.")
        return "\n".join(lines)


async def plan(call: CallState, values: ToolInput, seen: Preview | None = None) -> PlannedCall:
    """Let the tool make its first request and stop it there; return what the call would do.

    Args:
        call: the call, whose account was found.
        values: its input.
        seen: what stands there, where somebody is asked.

    Raises:
        VimeoToolkitError: the tool refuses its input.
    """
    from vimeo_toolkit.catalog import catalog
    from vimeo_toolkit.catalog.tool import ToolInput

    tool, account = call.tool, call.account
    # No secret enters: there is none to take out of paths and bodies afterwards.
    shown = values.model_copy(
        update={name: Secret("***") for name in tool.secret_inputs if getattr(values, name) is not None}
    )
    api = _Preview(call)
    try:
        await shown.run(api)
        stopped = False
    except _Stop:
        stopped = True
    arguments = values.model_dump(mode="json", exclude=set(tool.secret_inputs), exclude_none=True)
    arguments |= {name: "***" for name in tool.secret_inputs if getattr(values, name) is not None}
    return PlannedCall(
        tool_name=tool.name,
        description=tool.description,
        arguments=arguments,
        identity=call.identity_copy(),
        requests=tuple(_request(detailed(request, call.spec.detail)) for request in api.requests),
        complete=not stopped or tool.local or (bool(api.requests) and type(values).run is ToolInput.run),
        scopes=tuple(sorted(values.needed_scopes())),
        read_only=tool.read_only,
        destructive=tool.destructive,
        outward=tool.outward,
        undo=undo_of(tool, values, seen, account, catalog()),
        question="" if seen is None else question_of(tool, values, account, seen),
        changes=() if seen is None else changes_of(tool, values, seen),
        looks=0 if seen is None else seen.requests,
    )


class _Stop(BaseException):
    """No `Exception`: a tool that goes on after a failed request must not go on here."""


class _Preview:
    """The `Api` of a call that is not made: the first thing that needs the world ends it."""

    def __init__(self, call: CallState) -> None:
        self.account = call.account
        self.now = call.now
        self.allow_private_urls = call.ctx.policy.allow_private_urls
        self.requests: list[ApiRequest] = []

    async def send(self, request: ApiRequest) -> Any:
        self.requests.append(request)
        raise _Stop

    def note(self, text: str) -> None:
        pass

    def __getattr__(self, name: str) -> NoReturn:
        raise _Stop


def _request(request: ApiRequest) -> Mapping[str, Any]:
    query = dict(request.query)
    if request.fields is not None:
        query["fields"] = request.fields
    shown: dict[str, Any] = {"method": request.method, "path": request.path}
    if query:
        shown["query"] = query
    if request.body is not None:
        shown["body"] = redacted(copy.deepcopy(request.body))
    return shown


def _plain(value: Any) -> str:
    """As JSON on one line; what does not print, such as a sign that turns the text around, is escaped."""
    return visible(json.dumps(value, ensure_ascii=False), MOST_ARGUMENT)
