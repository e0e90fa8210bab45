"""`vimeo-toolkit init`: the settings in a file, and what to click at Vimeo."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from vimeo_toolkit import ConfigurationError, InvalidInput, generate_key
from vimeo_toolkit.cli.env_file import add_lines, readable_by_others
from vimeo_toolkit.cli.mcp_config import client_config
from vimeo_toolkit.cli.output import emit_json, notice, read_line, say
from vimeo_toolkit.cli.session import Session, session
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.settings import ENV_FILE, IN_KEYRING, SETTINGS, Settings, read_settings, variables_of
from vimeo_toolkit.settings.places import shown_store, store_file
from vimeo_toolkit.settings.showing import key_ids
from vimeo_toolkit.stores import open_store
from vimeo_toolkit.stores.desktop_keyring import write_key
from vimeo_toolkit.stores.keys import KEYS_ARE_MADE_BY, keys_beside, sealed_with

__all__ = ["REDIRECT_URI", "SCOPES", "init"]

REDIRECT_URI: Final = "http://127.0.0.1:8723/callback"
"""Where `vimeo-toolkit connect` waits for the browser."""
SCOPES: Final = "public private create edit delete interact upload"

STEPS: Final = """
On Vimeo's developer page (https://developer.vimeo.com/apps), whose wording may differ:

 1. Create an app. Its page shows the client identifier, and its client secrets.
 2. Add the callback URL, exactly so:  {redirect_uri}
 3. To upload videos, ask there for upload access: Vimeo grants it app by app.
 4. For your own account alone you need no client secret: under "Generate an access token" choose
    "Authenticated (you)", tick the scopes ({scopes}), and copy the token.
"""

HEADING: Final = "# Settings of vimeo-toolkit. Some are secrets: keep this file out of version control."


def init(
    file: Annotated[
        Path | None, typer.Option(help="The file to write; .env by default.", show_default=False)
    ] = None,
    client_id: Annotated[str | None, typer.Option(help="The app's client identifier.")] = None,
    redirect_uri: Annotated[str, typer.Option(help="The app's callback URL.")] = REDIRECT_URI,
    user_store: Annotated[
        bool, typer.Option("--user-store", help="Keep accounts in your user folder, not beside the file.")
    ] = False,
    keyring: Annotated[
        bool, typer.Option("--keyring", help="Keep the encryption key in the desktop's keyring.")
    ] = False,
    mcp: Annotated[
        bool, typer.Option("--mcp", help="Then print the configuration for an MCP client, alone on stdout.")
    ] = False,
    identifier: Annotated[str, typer.Option(help="With --mcp: the user who calls.")] = "me",
) -> None:
    """Put the settings into .env, with a new encryption key, and say what to click on Vimeo's developer page.

    What is in the file already is not touched: only what is missing is added.
    """
    path = (file or session().env_file or Path(os.environ.get(ENV_FILE) or ".env")).expanduser().absolute()
    if any(sign.isspace() or sign in "\"'#$" for sign in f"{client_id or ''}{redirect_uri}"):
        raise InvalidInput("The client id or the redirect URI has blanks or quotes.", hint="Copy it anew.")
    before = _before(path)
    _refuse_contradiction(before, "VIMEO_CLIENT_ID", client_id)
    tell = notice if mcp or session().as_json else say
    values = _missing(before, path, redirect_uri, user_store)
    if before.of("VIMEO_CLIENT_SECRET") is None:
        if before.of("VIMEO_CLIENT_ID") is None:
            tell(STEPS.format(redirect_uri=redirect_uri, scopes=SCOPES))
        values |= _app(before, client_id)
    store = before.store() if before.of("VIMEO_TOOLKIT_STORE") else values["VIMEO_TOOLKIT_STORE"].reveal()
    if _needs_key(before, store):
        values["VIMEO_TOOLKIT_KEY"] = _new_key(keyring)
    later = [
        name
        for name in ("VIMEO_CLIENT_ID", "VIMEO_CLIENT_SECRET")
        if not path.exists() and name not in values and before.of(name) is None
    ]
    if values:
        add_lines(path, HEADING, values, later)
    _tell(path, before, list(values), tell)
    after = Session(_to_name(path), session().as_json)
    if mcp:
        emit_json(client_config(after, identifier))
    elif session().as_json:
        emit_json(_summary(path, after.settings, list(values)))
    else:
        say("Next:")
        say(f"  {after.command('connect', '--token')}    # by a personal access token")
        say(f"  {after.command('connect')}            # or in the browser; needs the client secret")
        say(f"  {after.command('call', 'vimeo_my_videos_list', 'per_page=5')}")


def _to_name(path: Path) -> Path | None:
    """Return the file if commands must name it; None for the working folder's `.env`, which is found by
    itself."""
    found = path == Path(".env").absolute() and not os.environ.get(ENV_FILE)
    return None if found or not path.exists() else path


def _before(path: Path) -> Settings:
    """Return the settings that the environment and the file have already. The file may be missing."""
    if path.exists():
        return read_settings(env_file=path)
    variables: Mapping[str, Secret] = variables_of(os.environ) or {}
    return read_settings({name: value for name, value in variables.items() if name != ENV_FILE})


def _refuse_contradiction(before: Settings, name: str, wanted: str | None) -> None:
    setting = before.of(name)
    if setting is not None and wanted is not None and setting.value.reveal() != wanted:
        where = str(setting.file or "the environment")
        raise InvalidInput(
            f"{name} is set in {where} to something else, which was left as it is.",
            hint="Change it there, or name another file with --file.",
        )


def _missing(before: Settings, path: Path, redirect_uri: str, user_store: bool) -> dict[str, Secret]:
    """Return the settings without secrets that are not there yet."""
    wanted = {
        "VIMEO_REDIRECT_URI": redirect_uri,
        "VIMEO_SCOPES": SCOPES,
        "VIMEO_TOOLKIT_STORE": f"sqlite:///{_user_store() if user_store else path.parent / 'vimeo_accounts.db'}",
    }
    if user_store:
        _refuse_contradiction(before, "VIMEO_TOOLKIT_STORE", wanted["VIMEO_TOOLKIT_STORE"])
    return {name: Secret(value) for name, value in wanted.items() if before.of(name) is None}


def _user_store() -> Path:
    """Return the place for accounts in the user's own folder, as the system has it."""
    from platformdirs import user_data_path

    return user_data_path("vimeo-toolkit", appauthor=False, ensure_exists=True) / "accounts.db"


def _app(before: Settings, client_id: str | None) -> dict[str, Secret]:
    """Ask for the app's id and secret, as far as they are not known."""
    known = before.text("VIMEO_CLIENT_ID")
    if client_id is None and not known and sys.stdin.isatty():
        client_id = str(typer.prompt("Client identifier (empty: later)", default="", err=True)) or None
    if client_id is None:
        return {}
    found = {} if known else {"VIMEO_CLIENT_ID": Secret(client_id)}
    found["VIMEO_CLIENT_SECRET"] = read_line("Client secret", hidden=True)
    if any(sign.isspace() or sign in "\"'#" for sign in found["VIMEO_CLIENT_SECRET"].reveal()):
        raise InvalidInput("The client secret has blanks or quotes.", hint="Copy it anew.")
    return found


def _needs_key(before: Settings, url: str) -> bool:
    """Tell whether a key has to be made. Never where there are rows already: it would not open them.

    Raises:
        ConfigurationError: a key that is there is malformed, or there are rows and their key is missing.
    """
    if before.of("VIMEO_TOOLKIT_KEY") is not None:
        key_ids(before)
        return False
    file = store_file(url)
    if file is not None:
        if keys_beside(file)[0] is not None:
            return False
        if not file.exists():
            return True
    store = open_store(url)
    try:
        sealed = sealed_with(store)
    finally:
        store.close()
    if not sealed:
        return True
    raise ConfigurationError(
        f"The store {shown_store(url)} has rows that were sealed with key {sealed}, and that key is missing. No "
        "new key was made: it would not open them.",
        hint=f"{KEYS_ARE_MADE_BY} Put the key into VIMEO_TOOLKIT_KEY. If it is lost, move the store away, or name "
        "another in VIMEO_TOOLKIT_STORE.",
    )


def _new_key(in_keyring: bool) -> Secret:
    if not in_keyring:
        return Secret(generate_key())
    name = f"key-{secrets.token_hex(4)}"
    write_key(name, generate_key())
    return Secret(f"{IN_KEYRING}{name}")


def _tell(path: Path, before: Settings, added: list[str], tell: Any) -> None:
    kept = [name for name in SETTINGS if before.of(name) is not None]
    if not added and not path.exists():
        tell("No file was written: the environment has all settings.")
        return
    if not added:
        tell(f"{path} was left as it is: nothing is missing.")
    elif kept:
        tell(f"Added {', '.join(added)} to {path}; left as they are: {', '.join(kept)}.")
    else:
        tell(f"Wrote {path}.")
    if readable_by_others(path):
        notice(f"Others can read {path}, which has secrets: chmod 600 {path}")


def _summary(path: Path, settings: Settings, added: list[str]) -> dict[str, Any]:
    return {
        "file": str(path),
        "added": added,
        "store": shown_store(settings.store()),
        "key_ids": key_ids(settings),
    }
