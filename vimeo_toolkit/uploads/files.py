"""Which files may be uploaded: those in folders that the operator named, or what the operator's code passes."""

from __future__ import annotations

import inspect
import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.errors import ConfigurationError, InvalidInput, VimeoToolkitError
from vimeo_toolkit.observe.callables import discard, name_of
from vimeo_toolkit.uploads.content import Kind
from vimeo_toolkit.uploads.opening import NotRegular
from vimeo_toolkit.uploads.sources import (
    FileSource,
    Source,
    not_empty,
    own_files,
    refuse_own,
    require_kind,
    source_of,
)

if TYPE_CHECKING:
    from vimeo_toolkit.identity import Identity

__all__ = [
    "CHUNK",
    "FoldersOf",
    "Source",
    "UploadOptions",
    "UploadProgress",
    "folders_for",
    "no_folders",
    "own_files",
    "source_of",
    "upload_folders",
]

CHUNK: Final = 32 * 1024 * 1024
"""Bytes sent with one request. They are held in memory, and at most so many are lost when a connection breaks.
(Vimeo's guide advises 128 MB and more for fast lines.)"""


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How far an upload is. `resumed`: bytes that an earlier attempt had sent already."""

    sent: int
    total: int
    resumed: int = 0


Progress = Callable[[UploadProgress], Any]
Named = Iterable[str | os.PathLike[str]]
FoldersOf = Callable[["Identity"], Named | None]
Folders = tuple[Path, ...] | FoldersOf

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """The files that one call may read.

    `folders`: where a model may choose from, or the operator's function that says it for a user. `given`: what
    the operator's code hands over instead. `own`: the toolkit's own files, which no model may choose.
    """

    folders: Folders = ()
    given: Source | None = None
    on_progress: Progress | None = field(default=None, repr=False)
    chunk: int = CHUNK
    own: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.chunk, int) or self.chunk < 1:
            raise InvalidInput(
                "chunk_size is not a number of bytes above 0.", hint=f"Leave it out for {CHUNK}."
            )

    def open(self, path: str, kind: Kind | None = None, identity: Identity | None = None) -> Source:
        """Return the file behind a path that a model wrote, or what was given instead of it.

        Args:
            kind: what the file has to be, by its first bytes.
            identity: for whom, where folders are a user's own.

        Raises:
            InvalidInput: it is not one of the files that may be read.
            ConfigurationError: the operator's function failed.
        """
        if self.given is not None:
            return self.given
        if "://" in path:
            raise InvalidInput(
                "path: a link is not read, only a file of this machine.",
                hint="vimeo_video_create imports a video from a link; give captions as text.",
            )
        folders = folders_for(self.folders, identity)
        if not folders:
            raise no_folders()
        source = next(filter(None, (_within(folder, path) for folder in folders)), None)
        if source is None:
            names = ", ".join(folder.name for folder in folders[:10])
            raise InvalidInput(
                "path: there is no such file in the folders for uploads.",
                hint=f"vimeo_upload_files_list lists what is in these folders: {names}.",
            )
        refuse_own(source, self.own)
        not_empty(source)
        if kind is not None:
            require_kind(source, kind)
        return source

    async def report(self, progress: UploadProgress, *, may_await: bool) -> None:
        """Report how far the upload is. `may_await`: see `IO`; if the result cannot be awaited it is dropped, and
        the upload continues."""
        if self.on_progress is None:
            return
        answer = self.on_progress(progress)
        if not inspect.isawaitable(answer):
            return
        if may_await:
            await answer
        else:
            discard(answer)
            _log.warning(
                "on_progress %s is asynchronous, and this is a blocking upload: it was not run.",
                name_of(self.on_progress),
            )


def no_folders() -> InvalidInput:
    """Return the error where the operator has named no folder to upload from."""
    return InvalidInput(
        "path: this agent may not upload local files.",
        hint="The operator names folders with VimeoToolkit(upload_folders=[…]).",
    )


def _within(folder: Path, path: str) -> FileSource | None:
    """Return the file; None when this folder does not have it.

    Raises:
        InvalidInput: it is there, and not for uploads.
    """
    try:
        # Resolve links first, because the file's real place counts. It is then opened without following any.
        found = (folder / path).resolve()
        inner = found.relative_to(folder).parts
        if any(part.startswith(".") for part in inner):
            raise InvalidInput(
                "path: hidden files, and those in hidden folders, are never uploaded.",
                hint="Give a file whose path has no part that begins with a dot.",
            )
        return FileSource(found)
    except NotRegular:
        if found.is_dir():
            return None
        raise InvalidInput(
            "path: it is not a regular file, but a pipe, a socket or a device.",
            hint="Give the path of a file.",
        ) from None
    except PermissionError:
        raise InvalidInput(
            "path: this process may not read the file.", hint="Tell the operator, or give another file."
        ) from None
    except (
        OSError,
        RuntimeError,
        ValueError,
    ):  # absent, outside, a circle of links, a name that cannot be one
        return None


def folders_for(folders: Folders, identity: Identity | None) -> tuple[Path, ...]:
    """Return the folders of one user.

    Raises:
        ConfigurationError: the operator's function failed, or gave something else.
    """
    if isinstance(folders, tuple):
        return folders
    if identity is None:
        return ()
    failure = "failed"
    try:
        named = folders(identity)
        if isinstance(named, str | bytes) or not isinstance(named, Iterable | None):
            if hasattr(named, "close"):
                named.close()  # close the coroutine, which would warn that it was not awaited
            failure = "gave something else than a list of folders"
        else:
            # A user's folder may not exist yet.
            return tuple(
                folder for folder in (Path(each).resolve() for each in named or ()) if folder.is_dir()
            )
    except VimeoToolkitError:
        raise
    except Exception as error:
        failure = f"failed ({type(error).__name__})"
    raise ConfigurationError(
        f"The function upload_folders {failure}. Nothing was sent.",
        hint="It is called with the Identity of the user and returns a list of folders.",
    )


def upload_folders(folders: Named | FoldersOf) -> Folders:
    """Return the folders that an operator named, or the function that names them for each user.

    Raises:
        ConfigurationError: one of them is not a folder.
    """
    if callable(folders):
        return folders
    if isinstance(folders, str | bytes | os.PathLike) or not isinstance(folders, Iterable):
        raise ConfigurationError(
            "upload_folders is neither a list of folders nor a function.",
            hint="Pass [folder] for one folder.",
        )
    try:
        found = tuple(Path(folder).resolve() for folder in folders)
    except (TypeError, ValueError, RuntimeError):
        raise ConfigurationError(
            "upload_folders holds something that is not a path.", hint="Name each folder as a str or a Path."
        ) from None
    for folder in found:
        if not folder.is_dir():
            raise ConfigurationError(
                f"upload_folders: {folder.name!r} is not a folder.", hint="Create it first."
            )
    return found
