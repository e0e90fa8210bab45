"""Other people's newest videos by their name, in one call; and liking and keeping one in the next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Connect
from vimeo_toolkit import InvalidInput, ToolResult, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox, User

NAME = "vimeo_videos_search"


@pytest.fixture
def studio(vimeo: Sandbox) -> User:
    videos = [{"name": f"Film {place}", "plays": place % 3 * 10} for place in range(5)]
    user = vimeo.add_user("Wren House", videos=videos)
    for place, video in enumerate(user.videos):
        video.created = vimeo.world.now() - timedelta(days=place)
    user.videos[0].view = "nobody"
    return user


@pytest.fixture
def call(toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox, studio: User) -> Any:
    identifier = connect()
    vimeo.requests.clear()

    def called(tool: str = NAME, **given: Any) -> ToolResult:
        return toolkit.execute_tool(identifier=identifier, tool_name=tool, tool_input=given)

    return called


def test_the_newest_of_a_person_is_found_by_name_liked_and_kept_by_two_calls(
    call: Any, studio: User, vimeo: Sandbox
) -> None:
    found = call(query="", user_id="Wren House", per_page=1)
    assert [row["uri"] for row in found["data"]] == [studio.videos[1].uri]
    assert "name" in found.untrusted_fields
    told = call(
        "vimeo_videos_change", videos=[found["data"][0]["uri"]], like=True, watch_later=True, apply=True
    )
    assert told["done"] == 1
    assert studio.videos[1] in vimeo.user.watchlater
    assert studio.videos[1] in vimeo.user.likes


@pytest.mark.parametrize(
    ("given", "films"),
    [
        ({"query": ""}, [1, 2, 3, 4]),
        ({"query": None}, [1, 2, 3, 4]),
        ({"query": "(empty)"}, [1, 2, 3, 4]),
        ({"query": "wren house"}, [1, 2, 3, 4]),
        ({"direction": "asc"}, [4, 3, 2, 1]),
        ({"query": "Film 3"}, [3]),
        ({"sort": "plays", "direction": "desc", "per_page": 1}, [2]),
    ],
)
def test_in_which_order(call: Any, given: dict[str, Any], films: list[int]) -> None:
    found = call(**{"query": "", "user_id": "Wren House", **given})
    assert [row["name"] for row in found["data"]] == [f"Film {place}" for place in films]


def test_a_search_of_one_persons_videos_that_finds_none_is_not_told_of_authors(call: Any) -> None:
    assert not any("authors" in note for note in call(query="zz", user_id="Wren House").notes)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "query: Field required"),
        ({"query": " "}, "say what is looked for, or give user_id"),
        ({"query": "", "user_id": "1", "filter": "CC"}, "filter is for searches over all"),
        ({"query": "", "user_id": "1", "sort": "relevant"}, "does not sort one person's videos by relevant"),
        ({"query": "", "user_id": "1", "sort": "plays", "direction": "asc"}, "works with direction"),
    ],
)
def test_what_does_not_go_together_is_said(
    call: Any, vimeo: Sandbox, given: dict[str, Any], why: str
) -> None:
    with pytest.raises(InvalidInput, match=why):
        call(**given)
    assert vimeo.requests == []
