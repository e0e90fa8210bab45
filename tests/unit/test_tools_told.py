"""A text names to an agent the tools that it has, others with the way to call them, and none that it never can."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from tests.conftest import Connect
from vimeo_toolkit import NotFound, VimeoToolkit
from vimeo_toolkit.calls.advice import ADVICE
from vimeo_toolkit.calls.fewer import FOR_MANY
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.tools_told import NOTHING_LEFT, ToolsTold
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.toolsets import CHOICES, DEFAULT
from vimeo_toolkit.sandbox import Sandbox

NAMES = frozenset(catalog())
NAME = re.compile(r"vimeo_[a-z_]+")


def texts() -> list[str]:
    """What is declared to be said about tools, and of calls that went wrong."""
    found: dict[str, None] = {}
    for tool in catalog().values():
        found |= dict.fromkeys(filter(None, [tool.undo, tool.success_message, *tool.error_hints.values()]))
    found |= dict.fromkeys(ADVICE.values())
    found |= {f"For many: {name} {does}.": None for name, does in FOR_MANY.items()}
    return [text for text in found if "vimeo_" in text]


def told(allowed: Iterable[str], at_hand: Iterable[str] = ()) -> ToolsTold:
    return ToolsTold(frozenset(allowed), frozenset(at_hand), NAMES)


@pytest.mark.parametrize("text", texts())
def test_every_text_names_what_can_be_called(text: str) -> None:
    named = set(NAME.findall(text)) & NAMES
    assert told(NAMES).text(text) == text, "whoever has all of them"
    by_name = told(NAMES | {"vimeo_tool_call"}, CHOICES["default"]).text(text)
    for name in named:
        assert (f"{name} (by vimeo_tool_call)" in by_name) is (name not in DEFAULT)
    for name in named:
        rest = told(NAMES - {name}).text(text)
        assert name not in rest
        assert not rest or re.fullmatch(r"\S.*[.!?)]", rest, re.DOTALL), rest
    assert not set(NAME.findall(told([]).text(text))) & NAMES


def test_where_tools_are_found_by_a_search_that_is_the_way() -> None:
    some = told(NAMES, ["vimeo_tools_search", "vimeo_video_get"])
    text = "Look with vimeo_video_get. vimeo_folders_list has the folders: vimeo_folders_list is short."
    assert some.text(text) == (
        "Look with vimeo_video_get. vimeo_folders_list (vimeo_tools_search finds it) has the folders: "
        "vimeo_folders_list is short."
    )


def test_a_part_of_a_sentence_goes_alone() -> None:
    text = "vimeo_video_picture_delete deletes it; vimeo_video_picture_edit makes another one active."
    assert told({"vimeo_video_picture_delete"}).text(text) == "vimeo_video_picture_delete deletes it."


def test_only_the_toolkits_own_words_are_read() -> None:
    """A title that has a tool's name in it is the user's."""
    result = ToolResult(
        {
            "message": "Look with vimeo_video_get.",
            "advice": ["Use vimeo_video_edit.", "Wait."],
            "data": [{"name": "How vimeo_video_edit works", "take_back": "vimeo_video_edit does."}],
        },
        notes=("Use vimeo_video_get.", "It is public."),
    )
    told({"vimeo_me_get"}).result(result)
    assert result.data == {
        "message": "",
        "advice": ["Wait."],
        "data": [{"name": "How vimeo_video_edit works", "take_back": ""}],
    }
    assert result.notes == ("It is public.",)


def test_an_agents_errors_and_results_go_by_it(
    toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox
) -> None:
    identifier = connect("maya", user=vimeo.user)
    with pytest.raises(NotFound, match="vimeo_showcases_list"):
        toolkit.execute_tool(
            identifier=identifier,
            tool_name="vimeo_videos_change",
            tool_input={"from_date": "2000", "add_to_showcases": ["777"]},
        )
    (alone,) = toolkit.bind_tools(identifier=identifier, include=["vimeo_videos_change"])
    error = alone.call({"from_date": "2000", "add_to_showcases": ["777"]}).error
    assert error is not None
    assert "vimeo_" not in f"{error.message} {error.hint}".replace("vimeo_videos_change", "")
    assert error.hint
    default = {tool.name: tool for tool in toolkit.bind_tools(identifier=identifier)}
    made = default["vimeo_video_create"].call({"file_link": "https://media.example.com/a.mp4"})
    assert "vimeo_video_wait_ready (by vimeo_tool_call)" in made.text


def test_no_error_is_left_without_a_hint() -> None:
    error = NotFound("It is not there.", hint="Look with vimeo_folders_list.")
    told({"vimeo_me_get"}).error(error)
    assert (error.message, error.hint) == ("It is not there.", NOTHING_LEFT)


def test_the_rest_of_a_result_is_offered_to_those_who_can_ask_for_it(
    toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox
) -> None:
    identifier = connect("maya", user=vimeo.user)
    for names, offered in (
        (["vimeo_videos_search"], False),
        (["vimeo_videos_search", "vimeo_result_read"], True),
    ):
        tool = toolkit.bind_tools(identifier=identifier, include=names, detail="full")[0]
        text = tool.call({"query": "a", "per_page": 100}).text
        assert ("vimeo_result_read" in text) is offered
        assert "are shown" in text
