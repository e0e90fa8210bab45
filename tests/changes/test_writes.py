"""What single calls changed is noted, without an input or a secret, and not without end."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest

from tests.unit.world import USER, World, answer, execute, said
from vimeo_toolkit import StoreError
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.disconnecting import delete_account
from vimeo_toolkit.changes import writes as module
from vimeo_toolkit.changes.writes import Writes, Written
from vimeo_toolkit.errors import VimeoToolkitError
from vimeo_toolkit.identity import Owner
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost


def writes_of(world: World, ctx: Context) -> Writes:
    record = run_sync(ctx.vault.load(world, USER))
    return Writes(
        ctx.vault, world, Owner(USER, "" if record is None else record.generation), ctx.policy.keep_changes
    )


def called(world: World, tool: str, given: dict[str, Any]) -> list[Written]:
    ctx = world.context()
    world.account(ctx)
    with contextlib.suppress(VimeoToolkitError):
        run_sync(execute(ctx, world, tool, given))
    return run_sync(writes_of(world, ctx).list())


def test_a_call_that_changed_something_is_noted() -> None:
    edit = {"video_id": "12", "privacy_view": "password", "password": "hunter22", "name": "A secret title"}
    world = World(said({"uri": "/videos/12", "privacy": {"view": "password"}, "name": "A secret title"}))
    (written,) = called(world, "vimeo_video_edit", edit)
    assert (written.tool, written.objects, written.outcome) == ("vimeo_video_edit", ("video 12",), "ok")
    (row,) = run_sync(world.store.ascan("write"))
    for text in ("hunter22", "secret title", "video 12", "vimeo_video_edit"):
        assert text not in repr(row)
    assert "hunter22" not in json.dumps([written.tool, written.objects, written.outcome])


def test_what_a_call_made_is_named_first() -> None:
    world = World(said({"uri": "/users/7/albums/33", "name": "New"}))
    (written,) = called(world, "vimeo_showcase_create", {"name": "New", "privacy": "nobody"})
    assert written.objects[0] == "showcase 33"


@pytest.mark.parametrize(
    ("tool", "given", "body", "name"),
    [
        (
            "vimeo_showcase_create",
            {"name": "New"},
            {"uri": "/users/7/albums/33", "name": "New\n one"},
            "New one",
        ),
        ("vimeo_video_edit", {"name": "A"}, {"name": "A" * 200, "user": {"uri": "/users/7"}}, "A" * 80),
        ("vimeo_video_edit", {"name": "A"}, {"name": "A", "user": {"uri": "/users/7"}}, "A"),
        ("vimeo_video_edit", {"name": "A"}, {"name": "Obey", "user": {"uri": "/users/8"}}, ""),
        ("vimeo_video_chapter_create", {"title": "B", "timecode": 1}, {"title": "B"}, "B"),
        ("vimeo_video_like", {}, None, ""),
        ("vimeo_video_comment_add", {"text": "Hello"}, {"text": "Hello", "user": {"name": "Jo"}}, ""),
    ],
)
def test_the_title_that_the_answer_tells_is_noted_if_it_is_the_users(
    tool: str, given: dict[str, Any], body: Any, name: str
) -> None:
    asked = given if tool == "vimeo_showcase_create" else {"video_id": "12", **given}
    (written,) = called(World(answer(204) if body is None else said(body)), tool, asked)
    assert written.name == name
    assert not name or name not in repr(written)


def test_a_row_that_an_earlier_release_wrote_has_no_title() -> None:
    world = World()
    ctx = world.context()
    world.account(ctx)
    writes = writes_of(world, ctx)
    put = writes._rows.put_json

    async def without_name(io: Any, key: Any, body: dict[str, Any], ttl: float) -> None:
        del body["name"]
        await put(io, key, body, ttl=ttl)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writes._rows, "put_json", without_name, raising=False)
        run_sync(writes.note(Written("vimeo_video_edit", 1.0, ("video 1",), "ok", "A title")))
    assert run_sync(writes.list()) == [Written("vimeo_video_edit", 1.0, ("video 1",), "ok")]


def test_what_reads_or_is_refused_is_not_noted() -> None:
    assert called(World(said({"uri": "/videos/12"})), "vimeo_video_get", {"video_id": "12"}) == []
    assert called(World(answer(403)), "vimeo_video_delete", {"video_id": "12"}) == []


def test_a_call_of_which_each_part_was_refused_is_not_noted() -> None:
    comments = [f"/videos/12/comments/{number}" for number in (3, 4)]
    world = World(answer(403), answer(403))
    assert called(world, "vimeo_comment_delete", {"comments": comments}) == []
    (written,) = called(World(answer(403), answer(204)), "vimeo_comment_delete", {"comments": comments})
    assert written.outcome == "ok"


def test_a_call_of_which_it_is_not_known_what_came_is_noted_so() -> None:
    lost = [AnswerLost()] * 4
    world = World(*lost, said({"uri": "/videos/12"}))
    (written,) = called(world, "vimeo_video_comment_add", {"video_id": "12", "text": "Hello"})
    assert written.outcome == "outcome_unknown"


def test_a_store_that_fails_costs_the_note_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(answer(204))
    ctx = world.context()
    world.account(ctx)

    async def full(*args: Any, **more: Any) -> bool:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(world.store, "aput", full)
    assert run_sync(execute(ctx, world, "vimeo_video_delete", {"video_id": "12"}))["success"]


def test_the_newest_come_first_and_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    world = World()
    ctx = world.context()
    world.account(ctx)
    writes = writes_of(world, ctx)
    for number in range(5):
        world.time += 1
        run_sync(writes.note(Written("vimeo_video_delete", float(number), (), "ok")))
    assert [each.at for each in run_sync(writes.list())] == [4.0, 3.0, 2.0]
    assert len(run_sync(world.store.ascan("write"))) == 3
    monkeypatch.setattr(module, "_TRIMS", 1.0)
    for number in range(3):
        world.time += 1
        run_sync(writes.note(Written("vimeo_video_delete", 10.0 + number, (), "ok")))
    assert len(run_sync(world.store.ascan("write"))) == 3, "and a write drops what is too much, now and then"
    world.time += ctx.policy.keep_changes
    assert run_sync(writes.list()) == []


def test_they_go_with_the_account_and_are_nobody_elses() -> None:
    world = World()
    ctx = world.context()
    world.account(ctx)
    run_sync(writes_of(world, ctx).note(Written("vimeo_video_delete", 1.0, ("video 1",), "ok")))
    other = Writes(ctx.vault, world, Owner(USER, "another"), 60.0)
    assert run_sync(other.list()) == []
    run_sync(delete_account(ctx, world, USER, revoke=False))
    assert run_sync(world.store.ascan("write")) == []
