"""What every store promises of its rows: versions, pages, ends."""

from __future__ import annotations

import asyncio
import time

import pytest

from vimeo_toolkit.stores.completeness import require_complete
from vimeo_toolkit.stores.protocol import Checked, KeepsEnds, Key, Row, Store
from vimeo_toolkit.testing.hands import ODD_TEXTS, Hands, a_short_life, all_names, fill, key

__all__ = ["RowPromises"]


class RowPromises:
    """Tests that use one store at a time; see `StorePromises`."""

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
        """Check that versions above 2^53 are told apart: they are microseconds since the epoch."""
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
            return  # it promises nothing here
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
            return  # it promises nothing here
        fill(store, ["a", "b"])
        assert store.check("account") == 0
        assert store.check("state") == 0
        assert all_names(store) == ["a", "b"]
