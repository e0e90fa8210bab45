"""Small pools: few calls use the first, many are spread, and each gets its place back."""

from __future__ import annotations

import itertools
from contextlib import ExitStack

import pytest

from vimeo_toolkit.runtime.lanes import CONNECTIONS, LANES, Lanes


def made() -> Lanes[int]:
    numbers = itertools.count()
    return Lanes(lambda: next(numbers))


def test_one_call_at_a_time_uses_one_client() -> None:
    lanes = made()
    for _ in range(20):
        with lanes.client() as client:
            assert client == 0
    assert lanes.clear() == [0]


def test_many_are_spread_and_no_client_is_made_beyond_the_last() -> None:
    lanes = made()
    with ExitStack() as stack:
        used = [stack.enter_context(lanes.client()) for _ in range(LANES * CONNECTIONS + LANES)]
    assert used[: CONNECTIONS + 1] == [0] * CONNECTIONS + [1]
    assert {number: used.count(number) for number in used} == dict.fromkeys(range(LANES), CONNECTIONS + 1)
    with lanes.client() as client:
        assert client == 0


def test_a_place_is_given_back_when_a_call_fails() -> None:
    lanes = made()
    for _ in range(3 * CONNECTIONS):
        with pytest.raises(RuntimeError), lanes.client():
            raise RuntimeError
    with lanes.client() as client:
        assert client == 0


def test_cleared_lanes_are_made_anew() -> None:
    lanes = made()
    with lanes.client() as client:
        assert client == 0
    assert lanes.clear() == [0]
    with lanes.client() as client:
        assert client == 1
