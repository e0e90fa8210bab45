"""Find out what a call would do without sending anything: for a dry run, and for a person who has to approve."""

from __future__ import annotations

import copy
from collections.abc import Callable, Coroutine, Hashable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from vimeo_toolkit.calls.changes import changes_of, undo_needs, undo_of
from vimeo_toolkit.calls.planned import PlannedCall
from vimeo_toolkit.calls.preview import Preview
from vimeo_toolkit.calls.question import in_full, question_of, title_of
from vimeo_toolkit.calls.request import check_sent, detailed
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.runtime.ahead import Ahead
from vimeo_toolkit.wire.redact import redacted

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import ToolInput
    from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["plan"]

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


async def plan(call: CallState, values: ToolInput, seen: Preview | None = None) -> PlannedCall:
    """Let the tool make its first request and stop it there; return what the call would do.

    Args:
        call: the call, whose account was found.
        values: its input.
        seen: what stands there, where somebody is asked.

    Raises:
        VimeoToolkitError: the tool refuses its input.
    """
    tool, account = call.tool, call.account
    # The plan is made without secrets, so none must be removed from paths and bodies.
    shown = values.without_secrets()
    api = _Preview(call)
    try:
        await shown.run(api)
        stopped = False
    except _Stop:
        stopped = True
    arguments = values.model_dump(mode="json", exclude=set(tool.secret_inputs), exclude_none=True)
    secrets = {name: getattr(shown, name) for name in tool.secret_inputs}
    arguments |= {name: secret.reveal() for name, secret in secrets.items() if secret is not None}
    asked: dict[str, Any] = {}
    if seen is not None:
        changes = changes_of(tool, values, seen)
        kind, title = title_of(tool, seen)
        asked = {
            "question": question_of(tool, values, account, seen, changes),
            "changes": changes,
            "kind": kind,
            "title": title,
            "in_full": in_full(tool, values, seen),
            "looks": seen.requests,
        }
    return PlannedCall(
        tool_name=tool.name,
        description=tool.description,
        arguments=arguments,
        identity=call.identity_copy(),
        requests=tuple(_described(detailed(request, call.spec.detail)) for request in api.requests),
        complete=not stopped or tool.local or (bool(api.requests) and values.one_request),
        scopes=tuple(sorted(values.needed_scopes())),
        read_only=tool.read_only,
        destructive=tool.destructive,
        visible_to_others=tool.visible_to_others,
        undo=undo_of(tool, values, seen, account, call.tools),
        undo_needs=undo_needs(tool, account, call.tools),
        **asked,
    )


class _Stop(BaseException):
    """Not an `Exception`: a tool that continues after a failed request must not continue here."""


class _Preview:
    """The `Api` of a call that is not made: it stops the tool when that first needs the outside."""

    planning = True

    def __init__(self, call: CallState) -> None:
        self.account = call.account
        self.now = call.now
        self.allow_private_urls = call.ctx.policy.allow_private_urls
        self.requests: list[ApiRequest] = []
        self._io = call.io
        self._tool = call.tool

    async def send(self, request: ApiRequest) -> Any:
        check_sent(self._tool, request)
        self.requests.append(request)
        raise _Stop

    def beside(self, flow: Callable[[K], Coroutine[Any, Any, T]]) -> Ahead[K, T]:
        return Ahead(self._io, flow, lambda: 1)

    read = send_raw = send

    def note(self, text: str) -> None:
        pass

    def __getattr__(self, name: str) -> NoReturn:
        raise _Stop


def _described(request: ApiRequest) -> Mapping[str, Any]:
    query = dict(request.query)
    if request.fields is not None:
        query["fields"] = request.fields
    shown: dict[str, Any] = {"method": request.method, "path": request.path}
    if query:
        shown["query"] = query
    if request.body is not None:
        shown["body"] = redacted(copy.deepcopy(request.body))
    return shown
