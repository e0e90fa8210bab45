"""What a call has just read to make its plan it does not read again to apply it; what may be different by then it
does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.changes.library import Library
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.changes.applying import MOMENT
from vimeo_toolkit.connection import Connection

CHANGE = "vimeo_videos_change"


def reads(library: Library) -> list[str]:
    return [each.path for each in library.vimeo.requests if each.method == "GET"]


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        {"add_tags": ["new"]},
        {"remove_tags": ["old"]},
        {"set_name": "{name} (2026)", "set_privacy": "nobody"},
        {"watch_later": True},
    ],
    ids=lambda change: "-".join(change),
)
def test_one_call_reads_once(library: Library, named: bool, change: dict[str, Any]) -> None:
    videos = library.fill(3, tags=["old"])
    chosen: Any = {"videos": [each.uri for each in videos]} if named else {"name_contains": "Film"}
    library.vimeo.requests.clear()
    assert library.call(CHANGE, **chosen, **change, apply=True)["done"] == 3
    assert reads(library) == ["/videos" if named else "/me/videos"]


def test_a_showcase_that_was_just_made_is_only_read_when_it_is_full(library: Library) -> None:
    library.fill(3)
    library.vimeo.requests.clear()
    told = library.call(CHANGE, name_contains="Film", new_showcase="New", apply=True)
    place = f"/me/albums/{told['made'][0]['uri'].rpartition('/')[2]}/videos"
    sent = [(each.method, each.path) for each in library.vimeo.requests if each.path == place]
    assert sent == [("PUT", place), ("GET", place)]
    assert len(library.vimeo.user.showcases[-1].videos) == 3


def agreeing(library: Library, connection: Connection, seconds: float) -> VimeoToolkit:
    """A toolkit whose user takes so long to agree, while somebody renames a video."""

    passed = 0.0

    def agree(planned: object) -> bool:
        nonlocal passed
        passed += seconds
        library.videos[0].name = "Another"
        return True

    toolkit = VimeoToolkit([connection], store="sqlite:///:memory:", approval="writes", confirm=agree)
    io = toolkit._blocking
    monotonic = io.monotonic
    io.monotonic = lambda: monotonic() + passed  # type: ignore[method-assign]
    toolkit.import_token(identifier="u", access_token=library.vimeo.issue_token().access_token)
    return toolkit


@pytest.mark.parametrize(
    ("change", "seconds"), [({"set_name": "{name} (2026)"}, MOMENT + 1), ({"delete": True}, 0.0)]
)
def test_what_was_seen_a_while_ago_or_is_to_be_deleted_is_looked_at(
    library: Library, connection: Connection, change: dict[str, Any], seconds: float
) -> None:
    videos = library.fill(2)
    with agreeing(library, connection, seconds) as toolkit:
        told = toolkit.execute_tool(
            identifier="u", tool_name=CHANGE, tool_input={"name_contains": "Film", **change, "apply": True}
        )
    assert (told["done"], told["skipped"]) == (1, 1)
    assert videos[0].name == "Another"
    assert videos[0].id in library.vimeo.world.videos


def test_what_the_machine_takes_for_the_time_does_not_matter(
    library: Library, connection: Connection
) -> None:
    """The first call of a process asks for the time before Vimeo has told it."""
    library.fill(2)
    with VimeoToolkit([connection], store="sqlite:///:memory:") as toolkit:
        io = toolkit._blocking
        io.now = lambda: 1.0e9  # type: ignore[method-assign]
        toolkit.import_token(identifier="u", access_token=library.vimeo.issue_token().access_token)
        library.vimeo.requests.clear()
        given = {"name_contains": "Film", "add_tags": ["new"], "apply": True}
        assert toolkit.execute_tool(identifier="u", tool_name=CHANGE, tool_input=given)["done"] == 2
    assert reads(library) == ["/me/videos"]
