from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Run
from vimeo_toolkit import AuthorizationLink, Connection, VimeoToolkit, generate_key
from vimeo_toolkit.cli.accounts import copied_text, sealed_text, to_set
from vimeo_toolkit.sandbox import Sandbox


def listed(run: Run) -> dict[str, str]:
    """Identifier → status."""
    accounts = json.loads(run("accounts", "list", "--json").stdout)
    return {account["identifier"]: account["status"] for account in accounts}


def test_import_reads_the_token_and_never_shows_it(
    environment: dict[str, str], vimeo: Sandbox, run: Run
) -> None:
    token = vimeo.issue_token(vimeo.user).access_token
    outcome = run("connect", "me", "--token", stdin=f"{token}\n")
    assert outcome.exit_code == 0
    assert vimeo.user.name in outcome.output
    assert token not in outcome.output
    assert listed(run) == {"me": "ACTIVE"}


def test_import_of_a_bad_token_says_so_in_sentences(environment: dict[str, str], run: Run) -> None:
    outcome = run("connect", "me", "--token", stdin="0123456789abcdef\n")
    assert outcome.exit_code == 1
    assert outcome.stderr.strip()
    assert "Traceback" not in outcome.output
    assert "0123456789abcdef" not in outcome.output


def test_connect_goes_through_the_consent_page(
    environment: dict[str, str], vimeo: Sandbox, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    links: list[str] = []
    make = VimeoToolkit.get_authorization_link

    def remembered(self: VimeoToolkit, *args: Any, **kwargs: Any) -> AuthorizationLink:
        made = make(self, *args, **kwargs)
        links.append(made.link)
        return made

    monkeypatch.setattr(VimeoToolkit, "get_authorization_link", remembered)
    monkeypatch.setattr(
        "vimeo_toolkit.cli.connect.read_line", lambda *_args, **_options: vimeo.authorize(links[-1])
    )
    outcome = run("connect", "user_1", "--paste")
    assert outcome.exit_code == 0
    assert links[-1] in outcome.output
    assert environment["VIMEO_CLIENT_SECRET"] not in outcome.output
    assert listed(run) == {"user_1": "ACTIVE"}


def test_connect_refuses_a_callback_that_is_none(environment: dict[str, str], run: Run) -> None:
    outcome = run("connect", "user_1", "--paste", stdin="https://example.com/\n")
    assert outcome.exit_code in (1, 2)
    assert listed(run).get("user_1") != "ACTIVE"


def test_show_has_the_scopes_and_no_token(me: str, vimeo: Sandbox, run: Run) -> None:
    outcome = run("accounts", "show", me)
    assert outcome.exit_code == 0
    assert "ACTIVE" in outcome.stdout
    assert "edit" in outcome.stdout
    assert not any(token in outcome.output for token in vimeo.world.tokens)


def test_show_of_nobody_fails(environment: dict[str, str], run: Run) -> None:
    outcome = run("accounts", "show", "nobody")
    assert outcome.exit_code == 1
    assert "nobody" in outcome.stderr


def test_list_as_a_table(me: str, run: Run) -> None:
    assert me in run("accounts", "list").stdout


def test_disconnect_revokes_at_vimeo(me: str, vimeo: Sandbox, run: Run) -> None:
    assert run("accounts", "disconnect", me, "--yes").exit_code == 0
    assert listed(run) == {}
    assert all(token.revoked for token in vimeo.world.tokens.values())


def test_disconnect_without_revoking_tells_vimeo_nothing(me: str, vimeo: Sandbox, run: Run) -> None:
    assert run("accounts", "disconnect", me, "--no-revoke", "--yes").exit_code == 0
    assert listed(run) == {}
    assert not any(token.revoked for token in vimeo.world.tokens.values())


def test_disconnect_of_nobody_is_told(me: str, run: Run) -> None:
    outcome = run("accounts", "disconnect", "nobody", "--yes")
    assert outcome.exit_code == 1
    assert "no such account" in outcome.stdout


def test_disconnect_asks_first(me: str, vimeo: Sandbox, run: Run) -> None:
    outcome = run("accounts", "disconnect", me)
    assert outcome.exit_code == 2
    assert "Add --yes" in outcome.stderr
    assert listed(run) == {me: "ACTIVE"}


def test_nothing_piped_in_is_wrong_usage(environment: dict[str, str], run: Run) -> None:
    assert run("connect", "me", "--token", stdin="").exit_code == 2


def test_import_and_disconnect_in_json(environment: dict[str, str], vimeo: Sandbox, run: Run) -> None:
    token = vimeo.issue_token(vimeo.user).access_token
    imported = run("connect", "me", "--token", "--json", stdin=f"{token}\n")
    assert json.loads(imported.stdout)["status"] == "ACTIVE"
    assert len(json.loads(run("accounts", "list", "--connection", "vimeo", "--json").stdout)) == 1
    assert json.loads(run("accounts", "disconnect", "me", "--yes", "--json").stdout)["deleted"] is True


def test_a_new_key_is_told_in_one_sentence(
    environment: dict[str, str], vimeo: Sandbox, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIMEO_TOOLKIT_KEY")
    outcome = run("connect", "--token", "--json", stdin=f"{vimeo.issue_token().access_token}\n")
    assert json.loads(outcome.stdout)["status"] == "ACTIVE"
    assert outcome.stderr.startswith("No encryption key was given")


def test_move_and_rotate(
    me: str, environment: dict[str, str], run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    target = f"sqlite:///{tmp_path / 'moved.db'}"
    source = environment["VIMEO_TOOLKIT_STORE"]
    moved = run("accounts", "move", "--from", source, "--to", target, "--json")
    assert json.loads(moved.stdout) == {"total": 1, "copied": 1, "present": 0}
    monkeypatch.setenv("VIMEO_TOOLKIT_STORE", target)
    monkeypatch.setenv("VIMEO_TOOLKIT_KEY", f"{generate_key()} {environment['VIMEO_TOOLKIT_KEY']}")
    assert json.loads(run("accounts", "rotate-key", "--json").stdout) == {"total": 1, "changed": 1}
    assert json.loads(run("accounts", "show", me).stdout)["status"] == "ACTIVE"


def test_what_to_set_after_a_move_can_be_pasted(
    me: str, environment: dict[str, str], run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    moved = run(
        "accounts", "move", "--from", environment["VIMEO_TOOLKIT_STORE"], "--to", "sqlite:///moved.db"
    )
    assert f"VIMEO_TOOLKIT_STORE=sqlite:///{tmp_path / 'moved.db'}\n" in moved.output
    # What may hold a password is not shown, and half of a URL would lead elsewhere.
    assert to_set("postgresql://user:secret@host/db?host=/run") == " to the URL that you gave as --to."
    assert to_set("unix:///run/redis.sock") == " to the URL that you gave as --to."


def test_what_does_not_open_is_named_and_ends_with_1(
    environment: dict[str, str], run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """One account whose key is lost, beside one that opens."""
    store, key = environment["VIMEO_TOOLKIT_STORE"], environment["VIMEO_TOOLKIT_KEY"]
    for name, sealed_with in (("well", [key]), ("lost", [generate_key(), key])):
        with VimeoToolkit([Connection()], store=store, key=sealed_with) as made:
            made.get_or_create_connected_account(identifier=name)
    listed = run("accounts", "list", "--json")
    assert listed.exit_code == 1
    assert [each["identifier"] for each in json.loads(listed.stdout)] == ["well"]
    assert "account vimeo lost" in listed.stderr
    settings = tmp_path / "[b]" / "settings.env"  # what Rich would take for markup
    settings.parent.mkdir()
    settings.touch()
    wanted = f"`vimeo-toolkit --env-file '{settings}' accounts disconnect IDENTIFIER`"
    assert wanted in run("accounts", "list", "--env-file", str(settings)).stderr
    monkeypatch.setenv("VIMEO_TOOLKIT_KEY", f"{generate_key()} {key}")
    for command in (
        ("rotate-key",),
        ("move", "--from", store, "--to", f"sqlite:///{tmp_path / 'moved.db'}"),
    ):
        done = run("accounts", *command, "--json")
        assert done.exit_code == 1
        assert [each["identifier"] for each in json.loads(done.stdout)["unreadable"]] == ["lost"]
        assert "lost" in done.stderr
    gone = run("accounts", "disconnect", "lost", "--yes")
    assert (gone.exit_code, "could not be revoked" in gone.stdout) == (0, True)
    assert run("accounts", "rotate-key").exit_code == 0


@pytest.mark.parametrize(
    ("copied", "present", "text"),
    [
        (0, 2, "2 accounts were already in the target; nothing was copied."),
        (2, 0, "2 accounts were copied and verified."),
        (1, 1, "1 account was copied and verified; 1 account was already in the target."),
        (0, 0, "Nothing was copied."),
    ],
)
def test_what_a_copy_did_is_said_in_words(copied: int, present: int, text: str) -> None:
    assert copied_text(copied, present) == text


@pytest.mark.parametrize(
    ("changed", "before", "others", "text"),
    [
        (0, 2, 0, "Nothing had to be sealed: 2 accounts have the newest key already."),
        (2, 1, 3, "Sealed 2 accounts and 3 other rows under the newest key. 1 account had it already."),
        (0, 0, 1, "Sealed 1 other row under the newest key."),
        (0, 0, 0, "Nothing had to be sealed."),
    ],
)
def test_what_a_change_of_keys_did_is_said_in_words(
    changed: int, before: int, others: int, text: str
) -> None:
    assert sealed_text(changed, before, others) == text
