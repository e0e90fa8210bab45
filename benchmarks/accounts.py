"""Connected users without a connection: accounts written straight into a store."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from vimeo_toolkit import Connection, VimeoToolkit, generate_key
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.secret import Secret

__all__ = ["connect_all", "connected", "toolkit_with"]

SCOPES = ("create", "delete", "edit", "interact", "private", "public", "upload")


def connected(toolkit: VimeoToolkit, identifier: str) -> None:
    """Save an ACTIVE account."""
    record = AccountRecord(
        connection_name="vimeo",
        identifier=identifier,
        status=AccountStatus.ACTIVE,
        access_token=Secret(f"token-{identifier}"),
        granted_scopes=SCOPES,
        requested_scopes=SCOPES,
        vimeo_uri="/users/7",
        vimeo_name="Somebody",
        app_uri="/apps/9",
        api_url=toolkit._context.connection("vimeo").api_url,
    )
    if run_sync(toolkit._context.vault.save(toolkit._blocking, record)) is None:
        raise RuntimeError("The account is there already.")


def connect_all(toolkit: VimeoToolkit, users: int) -> None:
    """Save ACTIVE accounts `user_0` and so on, eight at a time: a store commits together what waits together."""
    with ThreadPoolExecutor(8) as pool:
        for _ in pool.map(lambda number: connected(toolkit, f"user_{number}"), range(users)):
            pass


@contextmanager
def toolkit_with(
    users: int, url: str, store: str | None = None, *, reuse_reads: bool = True
) -> Iterator[VimeoToolkit]:
    """A toolkit over a store, a file if none is given, with users `user_0` and so on. Without `reuse_reads` each of
    a user's equal calls is sent."""
    with (
        TemporaryDirectory() as folder,
        VimeoToolkit(
            [Connection(api_url=url)],
            store=store or f"sqlite:///{Path(folder) / 'accounts.db'}",
            key=generate_key(),
            upload_folders=[folder],
            reuse_reads=reuse_reads,
        ) as toolkit,
    ):
        connect_all(toolkit, users)
        yield toolkit
