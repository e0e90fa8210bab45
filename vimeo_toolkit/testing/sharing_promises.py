"""What every store promises to many: leases, threads, processes, event loops."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from vimeo_toolkit.stores.protocol import Row, Store, is_in_memory
from vimeo_toolkit.testing.hands import (
    ODD_TEXTS,
    Hands,
    add_one,
    count_up,
    in_processes,
    in_threads,
    key,
    take_turns,
)

__all__ = ["SharingPromises"]


class SharingPromises:
    """Tests of what many do with a store at once; see `StorePromises`."""

    processes: ClassVar[int] = 2
    """How many are tried at once."""
    threads_each: ClassVar[int] = 4
    """How many threads in each of them."""

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
        if is_in_memory(store):
            return  # its rows are of one handle and one process
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
        if is_in_memory(store):
            return  # its rows are of one handle and one process
        assert store.put(key(), b"0", version=1, expected=0)
        in_processes(self.processes, count_up, make_store, 100)
        number = self.processes * 100
        assert store.get(key()) == Row(b"%d" % number, number + 1)

    def test_a_lease_has_one_holder_over_processes_and_threads(
        self, store: Store, other: Store, make_store: Callable[[], Store], tmp_path: Path
    ) -> None:
        if is_in_memory(store):
            return  # its rows are of one handle and one process
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
        """Check that others get a turn while a write waits for the disk or the network."""
        if is_in_memory(store):
            return  # it waits for nothing

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
