"""What the Redis store sends, and what it does when a connection breaks: without a server or a clock."""

from __future__ import annotations

import socket
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from redis import exceptions

from tests.stores.helpers import awaited
from vimeo_toolkit.errors import ConfigurationError, StoreBusy, StoreError
from vimeo_toolkit.stores import redis as redis_store
from vimeo_toolkit.stores import redis_connections as connections
from vimeo_toolkit.stores import redis_scripts as scripts
from vimeo_toolkit.stores.protocol import DAMAGED, Key, Row
from vimeo_toolkit.stores.redis import RedisStore
from vimeo_toolkit.stores.redis_calls import Calls, page_of, row_of

KEY = Key("account", "vimeo", "a/b")
NAMES = ("{p}:row:account/vimeo/a%2Fb", "{p}:index:account", "{p}:expiry:account")
SEVEN, EIGHT = (number.to_bytes(8, "big") for number in (7, 8))

SENT: list[tuple[str, Callable[[Calls], Any], scripts.Script, tuple[str, ...], tuple[Any, ...]]] = [
    (
        "a new row", lambda c: c.put(KEY, b"x", 8, 0, None), scripts.PUT, NAMES,
        (b"", EIGHT + b"x", "account/vimeo/a%2Fb", "", "{p}:row:"),
    ),
    (
        "a row in the place of another, for a while", lambda c: c.put(KEY, b"x", 8, 7, 1.5), scripts.PUT, NAMES,
        (SEVEN, EIGHT + b"x", "account/vimeo/a%2Fb", 1500, "{p}:row:"),
    ),
    (
        "less than a millisecond", lambda c: c.put(KEY, b"x", 8, 7, 0.0001), scripts.PUT, NAMES,
        (SEVEN, EIGHT + b"x", "account/vimeo/a%2Fb", 1, "{p}:row:"),
    ),
    ("a deletion", lambda c: c.delete(KEY, 7), scripts.DELETE, NAMES, (SEVEN, "account/vimeo/a%2Fb")),
    ("of a damaged row", lambda c: c.delete(KEY, 0), scripts.DELETE, NAMES, (b"", "account/vimeo/a%2Fb")),
    ("another value", lambda c: c.replace(KEY, b"y", 7), scripts.REPLACE, NAMES[:1], (SEVEN, b"y")),
    (
        "a first page", lambda c: c.scan("account", None, None, 5), scripts.SCAN, NAMES[1:2],
        ("[account/", "(account0", 5, "{p}:row:", "!whole", b""),
    ),
    (
        "a later page of a connection", lambda c: c.scan("account", "vimeo", KEY, 5, checked=True), scripts.SCAN,
        NAMES[1:2],
        ("[account/vimeo/a%2Fb!", "(account/vimeo0", 5, "{p}:row:", "!whole", b"1"),
    ),
    (
        "a lease", lambda c: c.acquire("a lease", "an owner", 2.0), scripts.ACQUIRE, ("{p}:lease:a%20lease",),
        ("an%20owner", 2000),
    ),
    (
        "a lease given back", lambda c: c.release("a lease", "an owner"), scripts.RELEASE, ("{p}:lease:a%20lease",),
        ("an%20owner",),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("call", "script", "keys", "values"), [each[1:] for each in SENT],
                         ids=[each[0] for each in SENT])  # fmt: skip
def test_what_is_sent(call: Callable[[Calls], Any], script: Any, keys: Any, values: Any) -> None:
    """All names have the prefix in braces: a cluster keeps them together, and other releases find them."""
    calls = Calls("p")
    assert call(calls) == (script, keys, values)
    assert (calls.format_at, calls.left_over, calls.row_name(KEY)) == ("{p}:format", "{p}:fence", NAMES[0])


def test_what_is_read() -> None:
    assert row_of(None) is None
    assert row_of(SEVEN) == Row(b"", 7)
    assert row_of(SEVEN + b"x") == Row(b"x", 7)
    with pytest.raises(StoreError):
        row_of(SEVEN[:7])
    with pytest.raises(ValueError, match="shorter"):
        page_of([b"account/vimeo/a"])
    flat = [b"account/vimeo/a%2Fb", SEVEN + b"x", b"account/vimeo/c", b"short", b"account/vimeo/d", EIGHT]
    assert page_of(flat) == [
        (KEY, Row(b"x", 7)),
        (Key("account", "vimeo", "c"), DAMAGED),
        (Key("account", "vimeo", "d"), Row(b"", 8)),
    ]


def test_an_index_is_checked_page_by_page_and_up_to_three_times() -> None:
    names = ("{p*}:index:acc*unt",)
    steps = Calls("p*").checking("acc*unt")
    script, keys, (whole, mark) = next(steps)
    assert (script, keys, whole, mark[0], len(mark)) == (scripts.CHECK_BEGIN, names, "!whole", "!", 17)
    for again in range(3):
        page = steps.send(b"the mark")
        assert page == (scripts.CHECK_PAGE, names, (0, r"{p\*}:row:acc\*unt/*", len("{p*}:row:")))
        assert steps.send([b"9", b"2"])[2][0] == b"9"
        assert steps.send([b"0", 1]) == (scripts.CHECK_END, names, ("!whole", b"the mark"))
        if again < 2:
            assert steps.send(0)[0] == scripts.CHECK_BEGIN
    with pytest.raises(StoreError, match="nobody can know"):
        steps.send(0)
    steps = Calls("p").checking("account")
    next(steps)
    steps.send(b"the mark")
    steps.send([b"9", b"2"])
    steps.send([b"0", 1])
    with pytest.raises(StopIteration) as ended:
        steps.send(1)
    assert ended.value.value == 3


# A store whose client answers as it is told.


class Client:
    """Gives these answers to the commands that matter, one after the other; remembers all commands."""

    def __init__(
        self, answers: list[Any], *, asynchronous: bool, looks: dict[str, Any] | None = None
    ) -> None:
        self.answers, self.asynchronous = list(answers), asynchronous
        self.said: list[tuple[Any, ...]] = []
        self.looked: list[tuple[Any, ...]] = []
        self.looks = looks or {}
        self.closed = False

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def act(*args: Any, **kwargs: Any) -> Any:
            looking = name in ("config_get", "set", "delete") or args[-1] == "{p}:format"
            if looking:
                self.looked.append((name, *args, *kwargs.items()))
                answer = self.looks.get(name, {} if name == "config_get" else None)
            else:
                self.said.append((name, *args))
                answer = self.answers[len(self.said) - 1]
            if isinstance(answer, Exception):
                raise answer
            return answer

        async def aact(*args: Any, **kwargs: Any) -> Any:
            return act(*args, **kwargs)

        return aact if self.asynchronous else act

    def close(self) -> None:
        self.closed = True


class Clock:
    now = 0.0  # as just after the machine was started


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(redis_store, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


class Twin:
    """A store by its blocking or its asynchronous operations."""

    def __init__(self, asynchronous: bool, *answers: Any, **looks: Any) -> None:
        self.client = Client(list(answers), asynchronous=asynchronous, looks=looks)
        self.store: Any = RedisStore("redis://user:p4ssMARK@nowhere/0?prefix=p")
        self.prefix = "a" if asynchronous else ""
        clients: Any = SimpleNamespace(
            blocking=lambda: self.client,
            looped=lambda: SimpleNamespace(client=self.client),
            forget_blocking=lambda: self.client,
        )
        self.store._clients = clients

    async def do(self, name: str, *args: Any, **kwargs: Any) -> Any:
        return await awaited(getattr(self.store, self.prefix + name)(*args, **kwargs))


TWINS = pytest.mark.parametrize("asynchronous", [False, True], ids=["blocking", "asynchronous"])
LOST = exceptions.ConnectionError("lost")
DO: dict[str, tuple[Callable[[Twin], Any], Callable[[Calls], Any]]] = {
    "put": (lambda t: t.do("put", KEY, b"x", version=8, expected=7), lambda c: c.put(KEY, b"x", 8, 7, None)),
    "delete": (lambda t: t.do("delete", KEY, expected=7), lambda c: c.delete(KEY, 7)),
    "replace": (lambda t: t.do("replace", KEY, b"y", version=7), lambda c: c.replace(KEY, b"y", 7)),
    "acquire": (lambda t: t.do("acquire", "l", "o", 2.0), lambda c: c.acquire("l", "o", 2.0)),
    "release": (lambda t: t.do("release", "l", "o"), lambda c: c.release("l", "o")),
}


def _page(calls: Calls) -> Any:
    return calls.scan("account", "vimeo", KEY, 5)


def _as_sent(command: str, call: Callable[[Calls], Any]) -> tuple[Any, ...]:
    script, keys, values = call(Calls("p"))
    return (command, script.sha if command == "evalsha" else script.text, len(keys), *keys, *values)


@TWINS
@pytest.mark.parametrize("name", DO)
async def test_a_write_is_sent_once_and_says_whether_it_was_done(asynchronous: bool, name: str) -> None:
    act, call = DO[name]
    for answer in (1, 0):
        twin = Twin(asynchronous, answer)
        assert await act(twin) is (None if name == "release" else bool(answer))
        assert twin.client.said == [_as_sent("evalsha", call)]


@TWINS
@pytest.mark.parametrize("name", DO)
async def test_a_write_whose_connection_broke_is_not_sent_again(asynchronous: bool, name: str) -> None:
    for error in (LOST, exceptions.TimeoutError("late"), OSError("no network")):
        twin = Twin(asynchronous, error, 1)
        with pytest.raises(StoreBusy) as caught:
            await DO[name][0](twin)
        assert len(twin.client.said) == 1
        assert caught.value.__context__ is None, "the driver's error has the URL in its frames"


@TWINS
@pytest.mark.parametrize("name", DO)
async def test_a_script_that_the_server_does_not_have_is_sent_whole(asynchronous: bool, name: str) -> None:
    act, call = DO[name]
    twin = Twin(asynchronous, exceptions.NoScriptError("NOSCRIPT"), 1)
    assert await act(twin) in (True, None)
    assert twin.client.said == [_as_sent("evalsha", call), _as_sent("eval", call)]


@TWINS
async def test_a_read_whose_connection_broke_is_repeated_once(asynchronous: bool) -> None:
    twin = Twin(asynchronous, LOST, SEVEN + b"x")
    assert await twin.do("get", KEY) == Row(b"x", 7)
    assert twin.client.said == [("get", NAMES[0])] * 2
    twin = Twin(asynchronous, LOST, [NAMES[0].partition("row:")[2].encode(), SEVEN + b"x"])
    assert await twin.do("scan", "account", "vimeo", after=KEY, limit=5) == [(KEY, Row(b"x", 7))]
    assert twin.client.said == [_as_sent(command, _page) for command in ("evalsha", "eval")]
    twin = Twin(asynchronous, [])
    assert await twin.do("scan", "account") == []
    assert twin.client.said == [_as_sent("evalsha", lambda calls: calls.scan("account", None, None, 500))]
    for read in (("get", KEY), ("scan", "account")):
        for errors in ((LOST, LOST), (exceptions.TimeoutError("late"),), (OSError("no network"),)):
            twin = Twin(asynchronous, *errors)
            with pytest.raises(StoreBusy) as caught:
                await twin.do(*read)
            assert len(twin.client.said) == len(errors)
            assert caught.value.__context__ is None


@TWINS
async def test_a_scan_of_a_lost_index_checks_it_first(asynchronous: bool, clock: Clock) -> None:
    answers: list[Any] = [None, b"mark", [b"0", 1], 1, [b"account/vimeo/a%2Fb", SEVEN]]
    twin = Twin(asynchronous, *answers)
    assert await twin.do("scan", "account", "vimeo", after=KEY, limit=5) == [(KEY, Row(b"", 7))]
    first, *_, last = twin.client.said
    assert first == _as_sent("evalsha", _page)
    assert last == _as_sent("evalsha", lambda calls: calls.scan("account", "vimeo", KEY, 5, checked=True))
    assert [each[1] for each in twin.client.said[1:4]] == [
        each.sha for each in (scripts.CHECK_BEGIN, scripts.CHECK_PAGE, scripts.CHECK_END)
    ]
    assert len(twin.client.looked) == 8, "the server may have been set up anew: it is looked at again"
    twin = Twin(asynchronous, b"mark", [b"5", b"2"], [b"0", 1], 1)
    assert await twin.do("check", "account") == 3
    # After the check, too, a page may be repeated.
    twin = Twin(asynchronous, *answers[:-1], LOST, [])
    assert await twin.do("scan", "account") == []


@TWINS
async def test_the_server_is_looked_at_first_and_every_ten_minutes(asynchronous: bool, clock: Clock) -> None:
    twin = Twin(asynchronous, *[None] * 9)
    await twin.do("get", KEY)
    looks = [
        ("config_get", "appendonly", "maxmemory-policy"),
        ("get", "{p}:format"),
        ("set", "{p}:format", 1, ("nx", True)),
        ("delete", "{p}:fence"),
    ]
    assert twin.client.looked == looks
    clock.now += 599.0
    await twin.do("get", KEY)
    assert twin.client.looked == looks
    clock.now += 1.0
    await twin.do("get", KEY)
    assert twin.client.looked == looks * 2


@TWINS
async def test_a_server_that_forbids_a_look_is_used_all_the_same(asynchronous: bool) -> None:
    forbidden = exceptions.ResponseError("NOPERM")
    twin = Twin(asynchronous, SEVEN, config_get=forbidden, set=forbidden, delete=forbidden)
    assert await twin.do("get", KEY) == Row(b"", 7)


@TWINS
async def test_rows_of_a_newer_release_and_bad_settings_are_noticed(asynchronous: bool) -> None:
    twin = Twin(asynchronous, 1, get=b"2")
    with pytest.raises(ConfigurationError, match="format 2"):
        await DO["put"][0](twin)
    assert twin.client.said == []
    twin = Twin(asynchronous, None, config_get={b"appendonly": b"no"})
    with pytest.warns(UserWarning, match="appendonly"):
        await twin.do("get", KEY)


async def test_closing_closes_the_clients() -> None:
    twin = Twin(False)
    twin.store.close()
    assert twin.client.closed
    other, looped = Twin(False), []

    async def close_looped() -> None:
        looped.append(True)

    other.store._clients.close_looped = close_looped
    await other.store.aclose()
    assert (looped, other.client.closed) == ([True], True)
    other.store._clients.forget_blocking = lambda: None
    other.store.close()  # nothing was opened


@pytest.mark.parametrize(
    "url", ["redis://nowhere/0?socket_timeout=x&prefix=p", "redis://nowhere/0?nonsense=1"]
)
def test_a_malformed_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigurationError, match="malformed") as caught:
        RedisStore(url.replace("://", "://user:p4ssMARK@"))
    frame: Any = caught.value.__traceback__
    while frame:
        if frame.tb_frame.f_code.co_filename == redis_store.__file__:
            assert "p4ssMARK" not in repr(frame.tb_frame.f_locals)
        frame = frame.tb_next
    assert repr(RedisStore("redis://user:p4ssMARK@nowhere/0")) == "RedisStore('redis://nowhere/0')"


# Connections.


def test_how_long_a_connection_waits_and_is_kept_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as linux:
        for number, name in enumerate(("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT")):
            linux.setattr(socket, name, number, raising=False)
        assert connections._keepalive() == {0: 30, 1: 10, 2: 3}
    for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL"):
        monkeypatch.setattr(socket, name, {"TCP_KEEPIDLE": 4, "TCP_KEEPINTVL": 5}[name], raising=False)
    monkeypatch.delattr(socket, "TCP_KEEPCNT", raising=False)  # macOS and Windows miss some
    waiting = {
        "max_connections": 16,
        "timeout": 10.0,
        "socket_timeout": 5.0,
        "socket_connect_timeout": 5.0,
        "health_check_interval": 1,
    }
    kept = {"socket_keepalive": True, "socket_keepalive_options": {4: 30, 5: 10}}
    assert connections._settings("redis://nowhere") == waiting | kept
    assert connections._settings("unix:///nowhere") == waiting


def _client(asynchronous: bool, url: str) -> Any:
    return connections._Looped(url).client if asynchronous else connections.blocking_client(url)


@TWINS
@pytest.mark.parametrize("url", ["redis://nowhere", "rediss://nowhere", "unix:///nowhere"])
async def test_no_command_is_tried_again_by_the_driver(asynchronous: bool, url: str) -> None:
    """A repeated compare-and-set would lose against its own first attempt. The URL may ask for other times."""
    pool = _client(asynchronous, f"{url}?socket_timeout=3").connection_pool
    made = pool.make_connection()
    assert made.retry._retries == 0
    assert pool.connection_kwargs["retry"]._retries == 0, "said, and not left to the driver's releases"
    assert (made.socket_timeout, made.socket_connect_timeout, made.health_check_interval) == (3.0, 5.0, 1)
    assert (pool.max_connections, pool.timeout) == (16, 10.0)
    assert isinstance(made, connections._AsyncChecked if asynchronous else connections._Checked)
    assert type(made).__name__ == "CheckedConnection"


@TWINS
@pytest.mark.parametrize(
    ("error", "replaced"),
    [
        (None, False),
        (LOST, True),
        (exceptions.TimeoutError("late"), True),
        (exceptions.DataError("x"), False),
    ],
)
async def test_an_idle_connection_that_does_not_answer_is_replaced(
    asynchronous: bool, error: Exception | None, replaced: bool
) -> None:
    log: list[str] = []

    class Base:
        _writer = SimpleNamespace(get_extra_info=lambda _: None)

        def connect(self: Any) -> Any:
            log.append("connect")
            return self.check_health()  # connecting sends commands, which ask for a check themselves

        def check_health(self: Any) -> None:
            log.append(f"asked while checking: {self.checking}")
            if error:
                raise error

    class AsyncBase:
        _writer = Base._writer

        async def connect(self: Any) -> None:
            log.append("connect")
            await self.check_health()

        async def check_health(self) -> None:
            Base.check_health(self)

    bases = (connections._AsyncChecked, AsyncBase) if asynchronous else (connections._Checked, Base)
    connection = type("Connection", bases, {"made": set()})()

    async def done(name: str) -> None:
        await awaited(getattr(connection, name)())

    if isinstance(error, exceptions.DataError):
        with pytest.raises(exceptions.DataError):
            await done("check_health")
    else:
        await done("check_health")
    assert log == ["asked while checking: True", *(["connect"] if replaced else [])]
    assert connection.checking is False
    log.clear()
    await done("connect")
    assert log == ["connect"], "no question while it connects"
    assert connection.checking is False


async def test_a_loop_that_is_over_leaves_no_socket_open(monkeypatch: pytest.MonkeyPatch) -> None:
    class Base:
        _writer: Any = SimpleNamespace(get_extra_info=lambda name: {"socket": "the transport's"}.get(name))

        async def check_health(self) -> None: ...

    here, there = socket.socketpair()
    monkeypatch.setattr(connections, "raw_socket", {"the transport's": here}.get)
    looped = connections._Looped("redis://nowhere")
    assert vars(looped.client.connection_pool.connection_class)["made"] is looped.sockets
    connection = type("Connection", (connections._AsyncChecked, Base), {"made": looped.sockets})()
    await connection.check_health()
    assert set(looped.sockets) == {here}
    asked: list[str] = []
    monkeypatch.setattr(connections, "raw_socket", asked.append)
    await connection.check_health()
    assert asked == [], "the same writer is not asked again"
    connection._writer = SimpleNamespace(get_extra_info=lambda _: "another")
    await connection.check_health()
    assert asked == ["another"]
    assert set(looped.sockets) == {here}, "and where the socket cannot be found, it is left"
    looped.abandon()
    assert here.fileno() == -1
    there.close()
    await looped.aclose()


async def test_a_loop_has_one_client_and_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clients = connections.looped_clients("redis://nowhere")
    looped, closed = clients.get(), []
    assert clients.get() is looped

    async def aclose() -> None:
        closed.append(True)

    monkeypatch.setattr(looped.client, "aclose", aclose)
    await clients.aclose()
    assert closed == [True]
