"""What servers answer becomes an error that says what to do, and never quotes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from redis import exceptions
from redis._parsers.base import BaseParser

from tests.stores.helpers import all_names, fill, key
from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError
from vimeo_toolkit.stores import Store, open_store, postgres_errors, redis_errors
from vimeo_toolkit.stores.postgres_connections import NoConnection

SECRET = "p4ssMARK"

REDIS: list[tuple[str, type[Exception], str]] = [
    ("OOM command not allowed when used memory > 'maxmemory'.", StoreError, "maxmemory"),
    (
        "ERR Error running script (call to f_1): @user_script:7: -OOM command not allowed",
        StoreError,
        "maxmemory",
    ),
    ("MISCONF Redis is configured to save RDB snapshots, but it can't persist", StoreError, "log"),
    ("READONLY You can't write against a read only replica.", StoreBusy, "primary"),
    ("NOREPLICAS Not enough good replicas to write.", StoreBusy, "back"),
    ("LOADING Redis is loading the dataset in memory", StoreBusy, "moment"),
    ("MASTERDOWN Link with MASTER is down", StoreBusy, "later"),
    ("CLUSTERDOWN The cluster is down", StoreBusy, "moment"),
    ("BUSY Redis is busy running a script.", StoreBusy, "moment"),
    ("MOVED 3999 127.0.0.1:6381", ConfigurationError, "node"),
    ("NOAUTH Authentication required.", ConfigurationError, "password"),
    ("WRONGPASS invalid username-password pair", ConfigurationError, "password"),
    ("DENIED Redis is running in protected mode", ConfigurationError, "lets"),
    ("NOPERM this user has no permissions to run the 'scan' command", ConfigurationError, "scan"),
    ("ERR The user executing the script can't run this command or subcommand", ConfigurationError, "scan"),
    (
        "ERR ACL failure in script: User u has no permissions to run the 'type' command",
        ConfigurationError,
        "scan",
    ),
    ("TRYAGAIN Multiple keys request during rehashing of slot", StoreBusy, "moment"),
    ("ERR max number of clients reached", StoreBusy, "maxclients"),
    ("ERR unknown command 'EVALSHA'", ConfigurationError, "proxy"),
    ("WRONGTYPE Operation against a key holding the wrong kind of value", StoreError, "backup"),
    ("ERR something that nobody has heard of", StoreError, "log"),
]


@pytest.mark.parametrize(("text", "kind", "hint"), REDIS, ids=[text[:30] for text, _, _ in REDIS])
def test_redis(text: str, kind: type[Exception], hint: str) -> None:
    parse: Any = BaseParser.parse_error
    told = parse(text)
    for error in (told, exceptions.ResponseError(f"{text} {SECRET}")):
        found = redis_errors.typed(error)
        assert type(found) is kind
        assert hint in found.hint
        assert SECRET not in str(found)


POSTGRES: list[tuple[str, type[Exception], str]] = [
    ("28P01", ConfigurationError, "password"),
    ("3D000", ConfigurationError, "database"),
    ("3F000", ConfigurationError, "search path"),
    ("42703", ConfigurationError, "search path"),
    ("42804", ConfigurationError, "search path"),
    ("42501", ConfigurationError, "GRANT"),
    ("42P01", StoreError, "search path"),
    ("25006", StoreBusy, "primary"),
    ("25P03", StoreBusy, "idle"),
    ("25P04", StoreBusy, "idle"),
    ("57P05", StoreBusy, "idle"),
    ("40001", StoreBusy, "moment"),
    ("40P01", StoreBusy, "moment"),
    ("55P03", StoreBusy, "moment"),
    ("57014", StoreBusy, "statement_timeout"),
    ("57P01", StoreBusy, "moment"),
    ("57P03", StoreBusy, "moment"),
    ("53300", StoreBusy, "max_connections"),
    ("53100", StoreError, "room"),
    ("53200", StoreError, "log"),
    ("58030", StoreError, "backup"),
    ("XX001", StoreError, "backup"),
    ("XX002", StoreError, "backup"),
    ("28000", ConfigurationError, "password"),
    ("22000", StoreError, "log"),
    ("08006", StoreBusy, "moment"),
]


@pytest.mark.parametrize(("state", "kind", "hint"), POSTGRES)
def test_postgres(state: str, kind: type[Exception], hint: str) -> None:
    found = postgres_errors.typed(psycopg.errors.lookup(state)(SECRET))
    assert type(found) is kind
    assert hint in found.hint
    assert SECRET not in str(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('connection failed: FATAL:  password authentication failed for user "x"', "refused"),
        ("fe_sendauth: no password supplied", "refused"),
        ('FATAL:  database "x" does not exist', "refused"),
        ('FATAL:  no pg_hba.conf entry for host "h"', "refused"),
        ('FATAL:  role "x" is not permitted to log in', "refused"),
        ("SSL error: certificate verify failed", "refused"),
        ("connection failed: FATAL:  sorry, too many clients already", "no connection free"),
        ('FATAL:  too many connections for role "x"', "no connection free"),
        ("FATAL:  remaining connection slots are reserved", "no connection free"),
        ("FATAL:  the database system is starting up", "starting or stopping"),
        ("FATAL:  the database system is shutting down", "starting or stopping"),
        ("FATAL:  the database system is in recovery mode", "starting or stopping"),
        ("could not connect to server: Connection refused", "does not answer"),
    ],
)
def test_postgres_while_connecting(text: str, said: str) -> None:
    found = postgres_errors.typed(psycopg.OperationalError(f"{text} {SECRET}"))
    assert said in found.message
    assert type(found) is (ConfigurationError if said == "refused" else StoreBusy)
    assert SECRET not in str(found)


def test_what_no_server_said() -> None:
    full = postgres_errors.typed(NoConnection())
    assert (type(full), "in use" in full.message, full.hint) == (StoreBusy, True, "Try again in a moment.")
    other = postgres_errors.typed(ValueError(SECRET))
    assert type(other) is StoreError
    assert other.message == "The store's PostgreSQL server reported ValueError."
    newer = postgres_errors.newer_schema(7, 2)
    assert "schema 7" in newer.message
    assert newer.message.endswith("knows 2.")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (exceptions.AuthenticationError, "refused the connection"),
        (exceptions.AuthorizationError, "refused the connection"),
        (exceptions.NoPermissionError, "may not run"),
        (exceptions.OutOfMemoryError, "memory"),
        (exceptions.ReadOnlyError, "replica and takes no writes"),
        (exceptions.BusyLoadingError, "starting"),
        (exceptions.MasterDownError, "lost its primary"),
        (exceptions.ClusterDownError, "cluster is down"),
        (exceptions.MaxConnectionsError, "no connection free"),
        (exceptions.ConnectionError, "does not answer"),
        (exceptions.TimeoutError, "does not answer"),
        (OSError, "does not answer"),
        (exceptions.RedisError, "reported RedisError"),
        (ValueError, "reported ValueError"),
    ],
)
def test_errors_that_the_redis_driver_knows(error: Any, said: str) -> None:
    assert said in redis_errors.typed(error(SECRET)).message
    assert SECRET not in str(redis_errors.typed(error(SECRET)))


def test_a_moved_row_and_words_within_words() -> None:
    assert "cluster's node" in redis_errors.typed(exceptions.MovedError("1 127.0.0.1:7")).message
    inside = exceptions.ResponseError("ERR XBUSY BUSYX")
    assert "reported ResponseError" in redis_errors.typed(inside).message
    assert "OOM" not in redis_errors.typed(ValueError("OOM")).message
    newer = redis_errors.newer_format(b"2" * 30, 1)
    assert f"format {'2' * 20}, made" in newer.message
    assert newer.message.endswith("knows 1.")


@pytest.fixture
def client(redis_server: Any) -> Iterator[Any]:
    import redis

    client = redis.Redis(unix_socket_path=str(redis_server.unix_socket_path))
    yield client
    client.close()


@pytest.fixture
def index(redis_url: str) -> str:
    return f"{{{redis_url.partition('prefix=')[2]}}}:index:account"


@pytest.fixture
def redis_store(redis_url: str) -> Iterator[Store]:
    store = open_store(redis_url)
    yield store
    store.close()


@pytest.mark.parametrize("marked", [False, True])
def test_an_index_that_is_lost_is_made_again(client: Any, redis_store: Any, index: str, marked: bool) -> None:
    fill(redis_store, ["a", "b", "c"])
    assert redis_store.check("account") == 0
    client.delete(index)
    if marked:  # somebody wrote a row since
        fill(redis_store, ["d"])
    assert all_names(redis_store) == ["a", "b", "c", "d"][: 4 if marked else 3]


async def test_names_that_are_missing_or_wrong(client: Any, redis_store: Any, index: str) -> None:
    fill(redis_store, ["a", "b", "c[*]?^\\"])
    assert all_names(redis_store) == ["a", "b", "c[*]?^\\"]
    client.zrem(index, "account/vimeo/a", "account/vimeo/c[*]?^\\")
    client.zadd(index, {"account/vimeo/nobody": 0})
    assert await redis_store.acheck("account") == 2
    assert all_names(redis_store) == ["a", "b", "c[*]?^\\"]
    client.delete(index)
    client.set(index, "not an index")
    assert all_names(redis_store) == ["a", "b", "c[*]?^\\"]
    await redis_store.aclose()


def test_a_full_server_can_still_be_read(client: Any, redis_store: Any, index: str) -> None:
    fill(redis_store, ["a"])
    client.config_set("maxmemory", 1)
    try:
        assert redis_store.check("account") == 0
        assert all_names(redis_store) == ["a"], "also where the index could not be marked"
        with pytest.raises(StoreError, match="full"):
            fill(redis_store, ["b"])
        assert redis_store.get(key("a"))
    finally:
        client.config_set("maxmemory", 0)
    assert all_names(redis_store) == ["a"]
    client.delete(index)
    client.config_set("maxmemory", 1)
    try:
        with pytest.raises(StoreError, match="full"):  # nobody can know, and says so
            redis_store.scan("account")
    finally:
        client.config_set("maxmemory", 0)


def test_an_index_that_does_not_stay(client: Any, redis_store: Any, index: str) -> None:
    fill(redis_store, ["a"])
    client.delete(index)
    run = redis_store._run

    def losing(*call: Any, **again: Any) -> Any:
        client.delete(index)
        answer = run(*call, **again)
        client.delete(index)
        return answer

    redis_store._run = losing
    with pytest.raises(StoreError, match="nobody can know"):
        redis_store.check("account")


def test_settings_that_change_are_noticed(client: Any, redis_store: Any) -> None:
    assert redis_store.get(key()) is None
    client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        with pytest.warns(UserWarning, match="noeviction"):
            redis_store.check("account")
        redis_store._look_at = 0.0  # ten minutes later
        with pytest.warns(UserWarning, match="noeviction"):
            redis_store.get(key())
    finally:
        client.config_set("maxmemory-policy", "noeviction")
