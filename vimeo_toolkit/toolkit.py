"""The front door: accounts and tools of many users, blocking and asynchronous."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NoReturn, Self

from vimeo_toolkit.accounts import authorize, disconnecting, importing, records
from vimeo_toolkit.accounts import device as devices
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.device import DeviceAuthorization
from vimeo_toolkit.accounts.disconnecting import Disconnected
from vimeo_toolkit.accounts.keeping import save_all_held
from vimeo_toolkit.accounts.model import ConnectedAccount, ConnectedAccounts
from vimeo_toolkit.accounts.moving import Moved, Rotated, copy_accounts, rotate_key
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.calls.consent import Approval, Confirm, Consent, grant
from vimeo_toolkit.calls.engine import Engine
from vimeo_toolkit.calls.kept import Results
from vimeo_toolkit.calls.modify import Modifier, Modifiers
from vimeo_toolkit.calls.paging import Pager
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.result import Detail, ToolResult
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.catalog.selection import choose_tools, find_tool, granted_tools
from vimeo_toolkit.connection import DEFAULT_API_URL, Connection
from vimeo_toolkit.errors import ConfigurationError, VimeoToolkitError
from vimeo_toolkit.observe.callables import is_async
from vimeo_toolkit.observe.dispatch import EventHook, Hooks
from vimeo_toolkit.runtime.blocking import BlockingIO, drive
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores import open_store
from vimeo_toolkit.stores.cipher import Cipher
from vimeo_toolkit.stores.keys import resolve_keys
from vimeo_toolkit.stores.protocol import Store, is_in_memory
from vimeo_toolkit.uploads.files import CHUNK, Files, FoldersOf, Source, UploadProgress, own_files, source_of
from vimeo_toolkit.uploads.files import upload_folders as folders_of
from vimeo_toolkit.wire.sending import Policy

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool
    from vimeo_toolkit.runtime.asynchronous import AsyncIO

__all__ = ["AuthorizationLink", "VimeoToolkit", "choose_tools", "default_toolkit", "find_tool"]

DEFAULT_CONNECTION = "vimeo"
UPLOAD = "vimeo_video_upload"
NEW_VERSION = "vimeo_video_version_add"
CAPTIONS = "vimeo_video_captions_add"
THUMBNAIL = "vimeo_video_thumbnail_upload"
DEFAULT_STORE = "sqlite:///vimeo_accounts.db"


@dataclass(frozen=True, slots=True)
class AuthorizationLink:
    """Where a user connects their Vimeo account. Show it to that user only."""

    link: str
    expires_at: datetime


class VimeoToolkit:
    """Vimeo for many users. Safe to share between threads and event loops; make one per process.

    Args:
        connections: the Vimeo apps that you registered; one is usual.
        store: where accounts are kept: `sqlite:///file.db` (the default, in the working directory),
            `sqlite:///:memory:`, `postgresql://…`, `redis://…`, or a `Store` of your own.
        key: the encryption key, or several, newest first (`generate_key()` makes one). Without one, the
            SQLite file keeps its key in a file beside it; every other store that outlives the process needs one.
        timeout: seconds for one call with all its repeats; waits for the rate limit are not counted.
        max_wait: the longest a call waits for the user's rate limit, in seconds, before `RateLimited`.
        upload_folders: where agents may upload local files from; nowhere by default. Where users' files are
            apart, a function of the user's `Identity` that returns that user's folders (a plain function).
        max_result_tokens: about how much of a result a model is shown; it can ask for the rest.
        allow_private_urls: let tools give Vimeo URLs of private, loopback and other inner hosts (webhooks).
        on_event: what is told of calls and accounts: one or several callables of one argument, an
            `observe.Event`. One that raises breaks no call; it is logged once. An `async def` is awaited, and
            the blocking methods that have something to tell then refuse to run.
        modifiers: your own code before and after tools, see `Modifier`.
        approval: calls that need a person's consent, whoever makes them: "destructive" ones, those and
            "outward" ones (other people see them), or all "writes". Without it such a call raises
            `ApprovalRequired`; see `approve`. None, the default, asks for none, unless there is a `confirm`.
        confirm: is asked for that consent: a callable of one argument, a `PlannedCall`, that answers True,
            False, or the reason for a no. An `async def` is awaited, and blocking calls that it concerns refuse
            to run. What it raises reaches the caller, and nothing is sent.
        read_only: refuse every tool that changes something.

    Raises:
        ConfigurationError: something of this cannot work.
        UnknownTool: a modifier names a tool that does not exist.
    """

    def __init__(
        self,
        connections: Iterable[Connection],
        *,
        store: str | Store = DEFAULT_STORE,
        key: str | bytes | Sequence[str | bytes] | None = None,
        timeout: float = 30.0,
        max_wait: float = 15.0,
        allow_private_urls: bool = False,
        max_result_tokens: int = 6_000,
        upload_folders: Iterable[str | os.PathLike[str]] | FoldersOf = (),
        on_event: EventHook | Iterable[EventHook] | None = None,
        modifiers: Iterable[Modifier] = (),
        approval: Approval | None = None,
        confirm: Confirm | None = None,
        read_only: bool = False,
    ) -> None:
        self._hooks = Hooks(on_event)
        self._consent = Consent(approval, confirm, read_only=read_only)
        self._modifiers = Modifiers(modifiers)
        for modifier in self._modifiers.all:
            for name in modifier.names:
                if name != "*":
                    find_tool(name)  # a mistyped name would leave a rule without effect
        try:
            named = {connection.name: connection for connection in connections}
            if not named:
                raise ConfigurationError(
                    "A toolkit needs at least one connection.",
                    hint='Pass connections=[Connection(name="vimeo", …)].',
                )
            if timeout <= 0 or max_wait < 0:
                raise ConfigurationError("timeout must be above 0 seconds, and max_wait not below 0.")
            if max_result_tokens < 500:
                raise ConfigurationError("max_result_tokens must be 500 or more.")
            self._store = open_store(store)
            cipher = Cipher(resolve_keys(key, self._store))
        finally:
            del key, store  # a traceback's locals are often logged
        self._context = Context(
            connections=named,
            vault=Vault(cipher),
            policy=Policy(
                timeout=timeout,
                max_wait=max_wait,
                allow_private_urls=allow_private_urls,
                max_result_chars=4 * max_result_tokens,
            ),
        )
        self._results = Results()
        own = own_files(self._store.path)
        self._files = Files(folders_of(upload_folders), own=own)
        self._engine = Engine(
            self._context,
            Quota(cipher, kept=not is_in_memory(self._store)),  # which is slower than a dict
            modifiers=self._modifiers,
            consent=self._consent,
            results=self._results,
            files=self._files,
        )
        self._blocking = BlockingIO(self._store, self._hooks.tell if self._hooks else None)

    @property
    def _telling(self) -> BlockingIO:
        """The blocking world, for methods that tell events."""
        self._hooks.require_plain()
        return self._blocking

    @cached_property
    def _async(self) -> AsyncIO:
        from vimeo_toolkit.runtime.asynchronous import AsyncIO  # asyncio: for those who use it

        return AsyncIO(self._store, self._hooks.atell if self._hooks else None, self._blocking)

    @classmethod
    def from_env(
        cls,
        environ: Mapping[str, str] | None = None,
        *,
        on_event: EventHook | Iterable[EventHook] | None = None,
        modifiers: Iterable[Modifier] = (),
        approval: Approval | None = None,
        confirm: Confirm | None = None,
        read_only: bool = False,
    ) -> Self:
        """A toolkit with one connection, "vimeo", from VIMEO_CLIENT_ID, VIMEO_CLIENT_SECRET,
        VIMEO_REDIRECT_URI, VIMEO_SCOPES (separated by spaces), VIMEO_API_URL, VIMEO_TOOLKIT_STORE and
        VIMEO_TOOLKIT_KEY (several separated by spaces, newest first). All may be absent.

        Raises:
            ConfigurationError: one of them cannot work.
        """
        source = os.environ if environ is None else environ
        env = {name: Secret.of(source[name]) for name in ENVIRONMENT if name in source}
        del environ, source  # what is raised below must not carry secrets in the locals of its traceback

        def read(name: str, default: str = "") -> str:
            return env[name].reveal() if name in env else default

        connection = Connection(
            name=DEFAULT_CONNECTION,
            client_id=read("VIMEO_CLIENT_ID"),
            client_secret=read("VIMEO_CLIENT_SECRET"),
            redirect_uri=read("VIMEO_REDIRECT_URI"),
            scopes=read("VIMEO_SCOPES", "public private").split(),
            api_url=read("VIMEO_API_URL", DEFAULT_API_URL),
        )
        return cls(
            [connection],
            store=read("VIMEO_TOOLKIT_STORE", DEFAULT_STORE),
            key=(read("VIMEO_TOOLKIT_KEY").split() or "") if "VIMEO_TOOLKIT_KEY" in env else None,
            on_event=on_event,
            modifiers=modifiers,
            approval=approval,
            confirm=confirm,
            read_only=read_only,
        )

    def connection(self, name: str = DEFAULT_CONNECTION) -> Connection:
        """The connection of this name, as it was given.

        Raises:
            ConfigurationError: there is none.
        """
        return self._context.connection(name)

    # ---- accounts ----

    def get_or_create_connected_account(
        self, connection_name: str = DEFAULT_CONNECTION, *, identifier: str
    ) -> ConnectedAccount:
        """The user's account; a new one is PENDING until the user has authorized it. Idempotent.

        Args:
            identifier: your product's own id of the user.
        """
        flow = records.get_or_create_account(self._context, self._blocking, connection_name, identifier)
        return drive(flow).public()

    async def aget_or_create_connected_account(
        self, connection_name: str = DEFAULT_CONNECTION, *, identifier: str
    ) -> ConnectedAccount:
        """See `get_or_create_connected_account`."""
        flow = records.get_or_create_account(self._context, self._async, connection_name, identifier)
        return (await flow).public()

    def get_connected_account(
        self, connection_name: str = DEFAULT_CONNECTION, *, identifier: str
    ) -> ConnectedAccount:
        """The user's account as it is stored.

        Raises:
            NotConnected: there is none.
        """
        return drive(records.get_account(self._context, self._blocking, connection_name, identifier)).public()

    async def aget_connected_account(
        self, connection_name: str = DEFAULT_CONNECTION, *, identifier: str
    ) -> ConnectedAccount:
        """See `get_connected_account`."""
        flow = records.get_account(self._context, self._async, connection_name, identifier)
        return (await flow).public()

    def list_connected_accounts(self, connection_name: str | None = None) -> ConnectedAccounts:
        """Return all accounts (of one connection), in the order of their names.

        The list's `unreadable` has those whose rows do not open; `delete_connected_account` takes them away.

        Raises:
            WrongKey: none of the accounts was sealed with a key that is among those given.
        """
        return drive(records.list_accounts(self._context, self._blocking, connection_name))

    async def alist_connected_accounts(self, connection_name: str | None = None) -> ConnectedAccounts:
        """See `list_connected_accounts`."""
        return await records.list_accounts(self._context, self._async, connection_name)

    def get_authorization_link(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        *,
        identifier: str,
        scopes: Sequence[str] | None = None,
        allow_account_change: bool = False,
    ) -> AuthorizationLink:
        """A new link under which this user grants access; it can be used once, within 10 minutes.

        Args:
            scopes: what to ask for beside the connection's own scopes.
            allow_account_change: the user wants to switch to a different Vimeo account.

        Raises:
            ConfigurationError: the connection has no client id, secret or redirect URI.
        """
        flow = self._link(self._blocking, connection_name, identifier, scopes, allow_account_change)
        return drive(flow)

    async def aget_authorization_link(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        *,
        identifier: str,
        scopes: Sequence[str] | None = None,
        allow_account_change: bool = False,
    ) -> AuthorizationLink:
        """See `get_authorization_link`."""
        return await self._link(self._async, connection_name, identifier, scopes, allow_account_change)

    async def _link(
        self,
        io: IO,
        connection_name: str,
        identifier: str,
        scopes: Sequence[str] | None,
        allow_account_change: bool,
    ) -> AuthorizationLink:
        link, ends = await authorize.authorization_link(
            self._context,
            io,
            connection_name,
            identifier,
            scopes=scopes,
            allow_account_change=allow_account_change,
        )
        return AuthorizationLink(link, datetime.fromtimestamp(ends, UTC))

    def complete_authorization(self, callback_url: str | Secret, *, identifier: str) -> ConnectedAccount:
        """Turn the callback into an ACTIVE account.

        Args:
            callback_url: the whole URL that Vimeo sent the browser to.
            identifier: who is logged in to your product NOW, from your session. When somebody else asked for
                the link, it is refused: otherwise an attacker's link would tie a victim's Vimeo account to
                the attacker's user.

        Raises:
            AuthorizationFailed: denied, replayed, too old, another user's, or a different Vimeo account.
            VimeoUnavailable: Vimeo did not answer; nothing was changed.
        """
        callback = Secret.of(callback_url)
        del callback_url  # it has the code, and a traceback's locals are often logged
        flow = authorize.complete_authorization(self._context, self._telling, callback, identifier)
        return drive(flow).public()

    async def acomplete_authorization(
        self, callback_url: str | Secret, *, identifier: str
    ) -> ConnectedAccount:
        """See `complete_authorization`."""
        callback = Secret.of(callback_url)
        del callback_url  # it has the code, and a traceback's locals are often logged
        flow = authorize.complete_authorization(self._context, self._async, callback, identifier)
        return (await flow).public()

    def start_device_authorization(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        *,
        identifier: str,
        scopes: Sequence[str] | None = None,
        allow_account_change: bool = False,
    ) -> DeviceAuthorization:
        """Ask for a code that this user enters on Vimeo's page, on any machine: for terminals and servers that no
        browser can be sent back to. Give what comes to `complete_device_authorization`.

        Args:
            scopes: what to ask for beside the connection's own scopes.
            allow_account_change: the user wants to switch to a different Vimeo account.

        Raises:
            ConfigurationError: the connection has no client id or secret, or Vimeo does not accept them.
            AuthorizationFailed: Vimeo gave no code.
            VimeoUnavailable: Vimeo did not answer.
        """
        flow = devices.start_device_authorization(
            self._context,
            self._blocking,
            connection_name,
            identifier,
            scopes=scopes,
            allow_account_change=allow_account_change,
        )
        return drive(flow)

    async def astart_device_authorization(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        *,
        identifier: str,
        scopes: Sequence[str] | None = None,
        allow_account_change: bool = False,
    ) -> DeviceAuthorization:
        """See `start_device_authorization`."""
        return await devices.start_device_authorization(
            self._context,
            self._async,
            connection_name,
            identifier,
            scopes=scopes,
            allow_account_change=allow_account_change,
        )

    def complete_device_authorization(self, device: DeviceAuthorization) -> ConnectedAccount:
        """Wait until the user has entered the code; then the account is ACTIVE.

        Raises:
            AuthorizationFailed: the user declined, the code became too old, or it is a different Vimeo account.
        """
        return drive(devices.complete_device_authorization(self._context, self._telling, device)).public()

    async def acomplete_device_authorization(self, device: DeviceAuthorization) -> ConnectedAccount:
        """See `complete_device_authorization`."""
        flow = devices.complete_device_authorization(self._context, self._async, device)
        return (await flow).public()

    def import_token(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        *,
        identifier: str,
        access_token: str | Secret,
        allow_account_change: bool = False,
    ) -> ConnectedAccount:
        """Make an ACTIVE account from a personal access token of Vimeo's developer page, after verifying it.

        Raises:
            AuthorizationFailed: Vimeo does not accept the token, or it belongs to another Vimeo user than
                this account did before.
        """
        token = Secret.of(access_token)
        del access_token  # a traceback's locals are often logged
        return drive(
            importing.import_token(
                self._context,
                self._telling,
                connection_name,
                identifier,
                token,
                allow_account_change=allow_account_change,
            )
        ).public()

    async def aimport_token(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        *,
        identifier: str,
        access_token: str | Secret,
        allow_account_change: bool = False,
    ) -> ConnectedAccount:
        """See `import_token`."""
        token = Secret.of(access_token)
        del access_token  # a traceback's locals are often logged
        flow = importing.import_token(
            self._context,
            self._async,
            connection_name,
            identifier,
            token,
            allow_account_change=allow_account_change,
        )
        return (await flow).public()

    def delete_connected_account(
        self, connection_name: str = DEFAULT_CONNECTION, *, identifier: str, revoke: bool = True
    ) -> Disconnected:
        """Revoke the account's token at Vimeo, and forget it and all that is kept for the user.

        What it fails at can be done again: until the row is gone the account says that it is being disconnected.

        Args:
            revoke: False forgets the account without telling Vimeo, where the token then lives on.

        Returns what was done: true in a condition when there was an account; `revoked` when Vimeo confirmed that
        no token of the account lives on; `unreadable` when the account's row did not open (a lost key, a damaged
        row), so that it was deleted without revoking anything.

        Raises:
            VimeoUnavailable: Vimeo did not confirm the revocation; the account was kept.
            StoreError: the store cannot be written; says whether the token was revoked.
        """
        flow = disconnecting.delete_account(
            self._context, self._telling, connection_name, identifier, revoke=revoke
        )
        done = drive(flow)
        self._results.forget(connection_name, identifier)
        return done

    async def adelete_connected_account(
        self, connection_name: str = DEFAULT_CONNECTION, *, identifier: str, revoke: bool = True
    ) -> Disconnected:
        """See `delete_connected_account`."""
        done = await disconnecting.delete_account(
            self._context, self._async, connection_name, identifier, revoke=revoke
        )
        self._results.forget(connection_name, identifier)
        return done

    def rotate_key(self) -> Rotated:
        """Seal every row (accounts, unfinished uploads, approvals, waiting links…) under the newest key, after one
        was put in front of the others. It may be interrupted and run again.

        Returns what was done. Rows that do not open are left and reported (`unreadable`); when the result is
        `complete`, the older keys can go.

        Raises:
            StoreError: the store failed, or cannot know whether these are all of its rows.
            StoreBusy: another process still seals rows with another key.
        """
        return drive(rotate_key(self._context.vault, self._blocking))

    async def arotate_key(self) -> Rotated:
        """See `rotate_key`."""
        return await rotate_key(self._context.vault, self._async)

    def copy_accounts_to(self, other: VimeoToolkit) -> Moved:
        """Copy every account, with unfinished uploads and approvals, into another toolkit's store, under its key,
        and verify each account's copy. It may be interrupted and run again.

        Returns what was done; rows that do not open are left and reported (`unreadable`).

        Raises:
            StoreError: a copy is not the same as its original.
        """
        return drive(
            copy_accounts(self._context.vault, self._blocking, other._context.vault, other._blocking)
        )

    async def acopy_accounts_to(self, other: VimeoToolkit) -> Moved:
        """See `copy_accounts_to`."""
        return await copy_accounts(self._context.vault, self._async, other._context.vault, other._async)

    # ---- tools ----

    def tools(
        self,
        *,
        include: Iterable[str] | None = None,
        exclude: Iterable[str] = (),
        toolsets: str | Iterable[str] | None = None,
        read_only: bool = False,
        identifier: str | None = None,
        connection_name: str = DEFAULT_CONNECTION,
        missing_scopes: Literal["explain", "hide"] = "explain",
    ) -> list[Tool]:
        """Definitions of the tools, with JSON schemas, for any framework.

        Args:
            include: only these names. exclude: not these.
            toolsets: one of these groups or several, or "all". With neither `include` nor `toolsets`, the
                default tools (`catalog.toolsets.DEFAULT`).
            read_only: only tools that change nothing.
            missing_scopes: "hide" leaves out what `identifier` has not granted the scopes for; "explain"
                keeps it, and a call says which scope is missing.

        Raises:
            UnknownTool: a name in include or exclude is none.
            InvalidInput: there is no such toolset.
        """
        chosen = choose_tools(include, exclude, toolsets, read_only or self._consent.read_only)
        if identifier is not None:
            self._context.identity(connection_name, identifier)
        if missing_scopes == "hide" and identifier is not None:
            account = self.get_connected_account(connection_name, identifier=identifier)
            return granted_tools(chosen, account)
        return chosen

    async def atools(
        self,
        *,
        include: Iterable[str] | None = None,
        exclude: Iterable[str] = (),
        toolsets: str | Iterable[str] | None = None,
        read_only: bool = False,
        identifier: str | None = None,
        connection_name: str = DEFAULT_CONNECTION,
        missing_scopes: Literal["explain", "hide"] = "explain",
    ) -> list[Tool]:
        """See `tools`."""
        chosen = self.tools(
            include=include,
            exclude=exclude,
            toolsets=toolsets,
            read_only=read_only,
            identifier=identifier,
            connection_name=connection_name,
        )
        if missing_scopes == "hide" and identifier is not None:
            account = await self.aget_connected_account(connection_name, identifier=identifier)
            return granted_tools(chosen, account)
        return chosen

    def execute_tool(
        self,
        *,
        identifier: str,
        tool_name: str,
        tool_input: Mapping[str, Any] | None = None,
        connection_name: str = DEFAULT_CONNECTION,
        detail: Detail = "compact",
        allowed: Collection[str] | None = None,
        dry_run: bool = False,
    ) -> ToolResult:
        """Call a tool with this user's token.

        Args:
            tool_input: the tool's inputs.
            detail: "full" asks Vimeo for all that it has about each thing, at the price of half the user's
                requests and many times the size, and shows it to a model as it is.
            allowed: names of the only tools that the caller may use, or be told of by vimeo_tools_search;
                another is refused. All by default.
            dry_run: change nothing, and give back what would be sent: the `requests`, whether these are all of
                them (`complete`), the scopes, the cost, whether and how it can be undone. Where the call needs
                approval, GETs look at what stands there, and `approval_id`, `question`, `description` and
                `changes` tell of it.

        Raises:
            UnknownTool, InvalidInput: the call is wrong; nothing was sent.
            ApprovalRequired, ApprovalDenied, ReadOnly: the toolkit's rules refuse it; nothing was sent.
            NotConnected, Expired, Revoked, MissingScope, UploadNotGranted: the user has to grant access.
            BadRequest, Forbidden, NotFound, Conflict, RateLimited, UnexpectedResponse: Vimeo's answer.
            EffectMismatch: Vimeo accepted a write, and a look afterwards shows something else.
            VimeoUnavailable, OutcomeUnknown: no usable answer.
        """
        try:
            self._modifiers.require_plain(tool_name)
            if not dry_run:
                self._consent.require_plain(find_tool(tool_name))
            flow = self._execute(
                self._telling,
                identifier,
                tool_name,
                tool_input,
                connection_name,
                detail,
                allowed,
                dry_run,
            )
        finally:
            del tool_input  # it may hold a password, and a traceback's locals are often logged
        return drive(flow)

    async def aexecute_tool(
        self,
        *,
        identifier: str,
        tool_name: str,
        tool_input: Mapping[str, Any] | None = None,
        connection_name: str = DEFAULT_CONNECTION,
        detail: Detail = "compact",
        allowed: Collection[str] | None = None,
        dry_run: bool = False,
    ) -> ToolResult:
        """See `execute_tool`."""
        flow = self._execute(
            self._async, identifier, tool_name, tool_input, connection_name, detail, allowed, dry_run
        )
        del tool_input  # it may hold a password, and a traceback's locals are often logged
        return await flow

    async def _execute(
        self,
        io: IO,
        identifier: str,
        tool_name: str,
        tool_input: Mapping[str, Any] | None,
        connection_name: str,
        detail: Detail,
        allowed: Collection[str] | None,
        dry_run: bool,
        files: Files | None = None,
    ) -> ToolResult:
        try:
            spec = CallSpec(
                self._context.identity(connection_name, identifier),
                find_tool(tool_name),
                tool_input,
                detail=detail,
                allowed=allowed,
                dry_run=dry_run,
                files=files,
            )
        finally:
            del tool_input
        return await self._engine.run(io, spec)

    def upload_video(
        self,
        source: str | os.PathLike[str] | BinaryIO,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        name: str | None = None,
        description: str | None = None,
        privacy_view: str | None = None,
        folder_uri: str | None = None,
        chunk_size: int = CHUNK,
        on_progress: Callable[[UploadProgress], Any] | None = None,
    ) -> ToolResult:
        """Upload a video file, and go on where it stopped when it is called again with the same file and the
        same settings after the connection broke for long or the process ended.

        Args:
            source: a path, or an open binary stream that can seek (which is not resumed after a restart).
            name: the title; by default the file's name.
            folder_uri: the folder to put it in.
            chunk_size: bytes for one request.
            on_progress: is told how far it is, where the upload runs: it should not take long. What it raises
                ends the upload, which can then be gone on with.

        Returns the new video's uri, link and name. It is transcoded afterwards: see vimeo_video_wait_ready.

        Raises:
            InvalidInput: there is no such file, it is empty, one of the toolkit's own, or changed meanwhile.
            UploadNotGranted, QuotaExceeded: Vimeo refused it; nothing was sent.
            UploadInterrupted: the connection did not come back; the hint says how to go on.
            NotConnected: the user's Vimeo account was disconnected or changed meanwhile.
            VimeoToolkitError: as `execute_tool`.
        """
        settings = {
            "name": name,
            "description": description,
            "privacy_view": privacy_view,
            "folder_uri": folder_uri,
        }
        files = Files(given=source_of(source, self._files.own), on_progress=on_progress, chunk=chunk_size)
        return self._upload(self._telling, identifier, connection_name, UPLOAD, settings, files)

    async def aupload_video(
        self,
        source: str | os.PathLike[str] | BinaryIO,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        name: str | None = None,
        description: str | None = None,
        privacy_view: str | None = None,
        folder_uri: str | None = None,
        chunk_size: int = CHUNK,
        on_progress: Callable[[UploadProgress], Any] | None = None,
    ) -> ToolResult:
        """See `upload_video`. `on_progress` may be an `async def`."""
        settings = {
            "name": name,
            "description": description,
            "privacy_view": privacy_view,
            "folder_uri": folder_uri,
        }
        given = await _opened(source, self._files.own)
        files = Files(given=given, on_progress=on_progress, chunk=chunk_size)
        return await self._aupload(identifier, connection_name, UPLOAD, settings, files)

    def upload_version(
        self,
        video_id: str,
        source: str | os.PathLike[str] | BinaryIO,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        chunk_size: int = CHUNK,
        on_progress: Callable[[UploadProgress], Any] | None = None,
    ) -> ToolResult:
        """Replace a video's file by a new version, which keeps its uri, comments and plays. See
        `upload_video`."""
        files = Files(given=source_of(source, self._files.own), on_progress=on_progress, chunk=chunk_size)
        return self._upload(
            self._telling, identifier, connection_name, NEW_VERSION, {"video_id": video_id}, files
        )

    async def aupload_version(
        self,
        video_id: str,
        source: str | os.PathLike[str] | BinaryIO,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        chunk_size: int = CHUNK,
        on_progress: Callable[[UploadProgress], Any] | None = None,
    ) -> ToolResult:
        """See `upload_version`."""
        given = await _opened(source, self._files.own)
        files = Files(given=given, on_progress=on_progress, chunk=chunk_size)
        return await self._aupload(identifier, connection_name, NEW_VERSION, {"video_id": video_id}, files)

    def upload_captions(
        self,
        video_id: str,
        source: str | os.PathLike[str] | BinaryIO,
        language: str,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        name: str | None = None,
    ) -> ToolResult:
        """Add captions from a VTT or SRT file, and switch them on.

        Args:
            language: such as `en-US`.
            name: what viewers choose them by; by default the language.
        """
        settings = {"video_id": video_id, "language": language, "name": name}
        files = Files(given=source_of(source, self._files.own))
        return self._upload(self._telling, identifier, connection_name, CAPTIONS, settings, files)

    async def aupload_captions(
        self,
        video_id: str,
        source: str | os.PathLike[str] | BinaryIO,
        language: str,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        name: str | None = None,
    ) -> ToolResult:
        """See `upload_captions`."""
        settings = {"video_id": video_id, "language": language, "name": name}
        files = Files(given=await _opened(source, self._files.own))
        return await self._aupload(identifier, connection_name, CAPTIONS, settings, files)

    def upload_thumbnail(
        self,
        video_id: str,
        source: str | os.PathLike[str] | BinaryIO,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
    ) -> ToolResult:
        """Make an image file (JPEG, PNG or GIF) the video's thumbnail."""
        files = Files(given=source_of(source, self._files.own))
        return self._upload(
            self._telling, identifier, connection_name, THUMBNAIL, {"video_id": video_id}, files
        )

    async def aupload_thumbnail(
        self,
        video_id: str,
        source: str | os.PathLike[str] | BinaryIO,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
    ) -> ToolResult:
        """See `upload_thumbnail`."""
        files = Files(given=await _opened(source, self._files.own))
        return await self._aupload(identifier, connection_name, THUMBNAIL, {"video_id": video_id}, files)

    def _upload(
        self,
        io: IO,
        identifier: str,
        connection_name: str,
        tool_name: str,
        settings: Mapping[str, Any],
        files: Files,
    ) -> ToolResult:
        if is_async(files.on_progress):
            raise ConfigurationError(
                "on_progress is asynchronous, and this is a blocking call.",
                hint="Use the method whose name begins with `a`, such as aupload_video, or make it a plain "
                "function.",
            )
        self._modifiers.require_plain(tool_name)
        self._consent.require_plain(find_tool(tool_name))
        values = {"path": files.given.name if files.given else "", **settings}
        return drive(
            self._execute(io, identifier, tool_name, values, connection_name, "compact", None, False, files)
        )

    async def _aupload(
        self,
        identifier: str,
        connection_name: str,
        tool_name: str,
        settings: Mapping[str, Any],
        files: Files,
    ) -> ToolResult:
        values = {"path": files.given.name if files.given else "", **settings}
        return await self._execute(
            self._async, identifier, tool_name, values, connection_name, "compact", None, False, files
        )

    def iterate(
        self,
        tool_name: str,
        tool_input: Mapping[str, Any] | None = None,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        max_items: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """The items of a list, page after page as they are asked for, one page in memory at a time.

        Args:
            tool_input: the list's inputs; `per_page` is 100 unless given, `page` is where to begin.
            max_items: stop after so many, and ask for hardly more.

        Raises:
            UnknownTool, InvalidInput: at once: there is no such tool, or it is no list with pages.
            VimeoToolkitError: at the page that fails, as from `execute_tool`. What came before was given, and the
                hint says how to go on.
        """
        pager = Pager(find_tool(tool_name), tool_input, max_items)

        def pages() -> Iterator[dict[str, Any]]:
            while (wanted := pager.next_input()) is not None:
                try:
                    result = self.execute_tool(
                        identifier=identifier,
                        tool_name=tool_name,
                        tool_input=wanted,
                        connection_name=connection_name,
                    )
                except VimeoToolkitError as error:
                    pager.failed(error)
                    return
                yield from pager.items_of(result)

        return pages()

    def aiterate(
        self,
        tool_name: str,
        tool_input: Mapping[str, Any] | None = None,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        max_items: int | None = None,
    ) -> AsyncIterator[dict[str, Any]]:
        """See `iterate`: `async for video in toolkit.aiterate(…)`."""
        pager = Pager(find_tool(tool_name), tool_input, max_items)

        async def pages() -> AsyncIterator[dict[str, Any]]:
            while (wanted := pager.next_input()) is not None:
                try:
                    result = await self.aexecute_tool(
                        identifier=identifier,
                        tool_name=tool_name,
                        tool_input=wanted,
                        connection_name=connection_name,
                    )
                except VimeoToolkitError as error:
                    pager.failed(error)
                    return
                for item in pager.items_of(result):
                    yield item

        return pages()

    def needs_approval(self, tool_name: str) -> bool:
        """Whether this toolkit's rule holds back calls of the tool until somebody approves them.

        Raises:
            UnknownTool: there is no such tool.
        """
        return self._consent.concerns(find_tool(tool_name))

    def approve(
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
        drive(self._approve(self._blocking, approval_id, identifier, connection_name, times))

    async def aapprove(
        self,
        approval_id: str,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        times: int = 1,
    ) -> None:
        """See `approve`."""
        await self._approve(self._async, approval_id, identifier, connection_name, times)

    async def _approve(
        self, io: IO, approval_id: str, identifier: str, connection_name: str, times: int
    ) -> None:
        identity = self._context.identity(connection_name, identifier)
        await grant(self._context.vault, io, approval_id, identity, times)

    # ---- life cycle ----

    def close(self) -> None:
        """Close connections and files, once hooks have heard what they were told, within seconds. A later call
        opens them again."""
        self._hooks.finish()
        drive(save_all_held(self._context, self._blocking))
        self._blocking.close()
        self._store.close()

    async def aclose(self) -> None:
        """Like `close`, and closes the running event loop's connections, too."""
        await self._hooks.afinish()
        await save_all_held(self._context, self._async)
        await self._async.aclose()
        await self._store.aclose()
        self._blocking.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        made = getattr(self, "_context", None)  # absent in the traceback of an __init__ that failed
        if made is None:
            return "VimeoToolkit(not set up)"
        return f"VimeoToolkit(connections={sorted(made.connections)}, store={self._store!r})"

    def _repr_html_(self) -> str:
        from vimeo_toolkit.display import toolkit_html  # for notebooks only

        return toolkit_html(self._context.connections.values(), type(self._store).__name__)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "A VimeoToolkit holds keys and connections and is not picklable: make one per process."
        )


async def _opened(source: str | os.PathLike[str] | BinaryIO, own: Collection[Path]) -> Source:

    from vimeo_toolkit.runtime.threads import FILES  # asyncio: for those who use it

    return await FILES.run(source_of, source, own)


ENVIRONMENT = (
    "VIMEO_CLIENT_ID",
    "VIMEO_CLIENT_SECRET",
    "VIMEO_REDIRECT_URI",
    "VIMEO_SCOPES",
    "VIMEO_API_URL",
    "VIMEO_TOOLKIT_STORE",
    "VIMEO_TOOLKIT_KEY",
)
_defaults: dict[tuple[int | str | None, ...], VimeoToolkit] = {}


def default_toolkit() -> VimeoToolkit:
    """The process's toolkit from the environment, made at the first call; another when that has changed."""
    seen = (os.getpid(), os.getcwd(), *(os.environ.get(name) for name in ENVIRONMENT))
    if seen not in _defaults:
        _defaults.clear()
        _defaults[seen] = VimeoToolkit.from_env()
    return _defaults[seen]
