"""What is said of links and of who sees what, where a video's privacy is set."""

from __future__ import annotations

import pytest

from vimeo_toolkit.catalog.audience import NEW_LINK, audience_notes, counted_in_showcase
from vimeo_toolkit.catalog.effects import Asked

VIEW = [Asked("privacy_view", "unlisted", "privacy.view")]


@pytest.mark.parametrize(
    ("asked", "uri", "view", "makes", "said"),
    [
        (VIEW, "/videos/1:ab", "unlisted", False, True),
        ([], "/videos/1:ab", "unlisted", False, False),  # its title was edited
        (VIEW, "/videos/1", "anybody", False, False),
        (VIEW, "/users/1/albums/2", "unlisted", False, False),
        (VIEW, "/videos/1:ab", "unlisted", True, False),  # nobody has an older link
    ],
    ids=["made unlisted", "only its title", "another privacy", "a showcase", "a new video"],
)
def test_that_former_links_end_is_said_where_they_do(
    asked: list[Asked], uri: str, view: str, makes: bool, said: bool
) -> None:
    notes = audience_notes(asked, {"uri": uri, "privacy": {"view": view}}, makes_something=makes)
    assert (NEW_LINK in notes) is said


def test_it_stands_beside_what_is_said_of_showcases() -> None:
    answer = {
        "uri": "/videos/1:ab",
        "privacy": {"view": "unlisted"},
        "metadata": {"connections": {"albums": {"total": 2}}},
    }
    first, second = audience_notes(VIEW, answer, makes_something=False)
    assert (first, "2 showcases" in second) == (NEW_LINK, True)


def test_a_plan_names_the_videos_that_it_makes_visible() -> None:
    views = ["unlisted", "anybody", *["nobody"] * 7]
    titles = ["Draft\nof mine", "Seen", *(f"Private {number}" for number in range(7))]
    draft, closed = counted_in_showcase("anybody", views, titles)
    assert draft.startswith(
        "Not public, and put into a showcase: 1 video ('Draft of mine'). Visitors of this"
    )
    assert "7 videos ('Private 0', 'Private 1', 'Private 2', 'Private 3', 'Private 4' and 2 more)" in closed
    assert "'" not in counted_in_showcase("anybody", views)[0].partition(".")[0]
