"""Captions and thumbnails: Vimeo makes an empty one, takes the file at its link, and is told to use it. What breaks
half-way is taken away again, or named."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vimeo_toolkit.errors import NotConnected, NotFound, UnexpectedResponse, VimeoToolkitError
from vimeo_toolkit.wire.api_request import ApiRequest

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.api import Api

__all__ = ["PartKind", "send_part"]


@dataclass(frozen=True, slots=True)
class PartKind:
    """The differences between captions and thumbnails, apart from their bytes."""

    word: str
    """Such as "text track"."""
    fields: str
    deleting_scope: str
    delete_tool: str
    edit_tool: str


async def send_part(
    api: Api, kind: PartKind, create: ApiRequest, content: bytes, media: str
) -> dict[str, Any]:
    """Create it, send its file, make it active, and return it as Vimeo has it then.

    Raises:
        UploadInterrupted, UnexpectedResponse: the file did not arrive; the error says what was left.
        VimeoToolkitError: as `Api.send`.
    """
    uploader = api.uploader
    made, link = await uploader.begin(create, "link")
    number = str(made.get("uri")).rpartition("/")[2]
    if not (number.isascii() and number.isdigit()):
        raise UnexpectedResponse(
            f"Vimeo's answer does not name the {kind.word} that it made. The file was not sent.",
            hint=f"An empty {kind.word} may be there: look for it with the list tool.",
        )
    uri = f"{create.path}/{number}"
    try:
        uploader.check(link)
    except VimeoToolkitError as error:
        error.hint = f"{_leaves(kind, uri)} {error.hint}"
        raise
    one, earlier = await uploader.note_part(create.path, uri, link)
    for other in earlier:
        api.note(
            f"An earlier attempt began the {kind.word} {other} and did not finish it: if nothing is uploading "
            f"to it any more, {kind.delete_tool} deletes it."
        )
    try:
        try:
            await uploader.put(link, content, media)
        except NotConnected as error:  # another account is connected now
            error.hint = f"{error.hint} {_leaves(kind, uri)}"
            raise
        except VimeoToolkitError as error:
            error.hint = f"{error.hint} {await _take_away(api, kind, uri)}".strip()
            raise
        shown = await _activated(api, kind, uri)
    except VimeoToolkitError:
        await uploader.forget(one)  # the error says what is left of it
        raise
    await uploader.forget(one)
    return shown


async def _activated(api: Api, kind: PartKind, uri: str) -> dict[str, Any]:
    failure: VimeoToolkitError | None = None
    shown: Any = None
    try:
        shown = await api.uploader.ask(ApiRequest("PATCH", uri, body={"active": True}, fields=kind.fields))
    except VimeoToolkitError as error:
        failure = error
    if isinstance(shown, dict) and shown.get("active") is True:
        return shown
    # The answer may be lost or wrong, so look at what is there.
    try:
        shown = await api.uploader.ask(ApiRequest("GET", uri, fields=kind.fields))
    except VimeoToolkitError as error:
        failure = failure or error
    if isinstance(shown, dict) and shown.get("active") is True:
        return shown
    left = f"The file is at Vimeo as {uri}, but not in use: {kind.edit_tool} with active=true puts it to use."
    if failure is not None:
        failure.hint = f"{left} {kind.delete_tool} deletes it. {failure.hint}".strip()
        raise failure
    api.note(left)
    return shown if isinstance(shown, dict) else {"uri": uri}


async def _take_away(api: Api, kind: PartKind, uri: str) -> str:
    """Delete the empty part that this call made, check that it is gone, and return a sentence about it."""
    if kind.deleting_scope in api.account.granted_scopes:
        with contextlib.suppress(VimeoToolkitError):
            await api.uploader.ask(ApiRequest("DELETE", uri))
        try:
            await api.uploader.ask(ApiRequest("GET", uri, fields="uri"))
        except NotFound:
            return f"The empty {kind.word} that was made for it was taken away again."
        except VimeoToolkitError:
            pass
    return _leaves(kind, uri)


def _leaves(kind: PartKind, uri: str) -> str:
    return f"The empty {kind.word} {uri} is left at Vimeo: {kind.delete_tool} deletes it."
