"""Any sequence of operations does what a dict would do: hypothesis state machines over every store."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.properties import examples
from tests.stores.strategies import KEYS, TEXTS, VALUES
from vimeo_toolkit.stores import Key, Row, Store, open_store
from vimeo_toolkit.stores.key_encoding import behind, from_text, part_to_text, span, to_text

_SETTINGS = settings(
    examples(12, 100, [HealthCheck.too_slow, HealthCheck.data_too_large]), stateful_step_count=30
)


def _machine(opened: Callable[[], Store]) -> type[RuleBasedStateMachine]:
    class Model(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.rows: dict[Key, Row] = {}
            self.owners: dict[str, str] = {}

        @initialize()
        def start(self) -> None:
            self.store = opened()

        @rule(
            key=KEYS,
            value=VALUES,
            version=st.integers(1, 2**62),
            stale=st.booleans(),
            ttl=st.sampled_from([None, 60]),
        )
        def put(self, key: Key, value: bytes, version: int, stale: bool, ttl: float | None) -> None:
            row = self.rows.get(key)
            expected = (row.version if row else 0) + stale
            assert self.store.put(key, value, version=version, expected=expected, ttl=ttl) is not stale
            if not stale:
                self.rows[key] = Row(value, version)

        @rule(data=st.data(), value=VALUES)
        def update(self, data: Any, value: bytes) -> None:
            if self.rows:
                key = data.draw(st.sampled_from(sorted(self.rows, key=repr)))
                version = self.rows[key].version
                assert self.store.put(key, value, version=version + 1, expected=version)
                self.rows[key] = Row(value, version + 1)

        @rule(data=st.data(), stale=st.booleans())
        def delete(self, data: Any, stale: bool) -> None:
            if self.rows:
                key = data.draw(st.sampled_from(sorted(self.rows, key=repr)))
                assert self.store.delete(key, expected=self.rows[key].version + stale) is not stale
                if not stale:
                    del self.rows[key]

        @rule(key=KEYS)
        def get(self, key: Key) -> None:
            assert self.store.get(key) == self.rows.get(key)

        @rule(
            kind=st.sampled_from(["account", "state", "a/b", ""]),
            connection=st.none() | TEXTS,
            limit=st.integers(1, 5),
        )
        def scan(self, kind: str, connection: str | None, limit: int) -> None:
            found: list[tuple[Key, Row]] = []
            while page := self.store.scan(
                kind, connection, after=found[-1][0] if found else None, limit=limit
            ):
                assert len(page) <= limit
                found += page
            assert len(found) == len(dict(found))
            assert dict(found) == {
                key: row
                for key, row in self.rows.items()
                if key.kind == kind and connection in (None, key.connection)
            }

        @rule(lease=TEXTS, owner=st.sampled_from(["", "me", "you", "\x00"]))
        def acquire(self, lease: str, owner: str) -> None:
            mine = self.owners.setdefault(lease, owner or "x") == (owner or "x")
            assert self.store.acquire(lease, owner or "x", 600) is mine

        @rule(lease=TEXTS, owner=st.sampled_from(["x", "me", "you", "\x00"]))
        def release(self, lease: str, owner: str) -> None:
            self.store.release(lease, owner)
            if self.owners.get(lease) == owner:
                del self.owners[lease]

        @invariant()
        def all_rows_are_there(self) -> None:
            for key, row in self.rows.items():
                assert self.store.get(key) == row

        def teardown(self) -> None:
            if hasattr(self, "store"):
                self.store.close()

    return Model


@pytest.mark.property
@pytest.mark.parametrize("kind", ["sqlite", "memory", "postgres", "redis"])
def test_like_a_dict(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if kind == "sqlite":

        def opened() -> Store:
            return open_store(f"sqlite:///{tmp_path / uuid.uuid4().hex}")

    elif kind == "memory":

        def opened() -> Store:
            return open_store("sqlite:///:memory:")

    elif kind == "redis":
        base = str(request.getfixturevalue("redis_url"))

        def opened() -> Store:
            return open_store(base + uuid.uuid4().hex[:8])

    else:
        url = str(request.getfixturevalue("postgres_url"))

        def opened() -> Store:
            import psycopg

            store = open_store(url)
            store.get(Key("account", "", ""))
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("TRUNCATE vimeo_toolkit_row, vimeo_toolkit_lease")
            return store

    run_state_machine_as_test(_machine(opened), settings=_SETTINGS)


@given(KEYS, KEYS)
def test_names_are_injective(one: Key, other: Key) -> None:
    assert from_text(to_text(one)) == one
    assert (to_text(one) == to_text(other)) == (one == other)
    to_text(one).encode()
    assert "\x00" not in to_text(one)


@given(KEYS, KEYS, st.booleans())
def test_spans(one: Key, other: Key, connected: bool) -> None:
    low, high = span(one.kind, one.connection if connected else None)
    inside = one.kind == other.kind and (not connected or one.connection == other.connection)
    assert (low.encode() <= to_text(other).encode() < high.encode()) == inside
    assert (to_text(other).encode() >= behind("", one).encode()) == (
        to_text(other).encode() > to_text(one).encode()
    )


@given(TEXTS)
def test_parts_have_no_separator(text: str) -> None:
    assert not set(part_to_text(text)) & set("/ \x00\n!")
