from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys

import pytest

from tests.cli.conftest import Run
from vimeo_toolkit import AccountStatus, VimeoToolkit


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")
def test_what_it_prints_connects_a_toolkit() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "vimeo_toolkit.cli", "sandbox", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
    )
    assert process.stdout is not None
    environment: dict[str, str] = {}
    token = None
    try:
        for line in process.stdout:
            if line.startswith("export "):
                (assignment,) = shlex.split(line.removeprefix("export "))
                name, _, value = assignment.partition("=")
                environment[name] = value
            elif len(environment) >= 5 and (found := re.search(r"\b[0-9a-f]{32}\b", line)):
                token = found[0]
                break
        assert token is not None
        with VimeoToolkit.from_env({**environment, "VIMEO_TOOLKIT_STORE": "sqlite:///:memory:"}) as toolkit:
            account = toolkit.import_token("vimeo", identifier="me", access_token=token)
            assert account.status is AccountStatus.ACTIVE
            assert toolkit.get_authorization_link("vimeo", identifier="me").link.startswith(
                environment["VIMEO_API_URL"]
            )
    finally:
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        ended = process.wait(30)
        process.stdout.close()
    assert ended == 0


def test_port_in_use_is_a_sentence(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = run("sandbox", "--port", str(port))
    assert outcome.exit_code == 1
    assert f"Port {port}" in outcome.stderr
