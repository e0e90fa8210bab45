"""Every way to connect against listed answers: what is sent, kept, told and refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.accounts.helpers import API
from tests.unit.world import USER, Outcome, World, answer, said
from vimeo_toolkit import (
    AuthorizationFailed,
    ConfigurationError,
    Connection,
    InvalidInput,
    StoreBusy,
    StoreError,
    VimeoUnavailable,
)
from vimeo_toolkit.accounts import device
from vimeo_toolkit.accounts.activating import Asked, activate, emit_refused
from vimeo_toolkit.accounts.authorize import (
    STATE_SECONDS,
    authorization_link,
    checked_scopes,
    complete_authorization,
    offered_link,
)
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.exchanging import REPLAY_SECONDS
from vimeo_toolkit.accounts.importing import import_token
from vimeo_toolkit.accounts.keeping import PAUSES
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus, FormerToken
from vimeo_toolkit.accounts.oauth import Grant
from vimeo_toolkit.accounts.records import get_or_create_account
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, HttpResponse, NotSent
from vimeo_toolkit.secret import Secret

GRANT = {
    "access_token": "a-1",
    "refresh_token": "r-1",
    "expires_in": 60,
    "scope": "private edit",
    "user": {"uri": "/users/7", "name": "Ana"},
    "app": {"uri": "/apps/9"},
}
CONNECTED = Event(
    "account.connected", "vimeo", "u", None, {"status": "ACTIVE", "scopes": ["edit", "private"]}
)


def refused_event(by: str) -> Event:
    return Event("account.refused", "vimeo", "u", None, {"outcome": "authorization_failed", "by": by})


def loaded(ctx: Context, world: World) -> AccountRecord | None:
    return run_sync(ctx.vault.load(world, USER))


# ---- an authorization link and its callback ----


def begun(world: World, ctx: Context, **more: Any) -> dict[str, str]:
    link = run_sync(authorization_link(ctx, world, USER, **more))
    assert link.expires_at == datetime.fromtimestamp(world.time + STATE_SECONDS, UTC)
    return dict(parse_qsl(urlsplit(link.link).query))


def ended(world: World, ctx: Context, query: str, user: Identity = USER, path: str = "/cb") -> AccountRecord:
    return run_sync(complete_authorization(ctx, world, Secret(f"http://127.0.0.1{path}?{query}"), user))


def test_from_the_link_to_the_account() -> None:
    world = World(said(GRANT))
    ctx = world.context()
    query = begun(world, ctx, scopes=["edit", "private"])
    assert query["scope"] == "public private edit"
    assert {"code_challenge", "state"} <= query.keys()
    record = ended(world, ctx, f"state={query['state']}&code=c-1")
    assert record == loaded(ctx, world)
    assert record == AccountRecord(
        connection_name="vimeo",
        identifier="u",
        status=AccountStatus.ACTIVE,
        access_token=Secret("a-1"),
        refresh_token=Secret("r-1"),
        api_url=API,
        expires_at=world.time + 60,
        granted_scopes=("edit", "private"),
        requested_scopes=("public", "private", "edit"),
        vimeo_uri="/users/7",
        vimeo_name="Ana",
        app_uri="/apps/9",
        verified_at=world.time,
        created_at=world.time,
        updated_at=world.time,
        version=record.version,
    )
    body = json.loads(world.sent[0].content)
    assert (body["code"], len(body["code_verifier"])) == ("c-1", 43)
    assert world.events == [CONNECTED]


def test_scopes_that_the_answer_leaves_out_are_those_that_were_asked_for() -> None:
    world = World(said({"access_token": "a-1"}))
    ctx = world.context()
    state = begun(world, ctx, scopes=["edit"])["state"]
    assert ended(world, ctx, f"state={state}&code=c").granted_scopes == ("edit", "private", "public")


def test_without_pkce_no_verifier_is_sent() -> None:
    world = World(said(GRANT))
    app = Connection(client_id="i", client_secret="s", redirect_uri="http://127.0.0.1/cb", pkce=False)
    ctx = Context({"vimeo": app}, Vault(world.cipher), world.context().policy)
    query = begun(world, ctx)
    assert "code_challenge" not in query
    ended(world, ctx, f"state={query['state']}&code=c")
    assert "code_verifier" not in json.loads(world.sent[0].content)


def test_an_offered_link_makes_the_account_only_when_it_is_completed() -> None:
    world = World(said(GRANT))
    ctx = world.context()
    link = run_sync(offered_link(ctx, world, USER, scopes=["edit"]))
    query = dict(parse_qsl(urlsplit(link.link).query))
    assert query["scope"] == "public private edit"
    assert loaded(ctx, world) is None
    assert run_sync(offered_link(ctx, world, USER, scopes=["edit"])) == link
    assert run_sync(offered_link(ctx, world, USER)) != link
    assert ended(world, ctx, f"state={query['state']}&code=c").status is AccountStatus.ACTIVE


@pytest.mark.parametrize(
    ("query", "path", "user", "reason"),
    [
        ("code=c", "/cb", USER, "malformed"),
        ("state=other&code=c", "/cb", USER, "used"),
        ("state={state}&code=c", "/cb", Identity("vimeo", "v"), "other_user"),
        ("state={state}&code=c", "/other", USER, "malformed"),
        ("state={state}&error=access_denied", "/cb", USER, "denied"),
        ("state={state}&error=server_error", "/cb", USER, "refused"),
    ],
)
def test_a_callback_that_is_refused_sends_nothing(query: str, path: str, user: Identity, reason: str) -> None:
    world = World()
    ctx = world.context()
    state = begun(world, ctx)["state"]
    with pytest.raises(AuthorizationFailed) as caught:
        ended(world, ctx, query.format(state=state), user, path)
    assert (caught.value.reason, caught.value.identifier) == (reason, user.identifier)
    assert caught.value.connection_name == (None if query == "code=c" else "vimeo")
    assert caught.value.hint
    told = {"outcome": "authorization_failed", "by": "callback"}
    connection = "" if query == "code=c" else "vimeo"
    assert world.events == [Event("account.refused", connection, user.identifier, None, told)]
    if "{state}" in query:
        with pytest.raises(AuthorizationFailed) as again:
            ended(world, ctx, f"state={state}&code=c")
        assert again.value.reason == "used", "its state is used up whatever was wrong"


def test_a_link_of_an_account_that_is_gone_is_void() -> None:
    for replaced in (False, True):
        world = World()
        ctx = world.context()
        state = begun(world, ctx)["state"]
        record = loaded(ctx, world)
        assert record is not None
        assert run_sync(ctx.vault.remove(world, record))
        if replaced:
            world.time += 1
            run_sync(get_or_create_account(ctx, world, USER))
        with pytest.raises(AuthorizationFailed) as caught:
            ended(world, ctx, f"state={state}&code=c")
        assert caught.value.reason == "disconnected"


@pytest.mark.parametrize(
    ("outcomes", "error", "message"),
    [
        ([said({}, 401)], ConfigurationError, "client id and secret"),
        ([said({"error": "invalid_client"}, 400)], ConfigurationError, "client id and secret"),
        ([said({"error": "invalid_grant"}, 400)], AuthorizationFailed, r"the code \(invalid_grant\)"),
        ([said({}, 400)], AuthorizationFailed, r"the code \(status 400\)"),
        ([answer(400, b"<html>")], VimeoUnavailable, "nothing was changed"),
        ([said({})], AuthorizationFailed, "has no token"),
        ([AnswerLost("x"), said({"error": "invalid_grant"}, 400)], VimeoUnavailable, "nothing was changed"),
        ([AnswerLost("x"), AnswerLost("x")], VimeoUnavailable, "nothing was changed"),
        ([NotSent("x")] * 9, VimeoUnavailable, "nothing was changed"),
    ],
)
def test_what_the_exchange_of_a_code_ends_with(
    outcomes: list[Outcome], error: type[AuthorizationFailed], message: str
) -> None:
    world = World(*outcomes)
    ctx = world.context()
    state = begun(world, ctx)["state"]
    with pytest.raises(error, match=message) as caught:
        ended(world, ctx, f"state={state}&code=c")
    if isinstance(caught.value, AuthorizationFailed):
        assert (caught.value.connection_name, caught.value.reason) == ("vimeo", "refused")
    record = loaded(ctx, world)
    assert record is not None
    assert record.status is AccountStatus.PENDING


def test_a_code_whose_answer_was_lost_is_sent_once_more_within_ten_seconds() -> None:
    world = World(AnswerLost("x"), said(GRANT, 201))
    ctx = world.context()
    state = begun(world, ctx)["state"]
    assert ended(world, ctx, f"state={state}&code=c").access_token == Secret("a-1")
    assert world.sent[0] == world.sent[1]
    assert REPLAY_SECONDS == 10.0


def test_scopes_of_vimeo_and_no_others() -> None:
    assert checked_scopes("edit upload") == ["edit", "upload"]
    assert checked_scopes(("edit",)) == ("edit",)
    with pytest.raises(InvalidInput, match="named a, zz") as caught:
        checked_scopes(["zz", "edit", "a"])
    assert "upload, video_files" in caught.value.hint


def test_a_connection_that_cannot_make_links_says_so() -> None:
    world = World()
    ctx = Context({"vimeo": Connection(client_id="i")}, Vault(world.cipher), world.context().policy)
    with pytest.raises(ConfigurationError, match="'vimeo' cannot make authorization links"):
        run_sync(authorization_link(ctx, world, USER))


def test_an_offered_link_is_given_again_while_half_of_its_time_is_left() -> None:
    world = World()
    ctx = world.context()
    first = run_sync(offered_link(ctx, world, USER))
    world.time += STATE_SECONDS / 2 - 1
    assert run_sync(offered_link(ctx, world, USER)) == first
    world.time += 1
    assert run_sync(offered_link(ctx, world, USER)) != first


# ---- a token that is put into an account ----

TOKEN = Grant(Secret("a-2"), None, None, ("private",), "/users/7", "Ana", None)


def asked(record: AccountRecord, **more: Any) -> Asked:
    values = {"scopes": ("private",), "created_at": record.created_at, "allow_account_change": False}
    return Asked(USER, **{**values, **more})


def test_the_token_that_is_replaced_is_revoked_unless_it_is_the_same() -> None:
    world = World(answer(204, b""))
    ctx = world.context()
    before = world.account(ctx)
    after = run_sync(activate(ctx, world, asked(before), TOKEN))
    assert (after.access_token, after.former_tokens, after.refresh_token) == (Secret("a-2"), (), None)
    assert dict(world.sent[0].headers)["Authorization"] == "Bearer access-1"
    again = run_sync(activate(ctx, world, asked(before), TOKEN))
    assert again.former_tokens == ()
    assert len(world.sent) == 1


def test_what_was_said_of_the_account_before_is_past() -> None:
    world = World()
    ctx = world.context()
    was = {"reason": "why", "refreshing_since": 1.0, "spent": "digest", "deleting_since": 2.0}
    before = world.account(ctx, status=AccountStatus.EXPIRED, access_token=None, **was)
    after = run_sync(activate(ctx, world, asked(before), TOKEN))
    assert (after.reason, after.refreshing_since, after.spent, after.deleting_since) == (None,) * 4


@pytest.mark.parametrize("ours", [True, False])
def test_a_token_of_another_vimeo_user_is_not_taken(ours: bool) -> None:
    world = World(*([answer(204, b"")] if ours else []))
    ctx = world.context()
    before = world.account(ctx, vimeo_uri="/users/8", vimeo_name="Ben")
    with pytest.raises(AuthorizationFailed, match="'u' was connected as Ben, and this is Ana") as caught:
        run_sync(activate(ctx, world, asked(before), TOKEN, ours=ours))
    assert (caught.value.reason, caught.value.connection_name) == ("other_account", "vimeo")
    assert caught.value.identifier == "u"
    assert "allow_account_change=True" in caught.value.hint
    assert [request.method for request in world.sent] == (["DELETE"] if ours else [])
    nameless = before.replace(vimeo_name=None)
    run_sync(ctx.vault.update(world, USER, lambda _: nameless))
    grant = Grant(Secret("a-3"), None, None, None, "/users/7", None, None)
    with pytest.raises(AuthorizationFailed, match="connected as /users/8, and this is /users/7"):
        run_sync(activate(ctx, world, asked(before), grant, ours=False))


def test_another_vimeo_user_is_taken_where_that_is_allowed() -> None:
    world = World(answer(204, b""))
    ctx = world.context()
    before = world.account(ctx, vimeo_uri="/users/8")
    after = run_sync(activate(ctx, world, asked(before, allow_account_change=True), TOKEN))
    assert after.vimeo_uri == "/users/7"


def test_an_account_that_was_made_again_takes_no_token_of_the_one_before() -> None:
    world = World(answer(204, b""))
    ctx = world.context()
    before = world.account(ctx)
    with pytest.raises(AuthorizationFailed) as caught:
        run_sync(activate(ctx, world, asked(before, created_at=before.created_at - 1), TOKEN))
    assert (caught.value.reason, caught.value.hint) == ("disconnected", "Make a new authorization link.")
    assert dict(world.sent[0].headers)["Authorization"] == "Bearer a-2"


def test_an_account_that_is_gone_takes_no_token() -> None:
    world = World(answer(204, b""))
    with pytest.raises(AuthorizationFailed) as caught:
        run_sync(activate(world.context(), world, Asked(USER, ("private",), 1.0, False), TOKEN))
    assert caught.value.reason == "disconnected"
    assert dict(world.sent[0].headers)["Authorization"] == "Bearer a-2"


@pytest.mark.parametrize(("failures", "saved"), [(len(PAUSES), True), (len(PAUSES) + 1, False)])
def test_a_store_that_is_busy_is_asked_again(
    failures: int, saved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(*([] if saved else [answer(204, b"")]))
    ctx = world.context()
    before = world.account(ctx, access_token=None, status=AccountStatus.PENDING)
    real, left = Vault.save, [failures]

    async def busy(self: Vault, *args: Any, **more: Any) -> AccountRecord | None:
        if left[0]:
            left[0] -= 1
            raise StoreBusy("busy")
        return await real(self, *args, **more)

    monkeypatch.setattr(Vault, "save", busy)
    if saved:
        assert run_sync(activate(ctx, world, asked(before), TOKEN)).access_token == Secret("a-2")
        assert world.slept == list(PAUSES)
        return
    with pytest.raises(StoreBusy):
        run_sync(activate(ctx, world, asked(before), TOKEN))
    assert [request.method for request in world.sent] == ["DELETE"], "a token that nobody has is revoked"


def test_a_token_that_may_be_kept_is_not_revoked(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    ctx = world.context()
    before = world.account(ctx)

    async def broken(self: Vault, *args: Any, **more: Any) -> None:
        raise StoreError("broken")

    monkeypatch.setattr(Vault, "update", broken)
    monkeypatch.setattr(Vault, "load", broken)
    with pytest.raises(StoreError):
        run_sync(activate(ctx, world, asked(before), TOKEN))
    assert world.sent == []


def test_a_refusal_is_told_with_its_connection_where_that_is_known() -> None:
    world = World()
    run_sync(emit_refused(world, AuthorizationFailed("No.", connection_name="vimeo"), USER, "import"))
    run_sync(emit_refused(world, AuthorizationFailed("No."), USER, "device"))
    told = {"outcome": "authorization_failed", "by": "device"}
    assert world.events == [refused_event("import"), Event("account.refused", "", "u", None, told)]


# ---- a token of the developer's page ----


def imported(world: World, ctx: Context, text: str = "p-1", *, change: bool = False) -> AccountRecord:
    return run_sync(import_token(ctx, world, USER, Secret(text), allow_account_change=change))


def test_a_token_is_verified_and_kept_as_it_is() -> None:
    world = World(said({**GRANT, "access_token": "other", "refresh_token": "other"}))
    ctx = world.context()
    record = imported(world, ctx)
    assert (record.access_token, record.refresh_token, record.status) == (
        Secret("p-1"),
        None,
        AccountStatus.ACTIVE,
    )
    assert (record.vimeo_uri, record.vimeo_name, record.app_uri) == ("/users/7", "Ana", "/apps/9")
    assert (record.granted_scopes, record.requested_scopes) == (("edit", "private"), ("edit", "private"))
    assert record.expires_at == world.time + 60
    assert (world.sent[0].method, world.sent[0].url) == ("GET", f"{API}/oauth/verify")
    assert world.events == [CONNECTED]


def test_a_token_whose_scopes_are_not_said_has_those_of_the_connection() -> None:
    world = World(said({"user": {"uri": "/users/7"}}))
    ctx = world.context()
    assert imported(world, ctx).requested_scopes == tuple(ctx.connection("vimeo").scopes)


@pytest.mark.parametrize(
    ("outcome", "error", "message", "told"),
    [
        (said({}, 401), AuthorizationFailed, "does not accept this access token", True),
        (said({"app": {}}), VimeoUnavailable, "did not say", False),
        (answer(401, b"<html>"), VimeoUnavailable, "did not say", False),
        (said({"user": {}}), AuthorizationFailed, "belongs to no user", True),
    ],
)
def test_a_token_that_cannot_be_used_makes_no_account(
    outcome: HttpResponse, error: type[AuthorizationFailed], message: str, told: bool
) -> None:
    world = World(outcome)
    ctx = world.context()
    with pytest.raises(error, match=message) as caught:
        imported(world, ctx)
    if told:
        assert (caught.value.connection_name, caught.value.identifier) == ("vimeo", "u")
    assert world.events == ([refused_event("import")] if told else [])
    assert loaded(ctx, world) is None


def test_what_is_no_token_is_not_sent() -> None:
    world = World()
    with pytest.raises(InvalidInput):
        imported(world, world.context(), "a b")
    assert world.sent == []


def test_an_imported_token_of_another_vimeo_user_is_refused_and_not_revoked() -> None:
    world = World(said(GRANT), said(GRANT), answer(204, b""))
    ctx = world.context()
    world.account(ctx, vimeo_uri="/users/8")
    with pytest.raises(AuthorizationFailed) as caught:
        imported(world, ctx)
    assert caught.value.reason == "other_account"
    assert len(world.sent) == 1
    assert imported(world, ctx, change=True).vimeo_uri == "/users/7"


# ---- a device code ----

CODE = {"user_code": "ABC\n", "device_code": "d-1", "activate_link": "https://vimeo.com/a", "interval": 7}


def test_what_a_device_code_is_asked_for_and_shown() -> None:
    world = World(said({**CODE, "expires_in": 100}))
    ctx = world.context()
    code = run_sync(
        device.start_device_authorization(ctx, world, USER, scopes=["edit"], allow_account_change=True)
    )
    record = loaded(ctx, world)
    assert record is not None
    assert code == device.DeviceAuthorization(
        user_code="ABC",
        activate_link="https://vimeo.com/a",
        expires_at=datetime.fromtimestamp(world.time + 100, UTC),
        connection_name="vimeo",
        identifier="u",
        interval=7.0,
        device_code=Secret("d-1"),
        requested_scopes=("public", "private", "edit"),
        account_created_at=record.created_at,
        allow_account_change=True,
        ends=world.monotonic() + 100,
    )
    assert json.loads(world.sent[0].content) == {"grant_type": "device_grant", "scope": "public private edit"}


@pytest.mark.parametrize(
    ("told", "interval", "lasts"),
    [
        ({"interval": None}, device.INTERVAL, device.LIFETIME),
        ({"interval": 61, "expires_in": 3601}, 60.0, 3600.0),
        ({"interval": "2", "expires_in": "30"}, 2.0, 30.0),
    ],
)
def test_pace_and_end_within_reason(told: dict[str, Any], interval: float, lasts: float) -> None:
    world = World(said({**CODE, **told}))
    code = run_sync(device.start_device_authorization(world.context(), world, USER))
    assert (code.interval, code.ends - world.monotonic()) == (interval, lasts)
    assert not code.allow_account_change


def test_vimeo_is_asked_in_its_pace_and_slower_when_it_says_so() -> None:
    pending = said({"error": "authorization_pending"}, 400)
    slower = [said({"error": "slow_down"}, 400), said({}, 429)]
    world = World(said({**CODE, "expires_in": 600}), pending, *slower, AnswerLost("x"), said(GRANT))
    ctx = world.context()
    code = run_sync(device.start_device_authorization(ctx, world, USER))
    record = run_sync(device.complete_device_authorization(ctx, world, code))
    assert (record.access_token, record.requested_scopes) == (Secret("a-1"), ("public", "private"))
    assert world.slept == [7.0, 7.0, 12.0, 17.0, 17.0]
    assert json.loads(world.sent[-1].content) == {"user_code": "ABC", "device_code": "d-1"}
    assert world.events == [CONNECTED]


@pytest.mark.parametrize(
    ("error", "message"),
    [("access_denied", "declined"), ("expired_token", "too old"), ("invalid_grant", "too old")],
)
def test_a_device_code_that_brings_nothing(error: str, message: str) -> None:
    world = World(said(CODE), said({"error": error}, 400))
    ctx = world.context()
    code = run_sync(device.start_device_authorization(ctx, world, USER))
    with pytest.raises(AuthorizationFailed, match=message) as caught:
        run_sync(device.complete_device_authorization(ctx, world, code))
    assert (caught.value.connection_name, caught.value.identifier) == ("vimeo", "u")
    assert world.events == [refused_event("device")]


def test_nothing_is_asked_after_the_codes_end() -> None:
    world = World(said({**CODE, "expires_in": 14.0}), said({}, 400))
    ctx = world.context()
    code = run_sync(device.start_device_authorization(ctx, world, USER))
    with pytest.raises(AuthorizationFailed, match="too old"):
        run_sync(device.complete_device_authorization(ctx, world, code))
    assert world.slept == [7.0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({**CODE, "user_code": ""}, 200),
        ({**CODE, "user_code": 7}, 200),
        ({**CODE, "device_code": ""}, 200),
        ({**CODE, "activate_link": None}, 200),
        ({**CODE, "activate_link": "http://vimeo.com/a"}, 200),
        ({**CODE, "device_code": "d 1"}, 200),
        (CODE, 300),
        (CODE, 199),
    ],
)
def test_an_answer_without_a_usable_device_code(body: dict[str, Any], status: int) -> None:
    world = World(said(body, status))
    with pytest.raises(AuthorizationFailed) as caught:
        run_sync(device.start_device_authorization(world.context(), world, USER))
    assert caught.value.connection_name == "vimeo"


@pytest.mark.parametrize("app", [Connection(client_id="i"), Connection()])
def test_a_device_code_needs_the_apps_id_and_secret(app: Connection) -> None:
    world = World()
    ctx = Context({"vimeo": app}, Vault(world.cipher), world.context().policy)
    with pytest.raises(ConfigurationError, match="'vimeo' cannot ask for a device code"):
        run_sync(device.start_device_authorization(ctx, world, USER))


def test_a_token_that_is_not_taken_is_kept_until_it_is_revoked() -> None:
    world = World(answer(400))
    ctx = world.context()
    before = world.account(ctx, vimeo_uri="/users/8")
    with pytest.raises(AuthorizationFailed):
        run_sync(activate(ctx, world, asked(before), TOKEN))
    record = loaded(ctx, world)
    assert record is not None
    assert record.former_tokens == (FormerToken(Secret("a-2"), API),)
