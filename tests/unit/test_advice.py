"""What Vimeo's codes, statuses and paths mean, from the answer to the error."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.world import answer
from vimeo_toolkit import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    QuotaExceeded,
    UnexpectedResponse,
    VimeoError,
)
from vimeo_toolkit.calls.response import Refusal, body_of, error_of, pages_of, refusal_of, told_of
from vimeo_toolkit.calls.result import Pages
from vimeo_toolkit.runtime.ports import HttpResponse
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.sending import LOOK_FIRST, Told

FOREIGN, ROLE, EVENT, LATER = "something else", "plan or role", "event's state", "Vimeo's fault"
CODES = {
    2101: "no filtering",
    2204: "named parameters",
    2205: "usable body",
    2207: "text of the comment",
    2218: "password",
    2230: "kind of upload",
    2286: "ends before this page",
    2428: EVENT,
    2501: "20 tags",
    2502: "file format",
    2518: "privacy_embed",
    2523: FOREIGN,
    2538: "version that is shown",
    2551: EVENT,
    2900: "does not exist",
    2901: "100 users",
    2908: "100 users",
    3130: "four sets",
    3151: EVENT,
    3153: EVENT,
    3154: EVENT,
    3160: EVENT,
    3200: ROLE,
    3301: "spam",
    3411: "email address",
    3412: "cannot comment",
    3413: "switched off",
    3414: "edit a comment",
    3415: "delete a comment",
    3417: "cannot follow",
    3422: ROLE,
    3427: "cannot edit this video",
    3429: ROLE,
    3430: "not open",
    3431: "switched off",
    3438: "email address",
    3439: ROLE,
    3441: ROLE,
    3442: ROLE,
    3449: ROLE,
    3701: "10 levels",
    3702: "folder settings",
    4003: LATER,
    4005: LATER,
    4011: "upload server",
    4016: LATER,
    4017: LATER,
    4020: "no video to stream",
    4021: "no video",
    4101: "storage",
    4102: "this period",
    4104: "today",
    5011: FOREIGN,
    5012: FOREIGN,
    5014: "text tracks",
    5015: FOREIGN,
    5020: "chapters",
    5021: FOREIGN,
    5022: "no transcript",
    7001: "pictures",
    7300: "search fails",
    7701: LATER,
    7900: "being made",
    8000: "does not let this token",
    8002: "belongs to no user",
}
VIDEO = ApiRequest("GET", "/videos/1")


def said(body: Any, status: int = 400, **headers: str) -> HttpResponse:
    return answer(status, json.dumps(body).encode(), **headers)


def error(body: Any, status: int = 400, path: str = "/videos/1", error_hints: Any = ()) -> VimeoError:
    return error_of(refusal_of(said(body, status)), ApiRequest("GET", path), dict(error_hints))


@pytest.mark.parametrize(("code", "words"), CODES.items())
def test_every_code_says_what_to_do(code: int, words: str) -> None:
    found = error({"error": "x", "error_code": code})
    assert words in found.hint
    assert found.error_code == code
    assert f"(400, code {code})" in found.message


@pytest.mark.parametrize(
    ("status", "cls", "words"),
    [
        (400, BadRequest, "Correct the parameters."),
        (401, VimeoError, "token is valid"),
        (403, Forbidden, "may not do this"),
        (404, NotFound, "Check the id"),
        (409, Conflict, "current state"),
        (410, NotFound, "gone"),
        (413, BadRequest, "too large"),
        (414, BadRequest, "too large"),
        (422, BadRequest, "Correct the parameters."),
        (418, VimeoError, "Try another way"),
    ],
)
def test_every_status_has_its_class_and_advice(status: int, cls: type[VimeoError], words: str) -> None:
    found = error({"error": "x"}, status)
    assert type(found) is cls
    assert words in found.hint
    assert (found.status, found.error_code, found.fields) == (status, None, [])
    assert f"({status})" in found.message


@pytest.mark.parametrize(
    ("code", "status", "cls"),
    [
        (2286, 400, NotFound),
        (3200, 400, Forbidden),
        (3200, 401, Forbidden),
        (4101, 403, QuotaExceeded),
        (4102, 403, QuotaExceeded),
        (4104, 403, QuotaExceeded),
    ],
)
def test_codes_that_say_more_than_their_status(code: int, status: int, cls: type[VimeoError]) -> None:
    assert type(error({"error": "x", "error_code": code}, status)) is cls


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/users/1/analytics", "analytics"),
        ("/users/1/analytics/videos", "analytics"),
        ("/users/1/team", "several seats"),
        ("/teams/1", "several seats"),
        ("/users/1/team_users", "several seats"),
        ("/folders/1/permissions", "several seats"),
        ("/me/live_events", "events"),
        ("/live_destinations/1", "events"),
        ("/videos/1/live", "events"),
        ("/webinars/1", "webinars"),
        ("/me/webinar", "webinars"),
        ("/videos/1/ai", "AI features"),
        ("/me/custom_metadata", "Enterprise"),
        ("/search/videos", "Enterprise"),
        ("/ondemand/pages/1", "On Demand"),
    ],
)
def test_what_only_some_plans_have(path: str, words: str) -> None:
    for status in (403, 404):
        assert words in error({"error": "x"}, status, path).hint
    assert words not in error({"error": "x"}, 400, path).hint
    assert error({"error": "x"}, 403, path, {403: "The tool's own."}).hint == "The tool's own."


@pytest.mark.parametrize(
    "path", ["/analytical/1", "/steam/1", "/livery/1", "/aim/1", "/ondemand/pagesets/1", "/x/search/1"]
)
def test_what_is_named_alike_is_of_every_plan(path: str) -> None:
    assert "may not do this" in error({"error": "x"}, 403, path).hint


@pytest.mark.parametrize(
    ("path", "id_"),
    [
        ("/me", False),
        ("/me/videos", False),
        ("/me/videos/1", True),
        ("/users/1", True),
        ("/categories", False),
    ],
)
def test_only_an_id_that_was_given_is_to_be_checked(path: str, id_: bool) -> None:
    assert ("Check the id" in error({"error": "x"}, 404, path).hint) is id_


def test_advice_of_all_parameters_each_once_and_three_at_most() -> None:
    problems = [{"field": f"f{code}", "error_code": code} for code in (2501, 2502, 2518, 2523, 2501)]
    found = error({"error": "x", "error_code": 2204, "invalid_parameters": problems})
    assert found.hint.split(". ") == [
        "Correct the named parameters",
        "A channel or video takes at most 20 tags",
        "Vimeo cannot read this file format.",
    ]
    assert found.fields == ["f2501", "f2502", "f2518", "f2523", "f2501"]
    assert refusal_of(said({"error": "x", "error_code": 7, "invalid_parameters": problems})).codes == (
        7, 2501, 2502, 2518, 2523,
    )  # fmt: skip


# ---- Vimeo's words ----


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": "A b."}, 'Vimeo says: "A b".'),
        ({"developer_message": "D."}, 'Vimeo tells developers: "D".'),
        ({"error": "A", "developer_message": "A"}, 'Vimeo says: "A".'),
        ({"error": "A", "developer_message": "D"}, 'Vimeo says: "A". Vimeo tells developers: "D".'),
        ({"error": "Something strange occurred."}, 'Vimeo says: "Something strange occurred".'),
        ({"error": "Something strange occurred.", "developer_message": "D"}, 'Vimeo tells developers: "D".'),
        ({"error": "invalid_grant", "error_description": "Old."},
         'Vimeo says: "invalid_grant". Vimeo tells developers: "Old".'),
        ({"error": 'a "b" c'}, "Vimeo says: \"a 'b' c\"."),
        ({"error": {"message": "M", "description": "D"}}, 'Vimeo says: "M; D".'),
        ({"error": ["A", "A", ["B", ["C"]]]}, 'Vimeo says: "A; B".'),
        ({"error": ["x"] * 8 + ["y"]}, 'Vimeo says: "x".'),
        ({"error": "e" * 301}, f'Vimeo says: "{"e" * 300}".'),
        ({"error": ""}, ""),
    ],
)  # fmt: skip
def test_words_of_an_error(body: Any, words: str) -> None:
    assert refusal_of(said(body)).said == words


@pytest.mark.parametrize(
    ("invalid", "fields", "words"),
    [
        ([{"field": "a", "error": "A."}], ("a",), 'Vimeo names: "a: A".'),
        ([{"field": "a", "error": "A", "developer_message": "D"}], ("a",), 'Vimeo names: "a: A: D".'),
        ([{"field": "a"}, "b", 7, {"field": 7}], ("a", "b"), 'Vimeo names: "a; b".'),
        ({"a": "A", "b": ["B"]}, ("a", "b"), 'Vimeo names: "a: A; b: B".'),
        ([{"field": "f" * 65}], ("f" * 64,), f'Vimeo names: "{"f" * 64}".'),
        ([{"field": "a", "error": "e" * 201}], ("a",), f'Vimeo names: "a: {"e" * 200}".'),
        ("a", (), ""),
        (None, (), ""),
    ],
)
def test_parameters_that_are_named(invalid: Any, fields: tuple[str, ...], words: str) -> None:
    found = refusal_of(said({"error": "", "invalid_parameters": invalid}))
    assert (found.fields, found.said) == (fields, words)


def test_many_parameters_are_bounded() -> None:
    found = refusal_of(said({"error": "", "invalid_parameters": [f"f{number}" for number in range(60)]}))
    assert len(found.fields) == 50
    assert found.said == 'Vimeo names: "' + "; ".join(f"f{number}" for number in range(8)) + '".'


def test_empty_words_are_left_out_beside_the_named_parameters() -> None:
    empty = {"error": "You have provided an invalid parameter.", "invalid_parameters": ["a"]}
    assert refusal_of(said(empty)).said == 'Vimeo names: "a".'


@pytest.mark.parametrize(
    ("code", "read"),
    [(7, 7), ("7", 7), (7.0, 7), (7.5, None), (None, None), (True, None),
     (10**9, None), (10**9 - 1, 10**9 - 1), ([], None)],
)  # fmt: skip
def test_a_code_in_any_form(code: Any, read: int | None) -> None:
    assert refusal_of(said({"error": "x", "error_code": code})).error_code == read


def test_secrets_of_the_request_are_taken_out() -> None:
    body = {"error": "no s3cret here", "developer_message": "s3cret"}
    assert refusal_of(said(body), [Secret("s3cret"), Secret("")]).said.count("***") == 2


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ('Your token does not have the "upload" scope.', {"upload"}),
        ("It lacks the 'Edit' scope", {"edit"}),
        ("missing the `delete` scope", {"delete"}),
        ("This requires “stats” scope", {"stats"}),
        ('Insufficient: needs "video_files" scope', {"video_files"}),
        ('The required scope is "private".', {"private"}),
        ('The scopes "interact" …', {"interact"}),
        ('You have the "upload" scope.', set()),
        ('missing the "other" scope', set()),
        (7, set()),
    ],
)
def test_scopes_that_a_sentence_names(text: Any, scopes: set[str]) -> None:
    assert refusal_of(said({"error": text})).scopes == scopes
    assert refusal_of(said({"error": "x", "developer_message": text})).scopes == scopes


@pytest.mark.parametrize(
    ("header", "scopes"),
    [
        ('Bearer error="insufficient_scope", scope="edit upload other"', {"edit", "upload"}),
        ('Bearer error="insufficient_scope"', set()),
        ('Bearer error="invalid_token", scope="edit"', set()),
    ],
)
def test_scopes_that_the_header_asks_for(header: str, scopes: set[str]) -> None:
    assert refusal_of(said({"error": "x"}, www_authenticate=header)).scopes == scopes
    assert refusal_of(answer(403, b"<html>", www_authenticate=header)).scopes == scopes


# ---- what is not Vimeo's ----


@pytest.mark.parametrize(
    ("content", "kind", "what"),
    [
        (b"", "", ""),
        (b"  ", "text/html", ""),
        (b"<p>", "", "a web page"),
        (b"Denied", "text/html", "a web page"),
        (b' <html><title lang="x">Go "away"</title>', "", "a web page titled \"Go 'away'\""),
        (b"<TITLE> </title>", "text/html", "a web page"),
        (b"Denied", "text/plain", "something that is not an error of Vimeo's API"),
        (b'{"message": "x"}', "application/json", "something that is not an error of Vimeo's API"),
    ],
)
def test_what_an_answer_is_that_is_not_vimeos(content: bytes, kind: str, what: str) -> None:
    found = refusal_of(answer(404, content, content_type=kind))
    assert found == Refusal(404, "", None, (), (), frozenset(), what)
    if what:
        unexpected = error_of(found, VIDEO, {})
        assert type(unexpected) is UnexpectedResponse
        assert unexpected.status == 404
        assert f"status 404 with {what}" in unexpected.message
        assert told_of(found, {}) == Told(f"The answer is {what}.")


def test_an_empty_object_is_vimeos() -> None:
    assert refusal_of(said({}, 404)).foreign == ""
    for name in ("error", "error_code", "developer_message", "invalid_parameters"):
        assert refusal_of(said({name: "x", "more": 1})).foreign == ""


def test_what_a_5xx_adds() -> None:
    found = refusal_of(said({"error": "A", "error_code": 4003}, 503))
    told = told_of(found, {503: "The tool's own."})
    assert told == Told(
        'Code 4003. Vimeo says: "A".', "The tool's own. " + error({"error_code": 4003}).hint, 4003
    )
    assert told_of(refusal_of(said({"error": "A"}, 503)), {}) == Told('Vimeo says: "A".', "", None)


# ---- the body of a success ----


@pytest.mark.parametrize(
    ("status", "content", "method", "path"),
    [
        (200, b"", "PUT", "/x"),
        (204, b"", "DELETE", "/x"),
        (204, b"x", "PATCH", "/x"),
        (204, b"", "GET", "/me/likes/1"),
        (204, b"", "GET", "/users/1/following/2"),
        (204, b"", "GET", "/videos/1/tags/x"),
    ],
)
def test_answers_that_may_be_empty(status: int, content: bytes, method: str, path: str) -> None:
    assert body_of(answer(status, content), method, path) is None


@pytest.mark.parametrize(
    ("status", "content", "method", "path", "what"),
    [
        (200, b"", "GET", "/me/likes/1", "an empty body"),
        (204, b"", "GET", "/me/likes", "an empty body"),
        (204, b"", "GET", "/me/likes/1/2", "an empty body"),
        (204, b"", "GET", "/me/videos/1", "an empty body"),
        (302, b"{}", "GET", "/me", "status 302"),
        (300, b"{}", "GET", "/me", "status 300"),
        (199, b"{}", "GET", "/me", "status 199"),
        (200, b"7", "GET", "/me", "neither an object nor a list"),
        (200, b"{", "POST", "/me", "not complete JSON"),
    ],
)
def test_answers_that_no_api_gives(status: int, content: bytes, method: str, path: str, what: str) -> None:
    with pytest.raises(UnexpectedResponse) as caught:
        body_of(answer(status, content), method, path)
    assert what in caught.value.message
    assert caught.value.status == status
    assert caught.value.hint == ("Try again in a minute." if method == "GET" else LOOK_FIRST)


@pytest.mark.parametrize("content", [b"{}", b"[]", b'{"a": 1}'])
def test_json_that_an_api_gives(content: bytes) -> None:
    assert body_of(answer(299, content), "GET") == json.loads(content)


NEXT = "/me/videos?page=3&per_page=25"


@pytest.mark.parametrize(
    ("body", "pages"),
    [
        ({"page": 2, "per_page": 25, "total": 60, "paging": {"next": NEXT}}, Pages(2, 25, 60, 3)),
        ({"page": 3, "per_page": 25, "total": 60, "paging": {"next": None}}, Pages(3, 25, 60, None)),
        ({"paging": {"next": NEXT}}, Pages(2, 1, None, 3)),
        ({"page": "2", "per_page": "25", "total": "60", "paging": {"next": NEXT}}, Pages(2, 25, 60, 3)),
        ({"page": 5, "paging": {"next": NEXT}}, Pages(5, 1, None, 6)),
        ({"page": 1, "paging": {"next": "/me/feed?offset=abc"}}, Pages(1, 1, None, 2, "abc")),
        ({"page": 1, "per_page": 0}, Pages(1, 0, None, None)),
        ({"per_page": 25}, None),
        ({"paging": {}}, None),
        ({"paging": {"next": "/me/feed?offset=abc"}}, None),
        ({}, None),
    ],
)
def test_where_a_list_stands(body: dict[str, Any], pages: Pages | None) -> None:
    assert pages_of({"data": [{}], **body}) == pages


@pytest.mark.parametrize("body", [None, [], {"page": 1}, {"page": 1, "data": None}])
def test_what_is_not_a_list_stands_nowhere(body: Any) -> None:
    assert pages_of(body) is None


def test_one_thing_to_do_is_said_once() -> None:
    refused = answer(403, b'{"error":"No.","error_code":2518}')
    hints = {403: "Set privacy_embed=whitelist with vimeo_video_edit first; the plan may not have it, too."}
    error = error_of(refusal_of(refused, []), ApiRequest("GET", "/videos/1/privacy/domains"), hints)
    assert error.hint == hints[403]
