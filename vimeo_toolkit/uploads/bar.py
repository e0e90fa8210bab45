"""A progress bar for terminals and notebooks, for `on_progress` (extra `cli`, which brings rich)."""

from __future__ import annotations

import importlib
from types import TracebackType
from typing import Any, Self

from vimeo_toolkit.errors import MissingExtra
from vimeo_toolkit.uploads.files import UploadProgress

try:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Table
except ImportError:
    raise MissingExtra("ProgressBar", "rich", "cli") from None

__all__ = ["ProgressBar"]


class ProgressBar:
    """`with ProgressBar("film.mp4") as bar: toolkit.upload_video("film.mp4", …, on_progress=bar)`."""

    def __init__(self, title: str = "Uploading", console: Console | None = None) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console)
        self._task = self._progress.add_task(title, total=None)
        self._cell: Any = None

    def __enter__(self) -> Self:
        if self._progress.console.is_jupyter:
            # rich's own display draws nothing in a notebook that lacks ipywidgets.
            # IPython is there: this runs in its kernel.
            display: Any = importlib.import_module("IPython.display").display
            self._cell = display(self._shown(), display_id=True)
        else:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._cell is None:
            self._progress.stop()

    def __call__(self, progress: UploadProgress) -> None:
        self._progress.update(self._task, completed=progress.sent, total=progress.total)
        if self._cell is not None:
            self._cell.update(self._shown())

    def _shown(self) -> Table:
        return self._progress.make_tasks_table(self._progress.tasks)
