"""Large results are kept for their own user, few, counted, and not for long."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vimeo_toolkit import InvalidInput, VimeoToolkit
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.result_cache import PER_USER, SECONDS, TOTAL_BYTES, USER_BYTES, ResultCache
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.state import User as SandboxUser


def test_results_are_kept_for_one_user_and_not_for_long() -> None:
    results = ResultCache()
    user = Owner(Identity("vimeo", "a"), "1.5 /users/7")
    data = {"x": 1}
    assert results.keep(user, "r1", data, ("name",), now=0.0)
    data["x"] = 2
    assert results.get(user, "r1", SECONDS - 1).data == {"x": 1}
    for other, handle, now in (
        (Owner(Identity("vimeo", "b"), user.generation), "r1", 0.0),
        (Owner(Identity("v", "a"), user.generation), "r1", 0.0),
        (Owner(Identity("vimeo", "a"), "1.5 /users/8"), "r1", 0.0),
        (Owner(Identity("vimeo", "a")), "r1", 0.0),
        (user, "r1", SECONDS),
    ):
        with pytest.raises(InvalidInput, match="not kept"):
            results.get(other, handle, now)
    for number in range(PER_USER):
        results.keep(user, f"n{number}", {}, (), now=1.0)
    with pytest.raises(InvalidInput):
        results.get(user, "r1", 1.0)
    assert results.get(user, "n0", 1.0)


def test_no_user_crowds_the_others_out() -> None:
    results, greedy, quiet = ResultCache(), Owner(Identity("vimeo", "a")), Owner(Identity("vimeo", "b"))
    results.keep(quiet, "mine", {}, (), now=0.0)
    assert not results.keep(greedy, "too-large", {"x": "x" * USER_BYTES}, (), now=0.0)
    for number in range(2 * PER_USER):
        assert results.keep(greedy, f"n{number}", {"x": "x" * (USER_BYTES // 3)}, (), now=0.0)
    assert results.get(quiet, "mine", 1.0)
    assert results.get(greedy, f"n{2 * PER_USER - 2}", 1.0)
    with pytest.raises(InvalidInput):
        results.get(greedy, f"n{2 * PER_USER - 3}", 1.0)


def test_what_is_kept_is_counted_as_the_memory_that_it_takes() -> None:
    data = {"data": [{"uri": f"/videos/{number}", "name": "A video"} for number in range(40)]}
    results, many = ResultCache(), 300
    results.keep(Owner(Identity("vimeo", "first")), "r", data, (), now=0.0)
    counted = results._size
    tracemalloc.start()
    try:
        for number in range(many):
            owner = Owner(Identity("vimeo", f"user-{number}"), f"1800000000.{number} /users/{number}")
            results.keep(owner, f"r{number:07}", data, (), now=0.0)
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert taken <= results._size - counted <= 1.5 * taken


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.integers(0, 5),
            st.integers(0, USER_BYTES // 2),
            st.integers(0, 2 * int(SECONDS)),
        ),
        max_size=40,
    )
)
@settings(max_examples=30, deadline=None)
def test_the_books_of_what_is_kept_stay_right(steps: list[tuple[str, int, int, int]]) -> None:
    results, now = ResultCache(), 0
    for name, handle, size, passed in steps:
        now += passed
        results.keep(Owner(Identity("vimeo", name)), str(handle), {"x": "x" * size}, (), now=float(now))
        sizes = [packed.size for packed in results._kept.values()]
        assert results._size == sum(sizes) <= TOTAL_BYTES
        assert {user: list(own) for user, own in results._own.items()} == {
            user: [handle for owner, handle in results._kept if owner == user]
            for user in {owner for owner, _ in results._kept}
        }
        for user, own in results._own.items():
            assert own.size == sum(results._kept[user, each].size for each in own) <= USER_BYTES
            assert len(own) <= PER_USER


def test_what_is_no_json_is_not_kept() -> None:
    """A modifier may have put anything into a result."""
    assert not ResultCache().keep(Owner(Identity("vimeo", "a")), "r", {"x": object()}, (), now=0.0)


def test_a_result_is_not_read_by_the_next_vimeo_user(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    def connect(user: SandboxUser) -> None:
        link = toolkit.get_authorization_link(identifier="u", allow_account_change=True).link
        toolkit.complete_authorization(vimeo.authorize(link, user=user), identifier="u")

    def read() -> ToolResult:
        return toolkit.execute_tool(
            identifier="u", tool_name="vimeo_result_read", tool_input={"result": handle}
        )

    first, second = (vimeo.add_user(name, videos=30) for name in ("First", "Second"))
    connect(first)
    handle = toolkit.execute_tool(identifier="u", tool_name="vimeo_my_videos_list").handle
    assert read()["data"]
    connect(first)
    assert read()["data"], "the same Vimeo user connected again"
    connect(second)
    with pytest.raises(InvalidInput, match="not kept"):
        read()
