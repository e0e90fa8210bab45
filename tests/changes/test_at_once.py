"""A change that was asked for is made by one call, which says what it did; nothing is deleted unseen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.changes.library import Library
from tests.examples import writes


def change(library: Library, **given: Any) -> Any:
    return library.call("vimeo_videos_change", **given).data


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"set_privacy": "nobody"}, "privacy: anybody → nobody"),
        ({"add_tags": ["new"]}, "add tag new"),
        ({"set_name": "B"}, "title: various → B"),
        ({"set_description": "New."}, "description: none → New."),
        ({"set_license": "cc0"}, "license: by → cc0"),
        ({"watch_later": True}, "Watch Later on"),
    ],
)
def test_the_account_of_one_call_says_what_became_of_which_videos(
    library: Library, given: dict[str, Any], said: str
) -> None:
    library.fill(12, license="by")
    told = change(library, name_contains="Film 1", apply=True, **given)
    (line,) = told["changes"]
    assert (told["done"], line["change"], line["videos"]) == (3, said, 3)
    films = [each for each in library.videos if each.name.startswith("Film 1")]
    titles = {"Film 1", "Film 10", "Film 11"}
    # Of what may be other people's, titles stand apart from what is the user's.
    assert set(line["which"]) == ({each.uri for each in films} if "watch_later" in given else titles)
    assert set(line.get("titles", titles)) == titles
    assert ("titles" in line) is ("watch_later" in given)


def test_what_was_not_done_is_not_among_what_was(library: Library) -> None:
    mine, other = library.fill(2)
    other.user = library.vimeo.add_user("Other")
    told = change(library, videos=[mine.uri, other.uri], add_tags=["new"], watch_later=True, apply=True)
    assert {each["change"]: each["videos"] for each in told["changes"]} == {
        "add tag new": 1,
        "Watch Later on": 2,
    }


@pytest.mark.parametrize("by", ["uris", "conditions"])
def test_nothing_is_deleted_before_its_plan_was_seen(library: Library, by: str) -> None:
    videos = library.fill(2)
    which = {"videos": [each.uri for each in videos]} if by == "uris" else {"name_contains": "Film"}
    for _ in range(2):
        told = change(library, delete=True, apply=True, **which)
        assert writes(library.vimeo) == []
        assert told["next"].startswith("Nothing is deleted yet")
        assert {row["name"] for row in told["data"]} == {"Film 0", "Film 1"}
    done = change(library, plan_id=told["plan_id"], apply=True)
    assert done["done"] == 2
    assert {each.id for each in videos}.isdisjoint(library.vimeo.world.videos)
