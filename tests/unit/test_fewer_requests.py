"""What is said at a user's limit: one message with one time, and the way with fewer requests."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.unit.calling import state
from tests.unit.world import World
from vimeo_toolkit import RateLimited, VimeoToolkit
from vimeo_toolkit.calls.budget import Budgets
from vimeo_toolkit.calls.fewer import FOR_MANY, INSTEAD, fewer_requests
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.window import UNKNOWN_CONCURRENCY
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.toolsets import LIBRARY_SEARCH
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.sandbox import Sandbox

ALL = frozenset({"public", "private", "edit", "delete", "interact", "create", "upload"})


def test_the_table_is_about_tools_that_exist() -> None:
    assert set(INSTEAD) | set(FOR_MANY) <= set(catalog(library=True))
    assert {name for names in INSTEAD.values() for name in names} == set(FOR_MANY)
    assert not set(INSTEAD) & set(FOR_MANY)


@pytest.mark.parametrize("name", sorted(INSTEAD))
def test_only_a_tool_that_the_agent_can_use_is_named(name: str) -> None:
    tool, (best, *_) = catalog()[name], INSTEAD[name]
    assert best in fewer_requests(tool, None, ALL, library=True)
    assert best in fewer_requests(tool, {name, best}, ALL, library=True)
    without = fewer_requests(tool, {name}, ALL, library=True)
    assert not [each for each in FOR_MANY if each in without]
    if catalog(library=True)[best].scopes:
        assert best not in fewer_requests(tool, None, frozenset(), library=True)


def test_a_library_is_named_where_there_is_one() -> None:
    tool = catalog()["vimeo_video_transcript_get"]
    assert LIBRARY_SEARCH in fewer_requests(tool, None, ALL, library=True)
    assert fewer_requests(tool, None, ALL) == ""


def test_a_list_has_larger_pages_and_other_tools_have_no_way() -> None:
    assert "per_page=100" in fewer_requests(catalog()["vimeo_videos_search"], None, ALL)
    assert fewer_requests(catalog()["vimeo_me_get"], None, ALL) == ""


def test_twenty_calls_at_once_are_told_one_thing(vimeo: Sandbox, connection: Any) -> None:
    user = vimeo.add_user("Free", videos=20, plan="free")
    with VimeoToolkit([connection], store="sqlite:///:memory:", max_wait=0) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token(user).access_token)

        def got(place: int) -> str:
            try:
                given = {"video_id": user.videos[place % 20].uri}
                toolkit.execute_tool(identifier="u", tool_name="vimeo_video_get", tool_input=given)
            except RateLimited as error:
                return f"{error} {error.retry_after}"
            return ""

        while not got(0):
            pass
        with ThreadPoolExecutor(20) as pool:
            told = set(pool.map(got, range(20)))
        assert len(told) == 1
        assert "vimeo_videos_get" in told.pop()


def test_no_limit_is_blamed_before_it_is_known() -> None:
    world = World()
    call, quota = state(world, world.context(max_wait=0.0)), Quota(world.cipher, kept=False)
    for _ in range(UNKNOWN_CONCURRENCY):
        run_sync(quota.permit(call))
    with pytest.raises(RateLimited) as caught:
        run_sync(quota.permit(call))
    assert "under way" in caught.value.message
    assert "at the latest" in caught.value.hint


def test_calls_that_are_told_a_little_later_are_told_the_same_and_never_less() -> None:
    budgets, owner = Budgets(), Owner(Identity("vimeo", "u"), "g")
    assert budgets.same_wait(owner, 60.0, 100.0) == 60.0
    assert budgets.same_wait(owner, 58.0, 102.0) == 60.0
    assert budgets.same_wait(owner, 50.0, 110.0) == 50.0, "long after, the time that is left"
    assert budgets.same_wait(owner, 55.0, 110.0) == 55.0, "never less than what it takes"
    assert budgets.same_wait(owner, 5.0, 111.0) == 5.0, "a shorter pause is not an old, long one"
