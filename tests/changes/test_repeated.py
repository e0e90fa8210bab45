"""The same call made again because its answer was lost: what would add up is not done twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.changes.library import Library
from tests.changes.test_new_places import CHANGE, UNDO, places


def stand(library: Library) -> list[Any]:
    films = [(each.name, each.description, each.folder, each.view) for each in library.videos]
    return [films, places(library)]


ADD_UP: list[dict[str, Any]] = [
    {"name_contains": "Film", "set_name": "{name} (2026)"},
    {"name_contains": "Film", "set_name": "{name:Film->Film 1:}"},
    {"name_contains": "Film", "set_description": "{description} Made by us."},
    {"name_contains": "Film", "new_showcase": "New"},
    {"name_contains": "Film", "in_folder": False, "limit": 1, "new_folder": "New"},
    {"name_contains": "Film", "privacy": ["anybody"], "limit": 1, "set_privacy": "nobody"},
]


@pytest.mark.parametrize("given", ADD_UP)
def test_what_would_add_up_is_done_once(library: Library, given: dict[str, Any]) -> None:
    library.fill(3, description="A film.")
    first = library.call(CHANGE, apply=True, **given)
    done = stand(library)
    again = library.call(CHANGE, apply=True, **given)
    assert stand(library) == done
    assert again["plan_id"] == first["plan_id"]
    assert "so nothing was done now" in " ".join(again.notes)
    library.call(UNDO, plan_id=first["plan_id"])
    assert library.call(CHANGE, apply=True, **given)["plan_id"] != first["plan_id"]  # it was taken back
    if "new_folder" not in given and "new_showcase" not in given:
        assert stand(library) == done


def test_it_is_done_once_more_by_a_plan_or_later(library: Library) -> None:
    (video,) = library.fill(1)
    given: dict[str, Any] = {"name_contains": "Film", "set_name": "{name}!"}
    library.call(CHANGE, apply=True, **given)
    library.call(CHANGE, apply=True, plan_id=library.call(CHANGE, **given)["plan_id"])
    assert video.name == "Film 0!!"


def test_what_does_not_add_up_is_looked_at_anew(library: Library) -> None:
    library.fill(1)
    given: dict[str, Any] = {"name_contains": "Film", "add_tags": ["new"], "set_name": "{name:Film->Movie}"}
    library.call(CHANGE, apply=True, **given)
    other = library.vimeo.add_video(library.vimeo.user, "Film 9")
    assert library.call(CHANGE, apply=True, **given)["done"] == 1
    assert other.name == "Movie 9"
