"""Ids in every spelling, and none that leaves its path segment."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from vimeo_toolkit import InvalidInput
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.ids import KINDS, UserOrMe, normalized

SEGMENT = re.compile(r"[0-9A-Za-z_\-]{1,64}(:[0-9A-Za-z]{6,40})?", re.ASCII)


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        ("video", "123", "123"),
        ("video", 123, "123"),
        ("video", " 123 ", "123"),
        ("video", "123:abcdef12", "123:abcdef12"),
        ("video", "/videos/123", "123"),
        ("video", "/videos/123:abcdef12", "123:abcdef12"),
        ("video", "/me/videos/123", "123"),
        ("video", "/users/9/videos/123", "123"),
        ("video", "https://vimeo.com/123", "123"),
        ("video", "http://www.vimeo.com/123/", "123"),
        ("video", "vimeo.com/123", "123"),
        ("video", "https://vimeo.com/123/abcdef12", "123:abcdef12"),
        ("video", "https://vimeo.com/123?share=copy#t=5", "123"),
        ("video", "https://player.vimeo.com/video/123?h=abcdef12", "123:abcdef12"),
        ("video", "https://vimeo.com/manage/videos/123", "123"),
        ("video", "https://vimeo.com/channels/staffpicks/123", "123"),
        ("video", "https://vimeo.com/showcase/9/video/123", "123"),
        ("video", "https://vimeo.com/groups/shorts/videos/123", "123"),
        ("video", "https://api.vimeo.com/videos/123", "123"),
        ("showcase", "/users/9/albums/123", "123"),
        ("showcase", "/showcases/123", "123"),
        ("showcase", "https://vimeo.com/showcase/123", "123"),
        ("showcase", "https://vimeo.com/album/123", "123"),
        ("folder", "/users/9/projects/123", "123"),
        ("folder", "https://vimeo.com/manage/folders/123", "123"),
        ("folder", "https://vimeo.com/user/9/folder/123", "123"),
        ("channel", "staffpicks", "staffpicks"),
        ("channel", "https://vimeo.com/channels/staffpicks", "staffpicks"),
        ("user", "dashron", "dashron"),
        ("user", "/users/123", "123"),
        ("user", "https://vimeo.com/dashron", "dashron"),
        ("category", "/categories/animation", "animation"),
        ("comment", "/videos/9/comments/123", "123"),
        ("webhook", "/apps/9/webhooks/123", "123"),
    ],
)
def test_spellings(kind: str, written: Any, meant: str) -> None:
    assert normalized(kind, written) == meant
    assert normalized(kind, meant) == meant


NONE: list[Any] = [
    *(
        "",
        " ",
        ".",
        "..",
        "../me",
        "1/../2",
        "%2e%2e",
        "1%2F2",
        "1?x",
        "1#x",
        "1\n2",
        "1\x00",
        "1 2",
        "a" * 5000,
    ),
    *(
        "\uff11\uff12",
        "//evil.example/1",
        "https://evil.example/videos/1",
        "https://vimeo.com@evil.example/1",
    ),
    *("/videos/", "https://vimeo.com:8080/1", "https://vimeo.com.evil.example/1", "javascript:1"),
    *("https://vimeo.com/1\\@x", None, True, 1.5, -1, [], {}, b"1"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", NONE)
def test_refused(kind: str, value: Any) -> None:
    with pytest.raises(ValueError, match="write it as"):
        normalized(kind, value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("me", "me"),
        ("/me", "me"),
        ("/users/9", "9"),
        ("user9", "user9"),
        (9, "9"),
        ("ME", "me"),
        ("'me'", "me"),
        ("https://vimeo.com/someone", "someone"),
        ("https://api.vimeo.com/users/9", "9"),
    ],
)
def test_a_user_who_may_be_the_connected_one(written: Any, meant: str) -> None:
    """Another user is never taken for the connected one."""
    assert TypeAdapter[str](UserOrMe).validate_python(written) == meant


@pytest.mark.parametrize(
    "written", ["", "/me/", "/users/me", "https://vimeo.com/me", "/videos/1", None, True]
)
def test_what_is_neither_a_user_nor_the_connected_one(written: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[str](UserOrMe).validate_python(written)


def test_me_is_nobody_else() -> None:
    with pytest.raises(ValueError, match="vimeo_me_get"):
        normalized("user", "me")


@given(
    kind=st.sampled_from(sorted(KINDS)), value=st.text() | st.from_regex(r"(https?://)?[\w.]*vimeo\.com/.*")
)
def test_whatever_comes_out_is_one_segment(kind: str, value: str) -> None:
    try:
        found = normalized(kind, value)
    except ValueError:
        return
    assert SEGMENT.fullmatch(found)


@pytest.mark.parametrize(
    "written",
    [
        "1,/videos/2",
        "1 ; https://vimeo.com/2.",
        "https://vimeo.com/1 https://vimeo.com/2",
        '["1", "2"]',
        "['1', '/videos/2']",
        "[1, 2]",
        "- https://vimeo.com/1\n- 2\n",
        "1. https://vimeo.com/1\n2. https://vimeo.com/2",
    ],
)
def test_many_ids_in_one_text(written: str) -> None:
    values: Any = catalog()["vimeo_videos_get"].validate({"videos": written})
    assert values.videos == ["/videos/1", "/videos/2"]


@pytest.mark.parametrize("written", ["1 and 2", "see https://vimeo.com/1", "", "[[1], [2]]"])
def test_a_text_with_something_else_in_it_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput):
        catalog()["vimeo_videos_get"].validate({"videos": written})


def test_tags_in_one_text() -> None:
    values: Any = catalog()["vimeo_video_tags_add"].validate({"video_id": "1", "tags": "deep sea, harbour"})
    assert values.tags == ["deep sea", "harbour"]
