"""The public methods about calls: make one, walk a list, see what stands before one, approve one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

from vimeo_toolkit.accounts.threads import claim
from vimeo_toolkit.calls.approvals import approve, asked_about
from vimeo_toolkit.calls.paging import Pager
from vimeo_toolkit.calls.readiness import connection_request
from vimeo_toolkit.calls.result import Detail, ToolResult
from vimeo_toolkit.calls.spec import CallSpec, OneAccount
from vimeo_toolkit.catalog.selection import RAW_REQUEST, called, find_tool, wanted_call
from vimeo_toolkit.connecting import ConnectionRequest
from vimeo_toolkit.connection import DEFAULT_CONNECTION
from vimeo_toolkit.errors import VimeoToolkitError
from vimeo_toolkit.facade.core import Core
from vimeo_toolkit.runtime.ahead import Ahead

__all__ = ["Calls"]


class Calls(Core):
    """The asynchronous methods about calls; `_blocking.BlockingCalls` has the blocking ones."""

    async def aexecute_tool(
        self,
        *,
        identifier: str,
        tool_name: str,
        tool_input: Mapping[str, Any] | None = None,
        connection_name: str = DEFAULT_CONNECTION,
        detail: Detail = "compact",
        allowed: Collection[str] | None = None,
        at_hand: Collection[str] = (),
        dry_run: bool = False,
        idempotency_key: str | None = None,
        on_progress: Callable[[int, int], Any] | None = None,
    ) -> ToolResult:
        """Call a tool with this user's token, and return its result.

        Args:
            tool_input: the tool's inputs. None leaves one out, and "" clears a text. Values may be written as
                models write them, such as a list as text.
            detail: "full" asks Vimeo for all that it has about each thing, at the price of half the user's
                requests and many times the size, and shows it to a model as it is.
            allowed: names of the only tools that the caller may use, or be told of by vimeo_tools_search;
                another is refused. All by default.
            at_hand: names of those that an agent has been shown so far, which vimeo_tools_search does not give as
                new.
            dry_run: change nothing, and give back what would be sent: the `requests`, whether these are all of
                them (`complete`), the scopes, the cost, whether and how it can be undone. Where the call needs
                approval, GETs look at what stands there, and `approval_id`, `question`, `description` and
                `changes` tell of it.
            idempotency_key: a text of yours that names this very call. A call of a tool that changes something is
                made once under it: for a day, the same call of this user under the same key gets the same result,
                and `OutcomeUnknown` where it is not known what came of the first.
            on_progress: is told how far a long call is, and of how much: seconds of a wait, bytes of a file, or
                videos of a plan. What it raises ends the call.

        Raises:
            UnknownTool, InvalidInput: the call is wrong; nothing was sent.
            ApprovalRequired, ApprovalDenied, ReadOnly: the toolkit's rules refuse it; nothing was sent.
            NotConnected, Expired, Revoked, MissingScope, UploadNotGranted: the user has to grant access.
            BadRequest, Forbidden, NotFound, Conflict, RateLimited, UnexpectedResponse: Vimeo's answer.
            EffectMismatch: Vimeo accepted a write, and a look afterwards shows something else.
            VimeoUnavailable, OutcomeUnknown: no usable answer.
        """
        try:
            tool, tool_input = called(tool_name, tool_input, at_hand, self._engine.own)
            spec = CallSpec(
                self._context.identity(connection_name, identifier),
                tool,
                tool_input,
                detail=detail,
                allowed=allowed,
                at_hand=at_hand,
                dry_run=dry_run,
                idempotency_key=idempotency_key,
                on_progress=on_progress,
                reuses_reads=True,
            )
        finally:
            del tool_input  # it may hold a password, and a traceback's locals are often logged
        return await self._run(self._aemitting, spec)

    def aiterate(
        self,
        tool_name: str,
        tool_input: Mapping[str, Any] | None = None,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        max_items: int | None = None,
    ) -> AsyncIterator[dict[str, Any]]:
        """Return an iterator over the items of a list, each once. Once the first page has told how many there are,
        those behind are fetched side by side, up to eight at a time and never more than an eighth of the user's
        request budget: only those that are wanted, and no more of them are in memory.

        Args:
            tool_name: a list's tool, or the path of a list of the API, such as `/me/live_events`.
            tool_input: the list's inputs, of a path its params; `per_page` is 100 unless given, `page` is where to
                begin.
            max_items: stop after so many, and ask for hardly more.

        Raises:
            UnknownTool, InvalidInput: at once: there is no such tool, or it is not a list with pages.
            WrongUser: at the page before which another Vimeo account was connected under the identifier.
            VimeoToolkitError: at the page that fails, as from `aexecute_tool`. What came before was given, and the
                hint says how to go on.
        """
        if tool_name.startswith("/"):
            tool_input = {"method": "GET", "path": tool_name, "params": tool_input}
            tool_name = RAW_REQUEST
        tool, _ = called(tool_name, tool_input, own=self._engine.own)
        pager, whose = Pager(tool, tool_input, max_items), OneAccount()
        identity = self._context.identity(connection_name, identifier)

        async def walk() -> AsyncIterator[dict[str, Any]]:
            io = self._aemitting
            pages: Ahead[int, ToolResult] = Ahead(
                io,
                lambda page: self._run(io, CallSpec(identity, tool, pager.input_of(page), one_account=whose)),
                pager.room,
            )
            with closing(pages):
                while pager.page is not None:
                    try:
                        result = await pages.result(pager.page, pager.behind())
                    except VimeoToolkitError as error:
                        pager.failed(error)
                        return
                    items = pager.items_of(result)
                    if pager.changed:
                        pages.close()
                    for item in items:
                        yield item

        return walk()

    async def aconnection_request(
        self,
        calls: Sequence[tuple[str, Any]],
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        refused_scopes: Iterable[str] = (),
    ) -> ConnectionRequest | None:
        """Look at what this user has to do before these calls can be made, with one link for all of it. It looks
        at the stored account alone: nothing is sent to Vimeo.

        Returns None where nothing keeps the calls from being made, or no link could change it: inputs that are
        wrong, and a connection that cannot make links. The calls themselves say it then.

        Args:
            calls: the name of a tool and its inputs, for each call.
            refused_scopes: scopes that Vimeo itself said are missing when these calls were made.

        Raises:
            UnknownTool: there is no such tool.
        """
        identity = self._context.identity(connection_name, identifier)
        wanted = [wanted_call(name, given, self._engine.own) for name, given in calls]
        return await connection_request(
            self._context, self._async, identity, wanted, self._engine.consent, refused_scopes
        )

    def needs_approval(self, tool_name: str, tool_input: Any = None) -> bool:
        """Tell whether this toolkit's rule holds back calls of the tool until somebody approves them.

        Args:
            tool_input: the inputs of the call that is meant: of vimeo_request they decide. None for any call.

        Raises:
            UnknownTool: there is no such tool.
        """
        own = self._engine.own
        tool = find_tool(tool_name, own) if tool_input is None else called(tool_name, tool_input, own=own)[0]
        return self._engine.consent.concerns(tool)

    async def aclaim_thread(
        self,
        thread_id: str,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        new: bool = True,
    ) -> bool:
        """Note that a conversation with an agent belongs to this user, or find that it does; return whether it
        does. Who claimed it first has it for 90 days after the last claim. The adapters do it for tools whose
        identifier is a function.

        Args:
            thread_id: the conversation's id, of LangGraph `configurable["thread_id"]`.
            identifier: whose run it is. Take it from your session.
            new: False leaves a conversation alone that is nobody's yet, and returns False.

        Raises:
            WrongUser: it is another user's.
        """
        identity = self._context.identity(connection_name, identifier)
        return await claim(self._context.vault.rows, self._async, thread_id, identity, new=new)

    async def aapproval_question(
        self, approval_id: str, *, identifier: str, connection_name: str = DEFAULT_CONNECTION
    ) -> str:
        """Return what a person is asked about a call that waits for approval, in words for them: for a page or a
        command that is given the approval id alone.

        Args:
            approval_id: of `ApprovalRequired` or a dry run.
            identifier: whose call it is. Take it from your session.

        Raises:
            InvalidInput: no call of this user waits under this id.
        """
        identity = self._context.identity(connection_name, identifier)
        return await asked_about(self._context.vault, self._async, approval_id, identity)

    async def aapprove(
        self,
        approval_id: str,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        times: int = 1,
    ) -> None:
        """Let one call through that was refused with `ApprovalRequired` (or was shown by a dry run), because
        the person who may decide has agreed: exactly that tool with exactly those arguments for this user,
        once, within ten minutes, and only while what it changes is as it was shown. Never let a model call this.

        Args:
            approval_id: of the error or the dry run; it waits for an hour.
            identifier: whose call it is. Take it from your session, not from where the id came from.
            times: how many equal calls were asked about and agreed to.

        Raises:
            InvalidInput: no call of this user waits under this id.
        """
        identity = self._context.identity(connection_name, identifier)
        await approve(self._context.vault, self._async, approval_id, identity, times)
