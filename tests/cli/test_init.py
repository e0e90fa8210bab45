"""`vimeo-toolkit init`: what it writes, what it leaves alone, and when it makes no key."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from vimeo_toolkit import Connection, VimeoToolkit, generate_key
from vimeo_toolkit.cli.env_file import assignment
from vimeo_toolkit.settings import read_settings
from vimeo_toolkit.stores import desktop_keyring


@pytest.mark.parametrize("before", ["", "A=1", "A='x'\n# comment\n\nVIMEO_SCOPES=public\n", "A=1\r\nB=2\r\n"])
def test_it_adds_and_touches_nothing(folder: Path, run: Run, before: str) -> None:
    path = folder / ".env"
    path.write_bytes(before.encode())
    assert run("init", stdin="").exit_code == 0
    after = path.read_bytes().decode()
    assert after.startswith(before)
    assert "\r" not in after or after.count("\r\n") == after.count("\n")
    settings = read_settings()
    assert settings.store() == f"sqlite:///{folder / 'vimeo_accounts.db'}"
    assert settings.key()
    if "VIMEO_SCOPES" in before:
        assert settings.text("VIMEO_SCOPES") == "public"
    again = run("init", "--json", stdin="")
    assert json.loads(again.stdout)["added"] == []
    assert path.read_bytes().decode() == after


def test_a_new_file_is_its_owners(folder: Path, run: Run) -> None:
    assert run("init", stdin="").exit_code == 0
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600
    (folder / "shared.env").write_text("A=1\n")
    (folder / "shared.env").chmod(0o644)
    told = run("init", "--file", "shared.env", stdin="")
    assert "chmod 600" in told.stderr
    assert "--env-file" in told.stdout


def test_no_key_where_the_store_has_its_own(folder: Path, run: Run) -> None:
    with (
        pytest.warns(UserWarning, match="Back it up"),
        VimeoToolkit([Connection()], store="sqlite:///vimeo_accounts.db") as toolkit,
    ):
        toolkit.get_or_create_connected_account(identifier="me")
    told = json.loads(run("init", "--json", stdin="").stdout)
    assert "VIMEO_TOOLKIT_KEY" not in told["added"]
    assert "VIMEO_TOOLKIT_KEY" not in (folder / ".env").read_text()
    assert run("accounts", "show", "me").exit_code == 0
    shown = json.loads(run("config", "--json").stdout)
    assert shown["key_file"] == str(folder / "vimeo_accounts.db.key")
    assert len(shown["key_ids"]) == 1


def test_no_key_where_there_are_rows_and_theirs_is_missing(folder: Path, run: Run) -> None:
    with VimeoToolkit([Connection()], store="sqlite:///vimeo_accounts.db", key=generate_key()) as toolkit:
        toolkit.get_or_create_connected_account(identifier="me")
    outcome = run("init", stdin="")
    assert outcome.exit_code == 1
    assert "that key is missing" in outcome.stderr
    assert not (folder / ".env").exists()


def test_no_key_where_the_environment_has_one(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIMEO_TOOLKIT_KEY", generate_key())
    assert run("init", stdin="").exit_code == 0
    assert "VIMEO_TOOLKIT_KEY" not in (folder / ".env").read_text()


def test_python_elsewhere_is_told_where_the_key_is(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("init", stdin="").exit_code == 0
    with VimeoToolkit.from_env() as toolkit:
        toolkit.get_or_create_connected_account(identifier="me")
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    monkeypatch.setenv("VIMEO_TOOLKIT_STORE", f"sqlite:///{folder / 'vimeo_accounts.db'}")
    outcome = run("accounts", "list")
    assert outcome.exit_code == 1
    assert f"That key is in {folder / '.env'}, where vimeo-toolkit init put it" in outcome.stderr
    assert run("accounts", "list", "--env-file", str(folder / ".env")).exit_code == 0


def test_a_place_of_the_users_own(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
    monkeypatch.setenv("HOME", str(folder))
    told = json.loads(run("init", "--user-store", "--json", stdin="").stdout)
    path = Path(told["store"].removeprefix("sqlite:///"))
    assert path.is_absolute()
    assert path.is_relative_to(folder)
    assert path.parent.is_dir()
    clash = run("init", "--user-store", "--client-id", "x", "--file", "other", stdin="s\n")
    assert clash.exit_code == 0


def test_the_key_in_the_keyring(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr("vimeo_toolkit.cli.init.write_key", kept.__setitem__)
    monkeypatch.setattr(desktop_keyring, "read_key", kept.__getitem__)
    assert run("init", "--keyring", stdin="").exit_code == 0
    ((name, key),) = kept.items()
    text = (folder / ".env").read_text()
    assert f"VIMEO_TOOLKIT_KEY=keyring:{name}\n" in text
    assert key not in text
    assert read_settings().key() == [key]


@pytest.mark.parametrize(
    "value", ["a b", "it's", "$HOME", "#x", 'say "x"', "C:\\new\\table", "é", "", "back\\"]
)
def test_every_value_comes_back(folder: Path, value: str) -> None:
    path = folder / "one"
    path.write_text(assignment("VIMEO_CLIENT_ID", value) + "\nVIMEO_CLIENT_SECRET=after\n", encoding="utf-8")
    settings = read_settings(env_file=path)
    assert settings.text("VIMEO_CLIENT_ID") == value
    assert settings.text("VIMEO_CLIENT_SECRET") == "after"


def test_what_is_printed_for_a_client_names_all_by_its_path(folder: Path, run: Run) -> None:
    made = run("init", "--mcp", "--identifier", "ana", stdin="")
    entry = json.loads(made.stdout)["mcpServers"]["vimeo"]
    assert entry["command"] == sys.executable
    assert str(folder / ".env") in entry["args"]
    assert entry["args"][-3:] == ["mcp", "--identifier", "ana"]
    printed = run("mcp", "--print-config", "--as", "ana", "--read-only", "--toolset", "library")
    assert json.loads(printed.stdout)["mcpServers"]["vimeo"]["args"] == [
        *entry["args"],
        *("--toolset", "library", "--read-only"),
    ]


def test_no_secret_is_printed_for_a_client(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    key = generate_key()
    monkeypatch.setenv("VIMEO_TOOLKIT_KEY", key)
    refused = run("mcp", "--print-config", "--json")
    assert refused.exit_code == 1
    assert "VIMEO_TOOLKIT_KEY" in json.loads(refused.stdout)["message"]
    assert key not in refused.output
    monkeypatch.delenv("VIMEO_TOOLKIT_KEY")
    monkeypatch.setenv("VIMEO_CLIENT_SECRET", "hush")
    told = run("mcp", "--print-config")
    assert json.loads(told.stdout)["mcpServers"]["vimeo"]["env"] == {
        "VIMEO_ENV_FILE": "",
        "VIMEO_TOOLKIT_STORE": f"sqlite:///{folder / 'vimeo_accounts.db'}",
    }
    assert "hush" not in told.output
