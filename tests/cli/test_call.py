from __future__ import annotations

import json
import re
import shlex
from types import SimpleNamespace

import pytest

from tests.cli.conftest import Run
from vimeo_toolkit.cli import consenting
from vimeo_toolkit.sandbox import Sandbox


def test_prints_the_result(me: str, vimeo: Sandbox, run: Run) -> None:
    outcome = run("call", "vimeo_my_videos_list", "sort=date", "direction=desc", "per_page=3", "--as", me)
    assert outcome.exit_code == 0
    newest = sorted(vimeo.user.videos, key=lambda video: video.created, reverse=True)[:3]
    assert [each["name"] for each in json.loads(outcome.stdout)["data"]] == [each.name for each in newest]
    (request,) = vimeo.requests
    assert request.query["per_page"] == "3"


def test_values_are_json_or_text_as_the_tool_takes_them(me: str, vimeo: Sandbox, run: Run) -> None:
    video = vimeo.user.videos[-2]
    outcome = run(
        "call",
        "vimeo_video_edit",
        f"video_id={video.id}",
        "name=2024",
        "description=a=b",
        "privacy_download=false",
        "--as",
        me,
    )
    assert outcome.exit_code == 0, outcome.stderr
    assert (video.name, video.description, video.download) == ("2024", "a=b", False)


def test_values_are_read_as_the_tools_read_them(me: str, vimeo: Sandbox, run: Run) -> None:
    """A list has commas, an enumeration any case, and nothing behind the sign clears a text."""
    video = vimeo.user.videos[-2]
    given = (f"video_id={video.id}", "description=", "privacy_view=Private", "name=null", "--as", me)
    assert run("call", "vimeo_video_edit", *given).exit_code == 0
    assert vimeo.requests[-1].body == {"description": "", "privacy": {"view": "nobody"}}
    assert run("call", "vimeo_videos_get", f"videos={video.id},{video.id}", "--as", me).exit_code == 0
    outcome = run("call", "vimeo_my_videos_list", "perpage=5", "--as", me)
    assert "did you mean per_page?" in outcome.stderr


def test_input_is_one_object_and_pairs_go_over_it(me: str, vimeo: Sandbox, run: Run) -> None:
    given = json.dumps({"per_page": 50, "sort": "alphabetical"})
    outcome = run("call", "vimeo_my_videos_list", "--input", given, "per_page=2", "--as", me)
    assert outcome.exit_code == 0
    (request,) = vimeo.requests
    assert (request.query["per_page"], request.query["sort"]) == ("2", "alphabetical")


def test_wrong_input_names_the_field_and_sends_nothing(me: str, vimeo: Sandbox, run: Run) -> None:
    outcome = run("call", "vimeo_my_videos_list", "per_page=500", "--as", me)
    assert outcome.exit_code == 2
    assert "per_page" in outcome.stderr
    assert vimeo.requests == []


def test_input_that_is_no_object(me: str, run: Run) -> None:
    assert run("call", "vimeo_my_videos_list", "--input", "[1]", "--as", me).exit_code == 2


def test_pair_without_a_name(me: str, run: Run) -> None:
    assert run("call", "vimeo_my_videos_list", "harbour", "--as", me).exit_code == 2


def test_unknown_tool_suggests_the_closest(me: str, run: Run) -> None:
    outcome = run("call", "vimeo_my_video_list", "--as", me)
    assert outcome.exit_code == 2
    assert "vimeo_my_videos_list" in outcome.stderr


def test_user_without_an_account_gets_a_command(me: str, run: Run) -> None:
    outcome = run("call", "vimeo_me_get", "--as", "nobody")
    assert outcome.exit_code == 1
    assert "vimeo-toolkit connect nobody" in outcome.stderr
    assert outcome.stdout == ""
    assert "nobody" not in run("accounts", "list").stdout


def test_what_deletes_is_asked_about(owner: str, vimeo: Sandbox, run: Run) -> None:
    video = vimeo.user.videos[0]
    delete = ("call", "vimeo_video_delete", f"video_id={video.id}", "--as", owner)
    refused = run(*delete)
    assert refused.exit_code == 1
    assert "--yes" in refused.stderr
    assert video in vimeo.user.videos
    approve = shlex.split(re.findall("`(.+?)`", refused.stderr)[-1])[1:]
    approved = run(*approve)
    assert approved.exit_code == 0
    assert f"Permanently delete the video “{video.name}” (" in refused.stderr
    assert f"Permanently delete the video “{video.name}” (" in approved.stderr, "who approves sees what"
    assert run(*delete).exit_code == 0
    assert video not in vimeo.user.videos
    other = vimeo.user.videos[0]
    assert run("call", "vimeo_video_delete", f"video_id={other.id}", "--as", owner, "--yes").exit_code == 0
    assert other not in vimeo.user.videos


def test_on_a_terminal_who_approves_is_asked(
    owner: str, vimeo: Sandbox, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = vimeo.user.videos[0]
    delete = ("call", "vimeo_video_delete", f"video_id={video.id}", "--as", owner)
    approve = shlex.split(re.findall("`(.+?)`", run(*delete).stderr)[-1])[1:]
    with monkeypatch.context() as terminal:
        terminal.setattr(consenting, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
        refused = run(*approve, stdin="n\n")
        assert refused.exit_code == 1
        assert f"Permanently delete the video “{video.name}” (" in refused.stderr
    assert run(*delete).exit_code == 1
    assert video in vimeo.user.videos
    with monkeypatch.context() as terminal:
        terminal.setattr(consenting, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
        assert run(*approve, stdin="y\n").exit_code == 0
    assert run(*delete).exit_code == 0
    assert video not in vimeo.user.videos


def test_whole_has_the_nulls_and_json_has_not(me: str, run: Run) -> None:
    compact = run("call", "vimeo_my_videos_list", "per_page=1", "--json")
    assert "--whole" in compact.stderr
    assert len(run("call", "vimeo_my_videos_list", "per_page=1", "--whole").stdout) > len(compact.stdout)


def test_missing_scope_is_named_and_nothing_is_sent(me: str, vimeo: Sandbox, run: Run) -> None:
    video = vimeo.user.videos[0]
    outcome = run("call", "vimeo_video_delete", f"video_id={video.id}", "--as", me)
    assert outcome.exit_code == 1
    assert '"delete"' in outcome.stderr
    assert vimeo.requests == []
    assert video in vimeo.user.videos


def test_errors_of_vimeo_are_sentences(me: str, run: Run) -> None:
    outcome = run("call", "vimeo_video_get", "video_id=999999999", "--as", me)
    assert outcome.exit_code == 1
    assert outcome.stderr.strip()
    assert "Traceback" not in outcome.output


def test_dry_run_sends_nothing(me: str, vimeo: Sandbox, run: Run) -> None:
    video = vimeo.user.videos[0]
    outcome = run("call", "vimeo_video_edit", f"video_id={video.id}", "name=New", "--as", me, "--dry-run")
    assert outcome.exit_code == 0, outcome.stderr
    shown = json.loads(outcome.stdout)
    assert shown["requests"][0]["method"] == "PATCH"
    assert shown["requests"][0]["body"] == {"name": "New"}
    assert vimeo.requests == []
