"""`vimeo-toolkit connect`: four ways to one connected account."""

from __future__ import annotations

import re
import webbrowser
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

import typer

from vimeo_toolkit import ConfigurationError, InvalidInput, VimeoToolkit
from vimeo_toolkit.accounts.authorize import STATE_SECONDS
from vimeo_toolkit.accounts.model import ConnectedAccount
from vimeo_toolkit.cli.loopback import CallbackServer, is_loopback
from vimeo_toolkit.cli.output import emit_json, err, notice, read_line, say
from vimeo_toolkit.cli.session import ConnectionName, session
from vimeo_toolkit.secret import Secret

__all__ = ["connect"]


def connect(
    identifier: Annotated[str, typer.Argument(help="Your own id of the user.")] = "me",
    token: Annotated[
        bool,
        typer.Option("--token", help="By a personal access token, from a hidden prompt or piped in."),
    ] = False,
    device: Annotated[
        bool, typer.Option("--device", help="By a code that is entered in a browser on any machine.")
    ] = False,
    paste: Annotated[
        bool, typer.Option("--paste", help="Copy the address by hand: the browser is elsewhere.")
    ] = False,
    connection: ConnectionName = "vimeo",
    switch: Annotated[
        bool, typer.Option("--switch", help="The user wants a different Vimeo account.")
    ] = False,
) -> None:
    """Connect a user's Vimeo account: opens the browser and catches its way back, unless told otherwise."""
    if token + device + paste > 1:
        raise InvalidInput("--token, --device and --paste are three ways.", hint="Choose one of them.")
    if re.fullmatch("[0-9a-fA-F]{32,}", identifier):
        raise InvalidInput(
            "The first argument is your own id of the user, and this one looks like an access token.",
            hint=f"Run {session().quoted('connect', '--token')} and paste the token when it asks, or pipe it in. "
            "Your shell's history may have it now.",
        )
    used = session().toolkit(new_store=True)
    notice(session().where())  # shown before a token is entered
    if not (token or device or used.connection(connection).can_authorize):
        raise ConfigurationError(
            f"Connection {connection!r} cannot make authorization links.",
            hint="Set VIMEO_CLIENT_ID, VIMEO_CLIENT_SECRET and VIMEO_REDIRECT_URI from Vimeo's developer page, or "
            f"bring a personal access token: {session().quoted('connect', identifier, '--token')}",
        )
    if token:
        account = used.import_token(
            connection,
            identifier=identifier,
            access_token=read_line("Access token", hidden=True),
            allow_account_change=switch,
        )
    elif device:
        account = _by_device(used, connection, identifier, switch)
    else:
        account = _by_browser(used, connection, identifier, switch, paste)
    _tell(account)


def _by_device(used: VimeoToolkit, connection: str, identifier: str, switch: bool) -> ConnectedAccount:
    device = used.start_device_authorization(connection, identifier=identifier, allow_account_change=switch)
    typer.echo(f"Open {device.activate_link} in any browser, and enter the code {device.user_code}", err=True)
    typer.echo("Waiting …", err=True)
    return used.complete_device_authorization(device)


def _by_browser(
    used: VimeoToolkit, connection: str, identifier: str, switch: bool, paste: bool
) -> ConnectedAccount:
    made = used.get_authorization_link(connection, identifier=identifier, allow_account_change=switch)
    redirect_uri = used.connection(connection).redirect_uri
    # All of this goes to stderr: stdout has only the account.
    if paste or not is_loopback(redirect_uri):
        typer.echo(
            "Open this link, allow the access, and copy the address that the browser is sent to", err=True
        )
        typer.echo(f"(the page there need not load):\n\n{made.link}", err=True)
        callback = read_line("\nThe address")
    else:
        callback = _caught(redirect_uri, made.link)
    return used.complete_authorization(callback, identifier=identifier)


def _caught(redirect_uri: str, link: str) -> Secret:
    state = Secret(parse_qs(urlsplit(link).query)["state"][0])
    with CallbackServer(redirect_uri, state) as server:
        opened = webbrowser.open(link)
        typer.echo("Allow the access in your browser." if opened else "Open this link:", err=True)
        typer.echo(f"{link}\n", err=True)
        return server.wait(STATE_SECONDS)


def _tell(account: ConnectedAccount) -> None:
    if session().as_json:
        emit_json(account.to_dict())
        return
    say(f"{account.status.value}: connected as {account.vimeo_name}.")
    if account.missing_scopes:
        err.print(f"Not granted: {', '.join(sorted(account.missing_scopes))}.", highlight=False)
