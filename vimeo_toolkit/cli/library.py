"""`vimeo-toolkit library …`: the index of what is said in a user's videos."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from vimeo_toolkit import Filters
from vimeo_toolkit.cli.accounts import Identifier
from vimeo_toolkit.cli.output import emit_json, err, notice, say
from vimeo_toolkit.cli.session import As, ConnectionName, command, session

__all__ = ["library"]

library = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@command(library)
def sync(
    identifier: Identifier = "me",
    connection: ConnectionName = "vimeo",
    full: Annotated[bool, typer.Option("--full", help="Read the words of all videos again.")] = False,
) -> None:
    """Bring the index of a user's library up to date. Ctrl-C ends it for now: run it again to go on."""

    def told(done: int, of: int) -> None:
        if not session().as_json:
            err.print(f"{done} of {of}", highlight=False)

    used = session().toolkit().library
    report = used.sync(identifier=identifier, connection_name=connection, full=full, progress=told)
    if session().as_json:
        emit_json(report.to_dict())
        return
    if report.elsewhere:
        say(f"Another process is at work: {report.done} of {report.of} videos are done.")
        return
    say(
        f"{report.done} of {report.of} videos are up to date ({report.new} new, {report.changed} changed, "
        f"{report.removed} gone; {report.requests} requests)."
    )
    if report.why:
        notice(report.why)


@command(library)
def search(
    question: Annotated[str, typer.Argument(help='Words, or "a phrase in quotation marks".')],
    identifier: As = "me",
    connection: ConnectionName = "vimeo",
    language: Annotated[str, typer.Option("--language", help="Only what is said in it, such as en.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="How many passages at most.")] = 10,
) -> None:
    """Find what is said where in a user's videos, each with a link to its second. Nothing is sent to Vimeo."""
    found = (
        session()
        .toolkit()
        .library.search(
            question,
            identifier=identifier,
            connection_name=connection,
            filters=Filters(language=language),
            limit=limit,
        )
    )
    if session().as_json:
        emit_json(found.to_dict())
        return
    for hit in found.hits:
        say(f"{hit.video.name}  {hit.link}")
        say(f"  {hit.passage.text}")
    if not found.hits:
        notice("Nothing was found.")


@command(library)
def status(identifier: Identifier = "me", connection: ConnectionName = "vimeo") -> None:
    """Show what the index has of a user's library, and how old that is."""
    told = session().toolkit().library.status(identifier=identifier, connection_name=connection)
    if session().as_json:
        emit_json(told.to_dict())
        return
    has = told.coverage
    say(
        f"{has.videos} videos: {has.captions} with words, {has.none} without captions, {has.pending} pending."
    )
    if told.synced is None:
        say(f"Not complete yet: {session().quoted('library', 'sync', identifier)}")
    else:
        say(f"Brought up to date {datetime.fromtimestamp(told.synced, UTC):%Y-%m-%d %H:%M} UTC.")


@command(library)
def forget(identifier: Identifier = "me", connection: ConnectionName = "vimeo") -> None:
    """Delete the index of a user's library. A sync makes it anew."""
    was = session().toolkit().library.forget(identifier=identifier, connection_name=connection)
    if session().as_json:
        emit_json({"identifier": identifier, "forgotten": was})
    else:
        say("The index is deleted. Nothing was changed at Vimeo." if was else "There was no index.")


@command(library)
def sweep() -> None:
    """Delete the indexes of accounts that ended long ago, and of those that are gone: for a timer."""
    deleted = session().toolkit().library.sweep()
    if session().as_json:
        emit_json({"deleted": deleted})
    else:
        say(f"{deleted} {'index was' if deleted == 1 else 'indexes were'} deleted.")
