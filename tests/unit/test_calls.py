"""The flow of a call, branch by branch, against scripted outcomes."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.examples import REMOTE, UPLOADS
from tests.unit.world import Outcome, World, answer, execute
from vimeo_toolkit import (
    BadRequest,
    Conflict,
    Expired,
    Forbidden,
    InvalidInput,
    MissingScope,
    NotConnected,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Revoked,
    ToolResult,
    UnexpectedResponse,
    UploadNotGranted,
    VimeoError,
    VimeoToolkitError,
    VimeoUnavailable,
)
from vimeo_toolkit.accounts.model import AccountStatus
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, NotSent, TooLarge
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.uploads.files import UploadOptions

Call = tuple[str, dict[str, Any]]

COMMENT: Call = ("vimeo_video_comment_add", {"video_id": "1", "text": "Hello"})
LIST: Call = ("vimeo_my_videos_list", {})
LIKE: Call = ("vimeo_video_like", {"video_id": "1"})
DELETE: Call = ("vimeo_video_delete", {"video_id": "1"})
EDIT: Call = ("vimeo_video_edit", {"video_id": "1", "name": "x"})
GRANT = json.dumps(
    {"scope": "public private", "user": {"uri": "/users/7"}, "app": {"uri": "/apps/9"}}
).encode()


def run(
    world: World, tool: str, arguments: dict[str, Any], account: dict[str, Any] | None = None, **policy: Any
) -> ToolResult:
    ctx = world.context(**policy)
    if account is not None or account is None:
        world.account(ctx, **(account or {}))
    return run_sync(execute(ctx, world, tool, arguments, files=UploadOptions(folders=(UPLOADS.resolve(),))))


def test_a_plain_call() -> None:
    world = World(
        answer(body=b'{"total":1,"page":1,"per_page":25,"paging":{"next":null},"data":[{"uri":"/videos/1"}]}')
    )
    result = run(world, *LIST)
    assert result["data"] == [{"uri": "/videos/1"}]
    assert result.pages is not None
    assert result.pages.next is None
    assert result.requests == 1
    request = world.sent[0]
    assert request.url.startswith("https://api.vimeo.com/me/videos?fields=uri,name,")
    assert dict(request.headers)["Authorization"] == "Bearer access-1"
    assert [event.name for event in world.events] == ["call.started", "call.finished"]


@pytest.mark.parametrize("tool", [LIST, LIKE, DELETE])
@pytest.mark.parametrize(
    "trouble", [answer(500), answer(502), answer(503), answer(504), AnswerLost(), NotSent()]
)
def test_what_is_safe_is_repeated(tool: Call, trouble: Outcome) -> None:
    world = World(trouble, trouble, answer())
    result = run(world, *tool)
    assert len(world.sent) == 3
    assert result.requests == 3
    assert len(world.slept) == 2


@pytest.mark.parametrize("tool", [COMMENT, EDIT])
@pytest.mark.parametrize("trouble", [answer(500), answer(502), answer(504), AnswerLost()])
def test_a_write_that_may_have_happened_is_not_repeated(tool: Call, trouble: Outcome) -> None:
    world = World(trouble)
    with pytest.raises(OutcomeUnknown, match="before you send it again"):
        run(world, *tool)
    assert len(world.sent) == 1


def test_a_write_that_vimeo_had_no_time_for_did_not_happen() -> None:
    world = World(answer(503, retry_after="7"))
    with pytest.raises(VimeoUnavailable) as caught:
        run(world, *COMMENT)
    assert not isinstance(caught.value, OutcomeUnknown)
    assert caught.value.retry_after == 7


def test_a_write_that_never_left_may_go_again() -> None:
    world = World(NotSent(), answer(201, b'{"uri":"/videos/1/comments/2"}'))
    assert run(world, *COMMENT)["uri"] == "/videos/1/comments/2"


def test_giving_up() -> None:
    world = World(*[answer(503)] * 4)
    with pytest.raises(VimeoUnavailable, match="503"):
        run(world, *LIST)
    assert len(world.sent) == 4


def test_the_deadline_holds() -> None:
    world = World(*[answer(503, retry_after="20")] * 4)
    with pytest.raises(VimeoUnavailable):
        run(world, *LIST, timeout=30.0)
    assert sum(world.slept) < 30
    assert len(world.sent) == 2


@pytest.mark.parametrize(
    ("status", "cls"),
    [
        (400, BadRequest),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (410, NotFound),
        (418, VimeoError),
    ],
)
def test_errors_by_class(status: int, cls: type[VimeoError]) -> None:
    body = {
        "error": "Something is wrong.",
        "error_code": 2204,
        "invalid_parameters": [{"field": "name", "error": "Too long"}],
    }
    world = World(answer(status, json.dumps(body).encode()))
    with pytest.raises(cls, match=r'says: "Something is wrong"\. Vimeo names: "name: Too long"\.') as caught:
        run(world, *LIST)
    assert caught.value.status == status
    assert caught.value.error_code == 2204
    assert caught.value.fields == ["name"]
    assert caught.value.hint


@pytest.mark.parametrize("status", [400, 403, 404, 409])
@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b'{"error":7}', b'{"error_code":"x","invalid_parameters":{}}', b'{"error":null}'],
)
def test_any_error_body_ends_in_a_typed_error(status: int, body: bytes) -> None:
    expected = {400: BadRequest, 403: Forbidden, 404: NotFound, 409: Conflict}[status]
    with pytest.raises(expected):
        run(World(answer(status, body)), *LIST)


@pytest.mark.parametrize("status", [400, 403, 404, 413, 451])
@pytest.mark.parametrize(
    "body",
    [
        b"<html><head><title>Access denied</title></head>",
        b"  <!doctype html>",
        b"not json",
        b"[]",
        b"7",
        b"\xff\xfe",
        b'{"message":"Forbidden"}',
    ],
)
@pytest.mark.parametrize(
    "tool", [("vimeo_video_get", {"video_id": "1"}), COMMENT, DELETE], ids=lambda t: t[0]
)
def test_what_is_not_vimeos_answer_is_no_verdict(tool: Call, body: bytes, status: int) -> None:
    """A firewall's page says nothing about the video: neither "check the id" nor "you may not"."""
    with pytest.raises(UnexpectedResponse, match="between you and Vimeo") as caught:
        run(World(answer(status, body)), *tool)
    assert caught.value.status == status
    assert "id" not in caught.value.hint.split()
    assert ("Access denied" in str(caught.value)) == (b"Access denied" in body)


@pytest.mark.parametrize(
    "response",
    [
        answer(200, b""),
        answer(200, b"<html>"),
        answer(200, b'{"data": [{"uri"'),
        answer(200, b'"text"'),
        answer(200, b"NaN"),
        answer(301, b"", location="https://elsewhere.example/"),
        answer(600, b"{}"),
        TooLarge(),
    ],
    ids=["empty", "html", "cut", "scalar", "nan", "redirect", "status", "large"],
)
def test_what_no_api_says(response: Outcome) -> None:
    world = World(response)
    with pytest.raises(UnexpectedResponse):
        run(world, *LIST)
    assert len(world.sent) == 1


def test_an_empty_answer_is_told_in_words() -> None:
    assert run(World(answer(204, b"")), *LIKE).data == {"success": True, "message": "The video is liked."}


def test_secrets_in_answers_are_taken_out() -> None:
    body = (
        b'{"uri":"/videos/1","password":"hunter2","privacy":{"password":"p"},'
        b'"x":[{"secret":"s","upload_link":"l"}]}'
    )
    result = run(World(answer(body=body)), "vimeo_video_get", {"video_id": "1"})
    assert "hunter2" not in str(result.data)
    assert result["password"] == result["privacy"]["password"] == result["x"][0]["secret"] == "[redacted]"


# ---- 401 ----


def test_a_revoked_token() -> None:
    world = World(answer(401), answer(401))
    with pytest.raises(Revoked):
        run(world, *LIST)
    assert [request.url.rpartition("/")[2] for request in world.sent][1] == "verify"
    assert [event.name for event in world.events][-2:] == ["account.revoked", "call.finished"]


def test_a_401_that_vimeo_takes_back() -> None:
    world = World(answer(401), answer(body=GRANT), answer(body=b'{"uri":"/users/7"}'))
    assert run(world, "vimeo_me_get", {})["uri"] == "/users/7"


def test_a_401_that_stays_although_the_token_is_good() -> None:
    world = World(answer(401), answer(body=GRANT), answer(401, b'{"error":"x","error_code":8002}'))
    with pytest.raises(VimeoError, match="8002"):
        run(world, "vimeo_me_get", {})
    assert len(world.sent) == 3


def test_a_post_is_not_sent_again_with_the_same_token() -> None:
    world = World(
        answer(401, b'{"error":"no"}'),
        answer(body=GRANT.replace(b"public private", b"public private interact")),
    )
    with pytest.raises(VimeoError, match="401"):
        run(world, *COMMENT)
    assert [request.method for request in world.sent] == ["POST", "GET"]


@pytest.mark.parametrize(
    "trouble", [answer(500), answer(429), AnswerLost(), NotSent(), answer(200, b"<html>"), answer(403)]
)
def test_an_outage_revokes_nobody(trouble: Outcome) -> None:
    world = World(answer(401), *[trouble] * 4)
    with pytest.raises(VimeoUnavailable):
        run(world, *LIST)
    loaded = run_sync(world.context().vault.load(world, Identity("vimeo", "u")))
    assert loaded is not None
    assert loaded.status is AccountStatus.ACTIVE
    assert not [event for event in world.events if event.name == "account.revoked"]


# ---- scopes ----

SCOPES = ("public", "private", "create", "edit", "delete", "interact", "upload")


def _deciding(needed: frozenset[str]) -> list[tuple[str, ...]]:
    """The subsets at which the outcome changes: what is needed, one less, one more, nothing, and the rest alone."""
    subsets: list[frozenset[str]] = [frozenset(), needed, frozenset(SCOPES), frozenset(SCOPES) - needed]
    for scope in needed:
        subsets += [needed - {scope}, frozenset(SCOPES) - {scope}]
    return sorted({tuple(sorted(each)) for each in subsets})


def _every(needed: frozenset[str]) -> list[tuple[str, ...]]:
    return [each for size in range(len(SCOPES) + 1) for each in itertools.combinations(SCOPES, size)]


@pytest.mark.parametrize("subsets", [_deciding, pytest.param(_every, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", [name for name in REMOTE if name != "vimeo_changes_undo"])
def test_every_tool_under_subsets_of_scopes(
    name: str, subsets: Callable[[frozenset[str]], list[tuple[str, ...]]]
) -> None:
    """Missing: nothing is sent and the scope is named. Granted: the request goes out.

    vimeo_changes_undo sends what its plan says: see `tests/changes`.
    """
    from tests.unit.inputs import minimal

    needed = frozenset(catalog()[name].validate(minimal(name)).needed_scopes())
    for granted in subsets(needed):
        world = World(*[answer()] * 3)
        if needed <= set(granted):
            # An upload goes on with what the first answer says, and this one says nothing.
            with contextlib.suppress(UnexpectedResponse, UploadNotGranted):
                run(world, name, minimal(name), {"granted_scopes": granted})
            assert world.sent
        else:
            with pytest.raises(MissingScope) as caught:
                run(world, name, minimal(name), {"granted_scopes": granted})
            assert world.sent == []
            assert set(caught.value.missing) == needed - set(granted)
            for scope in caught.value.missing:
                assert f'"{scope}"' in str(caught.value)
            assert name in str(caught.value)
            assert caught.value.authorization_link


def test_a_scope_that_vimeo_names() -> None:
    world = World(answer(403, b'{"error":"Your access token does not have the \\"edit\\" scope"}'))
    with pytest.raises(MissingScope, match='"edit"') as caught:
        run(world, *LIKE)
    assert not isinstance(caught.value, UploadNotGranted)


def test_upload_access_that_vimeo_denies() -> None:
    world = World(answer(403, b'{"error":"Your access token does not have the \\"upload\\" scope"}'))
    with pytest.raises(UploadNotGranted, match="granted to an app separately"):
        run(world, *LIKE)


# ---- accounts ----


def test_accounts_that_cannot_be_used() -> None:
    cases: list[tuple[AccountStatus, type[VimeoToolkitError]]] = [
        (AccountStatus.PENDING, NotConnected),
        (AccountStatus.EXPIRED, Expired),
        (AccountStatus.REVOKED, Revoked),
    ]
    for status, cls in cases:
        world = World()
        with pytest.raises(cls) as caught:
            run(world, *LIST, {"status": status, "access_token": None})
        assert world.sent == []
        assert "https://api.vimeo.com/oauth/authorize" in str(caught.value.to_dict()["authorization_link"])


def test_another_caller_has_renewed_the_token() -> None:
    """A 401 for a token that is no longer the stored one does not make anything be verified again."""
    world = World()
    ctx = world.context()
    world.account(ctx)

    def renewed_meanwhile(_: Any) -> Any:
        current = run_sync(ctx.vault.load(world, Identity("vimeo", "u")))
        assert current is not None
        run_sync(ctx.vault.save(world, current.replace(access_token=Secret("access-2"))))
        return answer(401)

    world.outcomes = [renewed_meanwhile, answer(201, b'{"uri":"/x"}')]
    run_sync(execute(ctx, world, COMMENT[0], COMMENT[1]))
    assert [dict(request.headers)["Authorization"] for request in world.sent] == [
        "Bearer access-1",
        "Bearer access-2",
    ]


# ---- limits ----


def _limits(remaining: int, reset_in: float = 10.0) -> dict[str, Any]:
    from datetime import UTC, datetime

    reset = datetime.fromtimestamp(1_800_000_000.0 + reset_in, UTC).isoformat()
    return {"x_ratelimit_limit": "50", "x_ratelimit_remaining": str(remaining), "x_ratelimit_reset": reset}


def test_a_429_waits_for_the_reset() -> None:
    world = World(answer(429, b"{}", **_limits(0)), answer())
    run(world, *LIST)
    assert 10.0 <= sum(world.slept) < 11.5  # whole seconds are cut off in the header


def test_a_429_that_would_take_too_long() -> None:
    world = World(answer(429, b"{}", **_limits(0, 40.0)))
    with pytest.raises(RateLimited) as caught:
        run(world, *LIST)
    assert 40 <= caught.value.retry_after <= 41
    assert caught.value.status == 429


def test_a_429_without_headers_is_waited_out() -> None:
    world = World(answer(429, b""), answer())
    run(world, *LIST)
    assert sum(world.slept) >= 5.0


def test_a_429_does_not_send_a_post_again() -> None:
    world = World(answer(429, b"", retry_after="1"))
    with pytest.raises(RateLimited):
        run(world, *COMMENT)
    assert len(world.sent) == 1


def test_an_empty_budget_is_not_spent() -> None:
    world = World(answer(**_limits(0)), answer(**_limits(49, 70.0)))
    ctx, quota = world.context(), Quota(world.cipher, kept=False)
    world.account(ctx)
    run_sync(execute(ctx, world, LIST[0], {}, quota=quota))
    assert world.slept == []
    run_sync(execute(ctx, world, LIST[0], {}, quota=quota))
    assert sum(world.slept) >= 10.0
    assert len(world.sent) == 2


# ---- tools that are more than one request ----


def test_webhooks_one_a_type() -> None:
    echo = lambda request: answer(201, request.content)  # noqa: E731
    world = World(echo, echo, echo)
    types = ["video.upload.complete", "video.transcode.complete", "video.privacy.change"]
    result = run(world, "vimeo_webhook_create", {"url": "https://a.example/x", "event_types": types})
    assert [json.loads(request.content)["webhook_type"] for request in world.sent] == [
        "video-created",
        "video-transcode-complete",
        "video-updated",
    ]
    assert all(json.loads(request.content)["is_enabled"] is True for request in world.sent)
    assert len(result["data"]) == 3
    assert len(result.notes) == 2


def test_webhooks_that_fail_halfway_are_told() -> None:
    world = World(answer(201, b'{"uri":"/apps/9/webhooks/1"}'), answer(400, b'{"error":"Duplicate"}'))
    types = ["video-created", "video-deleted"]
    result = run(world, "vimeo_webhook_create", {"url": "https://a.example/x", "event_types": types})
    assert result["total"] == 1
    assert result["errors"][0]["webhook_type"] == "video-deleted"
    assert "Duplicate" in result["errors"][0]["message"]


def test_webhooks_of_an_ordinary_app_are_explained() -> None:
    world = World(answer(403, b'{"error":"no"}'))
    with pytest.raises(Forbidden, match="webhook capability"):
        run(world, "vimeo_webhooks_list", {})


def test_webhooks_find_their_app_when_it_is_not_known() -> None:
    world = World(answer(body=GRANT), answer(body=b'{"data":[]}'))
    run(world, "vimeo_webhooks_list", {}, {"app_uri": None})
    assert world.sent[0].url.endswith("/oauth/verify")
    assert "/apps/9/webhooks" in world.sent[1].url


def test_an_event_that_vimeo_does_not_have() -> None:
    with pytest.raises(InvalidInput, match="video-transcode-complete") as caught:
        run(
            World(),
            "vimeo_webhook_create",
            {"url": "https://a.example", "event_types": ["video.comment.created"]},
        )
    assert caught.value.problems[0]["field"] == "event_types.0"


@pytest.mark.parametrize(
    ("filter", "path"),
    [("featured", "/channels?"), ("moderated", "/me/channels?"), ("subscribed", "/me/channels?")],
)
def test_channels_have_two_addresses(filter: str, path: str) -> None:  # noqa: A002
    world = World(answer(body=b'{"data":[]}'))
    run(world, "vimeo_channels_list", {"filter": filter})
    assert world.sent[0].url.startswith("https://api.vimeo.com" + path)
    assert ("filter=subscribed" in world.sent[0].url) is False


def test_inputs_that_the_endpoint_does_not_have() -> None:
    for tool, arguments in (
        ("vimeo_liked_videos_list", {"direction": "asc"}),
        ("vimeo_folder_videos_list", {"folder_id": "1", "filter": "live"}),
    ):
        world = World(answer(body=b'{"data":[]}'))
        result = run(world, tool, arguments)
        assert "direction" not in world.sent[0].url
        assert "filter" not in world.sent[0].url
        assert len(result.notes) == 1
        assert result.notes[0] in result.for_model()["notes"]


def test_a_folder_in_a_folder() -> None:
    for given, sent in (("5", "/users/7/projects/5"), ("/users/8/projects/5", "/users/8/projects/5")):
        world = World(answer(201, b'{"uri":"/x"}'))
        run(world, "vimeo_folder_create", {"name": "a", "parent_folder_uri": given})
        assert json.loads(world.sent[0].content) == {"name": "a", "parent_folder_uri": sent}


def test_an_edit_changes_only_what_is_given() -> None:
    world = World(answer())
    arguments = {
        "video_id": "1",
        "name": "New",
        "description": "",
        "privacy_view": "anybody",
        "privacy_embed": "public",
        "privacy_download": False,
        "content_rating": "violence, language",
        "license": None,
    }
    run(world, "vimeo_video_edit", arguments)
    assert json.loads(world.sent[0].content) == {
        "name": "New",
        "description": "",
        "privacy": {"view": "anybody", "embed": "public", "download": False},
        "content_rating": ["violence", "language"],
    }
