"""What is said of links and of who sees what, where a video's privacy is set."""

from __future__ import annotations

import pytest

from vimeo_toolkit.catalog.audience import NEW_LINK, audience_notes
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
