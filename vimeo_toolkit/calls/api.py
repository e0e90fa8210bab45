"""What a tool's `run` is given: the object behind the `Api` protocol of `catalog.api`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Coroutine, Hashable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, TypeVar

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.calls.request import detailed
from vimeo_toolkit.calls.result_cache import ResultCache
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.calls.transport import Transport
from vimeo_toolkit.catalog.api import CachedResult
from vimeo_toolkit.changes.rows import Plans
from vimeo_toolkit.changes.writes import Writes
from vimeo_toolkit.identity import Owner
from vimeo_toolkit.observe.callables import settled
from vimeo_toolkit.runtime.ahead import Ahead, room_in
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.uploads.files import Source
from vimeo_toolkit.uploads.sending import Uploader
from vimeo_toolkit.wire.rate_limit import RateLimit

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool, ToolInput
    from vimeo_toolkit.library.of_user import UserLibrary
    from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["CallApi"]

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class CallApi:
    """Let a tool send requests and read what belongs to its user. See `catalog.api.Api` for what each part does;
    the last ones are for uploads (`uploads.sending.Caller`)."""

    __slots__ = ("_call", "_results", "_transport", "_uploader")

    def __init__(self, call: CallState, transport: Transport, results: ResultCache) -> None:
        self._call = call
        self._transport = transport
        self._results = results
        self._uploader: Uploader | None = None

    @property
    def account(self) -> AccountRecord:
        return self._call.account

    @property
    def allow_private_urls(self) -> bool:
        return self._call.ctx.policy.allow_private_urls

    @property
    def max_tokens(self) -> int:
        return self._call.ctx.policy.max_result_tokens

    @property
    def rate_limit(self) -> RateLimit:
        return self._call.rate_limit

    @property
    def tools(self) -> Mapping[str, Tool]:
        allowed, tools = self._call.spec.allowed, self._call.tools
        if allowed is None:
            return tools
        return {name: tool for name, tool in tools.items() if name in allowed}

    @property
    def at_hand(self) -> Collection[str]:
        return self._call.spec.at_hand

    @property
    def planning(self) -> bool:
        return False

    async def send(self, request: ApiRequest) -> Any:
        if self._call.spec.background:
            self._call.more_time()
        return await self._transport.send(detailed(request, self._call.spec.detail))

    async def read(self, request: ApiRequest) -> Any:
        if not self._call.spec.reuses_reads:
            return await self.send(request)
        return await self._transport.read(detailed(request, self._call.spec.detail))

    def beside(self, flow: Callable[[K], Coroutine[Any, Any, T]]) -> Ahead[K, T]:
        return Ahead(self._call.io, flow, lambda: room_in(self._call.rate_limit))

    async def send_raw(self, request: ApiRequest) -> Any:
        return await self._transport.send(detailed(request, self._call.spec.detail), redact=False)

    def hand_over(self, secrets: Iterable[Secret]) -> None:
        if self._call.spec.handed is not None:
            self._call.spec.handed.extend(secrets)

    def seconds_until(self, moment: float) -> float:
        return moment - self._call.io.now()

    def now(self) -> float:
        return self._call.now()

    def monotonic(self) -> float:
        return self._call.io.monotonic()

    def alone(self, what: str) -> AbstractAsyncContextManager[bool]:
        identity = self._call.owner.identity
        return self._call.io.lease(f"{what} {identity.connection_name} {identity.digest}")

    async def sleep(self, seconds: float) -> None:
        await self._call.sleep(seconds)

    def more_time(self) -> None:
        self._call.more_time()

    def time_left(self) -> float:
        if self._call.spec.background:  # each of its requests has the time of a whole call
            return self._call.ctx.policy.timeout
        return self._call.deadline - self._call.io.monotonic()

    async def progress(self, done: int, of: int) -> None:
        tell = self._call.spec.on_progress
        if tell is not None:
            may_await = self._call.io.may_await
            await settled(tell(done, of), tell, may_await=may_await, what="The progress function")

    def name_objects(self, uris: Iterable[str]) -> None:
        made = [name for uri in uris for name in self._call.tool.objects_of_answer({"uri": uri})]
        self._call.objects = tuple(dict.fromkeys((*self._call.objects, *made)))

    def cached_result(self, handle: str) -> CachedResult:
        return self._results.get(self._call.owner, handle, self._call.io.monotonic())

    @property
    def plans(self) -> Plans:
        call = self._call
        call.journaled = True
        return Plans(call.ctx.vault, call.io, call.owner, call.ctx.policy.keep_changes)

    @property
    def writes(self) -> Writes:
        return self._call.writes

    @property
    def library(self) -> UserLibrary | None:
        libraries = self._call.ctx.libraries
        if libraries is None:
            return None
        from vimeo_toolkit.library.of_user import UserLibrary  # its stemmers are for those who have a library

        ctx = self._call.ctx
        return UserLibrary(libraries, self._call.io, self._call.owner, ctx.vault, ctx.embedding)

    def note(self, text: str) -> None:
        self._call.notes.append(text)

    @property
    def uploader(self) -> Uploader:
        if self._uploader is None:
            call = self._call
            files, tell = call.files, call.spec.on_progress
            if tell is not None and files.on_progress is None:
                files = dataclasses.replace(files, on_progress=lambda now: tell(now.sent, now.total))
            self._uploader = Uploader(self, call.io, call.ctx.vault, files, call.connection.api_url)
        return self._uploader

    async def file_of(self, values: ToolInput) -> Source | None:
        """Open the file that the input names; None where it names none.

        From here on it is the call's file, whatever is put in its place.

        Raises:
            InvalidInput: it may not be read, or is something else than the tool takes.
        """
        kind, path = self._call.tool.file, getattr(values, "path", None)
        if kind is None or path is None:
            return None
        source = await self.uploader.open(path, kind)
        self._call.files = dataclasses.replace(self._call.files, given=source)
        self._uploader = None
        return source

    @property
    def owner(self) -> Owner:
        return self._call.owner

    async def send_anew(self, request: ApiRequest, *, redact: bool = True) -> Any:
        self._call.more_time()  # an upload's requests may come after a long one's bytes
        return await self._transport.send(detailed(request, self._call.spec.detail), redact=redact)

    def keep_secret(self, values: Iterable[Secret | None]) -> None:
        self._call.keep_secret(values)
