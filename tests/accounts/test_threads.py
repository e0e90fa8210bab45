"""The row that says whose a conversation is: what it costs, how long it lasts, what can be read from it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.world import World
from vimeo_toolkit import Identity, WrongUser
from vimeo_toolkit.accounts.rows import Rows
from vimeo_toolkit.accounts.threads import LASTS, claim
from vimeo_toolkit.runtime.blocking import run_sync

ANA, BEN = Identity("vimeo", "ana"), Identity("vimeo", "ben")


class _Counting:
    """A store that notes which of its methods are used."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.used: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.used.append(name)
        return getattr(self._store, name)


def _claim(world: World, user: Identity, thread: str = "t") -> None:
    run_sync(claim(Rows(world.cipher), world, thread, user))


def test_a_claim_costs_one_read_once_the_thread_is_noted() -> None:
    world = World()
    store: Any = _Counting(world.store)
    world.store = store
    _claim(world, ANA)
    assert store.used == ["aget", "aput"]
    store.used.clear()
    _claim(world, ANA)
    assert store.used == ["aget"]


def test_a_thread_that_goes_on_keeps_its_user() -> None:
    world = World()
    _claim(world, ANA)
    for _ in range(5):
        world.time += LASTS * 0.6
        _claim(world, ANA)
        with pytest.raises(WrongUser):
            _claim(world, BEN)


def test_threads_of_two_connections_are_two() -> None:
    world = World()
    _claim(world, ANA)
    _claim(world, Identity("other", "ben"))
    with pytest.raises(WrongUser):
        _claim(world, BEN)


def test_neither_thread_nor_user_can_be_read_from_the_store() -> None:
    world = World()
    _claim(world, ANA, "ana/conversation")
    ((key, row),) = run_sync(world.store.ascan("thread"))
    assert "ana" not in str(key)
    assert b"ana" not in row.value
    assert b"ana" not in world.cipher.open(key, row.version, row.value)
