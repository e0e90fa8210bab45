"""`vimeo-toolkit sandbox`: serve the sandbox in the foreground."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from vimeo_toolkit.cli.output import as_json, console, note
from vimeo_toolkit.errors import ConfigurationError

__all__ = ["sandbox"]


def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    json_: Annotated[bool, typer.Option("--json", help="Write the credentials as JSON.")] = False,
) -> None:
    """Serve a Vimeo to develop against, on loopback, until Ctrl-C.

    Its credentials and tokens are printed: they open nothing but this sandbox.
    """
    try:
        from vimeo_toolkit.sandbox import Sandbox
    except ImportError as missing:
        raise ConfigurationError(
            f"The sandbox needs {missing.name}.", hint='Install it: pip install "vimeo-toolkit[sandbox]"'
        ) from None
    server = Sandbox(port=port)
    try:
        server.start()
    except OSError:
        raise ConfigurationError(
            f"Port {port} cannot be used.", hint="Name another with --port; without it a free one is taken."
        ) from None
    try:
        environment, tokens = _environment(server), _tokens(server)
        if json_:
            as_json({"url": server.url, "environment": environment, "users": tokens})
        else:
            _introduce(server.url, environment, tokens)
        _follow(server.requests)
    finally:
        server.stop()


def _environment(server: Any) -> dict[str, str]:
    from vimeo_toolkit.catalog import catalog

    needed = sorted({scope for tool in catalog().values() for scope in tool.scopes} - {"public", "private"})
    return {
        "VIMEO_CLIENT_ID": server.app.client_id,
        "VIMEO_CLIENT_SECRET": server.app.client_secret,
        "VIMEO_REDIRECT_URI": server.app.redirect_uri,
        "VIMEO_API_URL": server.url,
        "VIMEO_SCOPES": " ".join(["public", "private", *needed]),
        # Accounts of the sandbox beside those of Vimeo would send its tokens there, and the reverse.
        "VIMEO_TOOLKIT_STORE": "sqlite:///sandbox_accounts.db",
    }


def _tokens(server: Any) -> list[dict[str, str]]:
    return [
        {
            "name": user.name,
            "uri": user.uri,
            "plan": user.plan,
            "access_token": server.issue_token(user).access_token,
        }
        for user in server.users
    ]


def _introduce(url: str, environment: dict[str, str], tokens: list[dict[str, str]]) -> None:
    out = console()
    out.print(Text("Vimeo sandbox on ").append(url, style="bold cyan"), soft_wrap=True)
    out.print(Text("\nFor the shell that uses it:\n", style="bold"))
    for name, value in environment.items():
        # Not through rich, which would wrap a long line.
        typer.echo(f"export {name}='{value}'")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("User", "Plan", "Access token, with every scope"):
        table.add_column(column, no_wrap=True, overflow="ignore")
    for token in tokens:
        table.add_row(Text(f"{token['name']} {token['uri']}"), token["plan"], Text(token["access_token"]))
    out.print()
    out.print(table, soft_wrap=True)
    out.print(Text("\nImport a token, and call a tool with it:\n", style="bold"))
    typer.echo(f"echo '{tokens[0]['access_token']}' | vimeo-toolkit accounts import me")
    typer.echo("vimeo-toolkit call vimeo_my_videos_list per_page=3 --as me")
    out.print(Text("\nOr through the consent page:\n", style="bold"))
    typer.echo("vimeo-toolkit accounts connect me")
    out.print(Text("\nCtrl-C ends it, and everything in it. Requests:\n", style="dim"))


def _follow(requests: list[Any]) -> None:
    """Show requests as they come, until Ctrl-C."""
    shown = 0
    try:
        while True:
            new = requests[shown:]
            shown += len(new)
            _log(new)
            time.sleep(0.2)
    except KeyboardInterrupt:
        note("The sandbox is gone.")


def _log(requests: Iterable[Any]) -> None:
    out = console(err=True)
    for request in requests:
        # No query: a consent page's carries a state.
        out.print(Text(f"{request.status} {request.method} {request.path}", style="dim"), soft_wrap=True)
