"""`vimeo-toolkit accounts`: who is connected."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from vimeo_toolkit.accounts.model import AccountStatus, ConnectedAccount
from vimeo_toolkit.cli.output import as_json, console, note, open_toolkit
from vimeo_toolkit.errors import InvalidInput

__all__ = ["accounts"]

accounts = typer.Typer(no_args_is_help=True, help="Connect users' Vimeo accounts, and look at them.")

Identifier = Annotated[str, typer.Argument(help="Your product's own id of the user.")]
ConnectionName = Annotated[str, typer.Option("--connection", help="Which connection.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
AccountChange = Annotated[
    bool, typer.Option("--allow-account-change", help="The user wants a different Vimeo account.")
]

_STYLES = {
    AccountStatus.ACTIVE: "green",
    AccountStatus.PENDING: "yellow",
    AccountStatus.EXPIRED: "red",
    AccountStatus.REVOKED: "red",
}


@accounts.command("list")
def list_(
    connection: Annotated[
        str | None, typer.Option("--connection", help="Only this connection's.")
    ] = None,
    json_: AsJson = False,
) -> None:
    """List all accounts."""
    with open_toolkit() as toolkit:
        found = toolkit.list_connected_accounts(connection)
    if json_:
        as_json([account.to_dict() for account in found])
        return
    if not found:
        console().print(Text("No accounts yet. Connect one: vimeo-toolkit accounts connect IDENTIFIER"))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("Identifier", "Connection", "Status", "Vimeo user", "Granted scopes"):
        table.add_column(column)
    for account in found:
        table.add_row(
            Text(account.identifier, style="cyan"),
            Text(account.connection_name),
            Text(account.status.value, style=_STYLES[account.status]),
            Text(_vimeo_user(account)),
            Text(" ".join(sorted(account.granted_scopes)) or "-"),
        )
    console().print(table)


@accounts.command()
def show(identifier: Identifier, connection: ConnectionName = "vimeo", json_: AsJson = False) -> None:
    """Show one account."""
    with open_toolkit() as toolkit:
        _show(toolkit.get_connected_account(connection, identifier=identifier), json_)


@accounts.command()
def connect(
    identifier: Identifier,
    connection: ConnectionName = "vimeo",
    scope: Annotated[
        list[str] | None,
        typer.Option(help="Ask for this scope beside the connection's own; may be repeated."),
    ] = None,
    allow_account_change: AccountChange = False,
    json_: AsJson = False,
) -> None:
    """Print a link under which the user grants access, then read the callback URL that it ends at."""
    with open_toolkit() as toolkit:
        link = toolkit.get_authorization_link(
            connection, identifier=identifier, scopes=scope, allow_account_change=allow_account_change
        )
        # On stderr, like the prompt: stdout is the account.
        out = console(err=True)
        out.print(Text(f"Open this link as {identifier} and allow the access:"), soft_wrap=True)
        out.print(Text(link.link, style="cyan"), soft_wrap=True)
        out.print(Text(f"It works once, until {link.expires_at:%H:%M:%S} UTC.", style="dim"))
        callback = _read("Then paste the whole URL that the browser was sent to", hidden=False)
        _show(toolkit.complete_authorization(callback, identifier=identifier), json_)


@accounts.command("import")
def import_(
    identifier: Identifier,
    connection: ConnectionName = "vimeo",
    allow_account_change: AccountChange = False,
    json_: AsJson = False,
) -> None:
    """Connect a user by a personal access token, read from a hidden prompt or from stdin.

    It is never an argument: those are seen by every user of the machine and kept in the shell's history.
    """
    with open_toolkit() as toolkit:
        token = _read("Access token (hidden)", hidden=True)
        account = toolkit.import_token(
            connection,
            identifier=identifier,
            access_token=token,
            allow_account_change=allow_account_change,
        )
        _show(account, json_)


@accounts.command()
def disconnect(
    identifier: Identifier,
    connection: ConnectionName = "vimeo",
    no_revoke: Annotated[
        bool, typer.Option("--no-revoke", help="Forget the account only; its token lives on at Vimeo.")
    ] = False,
    json_: AsJson = False,
) -> None:
    """Forget an account and revoke its token at Vimeo."""
    with open_toolkit() as toolkit:
        deleted = toolkit.delete_connected_account(connection, identifier=identifier, revoke=not no_revoke)
    if json_:
        as_json({"identifier": identifier, "connection_name": connection, "deleted": deleted})
    elif not deleted:
        console().print(Text(f"{identifier} had no account."), soft_wrap=True)
    else:
        rest = "; its token lives on at Vimeo." if no_revoke else ", and its token revoked at Vimeo."
        console().print(Text(f"The account of {identifier} was deleted{rest}"), soft_wrap=True)


def _read(question: str, *, hidden: bool) -> str:
    """One line from a person's prompt or, where stdin is no terminal, from stdin.

    Raises:
        InvalidInput: it is empty.
    """
    if sys.stdin.isatty():
        line = str(typer.prompt(question, hide_input=hidden, err=True))
    else:
        line = sys.stdin.readline()
    if not line.strip():
        raise InvalidInput("Nothing was read from stdin.", hint=f"{question}, or pipe it in as one line.")
    return line.strip()


def _vimeo_user(account: ConnectedAccount) -> str:
    return " ".join(part for part in (account.vimeo_name, account.vimeo_uri) if part) or "-"


def _show(account: ConnectedAccount, json_: bool) -> None:
    if json_:
        as_json(account.to_dict())
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    table.add_row("Identifier", Text(account.identifier, style="cyan"))
    table.add_row("Connection", Text(account.connection_name))
    table.add_row("Status", Text(account.status.value, style=_STYLES[account.status]))
    if account.reason:
        table.add_row("Reason", Text(account.reason))
    table.add_row("Vimeo user", Text(_vimeo_user(account)))
    table.add_row("Granted scopes", Text(" ".join(sorted(account.granted_scopes)) or "-"))
    if account.expires_at:
        table.add_row("Expires", Text(f"{account.expires_at:%Y-%m-%d %H:%M:%S} UTC"))
    console().print(table)
    if account.missing_scopes:
        note(f"Asked for and not granted: {', '.join(sorted(account.missing_scopes))}.")
