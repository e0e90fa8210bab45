"""Send bytes by the tus protocol 1.0.0 (tus.io; Vimeo's upload guide): PATCH at an offset, HEAD for the offset.

No token goes with these requests: whoever has the upload link may upload to it, so it is kept like a secret.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from vimeo_toolkit.errors import InvalidInput, UnexpectedResponse, UploadInterrupted
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import IO, AnswerLost, HttpRequest, HttpResponse, NotSent, TooLarge
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.uploads.files import Source, UploadOptions, UploadProgress
from vimeo_toolkit.wire.format import USER_AGENT, json_object
from vimeo_toolkit.wire.sending import TRANSIENT, backoff, retry_after

__all__ = ["Destination", "LinkGone", "check_link", "put_file", "send_all", "sent_so_far"]

ATTEMPTS: Final = 8
"""Failures in a row without progress, after which the upload is given up for now."""

SLOWEST: Final = 50_000
"""Bytes a second: a slower line than this counts as broken."""

_NEVER: Final = frozenset({411, 412, 413, 415, 417})
"""Statuses that the same request would get again."""

_FAILED: Final = re.compile(r"^[45]\d\d\b|fail|error|reject|refus|denied|invalid|unsuccess", re.IGNORECASE)
"""How a server says in its answer, whatever its status, that it did not take a file."""

_VERSION: Final = ("Tus-Resumable", "1.0.0")


@dataclass(frozen=True, slots=True)
class Destination:
    """The upload link of a user's file, which is a secret, and the user whose share of the connections is
    used."""

    link: Secret
    identity: Identity

    def request(self, method: str, headers: tuple[tuple[str, str], ...], content: bytes = b"") -> HttpRequest:
        """Return a request to it, which is never logged."""
        return HttpRequest(method, self.link.reveal(), headers, content, private=True, user=self.identity)


class LinkGone(Exception):
    """Vimeo does not know the upload link (any more)."""


def check_link(link: Secret, api_url: str) -> None:
    """Look at the link that Vimeo gave for the bytes.

    Raises:
        UnexpectedResponse: it is not a link, or not encrypted.
    """
    if not _usable(link.reveal(), api_url):
        raise UnexpectedResponse(
            "Vimeo gave no usable link for the upload.", hint="Try again later; nothing was uploaded."
        )


def _usable(link: str, api_url: str) -> bool:
    if not link.isascii() or not link.isprintable():
        return False
    try:
        parts, api = urlsplit(link), urlsplit(api_url)
        _ = parts.port  # read, so that one that cannot be is found here
    except ValueError:
        return False
    return bool(parts.netloc) and (
        parts.scheme == "https" or (parts.scheme, parts.netloc) == (api.scheme, api.netloc)
    )


async def send_all(
    io: IO,
    to: Destination,
    source: Source,
    files: UploadOptions,
    offset: int,
    before_each: Callable[[], Awaitable[None]],
) -> None:
    """Send what Vimeo does not have yet. After a break the offset is asked for: at most the chunk that was under
    way is sent a second time, and of it only what did not arrive.

    Args:
        io: the world.
        to: where the bytes go.
        source: where they come from.
        files: how large a chunk is, and who is told how far it is.
        offset: what Vimeo has.
        before_each: is awaited before each chunk; what it raises ends the upload.

    Raises:
        UploadInterrupted: it broke too often; what has arrived is kept for the next attempt.
        LinkGone: the link is not valid any more.
        InvalidInput: the file changed.
    """
    resumed, failures = offset, 0
    await files.report(UploadProgress(offset, source.size, resumed), may_await=io.may_await)
    while offset < source.size:
        chunk = await io.read(source, offset, min(files.chunk, source.size - offset))
        if not chunk:
            raise InvalidInput(
                "The file is shorter than it was at the beginning.",
                hint="Upload it again from the beginning.",
            )
        await before_each()
        reached = await _patch(io, to, chunk, offset)
        if reached is None:
            failures += 1
            if failures >= ATTEMPTS:
                raise _interrupted(offset, source.size)
            await io.sleep(backoff(failures, io.jitter()))
            reached = await sent_so_far(io, to, source.size, failures)
        if reached > offset:
            failures = 0
            await files.report(UploadProgress(reached, source.size, resumed), may_await=io.may_await)
        offset = reached


async def _patch(io: IO, to: Destination, chunk: bytes, offset: int) -> int | None:
    """Send a chunk; return the offset behind it, None when Vimeo must be asked for that."""
    headers = (
        _VERSION,
        ("Upload-Offset", str(offset)),
        ("Content-Type", "application/offset+octet-stream"),
        ("User-Agent", USER_AGENT),
    )
    answer = await _answer(io, to.request("PATCH", headers, chunk), len(chunk))
    if answer is None:
        return None
    _check_link(answer)
    if answer.status in (200, 204):
        reached = _number(answer, "upload-offset")
        if reached is not None and offset <= reached <= offset + len(chunk):
            return reached
    if answer.status in _NEVER:
        too_large = " Something on the way takes no requests of this size: use a smaller chunk_size."
        raise UploadInterrupted(
            f"A part of {len(chunk)} bytes was refused (status {answer.status})."
            + (too_large if answer.status == 413 else ""),
            status=answer.status,
        )
    return None


async def sent_so_far(io: IO, to: Destination, size: int, failures: int = 0) -> int:
    """Return how many bytes Vimeo has.

    Raises:
        UploadInterrupted, LinkGone.
    """
    while True:
        request = to.request("HEAD", (_VERSION, ("User-Agent", USER_AGENT)))
        answer = await _answer(io, request, 0)
        if answer is not None:
            _check_link(answer)
            reached = _number(answer, "upload-offset")
            if answer.status in (200, 204) and reached is not None and reached <= size:
                return reached
        failures += 1
        if failures >= ATTEMPTS:
            raise _interrupted(None, size)
        wait = backoff(failures, io.jitter())
        await io.sleep(max(wait, min(retry_after(answer) or 0.0, 30.0)) if answer is not None else wait)


async def put_file(io: IO, to: Destination, content: bytes, media: str) -> None:
    """Send a small file whole, such as captions or an image: a PUT may be repeated.

    Raises:
        UploadInterrupted: it did not arrive.
        UnexpectedResponse: it was refused, or the server said that it failed.
        LinkGone.
    """
    failed = False
    headers = (("Content-Type", media), ("User-Agent", USER_AGENT), ("Accept", "*/*"))
    for attempt in range(1, ATTEMPTS // 2 + 1):
        answer = await _answer(io, to.request("PUT", headers, content), len(content))
        if answer is not None:
            _check_link(answer)
            failed = answer.status < 300 and not _taken(answer)
            if answer.status < 300 and not failed:
                return
            if not failed and answer.status not in TRANSIENT:
                raise UnexpectedResponse(
                    f"Vimeo's upload server refused the file (status {answer.status}).",
                    hint="Check that the file is valid.",
                    status=answer.status,
                )
        await io.sleep(backoff(attempt, io.jitter()))
    if failed:
        raise UnexpectedResponse(
            "Vimeo's upload server answered that it could not take the file.",
            hint="Check that the file is valid, and try again later.",
        )
    raise _interrupted(None, len(content))


def _taken(answer: HttpResponse) -> bool:
    """Whether a 2xx means that the file was taken. The server of thumbnails was seen to answer 200 with
    `{"Status": "failure", "Notes": "500 Internal Server Error"}`; a page of HTML is from something between."""
    text = answer.content.removeprefix(b"\xef\xbb\xbf").strip()
    if text.startswith(b"<"):
        return False
    body = json_object(text)
    if body is None:
        return _FAILED.search(text[:1000].decode(errors="replace")) is None
    said = {str(name).lower(): value for name, value in body.items()}
    status = said.get("status")
    return (
        not any(each is False for each in (status, said.get("success"), said.get("ok")))
        and not (said.get("error") or said.get("errors"))
        and _FAILED.search(str(status).strip()) is None
    )


async def _answer(io: IO, request: HttpRequest, size: int) -> HttpResponse | None:
    """Send, and return the answer; None when there is no usable one."""
    try:
        answer = await io.send(request, timeout=60.0 + size / SLOWEST)
    except (NotSent, AnswerLost, TooLarge):
        return None
    return None if answer.status in TRANSIENT else answer


def _check_link(answer: HttpResponse) -> None:
    page = answer.headers.get("content-type", "").startswith("text/html")
    # tus: 403, 404 or 410 for an unknown upload. An HTML page comes from a server in between.
    if answer.status in (404, 410) or (answer.status in (401, 403) and not page):
        raise LinkGone


def _number(answer: HttpResponse, name: str) -> int | None:
    text = answer.headers.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _interrupted(offset: int | None, size: int) -> UploadInterrupted:
    sent = "" if offset is None else f" after {offset} of {size} bytes"
    return UploadInterrupted(
        f"The upload broke off{sent}, and the connection did not come back.",
        hint="Call it again.",
    )
