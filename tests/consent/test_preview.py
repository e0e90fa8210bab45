"""What is read before a person is asked, request by request, and what consent is bound to."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.unit.world import USER, Outcome, World, said
from vimeo_toolkit import Forbidden, NotFound, UnexpectedResponse
from vimeo_toolkit.calls.clock import Clock
from vimeo_toolkit.calls.preview import AT_ONCE, HASHED, MOST_PAGES, Preview, at, looks_of, preview
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.calls.transport import Transport
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.looks import Look
from vimeo_toolkit.catalog.tool import Tool
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.uploads.files import UploadOptions

VIDEO = {"video_id": "1"}


def page(items: list[Any], total: Any = None, following: int | None = None) -> Any:
    link = None if following is None else f"/videos/1/things?page={following}"
    return said({"data": items, "total": total, "paging": {"next": link}})


def seen(
    world: World, *looks: Look, tool: str = "vimeo_video_delete", file: Any = None, **given: Any
) -> Preview:
    ctx = world.context()
    account = world.account(ctx)
    declared: Tool = dataclasses.replace(catalog()[tool], looks=looks)
    call = CallState(world, ctx, CallSpec(USER, declared), Clock(), UploadOptions())
    call.begin(account)
    transport = Transport(call, Quota(world.cipher, kept=False))
    return run_sync(preview(transport, catalog()[tool].validate(given or VIDEO), file))


def queries(world: World) -> list[tuple[str, dict[str, str]]]:
    parts = [urlsplit(request.url) for request in world.sent]
    return [(part.path, dict(parse_qsl(part.query))) for part in parts]


THING = Look("video", "/videos/{video_id}", "uri,name", counts="stats.plays")
LISTED = Look("things", "/videos/{video_id}/things", "uri,name", noun="thing", query=(("sort", "date"),))


def test_a_thing_is_read_with_what_is_bound_and_what_is_shown() -> None:
    world = World(said({"uri": "/videos/1", "name": "A", "stats": {"plays": 5}}))
    found = seen(world, THING)
    assert queries(world) == [("/videos/1", {"fields": "uri,name,stats.plays"})]
    assert found.found["video"]["stats"] == {"plays": 5}
    assert (found.requests, found.file) == (1, None)
    more_plays = seen(World(said({"uri": "/videos/1", "name": "A", "stats": {"plays": 6}})), THING)
    renamed = seen(World(said({"uri": "/videos/1", "name": "B", "stats": {"plays": 5}})), THING)
    assert more_plays.digest == found.digest
    assert renamed.digest != found.digest
    assert len(found.digest) == 64


def test_what_is_not_a_thing_cannot_be_read() -> None:
    with pytest.raises(UnexpectedResponse, match="cannot be read"):
        seen(World(said([])), THING)


def test_a_list_is_read_to_its_end_in_pages() -> None:
    first, second = (
        [{"uri": f"/t/{number}", "name": "x"} for number in range(2)],
        [{"uri": "/t/9", "name": "y"}],
    )
    world = World(page(first, 3, 2), page(second, 3))
    found = seen(world, LISTED)
    query = {"sort": "date", "per_page": str(AT_ONCE), "fields": "uri,name"}
    assert queries(world) == [
        ("/videos/1/things", {**query, "page": "1"}),
        ("/videos/1/things", {**query, "page": "2"}),
    ]
    assert found.found["things"] == first + second
    assert found.requests == 2


@pytest.mark.parametrize(
    ("pages", "sent"),
    [
        ([page([{"uri": "/a"}], 1)], 1),
        ([page([{"uri": "/a"}], None)], 1),
        ([page([{"uri": "/a"}], 5), page([], 5)], 2),
        ([page([{"uri": "/a"}], 0, 2), page([{"uri": "/b"}], 0)], 2),
        ([page([], 5)], 1),
    ],
)
def test_neither_a_total_nor_a_link_alone_is_believed(pages: list[Outcome], sent: int) -> None:
    world = World(*pages)
    assert seen(world, LISTED).requests == sent
    assert not world.outcomes


def test_the_order_is_bound_where_it_is_a_part_of_the_list() -> None:
    one, other = {"uri": "/a", "name": "a"}, {"uri": "/b", "name": "b"}
    ordered = dataclasses.replace(LISTED, ordered=True)

    def digest(look: Look, *items: Any, total: int = 2) -> str:
        return seen(World(page(list(items), total), *([page([], total)] if total > 2 else [])), look).digest

    assert digest(LISTED, one, other) == digest(LISTED, other, one)
    assert digest(ordered, one, other) != digest(ordered, other, one)
    assert digest(LISTED, one, other) != digest(LISTED, one, other, total=3)


def test_of_a_long_list_some_pages_and_its_length_are_bound() -> None:
    pages = [page([{"uri": f"/{number}"}], 999, number + 2) for number in range(MOST_PAGES)]
    found = seen(World(*pages), LISTED)
    assert (found.requests, len(found.found["things"])) == (MOST_PAGES, MOST_PAGES)


@pytest.mark.parametrize("body", [{"data": [1]}, {"data": 7}, [1], {"data": [{"uri": "/a"}, None]}])
def test_what_is_not_a_list_is_not_an_empty_one(body: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        seen(World(said(body)), LISTED)


def test_a_list_that_is_not_there_is_empty_only_where_that_is_declared() -> None:
    missing = said({"error": "x"}, 404)
    with pytest.raises(NotFound) as caught:
        seen(World(missing), LISTED)
    assert "could not be looked at" not in caught.value.hint
    found = seen(World(missing), dataclasses.replace(LISTED, none_is_404=True))
    assert (found.found["things"], found.requests) == ([], 1)


def test_what_cannot_be_looked_at_ends_the_call_and_says_so() -> None:
    with pytest.raises(Forbidden) as caught:
        seen(World(said({"error": "x"}, 403)), THING)
    assert caught.value.hint.endswith(
        "It could not be looked at what the call would change: nothing was sent."
    )


def test_things_that_are_named_are_asked_for_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimeo_toolkit.calls.preview.AT_ONCE", 2)
    named = dataclasses.replace(LISTED, path="/videos", uris="tags")
    for words, portions in ((["a", "b"], ["a,b"]), (["a", "b", "a", "c"], ["a,b", "c"])):
        world = World(*[page([{"uri": "/x"}], 99) for _ in portions])
        found = seen(world, named, tool="vimeo_video_tags_add", video_id="1", tags=words)
        fixed = {"sort": "date", "per_page": "2", "fields": "uri,name"}
        assert queries(world) == [("/videos", {**fixed, "uris": each}) for each in portions]
        assert found.requests == len(portions)


def test_of_a_deep_tree_what_is_not_reached_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimeo_toolkit.calls.preview.MOST_PAGES", 2)
    tree = dataclasses.replace(LISTED, below="uri")
    top = [{"uri": "/t/1"}, {"uri": "/t/2"}, {"uri": "/t/3"}]

    def digest(*items: Any, inner: int = 0) -> tuple[int, str]:
        world = World(page(list(items), len(items)), page([], inner))
        found = seen(world, tree)
        return found.requests, found.digest

    assert digest(*top)[0] == 2
    assert digest(*top)[1] != digest(*top, inner=1)[1]
    longer = World(page(top, 5), page([], 5), page([], 0), page([], 0))
    assert seen(longer, tree).requests == 2


def test_lists_below_a_list_are_read_too() -> None:
    tree = Look("things", "/videos/{video_id}/things", "uri,name", noun="thing", below="uri", leaf="has")
    world = World(
        page([{"uri": "/t/1"}, {"uri": "/t/2", "has": False}, {}], 3),
        page([{"uri": "/t/3", "has": False}, {"uri": "/t/1"}], 2),
    )
    found = seen(world, tree)
    assert [path for path, _ in queries(world)] == ["/videos/1/things", "/t/1/things"]
    assert [each.get("uri") for each in found.found["things"]] == ["/t/1", "/t/2", None, "/t/3"]
    assert found.requests == 2
    with pytest.raises(UnexpectedResponse):
        seen(World(page([{"uri": "https://elsewhere"}], 1)), tree)


class File:
    """A source in memory."""

    def __init__(self, content: bytes) -> None:
        self.name, self.size, self._content = "a.mp4", len(content), io.BytesIO(content)

    def read(self, offset: int, count: int) -> bytes:
        self._content.seek(offset)
        return self._content.read(count)


def test_a_file_is_bound_by_its_bytes() -> None:
    found = seen(World(), file=File(b"abc"))
    assert (found.file, found.requests, found.found) == (("a.mp4", 3), 0, {})
    expected = json.dumps([f"3 {hashlib.sha256(b'abc').hexdigest()}"], separators=(",", ":"))
    assert found.digest == hashlib.sha256(expected.encode()).hexdigest()
    large = b"x" * HASHED + b"y"
    assert seen(World(), file=File(large)).digest != seen(World(), file=File(large[:-1] + b"z")).digest
    shorter = File(b"abc")
    shorter.size = 9
    assert seen(World(), file=shorter).digest != found.digest


def test_which_looks_an_input_calls_for() -> None:
    edit = catalog()["vimeo_video_edit"]

    def looks(tool: Tool, **given: Any) -> Iterator[Look]:
        return looks_of(tool, tool.validate(given))

    first = next(looks(edit, video_id="1", name="B", privacy_view="nobody"))
    assert first.fields.split(",")[: len(edit.looks[0].fields.split(","))] == edit.looks[0].fields.split(",")
    assert {"name", "privacy.view"} <= set(first.fields.split(","))
    assert len(set(first.fields.split(","))) == len(first.fields.split(","))
    remove = catalog()["vimeo_video_tag_remove"]
    assert [look.name for look in looks(remove, video_id="1", tag="x")] == [
        look.name for look in remove.looks
    ]
    assert next(looks(remove, video_id="1", tag="x")) == remove.looks[0]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a", 1),
        ("b.c", 2),
        ("b.c.d", None),
        ("b.x", None),
        ("x.y", None),
        ("n.y", None),
        ("l.v", [1, None]),
        ("l", [{"v": 1}, {}]),
    ],
)
def test_what_is_at_a_path(path: str, value: Any) -> None:
    thing = {"a": 1, "b": {"c": 2}, "n": None, "l": [{"v": 1}, {}]}
    assert at(thing, path) == value
    assert at([thing, 7], path) == [value, None]
