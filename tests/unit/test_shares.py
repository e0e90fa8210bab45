"""Who gets a connection, and in which order: the scheduler alone, without a clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from vimeo_toolkit.runtime.shares import Place, Shares


class Fixture:
    """Asks for users, and knows who was served in which order."""

    def __init__(self, capacity: int) -> None:
        self.shares = Shares(capacity)
        self.order: list[str] = []
        self.places: list[Place] = []

    def ask(self, user: str, times: int = 1) -> list[Place]:
        asked = [self.shares.ask(user, self._served(user)) for _ in range(times)]
        self.order += [user for place in asked if place.granted]
        self.places += asked
        return asked

    def _served(self, user: str) -> Callable[[], None]:
        return lambda: self.order.append(user)

    def held(self) -> Counter[str]:
        return Counter(str(place.user) for place in self.places if place.granted)

    def leave(self, place: Place) -> None:
        self.places.remove(place)
        self.shares.leave(place)


def test_one_user_gets_nearly_half_however_much_it_wants() -> None:
    fixture = Fixture(400)
    fixture.ask("noisy", 1_000)
    assert fixture.held() == {"noisy": 175}


def test_a_quiet_user_is_served_at_once_beside_any_number_of_slow_calls() -> None:
    fixture = Fixture(400)
    for number in range(20):
        fixture.ask(f"slow {number}", 10)
    fixture.ask("noisy", 400)
    for number in range(50):
        (place,) = fixture.ask(f"quiet {number}")
        assert place.granted
    assert sum(fixture.held().values()) <= 400


def test_room_is_left_for_first_calls_beside_many_slow_users() -> None:
    fixture = Fixture(400)
    for number in range(100):
        fixture.ask(f"slow {number}", 4)
    (again,) = fixture.ask("slow 99")
    assert not again.granted
    assert all(place.granted for number in range(30) for place in fixture.ask(f"quiet {number}"))


def test_equal_demand_gets_equal_shares() -> None:
    fixture = Fixture(400)
    for _ in range(20):
        for number in range(50):
            fixture.ask(f"user {number}")
    assert set(fixture.held().values()) <= {6, 7}


def test_who_holds_least_is_served_first_then_who_waited_longest() -> None:
    fixture = Fixture(4)
    held = [*fixture.ask("a", 2), *fixture.ask("b"), *fixture.ask("c")]
    assert all(place.granted for place in held)
    for user in ("a", "d", "b", "e"):
        fixture.ask(user)
    fixture.order.clear()
    for place in held:
        fixture.leave(place)
    assert fixture.order == ["d", "a", "b", "e"]


def test_who_gives_up_waiting_is_not_served() -> None:
    fixture = Fixture(2)
    (first,) = fixture.ask("a")
    waiting = fixture.ask("a", 2)
    fixture.leave(waiting[0])
    fixture.order.clear()
    fixture.leave(first)
    assert fixture.order == ["a"]
    assert waiting[1].granted


@given(
    st.integers(1, 8),
    st.lists(st.tuples(st.booleans(), st.sampled_from("abcdef"), st.integers(0, 100)), max_size=200),
)
def test_whatever_happens(capacity: int, steps: list[tuple[bool, str, int]]) -> None:
    """Never more than there are; nobody who holds none waits while one is free; all come back."""
    fixture = Fixture(capacity)
    for asks, user, which in steps:
        if asks or not fixture.places:
            fixture.ask(user)
        else:
            fixture.leave(fixture.places[which % len(fixture.places)])
        held = fixture.held()
        assert sum(held.values()) + fixture.shares.free == capacity
        if fixture.shares.free:
            assert all(held[str(place.user)] for place in fixture.places if not place.granted)
    while fixture.places:
        granted = [place for place in fixture.places if place.granted]
        assert granted, "everybody waits"
        fixture.leave(granted[0])
    assert fixture.shares.free == capacity
    assert not fixture.shares._held
    assert not fixture.shares._waiting
