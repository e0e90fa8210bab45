"""The tools over the index of a library: when they are there, and what they tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_vimeo import get_tools

from tests.library.filling import fill, index_of
from vimeo_toolkit import (
    ConfigurationError,
    Connection,
    InvalidInput,
    UnknownTool,
    VimeoToolkit,
)
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.selection import TOOL_CALL
from vimeo_toolkit.catalog.toolsets import DEFAULT, DEFAULT_WITH_LIBRARY, LIBRARY_SEARCH
from vimeo_toolkit.evaluation.tokens import counter
from vimeo_toolkit.sandbox import Sandbox, Video
from vimeo_toolkit.shape import to_json

STATUS = "vimeo_library_status"
OVER_LIBRARIES = {LIBRARY_SEARCH, STATUS}
ME: dict[str, Any] = {"identifier": "user_1"}


@pytest.fixture(scope="module")
def vimeo() -> Iterator[Sandbox]:
    """A sandbox whose user has the talks alone, in the place of the usual one: nothing here changes it."""
    with Sandbox() as sandbox:
        sandbox.user.videos.clear()
        sandbox.add_talks()
        yield sandbox


@pytest.fixture(scope="module")
def toolkit(vimeo: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[VimeoToolkit]:
    """A toolkit with libraries, whose user is connected, and indexed."""
    place = f"sqlite:///{tmp_path_factory.mktemp('library')}"
    with VimeoToolkit([Connection(api_url=vimeo.url)], store="sqlite:///:memory:", library=place) as made:
        made.import_token(identifier="user_1", access_token=vimeo.issue_token().access_token)
        index = index_of(made, "user_1")
        fill(index, vimeo.user.videos)
        index.note({"synced": vimeo.world.now().timestamp()})
        yield made


@pytest.fixture
def talks(vimeo: Sandbox, toolkit: VimeoToolkit) -> dict[str, Video]:
    """The videos of the library by their names."""
    vimeo.requests.clear()
    return {video.name: video for video in vimeo.user.videos}


def found(toolkit: VimeoToolkit, query: str, **given: Any) -> dict[str, Any]:
    result = toolkit.execute_tool(**ME, tool_name=LIBRARY_SEARCH, tool_input={"query": query, **given})
    return dict(result)


def _words(video: Video) -> bool:
    return any(track.cues for track in video.texttracks)


def videos(told: dict[str, Any]) -> set[str]:
    return {row["name"] for row in told["data"]}


# ---- when they are there ----


def test_they_are_there_where_libraries_are(toolkit: VimeoToolkit) -> None:
    def names(**choice: Any) -> set[str]:
        return {tool.name for tool in toolkit.tools(**choice)}

    assert names() == DEFAULT_WITH_LIBRARY | {TOOL_CALL}
    assert names(toolsets="all") == set(catalog()) | OVER_LIBRARIES
    assert names(toolsets="library") > OVER_LIBRARIES
    assert names(toolsets="hosted59") & OVER_LIBRARIES == set()
    assert names(include=[STATUS]) == {STATUS}
    assert LIBRARY_SEARCH in names(read_only=True)


def test_they_are_not_there_without(connection: Connection) -> None:
    with VimeoToolkit([connection], store="sqlite:///:memory:") as plain:
        assert {tool.name for tool in plain.tools(toolsets="all")} == set(catalog())
        assert {tool.name for tool in plain.tools()} == DEFAULT | {TOOL_CALL}
        assert {tool.name for tool in plain.bind_tools_on_demand(identifier="u")} == set(catalog())
        for name in OVER_LIBRARIES:
            with pytest.raises(ConfigurationError, match=name) as refused:
                plain.tools(include=[name])
            assert "library=" in refused.value.hint


def test_all_others_are_reached_by_name(toolkit: VimeoToolkit) -> None:
    (by_name,) = (tool for tool in toolkit.bind_tools(**ME) if tool.name == TOOL_CALL)
    assert set(by_name.allowed or ()) == {*catalog(library=True), TOOL_CALL}
    assert by_name.at_hand == DEFAULT_WITH_LIBRARY | {TOOL_CALL}


def test_they_are_called_by_name(talks: dict[str, Video], toolkit: VimeoToolkit) -> None:
    (by_name,) = (tool for tool in toolkit.bind_tools(**ME) if tool.name == TOOL_CALL)
    assert f'"videos":{len(talks)}' in by_name.call({"name": STATUS}).text
    refused = by_name.call({"name": LIBRARY_SEARCH, "inputs": {"query": "bread"}})
    assert refused.is_error, "it is one of the agent's own"
    all_but = toolkit.bind_tools(**ME, exclude=[LIBRARY_SEARCH, STATUS])
    (without,) = (tool for tool in all_but if tool.name == TOOL_CALL)
    for name in OVER_LIBRARIES:
        assert without.call({"name": name, "inputs": {"query": "bread"}}).is_error


def test_they_are_not_called_by_name_without_a_library(vimeo: Sandbox, connection: Connection) -> None:
    with VimeoToolkit([connection], store="sqlite:///:memory:") as plain:
        plain.import_token(identifier="user_1", access_token=vimeo.issue_token().access_token)
        vimeo.requests.clear()
        (by_name,) = (tool for tool in plain.bind_tools(**ME) if tool.name == TOOL_CALL)
        for name in OVER_LIBRARIES:
            reply = by_name.call({"name": name, "inputs": {"query": "bread"}})
            assert isinstance(reply.error, UnknownTool)
            assert "library=" not in reply.text, "what an operator can do does not help an agent"
        assert not vimeo.requests


def test_a_call_without_a_library_says_how_to_have_one(vimeo: Sandbox, connection: Connection) -> None:
    with VimeoToolkit([connection], store="sqlite:///:memory:") as plain:
        plain.import_token(identifier="user_1", access_token=vimeo.issue_token().access_token)
        vimeo.requests.clear()
        for name, given in ((LIBRARY_SEARCH, {"query": "bread"}), (STATUS, {})):
            with pytest.raises(ConfigurationError, match="index"):
                plain.execute_tool(**ME, tool_name=name, tool_input=given)
        asked = {"query": "in which of my videos do I say something about bread"}
        told = plain.execute_tool(**ME, tool_name="vimeo_tools_search", tool_input=asked)
        assert not OVER_LIBRARIES & {each["name"] for each in told["data"]}
        assert not vimeo.requests


@pytest.mark.parametrize(
    "asked",
    [
        "in which of my videos do I say something about bread",
        "where in my library is it mentioned that the server failed, at which minute",
        "search all transcripts for a phrase",
    ],
)
def test_the_search_is_found_by_what_people_ask(asked: str, talks: object, toolkit: VimeoToolkit) -> None:
    told = toolkit.execute_tool(**ME, tool_name="vimeo_tools_search", tool_input={"query": asked})
    assert told["data"][0]["name"] == LIBRARY_SEARCH


def test_an_agent_that_may_not_have_it_is_not_told_of_it(talks: object, toolkit: VimeoToolkit) -> None:
    asked: Any = {"tool_name": "vimeo_tools_search", "tool_input": {"query": "search what is said"}}
    told = toolkit.execute_tool(**ME, **asked, allowed=["vimeo_tools_search", "vimeo_me_get"])
    assert not OVER_LIBRARIES & {each["name"] for each in told["data"]}
    with pytest.raises(UnknownTool):
        toolkit.execute_tool(
            **ME, tool_name=LIBRARY_SEARCH, tool_input={"query": "x"}, allowed=["vimeo_me_get"]
        )


def test_what_their_definitions_cost(toolkit: VimeoToolkit) -> None:
    def cost(**choice: Any) -> int:
        tools = get_tools(identifier="u", toolkit=toolkit, **choice)
        return count(to_json([convert_to_openai_tool(tool) for tool in tools]))

    count, _ = counter()
    assert cost() <= 4_000
    assert cost(include=sorted(OVER_LIBRARIES)) <= 300


# ---- what a search tells ----


def test_one_call_says_where_and_when(talks: dict[str, Video], vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    told = found(toolkit, "how long does the starter sleep in the refrigerator?")
    first = told["data"][0]
    video = talks["Bread School 1: Keeping a Starter"]
    cue = next(cue for cue in video.texttracks[0].cues if "sleeps for three weeks" in cue.text)
    assert (first["uri"], first["name"], first["found_in"]) == (f"/videos/{video.id}", video.name, "speech")
    assert first["start_seconds"] <= cue.start / 1000 <= first["end_seconds"]
    minutes, seconds = map(int, first["at"].split(":"))
    assert first["link"] == f"https://vimeo.com/{video.id}#t={minutes * 60 + seconds}s"
    assert "**sleeps**" in first["passage"]
    assert not vimeo.requests, "the index answers"


def test_it_fits_a_model_and_is_marked_as_what_others_said(
    talks: dict[str, Video], toolkit: VimeoToolkit
) -> None:
    (tool,) = toolkit.bind_tools(**ME, include=[LIBRARY_SEARCH])
    reply = tool.call({"query": "water night bread price bees boat"})
    told = json.loads(reply.text)
    assert told["written_by_others"].startswith("passage, speaker: ")
    assert reply.text.index("written_by_others") < reply.text.index("**")
    assert "cut" not in told
    count, _ = counter()
    assert len(told["data"]) > 8
    assert count(reply.text) < 4_000


def test_what_could_not_be_searched(talks: dict[str, Video], toolkit: VimeoToolkit) -> None:
    told = found(toolkit, "harbour")
    none = sum(not video.texttracks and video.status == "available" for video in talks.values())
    pending = sum(
        bool(video.texttracks or video.status != "available") and not _words(video)
        for video in talks.values()
    )
    assert told["not_searched"] == (
        f"What is said in {none + pending} of {len(talks)} videos: {none} have no captions, of {pending} Vimeo "
        "has no text of the captions yet. Their titles, descriptions and tags were searched."
    )
    row = next(row for row in told["data"] if row["name"] == "Harbour, One Hour, No Words")
    assert row["found_in"] == "title, description, tags"
    assert row["at"] is None
    assert "#" not in row["link"]


def test_nothing_is_found(talks: dict[str, Video], toolkit: VimeoToolkit) -> None:
    told = found(toolkit, "xylophones quagmire")
    assert (told["total"], told["data"]) == (0, [])
    assert "not_searched" in told


def test_a_slip_of_the_pen(talks: dict[str, Video], toolkit: VimeoToolkit) -> None:
    told = found(toolkit, "sourdogh")
    assert told["searched_for"] == "sourdough"
    assert told["total"]


def test_an_unlisted_video_keeps_its_hash(talks: dict[str, Video], toolkit: VimeoToolkit) -> None:
    video = talks["Sleep, Light and Night Shifts"]
    rows = [row for row in found(toolkit, "night shifts sleep")["data"] if row["name"] == video.name]
    assert rows
    assert all(f"vimeo.com/{video.id}/{video.secret_hash}" in row["link"] for row in rows)


# ---- filters ----


def test_a_folder_and_a_showcase(talks: dict[str, Video], vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    folder = talks["Bread School 1: Keeping a Starter"].folder
    assert folder
    inside = {name for name, video in talks.items() if video.folder is folder}
    for written in (str(folder.id), folder.uri):
        assert videos(found(toolkit, "water", folder_id=written)) <= inside
        assert videos(found(toolkit, "water", folder_id=written))
    assert not vimeo.requests
    by_id = found(toolkit, "water", folder_id=str(folder.id))
    assert found(toolkit, "water", folder_id=folder.name) == by_id
    assert [request.path for request in vimeo.requests] == ["/me/projects"]
    with pytest.raises(InvalidInput, match="no folder named 'Nowhere'"):
        found(toolkit, "water", folder_id="Nowhere")
    vimeo.requests.clear()
    showcase = next(each for each in vimeo.user.showcases if each.name == "Evening Lectures")
    shown = videos(found(toolkit, "night", showcase_id=showcase.id, limit=50))
    assert shown
    assert shown <= {video.name for video in showcase.videos}
    read = f"/me/albums/{showcase.id}/videos"
    assert [request.path for request in vimeo.requests] == [read]
    assert videos(found(toolkit, "night", showcase_id="evening lectures", limit=50)) == shown
    assert [request.path for request in vimeo.requests] == [read, "/me/albums", read]


def test_privacy_speaker_and_language(talks: dict[str, Video], toolkit: VimeoToolkit) -> None:
    private = videos(found(toolkit, "payments review", privacy="nobody", limit=50))
    assert private
    assert {talks[name].view for name in private} == {"nobody"}
    said = found(toolkit, "price", speaker="Marcus", limit=50)["data"]
    assert said
    assert all("Marcus" in row["speaker"] for row in said)
    german = videos(found(toolkit, "wasser brot", language="de", limit=50))
    assert german
    assert {(talks[name].language or "")[:2] for name in german} == {"de"}
    assert videos(found(toolkit, "wasser brot", language="DE", limit=50)) == german
    with pytest.raises(InvalidInput, match="code of a language"):
        found(toolkit, "wasser brot", language="German")


def test_dates(talks: dict[str, Video], toolkit: VimeoToolkit) -> None:
    day = sorted(video.created for video in talks.values())[len(talks) // 2].date().isoformat()
    newer, older = (videos(found(toolkit, "water night", **{side: day}, limit=50)) for side in SIDES)
    assert newer
    assert older
    assert all(talks[name].created.date().isoformat() >= day for name in newer)
    assert all(talks[name].created.date().isoformat() <= day for name in older)


SIDES = ("from_date", "until_date")


def test_inputs_that_contradict_themselves(talks: object, vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    with pytest.raises(InvalidInput, match="from_date is after until_date"):
        found(toolkit, "bread", from_date="2026-11", until_date="2026-10")
    with pytest.raises(InvalidInput, match="query"):
        found(toolkit, "")
    assert not vimeo.requests


# ---- its state ----


def test_the_status(talks: dict[str, Video], vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    told = toolkit.execute_tool(**ME, tool_name=STATUS)
    assert told["videos"] == len(talks)
    assert told["with_captions"] + told["without_captions"] + told["captions_without_text"] == len(talks)
    assert told["passages"] > 50
    assert {"en", "de", "ja"} <= {code.partition("-")[0] for code in told["languages"]}
    assert told["synced"].startswith(str(vimeo.world.now().date()))
    assert any("captions=false" in note for note in told.notes)
    assert not vimeo.requests


def test_how_old_it_is(talks: object, vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    assert not toolkit.execute_tool(**ME, tool_name=LIBRARY_SEARCH, tool_input={"query": "bread"}).notes
    index = index_of(toolkit, "user_1")
    former = index.state()
    index.note({"synced": former["synced"] - 3.2 * 86_400})
    result = toolkit.execute_tool(**ME, tool_name=LIBRARY_SEARCH, tool_input={"query": "bread"})
    index.note(former)
    assert any("3 days ago" in note for note in result.notes)


def test_a_transcript_leads_to_the_library(talks: dict[str, Video], toolkit: VimeoToolkit) -> None:
    video = talks["A Year With Bees"]
    asked: Any = {"tool_name": "vimeo_video_transcript_get", "tool_input": {"video_id": str(video.id)}}
    asked["tool_input"]["query"] = "sourdough"
    result = toolkit.execute_tool(**ME, **asked)
    assert result["matches"] == 0
    assert any(LIBRARY_SEARCH in note for note in result.notes)
    del asked["tool_input"]["video_id"]
    assert sum(LIBRARY_SEARCH in note for note in toolkit.execute_tool(**ME, **asked).notes) == 1
    asked["tool_input"]["video_id"] = str(video.id)
    alone = toolkit.execute_tool(**ME, **asked, allowed=["vimeo_video_transcript_get"])
    assert not any(LIBRARY_SEARCH in note for note in alone.notes)
