"""Build the HTTP request for what a tool wants."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from vimeo_toolkit.calls.result import Detail
from vimeo_toolkit.catalog.api_path import check_names, is_sign_in
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.errors import ConfigurationError, InvalidInput
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import HttpRequest
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.format import ACCEPT, USER_AGENT

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool
    from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["check_sent", "detailed", "http_request"]

MAX_BODY: Final = 1024 * 1024


_PLAIN: Final = re.compile(r"[\w.~:/\-]+", re.ASCII)
"""Paths in which nothing has to be quoted."""
_AS_THEY_ARE: Final = ",/:"
"""Characters of a query that are not quoted."""

_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


def check_sent(tool: Tool, request: ApiRequest) -> None:
    """Refuse what a tool may not send, whoever declared it: people are asked, and rules made, by its declaration.

    Raises:
        ConfigurationError: it is declared as one that only reads and would change something, or it would act for
            another user or end a token.
    """
    first = request.path.split("/")[1:2]
    problem = ""
    if request.method not in _METHODS:
        problem = "the method is not GET, POST, PUT, PATCH or DELETE"
    elif tool.read_only and request.method != "GET":
        problem = "it is declared as one that only reads"
    elif first and is_sign_in(first[0]):
        problem = "tokens are made and ended by the toolkit alone"
    else:
        try:
            check_names(request.query, "query")
            check_names(request.body if isinstance(request.body, Mapping) else (), "body")
        except ValueError as error:
            problem = str(error)
    if problem:
        raise ConfigurationError(
            f"{tool.name} may not send {request.method[:10]} {request.path[:100]}: {problem}. Nothing was sent.",
            hint="Declare a tool by what it sends: post, put, patch and delete are for changes, and `asks` is the "
            "question to the person who agrees.",
        )


def detailed(request: ApiRequest, detail: Detail) -> ApiRequest:
    """Return the request with the fields that the caller wants: "full" asks for all."""
    if detail == "full" and request.method == "GET":
        return dataclasses.replace(request, fields=None)
    return request


@lru_cache(maxsize=256)
def _asked_for(fields: str) -> str:
    return urlencode({"fields": fields}, safe=_AS_THEY_ARE)


def http_request(
    connection: Connection, token: Secret, request: ApiRequest, identity: Identity | None = None
) -> HttpRequest:
    """Return the complete request. The token goes to the connection's API and nowhere else.

    Args:
        identity: whose share of the connections it takes.

    Raises:
        InvalidInput: the path tries to leave its place.
    """
    path = request.path if _PLAIN.fullmatch(request.path) else quote(request.path, safe="/:")
    segments = path.split("/")
    if segments[0] or any(segment in ("", ".", "..") for segment in segments[1:]):
        # Ids were checked when the input was validated; this is the last check before the network.
        raise InvalidInput("A part of the request's path is empty or moves to another place.")
    url = f"{connection.api_url}{path}"
    fields = None if request.fields is None else _asked_for(request.fields)
    if query := [
        (name, value) for name, value in request.query.items() if fields is None or name != "fields"
    ]:
        url = f"{url}?{urlencode(query, safe=_AS_THEY_ARE)}"
    if fields is not None:
        url = f"{url}{'&' if query else '?'}{fields}"
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
