"""Plans on the command line: listed, applied, forgotten."""

from __future__ import annotations

import json

from tests.cli.conftest import Run
from vimeo_toolkit.sandbox import Sandbox


def test_a_plan_from_its_making_to_its_end(owner: str, vimeo: Sandbox, run: Run) -> None:
    video = vimeo.user.videos[0]
    assert "no plan" in run("plans", "list", owner).output
    given = json.dumps({"videos": [video.uri], "set_name": "{name} (2026)"})
    made = json.loads(run("call", "vimeo_videos_change", "--input", given, "--as", owner, "--json").stdout)
    plan_id, former = made["plan_id"], video.name
    listed = run("plans", "list", owner).stdout
    assert plan_id in listed
    assert "not applied" in listed
    refused = run("plans", "apply", plan_id, owner)
    assert refused.exit_code == 2
    assert "--yes" in refused.output
    assert video.name == former
    applied = run("plans", "apply", plan_id, owner, "--yes")
    assert "1 of 1 videos done" in applied.stdout
    assert video.name == f"{former} (2026)"
    (shown,) = json.loads(run("plans", "list", owner, "--json").stdout)
    assert (shown["id"], shown["state"], shown["undoable"]) == (plan_id, "done", 1)
    assert "forgotten" in run("plans", "forget", plan_id, owner).stdout
    assert json.loads(run("plans", "list", owner, "--json").stdout) == []
