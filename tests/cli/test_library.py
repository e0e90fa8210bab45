"""The library on the command line: indexed, asked, deleted; and what is said where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_every_command import PYTHON
from vimeo_toolkit.sandbox import Sandbox

COMMANDS = (
    ("sync", "me"),
    ("search", "dashboard", "--as", "me"),
    ("status", "me"),
    ("forget", "me"),
    ("sweep",),
)


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VIMEO_TOOLKIT_LIBRARY", f"sqlite:///{tmp_path / 'words'}")
    return tmp_path / "words"


def test_a_library_from_its_first_sync_to_its_end(words: Path, me: str, vimeo: Sandbox, run: Run) -> None:
    assert "vimeo-toolkit library sync me" in run("library", "status", me).stdout
    synced = run("library", "sync", me)
    assert f"{len(vimeo.user.videos)} of {len(vimeo.user.videos)} videos" in synced.stdout
    found = run("library", "search", "Northwind dashboards", "--as", me).stdout
    assert "#t=0s" in found
    assert "Welcome to the Northwind dashboard." in found
    (hit, *_) = json.loads(run("library", "search", "Northwind dashboards", "--json").stdout)["hits"]
    assert hit["kind"] in ("spoken", "about")
    assert "Nothing was found" in run("library", "search", "zyzzyva").output
    status = json.loads(run("library", "status", "--json").stdout)
    assert status["coverage"]["videos"] == len(vimeo.user.videos)
    assert status["synced"]
    assert "0 indexes" in run("library", "sweep").stdout
    assert "deleted" in run("library", "forget").stdout
    assert json.loads(run("library", "forget", "--json").stdout) == {"identifier": me, "forgotten": False}
    assert run("library", "sync", me).exit_code == 0
    assert run("accounts", "disconnect", me, "--yes").exit_code == 0
    assert list(words.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("place", ["", "sqlite:///", "store", "redis://host"])
def test_without_a_library_the_setting_is_named(
    command: tuple[str, ...], place: str, me: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIMEO_TOOLKIT_LIBRARY", place)
    told = run("library", *command)
    assert told.exit_code == 1
    assert "VIMEO_TOOLKIT_LIBRARY" in told.stderr
    assert PYTHON.search(told.stderr) is None, told.stderr


def test_a_user_who_is_not_connected_is_told_how(words: Path, me: str, run: Run) -> None:
    for command in (("sync", "bo"), ("search", "x", "--as", "bo"), ("status", "bo")):
        told = run("library", *command)
        assert told.exit_code == 1
        assert "vimeo-toolkit connect bo" in told.stderr
        assert PYTHON.search(told.stderr) is None, told.stderr
    assert run("library", "search", " ", "--as", me).exit_code == 2
    assert run("library", "forget", "bo").exit_code == 0
