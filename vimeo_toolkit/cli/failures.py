"""Errors as the command line shows them: one paragraph with a command or a variable, or JSON with `--json`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import typer
from rich.markup import escape

from vimeo_toolkit.cli.output import emit_json, err, warn
from vimeo_toolkit.errors import (
    ApprovalRequired,
    ConfigurationError,
    InvalidInput,
    NotConnected,
    StoreBusy,
    VimeoToolkitError,
    VimeoUnavailable,
    WrongKey,
)

if TYPE_CHECKING:
    from vimeo_toolkit.cli.session import Session

__all__ = ["advice", "mended", "shown_failures", "translated", "usage_error"]

_INSTEAD: Final = (
    # What the library's hints call by its Python name, and what it is called here.
    (r"Make one with generate_key\(\), keep it", "Make one with vimeo-toolkit init, keep it"),
    (
        r"Pass (?:one|key=generate_key\(\)), made with generate_key\(\)|Pass key=generate_key\(\)",
        "Set VIMEO_TOOLKIT_KEY",
    ),
    (r" ?(?:and )?pass it as key= or in VIMEO_TOOLKIT_KEY", " and set it as VIMEO_TOOLKIT_KEY"),
    (
        r"[Pp]ass the key that made them as key= or in VIMEO_TOOLKIT_KEY",
        "Set VIMEO_TOOLKIT_KEY to the key that made them",
    ),
    (r"pass the key as key= or in VIMEO_TOOLKIT_KEY", "set VIMEO_TOOLKIT_KEY to the key"),
    (r"pass key= or VIMEO_TOOLKIT_KEY", "set VIMEO_TOOLKIT_KEY"),
    (
        r"Give it client_id, client_secret and redirect_uri",
        "Set VIMEO_CLIENT_ID, VIMEO_CLIENT_SECRET and VIMEO_REDIRECT_URI",
    ),
    (r"Give it client_id and client_secret", "Set VIMEO_CLIENT_ID and VIMEO_CLIENT_SECRET"),
    (r" ?\((?:see |with )?(?:import_token|get_authorization_link)[^)]*\)", ""),
    (r" with import_token\b", ": vimeo-toolkit connect --token"),
    (r"allow_account_change=True", "--switch"),
    (r"revoke=False", "--no-revoke"),
    (r"Make a new authorization link", "Run `vimeo-toolkit connect` again"),
    (r"Start again: ask for a new device code", "Run `vimeo-toolkit connect --device` again"),
    (
        r"The operator names folders with VimeoToolkit\(upload_folders=\[…\]\)",
        "Use `vimeo-toolkit upload FILE`",
    ),
    (
        r"Pass one whole, as generate_key\(\) made it",
        "Set VIMEO_TOOLKIT_KEY to a whole one",
    ),
    (r"Look at the connection's api_url \(VIMEO_API_URL\)", "Look at VIMEO_API_URL"),
    (r"See toolkit\.tools\(\) for all names", "See all names: vimeo-toolkit tools"),
    (
        r'Make it with library="sqlite:///vimeo_library" \(VIMEO_TOOLKIT_LIBRARY\)',
        "Set VIMEO_TOOLKIT_LIBRARY to sqlite:///vimeo_library",
    ),
    (r'(?:Use|Name a folder, such as) library="(sqlite:///\w+)"', r"Set VIMEO_TOOLKIT_LIBRARY to \1"),
    (
        r"Pass your product's own id of the user who is logged in",
        "Give an identifier of your own for the user, such as me",
    ),
)


@contextmanager
def shown_failures(session: Session) -> Iterator[None]:
    """Show a typed error in the reader's terms, and end with 2 for wrong input, else 1."""
    try:
        yield
    except VimeoToolkitError as error:
        hint = mended(error, session)
        code = 2 if isinstance(error, InvalidInput) else 1
        if session.as_json:
            emit_json({**error.to_dict(), **({"hint": hint} if hint else {})})
        else:
            err.print(
                f"[bold red]{type(error).__name__}[/]: {escape(error.message)}",
                highlight=False,
                soft_wrap=True,
            )
            if hint:
                warn(hint)
    else:
        return
    raise typer.Exit(code)


def mended(error: VimeoToolkitError, session: Session) -> str:
    """Return what to do about an error, as commands and variables."""
    who = getattr(error, "identifier", None) or "me"
    if isinstance(error, ApprovalRequired):
        who = error.planned.identity.identifier
    if isinstance(error, NotConnected) and error.identifier is None:
        return error.hint
    found = advice(error.to_dict(), who, session)
    if (
        found is None
        and isinstance(error, VimeoUnavailable)
        and "no connection could be made" in error.message
    ):
        place = session.settings.text("VIMEO_API_URL")
        found = (
            f"Check this machine's network, proxy and firewall, and VIMEO_API_URL ({place}); then try again."
        )
    if isinstance(error, StoreBusy) and "server does not answer" in error.message:
        found = (
            f"Try again in a moment. If it stays so, look at VIMEO_TOOLKIT_STORE: {session.quoted('config')}"
        )
    if found is None and isinstance(error, WrongKey):
        found = _where_the_key_is(session)
    if isinstance(error, ApprovalRequired) and found is not None:
        found = f"{error.planned.question} If you agree, add --yes. Or let exactly this call through once: {found}"
    return translated(error.hint) if found is None else found


def advice(error: Mapping[str, Any], who: str, session: Session) -> str | None:
    """Return the commands that mend an error of this user's, None where its own hint says what to do.

    Args:
        error: its `to_dict`.
    """
    command = session.quoted
    match error["error"]:
        case "missing_scope":
            needed = " ".join(error.get("missing_scopes") or ())
            return (
                f"Make a token that also has {needed} on your app's page, and connect again: "
                f"{command('connect', who, '--token')}. Or add {needed} to VIMEO_SCOPES, and run: "
                f"{command('connect', who)}"
            )
        case "not_connected" | "expired" | "revoked" | "account":
            return (
                f"Connect {who!r}: {command('connect', who, '--token')}, or in the browser: "
                f"{command('connect', who)}. See who is connected: {command('accounts', 'list')}"
            )
        case "approval_required":
            return str(command("approve", str(error.get("approval_id")), "--as", who))
        case "read_only":
            return "Run it without --read-only."
        case "unknown_tool" if not str(error.get("hint", "")).startswith("Did you"):
            return f"See all names: {command('tools')}"
    return None


def translated(hint: str) -> str:
    """Return a hint of the library with commands and variables for what Python has parameters for."""
    for pattern, instead in _INSTEAD:
        hint = re.sub(pattern, instead, hint)
    return hint


def _where_the_key_is(session: Session) -> str:
    from vimeo_toolkit.stores.keys import KEYS_ARE_MADE_BY

    said = ""
    try:
        setting = session.settings.of("VIMEO_TOOLKIT_KEY")
        if setting is not None:
            said = f"VIMEO_TOOLKIT_KEY of {setting.file or 'the environment'} has another key. "
    except ConfigurationError:
        pass
    return (
        f"{said}{KEYS_ARE_MADE_BY} Put all keys that are in use into VIMEO_TOOLKIT_KEY, newest first, separated by "
        "spaces. If that key is lost, name another store in VIMEO_TOOLKIT_STORE, and connect again."
    )


def usage_error(error: Any) -> dict[str, Any]:
    """Return a mistake in the command's own arguments as JSON."""
    path = error.ctx.command_path if error.ctx is not None else "vimeo-toolkit"
    return {"error": "usage", "message": error.format_message(), "hint": f"See what it takes: `{path} -h`"}
