"""One upload from its checks to its last byte: what a tool that uploads is given."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from vimeo_toolkit.errors import QuotaExceeded, VimeoToolkitError
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.uploads.files import Files, Source
from vimeo_toolkit.uploads.journal import Journal
from vimeo_toolkit.uploads.tus import LinkGone, checked_link, put_file, send_all, sent_so_far

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import ApiRequest

__all__ = ["Uploader"]

Send = Callable[["ApiRequest"], Awaitable[Any]]


class Uploader:
    """Uploads for one call of one user.

    Args:
        ask: sends a request to the API and gives its JSON with the link in it.
        not_granted: makes the error for a user who may not upload.
    """

    def __init__(
        self,
        io: IO,
        journal: Journal,
        files: Files,
        api_url: str,
        ask: Send,
        not_granted: Callable[[], Awaitable[VimeoToolkitError]],
    ) -> None:
        self._io = io
        self._journal = journal
        self._api_url = api_url
        self._ask = ask
        self._not_granted = not_granted
        self.files = files

    async def upload(
        self, source: Source, begin: ApiRequest, quota: ApiRequest
    ) -> tuple[dict[str, Any], bool]:
        """Begin at Vimeo, or go on with what an earlier attempt began, and send all bytes.

        Args:
            begin: makes the placeholder; its body has `upload: {approach: "tus", size: …}`.
            quota: asks for `upload_quota`, which is there only when the user has upload access.

        Returns what Vimeo answered to `begin`, without the link, and whether it was an earlier attempt's.

        Raises:
            UploadNotGranted, QuotaExceeded: nothing was sent.
            UploadInterrupted: call again with the same file to go on.
        """
        name = None if source.key is None else f"{begin.path}:{source.key}"
        began = await self._unfinished(name, source)
        again = began is not None
        if began is None:
            began = (*await self._begin(source, begin, quota, name), 0)
        link, answer, offset = began
        try:
            await send_all(self._io, link, source, self.files, offset)
        except LinkGone:
            if name is not None:
                await self._journal.forget(name)
            raise self._gone(answer) from None
        if name is not None:
            await self._journal.forget(name)
        return answer, again

    async def _unfinished(
        self, name: str | None, source: Source
    ) -> tuple[Secret, dict[str, Any], int] | None:
        found = None if name is None else await self._journal.find(name)
        if name is None or found is None:
            return None
        try:
            offset = await sent_so_far(self._io, found[0], source.size)
        except LinkGone:
            await self._journal.forget(name)
            return None
        return (*found, offset)

    async def _begin(
        self, source: Source, begin: ApiRequest, quota: ApiRequest, name: str | None
    ) -> tuple[Secret, dict[str, Any]]:
        user = await self._ask(quota)
        allowance = user.get("upload_quota") if isinstance(user, dict) else None
        if not isinstance(allowance, dict):
            raise await self._not_granted()
        space = allowance.get("space")
        free = space.get("free") if isinstance(space, dict) else None
        if isinstance(free, int | float) and source.size > free:
            raise QuotaExceeded(
                f"The file has {source.size} bytes, and the user's Vimeo account has room for {int(free)}.",
                hint="Delete videos or change the plan, then try again. Nothing was sent.",
            )
        answer = await self._ask(begin)
        upload = answer.pop("upload", None) if isinstance(answer, dict) else None
        link = checked_link(upload.get("upload_link") if isinstance(upload, dict) else None, self._api_url)
        if name is not None:
            await self._journal.note(name, link, answer)
        return link, answer

    async def put(self, link: object, content: bytes, media: str) -> None:
        """Send a small file to the link that Vimeo gave for it.

        Raises:
            UploadInterrupted: it did not arrive.
        """
        try:
            await put_file(self._io, checked_link(link, self._api_url), content, media)
        except LinkGone:
            raise self._gone({}) from None

    async def read(self, source: Source, most: int) -> bytes:
        """A small file whole, one byte more than `most` when it is longer."""
        return await self._io.read(source, 0, min(source.size, most + 1))

    def _gone(self, answer: dict[str, Any]) -> VimeoToolkitError:
        from vimeo_toolkit.errors import UploadInterrupted

        left = f" The unfinished {answer['uri']} stays: delete it." if answer.get("uri") else ""
        return UploadInterrupted(
            "Vimeo's upload server does not know this upload any more.",
            hint=f"Upload the file again from the beginning.{left}",
        )


def with_link(request: ApiRequest) -> ApiRequest:
    """The request with the link among what it asks for."""
    return dataclasses.replace(request, fields=f"{request.fields},upload.upload_link")
