from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tests.cli.conftest import Run
from vimeo_toolkit.sandbox import Sandbox


def test_a_file_is_uploaded(environment: dict[str, str], vimeo: Sandbox, run: Run, tmp_path: Path) -> None:
    token = vimeo.issue_token(scopes=["public", "private", "upload"]).access_token
    assert run("connect", "me", "--token", stdin=f"{token}\n").exit_code == 0
    path = tmp_path / "film.mp4"
    path.write_bytes(b"film" * 1000)
    outcome = run("upload", str(path), "--name", "A film", "--privacy", "nobody")
    assert outcome.exit_code == 0, outcome.stderr
    video = vimeo.user.videos[-1]
    assert json.loads(outcome.stdout)["uri"] == video.uri
    assert (video.name, video.view) == ("A film", "nobody")
    assert video.incoming
    assert video.incoming.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_no_file(me: str, vimeo: Sandbox, run: Run, tmp_path: Path) -> None:
    outcome = run("upload", str(tmp_path / "none.mp4"), "--as", me)
    assert outcome.exit_code == 2
    assert "no readable file" in outcome.stderr


def test_a_password_is_set_before_anybody_can_watch(
    owner: str, vimeo: Sandbox, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"film" * 1000)
    outcome = run("upload", str(path), "--password", "--as", owner, stdin="fjord-1\n")
    assert outcome.exit_code == 0, outcome.stderr
    video = vimeo.user.videos[-1]
    assert (video.view, video.password) == ("password", "fjord-1")
    assert "fjord-1" not in outcome.output
    made = next(request for request in vimeo.requests if request.method == "POST" and request.body)
    assert made.body["privacy"] == {"view": "nobody"}
    for wrong in (("--privacy", "password"), ("--password", "--privacy", "nobody")):
        assert run("upload", str(path), *wrong, "--as", owner, stdin="x\n").exit_code == 2


def test_a_password_needs_a_scope_before_the_upload(
    me: str, vimeo: Sandbox, run: Run, tmp_path: Path
) -> None:
    token = vimeo.issue_token(scopes=["public", "private", "upload"]).access_token
    assert run("connect", "up", "--token", stdin=f"{token}\n").exit_code == 0
    vimeo.requests.clear()
    (tmp_path / "film.mp4").write_bytes(b"film" * 1000)
    outcome = run("upload", str(tmp_path / "film.mp4"), "--password", "--as", "up", stdin="x\n")
    assert (outcome.exit_code, vimeo.requests) == (2, [])
