"""`vimeo-toolkit accounts …`"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from vimeo_toolkit import ConnectedAccount, Connection, Unreadable, VimeoToolkit
from vimeo_toolkit.calls.result import DEFAULT_LIMIT
from vimeo_toolkit.cli.consenting import Yes, require_yes
from vimeo_toolkit.cli.output import NARROW, emit_json, err, notice, out, say, warn
from vimeo_toolkit.cli.session import ConnectionName, command, session
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.settings.places import absolute_store, shown_store, store_file
from vimeo_toolkit.shape import shaped

__all__ = ["accounts"]

accounts = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})

Identifier = Annotated[str, typer.Argument(help="Your own id of the user.")]


def _report(unreadable: Sequence[Unreadable]) -> None:
    """Show what could not be read, on stderr, and end with 1 if there was anything."""
    if not unreadable:
        return
    err.print(f"[bold red]{len(unreadable)} stored rows could not be read and were left as they are:[/]")
    for each in unreadable:
        where = f"{each.kind} {each.connection_name or '-'} {each.identifier}: {each.reason}"
        err.print(where, markup=False, highlight=False, soft_wrap=True)
    warn(
        "Give all keys that are in use in VIMEO_TOOLKIT_KEY. If a key is lost or a row is damaged, run: "
        f"{session().quoted('accounts', 'disconnect', 'IDENTIFIER')}, and connect the user again."
    )
    raise typer.Exit(1)


def _told(unreadable: Sequence[Unreadable], void: int = 0) -> dict[str, Any]:
    """Return the part of a JSON result that is there when something could not be read."""
    told = {"unreadable": [each.to_dict() for each in unreadable]} if unreadable else {}
    return told | ({"void": void} if void else {})


def _say_void(void: int) -> None:
    if void:
        say(
            f"{void} damaged rows (approvals, links and the like) open with no key. They end by themselves, and no "
            "key need be kept for them."
        )


@command(accounts, "list")
def list_accounts(
    connection: Annotated[str | None, typer.Option("--connection", help="Only this connection's.")] = None,
) -> None:
    """List all connected accounts."""
    found = session().toolkit().list_connected_accounts(connection)
    if session().as_json:
        emit_json([account.to_dict() for account in found])
    elif found:
        _show(found)
    if not found and not found.unreadable:
        notice(f"No account is connected. Connect one: {session().quoted('connect', '--token')}")
    notice(session().where())
    _report(found.unreadable)


def _show(found: Sequence[ConnectedAccount]) -> None:
    if out.width < NARROW:
        for account in found:
            say(f"{account.identifier} ({account.connection_name}): {account.status.value}")
            say(f"  {account.vimeo_name or '-'}; {' '.join(sorted(account.granted_scopes)) or 'no scopes'}")
        return
    table = Table("Connection", "Identifier", "Status", "Vimeo user", "Scopes", title="Accounts")
    for account in found:
        table.add_row(
            # Escaped: in a table, a name such as "[/]" would be markup.
            escape(account.connection_name),
            escape(account.identifier),
            account.status.value,
            escape(account.vimeo_name or "-"),
            " ".join(sorted(account.granted_scopes)) or "-",
        )
    out.print(table)


@command(accounts)
def show(identifier: Identifier, connection: ConnectionName = "vimeo") -> None:
    """Show one account, as JSON. No token is ever shown."""
    emit_json(session().toolkit().get_connected_account(connection, identifier=identifier).to_dict())


@command(accounts)
def check(identifier: Identifier = "me", connection: ConnectionName = "vimeo") -> None:
    """Ask Vimeo what the account can do: plan, scopes, upload access and quota, requests left. As JSON."""
    used = session().toolkit()
    used.get_connected_account(connection, identifier=identifier)
    result = used.execute_tool(
        connection_name=connection, identifier=identifier, tool_name="vimeo_connection_check"
    )
    # all of it: a model is not shown twice what it reads elsewhere
    emit_json(shaped(result.data, limit=DEFAULT_LIMIT, rest="", tables=False))


@command(accounts)
def disconnect(
    identifier: Identifier,
    connection: ConnectionName = "vimeo",
    revoke: Annotated[bool, typer.Option(help="Also revoke the token at Vimeo.")] = True,
    yes: Yes = False,
) -> None:
    """Forget an account, and revoke its token at Vimeo. It asks first."""
    used = session().toolkit()
    require_yes(f"Forget the account of {identifier!r}{' and revoke its token' if revoke else ''}?", yes)
    done = used.delete_connected_account(connection, identifier=identifier, revoke=revoke)
    if session().as_json:
        told = {"connection_name": connection, "identifier": identifier, "deleted": bool(done)}
        emit_json({**told, "revoked": done.revoked, **({"unreadable": True} if done.unreadable else {})})
    elif not done:
        say("There was no such account.")
    elif done.unreadable:
        say(
            "Disconnected. The account could not be read, so its token could not be revoked at Vimeo: the user "
            "can take the app's access away in Vimeo's settings."
        )
    elif done.revoked:
        say("Disconnected, and the token is revoked at Vimeo.")
    else:
        say("Disconnected. No token was revoked at Vimeo.")
    if not done:
        raise typer.Exit(1)


@command(accounts, "rotate-key")
def rotate_key() -> None:
    """Seal everything under the newest key: put it first in VIMEO_TOOLKIT_KEY, run this, then drop the old.

    Ends with 1 when something could not be read: then keep the old key.
    """
    done = session().toolkit().rotate_key()
    if session().as_json:
        emit_json({"total": done.total, "changed": done.changed, **_told(done.unreadable, done.void)})
    else:
        lost = sum(each.kind == "account" for each in done.unreadable)
        say(sealed_text(done.changed, done.total - done.changed - lost, done.others))
        _say_void(done.void)
    _report(done.unreadable)


@command(accounts)
def move(
    source: Annotated[str, typer.Option("--from", help="URL of the store that has the accounts.")],
    target: Annotated[str, typer.Option("--to", help="URL of the store that gets them.")],
) -> None:
    """Copy all accounts to another store and verify the copy. The old store is left as it is."""
    file = store_file(source)
    if file is not None and not file.exists():
        raise InvalidInput(
            f"There is no account store at {file}, so nothing was copied.",
            hint=f"Give --from the store that has the accounts; the settings name {_configured()}.",
        )
    if source == target or (file is not None and file == store_file(target)):
        raise InvalidInput("--from and --to are the same store.", hint="Give --to another one.")
    keys = session().settings.key()
    with (
        VimeoToolkit([Connection()], store=source, key=keys) as old,
        VimeoToolkit([Connection()], store=target, key=keys) as new,
    ):
        done = old.copy_accounts_to(new)
    if session().as_json:
        counts = {"total": done.total, "copied": done.copied, "present": done.present}
        emit_json(counts | _told(done.unreadable, done.void))
    else:
        say(copied_text(done.copied, done.present))
        _say_void(done.void)
        if done.total:
            notice(f"To use the copy, set VIMEO_TOOLKIT_STORE{to_set(target)}")
    _report(done.unreadable)


def to_set(url: str) -> str:
    """Return what follows the name of the variable that is to hold a store's URL; no password is shown."""
    whole = absolute_store(url, Path.cwd())
    return f"={whole}" if shown_store(whole) == whole else " to the URL that you gave as --to."


def _configured() -> str:
    return shown_store(session().settings.store())


def sealed_text(changed: int, before: int, others: int) -> str:
    """Return what `rotate-key` did: accounts and other rows sealed now, and accounts that were so before."""
    rows = f"{others} other {'row' if others == 1 else 'rows'}" if others else ""
    now = " and ".join(filter(None, [_accounts(changed) if changed else "", rows]))
    if not now:
        return f"Nothing had to be sealed{f': {_accounts(before)} have the newest key already' if before else ''}."
    return f"Sealed {now} under the newest key.{f' {_accounts(before)} had it already.' if before else ''}"


def copied_text(copied: int, present: int) -> str:
    """Return what a copy did. `present`: accounts that the target had before."""
    if not copied and not present:
        return "Nothing was copied."
    there = f"{_accounts(present)} {_were(present)} already in the target" if present else ""
    if not copied:
        return f"{there}; nothing was copied."
    return f"{_accounts(copied)} {_were(copied)} copied and verified{there and '; '}{there}."


def _accounts(number: int) -> str:
    return f"{number} account" if number == 1 else f"{number} accounts"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
