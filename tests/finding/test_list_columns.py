"""What a list was sorted, filtered or searched by can be seen in it, in every list that can be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import Connect
from tests.hostile.world import call
from tests.unit.inputs import minimal
from vimeo_toolkit import ToolResult, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.inputs import Paged
from vimeo_toolkit.catalog.list_columns import FILTERED, SORTED
from vimeo_toolkit.sandbox import Sandbox

LISTS = [
    (name, by, word)
    for name, tool in catalog().items()
    if issubclass(tool.input_model, Paged)
    for by in ("sort", "filter")
    for schema in [tool.input_schema["properties"].get(by, {})]
    for word in schema.get("enum", schema.get("const", ()) and [schema["const"]])
]
NAMES = {"alphabetical", "name"}
NOT_SHOWN = {
    "added",
    "app_only",
    "audiotracks",
    "cold_privacy",
    "cold_storage",
    "default",
    "featured",
    "live",
    "manual",
    "moderated",
    "nolive",
    "online",
    "relevant",
    "screen_recorded",
    "subscribed",
    "texttracks",
    "trending",
}
"""Orders and kinds that no field of Vimeo's answer has, by the API's document."""
DATES = {
    "vimeo_watchlater_list": "metadata.interactions.watchlater.added_time",
    "vimeo_users_search": "created_time",
}
ITSELF = {("vimeo_folder_items_list", "filter")}
"""Every item has its type."""


@pytest.mark.parametrize(("tool", "by", "word"), LISTS)
def test_every_order_and_filter_is_shown(tool: str, by: str, word: str) -> None:
    given = {**minimal(tool), by: word, **({"query": "a"} if word == "relevant" else {})}
    _, sent = call(tool, given)
    if word in NAMES | NOT_SHOWN or (tool, by) in ITSELF:
        return
    table = SORTED if by == "sort" else FILTERED
    (fields,) = (value.split(",") for value in parse_qs(urlsplit(sent[0].url).query)["fields"])
    projection = catalog()[tool].fields or ""
    if word == "date" and tool in DATES:
        assert DATES[tool] in fields
        return
    if tool in ("vimeo_following_list", "vimeo_user_followers_list"):
        assert word == "date"  # when somebody began to follow is in no field
        return
    assert set(table[projection][word].split(",")) <= set(fields)


@pytest.fixture
def listed(toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox) -> Callable[..., ToolResult]:
    identifier = connect("maya", user=vimeo.user)

    def called(tool: str, **given: Any) -> ToolResult:
        return toolkit.execute_tool(identifier=identifier, tool_name=tool, tool_input=given)

    return called


def test_an_order_by_likes_shows_likes(listed: Callable[..., ToolResult], vimeo: Sandbox) -> None:
    shown = listed("vimeo_my_videos_list", sort="likes", direction="desc").data["data"]
    likes = [video["metadata"]["connections"]["likes"]["total"] for video in shown]
    assert likes == sorted((len(video.liked_by) for video in vimeo.user.videos), reverse=True)[: len(likes)]


def test_words_are_shown_where_they_were_found(listed: Callable[..., ToolResult], vimeo: Sandbox) -> None:
    found = listed("vimeo_my_videos_list", query="Trailer")
    names = {video.uri: video.name for video in vimeo.user.videos}
    assert {video["matched"].partition(":")[0] for video in found.data["data"]} >= {"name", "description"}
    for video in found.data["data"]:
        assert ("name" in video["matched"]) is ("Trailer" in names[video["uri"]])
        assert "tags" not in video
    assert found.data["total"] >= len(found.data["data"])
    assert "not in what is said" not in found.to_text()


@pytest.mark.parametrize(
    ("tool", "given", "words"),
    [
        ("vimeo_my_videos_list", {}, "not in what is said"),
        ("vimeo_showcases_list", {}, "not for the videos in them"),
        ("vimeo_folders_list", {}, "not for the videos in them"),
        ("vimeo_users_search", {}, "not for their videos"),
        ("vimeo_channel_videos_list", {"channel_id": "staffpicks"}, "not for their authors"),
    ],
)
def test_an_empty_search_says_where_it_did_not_look(
    listed: Callable[..., ToolResult], tool: str, given: dict[str, Any], words: str
) -> None:
    assert words in listed(tool, **given, query="zzzyx").to_text()
    assert words not in listed(tool, **given).to_text()
