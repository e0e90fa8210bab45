"""The public methods about files: send those of the operator's own choice, and get the links of a video's."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, BinaryIO

from vimeo_toolkit.calls.download import DOWNLOADS, DownloadLink, download_links
from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.catalog.selection import find_tool
from vimeo_toolkit.connection import DEFAULT_CONNECTION
from vimeo_toolkit.facade.core import Core
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.callables import require_sync
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.uploads.files import CHUNK, Source, UploadOptions, UploadProgress, source_of

__all__ = ["Uploads"]


class Uploads(Core):
    """The asynchronous methods about files; `_blocking.BlockingUploads` has the blocking ones."""

    async def adownload_links(
        self, video_id: str, *, identifier: str, connection_name: str = DEFAULT_CONNECTION
    ) -> list[DownloadLink]:
        """Return the files in which this user's video can be downloaded, with their links: for your own pages,
        never for a model. Agents get the list without links (vimeo_video_downloads_list).

        Args:
            video_id: the video's id, URI or link.

        Returns [] where Vimeo shows no files: of other people's videos, and on plans that do not give them to apps.

        Raises:
            InvalidInput: it is not a video's id.
            MissingScope: the user has not granted `video_files`.
            VimeoToolkitError: as from `aexecute_tool`.
        """
        links: list[Secret] = []
        identity = self._context.identity(connection_name, identifier)
        spec = CallSpec(identity, find_tool(DOWNLOADS), {"video_id": video_id}, handed=links)
        result = await self._run(self._aemitting, spec)
        return download_links(result["data"], links)

    async def aupload_video(
        self,
        source: str | os.PathLike[str] | BinaryIO,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        name: str | None = None,
        description: str | None = None,
        privacy_view: str | None = None,
        password: str | Secret | None = None,
        folder_uri: str | None = None,
        chunk_size: int = CHUNK,
        on_progress: Callable[[UploadProgress], Any] | None = None,
    ) -> ToolResult:
        """Upload a video file, and go on where it stopped when it is called again with the same file and the
        same settings after the connection broke for long or the process ended.

        Args:
            source: a path, or an open binary stream that can seek (which is not resumed after a restart).
            name: the title; by default the file's name.
            privacy_view: who may watch; by default what the account has set for new videos.
            password: what viewers have to enter with `privacy_view="password"`, which needs one.
            folder_uri: the folder to put it in.
            chunk_size: bytes for one request.
            on_progress: is told how far it is, where the upload runs: it should not take long. What it raises
                ends the upload, which can then be gone on with. A blocking call refuses an `async def`.

        Returns the new video's uri, link and name. It is transcoded afterwards: see vimeo_video_wait_ready.

        Raises:
            InvalidInput: there is no such file, it is empty, one of the toolkit's own, or changed meanwhile.
            UploadNotGranted, QuotaExceeded: Vimeo refused it; nothing was sent.
            UploadInterrupted: the connection did not come back; the hint says how to go on.
            NotConnected: the user's Vimeo account was disconnected or changed meanwhile.
            VimeoToolkitError: as `aexecute_tool`.
        """
        settings = {
            "name": name,
            "description": description,
            "privacy_view": privacy_view,
            "password": None if password is None else Secret.of(password),
            "folder_uri": folder_uri,
        }
        del password  # of a traceback's locals, which are often logged
        given = await self._open(self._async, source)
        files = UploadOptions(given=given, on_progress=on_progress, chunk=chunk_size)
        identity = self._context.identity(connection_name, identifier)
        return await self._upload(self._aemitting, identity, "vimeo_video_upload", settings, files)

    async def aupload_version(
        self,
        video_id: str,
        source: str | os.PathLike[str] | BinaryIO,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        chunk_size: int = CHUNK,
        on_progress: Callable[[UploadProgress], Any] | None = None,
    ) -> ToolResult:
        """Replace a video's file by a new version, which keeps its uri, comments and plays.

        Args:
            source, chunk_size, on_progress: as for `aupload_video`.

        Returns what Vimeo says of the new version.

        Raises:
            VimeoToolkitError: as `aupload_video`.
        """
        given = await self._open(self._async, source)
        files = UploadOptions(given=given, on_progress=on_progress, chunk=chunk_size)
        identity = self._context.identity(connection_name, identifier)
        return await self._upload(
            self._aemitting, identity, "vimeo_video_version_add", {"video_id": video_id}, files
        )

    async def aupload_captions(
        self,
        video_id: str,
        source: str | os.PathLike[str] | BinaryIO,
        language: str,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        name: str | None = None,
    ) -> ToolResult:
        """Add captions from a VTT or SRT file, and switch them on.

        Args:
            language: such as `en-US`.
            name: what viewers choose them by; by default the language.

        Raises:
            VimeoToolkitError: as `aupload_video`.
        """
        settings = {"video_id": video_id, "language": language, "name": name}
        files = UploadOptions(given=await self._open(self._async, source))
        identity = self._context.identity(connection_name, identifier)
        return await self._upload(self._aemitting, identity, "vimeo_video_captions_add", settings, files)

    async def aupload_thumbnail(
        self,
        video_id: str,
        source: str | os.PathLike[str] | BinaryIO,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
    ) -> ToolResult:
        """Make an image file (JPEG, PNG or GIF) the video's thumbnail.

        Raises:
            VimeoToolkitError: as `aupload_video`.
        """
        files = UploadOptions(given=await self._open(self._async, source))
        identity = self._context.identity(connection_name, identifier)
        return await self._upload(
            self._aemitting, identity, "vimeo_video_thumbnail_upload", {"video_id": video_id}, files
        )

    async def _open(self, io: IO, source: str | os.PathLike[str] | BinaryIO) -> Source:
        """Open a file that the operator's code passes; the toolkit's own files are refused."""
        return await io.call(partial(source_of, source, self._engine.files.own))

    async def _upload(
        self, io: IO, identity: Identity, tool_name: str, settings: Mapping[str, Any], files: UploadOptions
    ) -> ToolResult:
        if not io.may_await:
            require_sync(files.on_progress, "on_progress")
        values = {"path": files.given.name if files.given else "", **settings}
        return await self._run(io, CallSpec(identity, find_tool(tool_name), values, files=files))
