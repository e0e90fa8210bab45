"""The public class `VimeoToolkit`: its options, and how it is opened and closed. Its other methods are in
`facade/`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, Self

from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.keeping import save_all_held
from vimeo_toolkit.accounts.model import AuthorizationLink
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.calls.consent import Approval, Confirm, Consent
from vimeo_toolkit.calls.engine import Engine
from vimeo_toolkit.calls.modify import Modifier, Modifiers
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.catalog.own_tools import own_tools
from vimeo_toolkit.catalog.selection import TOOL_CALL, choose_tools, find_tool
from vimeo_toolkit.configuration import default_toolkit
from vimeo_toolkit.connection import DEFAULT_CONNECTION, Connection
from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.facade._blocking import (
    BlockingAccounts,
    BlockingCalls,
    BlockingChanges,
    BlockingContent,
    BlockingLibraryMethods,
    BlockingPassages,
    BlockingRequests,
    BlockingTools,
    BlockingUploads,
    BlockingWarming,
)
from vimeo_toolkit.library.opening import open_embedding, open_libraries
from vimeo_toolkit.observe.dispatch import EventHook, Hooks
from vimeo_toolkit.runtime.blocking import BlockingIO, run_sync
from vimeo_toolkit.settings import DEFAULT_STORE, read_settings, variables_of
from vimeo_toolkit.stores import open_store
from vimeo_toolkit.stores.cipher import Cipher
from vimeo_toolkit.stores.keys import resolve_keys
from vimeo_toolkit.stores.protocol import Store, is_in_memory
from vimeo_toolkit.uploads.files import FoldersOf, UploadOptions, own_files
from vimeo_toolkit.uploads.files import upload_folders as folders_of
from vimeo_toolkit.wire.sending import Policy

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool, ToolInput
    from vimeo_toolkit.library.index import Libraries

__all__ = ["AuthorizationLink", "Library", "VimeoToolkit", "choose_tools", "default_toolkit", "find_tool"]


class Library(BlockingLibraryMethods):
    """The indexes of users' libraries, as `VimeoToolkit.library`.

    They are kept where the toolkit was made with `library=`; else each method raises `ConfigurationError`.
    """


class VimeoToolkit(
    BlockingAccounts,
    BlockingTools,
    BlockingCalls,
    BlockingRequests,
    BlockingUploads,
    BlockingChanges,
    BlockingContent,
    BlockingPassages,
    BlockingWarming,
):
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
        max_result_tokens: how much of a result a model is shown, estimated without its vocabulary; it can ask
            for the rest.
        allow_private_urls: let tools give Vimeo URLs of private, loopback and other inner hosts (webhooks).
        on_event: what is told of calls and accounts: one or several callables of one argument, an
            `observe.Event`. One that raises breaks no call; it is logged once. An `async def` is awaited, and
            the blocking methods that have something to tell then refuse to run.
        modifiers: your own code before and after tools, see `Modifier`.
        tools: tools of your own, the classes that you declared with a `Toolset`. They are among the default tools,
            in every framework.
        approval: calls that need a person's consent, whoever makes them: "destructive" ones, those and
            "outward" ones (other people see them), or all "writes". Without it such a call raises
            `ApprovalRequired`; see `approve`. None, the default, asks for none, unless there is a `confirm`.
        confirm: is asked for that consent: a callable of one argument, a `PlannedCall`, that answers True,
            False, or the reason for a no. An `async def` is awaited, and blocking calls that it concerns refuse
            to run. What it raises reaches the caller, and nothing is sent.
        read_only: refuse every tool that changes something.
        keep_changes_days: how long plans of many videos' changes are kept, with the former texts by which they can
            be taken back: up to 365 days.
        library: where users' libraries are indexed, so that what is said in their videos can be searched: a folder,
            `sqlite:///vimeo_library`, or "store" for the PostgreSQL database that is the store. None, the default:
            nowhere. An index holds transcripts and titles in clear, see `toolkit.library` and SECURITY.md.
        keep_library_days: how long the index of an account stays there after Vimeo refused the account's token, for
            the case that the user connects again: up to 365 days, 0 for not at all. It is not searched meanwhile.
        embed: an embedding model, so that libraries are searched by meaning, too: an object of LangChain's
            `Embeddings` or of LlamaIndex's `BaseEmbedding`. A sync gives it titles and transcripts, a search the
            question: where it is a service, they go there. It needs the extra `library-embeddings`.
        embed_name: the model's name, where the object does not say it; vectors of another name are made anew.
        reuse_reads: let equal reads of one user that are made at the same time share one request, and answer from
            memory for an hour what only Vimeo changes (categories, languages, content ratings). False sends each.

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
        tools: Iterable[type[ToolInput] | Tool] = (),
        approval: Approval | None = None,
        confirm: Confirm | None = None,
        read_only: bool = False,
        keep_changes_days: float = 30.0,
        library: str | Libraries | None = None,
        keep_library_days: float = 30.0,
        embed: Any = None,
        embed_name: str | None = None,
        reuse_reads: bool = True,
    ) -> None:
        self._hooks = Hooks(on_event)
        consent = Consent(approval, confirm, read_only=read_only)
        chosen, own = Modifiers(modifiers), own_tools(tools)
        for modifier in chosen.all:
            for name in modifier.names:
                if name != "*":
                    find_tool(name, own)  # a modifier with a mistyped name would never run
                if name == TOOL_CALL:
                    raise ConfigurationError(
                        f"A modifier for {TOOL_CALL} would never run: it calls other tools.",
                        hint='Name the tools that are called, or "*" for all.',
                    )
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
            if not 0 < keep_changes_days <= 365:
                raise ConfigurationError("keep_changes_days must be above 0, and 365 at most.")
            if not 0 <= keep_library_days <= 365:
                raise ConfigurationError("keep_library_days must not be below 0, and 365 at most.")
            self._store = open_store(store)
            cipher = Cipher(resolve_keys(key, self._store))
            libraries = open_libraries(library, self._store)
            embedding = open_embedding(embed, embed_name, libraries)
        finally:
            del key, store, library  # a traceback's locals are often logged
        self._context = Context(
            connections=named,
            vault=Vault(cipher),
            policy=Policy(
                timeout=timeout,
                max_wait=max_wait,
                allow_private_urls=allow_private_urls,
                max_result_tokens=max_result_tokens,
                keep_changes=keep_changes_days * 86_400.0,
                keep_library=keep_library_days * 86_400.0,
                reuse_reads=reuse_reads,
            ),
            libraries=libraries,
            embedding=embedding,
        )
        self._engine = Engine(
            self._context,
            # without `kept` a dict has them, which is faster where nobody else sees the rows
            Quota(cipher, kept=not is_in_memory(self._store)),
            modifiers=chosen,
            consent=consent,
            files=UploadOptions(
                folders_of(upload_folders),
                own=own_files(self._store.path, None if libraries is None else libraries.folder),
            ),
            own=own,
        )
        self._blocking = BlockingIO(self._store, self._hooks.emit if self._hooks else None)

    @classmethod
    def from_env(
        cls,
        environ: Mapping[str, str] | None = None,
        *,
        env_file: str | os.PathLike[str] | None = None,
        on_event: EventHook | Iterable[EventHook] | None = None,
        modifiers: Iterable[Modifier] = (),
        tools: Iterable[type[ToolInput] | Tool] = (),
        approval: Approval | None = None,
        confirm: Confirm | None = None,
        read_only: bool = False,
        embed: Any = None,
        embed_name: str | None = None,
    ) -> Self:
        """Return a toolkit with one connection, "vimeo", from VIMEO_CLIENT_ID, VIMEO_CLIENT_SECRET,
        VIMEO_REDIRECT_URI, VIMEO_SCOPES (separated by spaces), VIMEO_API_URL, VIMEO_TOOLKIT_STORE and
        VIMEO_TOOLKIT_KEY (several separated by spaces, newest first; `keyring:NAME` is in the desktop's keyring),
        VIMEO_TOOLKIT_LIBRARY. All may be absent.

        The variables of the environment go before those of a file: `.env` of the working folder, or the one that
        VIMEO_ENV_FILE names (empty: none). The logger `vimeo_toolkit.settings` says at INFO which were read.

        Args:
            environ: variables instead of the process's own; then the working folder's `.env` is not read.
            env_file: the file to read; one that is named may also lead to an API or a store on another machine.

        Raises:
            ConfigurationError: a setting cannot work, or the file is not there or cannot be read.
        """
        variables = variables_of(environ)
        del environ  # an exception's traceback must not hold secrets in its locals
        settings = read_settings(variables, env_file=env_file)
        return cls(
            [settings.connection()],
            store=settings.store(),
            key=settings.key(),
            library=settings.library(),
            on_event=on_event,
            modifiers=modifiers,
            tools=tools,
            approval=approval,
            confirm=confirm,
            read_only=read_only,
            embed=embed,
            embed_name=embed_name,
        )

    @cached_property
    def library(self) -> Library:
        """The indexes of users' libraries: bring one up to date, ask what is said where, delete it."""
        return Library(self)

    def connection(self, name: str = DEFAULT_CONNECTION) -> Connection:
        """Return the connection of this name, as it was given.

        Raises:
            ConfigurationError: there is none.
        """
        return self._context.connection(name)

    def close(self) -> None:
        """Close connections and files. Events that were emitted are delivered to hooks first, for a few seconds
        at most.

        A later call opens them again. An event loop's connections are closed by `aclose` within it.
        """
        self._hooks.finish()
        run_sync(save_all_held(self._context, self._blocking))
        if self._context.libraries is not None:
            self._context.libraries.close()
        self._blocking.close()
        self._store.close()

    async def aclose(self) -> None:
        """Close connections and files. Events that were emitted are delivered to hooks first, for a few seconds
        at most.

        A later call opens them again. An event loop's connections are closed by `aclose` within it.
        """
        await self._hooks.afinish()
        await save_all_held(self._context, self._async)
        if self._context.libraries is not None:
            await self._async.call(self._context.libraries.close)
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
