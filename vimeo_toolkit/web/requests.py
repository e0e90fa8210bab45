"""What all pages do with a request: read a form, take the query with a code, note what went wrong."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.requests import Request

from vimeo_toolkit.errors import ConfigurationError, VimeoToolkitError
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.web.intake import Intake

__all__ = ["callback_url", "note", "read_form", "take_query"]

log = logging.getLogger("vimeo_toolkit.web")


async def read_form(request: Request, intake: Intake) -> Mapping[str, list[str]]:
    """Return the fields of a form; none where it cannot be read."""
    body = await intake.read(request)
    return parse_qs(body.decode("latin-1")) if isinstance(body, bytes) else {}


def take_query(request: Request) -> Secret:
    """Take a callback's query, which contains the code, out of a request: servers log the URL when the answer
    starts."""
    query = Secret(request.scope["query_string"].decode("latin-1"))
    request.scope["query_string"] = b""
    return query


def callback_url(redirect_uri: str, query: Secret) -> Secret:
    """Return the URL to which Vimeo sent a user. Not that of the request: behind a proxy it differs from the
    registered one."""
    return Secret(f"{redirect_uri.partition('?')[0]}?{query.reveal()}")


def note(doing: str, error: VimeoToolkitError) -> None:
    """Note an error in the log, for the operator, who does not see the page. A user's refusal does not mean that
    the set-up is wrong."""
    level = logging.ERROR if isinstance(error, ConfigurationError) else logging.INFO
    log.log(level, "%s: %s %s", doing, error.code, error)
