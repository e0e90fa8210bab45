"""From Vimeo's answer to JSON or to one typed error.

Error bodies: `{error, link, developer_message, error_code}` and, for 2204, `invalid_parameters`; older
endpoints give `{error}` alone (API reference; bodies as clients published them).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from vimeo_toolkit.calls.result import Pages
from vimeo_toolkit.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    QuotaExceeded,
    UnexpectedResponse,
    VimeoError,
)
from vimeo_toolkit.runtime.ports import HttpResponse
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.format import json_object, json_value, one_line
from vimeo_toolkit.wire.sending import LOOK_FIRST

__all__ = ["body_of", "error_of", "pages_of", "scope_named_in"]

HINTS: Final[dict[int, str]] = {
    2101: "uris and links take no filtering or sorting.",
    2204: "Correct the named parameters.",
    2205: "The request had no usable body.",
    2207: "Give the text of the comment.",
    2518: 'Set privacy_embed="whitelist" first.',
    2501: "A channel or video takes at most 20 tags.",
    3200: "The user's plan or role does not allow this.",
    3301: "Vimeo takes the comment for spam: word it differently, without links.",
    3411: "The user has to verify their email address at Vimeo first.",
    3412: "This user cannot comment on this video.",
    3413: "Comments are switched off for this video.",
    3438: "The user has to verify their email address at Vimeo first.",
    3701: "Folders nest at most 10 levels deep.",
    4101: "The user's upload quota is used up: videos have to be deleted, or the plan changed.",
    4102: "The user's upload quota for this period is used up: wait for the next one, or change the plan.",
    4104: "The user's upload quota for today is used up: wait until tomorrow, or change the plan.",
    7300: "Vimeo's search fails right now; try again later.",
    8002: "The token belongs to no user: connect the user through an authorization link.",
}
"""What to do about Vimeo's error codes, where more can be said than the code's own text does."""

_STATUS: Final[dict[int, tuple[type[VimeoError], str]]] = {
    400: (BadRequest, "Correct the parameters."),
    403: (Forbidden, "The user may not do this: it may be another user's, or their plan may not have it."),
    404: (NotFound, "Check the id, for example with the list tool; it may also be private to another user."),
    409: (Conflict, "Read the current state, then try again."),
    410: (NotFound, "It is gone."),
}

_CODES: Final[dict[int, type[VimeoError]]] = {
    2286: NotFound,  # a page past the end
    **dict.fromkeys((4101, 4102, 4104), QuotaExceeded),
}
"""Codes that mean more than their status does."""

_SCOPE: Final = re.compile(r'does not have the "([a-z_]{1,32})" scope', re.ASCII)


def body_of(response: HttpResponse, method: str) -> Any:
    """The JSON of a successful answer, None for an empty one.

    Raises:
        UnexpectedResponse: it is no JSON, or a redirect.
    """
    if 200 <= response.status < 300 and (not response.content or response.status == 204):
        if method == "GET":
            raise _unexpected("an empty body", method, response.status)
        return None
    if not 200 <= response.status < 300:
        raise _unexpected(f"status {response.status}", method, response.status)
    what = "JSON that is neither an object nor a list"
    try:
        body = json_value(response.content)
        if isinstance(body, dict | list):
            return body
        del body
    except ValueError:
        what = "a body that is no complete JSON"
    # Out here, where neither a frame nor the parser's error has the body: it may repeat the request.
    raise _unexpected(what, method, response.status)


def _unexpected(what: str, method: str, status: int) -> UnexpectedResponse:
    return UnexpectedResponse(
        f"Vimeo (or something between) answered with {what}.",
        hint="Try again in a minute." if method == "GET" else LOOK_FIRST,
        status=status,
    )


def error_of(
    response: HttpResponse, explain: Mapping[int, str], secrets: Iterable[Secret] = ()
) -> VimeoError:
    """The error that a 4xx answer means. Vimeo's own sentence is quoted, cut to 300 characters, and without
    those of the request's `secrets` that it may repeat."""
    body = json_object(response.content) or {}
    code = body.get("error_code")
    code = code if isinstance(code, int) and not isinstance(code, bool) else None
    invalid = body.get("invalid_parameters")
    details = []
    fields = []
    for problem in invalid if isinstance(invalid, list) else []:
        if isinstance(problem, dict) and isinstance(problem.get("field"), str):
            fields.append(one_line(problem["field"], 64))
            details.append(f"{fields[-1]}: {one_line(_without(problem.get('error'), secrets), 200)}")
    said = one_line(_without(body.get("error"), secrets), 300)
    cls, hint = _STATUS.get(
        response.status, (VimeoError, "Try another way; the request as it is was refused.")
    )
    cls = _CODES.get(code or 0, cls)
    message = f"Vimeo refused ({response.status}" + (f", code {code}" if code else "") + ")"
    message += f": {said.rstrip('.')}" if said else ""
    message += f" [{'; '.join(details[:8])}]" if details else ""
    hints = [explain.get(response.status, ""), HINTS.get(code or 0, "")]
    return cls(
        message + ".",
        hint=" ".join(text for text in hints if text) or hint,
        status=response.status,
        error_code=code,
        fields=fields,
    )


def _without(text: Any, secrets: Iterable[Secret]) -> Any:
    if isinstance(text, str):
        for secret in filter(None, secrets):
            text = text.replace(secret.reveal(), str(secret))
    return text


def scope_named_in(response: HttpResponse) -> str | None:
    """The scope that a 403 names, as Vimeo does in the text alone, without an error code."""
    if response.status != 403:
        return None
    body = json_object(response.content) or {}
    found = _SCOPE.search(str(body.get("error", ""))[:500])
    return found[1] if found else None


def pages_of(body: Any) -> Pages | None:
    """Where a list's envelope stands; None for what is none."""
    if not isinstance(body, dict) or not isinstance(body.get("data"), list):
        return None
    page, per_page, total = (_count(body.get(name)) for name in ("page", "per_page", "total"))
    if page is None or per_page is None:
        return None
    paging = body.get("paging")
    more = isinstance(paging, dict) and isinstance(paging.get("next"), str)
    return Pages(page=page, per_page=per_page, total=total, next=page + 1 if more else None)


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
