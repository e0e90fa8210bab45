"""Small pools: few calls use the first, many are spread, and each gets its place back."""

from __future__ import annotations

import itertools
from contextlib import ExitStack

import pytest

from vimeo_toolkit.runtime.pool_shards import CONNECTIONS, SHARDS, PoolShards


def made() -> PoolShards[int]:
    numbers = itertools.count()
    return PoolShards(lambda: next(numbers))


def test_one_call_at_a_time_uses_one_client() -> None:
    shards = made()
    for _ in range(20):
        with shards.client() as client:
            assert client == 0
    assert shards.clear() == [0]


def test_many_are_spread_and_no_client_is_made_beyond_the_last() -> None:
    shards = made()
    with ExitStack() as stack:
        used = [stack.enter_context(shards.client()) for _ in range(SHARDS * CONNECTIONS + SHARDS)]
    assert used[: CONNECTIONS + 1] == [0] * CONNECTIONS + [1]
    assert {number: used.count(number) for number in used} == dict.fromkeys(range(SHARDS), CONNECTIONS + 1)
    with shards.client() as client:
        assert client == 0


def test_a_place_is_given_back_when_a_call_fails() -> None:
    shards = made()
    for _ in range(3 * CONNECTIONS):
        with pytest.raises(RuntimeError), shards.client():
            raise RuntimeError
    with shards.client() as client:
        assert client == 0


def test_cleared_shards_are_made_anew() -> None:
    shards = made()
    with shards.client() as client:
        assert client == 0
    assert shards.clear() == [0]
    with shards.client() as client:
        assert client == 1
