"""The simplest requests and answers of HTTP/1.1, which most are, without a state machine: those that can be read in
one way only. h11 decides about all others, and takes four times as long.

What is simple here h11 reads in the same way (`tests/unit/test_simple_http.py` compares them).
"""

from __future__ import annotations

import re
from typing import Final

from vimeo_toolkit.runtime.messages import Wire

__all__ = ["Answer", "answer_of", "head_of"]

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers with names in lower case, body as it came."""

_METHOD: Final = re.compile(r"GET|PUT|POST|PATCH|DELETE")
_TARGET: Final = re.compile(rb"/[!-~]*")
_NAME: Final = re.compile(rb"(?!(?i:connection|expect|transfer-encoding|upgrade)\Z)[A-Za-z0-9\-]+")
_VALUE: Final = re.compile(rb"[!-~](?:[ -~]*[!-~])?")

_HEAD: Final = re.compile(rb"HTTP/1\.1 ([2-5][0-9][0-9]) [ -~]*\r\n((?:[A-Za-z0-9_\-]+:[ -~]*\r\n)+)\r\n")
_NO_BODY: Final = frozenset({204, 304})
_LENGTH: Final = re.compile(r"0|[1-9][0-9]{0,7}", re.ASCII)
_NOT_SIMPLE: Final = ("transfer-encoding", "upgrade", "trailer")
_ONCE: Final = frozenset({"content-length", "connection"})
"""What is not simple where it is told twice."""


def head_of(wire: Wire) -> bytes | None:
    """Return the head of a request, or None if it is not simple."""
    if not _METHOD.fullmatch(wire.method) or not _TARGET.fullmatch(wire.target):
        return None
    if len({name.lower() for name, _ in wire.headers}) < len(wire.headers):
        return None
    lines = [b"%s %s HTTP/1.1" % (wire.method.encode(), wire.target)]
    for name, value in wire.headers:
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            return None
        lines.append(b"%s: %s" % (name, value))
    return b"\r\n".join([*lines, b"", b""])


def answer_of(data: bytes) -> Answer | None:
    """Return the answer to a request of one of the simple methods, where it is the whole of these bytes and they
    are nothing else; None if it is not simple."""
    found = _HEAD.match(data)
    if found is None:
        return None
    status, headers, twice = int(found[1]), {}, False
    for line in found[2].decode("ascii").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            name = name.lower()
            twice = twice or (name in _ONCE and name in headers)
            headers[name] = value.strip(" ")
    length = headers.get("content-length", "")
    if (
        twice
        or status in _NO_BODY
        or not _LENGTH.fullmatch(length)
        or int(length) != len(data) - found.end()
        or headers.get("connection", "keep-alive").lower() != "keep-alive"
        or any(name in headers for name in _NOT_SIMPLE)
    ):
        return None
    return status, headers, data[found.end() :]
