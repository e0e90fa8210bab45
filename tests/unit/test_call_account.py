"""What the account lets a call do: links for who is not connected, scopes, what a 401 ends."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.calling import COMMENT, DELETE, LIKE, ME, UPLOAD, VIDEO, event, state
from tests.unit.world import USER, World, answer, execute, run, said
from vimeo_toolkit import (
    AccountError,
    Expired,
    Forbidden,
    MissingScope,
    NotConnected,
    Revoked,
    UploadNotGranted,
)
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountStatus
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.calls.refusals import missing_scope
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, HttpResponse
from vimeo_toolkit.secret import Secret


@pytest.mark.parametrize(
    ("account", "error", "message"),
    [
        (None, NotConnected, "has not connected"),
        ({"status": AccountStatus.PENDING}, NotConnected, "has not connected"),
        ({"status": AccountStatus.EXPIRED, "reason": "It ended."}, Expired, "has expired. It ended."),
        ({"status": AccountStatus.REVOKED, "reason": None}, Revoked, "was revoked."),
    ],
)
def test_an_account_that_cannot_be_used_gets_a_link(
    account: dict[str, Any] | None, error: type[NotConnected], message: str
) -> None:
    world = World()
    ctx = world.context()
    if account is not None:
        world.account(ctx, access_token=None, **account)
    with pytest.raises(error) as caught:
        run_sync(execute(ctx, world, ME))
    assert caught.value.message.endswith(message) or message in caught.value.message
    assert caught.value.message == caught.value.message.strip()
    assert (caught.value.connection_name, caught.value.identifier) == ("vimeo", "u")
    assert caught.value.authorization_link is not None
    assert caught.value.hint.startswith("Ask the user to open")
    data = world.events[-1].data
    assert (data["requests"], data["status"], data["outcome"]) == (0, None, caught.value.code)


def test_a_connection_that_makes_no_links_asks_for_a_token() -> None:
    world = World()
    ctx = Context({"vimeo": Connection()}, Vault(world.cipher), world.context().policy)
    with pytest.raises(NotConnected) as caught:
        run_sync(execute(ctx, world, ME))
    assert caught.value.authorization_link is None
    assert "import_token" in caught.value.hint
    world.account(ctx, granted_scopes=("public",))
    with pytest.raises(MissingScope) as missing:
        run_sync(execute(ctx, world, DELETE, VIDEO))
    assert missing.value.authorization_link is None
    assert "make a new access token" in missing.value.hint


@pytest.mark.parametrize(
    ("tool", "given", "error", "missing"),
    [
        (DELETE, VIDEO, MissingScope, {"delete"}),
        (UPLOAD, {"file_link": "https://example.com/a.mp4"}, UploadNotGranted, {"upload"}),
    ],
)
def test_a_missing_scope_is_said_before_anything_is_sent(
    tool: str, given: dict[str, Any], error: type[MissingScope], missing: set[str]
) -> None:
    world = World()
    ctx = world.context()
    world.account(ctx, granted_scopes=("public", "private"))
    with pytest.raises(error) as caught:
        run_sync(execute(ctx, world, tool, given))
    assert type(caught.value) is error
    assert missing <= set(caught.value.needed)
    assert set(caught.value.granted) == {"public", "private"}
    assert (caught.value.tool, caught.value.identifier) == (tool, "u")
    assert caught.value.connection_name == "vimeo"
    assert caught.value.message.startswith("The user's token lacks the ")
    assert caught.value.message.endswith("Nothing was sent.")
    assert caught.value.authorization_link is not None
    assert "open the authorization link" in caught.value.hint
    assert ("Upload access is granted" in caught.value.hint) is (error is UploadNotGranted)


def test_a_scope_that_vimeo_says_is_missing() -> None:
    world = World(said({"error": 'Your token does not have the "stats" scope.'}, 403))
    ctx = world.context()
    world.account(ctx)
    with pytest.raises(MissingScope) as caught:
        run_sync(execute(ctx, world, ME))
    assert caught.value.message.startswith('Vimeo says that the user\'s token lacks the "stats" scope')
    assert "Nothing was sent" not in caught.value.message
    assert caught.value.needed == ["stats"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("You are not allowed to upload videos.", UploadNotGranted),
        ("Unable to upload.", UploadNotGranted),
        ("You can't upload.", UploadNotGranted),
        ("This user cannot upload.", UploadNotGranted),
        ("No uploading here.", Forbidden),
    ],
)
def test_uploads_that_vimeo_denies(text: str, error: type[Forbidden]) -> None:
    tool = UPLOAD
    world = World(said({"error": text}, 403))
    ctx = world.context()
    world.account(ctx)
    with pytest.raises(error) as caught:
        run_sync(execute(ctx, world, tool, {"file_link": "https://example.com/a.mp4", "name": "n"}))
    assert type(caught.value) is error
    if isinstance(caught.value, UploadNotGranted):
        assert (caught.value.needed, caught.value.tool) == (["upload"], tool)
        assert caught.value.authorization_link is None
        assert (caught.value.connection_name, caught.value.identifier) == ("vimeo", "u")
        assert "upload" in caught.value.granted


def test_another_vimeo_account_under_the_call_ends_it() -> None:
    world = World()
    ctx = world.context()
    used = world.account(ctx)

    def reconnected(request: object) -> HttpResponse:
        run_sync(
            ctx.vault.update(
                world, USER, lambda now: now.replace(vimeo_uri="/users/8", access_token=Secret("b"))
            )
        )
        return answer(401, b"{}")

    world.outcomes = [reconnected]
    with pytest.raises(NotConnected, match="Another Vimeo account") as caught:
        run_sync(execute(ctx, world, ME))
    assert (caught.value.connection_name, caught.value.identifier) == ("vimeo", "u")
    assert caught.value.authorization_link is None
    assert used.vimeo_uri == "/users/7"


@pytest.mark.parametrize(
    ("tool", "given", "again"), [(ME, None, True), (COMMENT, {**VIDEO, "text": "t"}, False)]
)
def test_a_401_of_a_good_token_is_sent_again_where_that_is_safe(tool: str, given: Any, again: bool) -> None:
    good = said({"scope": "private interact public", "user": {"uri": "/users/7"}, "app": {"uri": "/apps/9"}})
    world = World(answer(401, b"{}"), good, *([said({"uri": "/users/7"})] if again else []))
    if again:
        result = run(world, tool, given)
        assert result.requests == 2
        assert event("call.retried", tool, attempt=1, cause="status 401", remaining=None) in world.events
    else:
        with pytest.raises(Exception, match="401"):
            run(world, tool, given)


def test_an_account_that_ended_after_a_lost_answer_says_what_may_have_been_done() -> None:
    world = World(AnswerLost("x"), answer(401, b"{}"), answer(401, b"{}"))
    with pytest.raises(Revoked) as caught:
        run(world, LIKE, VIDEO)
    assert "may" in caught.value.hint
    assert caught.value.partly_done


def test_an_account_that_ended_at_the_first_request_says_that_nothing_was_done() -> None:
    """Then the call can be made again once the user has connected anew."""
    lacking = answer(403, b'{"error": "Your access token does not have the \\"interact\\" scope"}')
    for outcomes, code in ([answer(401), answer(401)], "revoked"), ([lacking], "missing_scope"):
        with pytest.raises(AccountError) as caught:
            run(World(*outcomes), LIKE, VIDEO)
        assert caught.value.code == code
        assert "partly_done" not in caught.value.to_dict()


def test_several_missing_scopes_are_named() -> None:
    world = World(said({"error": 'It lacks the "stats" scope, and it lacks the "email" scope.'}, 403))
    call = state(world, world.context())
    error = run_sync(missing_scope(call, frozenset({"stats", "edit"}), sent=False))
    assert 'the "edit", "stats" scopes that' in error.message
    assert 'the "edit", "stats" scopes: ' in error.hint
