"""What Vimeo says of a refusal reaches the reader, marked and bounded, in the class that tells what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.values import JSON
from tests.unit.test_calls import COMMENT, DELETE, EDIT, LIKE, LIST, Call, run
from tests.unit.world import World, answer
from vimeo_toolkit import (
    BadRequest,
    Forbidden,
    MissingScope,
    NotFound,
    OutcomeUnknown,
    QuotaExceeded,
    UploadNotGranted,
    VimeoToolkitError,
    VimeoUnavailable,
)
from vimeo_toolkit.calls.advice import ADVICE, KINDS, PLANS
from vimeo_toolkit.calls.response import error_of, refusal_of
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.wire.api_request import ApiRequest

NOTHING = "Something strange occurred. Please try again."
GET: Call = ("vimeo_video_get", {"video_id": "1"})
UPLOAD: Call = ("vimeo_video_create", {"file_link": "https://files.example.com/a.mp4"})


def body(**parts: Any) -> bytes:
    return json.dumps({"error": NOTHING, "link": None, **parts}).encode()


@pytest.mark.parametrize("status", [400, 403, 404, 409, 418])
def test_the_developers_message_is_often_the_only_reason(status: int) -> None:
    with pytest.raises(VimeoToolkitError) as caught:
        run(World(answer(status, body(developer_message="The harbour is closed.\n' .  today"))), *LIST)
    assert 'Vimeo tells developers: "The harbour is closed. \' . today"' in str(caught.value)
    assert NOTHING[:20] not in str(caught.value)


def test_both_texts_where_both_say_something() -> None:
    said = body(error="You can't do that.", developer_message="The user is not its owner.", error_code=3200)
    with pytest.raises(Forbidden) as caught:
        run(World(answer(403, said)), *GET)
    assert 'Vimeo says: "You can\'t do that".' in caught.value.message
    assert 'Vimeo tells developers: "The user is not its owner".' in caught.value.message
    assert caught.value.error_code == 3200


def test_a_text_said_twice_is_told_once() -> None:
    with pytest.raises(NotFound) as caught:
        run(World(answer(404, body(error="No such video.", developer_message="No such video."))), *GET)
    assert str(caught.value).count("No such video") == 1


def test_the_reason_of_a_parameter_and_its_own_code() -> None:
    problem = {"field": "password", "error": NOTHING, "developer_message": "Too short.", "error_code": 2218}
    said = body(
        error_code=2204, developer_message="The parameters passed to this API", invalid_parameters=[problem]
    )
    with pytest.raises(BadRequest, match='Vimeo names: "password: Too short"') as caught:
        run(World(answer(400, said)), *EDIT)
    assert caught.value.fields == ["password"]
    assert ADVICE[2218] in caught.value.hint


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 530])
@pytest.mark.parametrize(
    ("call", "cls"), [(LIST, VimeoUnavailable), (DELETE, VimeoUnavailable), (COMMENT, OutcomeUnknown)]
)
def test_the_body_of_5xx_is_read(status: int, call: Call, cls: type[VimeoUnavailable]) -> None:
    response = answer(status, body(developer_message="The upload server is out.", error_code=4011))
    with pytest.raises(cls if status != 503 else VimeoUnavailable) as caught:
        run(World(*[response] * 4), *call)
    assert 'developers: "The upload server is out"' in caught.value.message
    assert caught.value.error_code == 4011
    assert caught.value.to_dict()["vimeo_error_code"] == 4011
    assert ADVICE[4011] in caught.value.hint or call == DELETE
    assert ("read the current state" in caught.value.hint) == (cls is OutcomeUnknown and status != 503)


def test_what_a_tool_says_of_503() -> None:
    with pytest.raises(VimeoUnavailable, match="search is switched off"):
        run(World(*[answer(503, b'{"error":"x"}')] * 4), "vimeo_videos_search", {"query": "a"})


# ---- a missing scope, and a plan without the feature ----


@pytest.mark.parametrize(
    "parts",
    [
        {"error": 'Your access token does not have the "interact" scope'},
        {"developer_message": 'Your access token does not have the "interact" scope.'},
        {"developer_message": "This request requires the \u201cinteract\u201d scope."},
        {"developer_message": "The token lacks the `interact` scope", "error_code": 3200},
        {"developer_message": "Missing scope: 'interact'"},
    ],
)
def test_a_missing_scope(parts: dict[str, Any]) -> None:
    with pytest.raises(MissingScope) as caught:
        run(World(answer(403, body(**parts))), *LIKE)
    assert caught.value.needed == ["interact"]
    assert not isinstance(caught.value, UploadNotGranted)


def test_a_missing_scope_by_the_header() -> None:
    header = 'Bearer error="insufficient_scope", scope="interact"'
    with pytest.raises(MissingScope, match='"interact"'):
        run(World(answer(403, b"", www_authenticate=header)), *LIKE)


@pytest.mark.parametrize(
    "parts",
    [
        {"developer_message": "The user's plan doesn't include this feature.", "error_code": 3200},
        {"developer_message": 'Their "plus" membership has a scope of features without it.'},
        {"error": "Upgrade to a paid plan."},
        {"developer_message": "Folder settings aren't enabled for this team.", "error_code": 3702},
    ],
)
@pytest.mark.parametrize("status", [403])
def test_a_plan_without_the_feature_is_not_a_missing_scope(status: int, parts: dict[str, Any]) -> None:
    for call in (
        LIKE,
        UPLOAD,
        ("vimeo_analytics_get", {"dimension": "total", "since": "2026-10-01", "until": "2026-11-01"}),
    ):
        with pytest.raises(Forbidden) as caught:
            run(World(answer(status, body(**parts))), *call)
        assert "scope" not in caught.value.hint
        assert "authorization_link" not in caught.value.to_dict()


def test_uploads_that_vimeo_denies_though_the_token_has_the_scope() -> None:
    said = body(
        error="Unable to upload video.",
        developer_message="The authenticated user can't upload videos.",
        error_code=3200,
    )
    with pytest.raises(UploadNotGranted) as caught:
        run(World(answer(403, said)), *UPLOAD)
    assert "can't upload videos" in caught.value.message
    assert "lacks" not in caught.value.message  # it does not
    assert caught.value.authorization_link is None


@pytest.mark.parametrize("code", [4101, 4102, 4104])
def test_a_full_quota(code: int) -> None:
    with pytest.raises(QuotaExceeded, match="exceeded the upload quota") as caught:
        run(
            World(
                answer(
                    403, body(developer_message="The user has exceeded the upload quota.", error_code=code)
                )
            ),
            *UPLOAD,
        )
    assert "delete" not in caught.value.hint.lower()


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize(
    "path",
    [
        "/me/analytics",
        "/me/live_events",
        "/users/7/live_events/3",
        "/me/teams",
        "/users/7/team_users",
        "/me/webinars",
        "/videos/1/ai/metadata",
        "/videos/1/custom_metadata",
        "/search/7/items",
    ],
)
def test_what_some_plans_do_not_have(path: str, status: int) -> None:
    """Vimeo answers both with 403 and with 404: "check the id" would send an agent the wrong way."""
    refusal = refusal_of(answer(status, b'{"error":"The requested page couldn\'t be found."}'))
    hint = error_of(refusal, ApiRequest("GET", path), {}).hint
    assert "some plans only" in hint
    assert "Check the id" not in hint


def test_the_analytics_tool_takes_no_id() -> None:
    values = {"dimension": "total", "since": "2026-10-01", "until": "2026-11-01"}
    with pytest.raises(NotFound, match="some plans only") as caught:
        run(World(answer(404, b'{"error":"Not found."}')), "vimeo_analytics_get", values)
    assert "id" not in caught.value.hint.split()


@pytest.mark.parametrize("name", sorted(name for name, tool in catalog().items() if tool.method == "GET"))
def test_only_where_an_id_was_given_it_is_to_be_checked(name: str) -> None:
    tool = catalog()[name]
    path = tool.path.replace("{", "").replace("}", "")
    hint = error_of(refusal_of(answer(404, b'{"error":"x"}')), ApiRequest("GET", path), tool.error_hints).hint
    assert ("Check the id" in hint) <= ("{" in tool.path)


def test_tables() -> None:
    assert all(text.endswith(".") for text in ADVICE.values())
    assert all(text.endswith(".") for _, text in PLANS)
    assert KINDS.keys() <= ADVICE.keys()


# ---- nothing that comes is shown as it is ----

SECRETS = (
    "access-1",
    "https://x.tus.vimeo.com/files/abcdef0123456789",
    "https://a.example/f?signature=abcdef0123456789",
)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("status", [400, 500])
def test_a_secret_that_vimeo_repeats(secret: str, status: int) -> None:
    problem = {"field": "x", "error": secret, "developer_message": f"a {secret}"}
    said = body(error=f"Not {secret}", developer_message=f"See {secret}.", invalid_parameters=[problem])
    with pytest.raises(VimeoToolkitError) as caught:
        run(World(*[answer(status, said)] * 4), *LIST)
    text = json.dumps(caught.value.to_dict()) + str(caught.value)
    assert "abcdef0123456789" not in text
    assert "access-1" not in text


@settings(deadline=None, max_examples=150)
@given(
    status=st.integers(400, 599).filter(lambda status: status not in (401, 429)),
    content=st.one_of(
        st.binary(max_size=60),
        JSON.map(lambda value: json.dumps(value).encode()),
        st.fixed_dictionaries(
            {},
            optional={
                "error": JSON | st.text(max_size=2000),
                "developer_message": JSON | st.text(max_size=2000),
                "error_code": JSON | st.sampled_from(sorted(ADVICE)),
                "invalid_parameters": st.lists(
                    st.fixed_dictionaries(
                        {}, optional={"field": JSON, "error": JSON, "developer_message": JSON}
                    ),
                    max_size=60,
                ),
            },
        ).map(lambda value: json.dumps(value).encode()),
    ),
    kind=st.sampled_from(["", "text/html", "application/vnd.vimeo.error+json"]),
    call=st.sampled_from([GET, COMMENT, DELETE, LIST]),
)
def test_whatever_comes_is_one_typed_error(status: int, content: bytes, kind: str, call: Call) -> None:
    world = World(*[answer(status, content, content_type=kind)] * 4)
    with pytest.raises(VimeoToolkitError) as caught:
        run(world, *call)
    assert str(caught.value).isprintable()
    assert caught.value.hint
    assert len(json.dumps(caught.value.to_dict())) < 6_000


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"error": {"message": "Too dark.", "code": 5}}, "Too dark"),
        ({"error": {"error": ["Too dark.", None, 7]}}, "Too dark"),
        ({"error": ["Too dark.", "Too long."]}, "Too dark.; Too long"),
        ({"error": "invalid_request", "error_description": "Too dark."}, "Too dark"),
        ({"invalid_parameters": {"name": "Too dark."}}, "name: Too dark"),
        ({"invalid_parameters": ["name", None, "privacy.view"]}, "name; privacy.view"),
        ({"invalid_parameters": [{"field": "name", "error": {"message": "Too dark."}}]}, "name: Too dark"),
    ],
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_every_shape_of_a_reason(parts: dict[str, Any], told: str, mark: bytes) -> None:
    with pytest.raises(BadRequest) as caught:
        run(World(answer(400, mark + body(**parts))), *GET)
    assert f'"{told}".' in caught.value.message
    if isinstance(parts.get("invalid_parameters"), list | dict):
        assert caught.value.fields[0] == "name"


@pytest.mark.parametrize("code", ["4101", 4101.0])
def test_a_code_that_is_written_otherwise(code: Any) -> None:
    with pytest.raises(QuotaExceeded):
        run(World(answer(403, body(error_code=code))), *UPLOAD)
