"""What only the stores with a server can suffer: outages, forks with open sockets, many first starts."""

from __future__ import annotations

import asyncio
import os
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stores.crashing import Server, server, soon
from tests.stores.helpers import all_names, fill, in_processes, key
from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError
from vimeo_toolkit.stores import Row, Store, open_store

both = pytest.mark.parametrize("store_url", ["postgres", "redis"], indirect=True)


__all__ = ["server"]


@pytest.mark.slow
def test_server_gone_and_back(server: Server) -> None:
    store = open_store(server.url)
    fill(store, [str(number) for number in range(20)])
    server.crash()
    calls: list[Callable[[], object]] = [
        lambda: store.get(key("0")),
        lambda: store.put(key("new"), b"x", version=1, expected=0),
        lambda: store.delete(key("0"), expected=1),
        lambda: store.scan("account"),
        lambda: store.acquire("job", "me", 1),
        lambda: store.release("job", "me"),
    ]
    for call in calls:
        with pytest.raises(StoreBusy) as caught:
            call()
        assert caught.value.__context__ is None, "the driver's error may quote the URL"
    server.start()
    assert soon(lambda: len(store.scan("account"))) == 20, "acknowledged writes survived the crash"
    assert soon(lambda: store.put(key("new"), b"x", version=1, expected=0))
    store.close()


@pytest.mark.slow
def test_server_restarted_between_two_calls(server: Server) -> None:
    """Connections that died while they were idle are noticed before they are used."""
    store = open_store(server.url)
    fill(store, ["u"])
    server.crash()
    server.start()
    assert store.get(key()) == Row(b"u", 1)
    store.close()


@pytest.mark.slow
def test_server_gone_and_back_async(server: Server) -> None:
    async def run() -> None:
        store = open_store(server.url)
        assert await store.aput(key(), b"a", version=1, expected=0)
        await asyncio.to_thread(server.crash)
        with pytest.raises(StoreBusy):
            await store.aget(key())
        with pytest.raises(StoreBusy):
            await store.aput(key(), b"b", version=2, expected=1)
        await asyncio.to_thread(server.start)
        until = time.monotonic() + 30
        while True:
            try:
                assert await store.aget(key()) == Row(b"a", 1)
            except StoreBusy:
                assert time.monotonic() < until
                await asyncio.sleep(0.05)
            else:
                break
        await store.aclose()

    asyncio.run(run())


def test_a_server_that_never_was(tmp_path: Path) -> None:
    for url in (
        f"unix://{tmp_path}/none",
        f"postgresql:///db?host={tmp_path}",
        "redis://u:p4ssMARK@127.0.0.1:1/0",
    ):
        store = open_store(url)
        with pytest.raises(StoreBusy) as caught:
            store.get(key())
        assert "p4ssMARK" not in "".join(traceback.format_exception(caught.value))
        with pytest.raises(StoreBusy):
            asyncio.run(store.aget(key()))
        store.close()


@both
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_both_sides_of_a_fork_work(store_url: str) -> None:
    store = open_store(store_url)
    fill(store, ["before"])
    child = os.fork()
    if child == 0:
        try:
            for turn in range(20):
                fill(store, [f"child {turn:02}"])
                assert store.get(key("before"))
            os._exit(0)
        except BaseException:
            os._exit(1)
    for turn in range(20):
        fill(store, [f"parent {turn:02}"])
        assert store.get(key("before"))
    until = time.monotonic() + 30
    done, status = 0, 1
    while not done and time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        time.sleep(0.01)
    assert done, "the child hangs"
    assert os.waitstatus_to_exitcode(status) == 0
    assert len(all_names(store)) == 41
    store.close()


def _start_and_fill(number: int, url: str) -> None:
    store = open_store(url)
    fill(store, [str(number)])
    store.close()


@pytest.mark.parametrize("count", [2, pytest.param(8, marks=pytest.mark.slow)])
@both
def test_processes_start_at_once(store_url: str, count: int) -> None:
    in_processes(count, _start_and_fill, store_url)
    store = open_store(store_url)
    assert all_names(store) == [str(number) for number in range(count)]
    store.close()


def test_a_newer_schema_is_left_alone(postgres_url: str) -> None:
    import psycopg

    store = open_store(postgres_url)
    fill(store, ["u"])
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("INSERT INTO vimeo_toolkit_schema (version) VALUES (99)")
    store.close()
    with pytest.raises(ConfigurationError, match="newer vimeo-toolkit"):
        open_store(postgres_url).get(key())


def test_dropped_tables_are_made_again(postgres_url: str) -> None:
    import psycopg

    store = open_store(postgres_url)
    fill(store, ["u"])
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP TABLE vimeo_toolkit_row, vimeo_toolkit_lease, vimeo_toolkit_schema")
    with pytest.raises(StoreError):
        store.get(key())
    assert store.get(key()) is None
    fill(store, ["u"])
    store.close()


def test_refusals_are_configuration_errors(postgres_url: str) -> None:
    broken = postgres_url.replace("/postgres?", "/no_such_database?")
    assert broken != postgres_url
    with pytest.raises(ConfigurationError, match="refused the connection"):
        open_store(broken).get(key())


def test_a_server_that_need_not_wait_for_its_disk_is_made_to(postgres_url: str) -> None:
    """An operator's `synchronous_commit=off` does not weaken the promise, and only budgets go without."""
    url = postgres_url.replace("options=", "options=-csynchronous_commit%3Doff%20")
    store: Any = open_store(url)
    assert store.get(key()) is None
    for statement in (
        "CREATE TABLE seen (number serial, setting text)",
        """CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO seen (setting) VALUES (current_setting('synchronous_commit'));
        RETURN coalesce(new, old); END $$""",
        """CREATE TRIGGER see BEFORE INSERT OR UPDATE OR DELETE ON vimeo_toolkit_row
        FOR EACH ROW EXECUTE FUNCTION see()""",
    ):
        store._run(statement, ())
    for kind in ("account", "budget"):
        assert store.put(key(kind=kind), b"x", version=1, expected=0)
        assert store.put(key(kind=kind), b"y", version=2, expected=1)
        assert not store.put(key(kind=kind), b"y", version=2, expected=1)
    assert store.delete(key(kind="account"), expected=2)
    seen = [setting for (setting,) in store._run("SELECT setting FROM seen ORDER BY number", ())]
    assert seen == ["on", "on", "off", "off", "on"]
    store.close()


@pytest.mark.parametrize(
    ("setting", "value", "warning"),
    [("maxmemory-policy", "allkeys-lru", "noeviction"), ("appendonly", "no", "appendonly yes")],
)
def test_a_forgetful_server_is_warned_of_once(
    redis_server: Any, redis_url: str, setting: str, value: str, warning: str
) -> None:
    import redis

    client = redis.Redis(unix_socket_path=str(redis_server.unix_socket_path))
    before = client.config_get(setting)
    store = open_store(redis_url)
    try:
        client.config_set(setting, value)
        with pytest.warns(UserWarning, match=warning):
            store.get(key())
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            store.get(key())
    finally:
        client.config_set(setting, str(next(iter(before.values()))))
        client.close()
        store.close()


def test_expired_names_leave_the_index(redis_server: Any, redis_url: str) -> None:
    import redis

    store = open_store(redis_url)
    for number in range(30):
        store.put(key(str(number), kind="state"), b"x", version=1, expected=0, ttl=0.02)
    time.sleep(0.1)
    for number in range(3):
        store.put(key(f"new{number}", kind="state"), b"x", version=1, expected=0, ttl=60)
    client = redis.Redis(unix_socket_path=str(redis_server.unix_socket_path))
    prefix = redis_url.partition("prefix=")[2]
    assert client.zcard(f"{{{prefix}}}:index:state") == 3
    assert client.zcard(f"{{{prefix}}}:expiry:state") == 3
    client.close()
    store.close()


def test_scripts_are_loaded_again(redis_server: Any, redis_store: Store) -> None:
    """A server that restarted has forgotten them."""
    import redis

    client = redis.Redis(unix_socket_path=str(redis_server.unix_socket_path))
    fill(redis_store, ["a"])
    client.script_flush()
    fill(redis_store, ["b"])
    client.close()


@pytest.fixture
def redis_store(redis_url: str) -> Iterator[Store]:
    store = open_store(redis_url)
    yield store
    store.close()
