"""A search of a library that was never read, or is asked to read what is new."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import hurry
from vimeo_toolkit import Connection, ToolResult, VimeoToolkit, VimeoUnavailable
from vimeo_toolkit.catalog.toolsets import LIBRARY_SEARCH
from vimeo_toolkit.sandbox import Sandbox, Video

STATUS = "vimeo_library_status"
ME: dict[str, Any] = {"identifier": "user_1"}


@pytest.fixture
def toolkit(connection: Connection, tmp_path: Path) -> Iterator[VimeoToolkit]:
    """A toolkit with libraries, in the place of the usual one."""
    place = f"sqlite:///{tmp_path / 'library'}"
    with VimeoToolkit([connection], store="sqlite:///:memory:", library=place, max_wait=1.0) as made:
        yield made


def videos(told: ToolResult) -> set[str]:
    return {row["name"] for row in told["data"]}


@pytest.fixture
def unread(vimeo: Sandbox, toolkit: VimeoToolkit) -> dict[str, Video]:
    """A connected user whose library was never read; its videos by their names."""
    vimeo.user.videos.clear()
    vimeo.add_talks()
    toolkit.import_token(identifier="user_1", access_token=vimeo.issue_token().access_token)
    vimeo.requests.clear()
    return {video.name: video for video in vimeo.user.videos}


def search(toolkit: VimeoToolkit, query: str, **given: Any) -> ToolResult:
    return toolkit.execute_tool(**ME, tool_name=LIBRARY_SEARCH, tool_input={"query": query, **given})


def test_the_first_search_reads_the_library(
    unread: dict[str, Video], vimeo: Sandbox, toolkit: VimeoToolkit
) -> None:
    told = search(toolkit, "what does the tide do to a wooden boat")
    assert told["data"]
    assert "synced" in told
    assert "read_so_far" not in told
    assert not told.notes
    sent = len(vimeo.requests)
    assert told.requests == sent <= 3 + 3 * len(unread)
    again = search(toolkit, "what does the tide do to a wooden boat")
    assert again["data"] == told["data"]
    assert len(vimeo.requests) == sent, "the second one sends nothing"


def test_a_first_search_that_cannot_read_all_says_so(
    unread: dict[str, Video], vimeo: Sandbox, toolkit: VimeoToolkit
) -> None:
    vimeo.user.plan = "free"
    told = search(toolkit, "bread")
    assert any("a repetition of" in note for note in told.notes)
    done, of = told["read_so_far"].removesuffix(" videos").split(" of ")
    assert 0 < int(done) < int(of) == len(unread)
    assert told["data"], "titles and descriptions are there from the first page on"
    assert not [request for request in vimeo.requests if request.status == 429]
    assert (told.rate_limit.remaining or 0) > 0, "something is left for the user's other calls"
    later = search(toolkit, "bread")
    assert int(later["read_so_far"].split()[0]) > int(done)
    status = toolkit.execute_tool(**ME, tool_name=STATUS)
    assert status["read_so_far"] == later["read_so_far"]


def test_refresh_reads_what_is_new(unread: dict[str, Video], vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    search(toolkit, "bread")
    new = vimeo.add_video(vimeo.user, "A kite over the salt marsh")
    gone = unread["A Year With Bees"]
    vimeo.world.remove_video(gone)
    assert new.name not in videos(search(toolkit, "kite"))
    vimeo.requests.clear()
    assert new.name in videos(search(toolkit, "kite", refresh=True))
    assert len(vimeo.requests) <= 3
    assert gone.name not in videos(search(toolkit, "bees hive swarm", limit=50))


def test_a_first_search_without_vimeo(unread: object, vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    vimeo.stop()
    hurry(toolkit)
    with pytest.raises(VimeoUnavailable):
        search(toolkit, "bread")


def test_what_cannot_be_refreshed_is_searched_as_it_is(
    unread: object, vimeo: Sandbox, toolkit: VimeoToolkit
) -> None:
    search(toolkit, "bread")
    vimeo.stop()
    hurry(toolkit)
    told = search(toolkit, "bread", refresh=True)
    assert told["data"]
    assert any("could not be read" in note for note in told.notes)


def test_a_dry_run_reads_nothing(unread: object, vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    planned = toolkit.execute_tool(
        **ME, tool_name=LIBRARY_SEARCH, tool_input={"query": "bread"}, dry_run=True
    )
    assert planned["read_only"]
    assert not vimeo.requests
