"""Build the HTTP request for what a tool wants."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from vimeo_toolkit.calls.result import Detail
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import HttpRequest
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.format import ACCEPT, USER_AGENT

if TYPE_CHECKING:
    from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["detailed", "http_request"]

MAX_BODY: Final = 1024 * 1024


def detailed(request: ApiRequest, detail: Detail) -> ApiRequest:
    """Return the request with the fields that the caller wants: "full" asks for all."""
    if detail == "full" and request.method == "GET":
        return dataclasses.replace(request, fields=None)
    return request


def http_request(
    connection: Connection, token: Secret, request: ApiRequest, identity: Identity | None = None
) -> HttpRequest:
    """Return the complete request. The token goes to the connection's API and nowhere else.

    Args:
        identity: whose share of the connections it takes.

    Raises:
        InvalidInput: the path tries to leave its place.
    """
    path = quote(request.path, safe="/:")
    segments = path.split("/")
    if segments[0] or any(segment in ("", ".", "..") for segment in segments[1:]):
        # Ids were checked when the input was validated; this is the last check before the network.
        raise InvalidInput("A part of the request's path is empty or moves to another place.")
    query = dict(request.query)
    if request.fields is not None:
        query["fields"] = request.fields
    url = f"{connection.api_url}{path}"
    if query:
        url = f"{url}?{urlencode(query, safe=',/:')}"
    headers = [
        ("Authorization", f"Bearer {token.reveal()}"),
        ("Accept", ACCEPT),
        ("User-Agent", USER_AGENT),
        ("Accept-Encoding", "gzip, deflate"),
    ]
    content = b""
    if request.body is not None:
        content = json.dumps(request.body, ensure_ascii=False, separators=(",", ":")).encode()
        headers.append(("Content-Type", "application/json"))
    return HttpRequest(request.method, url, tuple(headers), content, user=identity)
