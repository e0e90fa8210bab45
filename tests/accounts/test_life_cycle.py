"""Connecting, reconnecting and disconnecting users, over real HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import httpx
import pytest

from tests.conftest import ALL_SCOPES, Connect
from tests.waiting import hurry
from vimeo_toolkit import (
    AccountStatus,
    AuthorizationFailed,
    ConfigurationError,
    Connection,
    InvalidInput,
    NotConnected,
    Revoked,
    VimeoToolkit,
    VimeoUnavailable,
)
from vimeo_toolkit.sandbox import Sandbox


def _query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def _with_query(url: str, **changes: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode({**_query(url), **changes})))


def test_the_whole_way(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    account = toolkit.get_or_create_connected_account(connection_name="vimeo", identifier="u")
    assert account.status is AccountStatus.PENDING
    assert toolkit.get_or_create_connected_account(connection_name="vimeo", identifier="u") == account
    link = toolkit.get_authorization_link(connection_name="vimeo", identifier="u").link
    account = toolkit.complete_authorization(vimeo.authorize(link), identifier="u")
    assert account.status is AccountStatus.ACTIVE
    assert account.vimeo_uri == vimeo.user.uri
    assert account.vimeo_name == vimeo.user.name
    assert account.granted_scopes == set(ALL_SCOPES)
    assert account.missing_scopes == set()
    assert toolkit.get_connected_account("vimeo", identifier="u") == account
    assert toolkit.list_connected_accounts() == [account]


async def test_the_whole_way_async(vimeo: Sandbox, connection: Connection) -> None:
    async with VimeoToolkit([connection], store="sqlite:///:memory:") as toolkit:
        account = await toolkit.aget_or_create_connected_account(identifier="u")
        assert account.status is AccountStatus.PENDING
        link = (await toolkit.aget_authorization_link(identifier="u")).link
        account = await toolkit.acomplete_authorization(vimeo.authorize(link), identifier="u")
        assert account.status is AccountStatus.ACTIVE
        assert await toolkit.aget_connected_account(identifier="u") == account
        assert await toolkit.alist_connected_accounts("vimeo") == [account]
        assert [tool.name for tool in await toolkit.atools(toolsets=["webhooks"])]
        me = await toolkit.aexecute_tool(identifier="u", tool_name="vimeo_me_get")
        assert me["name"] == vimeo.user.name
        assert await toolkit.adelete_connected_account(identifier="u")
        with pytest.raises(NotConnected):
            await toolkit.aget_connected_account(identifier="u")
        token = vimeo.issue_token().access_token
        assert (await toolkit.aimport_token(identifier="u", access_token=token)).status == "ACTIVE"


def test_the_link_asks_for_what_it_should(toolkit: VimeoToolkit, connection: Connection) -> None:
    asked = _query(toolkit.get_authorization_link(identifier="u", scopes=["video_files"]).link)
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == connection.redirect_uri
    assert set(asked["scope"].split(" ")) == {*ALL_SCOPES, "video_files"}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["state"]) == 43
    again = _query(toolkit.get_authorization_link(identifier="u").link)
    assert again["state"] != asked["state"]


def test_pkce_can_be_switched_off(vimeo: Sandbox, connection: Connection) -> None:
    from dataclasses import replace

    with VimeoToolkit([replace(connection, pkce=False)], store="sqlite:///:memory:") as toolkit:
        link = toolkit.get_authorization_link(identifier="u").link
        assert "code_challenge" not in _query(link)
        assert toolkit.complete_authorization(vimeo.authorize(link), identifier="u").status == "ACTIVE"


def test_a_shortfall_of_scopes_is_visible(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    link = toolkit.get_authorization_link(identifier="u").link
    callback = vimeo.authorize(link, scopes=["public", "private", "edit"])
    account = toolkit.complete_authorization(callback, identifier="u")
    assert account.granted_scopes == {"public", "private", "edit"}
    assert account.missing_scopes == set(ALL_SCOPES) - account.granted_scopes
    assert account.to_dict()["missing_scopes"] == sorted(account.missing_scopes)


def test_another_identifier_cannot_complete(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    """An attacker sends a victim their own link: the victim's Vimeo must not end in the attacker's account."""
    link = toolkit.get_authorization_link(identifier="attacker").link
    callback = vimeo.authorize(link)
    with pytest.raises(AuthorizationFailed, match="another user"):
        toolkit.complete_authorization(callback, identifier="victim")
    assert toolkit.get_connected_account(identifier="attacker").status is AccountStatus.PENDING
    with pytest.raises(AuthorizationFailed):  # and the state is used up
        toolkit.complete_authorization(callback, identifier="attacker")
    assert vimeo.token_calls == 0


def test_a_callback_works_once(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    callback = vimeo.authorize(toolkit.get_authorization_link(identifier="u").link)
    toolkit.complete_authorization(callback, identifier="u")
    with pytest.raises(AuthorizationFailed, match="used already"):
        toolkit.complete_authorization(callback, identifier="u")
    assert vimeo.token_calls == 1
    assert toolkit.get_connected_account(identifier="u").status is AccountStatus.ACTIVE


@pytest.mark.parametrize(
    "spoil",
    [
        lambda url: _with_query(url, state="x" * 43),
        lambda url: _with_query(url, state=""),
        lambda url: _with_query(url, code=""),
        lambda url: url + "&state=" + _query(url)["state"],
        lambda url: url + "&code=other",
        lambda url: url.split("?")[0],
        lambda url: "",
        lambda url: "not a url",
        lambda url: url.replace("/callback", "/elsewhere"),
    ],
    ids=["forged", "no-state", "no-code", "two-states", "two-codes", "no-query", "empty", "text", "path"],
)
def test_bad_callbacks(spoil: Callable[[str], str], vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    callback = vimeo.authorize(toolkit.get_authorization_link(identifier="u").link)
    with pytest.raises(AuthorizationFailed) as caught:
        toolkit.complete_authorization(spoil(callback), identifier="u")
    assert caught.value.hint
    assert vimeo.token_calls == 0
    assert toolkit.get_connected_account(identifier="u").status is AccountStatus.PENDING


def test_a_wrong_code_is_refused(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    callback = vimeo.authorize(toolkit.get_authorization_link(identifier="u").link)
    with pytest.raises(AuthorizationFailed, match="invalid_request"):
        toolkit.complete_authorization(_with_query(callback, code="0" * 32), identifier="u")
    assert toolkit.get_connected_account(identifier="u").status is AccountStatus.PENDING


def test_the_user_declines(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    callback = vimeo.authorize(toolkit.get_authorization_link(identifier="u").link, allow=False)
    with pytest.raises(AuthorizationFailed, match="declined"):
        toolkit.complete_authorization(callback, identifier="u")


def test_an_old_link_is_refused(
    vimeo: Sandbox, toolkit: VimeoToolkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    callback = vimeo.authorize(toolkit.get_authorization_link(identifier="u").link)
    real = time.time  # the store's clock
    monkeypatch.setattr(time, "time", lambda: real() + 601)
    with pytest.raises(AuthorizationFailed, match="too old"):
        toolkit.complete_authorization(callback, identifier="u")


def test_a_wrong_client_secret_is_the_operators_problem(vimeo: Sandbox, connection: Connection) -> None:
    from dataclasses import replace

    wrong = replace(connection, client_secret="wrong")
    with VimeoToolkit([wrong], store="sqlite:///:memory:") as toolkit:
        callback = vimeo.authorize(toolkit.get_authorization_link(identifier="u").link)
        with pytest.raises(ConfigurationError, match="client id and secret"):
            toolkit.complete_authorization(callback, identifier="u")


def test_reconnecting_as_somebody_else_needs_consent(
    vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    other = vimeo.add_user("Somebody Else")
    connect("u")
    callback = vimeo.authorize(toolkit.get_authorization_link(identifier="u").link, user=other)
    with pytest.raises(AuthorizationFailed, match="different Vimeo account") as caught:
        toolkit.complete_authorization(callback, identifier="u")
    assert "allow_account_change" in caught.value.hint
    assert toolkit.get_connected_account(identifier="u").vimeo_uri == vimeo.user.uri
    # What was not taken is not left lying at Vimeo either.
    assert [token.revoked for token in vimeo.world.tokens.values() if token.user is other] == [True]

    link = toolkit.get_authorization_link(identifier="u", allow_account_change=True).link
    account = toolkit.complete_authorization(vimeo.authorize(link, user=other), identifier="u")
    assert account.vimeo_uri == other.uri


def test_disconnecting_revokes_at_vimeo(vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect) -> None:
    connect("u")
    assert toolkit.delete_connected_account(identifier="u")
    assert [token.revoked for token in vimeo.world.tokens.values()] == [True]
    assert not toolkit.delete_connected_account(identifier="u")
    with pytest.raises(NotConnected):
        toolkit.get_connected_account(identifier="u")


@pytest.mark.parametrize("blocking", [True, False])
async def test_a_process_forgets_a_user_who_is_disconnected(
    toolkit: VimeoToolkit, connect: Connect, blocking: bool
) -> None:
    for who in (connect("gone"), connect("stays")):
        toolkit.execute_tool(identifier=who, tool_name="vimeo_me_get")
    if blocking:
        toolkit.delete_connected_account(identifier="gone")
    else:
        await toolkit.adelete_connected_account(identifier="gone")
        await toolkit.aclose()
    remembered = toolkit._engine.quota.budgets._users
    assert [owner.identity.identifier for owner in remembered] == ["stays"]


def test_disconnecting_without_vimeo_keeps_the_account(
    vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    connect("u")
    hurry(toolkit)
    vimeo.stop()
    with pytest.raises(VimeoUnavailable):
        toolkit.delete_connected_account(identifier="u")
    assert toolkit.get_connected_account(identifier="u").status is AccountStatus.ACTIVE
    assert toolkit.delete_connected_account(identifier="u", revoke=False)


def test_a_link_made_before_disconnecting_brings_nothing_back(
    vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    connect("u")
    callback = vimeo.authorize(toolkit.get_authorization_link(identifier="u").link)
    toolkit.delete_connected_account(identifier="u")
    before = vimeo.token_calls
    with pytest.raises(AuthorizationFailed, match="unknown"):
        toolkit.complete_authorization(callback, identifier="u")
    assert vimeo.token_calls == before
    assert toolkit.list_connected_accounts() == []
    assert all(token.revoked for token in vimeo.world.tokens.values())


def test_a_personal_token(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    token = vimeo.issue_token(scopes=["public", "private"])
    account = toolkit.import_token(connection_name="vimeo", identifier="me", access_token=token.access_token)
    assert account.status is AccountStatus.ACTIVE
    assert account.granted_scopes == {"public", "private"}
    assert toolkit.execute_tool(identifier="me", tool_name="vimeo_me_get")["uri"] == vimeo.user.uri


@pytest.mark.parametrize("text", ["", "has space", "tab\t", "new\nline", "é", "x" * 5000])
def test_no_token_at_all(text: str, vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    with pytest.raises(InvalidInput):
        toolkit.import_token(identifier="me", access_token=text)
    assert vimeo.requests == []


def test_a_personal_token_that_vimeo_refuses(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    with pytest.raises(AuthorizationFailed, match="does not accept"):
        toolkit.import_token(identifier="me", access_token="0" * 32)
    basic = httpx.BasicAuth(vimeo.app.client_id, vimeo.app.client_secret)
    app_only = httpx.post(
        f"{vimeo.url}/oauth/authorize/client", auth=basic, json={"grant_type": "client_credentials"}
    ).json()["access_token"]
    with pytest.raises(AuthorizationFailed, match="belongs to no user"):
        toolkit.import_token(identifier="me", access_token=app_only)
    assert toolkit.list_connected_accounts() == []


def test_a_personal_token_without_an_app(vimeo: Sandbox) -> None:
    with VimeoToolkit([Connection(api_url=vimeo.url)], store="sqlite:///:memory:") as toolkit:
        with pytest.raises(ConfigurationError, match="authorization links"):
            toolkit.get_authorization_link(identifier="me")
        with pytest.raises(NotConnected, match="has not connected") as caught:
            toolkit.execute_tool(identifier="me", tool_name="vimeo_me_get")
        assert caught.value.authorization_link is None
        assert "import_token" in caught.value.hint


def test_a_revoked_token_is_noticed_at_the_next_call(
    vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    connect("u")
    vimeo.revoke_all(vimeo.user)
    with pytest.raises(Revoked) as caught:
        toolkit.execute_tool(identifier="u", tool_name="vimeo_my_videos_list")
    assert caught.value.authorization_link is not None
    account = toolkit.get_connected_account(identifier="u")
    assert account.status is AccountStatus.REVOKED
    vimeo.requests.clear()
    with pytest.raises(Revoked):
        toolkit.execute_tool(identifier="u", tool_name="vimeo_my_videos_list")
    assert vimeo.requests == []
    connect("u")
    assert toolkit.get_connected_account(identifier="u").status is AccountStatus.ACTIVE


@pytest.mark.parametrize("identifier", ["", "   ", "x" * 513, "\ud800"])
def test_no_identifier_at_all(identifier: str, toolkit: VimeoToolkit) -> None:
    for method in (
        toolkit.get_or_create_connected_account,
        toolkit.get_authorization_link,
        toolkit.get_connected_account,
        toolkit.delete_connected_account,
    ):
        with pytest.raises(InvalidInput):
            method(identifier=identifier)


def test_a_call_for_nobody_leaves_no_trace(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    with pytest.raises(NotConnected) as caught:
        toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")
    assert toolkit.list_connected_accounts() == []
    callback = vimeo.authorize(str(caught.value.authorization_link))
    assert toolkit.complete_authorization(callback, identifier="u").status is AccountStatus.ACTIVE


def test_an_unknown_connection(toolkit: VimeoToolkit) -> None:
    with pytest.raises(ConfigurationError, match="'vimeo'"):
        toolkit.execute_tool(connection_name="viemo", identifier="u", tool_name="vimeo_me_get")


def test_two_users_never_meet(vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect) -> None:
    ana = vimeo.add_user("Ana", plan="free", videos=3)
    ben = vimeo.add_user("Ben", plan="enterprise", videos=5)
    connect("ana", user=ana)
    connect("ben", user=ben, scopes=["public", "private"])
    for _ in range(3):
        for identifier, user in (("ana", ana), ("ben", ben)):
            videos = toolkit.execute_tool(identifier=identifier, tool_name="vimeo_my_videos_list")
            assert {video["uri"] for video in videos["data"]} == {video.uri for video in user.videos}
            me = toolkit.execute_tool(identifier=identifier, tool_name="vimeo_me_get")
            assert me["name"] == user.name
            assert me.rate_limit.limit == {"free": 50, "enterprise": 5000}[user.plan]
    assert "edit" in toolkit.get_connected_account(identifier="ana").granted_scopes
    assert "edit" not in toolkit.get_connected_account(identifier="ben").granted_scopes
