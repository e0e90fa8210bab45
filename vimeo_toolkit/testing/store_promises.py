"""What every store promises, as tests: those that the toolkit's own stores pass."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from vimeo_toolkit.stores.completeness import require_complete
from vimeo_toolkit.stores.protocol import Checked, KeepsEnds, Key, Row, Store, is_in_memory
from vimeo_toolkit.testing.hands import (
    Asynchronous,
    Hands,
    a_short_life,
    add_one,
    all_names,
    count_up,
    fill,
    in_processes,
    in_threads,
    key,
    take_turns,
)

__all__ = ["StorePromises"]

ODD_TEXTS = ("", "a/b", "a%2Fb", "B", "b ", "b\x00", "\n", "é", "e\u0301", "😀", "\ud83d", "!", "*", "'; --")


class StorePromises:
    """Tests of a store. Make a subclass that pytest collects, and say in it how your store is made:

    ```python
    class TestMyStore(StorePromises):
        @pytest.fixture
        def make_store(self, tmp_path):
            return functools.partial(MyStore, tmp_path / "rows")
    ```

    Each call of `make_store()` opens the same rows, which are empty when a test begins; a store in memory may give
    new ones. What can be sent to another process (a `partial` of a class can) is tried in several processes, too.
    The tests need pytest alone: the asynchronous twins run in event loops of their own.
    """

    processes: ClassVar[int] = 2
    """How many are tried at once."""
    threads_each: ClassVar[int] = 4
    """How many threads in each of them."""

    @pytest.fixture
    def make_store(self) -> Callable[[], Store]:
        """What opens a store: yours."""
        raise NotImplementedError("Say in your subclass how a store is made: a fixture make_store.")

    @pytest.fixture
    def store(self, make_store: Callable[[], Store]) -> Iterator[Store]:
        """An empty store."""
        store = make_store()
        yield store
        store.close()

    @pytest.fixture
    def other(self, store: Store, make_store: Callable[[], Store]) -> Iterator[Store]:
        """The same rows, opened a second time."""
        if is_in_memory(store):
            pytest.skip("a store in memory is opened once")
        other = make_store()
        yield other
        other.close()

    @pytest.fixture(params=["blocking", "asynchronous"])
    def hands(self, request: pytest.FixtureRequest, store: Store) -> Iterator[Hands]:
        """The store in either world."""
        if request.param == "blocking":
            yield store
            return
        with asyncio.Runner() as runner:
            yield Asynchronous(store, runner)
            runner.run(store.aclose())

    def test_it_is_complete(self, store: Store) -> None:
        require_complete(store)
        assert not (store.shared and store.path is not None)

    # Rows

    def test_what_was_written_is_read(self, hands: Hands) -> None:
        value = bytes(range(256)) * 40
        assert hands.get(key()) is None
        assert hands.put(key(), value, version=7, expected=0) is True
        found = hands.get(key())
        assert found == Row(value, 7)
        assert type(found.value) is bytes

    @pytest.mark.parametrize("size", [0, 1, 500_000])
    def test_values_of_any_size(self, store: Store, size: int) -> None:
        assert store.put(key(), b"\xff" * size, version=1, expected=0)
        assert store.get(key()) == Row(b"\xff" * size, 1)
        assert store.scan("account") == [(key(), Row(b"\xff" * size, 1))]

    def test_versions_are_large_numbers(self, hands: Hands) -> None:
        """They are microseconds since the epoch; neighbours above 2^53 must not look the same."""
        big = 2**53
        assert hands.put(key(), b"", version=big, expected=0)
        assert not hands.put(key(), b"x", version=5, expected=big + 1)
        assert not hands.delete(key(), expected=big + 1)
        assert hands.put(key(), b"y", version=big + 1, expected=big)
        assert not hands.delete(key(), expected=big)
        assert hands.get(key()) == Row(b"y", big + 1)
        assert hands.put(key(), b"z", version=2**62, expected=big + 1)
        assert hands.get(key()) == Row(b"z", 2**62)

    def test_a_row_is_written_at_the_expected_version_alone(self, hands: Hands) -> None:
        assert hands.put(key(), b"a", version=2, expected=1) is False
        assert hands.get(key()) is None
        assert hands.put(key(), b"a", version=1, expected=0)
        assert not hands.put(key(), b"a", version=1, expected=0)
        assert not hands.put(key(), b"b", version=2, expected=0)
        assert not hands.put(key(), b"b", version=3, expected=2)
        assert hands.get(key()) == Row(b"a", 1)
        assert hands.put(key(), b"b", version=9, expected=1)
        assert not hands.put(key(), b"c", version=10, expected=1)
        assert hands.get(key()) == Row(b"b", 9)

    def test_a_row_is_deleted_at_the_expected_version_alone(self, hands: Hands) -> None:
        assert hands.delete(key(), expected=1) is False
        assert not hands.delete(key(), expected=0)
        assert hands.put(key(), b"a", version=3, expected=0)
        assert not hands.delete(key(), expected=2)
        assert not hands.delete(key(), expected=0), "only a row that no store wrote is deleted so"
        assert hands.delete(key(), expected=3) is True
        assert not hands.delete(key(), expected=3)
        assert hands.get(key()) is None
        assert hands.scan("account") == []
        assert hands.put(key(), b"b", version=4, expected=0)

    def test_neighbours_are_apart(self, hands: Hands) -> None:
        keys = [
            *(Key("account", "a", text) for text in ODD_TEXTS),
            *(Key("account", text, "a") for text in ODD_TEXTS),
            *(Key(text, "account", "") for text in ODD_TEXTS),
        ]
        for number, each in enumerate(keys):
            assert hands.put(each, str(number).encode(), version=number + 1, expected=0), each
        for number, each in enumerate(keys):
            assert hands.get(each) == Row(str(number).encode(), number + 1), each
        found = [each for each, _ in hands.scan("account")]
        assert len(found) == len(set(found))
        assert set(found) == {each for each in keys if each.kind == "account"}
        assert {each.name for each, _ in hands.scan("account", "a")} == {*ODD_TEXTS}

    def test_long_names(self, store: Store) -> None:
        assert store.put(key("😀" * 512), b"a", version=1, expected=0)
        assert store.put(key("😀" * 511 + "x"), b"b", version=1, expected=0)
        assert store.get(key("😀" * 512)) == Row(b"a", 1)
        assert all_names(store, limit=1) == all_names(store)

    # Pages

    def test_scan_gives_every_row_once_in_order(self, hands: Hands) -> None:
        names = [f"user{number:03}" for number in range(25)]
        fill(hands, names[::-1])
        fill(hands, ["x"], connection="other")
        fill(hands, ["x"], connection="vimeo-2")
        fill(hands, ["x"], kind="state")
        assert [found.name for found, _ in hands.scan("account", "vimeo", limit=10)] == names[:10]
        for limit in (1, 7, 25, 500):
            assert all_names(hands, connection="vimeo", limit=limit) == names
            assert len(all_names(hands, limit=limit)) == 27
        assert hands.scan("account", "vimeo", after=key("user024")) == []
        page = hands.scan("account", "vimeo", after=key("user010"), limit=1)
        assert page == [(key("user011"), Row(b"user011", 1))]
        assert isinstance(page[0][0], Key)

    def test_scan_goes_on_behind_a_row_that_is_gone(self, hands: Hands) -> None:
        fill(hands, ["a", "b", "c"])
        assert hands.delete(key("b"), expected=1)
        assert [found.name for found, _ in hands.scan("account", "vimeo", after=key("b"))] == ["c"]

    def test_scan_has_rows_with_empty_names(self, hands: Hands) -> None:
        fill(hands, ["", "a"])
        assert all_names(hands, connection="vimeo", limit=1) == ["", "a"]

    def test_a_scan_of_what_is_not_there(self, hands: Hands) -> None:
        assert hands.scan("account") == []
        assert hands.scan("no such kind", "nor connection", after=key(), limit=1) == []

    # Ends

    def test_a_row_that_has_ended_is_no_row(self, hands: Hands) -> None:
        short, long = key("short", kind="state"), key("zlong", kind="state")
        assert hands.put(short, b"a", version=1, expected=0, ttl=0.05)
        assert hands.put(long, b"b", version=1, expected=0, ttl=60)
        time.sleep(0.1)
        assert hands.get(short) is None
        assert all_names(hands, "state", limit=1) == ["zlong"]
        assert not hands.put(short, b"c", version=2, expected=1)
        assert not hands.delete(short, expected=1)
        assert hands.put(short, b"d", version=3, expected=0)
        assert hands.get(short) == Row(b"d", 3)
        assert all_names(hands, "state") == ["short", "zlong"]

    @pytest.mark.parametrize("ttl", [None, 60.0])
    def test_each_write_sets_the_end_anew(self, store: Store, ttl: float | None) -> None:
        life = a_short_life(
            lambda life: store.put(key(), b"a", version=1, expected=0, ttl=life),
            lambda: store.put(key(), b"b", version=2, expected=1, ttl=ttl),
        )
        time.sleep(1.2 * life)
        assert store.get(key()) == Row(b"b", 2)

    def test_replace_touches_neither_version_nor_end(self, store: Store) -> None:
        if not isinstance(store, KeepsEnds):
            pytest.skip("this store does not keep ends")
        life = a_short_life(
            lambda life: store.put(key("ends"), b"a", version=5, expected=0, ttl=life),
            lambda: store.replace(key("ends"), b"b", version=5),
        )
        assert store.put(key("stays"), b"a", version=5, expected=0)
        assert store.replace(key("stays"), b"wrong", version=4) is False
        assert store.replace(key("stays"), b"b", version=5) is True
        assert store.replace(key("absent"), b"b", version=5) is False
        assert store.get(key("stays")) == Row(b"b", 5)
        time.sleep(1.2 * life)
        assert store.get(key("ends")) is None
        assert not store.replace(key("ends"), b"c", version=5)
        assert store.get(key("stays")) == Row(b"b", 5)

        async def twin() -> None:
            assert await kept.areplace(key("stays"), b"c", version=4) is False
            assert await kept.areplace(key("stays"), b"c", version=5) is True
            assert await store.aget(key("stays")) == Row(b"c", 5)
            await store.aclose()

        kept: KeepsEnds = store
        asyncio.run(twin())

    def test_a_check_of_what_is_whole_finds_nothing(self, store: Store) -> None:
        if not isinstance(store, Checked):
            pytest.skip("this store has nothing to check")
        fill(store, ["a", "b"])
        assert store.check("account") == 0
        assert store.check("state") == 0
        assert all_names(store) == ["a", "b"]

    # Leases

    def test_a_lease_has_one_holder(self, hands: Hands) -> None:
        assert hands.acquire("job", "me", 60)
        assert not hands.acquire("job", "you", 60)
        assert hands.acquire("job", "me", 300), "its holder extends it"
        assert not hands.acquire("job", "you", 60)
        assert hands.acquire("other job", "you", 60)
        hands.release("job", "you")
        assert not hands.acquire("job", "you", 60), "given back by its holder alone"
        hands.release("job", "me")
        assert hands.acquire("job", "you", 60)
        hands.release("never taken", "me")

    def test_a_lease_that_has_ended_is_anybodys(self, hands: Hands) -> None:
        assert hands.acquire("job", "crashed", 0.05)
        time.sleep(0.1)
        assert hands.acquire("job", "me", 60)
        assert not hands.acquire("job", "crashed", 60)
        hands.release("job", "crashed")
        assert not hands.acquire("job", "you", 60), "it is not the former holder's to give back"

    def test_an_extension_counts_from_its_own_time(self, hands: Hands) -> None:
        assert hands.acquire("job", "me", 0.05)
        assert hands.acquire("job", "me", 60)
        time.sleep(0.1)
        assert not hands.acquire("job", "you", 60)
        assert hands.acquire("job", "me", 0.05)
        time.sleep(0.1)
        assert hands.acquire("job", "you", 60)

    def test_leases_have_any_name(self, hands: Hands) -> None:
        for name in ODD_TEXTS:
            assert hands.acquire(name, f"me{name}", 60), name
            assert hands.acquire(name, f"me{name}", 60), name
            assert not hands.acquire(name, "you", 60), name
            hands.release(name, f"me{name}")
            assert hands.acquire(name, "you", 60), name

    # Many at once

    def test_threads_lose_no_update(self, store: Store) -> None:
        assert store.put(key(), b"0", version=1, expected=0)
        in_threads(8, lambda: add_one(store, times=25))
        assert store.get(key()) == Row(b"200", 201)

    def test_tasks_lose_no_update(self, store: Store) -> None:
        assert store.put(key(), b"0", version=1, expected=0)

        async def add() -> None:
            row = await store.aget(key())
            assert row is not None
            value = b"%d" % (int(row.value) + 1)
            if not await store.aput(key(), value, version=row.version + 1, expected=row.version):
                await add()

        async def main() -> None:
            await asyncio.gather(*(add() for _ in range(20)))
            assert await store.aget(key()) == Row(b"20", 21)
            await store.aclose()

        asyncio.run(main())

    def test_a_second_handle_sees_the_same_rows(self, store: Store, other: Store) -> None:
        assert store.put(key(), b"a", version=1, expected=0)
        assert other.get(key()) == Row(b"a", 1)
        assert other.put(key(), b"b", version=2, expected=1)
        assert store.get(key()) == Row(b"b", 2)
        assert not store.put(key(), b"c", version=2, expected=1)
        assert store.acquire("job", "me", 60)
        assert not other.acquire("job", "you", 60)
        assert store.put(key("short"), b"a", version=1, expected=0, ttl=0.05)
        time.sleep(0.1)
        assert other.get(key("short")) is None

    def test_rows_outlive_a_handle(self, store: Store, other: Store, make_store: Callable[[], Store]) -> None:
        assert store.put(key(), b"a", version=1, expected=0)
        store.close()
        store.close()
        other.close()
        third = make_store()
        assert third.get(key()) == Row(b"a", 1)
        third.close()

    def test_processes_lose_no_update(
        self, store: Store, other: Store, make_store: Callable[[], Store]
    ) -> None:
        assert store.put(key(), b"0", version=1, expected=0)
        in_processes(self.processes, count_up, make_store, 100)
        number = self.processes * 100
        assert store.get(key()) == Row(b"%d" % number, number + 1)

    def test_a_lease_has_one_holder_over_processes_and_threads(
        self, store: Store, other: Store, make_store: Callable[[], Store], tmp_path: Path
    ) -> None:
        had = in_processes(self.processes, take_turns, make_store, tmp_path / "inside", self.threads_each, 3)
        assert all(had), "each process had its turn"

    # Event loops

    def test_each_event_loop_works(self, store: Store) -> None:
        async def one(number: int) -> None:
            assert await store.aput(key(str(number)), b"a", version=1, expected=0)
            assert await store.aget(key(str(number))) == Row(b"a", 1)

        async def closing(number: int) -> None:
            await one(number)
            await store.aclose()

        asyncio.run(one(1))
        asyncio.run(one(2))
        asyncio.run(closing(3))
        if not is_in_memory(store):
            asyncio.run(closing(4))

    def test_a_write_does_not_stop_the_event_loop(self, store: Store) -> None:
        """Others get a turn while it waits for the disk or the network."""

        async def main() -> int:
            turns, done = 0, False

            async def others() -> None:
                nonlocal turns
                while not done:
                    turns += 1
                    await asyncio.sleep(0)

            task = asyncio.create_task(others())
            for number in range(50):
                assert await store.aput(key(str(number)), b"a", version=1, expected=0)
            done = True
            await task
            await store.aclose()
            return turns

        assert asyncio.run(main()) >= 50
