"""`vimeo-toolkit eval` scores agents, and says what it cannot score."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ONE = "change-typo"


def test_the_command_prints_a_table_and_writes_the_report(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    outcome = run("eval", "--task", ONE, "--report", str(file))
    assert outcome.exit_code == 0, outcome.output
    assert "1 of 1 done" in outcome.stdout
    assert json.loads(file.read_text())["outcomes"][0]["task"] == ONE


def test_the_command_scores_an_agent_of_ones_own(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "my_agent.py").write_text("def answer(request, tools, identifier):\n    return 'No idea.'\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    outcome = run("eval", "--agent", "my_agent:answer", "--task", "find-by-tag", "--json")
    assert outcome.exit_code == 1
    told = json.loads(outcome.stdout)
    assert (told["done"], told["tasks"]) == (0, 1)
    assert run("eval", "--agent", "my_agent:nothing").exit_code == 1


def test_an_agent_that_never_works_is_told_early(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_agent.py").write_text("def answer(request, tools, identifier):\n    raise OSError\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    outcome = run("eval", "--agent", "broken_agent:answer")
    assert outcome.exit_code == 1
    assert "OSError at broken_agent.py:2 at each of the first 3 tasks" in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--task", "change-type"], "change-typo"),
        (["--framework", "crew"], "langchain"),
        (["--tools", "everything"], "all"),
        (["--model", "openai:gpt-5", "--framework", "mcp"], "--agent"),
        (["--model", "a:b", "--agent", "c:d"], "--model or --agent"),
        (["--model", "no_such_provider:model"], "PROVIDER:NAME"),
        (["--framework", "mcp", "--tools", "on-demand", "--task", ONE], "default tools"),
    ],
)
def test_what_cannot_be_scored_is_a_sentence(run: Run, arguments: list[str], said: str) -> None:
    outcome = run("eval", *arguments)
    assert outcome.exit_code in (1, 2)
    assert said in outcome.stderr


def test_a_report_that_cannot_be_written_is_told_before_the_first_task(run: Run, tmp_path: Path) -> None:
    outcome = run("eval", "--task", ONE, "--report", str(tmp_path / "no" / "folder.json"))
    assert outcome.exit_code == 1
    assert "Name another file" in outcome.stderr
    assert ONE not in outcome.stderr


def test_a_run_that_is_stopped_leaves_what_it_has_found(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(outcomes: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("vimeo_toolkit.cli.evaluating._require_sign_of_life", stopped)
    file = tmp_path / "report.json"
    assert run("eval", "--report", str(file)).exit_code != 0
    assert len(json.loads(file.read_text())["outcomes"]) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import os\nkey = os.environ['NO_SUCH_KEY_HERE']", "KeyError at"),
        ("import no_such_package_here", "needs 'no_such_package_here'"),
        ("def answer(request) return", "SyntaxError at"),
        ("raise ValueError('sk-12345')", "ValueError at"),
    ],
)
def test_a_module_that_cannot_be_imported_is_told_in_a_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    name = f"broken_at_import_{abs(hash(text))}"
    (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    outcome = run("eval", "--agent", f"{name}:answer", "--task", ONE)
    assert outcome.exit_code == 1
    assert said in outcome.stderr.replace("\n", " ")
    assert f"{name}.py:" in outcome.stderr.replace("\n", "")
    assert "sk-12345" not in outcome.output
