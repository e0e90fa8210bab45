"""`vimeo-toolkit upload`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vimeo_toolkit.cli.calling import As, ConnectionName
from vimeo_toolkit.cli.output import emit_json, err
from vimeo_toolkit.cli.session import session

__all__ = ["upload"]


def upload(
    file: Annotated[Path, typer.Argument(help="The video file.")],
    name: Annotated[str | None, typer.Option(help="The title; by default the file's name.")] = None,
    description: Annotated[str | None, typer.Option(help="The description.")] = None,
    privacy: Annotated[str | None, typer.Option(help="Who can watch: anybody, nobody, unlisted …")] = None,
    folder: Annotated[str | None, typer.Option(help="Id or URI of the folder to put it in.")] = None,
    identifier: As = "me",
    connection: ConnectionName = "vimeo",
) -> None:
    """Upload a video file. Run it again after a break: it goes on where it stopped."""
    from vimeo_toolkit.uploads.bar import ProgressBar

    used = session().toolkit()
    used.get_connected_account(connection, identifier=identifier)
    with ProgressBar(file.name, err) as bar:
        result = used.upload_video(
            file,
            connection_name=connection,
            identifier=identifier,
            name=name,
            description=description,
            privacy_view=privacy,
            folder_uri=folder,
            on_progress=bar,
        )
    emit_json(result.for_model(tables=False))
