"""What every store promises: one suite over all of them, blocking and async."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import AsyncIterator

import pytest

from tests.stores.helpers import all_names, fill, in_processes, key
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.stores import Key, Row, Store, open_store


def test_is_a_store(store: Store) -> None:
    assert isinstance(store, Store)
    assert open_store(store) is store


def test_round_trip(store: Store) -> None:
    value = bytes(range(256)) * 40
    assert store.get(key()) is None
    assert store.put(key(), value, version=7, expected=0) is True
    assert store.get(key()) == Row(value, 7)


def test_large_numbers(store: Store) -> None:
    """Versions are microseconds since the epoch; neighbours above 2^53 must not look the same."""
    big = 2**53
    assert store.put(key(), b"", version=big, expected=0)
    assert not store.put(key(), b"x", version=5, expected=big + 1)
    assert not store.delete(key(), expected=big + 1)
    assert store.put(key(), b"y", version=big + 1, expected=big)
    assert not store.delete(key(), expected=big)
    assert store.get(key()) == Row(b"y", big + 1)


def test_compare_and_set(store: Store) -> None:
    assert not store.put(key(), b"a", version=2, expected=1)
    assert store.get(key()) is None
    assert store.put(key(), b"a", version=1, expected=0)
    assert not store.put(key(), b"a", version=1, expected=0)
    assert not store.put(key(), b"b", version=2, expected=0)
    assert not store.put(key(), b"b", version=3, expected=2)
    assert store.get(key()) == Row(b"a", 1)
    assert store.put(key(), b"b", version=9, expected=1)
    assert not store.put(key(), b"c", version=10, expected=1)
    assert store.get(key()) == Row(b"b", 9)


def test_delete(store: Store) -> None:
    assert not store.delete(key(), expected=1)
    assert not store.delete(key(), expected=0)
    assert store.put(key(), b"a", version=3, expected=0)
    assert not store.delete(key(), expected=2)
    assert not store.delete(key(), expected=0)
    assert store.delete(key(), expected=3)
    assert not store.delete(key(), expected=3)
    assert store.get(key()) is None
    assert store.scan("account") == []
    assert store.put(key(), b"b", version=4, expected=0)


def test_neighbours_are_apart(store: Store) -> None:
    keys = [
        Key("account", "a", "b"),
        Key("account", "a/b", ""),
        Key("account", "", "a/b"),
        Key("account", "a%2Fb", ""),
        Key("account/a", "b", ""),
        Key("account", "a", "B"),
        Key("account", "a", "b "),
        Key("account", "a", "b\x00"),
        Key("account", "a", "\u00e9"),
        Key("account", "a", "e\u0301"),
        Key("account", "a", "😀"),
        Key("account", "a", "\ud83d"),
        Key("account", "a", ""),
    ]
    for number, each in enumerate(keys):
        assert store.put(each, str(number).encode(), version=number + 1, expected=0)
    for number, each in enumerate(keys):
        assert store.get(each) == Row(str(number).encode(), number + 1)
    assert {found for found, _ in store.scan("account")} == {each for each in keys if each.kind == "account"}


def test_scan_pages(store: Store) -> None:
    names = [f"user{number:03}" for number in range(25)]
    fill(store, names)
    fill(store, ["x"], connection="other")
    fill(store, ["x"], connection="vimeo-2")
    fill(store, ["x"], kind="state")
    assert [found.name for found, _ in store.scan("account", "vimeo", limit=10)] == names[:10]
    for limit in (1, 7, 25, 500):
        assert all_names(store, connection="vimeo", limit=limit) == names
        assert len(all_names(store, limit=limit)) == 27
    assert store.scan("account", "vimeo", after=key("user024")) == []
    assert store.scan("account", "vimeo", after=key("user010"), limit=1)[0] == (
        key("user011"),
        Row(b"user011", 1),
    )
    assert [found.name for found, _ in store.scan("account", "vimeo", after=key("user0105"))] == names[11:]


def test_scan_has_rows_with_empty_names(store: Store) -> None:
    fill(store, ["", "a"])
    assert all_names(store, connection="vimeo", limit=1) == ["", "a"]


def test_ttl(store: Store) -> None:
    assert store.put(key("short", kind="state"), b"a", version=1, expected=0, ttl=0.05)
    assert store.put(key("zlong", kind="state"), b"b", version=1, expected=0, ttl=60)
    time.sleep(0.1)
    assert store.get(key("short", kind="state")) is None
    assert all_names(store, "state", limit=1) == ["zlong"]
    assert not store.put(key("short", kind="state"), b"c", version=2, expected=1), "an expired row is no row"
    assert not store.delete(key("short", kind="state"), expected=1)
    assert store.put(key("short", kind="state"), b"d", version=3, expected=0)
    assert store.get(key("short", kind="state")) == Row(b"d", 3)
    assert all_names(store, "state") == ["short", "zlong"]


def test_ttl_ends_with_a_put_without_one(store: Store) -> None:
    assert store.put(key(), b"a", version=1, expected=0, ttl=0.2)
    assert store.put(key(), b"b", version=2, expected=1)
    time.sleep(0.3)
    assert store.get(key()) == Row(b"b", 2)


def test_too_long_names_are_refused_alike(store: Store) -> None:
    longest = key("😀" * 512)
    assert store.put(longest, b"a", version=1, expected=0)
    assert store.get(longest) == Row(b"a", 1)
    with pytest.raises(InvalidInput):
        store.put(key("x" * 1_000_000), b"a", version=1, expected=0)
    with pytest.raises(InvalidInput):
        store.acquire("x" * 1_000_000, "me", 1)


def test_works_again_after_close(store: Store, store_url: str) -> None:
    assert store.put(key(), b"a", version=1, expected=0)
    store.close()
    store.close()
    assert store.get(key()) == (None if store_url.endswith(":memory:") else Row(b"a", 1))


def test_sees_what_another_store_wrote(store: Store, store_url: str) -> None:
    other = open_store(store_url)
    assert store.put(key(), b"a", version=1, expected=0)
    if store_url.endswith(":memory:"):  # is one store's own
        assert other.get(key()) is None
        return
    assert other.get(key()) == Row(b"a", 1)
    assert other.put(key(), b"b", version=2, expected=1)
    assert store.get(key()) == Row(b"b", 2)
    other.close()


def test_lease(store: Store) -> None:
    assert store.acquire("job", "me", 60) is True
    assert store.acquire("job", "you", 60) is False
    assert store.acquire("job", "me", 300), "its owner extends it"
    assert not store.acquire("job", "you", 60)
    assert store.acquire("other job", "you", 60)
    store.release("job", "you")
    assert not store.acquire("job", "you", 60), "released only by its owner"
    store.release("job", "me")
    assert store.acquire("job", "you", 60)
    store.release("never taken", "me")


def test_lease_ends(store: Store) -> None:
    assert store.acquire("job", "crashed", 0.1)
    time.sleep(0.2)
    assert store.acquire("job", "me", 60)
    assert not store.acquire("job", "crashed", 60)
    store.release("job", "crashed")
    assert not store.acquire("job", "you", 60), "it is not the former owner's to give back"


def test_lease_is_kept_alive(store: Store) -> None:
    """Each extension counts from its own time, and may shorten the lease as well."""
    assert store.acquire("job", "me", 0.1)
    assert store.acquire("job", "me", 60)
    time.sleep(0.2)
    assert not store.acquire("job", "you", 60)
    assert store.acquire("job", "me", 0.05)
    time.sleep(0.1)
    assert store.acquire("job", "you", 60)


def test_lease_names_are_any_text(store: Store) -> None:
    for name in ("", "a/b", "a\x00b", "\ud800", "😀 x"):
        assert store.acquire(name, f"me{name}", 60)
        assert store.acquire(name, f"me{name}", 60)
        assert not store.acquire(name, "you", 60)
        store.release(name, f"me{name}")
        assert store.acquire(name, "you", 60)


def test_threads_lose_no_update(store: Store) -> None:
    store.put(key(), b"0", version=1, expected=0)

    def work() -> None:
        for _ in range(25):
            _increment(store)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.get(key()) == Row(b"200", 201)


def _increment(store: Store) -> None:
    while True:
        row = store.get(key())
        assert row is not None
        if store.put(key(), b"%d" % (int(row.value) + 1), version=row.version + 1, expected=row.version):
            return


def _increments(number: int, url: str, times: int) -> None:
    store = open_store(url)
    for _ in range(times):
        _increment(store)
    store.close()


@pytest.mark.slow
@pytest.mark.parametrize("store_url", ["sqlite", "postgres", "redis"], indirect=True)
def test_processes_lose_no_update(store: Store, store_url: str) -> None:
    store.put(key(), b"0", version=1, expected=0)
    in_processes(8, _increments, store_url, 200)
    assert store.get(key()) == Row(b"1600", 1601)


def _hold(number: int, url: str, threads: int, seconds: float) -> list[tuple[float, float]]:
    """Take and give back one lease in many threads: (from, to) of each time it was held."""
    store = open_store(url)
    until = time.monotonic() + seconds  # one clock for all processes of a machine
    held: list[tuple[float, float]] = []

    def work(thread: int) -> None:
        owner = f"{number}-{thread}"
        while time.monotonic() < until:
            if not store.acquire("one", owner, 30):
                time.sleep(0.005)
                continue
            start = time.monotonic()
            time.sleep(0.002)
            held.append((start, time.monotonic()))
            store.release("one", owner)

    workers = [threading.Thread(target=work, args=(thread,)) for thread in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    store.close()
    return held


@pytest.mark.slow
@pytest.mark.parametrize("store_url", ["sqlite", "postgres", "redis"], indirect=True)
def test_lease_has_one_owner_over_processes_and_threads(store_url: str) -> None:
    held = [each for one in in_processes(8, _hold, store_url, 64, 8.0) for each in one]
    assert held
    held.sort()
    for (_, end), (start, _) in itertools.pairwise(held):
        assert end <= start, "nobody starts before the last one is done"


class Twins:
    """The async twins, under the blocking names."""

    def __init__(self, store: Store) -> None:
        self.get, self.put, self.delete, self.scan = store.aget, store.aput, store.adelete, store.ascan
        self.acquire, self.release, self.close = store.aacquire, store.arelease, store.aclose


@pytest.fixture
async def twins(store: Store) -> AsyncIterator[Twins]:
    twins = Twins(store)
    yield twins
    await twins.close()


async def test_async_twins(twins: Twins, store: Store) -> None:
    assert await twins.get(key()) is None
    assert await twins.put(key(), b"a", version=1, expected=0)
    assert not await twins.put(key(), b"a", version=1, expected=0)
    assert store.get(key()) == await twins.get(key()) == Row(b"a", 1)
    assert await twins.put(key("b"), b"b", version=1, expected=0, ttl=60)
    assert await twins.scan("account", "vimeo", limit=1) == [(key("b"), Row(b"b", 1))]
    assert await twins.scan("account", after=key("b")) == [(key(), Row(b"a", 1))]
    assert not await twins.delete(key(), expected=2)
    assert await twins.delete(key(), expected=1)
    assert await twins.acquire("job", "me", 60) is True
    assert await twins.acquire("job", "you", 60) is False
    assert not store.acquire("job", "you", 60)
    await twins.release("job", "you")
    await twins.release("job", "me")
    assert await twins.acquire("job", "you", 60)


async def test_async_tasks_lose_no_update(twins: Twins) -> None:
    await twins.put(key(), b"0", version=1, expected=0)

    async def work() -> None:
        for _ in range(5):
            while True:
                row = await twins.get(key())
                assert row is not None
                value = b"%d" % (int(row.value) + 1)
                if await twins.put(key(), value, version=row.version + 1, expected=row.version):
                    break

    await asyncio.gather(*(work() for _ in range(10)))
    assert await twins.get(key()) == Row(b"50", 51)


def test_each_event_loop_works(store: Store) -> None:
    async def one(number: int) -> None:
        assert await store.aput(key(str(number)), b"a", version=1, expected=0)
        assert await store.aget(key(str(number))) == Row(b"a", 1)

    async def closing(number: int) -> None:
        await one(number)
        await store.aclose()

    asyncio.run(one(1))
    asyncio.run(one(2))
    asyncio.run(closing(3))
    asyncio.run(closing(4))


async def test_a_write_does_not_stop_the_event_loop(store: Store) -> None:
    """A hundred writes, and a ticker beside them that has to get its turns."""
    ticks = 0
    done = False

    async def ticker() -> None:
        nonlocal ticks
        while not done:
            ticks += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(ticker())
    for number in range(100):
        assert await store.aput(key(str(number)), b"a", version=1, expected=0)
    done = True
    await task
    assert ticks >= 100
    await store.aclose()
