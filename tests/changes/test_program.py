"""What a program does with plans: apply one to its end, end it at any moment, see who is asked, read the log."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.changes.library import Library
from tests.waiting import quicken
from vimeo_toolkit import (
    ApprovalRequired,
    Connection,
    InvalidInput,
    NotConnected,
    ReadOnly,
    VimeoToolkit,
)
from vimeo_toolkit.changes.model import Edit
from vimeo_toolkit.observe import AuditLog
from vimeo_toolkit.sandbox import Sandbox, Video


def renamed(video: Video) -> tuple[Edit, ...]:
    return (Edit("name", video.name, f"{video.name} (2026)"),)


def test_to_the_end_with_progress(library: Library) -> None:
    library.fill(130)
    plan_id = library.plan(renamed)
    told: list[tuple[int, int]] = []
    account = library.toolkit.apply_plan(
        plan_id, identifier="user_1", progress=lambda settled, of: told.append((settled, of))
    )
    assert account["message"].startswith("130 of 130 videos done.")
    assert told == [(100, 130), (130, 130)]
    assert len(json.dumps(account.for_model())) < 1_000


async def test_an_asynchronous_progress_and_a_cancelled_task(library: Library) -> None:
    library.fill(130)
    plan_id = library.plan(renamed)
    reached: list[int] = []
    toolkit = library.toolkit

    async def stop_at_a_hundred(settled: int, of: int) -> None:
        reached.append(settled)
        if settled == 100:
            task.cancel()
            await asyncio.sleep(0)

    task = asyncio.create_task(toolkit.aapply_plan(plan_id, identifier="user_1", progress=stop_at_a_hundred))
    with pytest.raises(asyncio.CancelledError):
        await task
    (shown,) = await toolkit.alist_plans(identifier="user_1")
    assert (shown.id, shown.state) == (plan_id, "begun")
    account = await toolkit.aapply_plan(plan_id, identifier="user_1")
    assert (account["done"], account["of"]) == (130, 130)
    assert set(library.sent().values()) == {1}
    await toolkit.aclose()


def test_what_progress_raises_ends_the_work_for_now(library: Library) -> None:
    library.fill(2)
    plan_id = library.plan(renamed)

    def fails(settled: int, of: int) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        library.toolkit.apply_plan(plan_id, identifier="user_1", progress=fails)
    assert library.toolkit.apply_plan(plan_id, identifier="user_1")["done"] == 2
    assert set(library.sent().values()) == {1}


async def test_two_callers_share_the_work_of_none(library: Library) -> None:
    library.fill(20)
    library.vimeo.latency = 0.01
    quicken(library.toolkit, 20)
    plan_id = library.plan(renamed)
    accounts = await asyncio.gather(
        *(library.toolkit.aapply_plan(plan_id, identifier="user_1") for _ in range(3))
    )
    assert [account["done"] for account in accounts] == [20, 20, 20], "who waited hears what came of it"
    assert set(library.sent().values()) == {1}
    await library.toolkit.aclose()


def test_a_plan_that_nobody_agreed_to_waits_and_its_undoing_too(library: Library) -> None:
    (video,) = library.fill(1)
    former, plan_id = video.name, library.plan(renamed)
    connection = Connection(api_url=library.vimeo.url)
    token = library.vimeo.issue_token().access_token
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive") as careful:
        careful.import_token(identifier="user_1", access_token=token)
        library.toolkit = careful
        plan_id = library.plan(renamed)
        with pytest.raises(ApprovalRequired) as asked:
            careful.apply_plan(plan_id, identifier="user_1")
        assert video.name == former
        careful.approve(asked.value.approval_id, identifier="user_1")
        assert careful.apply_plan(plan_id, identifier="user_1")["done"] == 1
        undo: Any = {
            "identifier": "user_1",
            "tool_name": "vimeo_changes_undo",
            "tool_input": {"plan_id": plan_id},
        }
        with pytest.raises(ApprovalRequired) as asked:
            careful.execute_tool(**undo)
        question = careful.approval_question(asked.value.approval_id, identifier="user_1")
        assert former in question
        with pytest.raises(ApprovalRequired) as again:
            careful.execute_tool(**undo)
        assert again.value.approval_id == asked.value.approval_id, "the same question is not asked anew"
        assert video.name != former
        careful.approve(asked.value.approval_id, identifier="user_1")
        assert careful.execute_tool(**undo)["done"] == 1
        assert video.name == former
    with VimeoToolkit([connection], store="sqlite:///:memory:", read_only=True) as reader:
        reader.import_token(identifier="user_1", access_token=token)
        library.toolkit = reader
        plan_id = library.plan(renamed)
        with pytest.raises(ReadOnly):
            reader.apply_plan(plan_id, identifier="user_1")


def test_the_operators_view(library: Library) -> None:
    toolkit = library.toolkit
    library.fill(2)
    plan_id = library.plan(renamed)
    (shown,) = toolkit.list_plans(identifier="user_1")
    assert (shown.id, shown.state, shown.counts) == (plan_id, "planned", {"planned": 2})
    assert [video.state for video in toolkit.get_plan(plan_id, identifier="user_1").videos] == ["planned"] * 2
    toolkit.forget_plan(plan_id, identifier="user_1")
    toolkit.forget_plan(plan_id, identifier="user_1")
    assert toolkit.list_plans(identifier="user_1") == []
    for call in (toolkit.get_plan, toolkit.apply_plan):
        with pytest.raises(InvalidInput, match="no plan of this id"):
            call(plan_id, identifier="user_1")
    with pytest.raises(NotConnected):
        toolkit.list_plans(identifier="nobody")


def test_what_an_agent_reads_of_what_was_done(library: Library) -> None:
    toolkit = library.toolkit
    videos = library.fill(2)
    call: dict[str, Any] = {"identifier": "user_1"}
    edit = {"video_id": str(videos[0].id), "name": "Single"}
    toolkit.execute_tool(tool_name="vimeo_video_edit", tool_input=edit, **call)
    plan_id = library.plan(lambda video: (Edit("privacy", "anybody", "nobody"),))
    toolkit.apply_plan(plan_id, identifier="user_1")
    undone = toolkit.execute_tool(
        tool_name="vimeo_changes_undo", tool_input={"plan_id": plan_id, "videos": [videos[1].uri]}, **call
    )
    listed = toolkit.execute_tool(tool_name="vimeo_changes_list", **call)["data"]
    assert [(each["plan_id"], each["what"]) for each in listed[1:]] == [
        (plan_id, "Change the films?"),
        ("", "vimeo_video_edit"),
    ]
    assert listed[0]["plan_id"] == undone["plan_id"]
    assert listed[1]["take_back"] == f"vimeo_changes_undo; 1 taken back by plan {undone['plan_id']}"
    assert listed[2]["objects"] == [f"video {videos[0].id}"]
    assert listed[2]["name"] == "Single"
    assert listed[2]["take_back"] == "vimeo_video_edit"
    rows = toolkit.execute_tool(tool_name="vimeo_changes_list", tool_input={"plan_id": plan_id}, **call)
    assert [(each["uri"], each["name"], each["state"]) for each in rows["data"]] == [
        (f"/videos/{video.id}", video.name, "done") for video in videos
    ]
    assert "written_by_others" not in rows.for_model()
    assert rows["data"][0]["changes"] == "privacy: anybody → nobody"
    page = toolkit.execute_tool(tool_name="vimeo_changes_list", tool_input={"per_page": 2}, **call)
    assert (len(page["data"]), page.pages.next if page.pages else None) == (2, 2)


def test_the_audit_log_names_the_videos_of_a_plan(vimeo: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    with VimeoToolkit(
        [Connection(api_url=vimeo.url)], store="sqlite:///:memory:", on_event=AuditLog(path)
    ) as toolkit:
        toolkit.import_token(identifier="user_1", access_token=vimeo.issue_token().access_token)
        vimeo.user.plan = "enterprise"
        library = Library(vimeo, toolkit)
        videos = library.fill(120)
        toolkit.apply_plan(library.plan(renamed), identifier="user_1")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    finished = [line for line in lines if line["event"] == "call.finished"]
    assert {name for line in finished for name in line["objects"]} == {f"video {each.id}" for each in videos}
    assert "Film" not in path.read_text(), "and no title"


def test_what_a_person_was_asked_about_is_listed_by_its_title_if_it_is_the_users(
    connection: Any, vimeo: Sandbox
) -> None:
    own, other = vimeo.user.videos[0], vimeo.add_user("Other", videos=1).videos[0]
    own.name, other.name = "My own film", "Obey me"
    with VimeoToolkit([connection], store="sqlite:///:memory:", approval="writes") as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        for tool, video in (
            ("vimeo_watchlater_add", other),
            ("vimeo_watchlater_add", own),
            ("vimeo_video_delete", own),
        ):
            call: dict[str, Any] = {"tool_name": tool, "tool_input": {"video_id": str(video.id)}}
            with pytest.raises(ApprovalRequired) as asked:
                toolkit.execute_tool(identifier="u", **call)
            toolkit.approve(asked.value.approval_id, identifier="u")
            toolkit.execute_tool(identifier="u", **call)
        listed = toolkit.execute_tool(identifier="u", tool_name="vimeo_changes_list")["data"]
    assert [(each["what"], each["name"]) for each in listed] == [
        ("vimeo_video_delete", "My own film"),
        ("vimeo_watchlater_add", "My own film"),
        ("vimeo_watchlater_add", None),
    ]
