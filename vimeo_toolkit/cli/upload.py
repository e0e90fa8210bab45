"""`vimeo-toolkit upload`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vimeo_toolkit import ToolResult, VimeoToolkit, VimeoToolkitError
from vimeo_toolkit.cli.output import emit_json, err, read_line
from vimeo_toolkit.cli.session import As, ConnectionName, session
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.secret import Secret

__all__ = ["upload"]


def upload(
    file: Annotated[Path, typer.Argument(help="The video file.")],
    name: Annotated[str | None, typer.Option(help="The title; by default the file's name.")] = None,
    description: Annotated[str | None, typer.Option(help="The description.")] = None,
    privacy: Annotated[str | None, typer.Option(help="Who can watch: anybody, nobody, unlisted …")] = None,
    password: Annotated[
        bool,
        typer.Option(
            "--password",
            help="Watching needs a password, which is asked for or piped in.",
        ),
    ] = False,
    folder: Annotated[str | None, typer.Option(help="Id or URI of the folder to put it in.")] = None,
    identifier: As = "me",
    connection: ConnectionName = "vimeo",
) -> None:
    """Upload a video file. Run it again after a break: it goes on where it stopped."""
    from vimeo_toolkit.uploads.bar import ProgressBar

    if password and privacy not in (None, "password"):
        raise InvalidInput(
            f"--password and --privacy {privacy} exclude each other.", hint="Leave one of them out."
        )
    if privacy == "password" and not password:
        raise InvalidInput("--privacy password needs a password.", hint="Add --password, which asks for it.")
    used = session().toolkit()
    account = used.get_connected_account(connection, identifier=identifier)
    if password and "edit" not in account.granted_scopes:
        raise InvalidInput(
            "A password is set after the upload, which takes the scope edit.",
            hint=f"Connect with a token that has it: {session().quoted('connect', identifier, '--token')}",
        )
    secret = read_line("Password for the video", hidden=True) if password else None
    with ProgressBar(file.name, err) as bar:
        result = used.upload_video(
            file,
            connection_name=connection,
            identifier=identifier,
            name=name,
            description=description,
            # With a password to come, nobody sees it before that is set.
            privacy_view="nobody" if secret else privacy,
            folder_uri=folder,
            on_progress=bar,
        )
    if secret:
        result = _with_password(used, result, connection, identifier, secret)
    emit_json(result.for_model(tables=False))


def _with_password(
    used: VimeoToolkit, uploaded: ToolResult, connection: str, identifier: str, password: Secret
) -> ToolResult:
    """Let people who know the password watch the video. Until that is set, nobody may."""
    uri = str(uploaded["uri"])
    try:
        return used.execute_tool(
            connection_name=connection,
            identifier=identifier,
            tool_name="vimeo_video_edit",
            tool_input={"video_id": uri, "privacy_view": "password", "password": password.reveal()},
        )
    except VimeoToolkitError as error:
        error.message = (
            f"{uri} is uploaded, and nobody can watch it: its password was not set. {error.message}"
        )
        raise
