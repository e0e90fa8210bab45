"""A progress bar for terminals and notebooks, for `on_progress` (extra `cli`, which brings rich)."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.uploads.files import UploadProgress

try:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
except ImportError:
    raise ConfigurationError(
        "The progress bar needs rich.", hint='Install it: pip install "vimeo-toolkit[cli]"'
    ) from None

__all__ = ["ProgressBar"]


class ProgressBar:
    """`with ProgressBar("film.mp4") as bar: toolkit.upload_video("film.mp4", …, on_progress=bar)`."""

    def __init__(self, title: str = "Uploading", console: Console | None = None) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console)
        self._task = self._progress.add_task(title, total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._progress.stop()

    def __call__(self, progress: UploadProgress) -> None:
        self._progress.update(self._task, completed=progress.sent, total=progress.total)
