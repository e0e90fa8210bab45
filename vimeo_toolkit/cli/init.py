"""`vimeo-toolkit init`: a file of settings, and what to click at Vimeo."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from vimeo_toolkit import InvalidInput, generate_key
from vimeo_toolkit.cli.common import complaints, read_line
from vimeo_toolkit.secret import Secret

__all__ = ["init"]

REDIRECT_URI: Final = "http://127.0.0.1:8723/callback"
SCOPES: Final = "public private create edit delete interact upload"

STEPS: Final = """
On Vimeo's developer page (https://developer.vimeo.com/apps), whose wording may differ:

 1. Create an app. Its page shows the client identifier, and its client secrets.
 2. Add the callback URL, exactly so:  {redirect_uri}
 3. To upload videos, ask there for upload access: Vimeo grants it app by app.
 4. For your own account alone you need no client secret: under "Generate an access token" choose
    "Authenticated (you)", tick the scopes ({scopes}), and copy the token.
"""

FILE: Final = """\
# Settings of vimeo-toolkit. The last two lines are secrets: keep this file out of version control.
VIMEO_CLIENT_ID={client_id}
VIMEO_REDIRECT_URI={redirect_uri}
VIMEO_SCOPES="{scopes}"
VIMEO_TOOLKIT_STORE=sqlite:///vimeo_accounts.db
VIMEO_CLIENT_SECRET={client_secret}
VIMEO_TOOLKIT_KEY={key}
"""


def init(
    file: Annotated[Path, typer.Option(help="Where to write it.")] = Path(".env"),
    client_id: Annotated[str | None, typer.Option(help="The app's client identifier.")] = None,
    redirect_uri: Annotated[str, typer.Option(help="The app's callback URL.")] = REDIRECT_URI,
) -> None:
    """Write the settings into .env, with a new encryption key, and say what to click on Vimeo's developer page."""
    with complaints():
        if file.exists():
            raise InvalidInput(
                f"{str(file)!r} is there already.",
                hint="Its key opens the accounts that you have, so it is left as it is. Move it away, or "
                "name another with --file.",
            )
        if any(
            character.isspace() or character in "\"'#$" for character in f"{client_id or ''}{redirect_uri}"
        ):
            raise InvalidInput(
                "The client id or the redirect URI has blanks or quotes.", hint="Copy it anew."
            )
        typer.echo(STEPS.format(redirect_uri=redirect_uri, scopes=SCOPES))
        client_secret = Secret("")
        if sys.stdin.isatty():
            if client_id is None:
                client_id = str(typer.prompt("Client identifier (empty: later)", default="", err=True))
            if client_id:
                client_secret = read_line("Client secret", hidden=True)
        elif client_id:
            client_secret = read_line("Client secret")
        if any(character.isspace() or character in "\"'#" for character in client_secret.reveal()):
            raise InvalidInput("The client secret has blanks or quotes.", hint="Copy it anew.")
        _write(file, client_id or "", redirect_uri, client_secret)
        typer.echo(f"Wrote {file}. Next:")
        typer.echo("  vimeo-toolkit connect            # in the browser; needs the client secret")
        typer.echo("  vimeo-toolkit connect --token    # by a personal access token")
        typer.echo("  vimeo-toolkit call vimeo_my_videos_list per_page=5")


def _write(file: Path, client_id: str, redirect_uri: str, client_secret: Secret) -> None:
    text = FILE.format(
        client_id=client_id,
        redirect_uri=redirect_uri,
        scopes=SCOPES,
        client_secret=client_secret.reveal(),
        key=generate_key(),
    )
    try:
        # Never readable by others, not even for a moment; never over a file that appeared meanwhile.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        failure = InvalidInput(
            f"{str(file)!r} cannot be written ({error.strerror}).", hint="Name another file."
        )
    else:
        with os.fdopen(descriptor, "w") as opened:
            opened.write(text)
        return
    del text
    raise failure
