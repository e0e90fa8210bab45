"""The example that files new videos by itself: what it moves, what it leaves alone, and after it was killed."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

PLACE = Path(__file__).parents[2] / "examples" / "filing" / "file_new_videos.py"
NEW = {"name": "Bread School 3: Rye", "description": "A sourdough starter, flour and an oven."}


@pytest.fixture(scope="module")
def example() -> Any:
    spec = importlib.util.spec_from_file_location("file_new_videos", PLACE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["file_new_videos"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(example: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, VimeoToolkit]]:
    with example.on_a_sandbox(tmp_path_factory.mktemp("filing")) as made:
        yield made


@pytest.fixture
def sandboxed(
    example: Any, made: tuple[Sandbox, VimeoToolkit], tmp_path: Path
) -> tuple[Sandbox, VimeoToolkit, Any]:
    """A library that was looked at once, and what watches it."""
    vimeo, toolkit = made
    watch = example.Watch(toolkit, "me", tmp_path / "until.txt")
    watch.begin()
    return vimeo, toolkit, watch


def test_new_videos_are_filed_and_others_left_alone(
    example: Any, sandboxed: tuple[Sandbox, VimeoToolkit, Any]
) -> None:
    vimeo, toolkit, watch = sandboxed
    before = {video.id: video.folder for video in vimeo.user.videos}
    graph = example.filing_graph(toolkit, "me", example.choose_by_score)
    assert list(watch.handle(graph)) == []
    bread = vimeo.add_video(vimeo.user, **NEW)
    odd = vimeo.add_video(vimeo.user, "Quarterly zebra report")
    done = list(watch.handle(graph))
    assert bread.folder is not None
    assert bread.folder.name == "Bread School"
    assert odd.folder is None
    assert [video.folder for video in vimeo.user.videos if video.id in before] == list(before.values())
    assert {each["name"] for each in done} == {bread.name, odd.name}
    assert any("because of https://vimeo.com/" in example.told(each) for each in done)
    assert list(watch.handle(graph)) == []  # each has its turn once


def test_where_it_was_killed_it_goes_on(example: Any, sandboxed: tuple[Sandbox, VimeoToolkit, Any]) -> None:
    vimeo, toolkit, watch = sandboxed
    graph = example.filing_graph(toolkit, "me", example.choose_by_score)
    videos = [vimeo.add_video(vimeo.user, **NEW), vimeo.add_video(vimeo.user, **NEW)]
    killed = watch.handle(graph)
    next(killed)
    killed.close()
    list(watch.handle(graph))
    assert [video.folder.name for video in videos if video.folder] == ["Bread School"] * 2


def test_a_video_that_is_gone_again_does_not_hold_up_the_feed(
    example: Any, sandboxed: tuple[Sandbox, VimeoToolkit, Any]
) -> None:
    vimeo, toolkit, watch = sandboxed
    graph = example.filing_graph(toolkit, "me", example.choose_by_score)
    gone, stays = vimeo.add_video(vimeo.user, **NEW), vimeo.add_video(vimeo.user, **NEW)
    toolkit.library.sync(identifier="me")
    toolkit.execute_tool(identifier="me", tool_name="vimeo_video_delete", tool_input={"video_id": gone.uri})
    assert [each["video"] for each in watch.handle(graph)] == [stays.uri]


def test_a_folder_that_a_model_makes_up_is_not_taken(
    example: Any, sandboxed: tuple[Sandbox, VimeoToolkit, Any]
) -> None:
    vimeo, toolkit, watch = sandboxed
    graph = example.filing_graph(toolkit, "me", lambda about, alike: "/users/1/projects/99")
    video = vimeo.add_video(vimeo.user, **NEW)
    list(watch.handle(graph))
    assert video.folder is None


class _Chooses(GenericFakeChatModel):
    def bind_tools(self, tools: Any, **given: Any) -> Any:
        return self


def test_a_language_model_chooses(example: Any, sandboxed: tuple[Sandbox, VimeoToolkit, Any]) -> None:
    vimeo, toolkit, watch = sandboxed
    [walks] = [folder for folder in vimeo.user.folders if folder.name == "Walks"]
    chosen = {"folder": f"{vimeo.user.uri}/projects/{walks.id}"}
    answer = AIMessage("", tool_calls=[{"name": "Choice", "args": chosen, "id": "1", "type": "tool_call"}])
    choose = example.choose_by_model(_Chooses(messages=iter([answer])))
    video = vimeo.add_video(vimeo.user, "Dawn walk: birds of the marsh", description="Dunlins and terns.")
    list(watch.handle(example.filing_graph(toolkit, "me", choose)))
    assert video.folder is walks


@pytest.mark.slow
def test_it_shows_itself(
    example: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("VIMEO_USER", "CHAT_MODEL"):
        monkeypatch.delenv(name, raising=False)
    example.main()
    told = capsys.readouterr().out
    assert "Bread School 3: Rye -> Bread School, because of https://vimeo.com/" in told
    assert "stays where it is" in told
