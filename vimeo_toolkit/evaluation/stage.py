"""One task's stage: a sandbox with the tasks' library, a toolkit, and a user who is connected as the task wants."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vimeo_toolkit.connection import Connection
from vimeo_toolkit.evaluation.watching import WatchedToolkit

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.tasks import Library, Setup, Task

__all__ = ["IDENTIFIER", "Stage", "staged"]

IDENTIFIER = "user_456"
"""The user whose agent is scored."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a task is done on."""

    library: Library
    toolkit: WatchedToolkit
    request: str
    """The task's request, and what day it is."""


@contextmanager
def staged(task: Task) -> Iterator[Stage]:
    """Set a task's stage and yield it; all of it is gone afterwards."""
    from vimeo_toolkit.sandbox.tasks import open_library

    setup = task.setup
    library = open_library(window_seconds=setup.window_seconds)
    with tempfile.TemporaryDirectory(prefix="vimeo-toolkit-eval-") as folder, library.sandbox as vimeo:
        for name, content in setup.files.items():
            Path(folder, name).write_bytes(content)
        connection = Connection(
            name="vimeo",
            client_id=vimeo.app.client_id,
            client_secret=vimeo.app.client_secret,
            redirect_uri=vimeo.app.redirect_uri,
            scopes=tuple(sorted(setup.scopes)),
            api_url=vimeo.url,
        )
        with WatchedToolkit([connection], store="sqlite:///:memory:", upload_folders=[folder]) as toolkit:
            _connect(library, toolkit, setup)
            for tool, given in setup.earlier(library):
                toolkit.execute_tool(identifier=IDENTIFIER, tool_name=tool, tool_input=given)
            _tighten(library, setup)
            toolkit.seen.clear()
            vimeo.requests.clear()
            asked = task.request.replace("{folder}", folder)
            yield Stage(library, toolkit, f"{asked}\n\n(Today is {vimeo.clock.now():%A, %Y-%m-%d}, UTC.)")


def _connect(library: Library, toolkit: WatchedToolkit, setup: Setup) -> None:
    token = library.sandbox.issue_token(library.me, scopes=setup.scopes)
    toolkit.import_token(identifier=IDENTIFIER, access_token=token.access_token)
    if setup.expired:
        token.expires = library.world.clock.seconds() - 60


def _tighten(library: Library, setup: Setup) -> None:
    """Leave as many requests of the running window as the task says."""
    from vimeo_toolkit.sandbox.limits import PLANS

    if setup.requests_left is not None:
        window = library.me.window
        window.ends = library.world.clock.seconds() + setup.window_seconds
        window.used = PLANS[library.me.plan] * 2 - setup.requests_left
