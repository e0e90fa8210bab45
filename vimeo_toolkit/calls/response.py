"""From Vimeo's answer to JSON or to one typed error.

Error bodies: `{error, link, developer_message, error_code}` and, for 2204, `invalid_parameters`; many endpoints
give `{error}` alone. `error` is often a sentence that says nothing, and `developer_message` has the reason; answers
of 5xx have codes, too (API reference; recorded answers). What has none of these names is not Vimeo's answer.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.calls.advice import ADVICE, EMPTY_SENTENCES, KINDS, PLANS, STATUS
from vimeo_toolkit.calls.result import Pages
from vimeo_toolkit.errors import NotFound, UnexpectedResponse, VimeoError
from vimeo_toolkit.runtime.ports import HttpResponse
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.format import json_object, json_value, one_line
from vimeo_toolkit.wire.paging import count, next_query
from vimeo_toolkit.wire.scrub import scrubbed
from vimeo_toolkit.wire.sending import LOOK_FIRST, Told

if TYPE_CHECKING:
    from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["Refusal", "body_of", "error_of", "is_ban", "pages_of", "refusal_of", "told_of"]

_OURS: Final = frozenset({"error", "error_code", "developer_message", "invalid_parameters"})
_SCOPES: Final = frozenset(
    {
        "ai",
        "create",
        "delete",
        "edit",
        "interact",
        "private",
        "promo_codes",
        "public",
        "purchased",
        "scim",
        "stats",
        "upload",
        "video_files",
    }
)
_QUOTE: Final = "[\"'`\u201c\u201d\u2018\u2019]"
_SCOPE: Final = re.compile(
    r"(?:not have|n't have|lacks?|missing|requires?|needs?|without|insufficient)\b"
    rf".{{0,40}}?{_QUOTE}([a-z_]{{1,32}}){_QUOTE} scope"
    rf"|scopes?\b.{{0,30}}?{_QUOTE}([a-z_]{{1,32}}){_QUOTE}",
    re.IGNORECASE,
)
_CHECK: Final = re.compile(
    r"^/[^/]+(?:/[^/]+)?/(?:categories|channels|following|groups|likes|presets|tags|watchlater)/[^/]+$"
)
"""Paths by which Vimeo is asked whether the user likes, follows … something: 204 is yes (API's document)."""
_TITLE: Final = re.compile(rb"<title[^>]{0,200}>([^<]{1,200})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an error's answer says, safe to show."""

    status: int
    said: str
    """Vimeo's words, marked as such, a part of a text; empty where it says nothing."""
    error_code: int | None
    codes: tuple[int, ...]
    """This one and those of the parameters."""
    fields: tuple[str, ...]
    """The parameters that Vimeo named as invalid."""
    scopes: frozenset[str]
    """The scopes that it says are missing."""
    foreign: str
    """What the answer is, when it is not one of Vimeo's API; empty when it is."""


def refusal_of(response: HttpResponse, secrets: Iterable[Secret] = ()) -> Refusal:
    """Read the body of an answer of 4xx or 5xx. `secrets`: of the request, which the answer may repeat."""
    body = json_object(response.content)
    if body is None or (body and _OURS.isdisjoint(body)):
        return Refusal(response.status, "", None, (), (), _asked(response), _foreign(response))
    hidden = list(filter(None, secrets))

    def text(value: Any, length: int = 300) -> str:
        value = _sentence(value)
        for secret in hidden:
            value = value.replace(secret.reveal(), str(secret))
        # Shortened before, so that a megabyte is not searched; and by whole words of what is looked for.
        return one_line(scrubbed(value[: length * 8]), length).replace('"', "'").rstrip(".")

    error = text(body.get("error"))
    developer = text(body.get("developer_message")) or text(body.get("error_description"))  # RFC 6749, 5.2
    fields, problems, codes = [], [], []
    invalid = body.get("invalid_parameters")
    for problem in _problems(invalid):
        fields.append(one_line(problem["field"], 64))
        said = [text(problem.get(name), 200) for name in ("error", "developer_message")]
        problems.append(": ".join([fields[-1], *_emitting(*said)]))
        codes.append(problem.get("error_code"))
    words = []
    told = _emitting(error, developer)
    if developer in told and developer != error:
        words = [f'Vimeo says: "{each}".' for each in told if each != developer]
        words.append(f'Vimeo tells developers: "{developer}".')
    else:
        words = [
            f'Vimeo says: "{each}".'
            for each in told or [error or developer]
            if each and (told or not problems)
        ]
    if problems:
        words.append(f'Vimeo names: "{"; ".join(problems[:8])}".')
    code = _code(body.get("error_code"))
    return Refusal(
        response.status,
        " ".join(words),
        code,
        tuple(dict.fromkeys(filter(None, [code, *map(_code, codes)]))),
        tuple(fields),
        _asked(response) | _named(body.get("error")) | _named(body.get("developer_message")),
        "",
    )


def _code(value: Any) -> int | None:
    code = count(int(value) if isinstance(value, float) and value.is_integer() else value)
    return code if code is not None and abs(code) < 10**9 else None


def _sentence(value: Any, depth: int = 2) -> str:
    """The words of an error, which may stand in a list or an object."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        value = [value.get(name) for name in ("message", "error", "developer_message", "description")]
    if not isinstance(value, list) or not depth:
        return ""
    return "; ".join(dict.fromkeys(filter(None, (_sentence(each, depth - 1) for each in value[:8]))))


def _problems(invalid: Any) -> list[dict[str, Any]]:
    """The parameters that are named as wrong: objects with a `field`, bare names, or reasons by name."""
    if isinstance(invalid, dict):
        invalid = [{"field": name, "error": why} for name, why in invalid.items()]
    listed = invalid[:50] if isinstance(invalid, list) else []
    named = [{"field": each} if isinstance(each, str) else each for each in listed]
    return [each for each in named if isinstance(each, dict) and isinstance(each.get("field"), str)]


def _emitting(*texts: str) -> list[str]:
    """Those texts that say something, each once."""
    return [text for text in dict.fromkeys(texts) if text and not text.startswith(EMPTY_SENTENCES)]


def _named(text: Any) -> frozenset[str]:
    """The scopes that a sentence says are missing, as Vimeo does without an error code."""
    found = _SCOPE.findall(text[:1000]) if isinstance(text, str) else []
    return frozenset(one.lower() for pair in found for one in pair if one.lower() in _SCOPES)


def _asked(response: HttpResponse) -> frozenset[str]:
    """The scopes that `WWW-Authenticate` asks for (RFC 6750, 3.1)."""
    header = response.headers.get("www-authenticate", "")[:1000]
    if "insufficient_scope" not in header:
        return frozenset()
    found = re.search(r'scope="([^"]*)"', header)
    return frozenset(found[1].split()) & _SCOPES if found else frozenset()


def _foreign(response: HttpResponse) -> str:
    """What an answer is that does not come from Vimeo's API; empty for no body, which tells nothing."""
    content = response.content
    if not content.strip():
        return ""
    kind = response.headers.get("content-type", "")
    if "html" not in kind and content.lstrip()[:1] != b"<":
        return "something that is not an error of Vimeo's API"
    found = _TITLE.search(content[:20_000])
    title = one_line(scrubbed(found[1].decode("utf-8", "replace")), 80).replace('"', "'") if found else ""
    return f'a web page titled "{title}"' if title else "a web page"


def body_of(response: HttpResponse, method: str, path: str = "") -> Any:
    """Return the JSON of a successful answer, None for an empty one.

    Args:
        method: of the request, whose answer is empty only for a GET that asks whether something is so.
        path: of the request.

    Raises:
        UnexpectedResponse: it is not JSON, or a redirect.
    """
    if 200 <= response.status < 300 and (not response.content or response.status == 204):
        if method == "GET" and not (response.status == 204 and _CHECK.search(path)):
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
        what = "a body that is not complete JSON"
    # Out here, where neither a frame nor the parser's error has the body: it may repeat the request.
    raise _unexpected(what, method, response.status)


def _unexpected(what: str, method: str, status: int) -> UnexpectedResponse:
    return UnexpectedResponse(
        f"Vimeo (or something between) answered with {what}.",
        hint="Try again in a minute." if method == "GET" else LOOK_FIRST,
        status=status,
    )


def error_of(refusal: Refusal, request: ApiRequest, error_hints: Mapping[int, str]) -> VimeoError:
    """Return the error that a 4xx answer means.

    Args:
        refusal: what the answer says.
        request: what was asked: without an id in its path no id can be wrong.
        error_hints: what a status means for the tool that asked.
    """
    status, code = refusal.status, refusal.error_code
    if refusal.foreign:
        # A firewall's page for 404 or 403 says nothing about a video.
        return UnexpectedResponse(
            f"Something between you and Vimeo refused the request: status {status} with {refusal.foreign}.",
            hint="This says nothing about what was asked for. Try again in a minute; if it stays, the operator "
            "should look at proxies and firewalls, and whether Vimeo has blocked this machine's address.",
            status=status,
        )
    cls, hint = STATUS.get(status, (VimeoError, "Try another way; the request as it is was refused."))
    cls = KINDS.get(code or 0, cls)
    if status == 404 and cls is NotFound and not _has_id(request.path):
        hint = "This takes no id: the user's plan or account may not have it."
    hints = [error_hints.get(status) or _by_plan(status, request.path), *_advice(refusal)]
    message = f"Vimeo refused ({status}" + (f", code {code}" if code else "") + ")."
    return cls(
        f"{message} {refusal.said}".strip(),
        hint=_joined(hints) or hint,
        status=status,
        error_code=code,
        fields=refusal.fields,
    )


def told_of(refusal: Refusal, error_hints: Mapping[int, str]) -> Told:
    """Return what a 5xx answer adds to the error that sending ends in."""
    if refusal.foreign:
        return Told(f"The answer is {refusal.foreign}.")
    hints = [error_hints.get(refusal.status, ""), *_advice(refusal)]
    code = f"Code {refusal.error_code}." if refusal.error_code else ""
    return Told(f"{code} {refusal.said}".strip(), _joined(hints), refusal.error_code)


def _joined(hints: Iterable[str]) -> str:
    """Return hints as one text, without those that one before says, too."""
    said: list[str] = []
    for hint in hints:
        if hint and not any(hint.rstrip(".") in before for before in said):
            said.append(hint)
    return " ".join(said)


def _advice(refusal: Refusal) -> list[str]:
    known = [ADVICE[code] for code in refusal.codes if code in ADVICE]
    return list(dict.fromkeys(known))[:3]


def _has_id(path: str) -> bool:
    parts = [part for part in path.split("/") if part]
    return len(parts) > (2 if parts[:1] == ["me"] else 1)


def _by_plan(status: int, path: str) -> str:
    """What 403 and 404 mean of a part of the API that only some plans have."""
    if status not in (403, 404):
        return ""
    return next((text for pattern, text in PLANS if pattern.search(path)), "")


def pages_of(body: Any) -> Pages | None:
    """Return where a list's envelope stands; None for anything but a list."""
    if not isinstance(body, dict) or not isinstance(body.get("data"), list):
        return None
    page, per_page, total = (count(body.get(name)) for name in ("page", "per_page", "total"))
    if page is None and per_page is None and "paging" not in body:
        return None
    query = next_query(body, "")
    following = None if query is None else count(query.get("page"))
    if page is None:
        page = following - 1 if following else None
    if page is None:
        return None
    per_page = len(body["data"]) if per_page is None else per_page
    if query is None:
        return Pages(page=page, per_page=per_page, total=total, next=None)
    return Pages(page, per_page, total, next=max(following or 0, page + 1), offset=query.get("offset"))


def is_ban(response: HttpResponse) -> bool:
    """Return whether an answer is a page of HTML that refuses, whatever its content type. JSON that is labelled
    HTML is an answer of the API."""
    if response.status != 403:
        return False
    if response.content[:1000].lstrip(_SPACE).lower().startswith((b"<html", b"<!doctype html")):
        return True
    return (
        "html" in response.headers.get("content-type", "").lower() and json_object(response.content) is None
    )


_SPACE: Final = BOM_UTF8 + b" \t\r\n"
