"""Fixtures that most tests use: a sandbox, a toolkit over it, a connected user."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.examples import UPLOADS
from tests.properties import choose, is_property
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.runtime.internals import missing
from vimeo_toolkit.sandbox import Sandbox, User
from vimeo_toolkit.settings import SETTINGS

if missing():
    raise ImportError(
        f"private names that the drivers stand on are not there any more: {', '.join(missing())}"
    )

ALL_SCOPES = ("public", "private", "create", "edit", "delete", "interact", "upload", "stats")
SLOW_RUN = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SLOW_RUN] = choose(config)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell has begun the run in the background. What tests interrupt would ignore it, too.
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the slow run have the property tests, too: there they try many examples."""
    if config.stash[SLOW_RUN]:
        for item in items:
            if is_property(item):
                item.add_marker("slow")


@pytest.fixture
def vimeo() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def connection(vimeo: Sandbox) -> Connection:
    return Connection(
        name="vimeo",
        client_id=vimeo.app.client_id,
        client_secret=vimeo.app.client_secret,
        redirect_uri=vimeo.app.redirect_uri,
        scopes=ALL_SCOPES,
        api_url=vimeo.url,
    )


@pytest.fixture
def toolkit(connection: Connection) -> Iterator[VimeoToolkit]:
    with VimeoToolkit(
        [connection], store="sqlite:///:memory:", max_wait=5.0, upload_folders=[UPLOADS]
    ) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with nothing in it and no setting in the environment."""
    for name in (*SETTINGS, "VIMEO_ENV_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Connect(Protocol):
    def __call__(
        self, identifier: str = ..., user: User | None = ..., scopes: Iterable[str] | None = ...
    ) -> str: ...


@pytest.fixture
def connect(vimeo: Sandbox, toolkit: VimeoToolkit) -> Connect:
    """Connect an identifier through the whole authorization code flow; gives back the identifier."""

    def connected(
        identifier: str = "user_1", user: User | None = None, scopes: Iterable[str] | None = None
    ) -> str:
        link = toolkit.get_authorization_link(identifier=identifier).link
        toolkit.complete_authorization(vimeo.authorize(link, user=user, scopes=scopes), identifier=identifier)
        vimeo.requests.clear()
        return identifier

    return connected
