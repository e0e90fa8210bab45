"""Where settings come from, what goes first, and what is refused."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from vimeo_toolkit import ConfigurationError, VimeoToolkit, configuration, default_toolkit, generate_key
from vimeo_toolkit.settings import Settings, read_settings, reading
from vimeo_toolkit.settings.showing import described

KEY = generate_key()


@pytest.fixture(autouse=True)
def nothing_told_yet(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_told", set())


def _env(folder: Path, text: str, name: str = ".env") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return path


def test_the_environment_goes_before_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _env(folder, "VIMEO_CLIENT_ID=file\nVIMEO_SCOPES='public edit'\nOTHER=1\n")
    monkeypatch.setenv("VIMEO_CLIENT_ID", "shell")
    settings = read_settings()
    assert settings.text("VIMEO_CLIENT_ID") == "shell"
    assert settings.connection().scopes == ("public", "edit", "private")
    assert "OTHER" not in os.environ


def test_which_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _env(folder, "VIMEO_CLIENT_ID=found")
    _env(folder, "VIMEO_CLIENT_ID=named", "a/settings")
    _env(folder, "VIMEO_CLIENT_ID=given", "b/settings")
    assert read_settings().text("VIMEO_CLIENT_ID") == "found"
    monkeypatch.setenv("VIMEO_ENV_FILE", "a/settings")
    assert read_settings().text("VIMEO_CLIENT_ID") == "named"
    assert read_settings(env_file="b/settings").text("VIMEO_CLIENT_ID") == "given"
    monkeypatch.setenv("VIMEO_ENV_FILE", "")
    assert read_settings() == Settings(named=True)
    assert read_settings({}) == Settings(), "variables of one's own: nothing else is read"


def test_a_virtual_environment_of_this_name_is_not_a_file(folder: Path) -> None:
    (folder / ".env").mkdir()
    assert read_settings().file is None
    with pytest.raises(ConfigurationError, match="is a folder"):
        read_settings(env_file=".env")


def test_paths_of_a_file_count_from_its_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _env(folder, "VIMEO_TOOLKIT_STORE=sqlite:///accounts.db", "a/.env")
    _env(folder, "", "b/.env")
    assert read_settings(env_file="a/.env").store() == f"sqlite:///{folder / 'a' / 'accounts.db'}"
    assert read_settings(env_file="b/.env").store() == f"sqlite:///{folder / 'b' / 'vimeo_accounts.db'}"
    monkeypatch.setenv("VIMEO_TOOLKIT_STORE", "sqlite:///here.db")
    assert read_settings(env_file="a/.env").store() == "sqlite:///here.db"


@pytest.mark.parametrize(
    "line",
    [
        "VIMEO_API_URL=https://evil.example",
        "VIMEO_API_URL=https://api.vimeo.com@evil.example",
        "VIMEO_API_URL=http://127.0.0.1.evil.example",
        "VIMEO_API_URL=http://user@127.0.0.1@evil.example",
        "VIMEO_TOOLKIT_STORE=postgresql://u:p@evil.example/db",
        "VIMEO_TOOLKIT_STORE=postgresql:///db?host=evil.example",
        "VIMEO_TOOLKIT_STORE=postgresql://127.0.0.1/db?service=evil",
        "VIMEO_TOOLKIT_STORE=postgresql://127.0.0.1,evil.example/db",
        "VIMEO_TOOLKIT_STORE=redis://evil.example",
        "VIMEO_TOOLKIT_STORE=sqlite://///evil.example/share/a.db",
        r"VIMEO_TOOLKIT_STORE=sqlite:///\\evil.example\share\a.db",
    ],
)
def test_a_file_that_was_only_found_leads_nowhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    _env(folder, line)
    with pytest.raises(ConfigurationError, match="another machine") as caught:
        read_settings()
    assert "--env-file .env" in caught.value.hint
    assert "u:p" not in str(caught.value)
    assert read_settings(env_file=".env").found, "who names the file means it"
    name = line.partition("=")[0]
    monkeypatch.setenv(name, "http://127.0.0.1:1" if name == "VIMEO_API_URL" else "sqlite:///mine.db")
    assert read_settings().of(name), "the environment goes first"


@pytest.mark.parametrize(
    "line",
    [
        "VIMEO_API_URL=https://api.vimeo.com/",
        "VIMEO_API_URL=http://127.0.0.1:8484",
        "VIMEO_TOOLKIT_STORE=redis://localhost:6379/0",
        "VIMEO_TOOLKIT_STORE=sqlite:////var/lib/accounts.db",
    ],
)
def test_what_stays_at_home_may_be_found(folder: Path, line: str) -> None:
    _env(folder, line)
    assert read_settings().found


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owner there")
def test_a_file_of_another_user(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _env(folder, "VIMEO_CLIENT_ID=x")
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    if path.stat().st_uid == 0:
        os.chown(path, 12345, -1)
    with pytest.raises(ConfigurationError, match="another user"):
        read_settings()
    assert read_settings(env_file=path).found


@pytest.mark.parametrize("value", ["", "  ", '""'])
@pytest.mark.parametrize("name", ["VIMEO_TOOLKIT_KEY", "VIMEO_TOOLKIT_STORE"])
def test_an_empty_key_or_store(folder: Path, name: str, value: str) -> None:
    _env(folder, f"{name}={value}\n")
    with pytest.raises(ConfigurationError, match=f"{name} is empty in .*env"):
        VimeoToolkit.from_env()
    assert [each.name for each in folder.iterdir()] == [".env"]


def test_other_empty_settings_are_as_not_there(folder: Path) -> None:
    _env(folder, "VIMEO_API_URL=\nVIMEO_SCOPES=\nVIMEO_CLIENT_ID=\n")
    assert read_settings().found == ()
    assert read_settings().connection().api_url == "https://api.vimeo.com"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'VIMEO_CLIENT_ID=x\nVIMEO_SCOPES="public\nVIMEO_TOOLKIT_KEY=y\n', "line 2, VIMEO_SCOPES"),
        (b"VIMEO_TOOLKIT_KEY\n", "VIMEO_TOOLKIT_KEY"),
        ("VIMEO_CLIENT_ID=x".encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read(folder: Path, content: bytes, said: str) -> None:
    (folder / ".env").write_bytes(content)
    with pytest.raises(ConfigurationError, match=said):
        read_settings()


def test_forms_that_editors_write(folder: Path) -> None:
    _env(
        folder,
        "\ufeffVIMEO_CLIENT_ID=a b\r\nexport VIMEO_CLIENT_SECRET='s$X'\r\n# VIMEO_SCOPES=x\r\nnot a line\r\n",
    )
    settings = read_settings()
    assert settings.text("VIMEO_CLIENT_ID") == "a b"
    assert settings.text("VIMEO_CLIENT_SECRET") == "s$X"


def test_what_was_read_is_told_once_and_without_values(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    _env(folder, f"VIMEO_TOOLKIT_KEY={KEY}\nVIMEO_TOOLKIT_KY=x\nVIMEO_ACCESS_TOKEN=not ours\n")
    monkeypatch.setenv("VIMEO_CLIENT_SECRET", "hush")
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            settings = read_settings()
    told, mistyped = caplog.messages
    assert (
        told
        == f"Settings: VIMEO_TOOLKIT_KEY from {folder / '.env'}; VIMEO_CLIENT_SECRET from the environment."
    )
    assert mistyped == "VIMEO_TOOLKIT_KY is not a setting, and is not used. Did you mean VIMEO_TOOLKIT_KEY?"
    for secret in (KEY, "hush"):
        assert secret not in f"{settings!r} {described(settings)} {caplog.text}"


def test_a_key_in_the_keyring(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {("vimeo-toolkit", "mine"): KEY}
    keyring: Any = ModuleType("keyring")
    keyring.errors = ModuleType("keyring.errors")
    keyring.errors.KeyringError = type("KeyringError", (Exception,), {})
    keyring.get_password = lambda service, name: kept.get((service, name))
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", keyring.errors)
    _env(folder, "VIMEO_TOOLKIT_KEY=keyring:mine")
    assert read_settings().key() == [KEY]
    _env(folder, f"VIMEO_TOOLKIT_KEY='{KEY} keyring:gone'")
    with pytest.raises(ConfigurationError, match="no encryption key 'gone'") as caught:
        read_settings().key()
    assert "init --keyring" in caught.value.hint

    def locked(service: str, name: str) -> None:
        raise keyring.errors.KeyringError("text of its own")

    keyring.get_password = locked
    with pytest.raises(ConfigurationError, match=r"cannot be used \(KeyringError\)"):
        read_settings().key()
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ConfigurationError, match="needs the package keyring") as caught:
        read_settings().key()
    assert "vimeo-toolkit[keyring]" in caught.value.hint


def test_the_default_toolkit_reads_the_file_and_sees_that_it_changes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(configuration, "_defaults", {})
    _env(folder, f"VIMEO_CLIENT_ID=one\nVIMEO_TOOLKIT_KEY={KEY}\n")
    first = default_toolkit()
    assert (first.connection().client_id, default_toolkit()) == ("one", first)
    _env(folder, f"VIMEO_CLIENT_ID=two\nVIMEO_TOOLKIT_KEY={KEY}\n")
    second = default_toolkit()
    assert second.connection().client_id == "two"
    first.close()
    second.close()


def test_a_file_is_parsed_once_and_a_change_of_any_kind_is_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = []
    parse = reading._parsed_text

    def counted(text: str) -> Any:
        parsed.append(text)
        return parse(text)

    monkeypatch.setattr(reading, "_parsed_before", {})
    monkeypatch.setattr(reading, "_parsed_text", counted)
    path = _env(folder, "VIMEO_CLIENT_ID=one\n")
    assert [read_settings().text("VIMEO_CLIENT_ID") for _ in range(3)] == ["one"] * 3
    assert len(parsed) == 1
    before = path.stat()
    path.write_text("VIMEO_CLIENT_ID=two\n")  # in its place, as long, and of the same time
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert read_settings().text("VIMEO_CLIENT_ID") == "two"
    path.write_bytes(b"#" * 20_000 + b"\r\nVIMEO_CLIENT_ID=three\r\n")
    assert read_settings().text("VIMEO_CLIENT_ID") == "three"
    assert len(reading._parsed_before) == 1


def test_a_folder_without_settings_says_what_is_made_in_it(folder: Path) -> None:
    with pytest.warns(UserWarning, match="new one is in") as told:
        VimeoToolkit.from_env().close()
    (said,) = (str(each.message) for each in told)
    assert str(folder / "vimeo_accounts.db.key") in said
    assert f"{folder / 'vimeo_accounts.db'}:" in said
