"""`vimeo-toolkit accounts …`"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from vimeo_toolkit import Connection, Unreadable, VimeoToolkit
from vimeo_toolkit.cli.common import complaints, emit_json, err, out, toolkit

__all__ = ["accounts"]

accounts = typer.Typer(no_args_is_help=True, add_completion=False)

Identifier = Annotated[str, typer.Argument(help="Your own id of the user.")]
ConnectionName = Annotated[str, typer.Option("--connection", help="The connection's name.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]


def _report(unreadable: Sequence[Unreadable]) -> None:
    """Show what could not be read, on stderr, and end with 1 if there was anything."""
    if not unreadable:
        return
    err.print(f"[bold red]{len(unreadable)} stored rows could not be read and were left as they are:[/]")
    for each in unreadable:
        where = f"{each.kind} {each.connection_name or '-'} {each.identifier or each.name}: {each.reason}"
        err.print(where, markup=False, highlight=False, soft_wrap=True)
    err.print(
        "Give all keys that are in use in VIMEO_TOOLKIT_KEY. If a key is lost or a row is damaged, run: "
        "vimeo-toolkit accounts disconnect IDENTIFIER, and connect the user again.",
        style="yellow",
        highlight=False,
    )
    raise typer.Exit(1)


def _told(unreadable: Sequence[Unreadable], void: int = 0) -> dict[str, Any]:
    """The part of a JSON result that is there when something was left."""
    told = {"unreadable": [each.to_dict() for each in unreadable]} if unreadable else {}
    return told | ({"void": void} if void else {})


def _say_void(void: int) -> None:
    if void:
        typer.echo(
            f"{void} damaged rows (approvals, links and the like) open with no key. They end by themselves, and no "
            "key need be kept for them."
        )


@accounts.command("list")
def list_accounts(
    connection: Annotated[str | None, typer.Option("--connection", help="Only this connection's.")] = None,
    as_json: AsJson = False,
) -> None:
    """All connected accounts."""
    with complaints():
        found = toolkit().list_connected_accounts(connection)
        if as_json:
            emit_json([account.to_dict() for account in found])
            _report(found.unreadable)
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
        _report(found.unreadable)


@accounts.command()
def show(identifier: Identifier, connection: ConnectionName = "vimeo") -> None:
    """One account, as JSON. No token is ever shown."""
    with complaints():
        emit_json(toolkit().get_connected_account(connection, identifier=identifier).to_dict())


@accounts.command()
def check(identifier: Identifier, connection: ConnectionName = "vimeo") -> None:
    """Ask Vimeo what the account can do: plan, scopes, upload access and quota, requests left. As JSON."""
    with complaints():
        result = toolkit().execute_tool(
            connection_name=connection, identifier=identifier, tool_name="vimeo_connection_check"
        )
        emit_json(result.for_model(tables=False))


@accounts.command()
def disconnect(
    identifier: Identifier,
    connection: ConnectionName = "vimeo",
    revoke: Annotated[bool, typer.Option(help="Also revoke the token at Vimeo.")] = True,
    as_json: AsJson = False,
) -> None:
    """Forget an account, and revoke its token at Vimeo."""
    with complaints():
        done = toolkit().delete_connected_account(connection, identifier=identifier, revoke=revoke)
        if as_json:
            told = {"connection_name": connection, "identifier": identifier, "deleted": bool(done)}
            emit_json({**told, "revoked": done.revoked, **({"unreadable": True} if done.unreadable else {})})
            return
        if not done:
            typer.echo("There was no such account.")
        elif done.unreadable:
            typer.echo(
                "Disconnected. The account could not be read, so its token could not be revoked at Vimeo: the user "
                "can take the app's access away in Vimeo's settings."
            )
        elif done.revoked:
            typer.echo("Disconnected, and the token is revoked at Vimeo.")
        else:
            typer.echo("Disconnected. No token was revoked at Vimeo.")


@accounts.command("rotate-key")
def rotate_key(as_json: AsJson = False) -> None:
    """Seal everything under the newest key: put it first in VIMEO_TOOLKIT_KEY, run this, then drop the old.

    Ends with 1 when something could not be read: then keep the old key.
    """
    with complaints():
        done = toolkit().rotate_key()
        if as_json:
            emit_json({"total": done.total, "changed": done.changed, **_told(done.unreadable, done.void)})
        else:
            also = f", and {done.others} other rows" if done.others else ""
            typer.echo(f"{done.changed} of {done.total} accounts were sealed anew{also}.")
            _say_void(done.void)
        _report(done.unreadable)


@accounts.command()
def move(
    source: Annotated[str, typer.Option("--from", help="URL of the store that has the accounts.")],
    target: Annotated[str, typer.Option("--to", help="URL of the store that gets them.")],
    as_json: AsJson = False,
) -> None:
    """Copy all accounts to another store and verify the copy. The old store is left as it is."""
    with complaints():
        given = os.environ.get("VIMEO_TOOLKIT_KEY")
        keys = None if given is None else given.split() or ""
        with (
            VimeoToolkit([Connection()], store=source, key=keys) as old,
            VimeoToolkit([Connection()], store=target, key=keys) as new,
        ):
            done = old.copy_accounts_to(new)
        if as_json:
            counts = {"total": done.total, "copied": done.copied, "present": done.present}
            emit_json(counts | _told(done.unreadable, done.void))
        else:
            typer.echo(
                f"{done.copied} of {done.total} accounts were copied and verified, {done.present} were there."
            )
            _say_void(done.void)
        _report(done.unreadable)
