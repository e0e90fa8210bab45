"""A store that breaks a promise is found by the test of that promise; a class of tests without a store says so."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from vimeo_toolkit.stores import Key, Row
from vimeo_toolkit.stores.sqlite import SqliteStore
from vimeo_toolkit.testing import StorePromises

pytest_plugins = ["pytester"]


class _Careless(SqliteStore):
    """Writes whatever the version is."""

    def put(self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None) -> bool:
        row = self.get(key)
        return super().put(key, value, version=version, expected=row.version if row else 0, ttl=ttl)


class _Deleting(SqliteStore):
    def delete(self, key: Key, *, expected: int) -> bool:
        row = self.get(key)
        return row is not None and super().delete(key, expected=row.version)


class _Endless(SqliteStore):
    def put(self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None) -> bool:
        return super().put(key, value, version=version, expected=expected)


class _Rounding(SqliteStore):
    """Has versions as floats."""

    def put(self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None) -> bool:
        return super().put(key, value, version=int(float(version)), expected=int(float(expected)), ttl=ttl)


class _Views(SqliteStore):
    def get(self, key: Key) -> Row | None:
        row = super().get(key)
        return row and Row(bytearray(row.value), row.version)  # type: ignore[arg-type]


class _Folding(SqliteStore):
    """Holds names that differ in case for the same."""

    def put(self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None) -> bool:
        return super().put(
            key._replace(name=key.name.lower()), value, version=version, expected=expected, ttl=ttl
        )


class _Forgetful(SqliteStore):
    """Leaves out a page's last row where more follow."""

    def scan(self, kind: str, connection: str | None = None, **page: Any) -> list[tuple[Key, Row]]:
        found = super().scan(kind, connection, **page)
        return found[:-1] if len(found) > 1 and len(found) == page.get("limit") else found


class _Prefixed(SqliteStore):
    """Holds a connection for another one whose name begins alike."""

    def scan(self, kind: str, connection: str | None = None, **page: Any) -> list[tuple[Key, Row]]:
        return [
            each for each in super().scan(kind, **page) if each[0].connection.startswith(connection or "")
        ]


class _Generous(SqliteStore):
    def acquire(self, lease: str, owner: str, ttl: float) -> bool:
        return True


class _Stiff(SqliteStore):
    """Does not extend a lease."""

    def acquire(self, lease: str, owner: str, ttl: float) -> bool:
        return super().acquire(lease, owner if ttl < 1 else f"{owner} {ttl}", ttl)


class _Releasing(SqliteStore):
    """Gives a lease back whoever asks."""

    def release(self, lease: str, owner: str) -> None:
        for each in ("me", "you"):
            super().release(lease, each)


class _Clingy(SqliteStore):
    """Never gives a lease back."""

    def release(self, lease: str, owner: str) -> None: ...


class _Racing(SqliteStore):
    """Compares and sets in two steps."""

    def put(self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None) -> bool:
        row = self.get(key)
        if (row.version if row else 0) != expected:
            return False
        time.sleep(0.0005)  # as a server's answer takes
        while not super().put(key, value, version=version, expected=expected, ttl=ttl):
            now = self.get(key)
            expected = now.version if now else 0
        return True


class _Blocking(SqliteStore):
    """Writes in the event loop's own thread."""

    async def aput(
        self, key: Key, value: bytes, *, version: int, expected: int, ttl: float | None = None
    ) -> bool:
        return self.put(key, value, version=version, expected=expected, ttl=ttl)


class _Renewing(SqliteStore):
    """Takes a row's end away where only its value is replaced."""

    def replace(self, key: Key, value: bytes, *, version: int) -> bool:
        return self.put(key, value, version=version, expected=version)


BROKEN = [
    (_Careless, "a_row_is_written_at_the_expected_version_alone"),
    (_Deleting, "a_row_is_deleted_at_the_expected_version_alone"),
    (_Endless, "a_row_that_has_ended_is_no_row"),
    (_Rounding, "versions_are_large_numbers"),
    (_Views, "what_was_written_is_read"),
    (_Folding, "neighbours_are_apart"),
    (_Forgetful, "scan_gives_every_row_once_in_order"),
    (_Prefixed, "scan_gives_every_row_once_in_order"),
    (_Generous, "a_lease_has_one_holder"),
    (_Stiff, "an_extension_counts_from_its_own_time"),
    (_Releasing, "a_lease_has_one_holder"),
    (_Clingy, "a_lease_has_one_holder"),
    (_Racing, "threads_lose_no_update"),
    (_Blocking, "a_write_does_not_stop_the_event_loop"),
    (_Renewing, "replace_touches_neither_version_nor_end"),
]


@pytest.mark.parametrize(("broken", "promise"), BROKEN)
def test_a_broken_promise_is_found(broken: type[SqliteStore], promise: str, tmp_path: Path) -> None:
    store = broken(str(tmp_path / "rows.db"))  # in memory some promises have nothing to hold
    with pytest.raises(AssertionError):
        getattr(StorePromises(), f"test_{promise}")(store)
    store.close()


@pytest.mark.parametrize("promise", sorted({promise for _, promise in BROKEN}))
def test_a_kept_promise_is_not(promise: str, tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "rows.db"))
    getattr(StorePromises(), f"test_{promise}")(store)
    store.close()


def test_a_class_of_tests_that_makes_no_store_is_told_what_to_write(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from vimeo_toolkit.testing import StorePromises

        class TestMyStore(StorePromises):
            pass
        """
    )
    told = pytester.runpytest_inprocess("--disable-plugin-autoload", "-p", "no:cacheprovider")
    outcomes = told.parseoutcomes()
    assert outcomes.keys() == {"errors"}, "no test passes, fails or is skipped without a store"
    assert (
        told.stdout.str().count("TestMyStore does not say how a store is made: write a fixture")
        >= outcomes["errors"]
    )
