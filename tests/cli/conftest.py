"""A shell for the command line: an environment that points at the sandbox, and a runner."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest
from typer.testing import CliRunner

from vimeo_toolkit import generate_key
from vimeo_toolkit.cli.app import app
from vimeo_toolkit.sandbox import Sandbox


class Outcome(Protocol):
    """What a command left behind."""

    exit_code: int

    @property
    def stdout(self) -> str: ...

    @property
    def stderr(self) -> str: ...

    @property
    def output(self) -> str: ...


class Run(Protocol):
    def __call__(self, *arguments: str, stdin: str | None = None) -> Outcome: ...


@pytest.fixture
def environment(vimeo: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The variables that `vimeo-toolkit sandbox` tells a user to set, set."""
    values = {
        "VIMEO_CLIENT_ID": vimeo.app.client_id,
        "VIMEO_CLIENT_SECRET": vimeo.app.client_secret,
        "VIMEO_REDIRECT_URI": vimeo.app.redirect_uri,
        "VIMEO_API_URL": vimeo.url,
        "VIMEO_SCOPES": "public private create edit",
        "VIMEO_TOOLKIT_STORE": f"sqlite:///{tmp_path / 'accounts.db'}",
        "VIMEO_TOOLKIT_KEY": generate_key(),
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return values


@pytest.fixture
def run() -> Run:
    """Run a command in this process. A traceback of its own is a failure of the test."""

    def run_it(*arguments: str, stdin: str | None = None) -> Outcome:
        # A width at which no table wraps what a test looks for.
        runner = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"})
        outcome = runner.invoke(app, list(arguments), input=stdin)
        if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
            raise outcome.exception
        return outcome

    return run_it


@pytest.fixture
def me(environment: dict[str, str], vimeo: Sandbox, run: Run) -> str:
    """The identifier of a connected user."""
    token = vimeo.issue_token(vimeo.user, scopes=["public", "private", "create", "edit"]).access_token
    assert run("connect", "me", "--token", stdin=f"{token}\n").exit_code == 0
    vimeo.requests.clear()
    return "me"


@pytest.fixture
def owner(environment: dict[str, str], vimeo: Sandbox, run: Run) -> str:
    """An identifier with every scope."""
    token = vimeo.issue_token().access_token
    assert run("connect", "owner", "--token", stdin=f"{token}\n").exit_code == 0
    vimeo.requests.clear()
    return "owner"
