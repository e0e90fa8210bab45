"""Terminals as they are: other encodings, few columns; and the sandbox's settings in every shell."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values
from typer.testing import CliRunner

from tests.cli.conftest import Run
from vimeo_toolkit import __version__
from vimeo_toolkit.cli import output
from vimeo_toolkit.cli.app import app
from vimeo_toolkit.cli.sandbox import settings_for
from vimeo_toolkit.cli.shells import Shell, assignments
from vimeo_toolkit.sandbox import Sandbox

STRANGE = {
    "PLAIN": "public private",
    "QUOTED": 'it\'s "so"',
    "SIGNS": "$HOME `x` %PATH% \\ ; & | #",
    "LETTERS": "日本 é",
}


def test_json_in_an_encoding_that_has_not_all_letters(me: str, vimeo: Sandbox) -> None:
    vimeo.user.name = "Zoë 日本"
    runner = CliRunner(charset="cp1252")
    outcome = runner.invoke(app, ["call", "vimeo_me_get", "--as", me])
    assert outcome.exit_code == 0, outcome.exception
    assert json.loads(outcome.stdout_bytes.decode("cp1252"))["name"] == "Zoë 日本"
    assert runner.invoke(app, ["accounts", "list"]).exit_code == 0
    assert runner.invoke(app, ["call", "vimeo_me_get", "--as", "日本"]).exit_code == 1
    assert runner.invoke(app, ["tools"]).exit_code == 0


def test_few_columns(me: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output.out, "_width", 40)
    listed, tools = run("accounts", "list").stdout, run("tools").stdout
    assert f"{me} (vimeo): ACTIVE" in listed
    assert "vimeo_showcase_videos_set" in tools
    assert "│" not in listed + tools


def test_version(run: Run) -> None:
    assert run("--version").stdout.strip() == f"vimeo-toolkit {__version__}"


def test_names_of_tools_are_completed() -> None:
    typed = {"COMP_WORDS": "vimeo-toolkit call vimeo_me", "COMP_CWORD": "2"}
    runner = CliRunner(env={"_VIMEO_TOOLKIT_COMPLETE": "complete_bash", **typed})
    outcome = runner.invoke(app, [], prog_name="vimeo-toolkit")
    assert "vimeo_me_get" in outcome.stdout


def test_the_settings_of_the_sandbox_are_the_same_everywhere(run: Run, tmp_path: Path) -> None:
    told = run("sandbox", "--port", "8499", "--env", "dotenv").stdout
    (tmp_path / "settings").write_text(told)
    assert dotenv_values(tmp_path / "settings") == settings_for("http://127.0.0.1:8499")
    assert run("sandbox", "--port", "0", "--env", "bash").exit_code == 2


def test_a_file_reads_what_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    path.write_text("\n".join(assignments(STRANGE, Shell.dotenv)), encoding="utf-8")
    assert dotenv_values(path, interpolate=False) == STRANGE


COMMANDS = {
    Shell.bash: ["bash", "-c"],
    Shell.zsh: ["zsh", "-c"],
    Shell.fish: ["fish", "-c"],
    Shell.powershell: ["pwsh", "-NoProfile", "-Command"],
}
HERE = [shell for shell, command in COMMANDS.items() if shutil.which(command[0])]
"""Shells of this machine. What the others are given is held against its text below."""


@pytest.mark.parametrize("shell", HERE)
def test_a_shell_reads_what_was_meant(shell: Shell) -> None:
    command = COMMANDS[shell]
    look = f"import json, os; print(json.dumps({{name: os.environ[name] for name in {list(STRANGE)!r}}}))"
    lines = [*assignments(STRANGE, shell), shlex.join([sys.executable, "-c", look])]
    done = subprocess.run([*command, "\n".join(lines)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == STRANGE


def test_lines_of_shells_that_are_not_here() -> None:
    values = {"A": "it's", "B": "C:\\x"}
    assert assignments(values, Shell.fish) == [r"set -gx A 'it\'s'", r"set -gx B 'C:\\x'"]
    assert assignments(values, Shell.powershell) == ["$Env:A = 'it''s'", "$Env:B = 'C:\\x'"]
    assert assignments(values, Shell.cmd) == ['set "A=it\'s"', 'set "B=C:\\x"']
