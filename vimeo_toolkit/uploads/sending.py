"""One upload from its checks to its last byte: the object that an upload tool is given."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.errors import (
    BadRequest,
    Forbidden,
    InvalidInput,
    NotConnected,
    NotFound,
    QuotaExceeded,
    StoreError,
    UploadInterrupted,
    VimeoToolkitError,
    WrongKey,
)
from vimeo_toolkit.identity import Owner
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.uploads.allowance import room_words
from vimeo_toolkit.uploads.content import Kind
from vimeo_toolkit.uploads.files import Source, UploadOptions, folders_for
from vimeo_toolkit.uploads.journal import Journal, Unfinished, Wanted
from vimeo_toolkit.uploads.leftovers import FINISHED, left, made, of_another_attempt, resume_hint
from vimeo_toolkit.uploads.listing import Listing, files_of
from vimeo_toolkit.uploads.tus import Destination, LinkGone, check_link, put_file, send_all, sent_so_far
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.redact import redacted

__all__ = ["Uploaded", "Uploader", "with_link"]

QUOTA: Final = ApiRequest("GET", "/me", fields="uri,upload_quota")


class Caller(Protocol):
    """The call that uploads, as far as uploads need it."""

    @property
    def account(self) -> AccountRecord: ...

    @property
    def owner(self) -> Owner: ...

    def send_anew(self, request: ApiRequest, *, redact: bool = True) -> Awaitable[Any]:
        """Send to the API, with a time limit of its own, and return the JSON; `redact`: False leaves secrets in."""
        ...

    def keep_secret(self, values: Iterable[Secret | None]) -> None:
        """Note secrets that no error may repeat, even if Vimeo's does."""
        ...


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What Vimeo answered to the first request, without the link, and what the user should know beside it."""

    answer: dict[str, Any]
    notes: list[str] = field(default_factory=list)


class Uploader:
    """Uploads for one call of one user.

    It stays with the Vimeo account that the call began with.
    """

    def __init__(self, caller: Caller, io: IO, vault: Vault, files: UploadOptions, api_url: str) -> None:
        self._io = io
        self._vault = vault
        self._account = caller.account
        self._owner = caller.owner
        self._journal = Journal(vault, io, self._owner)
        self._files = files
        self._api_url = api_url
        self._keep_secret = caller.keep_secret
        self.ask = caller.send_anew

    async def open(self, path: str, kind: Kind) -> Source:
        """Return the file behind a path that a model wrote, or what the operator's code gave instead.

        Raises:
            InvalidInput: it may not be read, or is something else than the tool takes.
        """
        whose = replace(self._owner.identity)  # a copy for the operator's function, which may change it
        return await self._io.call(lambda: self._files.open(path, kind, whose))

    async def takes_files(self) -> bool:
        """Return whether the operator has named folders of which this user's files may be uploaded."""
        whose, files = replace(self._owner.identity), self._files
        return files.given is not None or bool(await self._io.call(lambda: folders_for(files.folders, whose)))

    async def listed(self, name_contains: str = "") -> Listing:
        """Return the files that may be uploaded, see `listing.files_of`."""
        whose = replace(self._owner.identity)
        return await self._io.call(lambda: files_of(self._files, whose, name_contains))

    async def read(self, source: Source, most: int) -> bytes:
        """Return a small file whole, one byte more than `most` when it is longer."""
        return await self._io.read(source, 0, min(source.size, most + 1))

    async def begin(self, request: ApiRequest, where: str) -> tuple[dict[str, Any], Secret]:
        """Return what Vimeo answered, without secrets, and the link for the bytes that was in it at `where`.

        The link is empty where there was none.
        """
        answer = await self.ask(request, redact=False)
        answer = answer if isinstance(answer, dict) else {}
        *parents, leaf = where.split(".")
        holder: Any = answer
        for parent in parents:
            holder = holder.get(parent) if isinstance(holder, dict) else None
        link = Secret.of(holder.pop(leaf, None) if isinstance(holder, dict) else None)
        self._keep_secret([link])
        return redacted(answer), link

    def check(self, link: Secret) -> None:
        """Look at the link that Vimeo gave for the bytes.

        Raises:
            UnexpectedResponse: the link cannot be used.
        """
        check_link(link, self._api_url)

    async def note_part(self, path: str, uri: str, link: Secret) -> tuple[Unfinished, list[str]]:
        """Note a small file that is about to be sent, and return with it the uris of earlier ones under the same
        path that were not finished, because their process ended."""
        wanted = Wanted.of(uri, subject=path)
        _, earlier = await self._earlier(wanted)
        began = {"uri": uri}
        return Unfinished(await self._note(wanted, link, began), link, began), [
            str(each.began.get("uri")) for each in earlier
        ]

    async def put(self, link: Secret, content: bytes, media: str) -> None:
        """Send a small file to the link that Vimeo gave for it.

        Raises:
            UploadInterrupted: it did not arrive.
            UnexpectedResponse: Vimeo's upload server refused it.
            NotConnected: the user's Vimeo account was disconnected or changed meanwhile.
        """
        await self._same_account()
        try:
            await put_file(self._io, self._to(link), content, media)
        except LinkGone:
            raise UploadInterrupted(
                "Vimeo's upload server did not know the link that Vimeo gave for the file.",
                hint="Call it again.",
            ) from None

    async def upload(self, tool: str, source: Source, begin: ApiRequest) -> Uploaded:
        """Start an upload at Vimeo, or resume what an earlier attempt started, and send all bytes.

        Args:
            tool: its name: two tools may send the same request.
            begin: makes the placeholder; its body has `upload: {approach: "tus", size: …}`.

        Raises:
            UploadNotGranted, QuotaExceeded: Vimeo refused it and nothing was sent.
            UploadInterrupted: it broke off; the error says whether it can be gone on with.
            InvalidInput: the file changed meanwhile.
            NotConnected: the user's Vimeo account was disconnected or changed meanwhile.
        """
        wanted: Wanted | None = None
        if source.key is not None and source.place is not None:
            request = [tool, begin.method, begin.path, begin.body]
            wanted = Wanted.of(request, source.key, subject=[begin.path, source.place])
        one, others = await self._earlier(wanted)
        notes = [of_another_attempt(other.began) for other in others]
        offset = 0
        if one is not None:
            try:
                offset, stays = await self._reached(one, source.size)
            except UploadInterrupted as error:
                error.hint = resume_hint(one.began, noted=True)
                raise
            if offset < 0:
                await self.forget(one)
                notes += [f"An earlier attempt could not be gone on with.{left(one.began)}"] if stays else []
                one, offset = None, 0
            else:
                notes.insert(0, FINISHED)
        if one is None:
            one = await self._begun(source, begin, wanted)
        await self._send(one, source, offset)
        await self.forget(one)
        return Uploaded(one.began, notes)

    async def _earlier(self, wanted: Wanted | None) -> tuple[Unfinished | None, list[Unfinished]]:
        if wanted is not None:
            # If the list of unfinished uploads cannot be read, the upload goes on without it.
            with suppress(StoreError, WrongKey):
                one, others = await self._journal.find(wanted)
                self._keep_secret(each.link for each in (one, *others) if each is not None)
                return one, others
        return None, []

    async def _reached(self, one: Unfinished, size: int) -> tuple[int, bool]:
        """Return how many bytes of an earlier attempt Vimeo has (below 0 when it cannot be resumed), and whether
        something of it is left at Vimeo then."""
        state = await self._state(one.began)
        if state == "in_progress":
            try:
                return await sent_so_far(self._io, self._to(one.link), size), True
            except LinkGone:
                state = await self._state(one.began)  # the last byte may just have arrived
        return (size if state == "complete" else -1), state != "gone"

    async def _state(self, began: dict[str, Any]) -> str:
        """Ask Vimeo for the state: "complete", "in_progress" (also when it cannot be told), "error" or "gone"."""
        uri, video, version = made(began)
        if not uri or "private" not in self._account.granted_scopes:
            return "in_progress"
        fields = "uri,upload.status"
        try:
            if not version:
                shown = await self.ask(ApiRequest("GET", video, fields=fields))
            else:
                page = {"per_page": "100"}
                listed = await self.ask(ApiRequest("GET", f"{video}/versions", page, fields=fields))
                data = listed.get("data") if isinstance(listed, dict) else None
                versions = [each for each in data or () if isinstance(each, dict)]
                shown = next((each for each in versions if each.get("uri") == uri), {})
        except NotFound:
            return "gone"
        except (BadRequest, Forbidden):
            return "in_progress"
        upload = shown.get("upload") if isinstance(shown, dict) else None
        status = upload.get("status") if isinstance(upload, dict) else None
        return status if status in ("complete", "error") else "in_progress"

    async def _begun(self, source: Source, begin: ApiRequest, wanted: Wanted | None) -> Unfinished:
        try:
            answer, link = await self.begin(with_link(begin), "upload.upload_link")
        except QuotaExceeded as error:
            error.message = f"{error.message} The file has {source.size} bytes."
            error.hint = f"{await self._room()} {error.hint} Nothing was sent.".strip()
            raise
        # Fields that were not requested would fill the journal.
        wanted_names = {name.partition(".")[0] for name in (begin.fields or "uri").split(",")} - {"upload"}
        answer = {name: value for name, value in answer.items() if name in wanted_names}
        try:
            self.check(link)
        except VimeoToolkitError as error:
            error.hint += left(answer)
            raise
        return Unfinished(await self._note(wanted, link, answer), link, answer)

    async def _note(self, wanted: Wanted | None, link: Secret, began: dict[str, Any]) -> str:
        if wanted is not None:
            # An upload that cannot be noted is still possible, but cannot be resumed later.
            with suppress(StoreError, WrongKey):
                return await self._journal.note(wanted, link, began)
        return ""

    async def _room(self) -> str:
        try:
            user = await self.ask(QUOTA)
        except VimeoToolkitError:
            return ""
        return room_words(user.get("upload_quota") if isinstance(user, dict) else None)

    async def _send(self, one: Unfinished, source: Source, offset: int) -> None:
        try:
            await send_all(self._io, self._to(one.link), source, self._files, offset, self._same_account)
        except LinkGone:
            if await self._state(one.began) == "complete":
                return
            await self.forget(one)
            raise UploadInterrupted(
                "Vimeo's upload server does not know this upload any more.",
                hint=f"Upload the file again from the beginning.{left(one.began)}",
            ) from None
        except UploadInterrupted as error:
            error.hint = resume_hint(one.began, noted=bool(one.name))
            raise
        except (InvalidInput, NotConnected) as error:
            await self.forget(one)
            error.hint += left(one.began)
            raise

    def _to(self, link: Secret) -> Destination:
        return Destination(link, self._owner.identity)

    async def forget(self, one: Unfinished) -> None:
        """Delete a finished or lost upload from the journal."""
        if one.name:
            with suppress(StoreError, WrongKey):
                await self._journal.forget(one.name)

    async def _same_account(self) -> None:
        """Check the account before each part, because an upload link works whoever is connected.

        Raises:
            NotConnected: the Vimeo account that the upload was begun for is not connected any more.
        """
        identity, generation = self._owner
        try:
            now = await self._vault.load(self._io, identity)
        except StoreError:
            return
        if now is None or now.generation != generation:
            raise NotConnected(
                "The user's Vimeo account was disconnected, or another one connected, while the file was sent.",
                hint="It was stopped. Upload the file again if it shall go to the account connected now.",
                connection_name=identity.connection_name,
                identifier=identity.identifier,
            )


def with_link(request: ApiRequest) -> ApiRequest:
    """Return the request with the link among the requested fields."""
    return replace(request, fields=f"{request.fields},upload.upload_link")
