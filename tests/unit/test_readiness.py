"""When a video is ready: by every status that Vimeo has, and not by the file that a new version replaces."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.world import World, answer, run
from vimeo_toolkit import ToolResult
from vimeo_toolkit.catalog.readiness import ENDS, state_of
from vimeo_toolkit.runtime.ports import HttpResponse

STATUSES = {
    "available": "ready",
    "failed": "failed",
    "processing": "in progress",
    "quota_exceeded": "failed",
    "total_cap_exceeded": "failed",
    "transcode_starting": "in progress",
    "transcoding": "in progress",
    "transcoding_error": "failed",
    "unavailable": "failed",
    "uploading": "in progress",
    "uploading_error": "failed",
}
PARTS = {"complete": "ready", "error": "failed", "failed": "failed", "in_progress": "in progress"}


def _video(status: Any = "available", versions: Any = None, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"uri": "/videos/1", "status": status, **more}
    if versions is not None:
        found["metadata"] = {"connections": {"versions": versions}}
    return found


def _wait(*bodies: Any, seconds: int = 0) -> tuple[ToolResult, World]:
    world = World(
        *[
            each if isinstance(each, HttpResponse) else answer(200, json.dumps(each).encode())
            for each in bodies
        ]
    )
    return run(world, "vimeo_video_wait_ready", {"video_id": "1", "max_seconds": seconds}), world


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("playable", [True, False, None])
def test_every_status(status: str, playable: bool | None) -> None:
    """A video that can be played may be the file before."""
    result, world = _wait(_video(status, {"total": 1}, is_playable=playable))
    assert (result["state"], result["ready"]) == (STATUSES[status], STATUSES[status] == "ready")
    assert ("reason" in result) == (STATUSES[status] == "failed")
    assert (status in ENDS) == (STATUSES[status] == "failed")
    assert len(world.sent) == 1


@pytest.mark.parametrize("part", ["upload", "transcode"])
@pytest.mark.parametrize("status", PARTS)
def test_every_status_of_a_part(part: str, status: str) -> None:
    assert state_of(_video(**{part: {"status": status}}))[0] == PARTS[status]


def test_an_end_is_not_waited_for() -> None:
    result, world = _wait(_video("total_cap_exceeded"), seconds=600)
    assert result["state"] == "failed"
    assert "storage" in result["reason"]
    assert world.slept == []


def _version(number: int, *, active: bool, transcode: str = "complete", upload: str = "complete") -> Any:
    return {
        "uri": f"/videos/1/versions/{number}",
        "active": active,
        "created_time": f"2026-11-{number:02}T00:00:00+00:00",
        "transcode": {"status": transcode},
        "upload": {"status": upload},
    }


OLD = _version(1, active=True)


@pytest.mark.parametrize("known", [{"total": 2}, None])
@pytest.mark.parametrize(
    ("newest", "state"),
    [
        (_version(2, active=True), "ready"),
        (_version(2, active=False), "ready"),
        (_version(2, active=False, transcode="in_progress"), "in progress"),
        (_version(2, active=True, transcode="in_progress"), "in progress"),
        (_version(2, active=False, upload="in_progress"), "in progress"),
        (_version(2, active=False, transcode="error"), "failed"),
        (_version(2, active=False, upload="error"), "failed"),
    ],
)
def test_a_new_version_is_waited_for(newest: Any, state: str, known: Any) -> None:
    """The video itself is "available" all the time: it shows the file before."""
    shown = _video(versions=known, is_playable=True, transcode={"status": "complete"})
    result, world = _wait(shown, {"data": [newest, None, OLD]})
    assert (result["state"], result["ready"]) == (state, state == "ready")
    assert ("file before" in result.data.get("reason", "")) == (state != "ready")
    assert world.sent[1].url.partition("?")[0].endswith("/videos/1/versions")


def test_an_upload_that_was_given_up_before_is_not_waited_for() -> None:
    given_up = _version(2, active=False, upload="in_progress")
    failed = _version(3, active=False, transcode="error")
    result, _ = _wait(
        _video(), {"data": [OLD | {"active": False}, given_up, failed, _version(4, active=True)]}
    )
    assert result["ready"]


def test_a_version_that_becomes_ready() -> None:
    shown = _video(versions={"total": 2})
    working, done = _version(2, active=False, transcode="in_progress"), _version(2, active=True)
    result, world = _wait(shown, {"data": [OLD, working]}, shown, {"data": [OLD, done]}, seconds=60)
    assert result["ready"]
    assert len(world.slept) == 1


def test_a_version_that_vimeo_names_as_incomplete() -> None:
    incomplete = {"total": 2, "latest_incomplete_version": "/videos/1/versions/2"}
    assert _wait(_video(versions=incomplete))[0]["state"] == "in progress"


@pytest.mark.parametrize(
    "refused", [answer(403), answer(404), answer(200, b"[]"), answer(200, b'{"data": null}')]
)
def test_versions_that_cannot_be_seen_are_not_waited_for(refused: HttpResponse) -> None:
    assert _wait(_video(), refused)[0]["ready"]
