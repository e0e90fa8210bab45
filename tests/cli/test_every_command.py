"""Every command in every unfortunate situation: a code, one paragraph in the reader's terms, JSON with --json."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.media import FILM
from vimeo_toolkit import Connection, VimeoToolkit, generate_key
from vimeo_toolkit.runtime.blocking import BlockingIO

KEY, OTHER = generate_key(), generate_key()
TOKEN = "0123456789abcdef0123456789abcdef"
NOWHERE = "http://127.0.0.1:1"

LOOKING = (
    ("accounts", "show", "me"),
    ("accounts", "check", "me"),
    ("call", "vimeo_me_get"),
    ("upload", "film.mp4"),
)
STORED = (
    *LOOKING,
    ("accounts", "disconnect", "me", "--yes"),
    ("approve", "no-such-id"),
)
CONNECTING = (("connect", "--token"), ("connect", "--device"), ("connect", "--paste"))
WHOLE = (("accounts", "list"), ("accounts", "rotate-key"))
MOVE = ("accounts", "move", "--from", "sqlite:///accounts.db", "--to", "sqlite:///other.db")
SERVING = (("mcp",), ("mcp", "--http", "127.0.0.1:9"))

PYTHON = re.compile(r"\w\(\)|\b[a-z_]+=(?!\w*://)|import_token|get_\w+|[a-z_]+\.[a-z_]+\(")
"""What a reader of the command line has no use for."""

_works: set[str] = set()
"""Suggestions that were tried."""


def _store(path: Path, key: str, *identifiers: str) -> None:
    with VimeoToolkit([Connection()], store=f"sqlite:///{path}", key=key) as toolkit:
        for identifier in identifiers:
            toolkit.get_or_create_connected_account(identifier=identifier)


@pytest.fixture
def folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: a film, and a `.env` whose app and key are good and whose API is not there. Nobody
    sleeps before asking there once more."""

    async def no_wait(io: BlockingIO, seconds: float) -> None:
        return None

    monkeypatch.setattr(BlockingIO, "sleep", no_wait)
    (folder / "film.mp4").write_bytes(FILM)
    _settings(folder)
    return folder


def _settings(folder: Path, **others: str) -> None:
    settings = {
        "VIMEO_CLIENT_ID": "id",
        "VIMEO_CLIENT_SECRET": "secret",
        "VIMEO_REDIRECT_URI": "https://example.com/callback",
        "VIMEO_API_URL": NOWHERE,
        "VIMEO_TOOLKIT_STORE": "sqlite:///accounts.db",
        "VIMEO_TOOLKIT_KEY": KEY,
        **others,
    }
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))


def _check(run: Run, *commands: tuple[str, ...], code: int | None = None) -> dict[str, str]:
    """Run each command, plain and with `--json`, and look at how it fails. Returns the last error."""
    error: dict[str, str] = {}
    for command in commands:
        plain = run(*command, stdin=f"{TOKEN}\n")
        told = run(*command, "--json", stdin=f"{TOKEN}\n")
        assert plain.exit_code == told.exit_code != 0, (command, plain.output)
        assert code is None or plain.exit_code == code, (command, plain.output)
        assert "Traceback" not in plain.output + told.output, command
        error = json.loads(told.stdout)
        assert error["message"], command
        assert error["hint"], command
        shown = plain.stderr
        assert error["message"] in shown, (command, shown)
        assert "\n\n" not in shown.strip(), (command, shown)
        assert not PYTHON.search(f"{error['message']} {error['hint']}"), (command, error)
        assert KEY not in plain.output + told.output, command
        assert TOKEN not in plain.output + told.output, command
        for suggested in re.findall(r"`vimeo-toolkit (.+?)`", error["hint"]):
            if suggested not in _works:
                assert run(*shlex.split(suggested), "--help").exit_code == 0, (command, suggested)
                _works.add(suggested)
    return error


def test_there_is_no_account(folder: Path, run: Run) -> None:
    _store(folder / "accounts.db", KEY, "ana")
    _check(run, *LOOKING, ("approve", "no-such-id"))
    assert run("accounts", "disconnect", "me", "--yes").exit_code == 1
    told = run("call", "vimeo_me_get", "--json")
    assert json.loads(told.stdout)["error"] == "not_connected"
    assert "`vimeo-toolkit connect me --token`" in json.loads(told.stdout)["hint"]


def test_there_is_no_store(folder: Path, run: Run) -> None:
    _check(run, *STORED, *WHOLE, MOVE)
    assert sorted(each.name for each in folder.iterdir()) == [".env", "film.mp4"], "nothing was made"


def test_the_folder_of_the_store_is_missing(folder: Path, run: Run) -> None:
    _settings(folder, VIMEO_TOOLKIT_STORE="sqlite:///no/such/folder/accounts.db")
    _check(run, *STORED, *WHOLE, *CONNECTING, *SERVING)


@pytest.mark.parametrize("identifier", ["", "x" * 600], ids=["empty", "too long"])
def test_an_identifier_that_cannot_be_one(folder: Path, run: Run, identifier: str) -> None:
    _store(folder / "accounts.db", KEY, "ana")
    commands = [
        ("accounts", "show", identifier),
        ("accounts", "disconnect", identifier, "--yes"),
        ("call", "vimeo_me_get", "--as", identifier),
        ("upload", "film.mp4", "--as", identifier),
        ("approve", "no-such-id", "--as", identifier),
        ("connect", identifier, "--token"),
        ("mcp", "--identifier", identifier),
    ]
    _check(run, *commands, code=2)


@pytest.mark.parametrize("key", ["", "short", f"{KEY}x"], ids=["empty", "short", "too long"])
def test_a_key_that_is_none(folder: Path, run: Run, key: str) -> None:
    _store(folder / "accounts.db", KEY, "me")
    _settings(folder, VIMEO_TOOLKIT_KEY=key)
    _check(run, *STORED, *WHOLE, MOVE, *CONNECTING, *SERVING, ("init",), ("config",), code=1)
    assert not list(folder.glob("*.key")), "no key was made"


def test_a_store_of_another_key(folder: Path, run: Run) -> None:
    _store(folder / "accounts.db", OTHER, "me", "ana")
    _check(run, *LOOKING, ("accounts", "list"), ("connect", "--token"), ("connect", "bob", "--device"))
    assert run("accounts", "rotate-key").exit_code == 1
    told = json.loads(run("connect", "bob", "--paste", "--json").stdout)
    assert told["error"] == "wrong_key"


def test_a_store_whose_key_is_gone(folder: Path, run: Run) -> None:
    _store(folder / "accounts.db", KEY, "me")
    text = (folder / ".env").read_text()
    (folder / ".env").write_text(text[: text.index("VIMEO_TOOLKIT_KEY")])
    _check(run, *STORED, *WHOLE, *CONNECTING, *SERVING, ("init",), code=1)
    assert not list(folder.glob("*.key")), "no key was made"
    assert "vimeo-toolkit init" in run("accounts", "list").stderr, "what made it"


def test_there_is_no_network(folder: Path, run: Run) -> None:
    told = _check(run, ("connect", "--token"))
    assert "nothing listens there" in told["message"]
    assert NOWHERE in told["hint"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("call",),
        ("call", "vimeo_me_get", "--no-such-option"),
        ("accounts", "nothing"),
        ("nothing",),
        ("sandbox", "--port", "70000"),
        ("sandbox", "--port", "x"),
        ("sandbox", "--env", "tcsh"),
    ],
)
def test_a_mistake_in_the_arguments_is_json_too(run: Run, arguments: tuple[str, ...]) -> None:
    outcome = run(*arguments, "--json")
    assert outcome.exit_code == 2
    told = json.loads(outcome.stdout)
    assert told["error"] == "usage"
    assert told["hint"].endswith(" -h`")
    assert run(*arguments).exit_code == 2


def test_a_file_of_settings_that_is_not_there(folder: Path, run: Run) -> None:
    for arguments in (("--env-file", "none.env", "config"), ("config", "--env-file", "none.env")):
        outcome = run(*arguments)
        assert outcome.exit_code == 1
        assert "none.env does not exist" in outcome.stderr
        told = run("--json", *arguments)
        assert "none.env does not exist" in json.loads(told.stdout)["message"]
    (folder / "inner").mkdir()
    for name in ("none.env", "inner", "no/such/none.env"):
        advised = run("--env-file", name, "config").stderr.rsplit("vimeo-toolkit ", 1)[1].split()
        assert run(*advised, stdin="").exit_code == 0, "what the hint says to run works"
