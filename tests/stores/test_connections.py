"""Connections to a store's server that are lost on the way, or shared through a pooler."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from vimeo_toolkit.errors import StoreBusy
from vimeo_toolkit.stores import Store, open_store, postgres_connections, redis_connections
from vimeo_toolkit.stores.protocol import Key, Row

KEY = Key("account", "vimeo", "u")


class Middle:
    """A load balancer that can forget the connections it has: their next packet is answered by a reset, or not at
    all."""

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        self._connect = connect
        self._server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._server.getsockname()[1]
        self._forgotten: dict[socket.socket, bool] = {}
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def forget(self, *, silently: bool = False) -> None:
        self._forgotten.update(dict.fromkeys(self._open, silently))
        self._open.clear()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                self._open.append(client)
                threading.Thread(target=self._one, args=(client, self._connect()), daemon=True).start()

    def _one(self, client: socket.socket, server: socket.socket) -> None:
        threading.Thread(target=self._back, args=(client, server), daemon=True).start()
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                silently = self._forgotten.get(client)
                if silently:
                    continue
                if silently is False:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    break
                server.sendall(data)
        client.close()
        server.close()

    def _back(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                client.sendall(data)

    def close(self) -> None:
        self._server.close()


def at(path: str) -> Callable[[], socket.socket]:
    def connect() -> socket.socket:
        made = socket.socket(socket.AF_UNIX)
        made.connect(path)
        return made

    return connect


@pytest.fixture(params=["postgres", "redis"])
def middle(request: pytest.FixtureRequest) -> Iterator[tuple[Middle, Store]]:
    """A store behind a load balancer."""
    if request.param == "redis":
        address, _, query = request.getfixturevalue("redis_url").partition("?")
        between = Middle(at(address.removeprefix("unix://")))
        url = f"redis://127.0.0.1:{between.port}/0?{query}"
    else:
        import psycopg

        info = psycopg.conninfo.conninfo_to_dict(request.getfixturevalue("postgres_url"))
        between = Middle(at(str(Path(str(info["host"])) / f".s.PGSQL.{info.get('port', 5432)}")))
        url = (
            f"postgresql://{info['user']}@127.0.0.1:{between.port}/{info['dbname']}"
            f"?sslmode=disable&gssencmode=disable&options={quote(str(info['options']))}"
        )
    store = open_store(url)
    yield between, store
    store.close()
    between.close()


@pytest.fixture
def idle_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection counts as idle when it is taken."""
    monkeypatch.setattr(postgres_connections, "_IDLE", -1.0)
    monkeypatch.setattr(redis_connections, "_IDLE", 1e-9)


def test_a_forgotten_connection_costs_no_read(middle: tuple[Middle, Store]) -> None:
    between, store = middle
    assert store.put(KEY, b"x", version=1, expected=0)
    between.forget()
    assert store.get(KEY) == Row(b"x", 1)
    between.forget()
    assert [row for _, row in store.scan("account")] == [Row(b"x", 1)]


def test_a_forgotten_connection_costs_no_read_async(middle: tuple[Middle, Store]) -> None:
    between, store = middle

    async def flow() -> None:
        assert await store.aput(KEY, b"x", version=1, expected=0)
        between.forget()
        assert await store.aget(KEY) == Row(b"x", 1)
        between.forget()
        assert [row for _, row in await store.ascan("account")] == [Row(b"x", 1)]
        await store.aclose()

    asyncio.run(flow())


@pytest.mark.usefixtures("idle_at_once")
def test_nor_a_write_after_idle_time(middle: tuple[Middle, Store]) -> None:
    between, store = middle
    for version in range(1, 4):
        assert store.put(KEY, b"x", version=version, expected=version - 1)
        between.forget()
    assert store.delete(KEY, expected=3)
    between.forget()
    assert store.acquire("lease", "me", 5.0)


@pytest.mark.usefixtures("idle_at_once")
def test_nor_a_write_after_idle_time_async(middle: tuple[Middle, Store]) -> None:
    between, store = middle

    async def flow() -> None:
        for version in range(1, 4):
            assert await store.aput(KEY, b"x", version=version, expected=version - 1)
            between.forget()
        assert await store.adelete(KEY, expected=3)
        between.forget()
        assert await store.aacquire("lease", "me", 5.0)
        await store.aclose()

    asyncio.run(flow())


def test_a_write_that_breaks_is_never_sent_twice(middle: tuple[Middle, Store]) -> None:
    between, store = middle
    assert store.put(KEY, b"x", version=1, expected=0)
    between.forget()
    with pytest.raises(StoreBusy):
        store.put(KEY, b"y", version=2, expected=1)
    assert store.get(KEY) == Row(b"x", 1)


@pytest.mark.slow
@pytest.mark.usefixtures("idle_at_once")
def test_a_connection_that_nobody_answers_on_is_given_up(middle: tuple[Middle, Store]) -> None:
    """Neither an end nor a reset ever comes: the connection is asked, and another one is made."""
    between, store = middle
    assert store.put(KEY, b"x", version=1, expected=0)
    between.forget(silently=True)
    assert store.put(KEY, b"y", version=2, expected=1)

    async def flow() -> None:
        assert await store.aput(KEY, b"x", version=3, expected=2)
        between.forget(silently=True)
        assert await store.aput(KEY, b"y", version=4, expected=3)
        await store.aclose()

    asyncio.run(flow())


@pytest.mark.slow
def test_a_statement_that_nobody_answers_ends(
    middle: tuple[Middle, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in (postgres_connections.Connection, postgres_connections.AsyncConnection):
        monkeypatch.setattr(kind, "patience", 0.3)
    monkeypatch.setattr(redis_connections, "WAIT", 0.3)
    between, store = middle
    assert store.put(KEY, b"x", version=1, expected=0)
    between.forget(silently=True)
    with pytest.raises(StoreBusy):
        store.get(KEY)
    assert store.get(KEY) == Row(b"x", 1)


@pytest.fixture
def pooler(postgres_server: Any, tmp_path: Path) -> Iterator[str]:
    """A PgBouncer in transaction pooling, with fewer sessions than there are clients."""
    import psycopg

    binary = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if binary is None:
        pytest.skip("there is no pgbouncer here (apt install pgbouncer)")
    info = psycopg.conninfo.conninfo_to_dict(str(postgres_server.get_uri()))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = Path(os.path.realpath(tmp_path))
    for each in (folder, *list(folder.parents)[:3]):
        with contextlib.suppress(OSError):
            each.chmod(0o755)
    (folder / "users").write_text(f'"{info["user"]}" ""\n')
    (folder / "ini").write_text(
        f"[databases]\n* = host={info['host']} port={info.get('port', 5432)} user={info['user']}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        f"auth_file = {folder}/users\npool_mode = transaction\ndefault_pool_size = 3\nmax_client_conn = 200\n"
    )
    owner = Path(str(info["host"])).owner()
    process = subprocess.Popen(
        [binary, "-q", *(["-u", owner] if os.getuid() == 0 else []), str(folder / "ini")],
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.1):
                break
            threading.Event().wait(0.05)
        yield (
            f"postgresql://{info['user']}@127.0.0.1:{port}/{info['dbname']}?sslmode=disable&gssencmode=disable"
        )
    finally:
        process.terminate()
        process.wait()


@pytest.mark.slow
def test_behind_a_pooler_that_shares_sessions(pooler: str) -> None:
    """Every operation of many clients succeeds, and other applications find the session as they left it."""
    import psycopg

    stores = [open_store(pooler) for _ in range(3)]
    names = [f"pooled {number}" for number in range(12)]

    async def one(store: Store, name: str) -> None:
        for version in range(1, 8):
            for kind in ("pooled account", "budget"):
                key = Key(kind, "vimeo", name)
                assert await store.aput(key, b"x", version=version, expected=version - 1, ttl=60.0)
                assert await store.aget(key) == Row(b"x", version)
            assert await store.aacquire(name, "me", 5.0)
            await store.arelease(name, "me")
            await store.ascan("pooled account")
        for kind in ("pooled account", "budget"):
            assert await store.adelete(Key(kind, "vimeo", name), expected=7)

    async def all_of_them() -> None:
        await asyncio.gather(*(one(stores[number % 3], name) for number, name in enumerate(names)))
        for store in stores:
            await store.aclose()

    asyncio.run(all_of_them())
    threads = [
        threading.Thread(target=lambda store=store, name=name: asyncio.run(one(store, name)))
        for store, name in zip(stores, names, strict=False)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with psycopg.connect(pooler, prepare_threshold=None, autocommit=True) as other:
        for setting in ("statement_timeout", "synchronous_commit"):
            found = other.execute(
                "SELECT setting = reset_val FROM pg_settings WHERE name = %s", (setting,)
            ).fetchone()
            assert found == (True,)
        assert other.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)
