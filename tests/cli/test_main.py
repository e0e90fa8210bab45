from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.conftest import Run


def test_without_the_extra_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['typer'] = None\nfrom vimeo_toolkit.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert 'pip install "vimeo-toolkit[cli]"' in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["demo", "sandbox", "tools", "accounts", "call", "mcp"])
def test_every_command_has_help(run: Run, command: str) -> None:
    outcome = run(command, "--help")
    assert outcome.exit_code == 0
    assert command in outcome.stdout
